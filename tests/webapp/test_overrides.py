"""Overrides and answers to requests: points with a reason, taken back, told, written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from grader.verdict import Status
from webapp.models import (
    Assignment,
    Audit,
    Database,
    ItemStanding,
    Mark,
    Notice,
    Purpose,
    RegradeRequest,
)


@pytest.fixture
def sent(world: Any) -> Any:
    """A submission that got 6 of 10."""
    sent = world.send()
    world.judge(share=0.6)
    return sent


def give(client: Any, submission_id: int, points: str = "8", reason: str = "The idea is <b>right</b>.") -> Any:
    return client.post(f"/teach/submissions/{submission_id}/override", data={"points": points, "reason": reason})


def mark(database: Database, submission_id: int) -> tuple[float, str, str]:
    with database.reading() as session:
        found = session.get_one(Mark, submission_id)
        return found.score, found.status, found.source


def test_an_override_counts_is_told_and_can_be_taken_back(
    world: Any, sent: Any, client_of: Callable[..., Any], database: Database
) -> None:
    assistant = client_of("assistant")
    assert give(assistant, sent.submission_id).status_code == 303
    assert give(assistant, sent.submission_id).status_code == 303  # once more the same: nothing more is told
    assert give(assistant, sent.submission_id, "9").status_code == 303
    assert mark(database, sent.submission_id) == (9, "partial", "override")
    with database.reading() as session:
        assert session.get_one(ItemStanding, (world.coding, world.people["owner"])).score == 9
    page = client_of("owner").get(f"/items/{world.coding}").get_data(as_text=True)
    assert "An instructor changed your points: 8 → 9 of 10." in page
    assert "The idea is &lt;b&gt;right&lt;/b&gt;." in page
    assert "6 of 10" in page  # what the grader said stays beside it
    assert assistant.post(f"/teach/submissions/{sent.submission_id}/override/withdraw").status_code == 303
    assert mark(database, sent.submission_id) == (6, "partial", "grader")
    assert assistant.post(f"/teach/submissions/{sent.submission_id}/override/withdraw").status_code == 409
    with database.reading() as session:
        log = session.execute(select(Audit.action, Audit.before, Audit.after).order_by(Audit.id)).all()
        kinds = session.scalars(select(Notice.kind).order_by(Notice.id)).all()
    assert [(action, before["score"], after["score"]) for action, before, after in log] == [
        ("override", 6, 8), ("override", 8, 9), ("override-withdrawn", 9, 6),
    ]  # fmt: skip
    assert kinds == ["override", "override", "override-withdrawn"]


@pytest.mark.parametrize("points", ["10.01", "-0.5", "nan", "inf", "-inf", "1e400", "", "ten", "1_0e9", "0x1"])
def test_points_that_cannot_be_are_refused_with_what_was_typed(
    sent: Any, client_of: Callable[..., Any], database: Database, points: str
) -> None:
    answer = give(client_of("instructor"), sent.submission_id, points, "my reason")
    assert answer.status_code == 400
    assert "my reason" in answer.get_data(as_text=True)
    assert mark(database, sent.submission_id) == (6, "partial", "grader")


@pytest.mark.parametrize("reason", ["", " \n", "x" * 1001])
def test_a_reason_is_wanted(sent: Any, client_of: Callable[..., Any], database: Database, reason: str) -> None:
    assert give(client_of("instructor"), sent.submission_id, reason=reason).status_code == 400
    assert mark(database, sent.submission_id)[2] == "grader"


def test_lateness_is_not_taken_off_what_a_person_gives_but_off_what_comes_back(
    world: Any, client_of: Callable[..., Any], database: Database, now: Any
) -> None:
    with database.writing() as session:
        assignment = session.get_one(Assignment, world.assignment)
        assignment.due_at, assignment.late_penalty = now - timedelta(days=1), 0.5
    sent = world.send()
    world.judge(share=0.6)
    instructor = client_of("instructor")
    give(instructor, sent.submission_id, "8")
    assert mark(database, sent.submission_id)[0] == 8
    instructor.post(f"/teach/submissions/{sent.submission_id}/override/withdraw")
    assert mark(database, sent.submission_id)[0] == 3


def test_what_has_no_verdict_for_points_cannot_be_overridden(
    world: Any, client_of: Callable[..., Any], database: Database
) -> None:
    run, waiting = world.send(purpose=Purpose.RUN), world.send(content=b"later")
    for each in (run, waiting):
        assert give(client_of("instructor"), each.submission_id).status_code == 409
    with database.reading() as session:
        assert session.scalars(select(Mark)).all() == []


def test_taken_back_it_stands_on_what_was_graded_again_meanwhile(
    world: Any, client_of: Callable[..., Any], database: Database
) -> None:
    sent = world.send()
    world.judge(status=Status.UNGRADABLE)
    instructor = client_of("instructor")
    instructor.post(f"/teach/jobs/{sent.job_id}/again")
    give(instructor, sent.submission_id)
    from webapp.models.times import utc_now

    world.judge(now=utc_now())
    assert mark(database, sent.submission_id) == (8, "partial", "override")
    instructor.post(f"/teach/submissions/{sent.submission_id}/override/withdraw")
    assert mark(database, sent.submission_id) == (10, "passed", "grader")


def asked(client: Any, database: Database, submission_id: int) -> int:
    assert client.post(f"/submissions/{submission_id}/request", data={"text": "Why <i>not</i>?"}).status_code == 303
    with database.reading() as session:
        return session.scalars(select(RegradeRequest.id).order_by(RegradeRequest.id.desc())).first() or 0


def reply(client: Any, number: int, decision: str = "declined", answer: str = "It is wrong <b>so</b>.") -> Any:
    return client.post(f"/teach/requests/{number}/answer", data={"decision": decision, "answer": answer})


@pytest.mark.parametrize("decision", ["granted", "declined"])
def test_a_request_is_answered_once_and_the_student_reads_it(
    world: Any, sent: Any, client_of: Callable[..., Any], database: Database, decision: str
) -> None:
    owner, assistant, instructor = client_of("owner"), client_of("assistant"), client_of("instructor")
    number = asked(owner, database, sent.submission_id)
    inbox = assistant.get(f"/teach/courses/{world.here}/requests").get_data(as_text=True)
    assert "Why &lt;i&gt;not&lt;/i&gt;?" in inbox
    where = reply(assistant, number, decision).headers["Location"]
    assert where.startswith("/teach/submissions/" if decision == "granted" else "/teach/courses/")
    again = reply(instructor, number, "granted", "my answer")
    assert again.status_code == 409
    assert "my answer" not in inbox
    page = owner.get(f"/items/{world.coding}").get_data(as_text=True)
    assert "It is wrong &lt;b&gt;so&lt;/b&gt;." in page
    assert page.count("It is wrong") == 1
    assert "It is wrong" in owner.get("/notices").get_data(as_text=True)
    assert "It is wrong" not in client_of("classmate").get("/notices").get_data(as_text=True)
    state = assistant.get(f"/teach/courses/{world.here}/requests?state={decision}").get_data(as_text=True)
    assert "Assistant" in state
    with database.reading() as session:
        assert session.scalars(select(Audit.action).order_by(Audit.id)).all() == ["request", f"request-{decision}"]


@pytest.mark.parametrize(("decision", "answer"), [("", "x"), ("open", "x"), ("granted", " "), ("declined", "x" * 2001)])
def test_answers_that_are_none_are_refused(
    world: Any, sent: Any, client_of: Callable[..., Any], database: Database, decision: str, answer: str
) -> None:
    number = asked(client_of("owner"), database, sent.submission_id)
    assert reply(client_of("instructor"), number, decision, answer).status_code == 400
    with database.reading() as session:
        assert session.get_one(RegradeRequest, number).state == "open"


def test_requests_of_other_courses_are_not_there(
    world: Any, sent: Any, client_of: Callable[..., Any], database: Database
) -> None:
    number = asked(client_of("owner"), database, sent.submission_id)
    for who in ("stranger", "owner", "classmate"):
        assert reply(client_of(who), number).status_code == 404
        assert client_of(who).get(f"/teach/courses/{world.here}/requests").status_code == 404
    assert reply(client_of("instructor"), 999).status_code == 404
    found = client_of("instructor").get(f"/teach/courses/{world.here}/requests?q=%25&state=nonsense&page=7")
    assert found.status_code == 200
    assert "Why" not in found.get_data(as_text=True)

"""Asking for another look at a verdict: when one may, once at a time, and what is typed is never lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from webapp.models import Assignment, AssignmentItem, Audit, Database, Purpose, RegradeRequest, User
from webapp.second_look.asking import LONGEST_TEXT

ASK = "Ask for another look"


@pytest.fixture
def sent(world: Any) -> Any:
    """A submission that is partly right."""
    sent = world.send()
    world.judge(share=0.6)
    return sent


def requests(database: Database) -> list[tuple[int, str, str]]:
    with database.reading() as session:
        found = session.scalars(select(RegradeRequest).order_by(RegradeRequest.id))
        return [(each.submission_id, each.text, each.state) for each in found]


def post(client: Any, submission_id: int, text: str = "Look at the mask.") -> Any:
    return client.post(f"/submissions/{submission_id}/request", data={"text": text})


def test_a_request_is_kept_shown_and_not_made_twice(
    world: Any, sent: Any, client_of: Callable[..., Any], database: Database
) -> None:
    client = client_of("owner")
    assert ASK in client.get(f"/items/{world.coding}").get_data(as_text=True)
    answer = post(client, sent.submission_id, "<script>alert(1)</script>\r\nthe mask")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/items/{world.coding}?submission={sent.submission_id}#verdict"
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert f'/submissions/{sent.submission_id}/request"' not in page
    again = post(client, sent.submission_id, "once more, my words")
    assert again.status_code == 409
    assert "once more, my words" in again.get_data(as_text=True)
    assert requests(database) == [(sent.submission_id, "<script>alert(1)</script>\nthe mask", "open")]
    with database.reading() as session:
        assert session.scalars(select(Audit.action)).all() == ["request"]


def test_one_that_is_withdrawn_can_be_made_anew(
    world: Any, sent: Any, client_of: Callable[..., Any], database: Database
) -> None:
    client = client_of("owner")
    post(client, sent.submission_id)
    for _twice in range(2):
        assert client.post(f"/submissions/{sent.submission_id}/request/withdraw").status_code == 303
    assert [state for _id, _text, state in requests(database)] == ["withdrawn"]
    assert post(client, sent.submission_id).status_code == 303
    assert [state for _id, _text, state in requests(database)] == ["withdrawn", "open"]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (LONGEST_TEXT + 1)])
def test_nothing_and_too_much_are_refused_with_what_was_typed(
    sent: Any, client_of: Callable[..., Any], database: Database, text: str
) -> None:
    answer = post(client_of("owner"), sent.submission_id, text)
    assert answer.status_code == 400
    assert text.strip() in answer.get_data(as_text=True)
    assert requests(database) == []


def test_it_is_not_for_runs_full_marks_practice_or_what_is_not_judged(
    world: Any, client_of: Callable[..., Any], database: Database
) -> None:
    run = world.send(purpose=Purpose.RUN)
    world.judge(share=0.6)
    full = world.send(content=b"full")
    world.judge()
    waiting = world.send(content=b"waiting")
    client = client_of("owner")
    for each in (run, full, waiting):
        page = client.get(f"/items/{world.coding}?submission={each.submission_id}").get_data(as_text=True)
        assert ASK not in page
        assert post(client, each.submission_id).status_code == 409
    world.judge(share=0.6)
    with database.writing() as session:
        session.get_one(Assignment, world.assignment).practice = True
    assert post(client, waiting.submission_id).status_code == 409
    assert requests(database) == []


def test_a_guest_is_not_asked_to_ask(world: Any, client_of: Callable[..., Any], database: Database) -> None:
    with database.writing() as session:
        session.get_one(AssignmentItem, world.coding).is_open = True
        session.get_one(User, world.people["classmate"]).is_guest = True
    from webapp.learn.attempts import Pace

    sent = world.send("classmate", pace=Pace(1000, 1000, 1000))
    world.judge(share=0.6)
    page = client_of("classmate").get(f"/items/{world.coding}?submission={sent.submission_id}").get_data(as_text=True)
    assert ASK not in page


def test_nobody_asks_for_another_person(
    world: Any, sent: Any, client_of: Callable[..., Any], database: Database
) -> None:
    for who in ("classmate", "outsider", "instructor", "stranger"):
        client = client_of(who)
        assert post(client, sent.submission_id).status_code == 404
        assert client.get(f"/submissions/{sent.submission_id}/request").status_code == 404
        assert client.post(f"/submissions/{sent.submission_id}/request/withdraw").status_code == 404
    assert requests(database) == []


def test_asking_very_often_is_slowed_down(world: Any, sent: Any, client_of: Callable[..., Any]) -> None:
    client = client_of("owner")
    answers = [post(client, sent.submission_id, "").status_code for _number in range(31)]
    assert answers == [400] * 30 + [429]
    assert post(client_of("classmate"), sent.submission_id).status_code == 404

"""What somebody who teaches may still not do: mark themselves, act in an archive, leave work that is another's."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from grader.verdict import Status
from webapp.models import Course, Database, ItemStanding, Job, Mark, Membership, RegradeRequest, Submission, Task
from webapp.models.times import utc_now
from webapp.tasks import rows as tasks

Clients = Callable[[str | None], Any]


def test_nobody_marks_their_own_work_whatever_they_have_become(
    world: Any, client_of: Clients, database: Database
) -> None:
    code = world.send("classmate")
    world.judge(share=0.0)
    text = world.send("classmate", b"it matters", item_id=world.words)
    world.judge(share=0.5, review=True)
    with database.writing() as session:
        session.get_one(Membership, (world.here, world.people["classmate"])).role = "assistant"
        asked = RegradeRequest(submission_id=code.submission_id, text="look again", created_at=utc_now())
        session.add(asked)
        session.flush()
        request_id = asked.id
    promoted = client_of("classmate")
    page = promoted.get(f"/teach/submissions/{code.submission_id}").text
    assert "/override" not in page
    points = {"points": "10", "reason": "I deserve it."}
    for address, data in (
        (f"/teach/submissions/{code.submission_id}/override", points),
        (f"/teach/submissions/{code.submission_id}/override/withdraw", points),
        (f"/teach/requests/{request_id}/answer", {"decision": "granted", "answer": "yes"}),
        (f"/teach/review/{text.submission_id}", {"seen": "", "award-importance": "1"}),
        (f"/teach/review/{text.submission_id}/hold", {}),
    ):
        refused = promoted.post(address, data=data)
        assert refused.status_code == 403, address
        assert "own work" in refused.text
    with database.reading() as session:
        assert session.get_one(Mark, code.submission_id).source == "grader"
        assert session.get_one(RegradeRequest, request_id).state == "open"
        assert session.get_one(ItemStanding, (world.coding, world.people["classmate"])).score == 0
    other = client_of("assistant").post(f"/teach/submissions/{code.submission_id}/override", data=points)
    assert other.status_code == 303


@pytest.mark.parametrize("who", ["owner", "assistant", "instructor", "admin"])
def test_in_an_archived_course_nothing_is_run_submitted_or_graded_again(
    world: Any, client_of: Clients, database: Database, who: str
) -> None:
    sent = world.send("owner")
    world.judge(status=Status.UNGRADABLE)
    with database.writing() as session:
        session.get_one(Course, world.here).archived_at = utc_now()
    client = client_of(who)
    for what in ("run", "submit"):
        refused = client.post(f"/items/{world.coding}/{what}", data={"content": "x = 1"})
        assert refused.status_code == 409
        assert "This course is archived" in refused.text
        assert "x = 1" in refused.text  # what was typed stays
    page = client.get(f"/items/{world.coding}").text
    assert page.count(" disabled title=") == 2
    again = client.post(f"/teach/jobs/{sent.job_id}/again")
    assert again.status_code == (404 if who == "owner" else 403)
    if who != "owner":
        assert "Not graded" in (listed := client.get("/teach/jobs").text)
        assert "/again" not in listed
        assert "/again" not in client.get(f"/teach/submissions/{sent.submission_id}").text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 1
        assert session.scalar(select(func.count()).select_from(Job)) == 1


@pytest.mark.parametrize(("kind", "status"), [("regrade-marks", 403), ("regrade-jobs", 403), ("similarity", 200)])
def test_an_assistant_leaves_no_work_that_only_instructors_begin(
    world: Any, client_of: Clients, database: Database, kind: str, status: int
) -> None:
    with database.writing() as session:
        number = tasks.ask(session, kind, "regrade:1", utc_now(), course_id=world.here).id
    assert client_of("assistant").post(f"/teach/tasks/{number}/cancel").status_code == status
    with database.reading() as session:
        assert session.get_one(Task, number).state == ("waiting" if status == 403 else "cancelled")


@pytest.mark.parametrize("role", ["student", "assistant"])
def test_an_instructor_locks_no_administrator_out_by_putting_them_into_the_course(
    world: Any, client_of: Clients, database: Database, role: str
) -> None:
    people = f"/teach/courses/{world.here}/people"
    added = client_of("instructor").post(f"{people}/add", data={"email": "admin@example.org", "role": role})
    assert added.status_code == 303
    admin = client_of("admin")
    assert admin.get(f"{people}/import").status_code == 200
    assert admin.get(f"/teach/courses/{world.here}/regrades").status_code == 200
    changed = admin.post(f"{people}/change", data={"user": world.people["instructor"], "action": "assistant"})
    assert changed.status_code == 303
    assert admin.get(f"/items/{world.coding}").status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "x"])
def test_days_at_the_ends_of_the_calendar_are_not_asked_for(world: Any, client_of: Clients, day: str) -> None:
    for path in ("log", "log.csv"):
        for name in ("since", "until"):
            assert client_of("assistant").get(f"/teach/courses/{world.here}/{path}?{name}={day}").status_code == 200


def test_a_link_made_for_a_student_does_not_lead_to_what_others_let_them_teach_since(
    app: Flask, world: Any, client_of: Clients
) -> None:
    stranger, people = client_of("stranger"), f"/teach/courses/{world.elsewhere}/people"
    stranger.post(f"{people}/add", data={"email": "dean@example.org", "role": "student"})
    link = re.search(r"/invitation/[\w.-]+", stranger.post(f"{people}/links").text)
    assert link is not None
    assert app.test_client().get(link[0]).status_code == 200
    added = {"email": "dean@example.org", "role": "instructor"}
    assert client_of("instructor").post(f"/teach/courses/{world.here}/people/add", data=added).status_code == 303
    assert app.test_client().get(link[0]).status_code == 404
    again = stranger.post(f"{people}/links").text
    assert "/invitation/" not in again  # nor is there a new one from who does not keep the other course

"""Marks, and what is worked out from them and kept: standings and facts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from grader.verdict import Status
from webapp import marks, migrating
from webapp.learn import records
from webapp.learn.attempts import Pace
from webapp.marks import giving, standings
from webapp.models import (
    Assignment,
    AssignmentItem,
    Database,
    Extension,
    Fact,
    ItemStanding,
    Mark,
    Purpose,
    Source,
    Submission,
    User,
)
from webapp.models.times import utc_now


def kept(database: Database) -> dict[tuple[int, int], tuple[Any, ...]]:
    """All standings, without when they changed."""
    with database.reading() as session:
        return {
            (each.user_id, each.assignment_item_id): (
                each.submission_id,
                each.score,
                each.status,
                each.used,
                each.pending,
                each.review,
                each.late,
            )
            for each in session.scalars(select(ItemStanding))
        }


def agrees(database: Database) -> bool:
    """Whether the standings are what they would be if they were worked out now."""
    before = kept(database)
    with database.writing() as session:
        standings.rebuild(session, utc_now())
    return before == kept(database)


def standing(world: Any, who: str = "owner", item: int | None = None) -> tuple[Any, ...]:
    """What is kept of one person's standing."""
    return kept(world.database)[world.people[who], item or world.coding]


def mark_of(database: Database, submission_id: int) -> Mark:
    with database.reading() as session:
        return session.get_one(Mark, submission_id)


def test_a_standing_follows_from_sending_to_the_verdict(world: Any, database: Database) -> None:
    first = world.send()
    assert standing(world) == (first.submission_id, None, "waiting", 1, 1, False, False)
    world.judge(share=0.5)
    assert standing(world)[2:] == ("partial", 1, 0, False, False)
    better = world.send(content=b"better")
    assert standing(world)[0] == first.submission_id  # it counts until the other one is judged
    world.judge()
    assert standing(world) == (better.submission_id, 10.0, "passed", 2, 0, False, False)
    world.send(content=b"broken")
    world.judge(status=Status.ERROR, share=0.0)
    assert standing(world) == (better.submission_id, 10.0, "passed", 2, 0, False, False)
    assert agrees(database)


def test_runs_and_guests_have_no_standing_and_no_fact(world: Any, database: Database) -> None:
    with database.writing() as session:
        session.get_one(User, world.people["classmate"]).is_guest = True
        session.get_one(AssignmentItem, world.coding).is_open = True
    world.send("owner", purpose=Purpose.RUN)
    world.send("classmate", pace=Pace(1000, 1000, 1000))
    while world.judge():
        pass
    assert kept(database) == {}
    with database.reading() as session:
        assert session.scalars(select(Fact)).all() == []
    assert agrees(database)


def test_a_fact_says_what_a_verdict_said(world: Any, database: Database) -> None:
    sent = world.send()
    world.judge(share=0.5)
    world.send("owner", b"because", item_id=world.words)
    world.judge(share=0.5, review=True)
    with database.reading() as session:
        code, words = session.scalars(select(Fact).order_by(Fact.job_id))
    assert (code.job_id, code.status, code.share, set(code.outcomes)) == (sent.job_id, "partial", 0.4, {".", "F"})
    assert (words.assignment_item_id, words.outcomes) == (world.words, "h" * len(words.outcomes))
    assert standing(world, item=world.words)[5] is True


def test_an_override_stays_whatever_is_graded_or_moved_later(world: Any, database: Database, now: datetime) -> None:
    sent = world.send()
    world.judge(status=Status.UNGRADABLE)
    with database.writing() as session:
        given = giving.Given(sent.job_id, 0.75, "partial", Source.OVERRIDE, reason="the idea is right")
        giving.give(session, sent.submission_id, given, now)
    from webapp.models import Job
    from webapp.queue import rows

    with database.writing() as session:
        rows.grade_again(session, session.get_one(Job, sent.job_id), now)
    world.judge()
    assert mark_of(database, sent.submission_id).share == 0.75
    with database.writing() as session:
        assignment = session.get_one(Assignment, world.assignment)
        assignment.due_at, assignment.late_penalty = now - timedelta(days=1), 0.5
        session.flush()
        assert giving.follow(session, world.here, now) == 0
    mark = mark_of(database, sent.submission_id)
    assert (mark.score, mark.status, mark.source, mark.reason) == (7.5, "partial", "override", "the idea is right")
    assert standing(world)[1:3] == (7.5, "partial")
    assert agrees(database)


@pytest.mark.parametrize("only", [True, False])
def test_an_extension_moves_the_marks_of_whom_it_is_for(
    world: Any, database: Database, now: datetime, only: bool
) -> None:
    with database.writing() as session:
        assignment = session.get_one(Assignment, world.assignment)
        assignment.due_at, assignment.late_penalty = now - timedelta(days=1), 0.5
    for who in ("owner", "classmate"):
        world.send(who)
        world.judge()
    assert standing(world)[1] == standing(world, "classmate")[1] == 5.0
    assert standing(world)[6] is standing(world, "classmate")[6] is True
    user = world.people["owner"]
    with database.writing() as session:
        session.add(Extension(assignment_id=world.assignment, user_id=user, due_at=now + timedelta(days=1)))
        session.flush()
        assert giving.follow(session, world.here, now, [user] if only else None) == 1
    assert (standing(world)[1], standing(world, "classmate")[1]) == (10.0, 5.0)
    assert (standing(world)[6], standing(world, "classmate")[6]) == (False, True)
    assert agrees(database)


@pytest.mark.moves_tables
def test_a_database_from_before_is_completed_and_a_complete_one_left_alone(
    world: Any, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        world.send("owner" if number % 2 else "classmate", b"%d" % number)
        world.judge(share=number / 4)
    whole = kept(database)
    with database.reading() as session:
        facts = {each.job_id: each.outcomes for each in session.scalars(select(Fact))}
    migrating.downgrade(database, "0003")
    migrating.upgrade(database)
    assert kept(database) == {}
    monkeypatch.setattr("webapp.marks.facts.AT_A_TIME", 2)
    marks.complete(database)
    assert kept(database) == whole
    with database.reading() as session:
        assert {each.job_id: each.outcomes for each in session.scalars(select(Fact))} == facts
        assert {each.status for each in session.scalars(select(Mark))} == {"passed", "partial", "failed"}
        assert session.scalar(select(Mark.share).where(Mark.status == "passed")) == 1.0
    # Interrupted half-way it goes on; complete, it does not look again.
    with database.writing() as session:
        session.execute(delete(Fact).where(Fact.job_id == min(facts)))
    marks.complete(database)
    with database.reading() as session:
        assert len(session.scalars(select(Fact)).all()) == len(facts)


def test_points_that_move_take_standings_along(world: Any, database: Database, now: datetime) -> None:
    world.send()
    world.judge()
    with database.writing() as session:
        session.get_one(AssignmentItem, world.coding).points = 4.0
        session.flush()
        assert giving.follow(session, world.here, now) == 1
    assert standing(world)[1] == 4.0
    with database.reading() as session:
        item = session.get_one(AssignmentItem, world.coding)
        attempts = records.attempts_at(session, world.people["owner"], world.coding)
        assert records.standing_of(item, attempts).score == 4.0
        assert session.scalars(select(Submission.sent_by_id)).all() == [None]

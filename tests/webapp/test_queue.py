"""Rows that are taken, kept and given back."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from grader.documents import verdict_to_json
from grader.verdict import Status
from webapp.items import item_from
from webapp.models import Assignment, Database, Job, Mark, Purpose, State, Verdict
from webapp.models.times import utc_now
from webapp.queue import rows
from webapp.queue.durations import Durations
from webapp.queue.places import Places
from webapp.queue.states import GiveUp, Retry, after_failure, moves_mark, poll_after_ms, seconds_left
from webapp.queue.wake import Sleeper, nudge

LEASE = timedelta(seconds=10)


def take(database: Database, owner: str, now: datetime) -> rows.Claim | None:
    with database.writing() as session:
        return rows.claim(session, owner, now, LEASE)


def keep(database: Database, claim: rows.Claim, now: datetime, pretend: Any, **shape: Any) -> bool:
    document = verdict_to_json(pretend(item_from(claim.revision, claim.source), claim.seed, **shape))
    with database.writing() as session:
        return rows.store(session, claim, document, now)


def test_a_job_is_taken_once(database: Database, world: Any, now: datetime) -> None:
    world.send(content=b"print('hello')")
    claim = take(database, "a", now)
    assert claim is not None
    assert claim.content == b"print('hello')"
    assert take(database, "b", now) is None


def test_one_persons_flood_delays_only_that_person(database: Database, world: Any, now: datetime) -> None:
    flood = [world.send("owner", b"%d" % number, purpose=Purpose.RUN).job_id for number in range(5)]
    other = [world.send("classmate", b"%d" % number, purpose=Purpose.RUN).job_id for number in range(2)]
    order = []
    for number in range(7):
        claim = take(database, "a", now + timedelta(seconds=number))
        assert claim is not None
        order.append(claim.job_id)
    assert order == [flood[0], other[0], flood[1], other[1], flood[2], flood[3], flood[4]]


def test_the_place_in_the_queue_knows_the_fair_order(database: Database, world: Any) -> None:
    flood = [world.send("owner", b"%d" % number, purpose=Purpose.RUN).job_id for number in range(5)]
    mine = world.send("classmate", b"x", purpose=Purpose.RUN).job_id
    with database.reading() as session:
        places = Places()
        assert [places.place(session, job) for job in (flood[0], mine, flood[1], flood[4])] == [1, 2, 3, 6]


def test_somebody_who_waits_comes_before_bulk_work(database: Database, world: Any, now: datetime) -> None:
    bulk, interactive = world.send("owner", b"1"), world.send("classmate", b"2")
    with database.writing() as session:
        session.get_one(Job, bulk.job_id).priority = 10
    claim = take(database, "a", now)
    assert claim is not None
    assert claim.job_id == interactive.job_id


def test_a_verdict_is_kept_once_and_only_by_who_holds_the_lease(
    database: Database, world: Any, now: datetime, pretend: Any
) -> None:
    world.send()
    late = take(database, "slow", now)
    assert late is not None
    later = now + timedelta(seconds=11)
    with database.writing() as session:
        assert rows.sweep(session, later, 3) == 1
    quick = take(database, "quick", later)
    assert quick is not None
    assert not keep(database, late, later, pretend, share=0.0)
    assert keep(database, quick, later, pretend, share=1.0)
    assert not keep(database, quick, later, pretend, share=0.0)
    with database.reading() as session:
        assert session.scalars(select(Verdict.status)).all() == ["passed"]
        assert session.scalars(select(Mark.score)).all() == [10.0]


def test_a_heartbeat_keeps_the_lease_and_ends_with_it(database: Database, world: Any, now: datetime) -> None:
    world.send()
    claim = take(database, "a", now)
    assert claim is not None
    with database.writing() as session:
        assert rows.beat(session, claim, now + timedelta(seconds=8), LEASE)
    with database.writing() as session:
        assert rows.sweep(session, now + timedelta(seconds=12), 3) == 0
    with database.writing() as session:
        assert rows.sweep(session, now + timedelta(seconds=19), 3) == 1
    with database.writing() as session:
        assert not rows.beat(session, claim, now + timedelta(seconds=20), LEASE)


def test_after_three_lost_workers_it_is_ungradable_and_can_be_graded_again(
    database: Database, world: Any, now: datetime, pretend: Any
) -> None:
    sent = world.send()
    for number in range(3):
        assert take(database, f"w{number}", now) is not None
        with database.writing() as session:
            rows.release_owner(session, f"w{number}", now, 3)
    assert take(database, "w4", now) is None
    with database.reading() as session:
        verdict = session.get_one(Verdict, sent.job_id)
        assert verdict.status == "ungradable"
        assert "worker" in verdict.note
    with database.writing() as session:
        again = rows.grade_again(session, session.get_one(Job, sent.job_id), now)
        assert rows.grade_again(session, session.get_one(Job, sent.job_id), now).id == again.id
    claim = take(database, "w5", now)
    assert claim is not None
    assert keep(database, claim, now, pretend)
    with database.reading() as session:
        mark = session.get_one(Mark, sent.submission_id)
        assert (mark.verdict_job_id, mark.score) == (again.id, 10.0)


def test_a_job_given_back_without_blame_keeps_its_tries(database: Database, world: Any, now: datetime) -> None:
    world.send()
    claim = take(database, "a", now)
    assert claim is not None
    with database.writing() as session:
        assert rows.give_back(session, claim, now, timedelta(seconds=5), count=False)
    assert take(database, "a", now) is None
    again = take(database, "a", now + timedelta(seconds=6))
    assert again is not None
    assert again.tries == 1


def test_lateness_is_taken_off_when_the_verdict_is_kept(database: Database, world: Any, now: datetime) -> None:
    with database.writing() as session:
        assignment = session.get_one(Assignment, world.assignment)
        assignment.due_at, assignment.late_penalty = now - timedelta(hours=1), 0.25
    sent = world.send()
    world.judge()
    with database.reading() as session:
        assert session.get_one(Mark, sent.submission_id).score == 7.5


def test_a_run_gets_a_verdict_but_no_mark(database: Database, world: Any) -> None:
    world.send(purpose=Purpose.RUN)
    world.judge()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Verdict)) == 1
        assert session.scalar(select(func.count()).select_from(Mark)) == 0


def test_every_state_and_lease_agree(database: Database, world: Any, now: datetime) -> None:
    world.send()
    claim = take(database, "a", now)
    assert claim is not None
    with database.reading() as session:
        job = session.get_one(Job, claim.job_id)
        assert (job.state, job.lease_owner) == (State.RUNNING, "a")


def test_decisions_about_failures_and_marks() -> None:
    assert after_failure(1, 3) == Retry(timedelta(seconds=1))
    assert after_failure(2, 3) == Retry(timedelta(seconds=5))
    assert after_failure(3, 3) == GiveUp()
    assert after_failure(1, 3, at_once=True) == Retry(timedelta(0))
    assert moves_mark(Purpose.SUBMIT, None)
    assert moves_mark(Purpose.REGRADE, Status.UNGRADABLE)
    assert not moves_mark(Purpose.REGRADE, "partial")
    assert not moves_mark(Purpose.RUN, None)


def test_the_browser_asks_when_the_verdict_should_be_there_and_then_less_and_less_often() -> None:
    assert poll_after_ms(0.01, left=0.07) == 70
    waits = [poll_after_ms(age / 10, left=0.07 - age / 10) for age in range(100)]
    assert waits[0] == 70
    assert waits[1:] == sorted(waits[1:])
    assert (waits[1], waits[-1]) == (40, 2000)
    assert poll_after_ms(0, left=60) == 2000
    assert poll_after_ms(-5, left=-5) == 40  # a clock that was set back


def test_what_is_left_of_a_judging_is_its_rounds_or_the_rest_of_its_own(now: datetime) -> None:
    def left(position: int | None, begun: datetime | None = None, workers: int = 2) -> float:
        return round(seconds_left(0.1, position=position, workers=workers, begun=begun, now=now), 3)

    assert [left(position) for position in (1, 2, 3, 10)] == [0.1, 0.1, 0.2, 0.5]
    assert left(4, workers=0) == 0.4
    assert left(None, now - timedelta(seconds=0.03)) == 0.07
    assert left(None) == 0.1
    assert seconds_left(2.0, position=9, workers=4, begun=None, now=now, average=0.5) == 2.0 + 2 * 0.5


def test_who_waits_in_a_long_queue_is_told_about_how_long(
    app: Any, world: Any, client_of: Any, settings: Any
) -> None:
    people, when = ["owner"] + ["classmate"] * 8, utc_now()
    sent = [world.send(who, b"%d" % n, purpose=Purpose.RUN, now=when) for n, who in enumerate(people)]
    with Sleeper(settings.wake_folder, "one"), Sleeper(settings.wake_folder, "two"):
        for _ in range(8):
            app.extensions["workshop_durations"].note(("r", "submit"), 3.0)
        for language, words in (("en", "number 9 in the queue, about 12 seconds."), ("zh", "第 9 位，大约还要 12秒。")):
            client = client_of("classmate")
            client.set_cookie("lang", language)
            page = client.get(f"/items/{world.coding}?job={sent[-1].job_id}").get_data(as_text=True)
            assert words in page
        assert "about" not in client_of("owner").get(f"/jobs/{sent[0].job_id}").get_json()["fragments"]["verdict"]


def test_what_judgings_take_is_remembered_item_by_item_and_not_for_ever() -> None:
    durations = Durations()
    assert durations.usual(("item", "run")) == 0.08
    for seconds in (9.0, 9.0, 0.1, 0.2, 0.3, 0.4, 0.1, 0.2, 0.3, 0.4):
        durations.note(("item", "run"), seconds)
    assert durations.usual(("item", "run")) == 0.3
    for number in range(2000):
        durations.note((str(number), "submit"), 1.0)
    assert durations.usual(("item", "run")) == 0.08
    assert durations.usual(("1999", "submit")) == 1.0


def test_a_nudge_wakes_a_sleeper_at_once_and_never_blocks(tmp_path: Path) -> None:
    folder = tmp_path / "a folder with spaces" / ("long" * 40)
    assert nudge(folder) == 0
    with Sleeper(folder, "one") as sleeper:
        assert nudge(folder) == 1
        started = time.monotonic()
        assert sleeper.wait(5)
        assert time.monotonic() - started < 1
        assert not sleeper.wait(0.01)
        for _ in range(70_000):
            sleeper.wake()
        assert nudge(folder) == 1
    assert nudge(folder) == 0


def test_a_pipe_nobody_reads_any_more_is_removed(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "dead.fifo")
    assert nudge(tmp_path) == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("count", [200])
def test_claiming_stays_quick_with_many_waiting(database: Database, world: Any, now: datetime, count: int) -> None:
    for number in range(count):
        world.send("owner" if number % 3 else "classmate", b"%d" % number, purpose=Purpose.RUN)
    started = time.monotonic()
    for number in range(20):
        assert take(database, "a", now + timedelta(milliseconds=number)) is not None
    assert (time.monotonic() - started) / 20 < 0.1

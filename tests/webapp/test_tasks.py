"""Long work: a step at a time, given back, cancelled, begun again, and failures told to whoever asked."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import timedelta
from typing import Any

import pytest

from grader.errors import Ungradable, WorkshopError
from webapp.models import Database, Task
from webapp.models.passing import DatabaseAway
from webapp.models.times import utc_now
from webapp.queue.carrier import carrier_of
from webapp.queue.worker import Worker
from webapp.settings import Settings
from webapp.tasks import hands, kinds, rows
from webapp.tasks.kinds import Progress, Surroundings

HERE = "tests.webapp.test_tasks"


def count(around: Surroundings) -> Generator[Progress, None, dict[str, Any]]:
    """Counts as far as it was asked to, and says so."""
    total = int(around.parameters["total"])
    for number in range(total):
        yield number + 1, total
    return {"counted": total, "for": around.subject}


def stumble(around: Surroundings) -> Generator[Progress, None, dict[str, Any]]:
    """Fails in one way or another after a step."""
    yield 1, 2
    raise {
        "bank": WorkshopError("the item has no tests", remedy="write some"),
        "ours": ZeroDivisionError("secret"),
        "grader": Ungradable("the grader failed"),
        "away": DatabaseAway(),
    }[around.subject]


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two kinds of work, and no waiting."""
    monkeypatch.setitem(kinds.KINDS, "count", f"{HERE}:count")
    monkeypatch.setitem(kinds.KINDS, "stumble", f"{HERE}:stumble")
    monkeypatch.setattr(hands, "LOOKED_EVERY_SECONDS", 0.0)
    monkeypatch.setattr(hands, "NOTED_EVERY_SECONDS", 0.0)


@pytest.fixture
def both(database: Database, settings: Settings) -> tuple[hands.Hands, hands.Hands]:
    """Two workers' hands."""
    carrier = carrier_of(settings, database)
    return tuple(hands.Hands(database, settings, name, carrier) for name in ("one", "two"))  # type: ignore[return-value]


def asked(database: Database, kind: str = "count", subject: str = "x", **parameters: Any) -> int:
    with database.writing() as session:
        return rows.ask(session, kind, subject, utc_now(), parameters=parameters or {"total": 3}).id


def task(database: Database, number: int) -> Task:
    with database.reading() as session:
        return session.get_one(Task, number)


def steps(one: hands.Hands, judge: Any = None) -> int:
    """How many steps there were until nothing was left to do."""
    number = 0
    while one.step(judge):
        number += 1
        assert number < 100
    return number


def test_work_goes_step_by_step_and_leaves_a_result(database: Database, both: Any) -> None:
    number = asked(database)
    one, _two = both
    assert one.step(None)
    begun = task(database, number)
    assert (begun.state, begun.done, begun.total) == ("running", 1, 3)
    steps(one)
    found = task(database, number)
    assert (found.state, found.done, found.result) == ("done", 3, {"counted": 3, "for": "x"})
    assert found.finished_at is not None
    assert found.lease_owner is None


def test_what_waits_already_is_not_asked_for_twice(database: Database, both: Any) -> None:
    first = asked(database)
    assert asked(database) == first
    assert asked(database, subject="y") != first
    both[0].step(None)
    assert asked(database) == first
    steps(both[0])
    assert asked(database) != first


def test_two_workers_never_do_the_same(database: Database, both: Any) -> None:
    number = asked(database)
    one, two = both
    assert one.step(None)
    assert not two.step(None)
    asked(database, subject="y")
    assert two.step(None)
    steps(one)
    assert task(database, number).tries == 1


def test_what_is_put_down_is_begun_again_by_another(database: Database, both: Any) -> None:
    number = asked(database)
    one, two = both
    one.step(None)
    one.put_down()
    found = task(database, number)
    assert (found.state, found.tries, found.done) == ("waiting", 0, 0)
    steps(two)
    assert task(database, number).state == "done"


def test_a_cancelled_task_is_dropped_at_the_next_step(database: Database, both: Any) -> None:
    number = asked(database)
    both[0].step(None)
    with database.writing() as session:
        rows.cancel(session, session.get_one(Task, number), utc_now())
    both[0].step(None)
    assert not both[0].busy
    assert (task(database, number).state, task(database, number).result) == ("cancelled", None)


@pytest.mark.parametrize(
    ("what", "problem"), [("bank", "the item has no tests write some"), ("ours", hands.UNEXPECTED)]
)
def test_failures_are_told_without_what_is_ours(database: Database, both: Any, what: str, problem: str) -> None:
    number = asked(database, "stumble", what)
    steps(both[0])
    assert (task(database, number).state, task(database, number).problem) == ("failed", problem)


def test_a_failed_grader_ends_the_task_and_is_opened_anew(database: Database, both: Any) -> None:
    number = asked(database, "stumble", "grader")
    both[0].step(None)
    with pytest.raises(Ungradable):
        both[0].step(None)
    assert task(database, number).state == "failed"
    assert not both[0].busy


def test_a_database_that_is_away_for_a_moment_ends_no_task(database: Database, both: Any) -> None:
    number = asked(database, "stumble", "away")
    assert both[0].step(None)
    with pytest.raises(DatabaseAway):
        both[0].step(None)
    given_back = task(database, number)
    assert (given_back.state, given_back.tries, given_back.problem) == ("waiting", 0, "")


def test_an_unknown_kind_is_refused_and_not_taken_again(database: Database, both: Any) -> None:
    number = asked(database, "of a newer version")
    assert steps(both[0]) == 0
    assert task(database, number).state == "failed"
    assert "nobody here knows" in task(database, number).problem


def test_workers_that_die_three_times_end_it(database: Database, both: Any) -> None:
    number = asked(database)
    for tried in range(3):
        with database.writing() as session:
            assert rows.claim(session, f"worker {tried}", utc_now()) is not None
        with database.writing() as session:
            assert rows.release_owner(session, f"worker {tried}", utc_now()) == 1
    assert (task(database, number).state, task(database, number).problem) == ("failed", rows.WORKERS_DIED)


def test_a_lease_that_ran_out_frees_it_and_the_late_one_changes_nothing(database: Database, both: Any) -> None:
    number = asked(database)
    one, two = both
    one.step(None)
    with database.writing() as session:
        session.get_one(Task, number).lease_until = utc_now() - timedelta(seconds=1)
    assert two.step(None)
    one.step(None)
    assert not one.busy
    steps(two)
    assert task(database, number).result == {"counted": 3, "for": "x"}
    assert task(database, number).tries == 2


def test_what_is_in_hand_stays_there_while_its_worker_judges_for_long(database: Database, both: Any) -> None:
    number = asked(database)
    one, two = both
    one.step(None)
    with database.writing() as session:
        session.get_one(Task, number).lease_until = utc_now() - timedelta(seconds=1)
    one.keep()
    assert task(database, number).lease_until > utc_now() + rows.LEASE / 2
    one.keep()  # not again at every beat of the heart
    assert not two.step(None)
    steps(one)
    assert (task(database, number).state, task(database, number).tries) == ("done", 1)
    one.keep()
    assert task(database, number).lease_until is None


def test_work_that_was_ended_with_its_last_step_is_asked_for_anew(database: Database, both: Any) -> None:
    number = asked(database)
    both[0].step(None)
    with database.writing() as session:
        rows.end(session, number, {"counted": 1}, utc_now())
        assert rows.ask(session, "count", "x", utc_now(), parameters={"total": 1}).id != number
    both[0].step(None)
    assert not both[0].busy
    assert (task(database, number).state, task(database, number).result) == ("done", {"counted": 1})


def test_a_job_that_comes_is_judged_between_two_steps(
    database: Database, settings: Settings, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    worker = Worker(database, lambda: None, settings)  # type: ignore[arg-type, return-value]
    monkeypatch.setattr(worker, "_warm_up", lambda judge: False)
    monkeypatch.setattr(worker, "_judge", lambda judge, claimed: seen.append("job") or True)
    original: Callable[[Any], bool] = worker._hands.step

    def step(judge: Any) -> bool:
        seen.append("step")
        if len(seen) == 1:
            world.send()
        if len(seen) > 4:
            worker.stop()
        return original(judge)

    monkeypatch.setattr(worker._hands, "step", step)
    asked(database, total=10)
    from contextlib import nullcontext

    worker.judge = lambda: nullcontext(None)  # type: ignore[assignment, return-value]
    worker.run()
    assert seen[:3] == ["step", "job", "step"]
    with database.reading() as session:
        assert session.query(Task).one().state == "waiting"  # put down when the worker stopped

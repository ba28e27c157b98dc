"""What needs longer comes after every first try, whoever sent it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from webapp.models import Database
from webapp.queue import fairness, rows
from webapp.queue.places import Places

LEASE = timedelta(seconds=10)


def take(database: Database, owner: str, now: datetime, most_lengthy: int = 1) -> rows.Claim | None:
    with database.writing() as session:
        return rows.claim(session, owner, now, LEASE, most_lengthy)


def put_behind(database: Database, claim: rows.Claim, now: datetime) -> None:
    with database.writing() as session:
        assert rows.give_back(session, claim, now, timedelta(0), count=False, lengthy=True)


def test_what_needs_longer_comes_after_every_first_try(database: Database, world: Any, now: datetime) -> None:
    loop, right = world.send("owner"), world.send("classmate")
    claim = take(database, "a", now)
    assert claim is not None
    assert claim.job_id == loop.job_id
    put_behind(database, claim, now)
    with database.reading() as session:
        assert [Places().place(session, each.job_id) for each in (loop, right)] == [2, 1]
    later = take(database, "a", now + timedelta(seconds=1))
    again = take(database, "b", now + timedelta(seconds=2))
    assert later is not None
    assert again is not None
    assert [(later.job_id, later.lengthy), (again.job_id, again.lengthy)] == [
        (right.job_id, False), (loop.job_id, True),
    ]  # fmt: skip
    assert again.tries == 1


def test_one_worker_is_left_to_first_tries(database: Database, world: Any, now: datetime) -> None:
    for who in ("owner", "classmate"):
        world.send(who)
        claim = take(database, "a", now)
        assert claim is not None
        put_behind(database, claim, now)
    assert take(database, "a", now) is not None
    assert take(database, "b", now) is None
    assert take(database, "b", now, most_lengthy=2) is not None


@pytest.mark.parametrize("together", [True, False])
def test_somebody_s_many_loops_join_one_by_one(database: Database, world: Any, now: datetime, together: bool) -> None:
    loops = []
    for number in range(3):
        loops.append(world.send("owner", b"%d" % number, now=now).job_id)
        claim = take(database, "a", now)
        assert claim is not None
        put_behind(database, claim, now)
        if not together:
            with database.writing() as session:
                assert fairness.take_along(session, now + 2 * fairness.PATIENCE) == 1
    later = now + 2 * fairness.PATIENCE
    right = world.send("classmate", now=later)
    if together:
        with database.writing() as session:
            assert fairness.take_along(session, later) == 3
    taken = [take(database, "a", later, most_lengthy=9) for _ in range(4)]
    order = [claim.job_id for claim in taken if claim is not None]
    assert set(order[:2]) == {loops[0], right.job_id}
    assert order[2:] == loops[1:]


def test_after_a_minute_it_takes_its_turn_like_everybody_s(database: Database, world: Any, now: datetime) -> None:
    loop = world.send("owner", now=now)
    claim = take(database, "a", now)
    assert claim is not None
    put_behind(database, claim, now)
    later = now + fairness.PATIENCE + timedelta(seconds=1)
    for number in range(3):
        world.send("classmate", b"%d" % number, now=later)
    with database.writing() as session:
        assert fairness.any_impatient(session, later)
        assert fairness.take_along(session, later) == 1
        assert not fairness.any_impatient(session, later)
    claim = take(database, "a", later)
    assert claim is not None
    assert claim.job_id == loop.job_id

"""Endless loops of many people do not keep right answers waiting, and change no verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import questions
from grader.errors import BankFault
from grader.examiner.spec import Scope, spec_of
from grader.verdict import Program, ProgramStatus, Status, Verdict
from questions.model import Item
from webapp.models import Database, Job
from webapp.queue import rows
from webapp.queue.first_tries import FIRST_SECONDS, SURE_SECONDS, FirstTries

LEASE = timedelta(seconds=10)


@pytest.fixture(scope="module")
def item() -> Item:
    """A coding item with ten seconds."""
    bank = questions.load_bank(Path(__file__).parent / "small_bank.md")
    return next(item for item in bank.items if item.tests is not None)


class Stopwatch:
    """A clock that stands still, and a grader under which it moves."""

    def __init__(self, verdict: Callable[[Item], Verdict], seconds: float = 0.01) -> None:
        self.now = 0.0
        self.asked: list[Item] = []
        self._verdict, self._seconds = verdict, seconds

    def grade(
        self, item: Item, content: bytes, *, seed: int, scope: Scope, program: bool = False, variant: Any = None
    ) -> Verdict:
        self.asked.append(item)
        self.now += self._seconds
        return self._verdict(item)

    def first_try(self, item: Item, tries: FirstTries | None = None) -> Verdict | None:
        tries = tries or FirstTries(lambda: self.now)
        return tries.grade(self, item, b"", seed=0, scope=Scope.ALL)


def take(database: Database, owner: str, now: datetime, most_lengthy: int = 1) -> rows.Claim | None:
    with database.writing() as session:
        return rows.claim(session, owner, now, LEASE, most_lengthy)


def put_behind(database: Database, claim: rows.Claim, now: datetime) -> None:
    with database.writing() as session:
        assert rows.give_back(session, claim, now, timedelta(0), count=False, lengthy=True)


def test_a_first_try_gets_a_tenth_of_a_second_and_its_verdict_is_the_item_s(item: Item, pretend: Any) -> None:
    for status in (Status.PASSED, Status.PARTIAL, Status.FAILED, Status.ERROR, Status.MEMORY, Status.CRASHED):
        judge = Stopwatch(lambda asked, status=status: pretend(asked, 0, 0.5, status))
        verdict = judge.first_try(item)
        assert [asked.limits.seconds for asked in judge.asked] == [FIRST_SECONDS]
        assert verdict is not None
        assert (verdict.status, verdict.revision) == (status, item.revision)


def test_a_first_try_that_met_its_limit_tells_nothing(item: Item, pretend: Any) -> None:
    assert Stopwatch(lambda asked: pretend(asked, 0, 0.0, Status.TIMEOUT)).first_try(item) is None


def test_where_the_suite_may_have_met_a_shorter_limit_only_full_marks_count(item: Item, pretend: Any) -> None:
    """A diagnosis that runs out of time is left out, and a suite that does is the bank's fault."""
    brief = replace(item, limits=replace(item.limits, seconds=FIRST_SECONDS))
    assert spec_of(brief).suite_seconds >= SURE_SECONDS
    assert Stopwatch(lambda asked: pretend(asked, 0, 0.5), SURE_SECONDS).first_try(item) is None
    assert Stopwatch(lambda asked: pretend(asked, 0, 1.0), SURE_SECONDS).first_try(item) is not None

    def fault(_asked: Item) -> Verdict:
        raise BankFault("its tests ran for more than 2.2 s of their own")

    assert Stopwatch(fault).first_try(item) is None


def test_an_item_whose_right_answers_need_longer_gives_first_tries_longer(item: Item, pretend: Any) -> None:
    judge = Stopwatch(lambda asked: pretend(asked, 0))
    tries = FirstTries(lambda: judge.now)
    tries.learn(item, pretend(item, 0, 0.0, Status.TIMEOUT))  # an endless loop teaches nothing
    for _ in range(6):
        judge.first_try(item, tries)
        tries.learn(item, pretend(item, 0))
    allowed = [asked.limits.seconds for asked in judge.asked]
    assert allowed == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.6, 10.0])  # more than a quarter saves nothing
    assert judge.asked[-1] == item


def test_a_program_that_met_the_short_limit_is_run_again_whole_and_teaches_nothing(item: Item, pretend: Any) -> None:
    def ran(status: ProgramStatus) -> Callable[[Item], Verdict]:
        return lambda asked: replace(pretend(asked, 0), program=Program(status))

    assert Stopwatch(ran(ProgramStatus.TIMEOUT)).first_try(item) is None
    assert Stopwatch(ran(ProgramStatus.ERROR)).first_try(item) is not None
    judge = Stopwatch(ran(ProgramStatus.FINISHED))
    tries = FirstTries(lambda: judge.now)
    tries.learn(item, ran(ProgramStatus.FINISHED)(item))  # it may have been the program that took long
    judge.first_try(item, tries)
    assert [asked.limits.seconds for asked in judge.asked] == [FIRST_SECONDS]


def test_what_has_no_suite_and_what_is_short_anyway_is_judged_at_once(item: Item, pretend: Any) -> None:
    short = replace(item, limits=replace(item.limits, seconds=0.2))
    for asked in (short, replace(item, tests=None)):
        judge = Stopwatch(lambda asked: pretend(asked, 0, 0.0, Status.TIMEOUT))
        assert judge.first_try(asked) is not None
        assert judge.asked == [asked]


def test_what_needs_longer_comes_after_every_first_try(database: Database, world: Any, now: datetime) -> None:
    loop, right = world.send("owner"), world.send("classmate")
    claim = take(database, "a", now)
    assert claim is not None
    assert claim.job_id == loop.job_id
    put_behind(database, claim, now)
    with database.reading() as session:
        assert rows.position(session, session.get_one(Job, loop.job_id)) == 2
        assert rows.position(session, session.get_one(Job, right.job_id)) == 1
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


def test_after_a_minute_it_takes_its_turn_like_everybody_s(database: Database, world: Any, now: datetime) -> None:
    loop = world.send("owner", now=now)
    claim = take(database, "a", now)
    assert claim is not None
    put_behind(database, claim, now)
    later = now + rows.PATIENCE + timedelta(seconds=1)
    for number in range(3):
        world.send("classmate", b"%d" % number, now=later)
    taken = [take(database, "a", later + timedelta(seconds=number)) for number in range(3)]
    assert [claim.job_id for claim in taken if claim is not None][1] == loop.job_id

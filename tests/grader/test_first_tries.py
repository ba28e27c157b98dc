"""A little processor time for everybody first changes no verdict, and grows where right answers need more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from grader.errors import BankFault
from grader.examiner.spec import Scope, spec_of
from grader.first_tries import FIRST_SECONDS, SURE_SECONDS, FirstTries
from grader.verdict import Program, ProgramStatus, Status, Verdict
from questions.model import Item


@pytest.fixture
def item(make_item: Callable[..., Item]) -> Item:
    """A coding item with ten seconds."""
    return make_item()


def pretend(item: Item, status: Status = Status.PASSED) -> Verdict:
    """A verdict with that status."""
    return Verdict(f"{item.bank}/{item.id}", item.revision, item.suite, "0", 0, status, 0.0, item.points)


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


def test_a_first_try_gets_a_tenth_of_a_second_and_its_verdict_is_the_item_s(item: Item) -> None:
    for status in (Status.PASSED, Status.PARTIAL, Status.FAILED, Status.ERROR, Status.MEMORY, Status.CRASHED):
        judge = Stopwatch(lambda asked, status=status: pretend(asked, status))
        verdict = judge.first_try(item)
        assert [asked.limits.seconds for asked in judge.asked] == [FIRST_SECONDS]
        assert verdict is not None
        assert (verdict.status, verdict.revision) == (status, item.revision)


def test_a_first_try_that_met_its_limit_tells_nothing(item: Item) -> None:
    assert Stopwatch(lambda asked: pretend(asked, Status.TIMEOUT)).first_try(item) is None


def test_where_the_suite_may_have_met_a_shorter_limit_only_full_marks_count(item: Item) -> None:
    """A diagnosis that runs out of time is left out, and a suite that does is the bank's fault."""
    brief = replace(item, limits=replace(item.limits, seconds=FIRST_SECONDS))
    assert spec_of(brief).suite_seconds >= SURE_SECONDS
    assert Stopwatch(lambda asked: pretend(asked, Status.PARTIAL), SURE_SECONDS).first_try(item) is None
    assert Stopwatch(lambda asked: pretend(asked), SURE_SECONDS).first_try(item) is not None

    def fault(_asked: Item) -> Verdict:
        raise BankFault("its tests ran for more than 2.2 s of their own")

    assert Stopwatch(fault).first_try(item) is None


def test_an_item_whose_right_answers_need_longer_gives_first_tries_longer(item: Item) -> None:
    judge = Stopwatch(lambda asked: pretend(asked))
    tries = FirstTries(lambda: judge.now)
    tries.learn(item, pretend(item, Status.TIMEOUT))  # an endless loop teaches nothing
    for _ in range(6):
        judge.first_try(item, tries)
        tries.learn(item, pretend(item))
    allowed = [asked.limits.seconds for asked in judge.asked]
    assert allowed == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.6, 10.0])  # more than a quarter saves nothing
    assert judge.asked[-1] == item


def test_a_program_that_met_the_short_limit_is_run_again_whole_and_teaches_nothing(item: Item) -> None:
    def ran(status: ProgramStatus) -> Callable[[Item], Verdict]:
        return lambda asked: replace(pretend(asked), program=Program(status))

    assert Stopwatch(ran(ProgramStatus.TIMEOUT)).first_try(item) is None
    assert Stopwatch(ran(ProgramStatus.ERROR)).first_try(item) is not None
    judge = Stopwatch(ran(ProgramStatus.FINISHED))
    tries = FirstTries(lambda: judge.now)
    tries.learn(item, ran(ProgramStatus.FINISHED)(item))  # it may have been the program that took long
    judge.first_try(item, tries)
    assert [asked.limits.seconds for asked in judge.asked] == [FIRST_SECONDS]


def test_what_has_no_suite_and_what_is_short_anyway_is_judged_at_once(item: Item) -> None:
    short = replace(item, limits=replace(item.limits, seconds=0.2))
    for asked in (short, replace(item, tests=None)):
        judge = Stopwatch(lambda asked: pretend(asked, Status.TIMEOUT))
        assert judge.first_try(asked) is not None
        assert judge.asked == [asked]

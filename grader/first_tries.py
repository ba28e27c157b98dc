"""First tries: everybody gets a little processor time at once, and more only behind those who wait for their little.

An endless loop costs all the processor time of its item.  A hundred of them at a deadline would keep right answers,
which take hundredths of a second, waiting for minutes.  How long a submission takes is known only by trying.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from grader.errors import BankFault

if TYPE_CHECKING:
    from grader.grading import Scope
    from grader.verdict import Verdict
    from questions.model import Item

FIRST_SECONDS = 0.1
"""Processor time of a first try: twice what a right answer of the shipped bank takes."""
SURE_SECONDS = 2.0
"""A suite may use this much for itself however short the item's limit (`SuiteSpec.suite_seconds`)."""


class Judge(Protocol):
    """What is needed of a grader."""

    def grade(
        self,
        item: Item,
        content: bytes,
        *,
        seed: int,
        scope: Scope,
        program: bool = False,
        variant: Mapping[str, Any] | None = None,
    ) -> Verdict: ...

    def variants(self, item: Item) -> list[dict[str, Any]]: ...


class FirstTries:
    """Grades with little processor time, and learns for which items that is too little.  One for each who grades."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seconds: dict[str, float] = {}

    def grade(
        self,
        judge: Judge,
        item: Item,
        content: bytes,
        *,
        seed: int,
        scope: Scope,
        program: bool = False,
        variant: Mapping[str, Any] | None = None,
    ) -> Verdict | None:
        """The verdict that the whole time would give too, or None when only the whole time can tell.

        Full marks are full marks.  Anything else counts only when no limit that is shorter than the item's own can have
        been met: not the candidate's, not that of the program of a run, and, by the clock, not the suite's.
        """
        brief = self._brief(item)
        if brief is None:
            return judge.grade(item, content, seed=seed, scope=scope, program=program, variant=variant)
        started = self._clock()
        try:
            verdict = judge.grade(brief, content, seed=seed, scope=scope, program=program, variant=variant)
        except BankFault:  # perhaps only of the shorter limit
            return None
        if verdict.program is not None and verdict.program.status == "timeout":
            return None
        sure = verdict.status == "passed" or (verdict.status != "timeout" and self._clock() - started < SURE_SECONDS)
        return replace(verdict, revision=item.revision) if sure else None

    def learn(self, item: Item, verdict: Verdict) -> None:
        """A second try came to an end: where it earned full marks, first tries of its item get twice the time.

        Not that of a run: it may have been the program that took long.
        """
        if verdict.status == "passed" and verdict.program is None:
            self._seconds[item.revision] = 2 * self._seconds.get(item.revision, FIRST_SECONDS)

    def _brief(self, item: Item) -> Item | None:
        """The item with a first try's limit, under a name of its own in the grader; None where that saves nothing."""
        seconds = self._seconds.get(item.revision, FIRST_SECONDS)
        if item.tests is None or seconds > item.limits.seconds / 4:
            return None
        return replace(item, revision=f"{item.revision} {seconds:g} s", limits=replace(item.limits, seconds=seconds))

"""What a run has come to, submission by submission; of many verdicts only some are held in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from grader.bulk.journal import Journal
from grader.bulk.model import Graded, Submission
from grader.bulk.problems import NO_PROBLEM, Problem, no_item
from grader.bulk.sources import Source
from grader.verdict import Verdict

HELD_BYTES = 64 * 2**20
"""Of the documents whose verdicts stay in memory, where they take up three times as much."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Of one submission: the key of its verdict, or why there is none."""

    key: str = ""
    problem: Problem = NO_PROBLEM
    same_as: str = ""


class Results(Sequence[Graded]):
    """Every submission that is graded, in the order of the input; what is not yet graded is left out."""

    def __init__(self, submissions: Sequence[Submission], journal: Journal) -> None:
        self._submissions = submissions
        self._journal = journal
        self._outcomes: dict[int, _Outcome] = {
            place: _Outcome(problem=each.problem or no_item())
            for place, each in enumerate(submissions)
            if each.problem or each.item is None
        }
        self._order: list[int] | None = None
        self._held: OrderedDict[str, tuple[Verdict, int]] = OrderedDict()
        self._bytes = 0

    def judged(self, source: Source, verdict: Verdict, size: int) -> None:
        """A source has its verdict, whose document has so many bytes; the journal has it, too."""
        self._settle(source, source.key)
        self._hold(source.key, verdict, size)

    def failed(self, source: Source, problem: Problem) -> None:
        """There is no verdict of this source."""
        self._settle(source, "", problem)

    def at(self, place: int) -> Graded | None:
        """What became of the submission at this place of the input, if anything yet."""
        outcome = self._outcomes.get(place)
        if outcome is None:
            return None
        verdict = self._verdict(outcome.key) if outcome.key else None
        return Graded(self._submissions[place], verdict, outcome.problem, outcome.same_as)

    def failures(self) -> list[Graded]:
        """Those without a verdict, in the order of the input."""
        failed = sorted(place for place, outcome in self._outcomes.items() if not outcome.key)
        return [found for place in failed if (found := self.at(place)) is not None]

    def __len__(self) -> int:
        return len(self._outcomes)

    @overload
    def __getitem__(self, index: int) -> Graded: ...

    @overload
    def __getitem__(self, index: slice) -> list[Graded]: ...

    def __getitem__(self, index: int | slice) -> Graded | list[Graded]:
        if self._order is None or len(self._order) != len(self._outcomes):
            self._order = sorted(self._outcomes)
        if isinstance(index, slice):
            return [self[each] for each in range(len(self._order))[index]]
        found = self.at(self._order[index])
        assert found is not None
        return found

    def _settle(self, source: Source, key: str, problem: Problem = NO_PROBLEM) -> None:
        first = source.submission.path
        for place in source.places:
            self._outcomes[place] = _Outcome(key, problem, "" if place == source.places[0] else first)

    def _verdict(self, key: str) -> Verdict:
        if (held := self._held.get(key)) is not None:
            return held[0]
        return self._journal.verdict(key)

    def _hold(self, key: str, verdict: Verdict, size: int) -> None:
        self._held[key] = (verdict, size)
        self._bytes += size
        while self._bytes > HELD_BYTES:
            self._bytes -= self._held.popitem(last=False)[1][1]

"""Rounds: in each, every contender in turn judges the same submissions, one by one and then several at once.

Taking turns makes the machine's noise hit all alike; ratios are taken within a round, and of those the median.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.bench.contenders import CannotRun, Contender, Lane
from tests.bench.mix import Submission


@dataclass(frozen=True, slots=True)
class Timed:
    """One submission, judged alone."""

    submission: Submission
    seconds: float


@dataclass(slots=True)
class Tally:
    """What was seen of one contender."""

    name: str
    alone: list[Timed] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)
    """Submissions a second with every lane busy, once a round."""
    judged: int = 0
    wrong_passed: set[str] = field(default_factory=set)
    right_failed: set[str] = field(default_factory=set)

    def note(self, submission: Submission, passed: bool) -> None:
        """Keep an outcome."""
        self.judged += 1
        if passed and not submission.right:
            self.wrong_passed.add(submission.label)
        if submission.right and not passed:
            self.right_failed.add(submission.label)


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values) - 1e-9) - 1)]


def median_ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """The median of the rounds' ratios."""
    return statistics.median(a / b for a, b in zip(over, under, strict=True))


def take_turns(
    contenders: Sequence[Contender],
    mix: Sequence[Submission],
    *,
    rounds: int,
    slow_alone: int,
    slow_at_once: int,
    tell: Callable[[str], None],
) -> list[Tally]:
    """`rounds` rounds over the whole mix; slow contenders take a part of it, another one each round."""
    tallies = [Tally(contender.name) for contender in contenders]
    for number in range(rounds):
        turn = number % len(contenders)
        pairs = list(zip(contenders, tallies, strict=True))
        for contender, tally in pairs[turn:] + pairs[:turn]:
            tell(f"round {number + 1} of {rounds}: {contender.name}")
            if contender.slow:
                shift = number * (slow_alone + slow_at_once) % len(mix)
                own = [*mix[shift:], *mix[:shift]]
                alone, at_once = own[:slow_alone], own[slow_alone : slow_alone + slow_at_once]
            else:
                alone = at_once = list(mix)
            for submission in alone:
                tally.alone.append(_timed(contender.lanes[0], submission, tally))
            tally.per_second.append(_at_once(contender, at_once, tally))
    return tallies


def warm(contender: Contender, mix: Sequence[Submission]) -> None:
    """One right answer for a slow contender; for a fast one every item, right and wrong, in every lane.

    Who fails the right ones is broken, and quick for no other reason: `CannotRun`.
    """
    wanted = {(submission.item.id, submission.right): submission for submission in mix}
    some = sorted(wanted.values(), key=lambda submission: not submission.right)  # stable: right ones first
    for lane in contender.lanes:
        for submission in some[:1] if contender.slow else some:
            if not lane(submission) and submission.right:
                raise CannotRun(f"it fails {submission.label}, which is right")


def _timed(lane: Lane, submission: Submission, tally: Tally) -> Timed:
    started = time.perf_counter()
    passed = lane(submission)
    seconds = time.perf_counter() - started
    tally.note(submission, passed)
    return Timed(submission, seconds)


def _at_once(contender: Contender, submissions: Sequence[Submission], tally: Tally) -> float:
    """Submissions a second: each lane takes the next one as soon as it is free."""
    left = iter(submissions)

    def work(lane: Lane) -> list[tuple[Submission, bool]]:
        return [(submission, lane(submission)) for submission in left]

    started = time.perf_counter()
    with ThreadPoolExecutor(len(contender.lanes)) as pool:
        outcomes = list(pool.map(work, contender.lanes))
    seconds = time.perf_counter() - started
    for lane in outcomes:
        for submission, passed in lane:
            tally.note(submission, passed)
    return len(submissions) / seconds

"""What a regrade would change, and how much: pure decisions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from webapp.marks.giving import share_of
from webapp.models import Source

CLOSE = 1e-6
MOST_BINS = 15
NICE = (0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0)


class LineState(StrEnum):
    """What became of one submission of a regrade."""

    OPEN = "open"
    CHOSEN = "chosen"
    APPLIED = "applied"
    OVERTAKEN = "overtaken"
    LEFT = "left"

    @property
    def undecided(self) -> bool:
        """Whether somebody may still choose it."""
        return self in (LineState.OPEN, LineState.OVERTAKEN)


class Group(StrEnum):
    """How a new verdict compares with the mark that counts."""

    BETTER = "better"
    WORSE = "worse"
    GRADED = "graded"
    """It could not be graded before, and now it could."""
    SAME = "same"
    CHANGED = "changed"
    """Its mark has become another one since it was graded anew."""
    HELD = "held"
    """A person decided its mark."""
    UNGRADABLE = "ungradable"
    WAITING = "waiting"


CHOSEN_AT_FIRST = (Group.BETTER, Group.GRADED, Group.WORSE)
CHOOSABLE = (*CHOSEN_AT_FIRST, Group.SAME, Group.CHANGED, Group.HELD)
"""What can be applied at all."""


@dataclass(frozen=True, slots=True)
class MarkThen:
    """A mark at one moment; points are those of the assignment, lateness taken off."""

    score: float
    share: float
    status: str
    review: bool
    source: str
    reason: str
    verdict: int

    def to_json(self) -> dict[str, Any]:
        """As a line keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> MarkThen:
        """As it was kept."""
        return cls(**kept)

    def differs(self, other: MarkThen) -> bool:
        """Whether somebody or something gave another mark; points alone move with dates and penalties."""
        mine, theirs = ((m.verdict, m.share, m.status, m.review, m.source, m.reason) for m in (self, other))
        return mine != theirs


@dataclass(frozen=True, slots=True)
class NewVerdict:
    """What a regrade's job came to."""

    job_id: int
    status: str
    score: float
    max_score: float
    review: bool
    points: float
    """In the assignment's points, lateness taken off."""

    @property
    def share(self) -> float:
        """Which part of the item's points it earns."""
        return share_of(self.score, self.max_score)


def group_of(state: LineState, before: MarkThen | None, now: MarkThen | None, new: NewVerdict | None) -> Group:
    """Where one line belongs.  What was applied or left is compared with how it was then."""
    if before is None or new is None:
        return Group.WAITING
    if new.status == "ungradable":
        return Group.UNGRADABLE
    if state.undecided:
        if now is None or state is LineState.OVERTAKEN or before.differs(now):
            return Group.CHANGED
        if now.source != Source.GRADER:
            return Group.HELD
    if before.status == "ungradable":
        return Group.GRADED
    settled = state in (LineState.APPLIED, LineState.LEFT)
    difference = new.points - (before if settled or now is None else now).score
    if abs(difference) < CLOSE:
        return Group.SAME
    return Group.BETTER if difference > 0 else Group.WORSE


def is_news(before: MarkThen, after: float, status: str) -> bool:
    """Whether a student is to be told that this became their mark."""
    return abs(before.score - after) >= CLOSE or before.status != status or before.source != Source.GRADER


@dataclass(frozen=True, slots=True)
class Bin:
    """Differences from `low` (exclusive, unless negative) to `high`, of which nought stands by itself."""

    low: float
    high: float
    count: int

    @property
    def nought(self) -> bool:
        """Whether these change nothing."""
        return self.low == self.high == 0


def distribution(differences: Sequence[float]) -> tuple[Bin, ...]:
    """How many points how many submissions gain or lose, in steps of one size; nought has a bin of its own."""
    if not differences:
        return ()
    low, high = min(*differences, 0.0), max(*differences, 0.0)
    step = next((size for size in NICE if (high - low) / size <= MOST_BINS - 1), (high - low) / (MOST_BINS - 1) or 1.0)
    counts = Counter(_place(difference, step) for difference in differences)
    below = math.floor(low / step + CLOSE) if low < -CLOSE else 0
    above = math.ceil(high / step - CLOSE) if high > CLOSE else 0
    return tuple(_bin(place, step, counts[place]) for place in range(below, above + 1))


def _place(difference: float, step: float) -> int:
    """0 for none, 1 for more than none and up to a step, -1 for the same below."""
    if abs(difference) < CLOSE:
        return 0
    steps = difference / step
    return math.ceil(steps - CLOSE) if difference > 0 else math.floor(steps + CLOSE)


def _bin(place: int, step: float, count: int) -> Bin:
    if place == 0:
        return Bin(0.0, 0.0, count)
    edges = sorted(((place - (1 if place > 0 else -1)) * step, place * step))
    return Bin(edges[0], edges[1], count)

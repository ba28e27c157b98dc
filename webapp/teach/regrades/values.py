"""What the pages of regrades are given; see docs/web.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from webapp.learn.edits import Difference
from webapp.regrading.comparing import Group
from webapp.regrading.grading import Judged
from webapp.regrading.lines import Line


class Stage(StrEnum):
    """Where a regrade is, as somebody sees it."""

    GRADING = "grading"
    DECIDING = "deciding"
    APPLYING = "applying"
    FINISHED = "finished"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class RegradeRow:
    """A regrade in a list."""

    id: int
    created_at: datetime
    actor: str
    reason: str
    titles: tuple[str, ...]
    stage: Stage
    total: int
    judged: int
    applied: int


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A revision of an item beside the one that is pinned."""

    hash: str
    created_at: datetime
    author: str
    message: str
    is_pinned: bool
    is_newest: bool
    same_suite: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many submissions a scope takes."""

    counting: int = 0
    all: int = 0
    ungradable: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.counting + other.counting, self.all + other.all, self.ungradable + other.ungradable)


@dataclass(frozen=True, slots=True)
class ItemChoice:
    """An item that can be graded once more."""

    id: int
    title: str
    assignment_id: int
    assignment_title: str
    pinned: RevisionView
    newest: RevisionView
    counts: Counts


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """An item that was chosen, the revision for it, and what that changes."""

    choice: ItemChoice
    revisions: tuple[RevisionView, ...]
    chosen: RevisionView
    difference: Difference
    variants_differ: bool


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many lines are in a group, and what they gain or lose together."""

    group: Group
    count: int
    undecided: int
    points: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the distribution; `share` of the longest bar in per cent."""

    low: float
    high: float
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Row:
    """One submission of the table."""

    line: Line
    title: str
    points: float


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the table is looked at."""

    group: str = ""
    item: int | None = None
    words: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class RegradePage:
    """A regrade in any stage; the table only once everything is judged."""

    id: int
    reason: str
    scope: str
    actor: str
    created_at: datetime
    finished_at: datetime | None
    stage: Stage
    judged: Judged
    poll_after_ms: int
    stalled: bool
    """Nobody is at it, and nobody will be unless somebody asks."""
    chosen_left: int
    titles: tuple[tuple[int, str], ...]
    moved: tuple[str, ...]
    """The items whose assignment still asks another revision."""
    groups: tuple[GroupCount, ...] = ()
    bars: tuple[Bar, ...] = ()
    gained: int = 0
    lost: int = 0
    rows: tuple[Row, ...] = ()
    found: int = 0
    pages: int = 1
    filters: Filters = Filters()
    shown_at: str = ""

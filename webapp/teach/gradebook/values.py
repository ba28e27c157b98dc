"""What a gradebook is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Group(StrEnum):
    """What one can look for: cells that are alike.  A cell may be in several."""

    NEW = "not-started"
    WAITING = "waiting"
    UNREAD = "to-be-read"
    FAILED = "failed"
    PARTIAL = "partial"
    PASSED = "passed"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Column:
    """An item."""

    id: int
    title: str
    points: float


@dataclass(frozen=True, slots=True)
class Part:
    """An assignment and its items."""

    id: int
    title: str
    practice: bool
    columns: tuple[Column, ...]

    @property
    def points(self) -> float:
        """What it gives towards the course; practice gives nothing."""
        return 0.0 if self.practice else sum(column.points for column in self.columns)


@dataclass(frozen=True, slots=True)
class Person:
    """A student of the course; `number` is what the school calls them."""

    id: int
    name: str
    email: str
    number: str

    @property
    def shown_name(self) -> str:
        """The name, or else the address."""
        return self.name or self.email


class Cell(NamedTuple):
    """One student's standing at one item.  Rows of the database become these by the ten thousand."""

    item_id: int
    user_id: int
    submission_id: int | None
    status: str
    score: float | None
    review: bool
    late: bool
    used: int

    def groups(self) -> tuple[Group, ...]:
        """What it can be found by."""
        return _GROUPS[self.status, bool(self.review), bool(self.late)]


_GROUPS = {
    (status, review, late): (group,) + (Group.UNREAD,) * review + (Group.LATE,) * late
    for status, group in {
        "new": Group.NEW,
        "waiting": Group.WAITING,
        "failed": Group.FAILED,
        "partial": Group.PARTIAL,
        "passed": Group.PASSED,
    }.items()
    for review in (False, True)
    for late in (False, True)
}

Cells = Mapping[int, Mapping[int, Cell]]
"""By user, then by item; what was never tried is not there."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page or a file is made from: columns, people in order, and their cells."""

    course_id: int
    title: str
    parts: tuple[Part, ...]
    people: tuple[Person, ...]
    cells: Cells

    @property
    def columns(self) -> tuple[Column, ...]:
        """All items, assignment by assignment."""
        return tuple(column for part in self.parts for column in part.columns)


@dataclass(frozen=True, slots=True)
class Tally:
    """How a class stands with one item: the mean of those who have points, the share of all who have solved it."""

    mean: float | None
    solved: float | None


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell on a page: its look, its address, its words."""

    look: str
    url: str
    words: str
    text: str


@dataclass(frozen=True, slots=True)
class RowView:
    """A student on a page; `cells` has the subtotals, as text, before the items of their assignment."""

    person: Person
    total: float
    cells: tuple[CellView | str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a column and below it."""

    key: str
    """What it is sorted by: `name`, `total`, `a3` (an assignment), `i17` (an item)."""
    title: str
    points: float
    practice: bool
    is_part: bool
    tally: Tally
    url: str
    order: str
    """How the page is sorted by it, as aria-sort says it; empty when it is not."""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item on a student's page."""

    id: int
    title: str
    points: float
    status: str
    score: float | None
    used: int
    limit: int | None
    pending: int
    late: bool
    review: bool
    submission_id: int | None
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PartLines:
    """One assignment on a student's page, with this student's own dates."""

    id: int
    title: str
    practice: bool
    due_at: datetime | None
    closes_at: datetime | None
    extended: bool
    score: float
    points: float
    lines: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class SentRow:
    """One judging of one submission of a student."""

    id: int
    item_title: str
    created_at: datetime
    purpose: str
    status: str | None
    score: float | None
    max_score: float | None
    counts: bool
    review: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Link:
    """The way to what else can be done about a student; `post` where a click changes something."""

    url: str
    label: str
    post: bool

"""What the pages of assignments are given; see docs/web.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.teach.assignments.words import Detail


@dataclass(frozen=True, slots=True)
class Clock:
    """A time on the course's clocks; `over`: it is past."""

    at: datetime
    text: str
    over: bool


@dataclass(frozen=True, slots=True)
class Zone:
    """Where the course's times are meant, and what its clocks show now."""

    key: str
    now: str
    here: str
    """What the reader's clocks show now, where that is something else."""


@dataclass(frozen=True, slots=True)
class DatesShown:
    """The dates of an assignment and where now lies between them."""

    state: str
    opens: Clock | None
    due: Clock | None
    closes: Clock | None


@dataclass(frozen=True, slots=True)
class Line:
    """An assignment in the list of a course."""

    id: int
    key: str
    title: str
    dates: DatesShown
    practice: bool
    late_penalty: float
    counts: str
    items: int
    points: float
    begun: int
    extensions: int
    newer: int
    """Items of which the bank has another revision."""


@dataclass(frozen=True, slots=True)
class TakenOut:
    """Something that was taken out and can come back."""

    id: int
    title: str
    submissions: int
    removed_at: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """The assignments of a course."""

    course_id: int
    key: str
    zone: Zone
    students: int
    lines: tuple[Line, ...]
    taken_out: tuple[TakenOut, ...]
    may_edit: bool


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item of an assignment, in its order."""

    id: int
    name: str
    title: str
    kind: str
    points: str
    attempts: str
    is_open: bool
    bank_points: float
    begun: int
    submissions: int
    newer: str
    revision: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """Something that was changed, by whom, and whether it can be undone."""

    id: int
    at: datetime
    who: str
    sign: str
    about: str
    """The item or the student; the assignment itself where it is empty."""
    extension: bool
    details: tuple[Detail, ...]
    undoable: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """An assignment with everything one may do with it, but for the texts of its forms."""

    id: int
    course_id: int
    key: str
    title: str
    zone: Zone
    dates: DatesShown
    practice: bool
    items: tuple[ItemLine, ...]
    taken_out: tuple[TakenOut, ...]
    students: int
    begun: int
    submissions: int
    extensions: int
    changes: tuple[ChangeLine, ...]
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that two people have changed: as it was, as somebody else has made it, as it was typed."""

    label: str
    before: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class MovedRow:
    """Points of somebody at an item, before and after."""

    name: str
    item: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What saving would do to marks, said before it is done."""

    marks: int
    students: int
    up: int
    down: int
    rows: tuple[MovedRow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ExtensionLine:
    """One student's own dates."""

    user_id: int
    name: str
    email: str
    due: Clock | None
    closes: Clock | None
    reason: str
    idle: bool
    """The assignment itself has been moved as far since."""
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Choice:
    """An item of a bank that may be added."""

    value: str
    name: str
    title: str
    kind: str
    points: float
    skills: tuple[str, ...]
    servable: bool
    proved: bool | None
    """None: nobody has proved this revision here."""
    faults: tuple[str, ...]
    asked: bool
    """It is in this assignment already."""
    elsewhere: tuple[str, ...]
    """Other assignments of the course that ask it."""

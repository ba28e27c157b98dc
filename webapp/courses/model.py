"""What a course's file says, as values.  A `line` is where it says it, for what is found out later."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from questions.model import Fault
from webapp.models import Role


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a course.  An empty name is not said; `external_id` is what the school calls them."""

    email: str
    name: str
    role: Role
    external_id: str | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """An item of an assignment; without points it has those of its bank, without attempts it is unlimited."""

    bank: str
    item: str
    attempts: int | None = None
    points: float | None = None
    is_open: bool = False
    line: int = field(default=0, compare=False)

    @property
    def name(self) -> str:
        """As a file writes it."""
        return f"{self.bank}/{self.item}"


@dataclass(frozen=True, slots=True)
class ExtensionEntry:
    """One student's own dates."""

    email: str
    due_at: datetime | None
    closes_at: datetime | None
    reason: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class AssignmentEntry:
    """An assignment; `late_penalty` is a share from 0 to 1."""

    key: str
    title: str
    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    late_penalty: float = 0.0
    counts: Literal["best", "last"] = "best"
    practice: bool = False
    items: tuple[ItemEntry, ...] = ()
    extensions: tuple[ExtensionEntry, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class CourseEntry:
    """A whole course."""

    key: str
    title: str
    zone: str
    join_code: str | None = None
    people: tuple[Person, ...] = ()
    assignments: tuple[AssignmentEntry, ...] = ()
    path: str | None = None
    """The path of a bank that its map follows, as `bank/path`."""
    line: int = field(default=1, compare=False)
    path_line: int = field(default=1, compare=False)
    code_line: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was read: what could be understood of it, and every fault."""

    course: CourseEntry
    faults: tuple[Fault, ...]

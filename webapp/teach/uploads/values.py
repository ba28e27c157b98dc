"""What the pages of uploads show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ItemChoice:
    """An item that files can be handed in for."""

    id: int
    title: str
    points: float


@dataclass(frozen=True, slots=True)
class AssignmentChoice:
    """An assignment's items that files can be handed in for."""

    title: str
    items: tuple[ItemChoice, ...]


@dataclass(frozen=True, slots=True)
class UploadRow:
    """One line of the list of uploads; of those that are confirmed, how many are judged."""

    id: int
    name: str
    item_title: str
    actor: str
    state: str
    created_at: datetime
    files: int
    sent: int
    judged: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the roster."""

    id: int
    name: str
    email: str
    number: str

    @property
    def label(self) -> str:
        """What stands in the field, and is read back from it."""
        return f"{self.name} <{self.email}>" if self.name else self.email


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file before anything is submitted."""

    id: int
    path: str
    who: Person | None
    why: str
    suggested: tuple[Person, ...]
    problem: str
    remarks: tuple[str, ...]
    chosen: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Double:
    """A student with several files."""

    who: Person
    rows: tuple[FileRow, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was not taken, and why."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Heading:
    """What all pages of one upload say above the rest."""

    id: int
    course_id: int
    name: str
    item_title: str
    assignment_title: str
    actor: str
    state: str
    created_at: datetime
    layout: str


@dataclass(frozen=True, slots=True)
class Preview:
    """An upload before it is confirmed."""

    heading: Heading
    nobodys: tuple[FileRow, ...]
    doubles: tuple[Double, ...]
    problems: tuple[FileRow, ...]
    ready: tuple[FileRow, ...]
    left_out: tuple[LeftOut, ...]
    missing: tuple[Person, ...]
    """Students without a file."""
    roster: tuple[Person, ...]
    count: int
    """How many would be graded."""
    warning: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the judging of a confirmed upload is; shaped like `webapp.tasks.values.TaskView`."""

    state: str
    done: int
    total: int
    per_second: float | None
    seconds_left: float | None
    finished_at: datetime | None
    poll_after_ms: int
    open: bool
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One submission of a confirmed upload."""

    submission_id: int
    path: str
    name: str
    email: str
    number: str
    status: str | None
    score: float | None
    max_score: float | None
    points: float | None
    review: bool


@dataclass(frozen=True, slots=True)
class Results:
    """A confirmed upload."""

    heading: Heading
    progress: Progress
    rows: tuple[ResultRow, ...]
    tally: tuple[tuple[str, int], ...]
    """How many ended how, the most frequent first."""
    unsent: int
    """Files that are confirmed and not submitted yet: the server ended meanwhile."""
    left: tuple[FileRow, ...]
    """Files that were not graded."""
    left_out: tuple[LeftOut, ...]
    points: float
    free: bool

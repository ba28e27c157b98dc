"""What instructors' pages are given; see docs/web.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.learn.values import AnsweredOption
from webapp.learn.verdicts import VerdictView


@dataclass(frozen=True, slots=True)
class TaughtCourse:
    """A course in a list."""

    id: int
    title: str
    students: int
    ungradable: int
    review: int
    requests: int
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class JobRow:
    """One judging, as its keeper sees it."""

    id: int
    purpose: str
    state: str
    tries: int
    status: str | None
    score: float | None
    created_at: datetime
    can_grade_again: bool


@dataclass(frozen=True, slots=True)
class TaughtSubmission:
    """A student's submission."""

    id: int
    item_id: int
    course_id: int
    course_title: str
    item_title: str
    kind: str
    created_at: datetime
    content: str
    selected: VerdictView | None
    student_name: str
    student_email: str
    student_id: int
    revision: str
    seed: int
    note: str
    jobs: tuple[JobRow, ...]
    options: tuple[AnsweredOption, ...] = ()
    bank_id: str = ""
    item: str = ""
    variant: int | None = None
    """The number of the variant that was asked."""


@dataclass(frozen=True, slots=True)
class UngradableRow:
    """What could not be graded."""

    id: int
    submission_id: int
    course_id: int
    course_title: str
    item_title: str
    student_name: str
    purpose: str
    tries: int
    note: str
    created_at: datetime
    can_grade_again: bool

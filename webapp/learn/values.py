"""What students' pages are given: frozen values, and nothing a student may not see.

Pages never get an `Item`: its reference, tests and misconceptions stay behind `webapp.learn.pages`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from markupsafe import Markup

from webapp.learn.map_values import Beside, Piece
from webapp.learn.verdicts import VerdictView
from webapp.second_look.asking import SecondLook


@dataclass(frozen=True, slots=True)
class DatesView:
    """When an assignment opens, is due and closes for the reader, where now lies, and what counts."""

    state: str
    opens_at: datetime | None
    due_at: datetime | None
    closes_at: datetime | None
    extended: bool
    late_penalty: float
    counts: str
    practice: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """The nearest time by which something of a course is wanted."""

    title: str
    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course in a list."""

    id: int
    title: str
    role: str
    items: int
    solved: int
    score: float
    points: float
    teaches: bool
    deadline: Deadline | None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item in an assignment, and how far one is with it."""

    id: int
    title: str
    section: str
    kind: str
    points: float
    score: float | None
    status: str
    attempts_used: int
    attempts_left: int | None
    has_draft: bool
    review: bool


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """An assignment with its rows; `folded` when there is nothing left to do in it, or not yet in a long course.

    One `waits` when nobody has begun it.
    """

    id: int
    title: str
    dates: DatesView
    score: float
    points: float
    solved: int
    items: tuple[ItemRow, ...]
    folded: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class ZoneNote:
    """One time, as clocks show it in the course's zone and in the reader's."""

    there: str
    course_zone: str
    here: str
    reader_zone: str


@dataclass(frozen=True, slots=True)
class CoursePage:
    """A course as one of its people sees it."""

    id: int
    title: str
    role: str
    teaches: bool
    zone_note: ZoneNote | None
    score: float
    points: float
    assignments: tuple[AssignmentView, ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The item before or after."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class ProgressView:
    """What is left of time and attempts, and what counts."""

    score: float | None
    points: float
    status: str
    attempts_used: int
    attempts_left: int | None
    attempts_max: int | None
    dates: DatesView
    review: bool


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One submission or run.  `number` counts the submissions from the first; a run has none."""

    id: int
    created_at: datetime
    purpose: str
    number: int | None
    status: str | None
    score: float | None
    max_score: float | None
    points: float | None
    """What it is worth here: in the assignment's points, lateness taken off."""
    job_id: int
    counts: bool
    review: bool
    late: bool
    selected: bool
    handed_in: bool
    """Somebody who teaches handed it in for them."""


@dataclass(frozen=True, slots=True)
class HintsView:
    """The hints that were opened, how many there are, and the number of the one that can be opened next."""

    shown: tuple[Markup, ...]
    total: int
    next: int | None


@dataclass(frozen=True, slots=True)
class OptionView:
    """One choice."""

    index: int
    html: Markup
    checked: bool


@dataclass(frozen=True, slots=True)
class AnsweredOption:
    """One option beside an answer: `right` is None, and nothing is said of it, where that is not to be told yet."""

    index: int
    html: Markup
    chosen: bool
    right: bool | None
    feedback_html: Markup


@dataclass(frozen=True, slots=True)
class TypedView:
    """What stands in the field of a number, and the unit chosen beside it."""

    text: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """The item's own answer, once it may be seen; `folded` when nobody should see it by accident."""

    folded: bool
    answer_html: Markup
    explanation_html: Markup
    reference: str
    options: tuple[AnsweredOption, ...] = ()
    values: tuple[str, ...] = ()
    papers: tuple[tuple[Piece, ...], ...] = ()
    """What the item comes from."""


@dataclass(frozen=True, slots=True)
class ReadingView:
    """A passage to read on; `id` is what a diagnosis names."""

    id: str
    title: str
    html: Markup


@dataclass(frozen=True, slots=True)
class LimitsView:
    """What a submission may use."""

    seconds: float
    memory_mb: int


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Everything on an item's page; see docs/web.md."""

    id: int
    course_id: int
    course_title: str
    assignment_title: str
    title: str
    section: str
    kind: str
    points: float
    skills: tuple[str, ...]
    previous: Neighbour | None
    next: Neighbour | None
    question_html: Markup
    hints: HintsView
    readings: tuple[ReadingView, ...]
    starter: str
    signature: tuple[str, ...]
    public_tests: tuple[str, ...]
    hidden_tests: int
    limits: LimitsView
    content: str
    draft_version: int
    draft_saved_at: datetime | None
    client_key: str
    can_run: bool
    can_submit: bool
    why_not: str
    progress: ProgressView
    history: tuple[HistoryRow, ...]
    history_total: int
    selected: VerdictView | None
    answer: AnswerView | None
    content_limit: int
    options: tuple[OptionView, ...] = ()
    multiple: bool = False
    typed: TypedView = TypedView()
    units: tuple[str, ...] = ()
    preparing: bool = False
    """Whether the numbers that each student gets are not drawn yet."""
    loaded: str | None = None
    """An earlier submission that is to replace what is in the editor."""
    problem: str | None = None
    problem_code: str | None = None
    look: SecondLook | None = None
    """What people have to do with the submission that is shown; `None` where they have nothing to."""
    difficulty: int | None = None
    beside: Beside = field(default_factory=Beside)
    """What is recommended before it, and after full marks what comes next."""

    def refused(self, problem: str, code: str) -> ItemPage:
        """The same page, which shows what was typed, with why it was not taken."""
        return replace(self, problem=problem, problem_code=code)


@dataclass(frozen=True, slots=True)
class SubmissionPage:
    """One submission by itself."""

    id: int
    item_id: int
    course_id: int
    course_title: str
    item_title: str
    kind: str
    created_at: datetime
    content: str
    selected: VerdictView | None
    look: SecondLook | None = None
    options: tuple[AnsweredOption, ...] = ()

"""What the page of today is given: frozen values with their sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.learn.activity import Activity
from webapp.learn.skills import Level


@dataclass(frozen=True, slots=True)
class StepView:
    """An item to do next: why, what follows from that, which tests were missed, what cannot be done any more."""

    item_id: int
    title: str
    course_id: int
    course_title: str
    assignment_title: str
    why: str
    reason: str
    urge: str
    missed: str
    action: str
    note: str
    status: str
    score: float | None
    points: float


@dataclass(frozen=True, slots=True)
class SkillView:
    """A skill: what can be said of it, and the numbers behind that."""

    id: str
    name: str
    sentence: str
    doubt: str
    """What makes it uncertain; empty where nothing does."""
    level: Level
    shown: float
    missed: float
    untried: float
    points: float
    items: int
    tried: int
    passed: int
    checks: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewsView:
    """Something that happened since the last visit; `item_id` is where to look, 0 for a course."""

    text: str
    item_id: int
    course_id: int
    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CourseSteps:
    """The further steps of one course."""

    course_id: int
    title: str
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True)
class ActivityView:
    """The calendar, and in words what it shows."""

    calendar: Activity
    sentence: str
    weeks: tuple[str, ...]
    """One line a week, for those who do not see it."""
    months: tuple[str, ...]
    """What stands above each week: the name of a month that begins in it, else nothing."""
    weekdays: tuple[str, ...]
    """What stands beside each day of the week; nothing beside some."""


@dataclass(frozen=True, slots=True)
class TodayPage:
    """Everything on the page of today.  `nothing` is said when there is no step."""

    is_new: bool
    """Nothing was sent yet."""
    several: bool
    """Whether there are several courses, so that each step has to say which one it belongs to."""
    step: StepView | None
    nothing: str
    ahead: StepView | None
    """The next repetition, when there is no step."""
    further: tuple[CourseSteps, ...]
    news: tuple[NewsView, ...]
    skills: tuple[SkillView, ...]
    """Those of which enough is known to say something."""
    few: tuple[SkillView, ...]
    """Those of which one item is known."""
    untried: tuple[SkillView, ...]
    table: tuple[SkillView, ...]
    sort: str
    is_sorted: bool
    """Whether an order was asked for: then the table is open."""
    maps: tuple[CourseSteps, ...]
    """The courses with something on their map."""
    activity: ActivityView

"""What somebody does best next, and when what was missed comes round again: pure decisions over what they have sent.

What one has worked at in one go is a *sitting*.  An item that was missed in some sitting is a card of spaced repetition
(FSRS, github.com/open-spaced-repetition), made anew from the history each time: nothing is stored, nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from fsrs import Card, Rating, Scheduler

from webapp.learn.attempts import Dates, Standing, Window, may_submit

SITTING_ENDS = timedelta(hours=4)
"""After a pause as long as this, coming back is remembering and no longer going on."""
SOON = timedelta(days=3)
"""What is due within this time comes before everything else."""
LATE_FOR = timedelta(days=14)
"""How long what is overdue, and still taken, is urged."""
FRESH = timedelta(hours=24)
"""As long as this, an unfinished item is gone on with; later it is a repetition."""
LONGEST_INTERVAL = 90
"""Days; courses do not last for years."""

# A day is the shortest interval: minutes are for flash cards.  Fuzzing would move dates from one look to the next.
_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), maximum_interval=LONGEST_INTERVAL, enable_fuzzing=False)


@dataclass(frozen=True, slots=True)
class Effort:
    """One submission, or one run (of public tests only), that was judged for good and costs an attempt."""

    at: datetime
    job_id: int
    run: bool
    share: float
    """Of full marks."""
    passed: bool


@dataclass(frozen=True, slots=True)
class Repetition:
    """When something that was missed is due again.  `missed` counts sittings."""

    due_at: datetime
    missed: int
    missed_at: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """One item of one student, as the rules see it; `order` is its place among all."""

    item_id: int
    order: int
    points: float
    skills: tuple[str, ...]
    dates: Dates
    window: Window
    late_penalty: float
    runs: bool
    """Whether it can be run without being submitted, as code can."""
    standing: Standing
    efforts: tuple[Effort, ...]
    draft_at: datetime | None
    """When something that was not sent yet was typed last."""
    after: tuple[int, ...] = ()
    """Items of the same course that are recommended first."""
    missing: tuple[int, ...] = ()
    """Those of them that are not solved."""

    @property
    def open(self) -> bool:
        """Whether an attempt may be made."""
        return may_submit(self.window, self.standing) is None

    @property
    def unsolved(self) -> bool:
        """Whether points are left for certain: not while a verdict or an instructor is waited for."""
        return not self.standing.solved and not self.standing.pending and not self.in_review

    @property
    def in_review(self) -> bool:
        """Whether an instructor has yet to look at what counts."""
        return self.standing.counting is not None and self.standing.counting.review

    @property
    def last_at(self) -> datetime | None:
        """When it was worked at last."""
        return self.efforts[-1].at if self.efforts else None


class Why(StrEnum):
    """The reasons for a step, the strongest first."""

    DUE = "due"
    LATE = "late"
    DRAFT = "draft"
    CARRY_ON = "carry-on"
    AGAIN = "again"
    WEAK = "weak"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Step:
    """An item to do, and why."""

    work: Work
    why: Why
    repetition: Repetition | None = None
    skill: str = ""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What comes when nothing is to be done now: the next repetition, and the next assignment to open."""

    repetition: Step | None = None
    opens_at: datetime | None = None


def repetition(efforts: Sequence[Effort]) -> Repetition | None:
    """When an item with this history is due again; None for what was never missed.

    A sitting is missed when no submission of it passed, remembered with effort when one did after others had not, and
    remembered when the first one passed.  Of runs only one that passes everything says something: trying is no miss.
    """
    card, missed, missed_at = Card(card_id=0), 0, None
    for sitting in _sittings(efforts):
        rating = _rating(sitting)
        if rating is None:
            continue
        if rating in (Rating.Again, Rating.Hard):
            missed, missed_at = missed + 1, sitting[-1].at
        card, _log = _SCHEDULER.review_card(card, rating, sitting[-1].at)
    return Repetition(card.due, missed, missed_at) if missed_at is not None else None


def _sittings(efforts: Iterable[Effort]) -> list[list[Effort]]:
    found: list[list[Effort]] = []
    for effort in efforts:
        if found and effort.at - found[-1][-1].at < SITTING_ENDS:
            found[-1].append(effort)
        else:
            found.append([effort])
    return found


def _rating(sitting: Sequence[Effort]) -> Rating | None:
    sent = [effort for effort in sitting if not effort.run]
    if sent:
        return Rating.Good if sent[0].passed else Rating.Hard if any(each.passed for each in sent) else Rating.Again
    return Rating.Good if sitting[-1].passed else None


def steps(works: Iterable[Work], weak: Sequence[str], now: datetime, zone: tzinfo) -> tuple[Step, ...]:
    """What to do, the first thing first; every item at most once, by the strongest of its reasons.

    `weak` are the skills somebody is least good at, the weakest first.  A day begins at midnight in `zone`.
    """
    found = [(step, key) for work in works for step, key in [_step(work, weak, now, zone)] if step is not None]
    rank = list(Why)
    return tuple(step for step, key in sorted(found, key=lambda each: (rank.index(each[0].why), *each[1])))


def _step(work: Work, weak: Sequence[str], now: datetime, zone: tzinfo) -> tuple[Step | None, tuple[float, ...]]:
    """The step an item is good for, and its place among those of the same reason."""
    due, last = work.dates.due_at, work.last_at
    if work.open and work.unsolved:
        if due is not None and now <= due <= now + SOON:
            return Step(work, Why.DUE), (due.timestamp(), work.order)
        if due is not None and _is_urged(work, due, now):
            return Step(work, Why.LATE), (due.timestamp(), work.order)
        if work.draft_at is not None:
            return Step(work, Why.DRAFT), (-work.draft_at.timestamp(), work.order)
        if last is not None and now - last < FRESH:
            return Step(work, Why.CARRY_ON), (-last.timestamp(), work.order)
    again = repetition(work.efforts)
    if again is not None:
        is_due = day(again.due_at, zone) <= day(now, zone) and (work.open or work.runs) and not work.standing.pending
        return Step(work, Why.AGAIN, again) if is_due else None, (work.standing.solved, again.due_at.timestamp())
    if work.open and work.unsolved and not work.efforts:
        ranks = [weak.index(skill) for skill in work.skills if skill in weak]
        if ranks:
            return Step(work, Why.WEAK, skill=weak[min(ranks)]), (min(ranks), work.points)
        # Practice comes after what counts, and what builds on something unsolved after what does not.
        due_at = due.timestamp() if due else float("inf")
        return Step(work, Why.NEXT), (work.standing.practice, due_at, bool(work.missing), work.order)
    return None, ()


def _is_urged(work: Work, due: datetime, now: datetime) -> bool:
    return due < now <= due + LATE_FOR and work.window is Window.LATE and work.late_penalty < 1.0


def ahead(works: Iterable[Work], opening: Iterable[datetime], now: datetime, zone: tzinfo) -> Ahead:
    """What comes next after today; `opening` are the times at which assignments open."""
    coming = [
        Step(work, Why.AGAIN, again)
        for work in works
        if (work.open or work.runs)
        and (again := repetition(work.efforts)) is not None
        and day(again.due_at, zone) > day(now, zone)
    ]
    first = min(coming, key=lambda step: step.repetition.due_at if step.repetition else now, default=None)
    return Ahead(first, min((at for at in opening if at > now), default=None))


def day(at: datetime, zone: tzinfo) -> date:
    """The day a moment lies on, where somebody lives."""
    return at.astimezone(zone).date()

"""What costs an attempt, what remains, what counts, what is late: pure decisions over values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

FREE_STATUSES = frozenset({"error", "ungradable"})
"""Code that could not be loaded, and our own failures, cost nothing.  Timeouts do: they were judged."""

Counts = Literal["best", "last"]


def as_counts(text: str) -> Counts:
    """An assignment's `counts` as the rules know it."""
    return "last" if text == "last" else "best"


class Window(StrEnum):
    """Where a moment lies between an assignment's dates."""

    NOT_OPEN = "not-open"
    OPEN = "open"
    LATE = "late"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Dates:
    """When work may be sent, as it applies to one student."""

    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    is_extended: bool = False
    """Whether they are somebody's own."""

    def extended(self, due_at: datetime | None, closes_at: datetime | None) -> Dates:
        """With an extension, which never makes anything earlier; a later due date reopens what was closed."""
        due = max(self.due_at, due_at) if self.due_at and due_at else self.due_at
        closes = max(self.closes_at, closes_at) if self.closes_at and closes_at else self.closes_at
        if due and closes and closes < due:
            closes = due
        return Dates(self.opens_at, due, closes, is_extended=(due, closes) != (self.due_at, self.closes_at))

    def ended(self, at: datetime | None) -> Dates:
        """As they are in a course that was archived then: whatever closes later, closes then."""
        if at is None or (self.closes_at is not None and self.closes_at <= at):
            return self
        return replace(self, closes_at=at)

    def is_late(self, at: datetime) -> bool:
        """Whether something sent at `at` is late; the due second itself is in time."""
        return self.due_at is not None and at > self.due_at

    def window(self, now: datetime) -> Window:
        """Where `now` lies."""
        if self.opens_at is not None and now < self.opens_at:
            return Window.NOT_OPEN
        if self.closes_at is not None and now > self.closes_at:
            return Window.CLOSED
        return Window.LATE if self.is_late(now) else Window.OPEN

    def next_turn(self, now: datetime) -> datetime | None:
        """When the window changes next: it opens, work becomes late, or it closes."""
        return min((at for at in (self.opens_at, self.due_at, self.closes_at) if at and at > now), default=None)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One submission as the rules see it.  `status` is None while it is being judged; `score` is its mark."""

    submission_id: int
    created_at: datetime
    status: str | None
    score: float | None
    review: bool = False
    free: bool = False
    """Whether an instructor handed it in without it costing an attempt."""

    @property
    def pending(self) -> bool:
        """Whether it is still being judged."""
        return self.status is None

    @property
    def costs(self) -> bool:
        """Whether it uses up an attempt.  While pending it is held to, so that nobody outruns the grader."""
        return not self.free and self.status not in FREE_STATUSES

    @property
    def judged(self) -> bool:
        """Whether it has a mark that may count."""
        return self.score is not None and not self.pending and self.status not in FREE_STATUSES


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a student is with one item."""

    used: int
    left: int | None
    """None: unlimited."""
    pending: int
    counting: Attempt | None
    solved: bool
    """Full marks, and nobody has to look at them again."""
    answers_open: bool
    """Answer and explanation may be shown: after full marks or after the last attempt was judged."""
    practice: bool = False
    """Answer and explanation may be read at any time, for who asks for them; no points count."""

    @property
    def status(self) -> str:
        """One word for a list: new, waiting, passed, partial or failed."""
        if self.counting is None:
            return "waiting" if self.pending else "new"
        if self.solved or self.counting.status == "passed":
            return "passed"
        return "partial" if (self.counting.score or 0) > 0 else "failed"

    @property
    def score(self) -> float | None:
        """The points that count."""
        return self.counting.score if self.counting else None


def counting(attempts: Sequence[Attempt], counts: Counts) -> Attempt | None:
    """The attempt whose mark counts: the best (the earlier of equals), or the last one that was judged."""
    judged = [each for each in attempts if each.judged]
    if not judged:
        return None
    if counts == "last":
        return max(judged, key=lambda each: (each.created_at, each.submission_id))
    return max(judged, key=lambda each: (each.score or 0.0, -each.created_at.timestamp(), -each.submission_id))


def standing(
    attempts: Sequence[Attempt],
    max_submissions: int | None,
    counts: Counts,
    *,
    practice: bool = False,
    guest: bool = False,
) -> Standing:
    """Everything a page or a rule wants to know about one student and one item.

    In `practice` no attempt is ever the last, whatever limit the item has.  A `guest`'s never is either, and no guest
    is shown an answer: the class may still be at it.
    """
    practice = practice and not guest
    used = sum(each.costs for each in attempts)
    pending = sum(each.pending for each in attempts)
    left = None if max_submissions is None or practice or guest else max(0, max_submissions - used)
    solved = any(each.status == "passed" and not each.review for each in attempts)
    return Standing(
        used=used,
        left=left,
        pending=pending,
        counting=counting(attempts, counts),
        solved=solved,
        answers_open=not guest and (solved or (left == 0 and pending == 0)),
        practice=practice,
    )


def total(standings: Iterable[Standing]) -> float:
    """The points these give together: practice gives none."""
    return sum(each.score or 0.0 for each in standings if not each.practice)


def awarded(score: float, max_score: float, points: float, *, late: bool, late_penalty: float) -> float:
    """A verdict's score in the assignment's points, with the share for lateness taken off."""
    share = 0.0 if max_score <= 0 else min(1.0, max(0.0, score / max_score))
    return round(points * share * (1.0 - late_penalty if late else 1.0), 6)


class Refused(StrEnum):
    """Why something cannot be sent now; the names are those of docs/web.md."""

    NOT_OPEN = "not-open"
    CLOSED = "closed"
    NO_ATTEMPTS = "no-attempts"
    PENDING = "pending"
    TOO_OFTEN = "too-often"
    TOO_MANY_WAITING = "too-many-waiting"
    GUESTS_BUSY = "guests-busy"
    PREPARING = "preparing"
    ARCHIVED = "archived"


def may_submit(window: Window, now_at: Standing) -> Refused | None:
    """Whether an attempt may be made; None means yes."""
    if window is Window.NOT_OPEN:
        return Refused.NOT_OPEN
    if window is Window.CLOSED:
        return Refused.CLOSED
    if now_at.left == 0:
        return Refused.PENDING if now_at.pending else Refused.NO_ATTEMPTS
    return None


@dataclass(frozen=True, slots=True)
class Pace:
    """How much one person may ask of the grader."""

    per_minute: int
    waiting: int
    waiting_of_guests: int = 0
    """How many jobs of all guests together may wait, where one is added by a guest."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Come back in `seconds`."""

    reason: Refused
    seconds: int


def may_send(recent: Sequence[datetime], waiting: int, pace: Pace, now: datetime) -> Wait | None:
    """Whether one more run or submission is welcome; `recent` are the times of the newest ones, newest first."""
    if waiting >= pace.waiting:
        return Wait(Refused.TOO_MANY_WAITING, 5)
    if len(recent) >= pace.per_minute:
        frees_at = recent[pace.per_minute - 1] + timedelta(minutes=1)
        if frees_at > now:
            return Wait(Refused.TOO_OFTEN, max(1, int((frees_at - now).total_seconds()) + 1))
    return None

"""What marks would become if an assignment were judged otherwise: said before anybody changes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.learn import records
from webapp.learn.attempts import Attempt, Counts, Dates, standing
from webapp.marks.giving import worth
from webapp.models import AssignmentItem, Extension, Mark, Source, Submission, User

Own = tuple[datetime | None, datetime | None]
"""One student's own due date and end."""


@dataclass(frozen=True, slots=True)
class Judging:
    """All that the marks and standings of one assignment hang on, beside what was sent."""

    dates: Dates
    late_penalty: float
    counts: Counts
    practice: bool
    points: Mapping[int, float]
    """By item."""
    attempts: Mapping[int, int | None]
    own: Mapping[int, Own] = field(default_factory=dict)
    """Extensions, by user."""

    def dates_for(self, user_id: int) -> Dates:
        """The dates as they apply to somebody."""
        return self.dates.extended(*self.own[user_id]) if user_id in self.own else self.dates


@dataclass(frozen=True, slots=True)
class Moved:
    """Points that count for somebody at one item, before and after; None where none do."""

    user_id: int
    item_id: int
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a change would do."""

    marks: int = 0
    """Marks that would be different."""
    moved: tuple[Moved, ...] = ()
    """Where the points that count would be different."""

    @property
    def anything(self) -> bool:
        """Whether anybody would notice."""
        return bool(self.marks or self.moved)

    @property
    def students(self) -> int:
        """How many people's points would be different."""
        return len({each.user_id for each in self.moved})


def own_dates(session: Session, assignment_id: int) -> dict[int, Own]:
    """The extensions of an assignment as they are."""
    found = session.scalars(select(Extension).where(Extension.assignment_id == assignment_id))
    return {each.user_id: (each.due_at, each.closes_at) for each in found}


def foresee(session: Session, items: Sequence[AssignmentItem], now_is: Judging, wanted: Judging) -> Foreseen:
    """What would be different if `items` of one assignment were judged as `wanted` instead of as `now_is`."""
    if now_is == wanted:
        return Foreseen()
    numbers = [item.id for item in items]
    rows = session.execute(
        select(
            Submission.id, Submission.user_id, Submission.assignment_item_id, Submission.created_at, Mark.share,
            Mark.source, Mark.score,
        )
        .join(Mark, Mark.submission_id == Submission.id)
        .join(User, User.id == Submission.user_id)
        .where(Submission.assignment_item_id.in_(numbers), User.is_guest.is_(False), Mark.source != Source.OVERRIDE)
    )  # fmt: skip
    scores: dict[int, float] = {}
    for row in rows:
        late = wanted.dates_for(row.user_id).is_late(row.created_at)
        points = wanted.points[row.assignment_item_id]
        score = worth(row.share, row.source, points, late=late, late_penalty=wanted.late_penalty)
        if score != row.score:
            scores[row.id] = score
    if not scores and (now_is.counts, now_is.practice) == (wanted.counts, wanted.practice):
        return Foreseen()
    guests = set(session.scalars(select(User.id).where(User.is_guest)))
    moved = []
    for (user_id, item_id), attempts in sorted(records.attempts_by_item(session, numbers).items()):
        then = [replace(each, score=scores.get(each.submission_id, each.score)) for each in attempts]
        before, after = _points(attempts, item_id, now_is), _points(then, item_id, wanted)
        if before != after and user_id not in guests:
            moved.append(Moved(user_id, item_id, before, after))
    return Foreseen(len(scores), tuple(moved))


def _points(attempts: Sequence[Attempt], item_id: int, rules: Judging) -> float | None:
    """What somebody with these attempts has towards the course."""
    mine = standing(attempts, rules.attempts[item_id], rules.counts, practice=rules.practice)
    return None if rules.practice else mine.score

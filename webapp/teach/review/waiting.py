"""What waits to be read in a course, who has what before them, and how far it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import Session

from grader.shown_text import text_of
from webapp.marks.same_text import digest
from webapp.models import (
    Assignment,
    AssignmentItem,
    Course,
    Decision,
    Mark,
    Membership,
    ReviewHold,
    Role,
    Submission,
    User,
)
from webapp.models.upserting import inserting

HELD = timedelta(minutes=5)
"""How long an answer stays with whoever has it before them without a sign of them."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which answers one wants to read: of all assignments, of one, or of one item."""

    course_id: int
    assignment_id: int | None = None
    item_id: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Answers to one item with the same text; the oldest stands for all."""

    item_id: int
    digest: str
    submission_ids: tuple[int, ...]
    place: tuple[int, int, int]
    """Where it stands in the queue: assignment, position of the item, oldest submission."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a course's queue is."""

    waiting: int
    decided: int
    today: int
    """Answers decided since midnight on the course's clocks."""
    last_hour: int
    """Texts read within the last hour."""

    @property
    def all(self) -> int:
        """All answers that ever had to be read."""
        return self.waiting + self.decided


def waiting_in(course_ids: Sequence[int], *columns: Any) -> Select[Any]:
    """Submissions with a part that somebody has to read: of students of these courses, not of practice."""
    return (
        select(*columns)
        .select_from(Mark)
        .join(Submission, Submission.id == Mark.submission_id)
        .join(AssignmentItem, AssignmentItem.id == Submission.assignment_item_id)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .join(User, User.id == Submission.user_id)
        .join(Membership, (Membership.course_id == Assignment.course_id) & (Membership.user_id == Submission.user_id))
        .where(
            Mark.review,
            Assignment.course_id.in_(course_ids),
            Assignment.practice.is_(False),
            Assignment.removed_at.is_(None),
            AssignmentItem.removed_at.is_(None),
            User.is_guest.is_(False),
            Membership.role == Role.STUDENT,
        )
    )


def groups(session: Session, scope: Scope) -> list[Waiting]:
    """What waits, equal texts together, in the order in which it is read: item by item, the oldest first."""
    query = waiting_in(
        [scope.course_id],
        Submission.id,
        Submission.assignment_item_id,
        Submission.content,
        AssignmentItem.assignment_id,
        AssignmentItem.position,
    )
    if scope.assignment_id is not None:
        query = query.where(AssignmentItem.assignment_id == scope.assignment_id)
    if scope.item_id is not None:
        query = query.where(AssignmentItem.id == scope.item_id)
    found: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in session.execute(query.order_by(Submission.id)):
        found[row.assignment_item_id, digest(text_of(row.content))].append(row)
    together = [
        Waiting(
            item_id,
            text_digest,
            tuple(row.id for row in rows),
            (rows[0].assignment_id, rows[0].position, rows[0].id),
        )
        for (item_id, text_digest), rows in found.items()
    ]
    return sorted(together, key=lambda each: each.place)


def place_of(session: Session, submission_id: int) -> tuple[int, int, int]:
    """Where a submission stands, or stood, in the queue."""
    item = session.get_one(Submission, submission_id).assignment_item
    return item.assignment_id, item.position, submission_id


def take_next(
    session: Session, scope: Scope, reviewer_id: int, now: datetime, *, after: int | None, keep: Collection[int] = ()
) -> int | None:
    """Give a reviewer the next answer that nobody else has before them, from behind `after` on and then from the start.

    `keep` are answers that the reviewer has already; returns the submission that stands for the next one.
    """
    queue = groups(session, scope)
    if after is not None:
        start = place_of(session, after)
        queue = [each for each in queue if each.place > start] + [each for each in queue if each.place <= start]
    for each in queue:
        if not set(each.submission_ids).intersection(keep) and hold(
            session, each.item_id, each.digest, reviewer_id, now
        ):
            return each.submission_ids[0]
    return None


def hold(session: Session, item_id: int, text_digest: str, reviewer_id: int, now: datetime) -> bool:
    """Give a text to a reviewer for some minutes, or renew that; False where somebody else has it."""
    statement = inserting(session, ReviewHold).values(
        assignment_item_id=item_id, digest=text_digest, reviewer_id=reviewer_id, until=now + HELD
    )
    taken = session.execute(
        statement.on_conflict_do_update(
            index_elements=["assignment_item_id", "digest"],
            set_={"reviewer_id": reviewer_id, "until": now + HELD},
            where=or_(ReviewHold.reviewer_id == reviewer_id, ReviewHold.until <= now),
        ).returning(ReviewHold.reviewer_id)
    ).one_or_none()
    return taken is not None


def holder(session: Session, item_id: int, text_digest: str, now: datetime) -> ReviewHold | None:
    """Who has a text before them."""
    found = session.get(ReviewHold, (item_id, text_digest))
    return found if found is not None and found.until > now else None


def release(session: Session, item_id: int, text_digest: str, reviewer_id: int) -> None:
    """Let a reviewer's text go; one that was left lying is free by itself after a while."""
    session.execute(
        delete(ReviewHold).where(
            ReviewHold.assignment_item_id == item_id,
            ReviewHold.digest == text_digest,
            ReviewHold.reviewer_id == reviewer_id,
        )
    )


def decided_by_item(session: Session, course_id: int) -> dict[int, int]:
    """How many answers people have decided, by item."""
    found = session.execute(
        select(AssignmentItem.id, func.count(Decision.submission_id.distinct()))
        .select_from(Decision)
        .join(Submission, Submission.id == Decision.submission_id)
        .join(Mark, Mark.submission_id == Submission.id)
        .join(AssignmentItem, AssignmentItem.id == Submission.assignment_item_id)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .where(Assignment.course_id == course_id, Decision.undone_at.is_(None), Mark.review.is_(False))
        .group_by(AssignmentItem.id)
    )
    return dict(found.all())


def pace(session: Session, course: Course, now: datetime) -> Pace:
    """How far the queue of a course is, and how fast it goes."""
    waiting = session.scalar(waiting_in([course.id], func.count())) or 0
    midnight = now.astimezone(ZoneInfo(course.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    made = (
        select(func.count(Decision.submission_id.distinct()))
        .join(Submission, Submission.id == Decision.submission_id)
        .join(AssignmentItem, AssignmentItem.id == Submission.assignment_item_id)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .where(Assignment.course_id == course.id, Decision.undone_at.is_(None))
    )
    return Pace(
        waiting,
        sum(decided_by_item(session, course.id).values()),
        session.scalar(made.where(Decision.created_at >= midnight)) or 0,
        session.scalar(
            made.where(Decision.created_at >= now - timedelta(hours=1), Decision.followed.is_(False))
        )
        or 0,
    )

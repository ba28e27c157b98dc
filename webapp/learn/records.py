"""What the database knows about people's attempts, as the values the rules take."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.learn.attempts import Attempt, Dates, Standing, as_counts, standing
from webapp.models import (
    Assignment,
    AssignmentItem,
    Course,
    Extension,
    Job,
    Mark,
    Purpose,
    Revision,
    State,
    Submission,
    User,
)

Key = tuple[int, int]
"""(user, assignment item)."""


def attempts_by_item(
    session: Session, item_ids: Iterable[int], user_ids: Iterable[int] | None = None
) -> dict[Key, list[Attempt]]:
    """Every attempt at these items, oldest first, in one query.  Runs are no attempts."""
    query = (
        select(
            Submission.user_id,
            Submission.assignment_item_id,
            Submission.id,
            Submission.created_at,
            Mark.status,
            Mark.review,
            Mark.score,
            Submission.free,
        )
        .join(Job, (Job.submission_id == Submission.id) & (Job.purpose == Purpose.SUBMIT))
        .outerjoin(Mark, Mark.submission_id == Submission.id)
        .where(Submission.assignment_item_id.in_(list(item_ids)))
        .order_by(Submission.id)
    )
    if user_ids is not None:
        query = query.where(Submission.user_id.in_(list(user_ids)))
    found: dict[Key, list[Attempt]] = {}
    for user_id, item_id, *told, review, score, free in session.execute(query):
        found.setdefault((user_id, item_id), []).append(Attempt(*told, score, bool(review), free))
    return found


def attempts_at(session: Session, user_id: int, item_id: int) -> list[Attempt]:
    """One person's attempts at one item, oldest first."""
    return attempts_by_item(session, [item_id], [user_id]).get((user_id, item_id), [])


def standing_of(item: AssignmentItem, attempts: Sequence[Attempt], *, guest: bool = False) -> Standing:
    """Where somebody with these attempts is with an item, by the rules of its assignment."""
    rules = item.assignment
    return standing(attempts, item.max_submissions, as_counts(rules.counts), practice=rules.practice, guest=guest)


def revisions(session: Session, hashes: Collection[str]) -> dict[str, Revision]:
    """Revisions by their hash, in one query."""
    return {each.hash: each for each in session.scalars(select(Revision).where(Revision.hash.in_(hashes)))}


def dates_of(session: Session, assignments: Collection[Assignment], user_id: int) -> dict[int, Dates]:
    """The dates of assignments with this person's extensions, in one query."""
    extensions = {
        each.assignment_id: each
        for each in session.scalars(
            select(Extension).where(
                Extension.user_id == user_id, Extension.assignment_id.in_([each.id for each in assignments])
            )
        )
    }
    courses = {number: session.get_one(Course, number) for number in {each.course_id for each in assignments}}
    found = {}
    for each in assignments:
        dates, extension = Dates(each.opens_at, each.due_at, each.closes_at), extensions.get(each.id)
        dates = dates.extended(extension.due_at, extension.closes_at) if extension else dates
        found[each.id] = dates.ended(courses[each.course_id].archived_at)
    return found


def dates_for(session: Session, assignment: Assignment, user_id: int) -> Dates:
    """An assignment's dates with this person's extension."""
    return dates_of(session, [assignment], user_id)[assignment.id]


def recent_times(session: Session, user_id: int, since: datetime, limit: int) -> list[datetime]:
    """When this person's newest runs and submissions were sent, newest first."""
    return list(
        session.scalars(
            select(Submission.created_at)
            .where(Submission.user_id == user_id, Submission.created_at >= since)
            .order_by(Submission.created_at.desc())
            .limit(limit)
        )
    )


def unfinished_jobs(session: Session, user_id: int) -> int:
    """How many of this person's own jobs are waiting or being judged."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Job)
            .where(Job.user_id == user_id, Job.state != State.DONE, Job.purpose != Purpose.REGRADE)
        )
        or 0
    )


def waiting_jobs_of_guests(session: Session) -> int:
    """How many jobs of all guests wait for a grader."""
    query = (
        select(func.count())
        .select_from(Job)
        .join(User, User.id == Job.user_id)
        .where(Job.state == State.WAITING, User.is_guest)
    )
    return session.scalar(query) or 0


def assignments_of(session: Session, course_ids: Iterable[int]) -> list[Assignment]:
    """The assignments of courses, in order; not those that were taken out."""
    return list(
        session.scalars(
            select(Assignment)
            .where(Assignment.course_id.in_(list(course_ids)), Assignment.removed_at.is_(None))
            .order_by(Assignment.course_id, Assignment.position, Assignment.due_at, Assignment.id)
        )
    )


def items_of(session: Session, assignment_ids: Iterable[int]) -> list[AssignmentItem]:
    """The items of assignments, in the order of these and their own; not those that were taken out."""
    order = {number: place for place, number in enumerate(assignment_ids)}
    found = session.scalars(
        select(AssignmentItem).where(AssignmentItem.assignment_id.in_(order), AssignmentItem.removed_at.is_(None))
    )
    return sorted(found, key=lambda item: (order[item.assignment_id], item.position, item.id))

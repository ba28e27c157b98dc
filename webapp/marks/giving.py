"""Giving marks, and letting them follow when points, dates, penalties or extensions are moved."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from webapp.learn.attempts import Dates, awarded
from webapp.marks import standings
from webapp.models import Assignment, AssignmentItem, Extension, Mark, Source, Submission, Verdict
from webapp.models.alone import alone_with, beside_others, has_many_writers
from webapp.models.upserting import upsert

_RULES = "rules"


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody or something gives a submission; `share` is of the item's points, before lateness."""

    verdict_job_id: int
    share: float
    status: str
    source: Source
    review: bool = False
    reason: str = ""


def while_rules_stand(session: Session, submission_ids: Collection[int]) -> None:
    """Let nobody change the dates, points and penalties that these marks hang on before they are stored.

    Taken first of all by whoever gives marks: a mark worked out by the old rules while `follow` cannot see it yet
    would keep them.
    """
    if not has_many_writers(session):
        return
    courses = (
        select(Assignment.course_id)
        .join(AssignmentItem, AssignmentItem.assignment_id == Assignment.id)
        .join(Submission, Submission.assignment_item_id == AssignmentItem.id)
        .where(Submission.id.in_(submission_ids))
        .distinct()
        .order_by(Assignment.course_id)
    )
    for course_id in session.scalars(courses).all():
        beside_others(session, _RULES, str(course_id))


def alone_with_rules(session: Session, course_id: int) -> None:
    """Let nobody give marks in a course before its new dates, points or penalties are stored, and its marks with them.

    Taken first of all by whoever changes them.
    """
    alone_with(session, _RULES, str(course_id))


def of_verdict(verdict: Verdict) -> Given:
    """What a verdict by itself gives."""
    return Given(
        verdict.job_id, share_of(verdict.score, verdict.max_score), verdict.status, Source.GRADER, verdict.review
    )


def share_of(score: float, max_score: float) -> float:
    """Which part of what can be earned was earned, from 0 to 1."""
    return 0.0 if max_score <= 0 else min(1.0, max(0.0, score / max_score))


def give(session: Session, submission_id: int, given: Given, now: datetime) -> Mark:
    """Make this the mark of a submission, whatever it was before; who may and what is written down is the caller's.

    The caller has seen to it that the rules stand (`while_rules_stand`).
    """
    give_all(session, {submission_id: given}, now)
    return session.get_one(Mark, submission_id, populate_existing=True)


def give_all(session: Session, given: Mapping[int, Given], now: datetime) -> None:
    """`give` for many submissions, with their standings worked out together."""
    # In the order of their numbers, so that two who give the same marks never lock each other out.
    found = session.execute(sent_columns().where(Submission.id.in_(given)).order_by(Submission.id)).all()
    for sent in found:
        each = given[sent.id]
        upsert(
            session,
            Mark,
            {"submission_id": sent.id},
            {
                "verdict_job_id": each.verdict_job_id,
                "score": points_for(sent, each.share, each.source),
                "share": each.share,
                "status": each.status,
                "review": each.review,
                "source": each.source,
                "reason": each.reason,
                "changed_at": now,
            },
        )
    standings.refresh(session, {(sent.user_id, sent.assignment_item_id) for sent in found}, now)


def sent_columns() -> Select[tuple[int, int, int, datetime, float, Assignment, Extension]]:
    """Of a submission what its points hang on."""
    return (
        select(
            Submission.id,
            Submission.user_id,
            Submission.assignment_item_id,
            Submission.created_at,
            AssignmentItem.points,
            Assignment,
            Extension,
        )
        .join(AssignmentItem, AssignmentItem.id == Submission.assignment_item_id)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .outerjoin(Extension, (Extension.assignment_id == Assignment.id) & (Extension.user_id == Submission.user_id))
    )


def points_for(sent: Row[tuple[int, int, int, datetime, float, Assignment, Extension]], share: float, by: str) -> float:
    """A share in the assignment's points, lateness taken off; an override has weighed that already."""
    assignment, extension = sent.Assignment, sent.Extension
    dates = Dates(assignment.opens_at, assignment.due_at, assignment.closes_at)
    if extension is not None:
        dates = dates.extended(extension.due_at, extension.closes_at)
    return worth(share, by, sent.points, late=dates.is_late(sent.created_at), late_penalty=assignment.late_penalty)


def worth(share: float, by: str, points: float, *, late: bool, late_penalty: float) -> float:
    """A share in points, lateness taken off; an override has weighed that already."""
    return awarded(share, 1.0, points, late=late and by != Source.OVERRIDE, late_penalty=late_penalty)


def follow(
    session: Session,
    course_id: int,
    now: datetime,
    user_ids: Collection[int] | None = None,
    assignment_id: int | None = None,
) -> int:
    """Work out the marks of a course anew, of everybody or of `user_ids`, everywhere or in one assignment.

    Returns how many are different now.  The caller is `alone_with_rules`.

    A mark holds points with the share for lateness taken off, as the rules were when it was given.  An override stays
    as it was given.
    """
    query = sent_columns().add_columns(Mark).join(Mark, Mark.submission_id == Submission.id)
    query = query.where(Assignment.course_id == course_id, Mark.source != Source.OVERRIDE)
    if user_ids is not None:
        query = query.where(Submission.user_id.in_(user_ids))
    if assignment_id is not None:
        query = query.where(Assignment.id == assignment_id)
    changed = 0
    for sent in session.execute(query).all():
        points = points_for(sent, sent.Mark.share, sent.Mark.source)
        if points != sent.Mark.score:
            sent.Mark.score = points
            changed += 1
    session.flush()
    standings.rebuild(session, now, course_id=course_id, user_ids=user_ids, assignment_id=assignment_id)
    return changed

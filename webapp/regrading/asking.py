"""Asking for a regrade, and calling it off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, and_, delete, exists, func, insert, literal, select, update
from sqlalchemy.orm import Session

from grader.errors import WorkshopError
from webapp import audit
from webapp.models import (
    Assignment,
    AssignmentItem,
    ItemStanding,
    Job,
    Mark,
    Purpose,
    Regrade,
    RegradeLine,
    State,
    Submission,
    User,
)
from webapp.regrading import grading
from webapp.regrading.comparing import LineState

MOST_LINES = 50_000


class Scope(StrEnum):
    """Which submissions of the items are graded once more."""

    COUNTING = "counting"
    """Those whose mark is somebody's standing now."""
    ALL = "all"
    UNGRADABLE = "ungradable"
    STUDENT = "student"
    ONE = "one"


class NothingToRegrade(WorkshopError):
    """No submission is as it was asked for."""


class TooManyToRegrade(WorkshopError):
    """More submissions than one regrade takes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for: items of one course with the revision for each, and which submissions of them."""

    revisions: Mapping[int, str]
    """Assignment item → revision."""
    scope: Scope
    reason: str
    user_id: int | None = None
    submission_id: int | None = None


def submissions_of(
    session: Session,
    item_ids: Sequence[int],
    scope: Scope,
    *,
    user_id: int | None = None,
    submission_id: int | None = None,
) -> Select[tuple[int]]:
    """The numbers of those that were submitted for points by whoever has an account, and judged."""
    query = (
        select(Submission.id)
        .join(Mark, Mark.submission_id == Submission.id)
        .join(User, User.id == Submission.user_id)
        .where(Submission.assignment_item_id.in_(item_ids), User.is_guest.is_(False), User.erased_at.is_(None))
        .where(exists().where(Job.submission_id == Submission.id, Job.purpose == Purpose.SUBMIT))
    )
    match scope:
        case Scope.COUNTING:
            counts = and_(ItemStanding.submission_id == Submission.id, ItemStanding.score.is_not(None))
            return query.where(exists().where(counts))
        case Scope.UNGRADABLE:
            return query.where(Mark.status == "ungradable")
        case Scope.STUDENT:
            return query.where(Submission.user_id == user_id)
        case Scope.ONE:
            return query.where(Submission.id == submission_id)
    return query


def begin(session: Session, course_id: int, actor_id: int, wanted: Wanted, now: datetime) -> Regrade:
    """Make a regrade with a line for each submission, and have jobs made for them.

    Items and revisions are of this course and of these items: the caller has looked.  Raises `NothingToRegrade`,
    `TooManyToRegrade`.
    """
    chosen = {
        item: submissions_of(session, [item], wanted.scope, user_id=wanted.user_id, submission_id=wanted.submission_id)
        for item in wanted.revisions
    }
    total = sum(session.scalar(select(func.count()).select_from(each.subquery())) or 0 for each in chosen.values())
    if total == 0:
        raise NothingToRegrade("no submission is as asked for", remedy="choose other items or other submissions")
    if total > MOST_LINES:
        raise TooManyToRegrade(f"{total} submissions", remedy=f"choose at most {MOST_LINES} at once")
    regrade = Regrade(course_id=course_id, actor_id=actor_id, reason=wanted.reason, scope=wanted.scope, created_at=now)
    session.add(regrade)
    session.flush()
    for item, revision in wanted.revisions.items():
        rows = chosen[item].with_only_columns(
            literal(regrade.id), Submission.id, literal(revision), literal(LineState.OPEN.value)
        )
        session.execute(insert(RegradeLine).from_select(["regrade_id", "submission_id", "revision", "state"], rows))
    audit.note(
        session,
        now,
        actor_id,
        "regrade",
        f"regrade:{regrade.id}",
        course_id=course_id,
        after={
            "scope": wanted.scope.value,
            "submissions": total,
            "revisions": {str(k): v for k, v in wanted.revisions.items()},
        },
        reason=wanted.reason,
    )
    grading.have_jobs_made(session, regrade, now)
    return regrade


def cancel(session: Session, regrade_id: int, actor_id: int, now: datetime) -> bool:
    """Call it off before anything was applied: what waits is not graded any more; False where it is too late."""
    regrade = session.scalars(select(Regrade).where(Regrade.id == regrade_id).with_for_update()).one()
    settled = exists().where(RegradeLine.regrade_id == regrade_id, RegradeLine.state != LineState.OPEN)
    if regrade.state != "open" or session.scalar(select(settled)):
        return False
    ours = select(RegradeLine.job_id).where(RegradeLine.regrade_id == regrade_id, RegradeLine.job_id.is_not(None))
    waiting = list(session.scalars(select(Job.id).where(Job.id.in_(ours), Job.state == State.WAITING)))
    kept = {"synchronize_session": False}
    mine = RegradeLine.regrade_id == regrade_id
    for start in range(0, len(waiting), 500):
        part = waiting[start : start + 500]
        unlinked = update(RegradeLine).where(mine, RegradeLine.job_id.in_(part)).values(job_id=None)
        session.execute(unlinked.execution_options(**kept))
        session.execute(delete(Job).where(Job.id.in_(part), Job.state == State.WAITING).execution_options(**kept))
    left = update(RegradeLine).where(mine).values(state=LineState.LEFT, settled_at=now)
    session.execute(left.execution_options(**kept))
    regrade.state, regrade.finished_at = "cancelled", now
    audit.note(session, now, actor_id, "regrade-cancelled", f"regrade:{regrade_id}", course_id=regrade.course_id)
    return True


def course_items(session: Session, course_id: int) -> list[tuple[AssignmentItem, Assignment]]:
    """Everything that was ever asked in a course and is still in it, in order."""
    found = session.execute(
        select(AssignmentItem, Assignment)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .where(Assignment.course_id == course_id, Assignment.removed_at.is_(None), AssignmentItem.removed_at.is_(None))
        .order_by(Assignment.position, Assignment.due_at, Assignment.id, AssignmentItem.position, AssignmentItem.id)
    )
    return [(item, assignment) for item, assignment in found]

"""Giving a mark by hand, and taking that back."""

from __future__ import annotations

import math
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.numbers_shown import number
from webapp import audit
from webapp.marks import giving, reviewing
from webapp.marks.giving import Given
from webapp.models import Audit, Job, Mark, Purpose, Source, Submission, Verdict
from webapp.notices.telling import tell
from webapp.refusals import Refusal
from webapp.regrading.comparing import CLOSE, MarkThen
from webapp.regrading.grading import mark_then

OVERRIDE, WITHDRAWN = "override", "override-withdrawn"


def points_of(text: str, most: float) -> float:
    """Points as they were typed, from 0 to `most`.  Raises `Refusal`."""
    try:
        points = float(text.strip().replace(",", "."))
    except ValueError:
        points = math.nan
    if not (0 <= points <= most):  # also what is no number
        message = _("Points are a number from 0 to %(points)s.", points=number(most))
        raise Refusal("points", message, HTTPStatus.BAD_REQUEST)
    return points


def override(session: Session, submission_id: int, actor_id: int, points_text: str, reason: str, now: datetime) -> None:
    """Make these the points of a submission, whatever was said before; lateness is not taken off them.

    Raises `Refusal` for points that cannot be, and where there is no verdict yet.
    """
    submission, mark = _marked(session, submission_id)
    item = submission.assignment_item
    if item.points <= 0:
        raise Refusal("points", _("This item gives no points."), HTTPStatus.CONFLICT)
    share = points_of(points_text, item.points) / item.points
    before = mark_then(mark)
    if before.source == Source.OVERRIDE and abs(before.share - share) < CLOSE and before.reason == reason:
        return
    status = "passed" if share >= 1 - CLOSE else "partial" if share > 0 else "failed"
    given = Given(mark.verdict_job_id, share, status, Source.OVERRIDE, reason=reason)
    _move(session, submission, given, before, actor_id, OVERRIDE, reason, now)


def withdraw(session: Session, submission_id: int, actor_id: int, reason: str, now: datetime) -> None:
    """Let the mark be again what the grader or the reviewers gave.  Raises `Refusal` where it is not an override."""
    submission, mark = _marked(session, submission_id)
    if mark.source != Source.OVERRIDE:
        raise Refusal("no-override", _("This mark is no override (any more)."), HTTPStatus.CONFLICT)
    given = reviewing.as_decided_now(session, submission_id, beneath(session, mark), now)
    _move(session, submission, given, mark_then(mark), actor_id, WITHDRAWN, reason, now)


def _marked(session: Session, submission_id: int) -> tuple[Submission, Mark]:
    giving.while_rules_stand(session, [submission_id])
    mark = session.scalar(select(Mark).where(Mark.submission_id == submission_id).with_for_update())
    if mark is None:
        message = _("This has no verdict for points yet. Wait until it is judged.")
        raise Refusal("not-judged", message, HTTPStatus.CONFLICT)
    return session.get_one(Submission, submission_id), mark


def beneath(session: Session, mark: Mark) -> Given:
    """What an override stands on: the last mark before it that was none, as the log has it.

    What could not be graded then may have been graded again since.
    """
    noted = session.scalars(
        select(Audit.before)
        .where(Audit.subject == f"submission:{mark.submission_id}", Audit.action == OVERRIDE)
        .order_by(Audit.id.desc())
    )
    before = next((MarkThen.from_json(each) for each in noted if each and each["source"] != Source.OVERRIDE), None)
    if before is not None and before.status != "ungradable":
        return Given(before.verdict, before.share, before.status, Source(before.source), before.review, before.reason)
    return giving.of_verdict(_newest_verdict(session, mark))


def _newest_verdict(session: Session, mark: Mark) -> Verdict:
    """The newest one that counts by itself and says something; else the one that the mark has."""
    found = session.scalar(
        select(Verdict)
        .join(Job, Job.id == Verdict.job_id)
        .where(
            Job.submission_id == mark.submission_id,
            Job.purpose != Purpose.RUN,
            Job.batch_id >= 0,
            Verdict.status != "ungradable",
        )
        .order_by(Verdict.job_id.desc())
        .limit(1)
    )
    return found or session.get_one(Verdict, mark.verdict_job_id)


def _move(
    session: Session,
    submission: Submission,
    given: Given,
    before: MarkThen,
    actor_id: int,
    action: str,
    reason: str,
    now: datetime,
) -> None:
    """Give the mark, write it down, tell the student."""
    after = mark_then(giving.give(session, submission.id, given, now))
    item = submission.assignment_item
    course_id = item.assignment.course_id
    subject = f"submission:{submission.id}"
    audit.note(
        session,
        now,
        actor_id,
        action,
        subject,
        course_id=course_id,
        before=before.to_json(),
        after=after.to_json(),
        reason=reason,
    )
    data: dict[str, Any] = {
        "item": item.id,
        "submission": submission.id,
        "before": before.score,
        "after": after.score,
        "points": item.points,
        "reason": reason,
    }
    tell(session, now, submission.user_id, action, data, subject=subject, course_id=course_id)

"""Marks that follow when points, dates, penalties or extensions of a course are moved."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.learn.attempts import Dates, awarded
from webapp.models import Assignment, AssignmentItem, Course, Extension, Mark, Submission, Verdict


def follow(session: Session, course: Course) -> int:
    """Work out every mark of the course anew from its verdict; how many are different now.

    A mark holds points with the share for lateness taken off, as the rules were when it was given.
    """
    rows = session.execute(
        select(
            Mark, Submission.created_at, Verdict.score, Verdict.max_score, AssignmentItem.points, Assignment, Extension
        )
        .join(Submission, Submission.id == Mark.submission_id)
        .join(Verdict, Verdict.job_id == Mark.verdict_job_id)
        .join(AssignmentItem, AssignmentItem.id == Submission.assignment_item_id)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .outerjoin(Extension, (Extension.assignment_id == Assignment.id) & (Extension.user_id == Submission.user_id))
        .where(Assignment.course_id == course.id, Mark.source == "grader")
    )
    changed = 0
    for mark, sent_at, score, max_score, points, assignment, extension in rows:
        dates = Dates(assignment.opens_at, assignment.due_at, assignment.closes_at)
        if extension is not None:
            dates = dates.extended(extension.due_at, extension.closes_at)
        now = awarded(score, max_score, points, late=dates.is_late(sent_at), late_penalty=assignment.late_penalty)
        if now != mark.score:
            mark.score = now
            changed += 1
    return changed

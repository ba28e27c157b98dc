"""What instructors' pages show, in a constant number of queries per page, and grading again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from grader.shown_text import text_of
from webapp import audit, variants
from webapp.items import item_of
from webapp.languages import say
from webapp.learn import answers, records
from webapp.learn.pages import job_that_counts, verdict_view
from webapp.models import (
    Assignment,
    AssignmentItem,
    Course,
    Job,
    Mark,
    Membership,
    Purpose,
    RegradeRequest,
    Revision,
    Role,
    State,
    Submission,
    User,
    Verdict,
)
from webapp.models.searching import alphabetical
from webapp.queue import rows
from webapp.refusals import Refusal
from webapp.second_look.asking import RequestState
from webapp.teach import values
from webapp.teach.review.waiting import waiting_in

LONGEST_LIST = 500
"""Rows of a list that a single student could make longer without end."""


def _ungradable(course_ids: Sequence[int], *columns: Any) -> Select[Any]:
    """Judgings that ended ungradable, count, and were not graded again since.

    Runs never count: who ran something runs it again, and to grade it would show what hidden tests say of it.
    """
    again = aliased(Job)
    return (
        select(*columns)
        .select_from(Job)
        .join(Verdict, Verdict.job_id == Job.id)
        .join(Mark, Mark.verdict_job_id == Job.id)
        .join(Submission, Submission.id == Job.submission_id)
        .join(AssignmentItem, AssignmentItem.id == Submission.assignment_item_id)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .outerjoin(again, (again.batch_id == Job.id) & (again.submission_id == Job.submission_id))
        .where(
            Mark.status == "ungradable",
            again.id.is_(None),
            (Assignment.course_id + 0).in_(course_ids),  # or SQLite begins there, and reads every verdict of a course
        )
    )


def courses(session: Session, course_ids: Sequence[int], lang: str) -> list[values.TaughtCourse]:
    """The courses one teaches, with what needs attention; archived ones last."""
    found = session.scalars(
        select(Course)
        .where(Course.id.in_(course_ids))
        .order_by(Course.archived_at.is_not(None), alphabetical(Course.title), Course.id)
    ).all()
    students = _counted(
        session,
        select(Membership.course_id, func.count())
        .where(Membership.course_id.in_(course_ids), Membership.role == Role.STUDENT)
        .group_by(Membership.course_id),
    )
    ungradable = _counted(
        session, _ungradable(course_ids, Assignment.course_id, func.count()).group_by(Assignment.course_id)
    )
    review = _counted(
        session,
        waiting_in(course_ids, Assignment.course_id, func.count()).group_by(Assignment.course_id),
    )
    requests = _counted(
        session,
        select(Assignment.course_id, func.count())
        .select_from(RegradeRequest)
        .join(Submission, Submission.id == RegradeRequest.submission_id)
        .join(AssignmentItem, AssignmentItem.id == Submission.assignment_item_id)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .where(RegradeRequest.state == RequestState.OPEN, Assignment.course_id.in_(course_ids))
        .group_by(Assignment.course_id),
    )
    return [
        values.TaughtCourse(
            each.id,
            say(each.title, lang),
            students.get(each.id, 0),
            ungradable.get(each.id, 0),
            review.get(each.id, 0),
            requests.get(each.id, 0),
            each.archived_at,
        )
        for each in found
    ]


def _counted(session: Session, query: Select[tuple[int, int]]) -> dict[int, int]:
    return dict(session.execute(query).all())


def ungradable_count(session: Session, course_id: int) -> int:
    """How many judgings of a course ended ungradable and were not graded again since."""
    return session.scalar(_ungradable([course_id], func.count())) or 0


def submission(
    session: Session, found: Submission, course: Course, lang: str, now: datetime, *, can_repeat: bool
) -> values.TaughtSubmission:
    """A student's submission with everything an instructor may see."""
    item = found.assignment_item
    revision = session.get_one(Revision, found.revision)
    asked, sent = item_of(revision), text_of(found.content)
    known = variants.parameters(revision, found.variant)
    dates = records.dates_for(session, item.assignment, found.user_id)
    job = job_that_counts(session, found)
    verdicts = {
        each.job_id: each
        for each in session.scalars(
            select(Verdict).join(Job, Job.id == Verdict.job_id).where(Job.submission_id == found.id)
        )
    }
    repeated = {each.batch_id for each in found.jobs if each.purpose == Purpose.REGRADE}
    lines = []
    for each in found.jobs:
        verdict = verdicts.get(each.id)
        lines.append(
            values.JobRow(
                id=each.id,
                purpose=each.purpose,
                state=each.state,
                tries=each.tries,
                status=verdict.status if verdict else None,
                score=verdict.score if verdict else None,
                created_at=each.created_at,
                can_grade_again=bool(
                    can_repeat
                    and verdict
                    and verdict.status == "ungradable"
                    and each.purpose != Purpose.RUN
                    and not each.in_regrade
                    and each.id not in repeated
                ),
            )
        )
    shown = verdicts.get(job.id) if job else None
    return values.TaughtSubmission(
        id=found.id,
        item_id=item.id,
        course_id=course.id,
        course_title=say(course.title, lang),
        item_title=say(asked.title, lang),
        kind=asked.kind,
        created_at=found.created_at,
        content=answers.as_text(asked, sent, lang, known),
        selected=verdict_view(session, job, lang, now, dates, asked.kind, staff=True) if job else None,
        student_name=found.user.name,
        student_email=found.user.email,
        student_id=found.user_id,
        revision=found.revision,
        seed=found.seed,
        note=shown.note if shown else "",
        jobs=tuple(lines),
        options=answers.answered_options(asked, answers.chosen_in(asked, sent), lang, known, told=True),
        bank_id=revision.bank_id,
        item=revision.item,
        variant=found.variant,
    )


def ungradable(session: Session, course_ids: Sequence[int], lang: str) -> tuple[list[values.UngradableRow], int]:
    """The newest of what could not be graded in these courses, and how many judgings wait now."""
    found = session.execute(
        _ungradable(course_ids, Job, Verdict.note, Course, User.name, User.email)
        .join(User, User.id == Submission.user_id)
        .join(Course, Course.id == Assignment.course_id)
        .order_by(Job.id.desc())
        .limit(LONGEST_LIST)
    ).all()
    revisions = records.revisions(session, {job.revision for job, *_rest in found})
    lines = [
        values.UngradableRow(
            id=job.id,
            submission_id=job.submission_id,
            course_id=course.id,
            course_title=say(course.title, lang),
            item_title=say(item_of(revisions[job.revision]).title, lang),
            student_name=name or email,
            purpose=job.purpose,
            tries=job.tries,
            note=note,
            created_at=job.created_at,
            can_grade_again=course.archived_at is None,
        )
        for job, note, course, name, email in found
    ]
    waiting = session.scalar(select(func.count()).select_from(Job).where(Job.state != State.DONE)) or 0
    return lines, waiting


def grade_again(session: Session, job_id: int, actor_id: int, now: datetime) -> Job:
    """Put something ungradable back in the queue, and write down who did."""
    job = session.get_one(Job, job_id)
    verdict = session.get(Verdict, job_id)
    if verdict is None or verdict.status != "ungradable" or job.in_regrade:
        raise Refusal("graded", _("This has been graded; there is nothing to repeat."), HTTPStatus.CONFLICT)
    again = rows.grade_again(session, job, now)
    course_id = session.get_one(Submission, job.submission_id).assignment_item.assignment.course_id
    audit.note(
        session,
        now,
        actor_id,
        "grade-again",
        f"submission:{job.submission_id}",
        course_id=course_id,
        before={"job": job.id, "note": verdict.note},
        after={"job": again.id},
    )
    return again

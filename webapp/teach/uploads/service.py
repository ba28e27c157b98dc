"""What pages of uploads show, in a constant number of queries per page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from grader.naming import Roster, Student
from webapp.items import item_of
from webapp.languages import locale, say, zone
from webapp.learn import records
from webapp.learn.attempts import Dates
from webapp.models import (
    AssignmentItem,
    Course,
    Job,
    Mark,
    Membership,
    Purpose,
    Role,
    State,
    Submission,
    Upload,
    UploadFile,
    User,
    Verdict,
)
from webapp.models.searching import alphabetical
from webapp.teach.uploads import values
from webapp.teach.uploads.receiving import KINDS
from webapp.teach.uploads.words import layout_words, left_out_words, problem_words, remark_words, why_matched
from webapp.times_shown import day_and_clock

NEWEST = 100
"""Uploads that the list shows."""


def choices(session: Session, course: Course, lang: str) -> list[values.AssignmentChoice]:
    """The items of a course that files can be handed in for."""
    assignments = records.assignments_of(session, [course.id])
    items = records.items_of(session, [each.id for each in assignments])
    revisions = records.revisions(session, {item.revision for item in items})
    found = []
    for each in assignments:
        asked = [(item, item_of(revisions[item.revision])) for item in items if item.assignment_id == each.id]
        fitting = tuple(
            values.ItemChoice(item.id, say(about.title, lang), item.points)
            for item, about in asked
            if about.kind in KINDS
        )
        if fitting:
            found.append(values.AssignmentChoice(say(each.title, lang), fitting))
    return found


def uploads(session: Session, course: Course, lang: str) -> list[values.UploadRow]:
    """The newest uploads of a course."""
    found = session.execute(
        select(Upload, User.name, User.email, AssignmentItem.revision)
        .join(User, User.id == Upload.actor_id)
        .join(AssignmentItem, AssignmentItem.id == Upload.assignment_item_id)
        .where(Upload.course_id == course.id)
        .order_by(Upload.id.desc())
        .limit(NEWEST)
    ).all()
    numbers = [each.Upload.id for each in found]
    counts: dict[int, Row[tuple[int, int, int, int]]] = {
        row[0]: row
        for row in session.execute(
            select(UploadFile.upload_id, func.count(), func.count(UploadFile.submission_id), func.count(Verdict.job_id))
            .outerjoin(Job, (Job.submission_id == UploadFile.submission_id) & (Job.purpose == Purpose.SUBMIT))
            .outerjoin(Verdict, Verdict.job_id == Job.id)
            .where(UploadFile.upload_id.in_(numbers))
            .group_by(UploadFile.upload_id)
        )
    }
    revisions = records.revisions(session, {each.revision for each in found})
    return [
        values.UploadRow(
            each.Upload.id,
            each.Upload.name,
            say(item_of(revisions[each.revision]).title, lang),
            each.name or each.email,
            each.Upload.state,
            each.Upload.created_at,
            *(counts[each.Upload.id][1:] if each.Upload.id in counts else (0, 0, 0)),
        )
        for each in found
    ]


def people_of(session: Session, course_id: int) -> list[values.Person]:
    """The students of a course, by name."""
    found = session.execute(
        select(User.id, User.name, User.email, Membership.external_id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.course_id == course_id, Membership.role == Role.STUDENT)
        .order_by(alphabetical(User.name), User.id)
    )
    return [values.Person(user_id, name, email, number or "") for user_id, name, email, number in found]


def roster_of(people: Sequence[values.Person]) -> Roster:
    """Them, to be found by what files are called."""
    return Roster(Student(each.id, each.name, each.email, each.number) for each in people)


def heading(session: Session, upload: Upload, lang: str) -> values.Heading:
    """What all pages of an upload begin with."""
    item = session.get_one(AssignmentItem, upload.assignment_item_id)
    actor = session.get_one(User, upload.actor_id)
    total = session.scalar(select(func.count()).where(UploadFile.upload_id == upload.id)) or 0
    return values.Heading(
        id=upload.id,
        course_id=upload.course_id,
        name=upload.name,
        item_title=say(item_of(item.pinned).title, lang),
        assignment_title=say(item.assignment.title, lang),
        actor=actor.name or actor.email,
        state=upload.state,
        created_at=upload.created_at,
        layout=layout_words(upload.layout, upload.fitting, max(total, upload.fitting)),
    )


def _files(session: Session, upload_id: int, people: dict[int, values.Person]) -> list[values.FileRow]:
    """The files without their text."""
    found = session.execute(
        select(
            UploadFile.id, UploadFile.path, UploadFile.user_id, UploadFile.matched_by, UploadFile.suggested,
            UploadFile.problem, UploadFile.remarks, UploadFile.chosen, UploadFile.late,
        )
        .where(UploadFile.upload_id == upload_id, UploadFile.submission_id.is_(None))
        .order_by(alphabetical(UploadFile.path), UploadFile.id)
    )  # fmt: skip
    return [
        values.FileRow(
            id=row.id,
            path=row.path,
            who=people.get(row.user_id) if row.user_id is not None else None,
            why=why_matched(row.matched_by),
            suggested=tuple(people[each] for each in row.suggested if each in people),
            problem=problem_words(row.problem),
            remarks=tuple(remark_words(each) for each in row.remarks),
            chosen=row.chosen,
            late=row.late,
        )
        for row in found
    ]


def preview(session: Session, upload: Upload, lang: str, now: datetime) -> values.Preview:
    """An upload before it is confirmed."""
    people = people_of(session, upload.course_id)
    known = {each.id: each for each in people}
    files = _files(session, upload.id, known)
    counted = Counter(each.who.id for each in files if each.who)
    doubles = tuple(
        values.Double(known[user_id], tuple(each for each in files if each.who and each.who.id == user_id))
        for user_id, count in counted.items()
        if count > 1
    )
    ready = tuple(each for each in files if each.who and each.chosen and not each.problem)
    return values.Preview(
        heading=heading(session, upload, lang),
        nobodys=tuple(each for each in files if each.who is None and not each.problem),
        doubles=tuple(sorted(doubles, key=lambda each: each.who.label)),
        problems=tuple(each for each in files if each.problem and (each.who is None or counted[each.who.id] == 1)),
        ready=ready,
        left_out=_left_out(upload),
        missing=tuple(each for each in people if each.id not in counted),
        roster=tuple(people),
        count=len(ready),
        warning=_warning(session, upload, now),
    )


def _left_out(upload: Upload) -> tuple[values.LeftOut, ...]:
    return tuple(values.LeftOut(str(each.get("path", "")), left_out_words(each)) for each in upload.left_out)


def _warning(session: Session, upload: Upload, now: datetime) -> str:
    """What the dates make of something that is handed in now."""
    assignment = session.get_one(AssignmentItem, upload.assignment_item_id).assignment
    if assignment.practice or assignment.due_at is None or not Dates(due_at=assignment.due_at).is_late(now):
        return ""
    due = day_and_clock(assignment.due_at, zone(), now, locale())
    if assignment.late_penalty:
        return _(
            "This was due %(due)s. What is handed in now counts as late and loses %(share)s of its points, except for "
            "students with an extension. Give extensions first if that is not meant.",
            due=due,
            share=f"{assignment.late_penalty:.0%}",
        )
    return _("This was due %(due)s. What is handed in now is marked as late, without losing points.", due=due)


def _judging(upload_id: int, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(UploadFile)
        .join(Submission, Submission.id == UploadFile.submission_id)
        .join(Job, (Job.submission_id == Submission.id) & (Job.purpose == Purpose.SUBMIT))
        .where(UploadFile.upload_id == upload_id)
    )


def progress(session: Session, upload: Upload, now: datetime) -> values.Progress:
    """How far its judging is, from the jobs' own rows."""
    total, last = session.execute(
        _judging(upload.id, func.count(), func.max(Verdict.created_at)).outerjoin(Verdict, Verdict.job_id == Job.id)
    ).one()
    states = dict(session.execute(_judging(upload.id, Job.state, func.count()).group_by(Job.state)).all())
    done = states.get(State.DONE, 0)
    begun = upload.confirmed_at or upload.created_at
    spent = ((last or now) - begun).total_seconds() if done < total else 0.0
    rate = done / spent if done and spent > 0 else None
    started = done or states.get(State.RUNNING, 0)
    open_ = done < total
    return values.Progress(
        state=("running" if started else "waiting") if open_ else "done",
        done=done,
        total=total,
        per_second=rate,
        seconds_left=(total - done) / rate if rate else None,
        finished_at=None if open_ else last,
        poll_after_ms=1000 if total < 500 else 2000,
        open=open_,
    )


def result_rows(session: Session, upload_id: int) -> tuple[values.ResultRow, ...]:
    """What became of its files."""
    found = session.execute(
        _judging(
            upload_id,
            Submission.id,
            UploadFile.path,
            User.name,
            User.email,
            Membership.external_id,
            func.coalesce(Mark.status, Verdict.status).label("status"),
            func.coalesce(Mark.share * Verdict.max_score, Verdict.score).label("score"),
            Verdict.max_score,
            Mark.score.label("points"),
            Mark.review,
        )
        .join(Upload, Upload.id == UploadFile.upload_id)
        .join(User, User.id == Submission.user_id)
        .outerjoin(Membership, (Membership.user_id == User.id) & (Membership.course_id == Upload.course_id))
        .outerjoin(Mark, Mark.submission_id == Submission.id)
        .outerjoin(Verdict, Verdict.job_id == func.coalesce(Mark.verdict_job_id, Job.id))
        .order_by(alphabetical(User.name), User.id)
    )
    return tuple(
        values.ResultRow(
            row.id, row.path, row.name, row.email, row.external_id or "", row.status, row.score, row.max_score,
            row.points, bool(row.review),
        )
        for row in found
    )  # fmt: skip


def results(session: Session, upload: Upload, lang: str, now: datetime) -> values.Results:
    """A confirmed upload."""
    people = {each.id: each for each in people_of(session, upload.course_id)}
    left = _files(session, upload.id, people)
    unsent = sum(each.who is not None and each.chosen and not each.problem for each in left)
    item = session.get_one(AssignmentItem, upload.assignment_item_id)
    sent = result_rows(session, upload.id)
    return values.Results(
        heading=heading(session, upload, lang),
        progress=progress(session, upload, now),
        rows=sent,
        tally=tuple(Counter(row.status or "waiting" for row in sent).most_common()),
        unsent=unsent,
        left=tuple(each for each in left if each.problem or not each.chosen or each.who is None),
        left_out=_left_out(upload),
        points=item.points,
        free=upload.free,
    )


def countable(session: Session, upload: Upload) -> int:
    """How many files would be graded."""
    query = (
        select(func.count())
        .select_from(UploadFile)
        .join(Membership, (Membership.user_id == UploadFile.user_id) & (Membership.course_id == upload.course_id))
        .where(UploadFile.upload_id == upload.id, UploadFile.submission_id.is_(None), Membership.role == Role.STUDENT)
        .where(UploadFile.chosen, UploadFile.problem == "")
    )
    return session.scalar(query) or 0

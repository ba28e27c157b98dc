"""One student's page of a course: where they are with every item, and what they have sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.items import item_of
from webapp.languages import say
from webapp.learn import records
from webapp.learn.attempts import Dates
from webapp.models import (
    Assignment,
    AssignmentItem,
    Course,
    ItemStanding,
    Job,
    Mark,
    Membership,
    Purpose,
    Submission,
    User,
    Verdict,
)
from webapp.teach.gradebook.values import ItemLine, PartLines, SentRow

LONGEST_LIST = 500
"""Rows of a list that a single student could make longer without end."""


@dataclass(frozen=True, slots=True)
class StudentPage:
    """What `teach/gradebook/student.html` shows."""

    course_id: int
    user_id: int
    name: str
    email: str
    number: str
    role: str
    score: float
    points: float
    parts: tuple[PartLines, ...]
    sent: tuple[SentRow, ...]
    more: bool
    """Whether older submissions are left out."""


def page(session: Session, course: Course, user: User, lang: str) -> StudentPage:
    """Everything of one student, in a constant number of queries."""
    assignments = {each.id: each for each in records.assignments_of(session, [course.id])}
    items = {item.id: item for item in records.items_of(session, assignments)}
    revisions = records.revisions(session, {item.revision for item in items.values()})
    titles = {item.id: say(item_of(revisions[item.revision]).title, lang) for item in items.values()}
    dates = records.dates_of(session, assignments.values(), user.id)
    standings = {
        each.assignment_item_id: each
        for each in session.scalars(
            select(ItemStanding).where(ItemStanding.user_id == user.id, ItemStanding.assignment_item_id.in_(items))
        )
    }
    parts = tuple(_parts(assignments.values(), items.values(), titles, dates, standings, lang))
    member = session.get_one(Membership, (course.id, user.id))
    counting = {each.submission_id for each in standings.values() if each.score is not None}
    sent = _sent(session, user.id, items, titles, dates, counting)
    return StudentPage(
        course_id=course.id,
        user_id=user.id,
        name=user.name,
        email=user.email,
        number=member.external_id or "",
        role=member.role,
        score=sum(part.score for part in parts if not part.practice),
        points=sum(part.points for part in parts if not part.practice),
        parts=parts,
        sent=tuple(sent),
        more=len(sent) >= LONGEST_LIST,
    )


def _parts(
    assignments: Iterable[Assignment],
    items: Iterable[AssignmentItem],
    titles: dict[int, str],
    dates: dict[int, Dates],
    standings: dict[int, ItemStanding],
    lang: str,
) -> Iterable[PartLines]:
    lines: dict[int, list[ItemLine]] = {}
    for item in items:
        lines.setdefault(item.assignment_id, []).append(_line(item, titles[item.id], standings.get(item.id)))
    for each in assignments:
        here, own = lines.get(each.id, []), dates[each.id]
        yield PartLines(
            id=each.id,
            title=say(each.title, lang),
            practice=each.practice,
            due_at=own.due_at,
            closes_at=own.closes_at,
            extended=own.is_extended,
            score=sum(line.score or 0.0 for line in here),
            points=sum(line.points for line in here),
            lines=tuple(here),
        )


def _line(item: AssignmentItem, title: str, standing: ItemStanding | None) -> ItemLine:
    if standing is None:
        return ItemLine(
            item.id, title, item.points, "new", None, 0, item.max_submissions, 0, False, False, None, None
        )
    return ItemLine(
        id=item.id,
        title=title,
        points=item.points,
        status=standing.status,
        score=standing.score,
        used=standing.used,
        limit=item.max_submissions,
        pending=standing.pending,
        late=standing.late,
        review=standing.review,
        submission_id=standing.submission_id,
        changed_at=standing.changed_at,
    )


def _sent(
    session: Session,
    user_id: int,
    items: dict[int, AssignmentItem],
    titles: dict[int, str],
    dates: dict[int, Dates],
    counting: set[int | None],
) -> list[SentRow]:
    """What a student has sent in a course, newest first: the newest, and whatever counts."""
    found = session.execute(
        select(
            Submission.id,
            Submission.assignment_item_id,
            Submission.created_at,
            Job.purpose,
            func.coalesce(Mark.status, Verdict.status).label("status"),
            func.coalesce(Mark.share * Verdict.max_score, Verdict.score).label("score"),
            Verdict.max_score,
            Mark.review,
        )
        .join(Job, (Job.submission_id == Submission.id) & (Job.purpose != Purpose.REGRADE))
        .outerjoin(Mark, Mark.submission_id == Submission.id)
        .outerjoin(Verdict, Verdict.job_id == func.coalesce(Mark.verdict_job_id, Job.id))
        .where(Submission.user_id == user_id, Submission.assignment_item_id.in_(items))
        .order_by(Submission.id.in_(counting).desc(), Submission.id.desc())
        .limit(LONGEST_LIST)
    ).all()
    return [
        SentRow(
            id=row.id,
            item_title=titles[row.assignment_item_id],
            created_at=row.created_at,
            purpose=row.purpose,
            status=row.status,
            score=row.score,
            max_score=row.max_score,
            counts=row.id in counting,
            review=bool(row.review),
            late=row.purpose == Purpose.SUBMIT
            and dates[items[row.assignment_item_id].assignment_id].is_late(row.created_at),
        )
        for row in sorted(found, key=lambda row: -row.id)
    ]

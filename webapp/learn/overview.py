"""The pages of courses: how far one is, in all of them and item by item."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.model import Item
from webapp.items import item_of
from webapp.languages import say
from webapp.learn import records, values
from webapp.learn.attempts import Standing, Window, as_counts, standing
from webapp.models import Assignment, AssignmentItem, Course, Draft, Membership, Role, User


def courses(session: Session, user: User, lang: str) -> list[values.CourseCard]:
    """The courses somebody takes part in, with how far they are."""
    mine = session.execute(
        select(Course, Membership.role)
        .join(Membership, Membership.course_id == Course.id)
        .where(Membership.user_id == user.id)
        .order_by(Course.title, Course.id)
    ).all()
    assignments = session.scalars(
        select(Assignment).where(Assignment.course_id.in_([course.id for course, _ in mine]))
    ).all()
    course_of = {each.id: each.course_id for each in assignments}
    counts_of = {each.id: as_counts(each.counts) for each in assignments}
    items = records.items_of(session, course_of)
    attempts = records.attempts_by_item(session, [item.id for item in items], [user.id])
    result = []
    for course, role in mine:
        here = [item for item in items if course_of[item.assignment_id] == course.id]
        standings = [
            standing(attempts.get((user.id, item.id), []), item.max_submissions, counts_of[item.assignment_id])
            for item in here
        ]
        result.append(
            values.CourseCard(
                id=course.id,
                title=say(course.title, lang),
                role=role,
                items=len(here),
                solved=sum(s.solved for s in standings),
                score=sum(s.score or 0.0 for s in standings),
                points=sum(item.points for item in here),
                teaches=Role(role).teaches,
            )
        )
    return result


def course(session: Session, found: Course, role: Role, user: User, lang: str, now: datetime) -> values.CoursePage:
    """A course with its assignments.  What is not open yet shows its title and date to students, not its items."""
    assignments = session.scalars(
        select(Assignment).where(Assignment.course_id == found.id).order_by(Assignment.due_at, Assignment.id)
    ).all()
    items = records.items_of(session, [each.id for each in assignments])
    revisions = records.revisions(session, {item.revision for item in items})
    attempts = records.attempts_by_item(session, [item.id for item in items], [user.id])
    drafts = set(
        session.scalars(
            select(Draft.assignment_item_id).where(
                Draft.user_id == user.id, Draft.assignment_item_id.in_([item.id for item in items]), Draft.content != ""
            )
        )
    )
    views = []
    dates_of = records.dates_of(session, assignments, user.id)
    for assignment in assignments:
        dates = dates_of[assignment.id]
        window = dates.window(now)
        here = [item for item in items if item.assignment_id == assignment.id]
        listed = [] if window is Window.NOT_OPEN and not role.teaches else here
        lines = tuple(
            _row(
                item,
                item_of(revisions[item.revision]),
                standing(attempts.get((user.id, item.id), []), item.max_submissions, as_counts(assignment.counts)),
                item.id in drafts,
                lang,
            )
            for item in listed
        )
        views.append(
            values.AssignmentView(
                id=assignment.id,
                title=say(assignment.title, lang),
                opens_at=dates.opens_at,
                due_at=dates.due_at,
                closes_at=dates.closes_at,
                state=window,
                counts=assignment.counts,
                late_penalty=assignment.late_penalty,
                score=sum(line.score or 0.0 for line in lines),
                points=sum(item.points for item in here),
                items=lines,
            )
        )
    return values.CoursePage(
        id=found.id,
        title=say(found.title, lang),
        role=role,
        teaches=role.teaches,
        zone=found.zone,
        score=sum(view.score for view in views),
        points=sum(view.points for view in views),
        assignments=tuple(views),
    )


def _row(item: AssignmentItem, asked: Item, mine: Standing, has_draft: bool, lang: str) -> values.ItemRow:
    return values.ItemRow(
        id=item.id,
        title=say(asked.title, lang),
        section=say(asked.section, lang),
        kind=asked.kind,
        points=item.points,
        score=mine.score,
        status=mine.status,
        attempts_used=mine.used,
        attempts_left=mine.left,
        has_draft=has_draft,
        review=bool(mine.counting and mine.counting.review),
    )

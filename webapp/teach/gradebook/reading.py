"""What a gradebook reads: a constant number of queries, whatever the class is like."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, case, cast, func, select
from sqlalchemy.orm import Session

from webapp.items import item_from
from webapp.languages import say
from webapp.learn import records
from webapp.models import Course, ItemStanding, Membership, Revision, Role, User
from webapp.teach.gradebook.codes import LATE, STATUSES, UNREAD
from webapp.teach.gradebook.values import Cell, Cells, Column, Part, Person, Sheet, Tally

MOST_CHANGES = 4000
"""Cells beyond which a page asks for everything again."""


def parts(session: Session, course_id: int, lang: str) -> tuple[Part, ...]:
    """The assignments of a course with their items."""
    assignments = {each.id: each for each in records.assignments_of(session, [course_id])}
    items = records.items_of(session, assignments)
    sources = dict(
        session.execute(
            select(Revision.hash, Revision.source).where(Revision.hash.in_({item.revision for item in items}))
        ).all()
    )
    columns: dict[int, list[Column]] = {}
    for item in items:
        title = say(item_from(item.revision, sources[item.revision]).title, lang)
        columns.setdefault(item.assignment_id, []).append(Column(item.id, title, item.points))
    return tuple(
        Part(each.id, say(each.title, lang), each.practice, tuple(columns.get(each.id, ())))
        for each in assignments.values()
    )


def people(session: Session, course_id: int) -> tuple[Person, ...]:
    """The students of a course by name."""
    found = session.execute(
        select(User.id, User.name, User.email, func.coalesce(Membership.external_id, ""))
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.course_id == course_id, Membership.role == Role.STUDENT)
    )
    return tuple(sorted((Person(*row) for row in found), key=lambda each: (by_name(each.shown_name), each.id)))


def by_name(text: str) -> bytes:
    """What names are put in order by.  GB 18030 has the 3,755 commonest characters in the order of their sounds."""
    return text.casefold().encode("gb18030", "replace")


_CELL = (
    ItemStanding.assignment_item_id,
    ItemStanding.user_id,
    ItemStanding.submission_id,
    ItemStanding.status,
    ItemStanding.score,
    ItemStanding.review,
    ItemStanding.late,
    ItemStanding.used,
)
_CODE = (
    case({status: place for place, status in enumerate(STATUSES)}, value=ItemStanding.status, else_=0)
    + LATE * cast(ItemStanding.late, Integer)
    + UNREAD * cast(ItemStanding.review, Integer)
)
Coded = tuple[int, int, int, float | None]
"""Item, user, what `webapp.teach.gradebook.codes` makes of the standing, points."""


def _standings(items: Collection[int], *columns: Any) -> Select[Any]:
    return select(*columns).where(ItemStanding.assignment_item_id.in_(items))


def _tuples(session: Session, query: Select[Any]) -> list[Any]:
    """The rows as the driver gives them: to make 80,000 objects of them takes as long as to read them."""
    return session.connection().execute(query).cursor.fetchall()  # type: ignore[union-attr]


def cells(session: Session, items: Collection[int], user_ids: Collection[int] | None = None) -> Cells:
    """The standings at these items, of everybody or of a few."""
    query = _standings(items, *_CELL)
    if user_ids is not None:
        query = query.where(ItemStanding.user_id.in_(user_ids))
    found: dict[int, dict[int, Cell]] = {}
    for row in _tuples(session, query):
        found.setdefault(row[1], {})[row[0]] = Cell._make(row)
    return found


_SHORT = (ItemStanding.assignment_item_id, ItemStanding.user_id, _CODE, ItemStanding.score)


def coded(session: Session, items: Collection[int]) -> list[Coded]:
    """The standings at these items, as short as a script wants them."""
    return _tuples(session, _standings(items, *_SHORT))


def changed(session: Session, items: Collection[int], since: datetime) -> list[Coded]:
    """Those that were written after `since`, at most one more than `MOST_CHANGES`."""
    return _tuples(session, _standings(items, *_SHORT).where(ItemStanding.changed_at > since).limit(MOST_CHANGES + 1))


def sheet(session: Session, course: Course, lang: str) -> Sheet:
    """Everything of a course."""
    found = parts(session, course.id, lang)
    items = [column.id for part in found for column in part.columns]
    return Sheet(course.id, say(course.title, lang), found, people(session, course.id), cells(session, items))


def tallies(session: Session, course_id: int, items: Collection[int], class_size: int) -> dict[int, Tally]:
    """How the whole class stands with each of these items, added up by the database."""
    students = select(Membership.user_id).where(Membership.course_id == course_id, Membership.role == Role.STUDENT)
    solved = func.sum(case((ItemStanding.status == "passed", 1), else_=0))
    found = session.execute(
        _standings(items, ItemStanding.assignment_item_id, func.avg(ItemStanding.score), solved)
        .where(ItemStanding.user_id.in_(students))
        .group_by(ItemStanding.assignment_item_id)
    )
    tried = {item: (mean, passed or 0) for item, mean, passed in found}
    asked = {item: tried.get(item, (None, 0)) for item in items}
    return {item: Tally(mean, passed / class_size if class_size else None) for item, (mean, passed) in asked.items()}

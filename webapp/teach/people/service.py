"""Everybody in a course with how far they are, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from webapp.models import Assignment, AssignmentItem, ItemStanding, Membership, Role, Submission, User
from webapp.teach.people.values import Column, Person, Roster

RANK = {Role.INSTRUCTOR: 0, Role.ASSISTANT: 1, Role.STUDENT: 2}
Key = Callable[[Person], Any]
KEYS: dict[Column, Key] = {
    Column.NAME: lambda each: each.name.casefold() or each.email,
    Column.EMAIL: lambda each: each.email,
    Column.NUMBER: lambda each: (not each.external_id, len(each.external_id), each.external_id),
    Column.ROLE: lambda each: RANK[each.role],
    Column.JOINED: lambda each: each.joined_at.timestamp() if each.joined_at else 0.0,
    Column.SENT: lambda each: each.sent_at.timestamp() if each.sent_at else 0.0,
    Column.SOLVED: lambda each: each.solved,
    Column.SCORE: lambda each: each.score,
}


def roster(session: Session, course_id: int, sort: Column = Column.ROLE, *, down: bool = False) -> Roster:
    """Everybody of a course, in the order asked for and else by role and name."""
    counting = _counting(course_id)
    total = select(func.count(), func.coalesce(func.sum(counting.c.points), 0.0)).select_from(counting)
    items, points = session.execute(total).one()
    done = {user_id: (solved, score) for user_id, solved, score in session.execute(_progress(course_id))}
    sent = dict(session.execute(_last_sent(course_id)).all())
    people = [
        Person(
            user_id,
            name,
            email,
            number or "",
            Role(role),
            bool(known),
            joined,
            sent.get(user_id),
            *done.get(user_id, (0, 0.0)),
        )
        for user_id, name, email, known, number, role, joined in session.execute(_members(course_id))
    ]
    people.sort(key=lambda each: (RANK[each.role], each.name.casefold() or each.email, each.user_id))
    return Roster(tuple(in_order(people, sort, down=down)), items, points)


def in_order(people: Sequence[Person], sort: Column, *, down: bool) -> list[Person]:
    """Sorted by one column; who is equal there stays as they were."""
    return sorted(people, key=KEYS[sort], reverse=down)


def _members(course_id: int) -> Select[tuple[int, str, str, bool, str | None, str, datetime | None]]:
    return (
        select(
            User.id,
            User.name,
            User.email,
            User.password_hash.is_not(None),
            Membership.external_id,
            Membership.role,
            Membership.joined_at,
        )
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.course_id == course_id)
    )


def _counting(course_id: int) -> Any:
    """The items of a course that count towards it."""
    return (
        select(AssignmentItem.id, AssignmentItem.points)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .where(
            Assignment.course_id == course_id,
            Assignment.practice.is_(False),
            Assignment.removed_at.is_(None),
            AssignmentItem.removed_at.is_(None),
        )
        .subquery()
    )


def _progress(course_id: int) -> Select[tuple[int, int, float]]:
    counting = select(_counting(course_id).c.id)
    return (
        select(
            ItemStanding.user_id,
            func.sum(case((ItemStanding.status == "passed", 1), else_=0)),
            func.coalesce(func.sum(ItemStanding.score), 0.0),
        )
        .where(ItemStanding.assignment_item_id.in_(counting))
        .group_by(ItemStanding.user_id)
    )


def _last_sent(course_id: int) -> Select[tuple[int, datetime]]:
    """When somebody sent something last: the newest row is found in an index, without reading what was sent."""
    here = (
        select(AssignmentItem.id)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .where(Assignment.course_id == course_id)
    )
    newest = (
        select(func.max(Submission.id).label("id"))
        .where(Submission.assignment_item_id.in_(here))
        .group_by(Submission.user_id)
        .subquery()
    )
    return select(Submission.user_id, Submission.created_at).join(newest, newest.c.id == Submission.id)

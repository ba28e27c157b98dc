"""Where everybody is with every item, kept as rows: a gradebook of 2,000 students reads 80,000 of them at once.

They are worked out by `webapp.learn.attempts.standing`, like what students see, and hold nothing of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session, joinedload

from webapp.learn import records
from webapp.learn.attempts import Attempt, Dates
from webapp.models import Assignment, AssignmentItem, Extension, ItemStanding, Job, Purpose, Submission, User
from webapp.models.upserting import upsert_all


def refresh(session: Session, pairs: Collection[records.Key], now: datetime) -> None:
    """Work out anew where these people are with these items: pairs of (user, assignment item).  Guests have none."""
    if not pairs:
        return
    users = sorted({user for user, _item in pairs})
    guests = _one_at_a_time(session, users)
    items = {
        each.id: each
        for each in session.scalars(
            select(AssignmentItem)
            .where(AssignmentItem.id.in_({item for _user, item in pairs}))
            .options(joinedload(AssignmentItem.assignment))
        )
    }
    attempts = records.attempts_by_item(session, items, users)
    dates = _dates(session, [item.assignment for item in items.values()], users)
    rows = [
        row_of(user, items[item], attempts[user, item], dates, now)
        for user, item in sorted(pairs)
        if user not in guests and attempts.get((user, item))
    ]
    write(session, rows)


def _one_at_a_time(session: Session, user_ids: Sequence[int]) -> set[int]:
    """Let nobody else write standings of these people before this is stored; which of them are guests.

    Two workers that each do not see yet what the other stores would both keep a row without it.  SQLite has one writer
    anyway.
    """
    people = select(User.id, User.is_guest).where(User.id.in_(user_ids)).order_by(User.id)
    return {user for user, is_guest in session.execute(people.with_for_update(key_share=True)) if is_guest}


Own = Callable[[int, Assignment], Dates]
"""The dates of an assignment for a person."""


def row_of(
    user_id: int, item: AssignmentItem, attempts: Sequence[Attempt], dates: Own, now: datetime
) -> dict[str, Any]:
    """The row of somebody who has made these attempts, oldest first, of which there is at least one."""
    mine = records.standing_of(item, attempts)
    shown = mine.counting or attempts[-1]
    return {
        "assignment_item_id": item.id,
        "user_id": user_id,
        "submission_id": shown.submission_id,
        "score": mine.score,
        "status": mine.status,
        "used": mine.used,
        "pending": mine.pending,
        "review": any(each.review for each in attempts),
        "late": dates(user_id, item.assignment).is_late(shown.created_at),
        "changed_at": now,
    }


def _dates(session: Session, assignments: Collection[Assignment], user_ids: Collection[int] | None) -> Own:
    """Everybody's dates of these assignments, in one query."""
    query = select(Extension).where(Extension.assignment_id.in_({each.id for each in assignments}))
    if user_ids is not None:
        query = query.where(Extension.user_id.in_(user_ids))
    own = {(each.user_id, each.assignment_id): each for each in session.scalars(query)}

    def dates_of(user_id: int, assignment: Assignment) -> Dates:
        dates = Dates(assignment.opens_at, assignment.due_at, assignment.closes_at)
        extension = own.get((user_id, assignment.id))
        return dates.extended(extension.due_at, extension.closes_at) if extension else dates

    return dates_of


def write(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Insert or replace rows."""
    upsert_all(session, ItemStanding, ["assignment_item_id", "user_id"], rows)


def rebuild(
    session: Session,
    now: datetime,
    *,
    course_id: int | None = None,
    user_ids: Collection[int] | None = None,
    assignment_id: int | None = None,
) -> None:
    """Work out all standings anew, or those of one course or assignment, or there of some people."""
    query = select(AssignmentItem).options(joinedload(AssignmentItem.assignment))
    if course_id is not None:
        query = query.join(Assignment).where(Assignment.course_id == course_id)
    if assignment_id is not None:
        query = query.where(AssignmentItem.assignment_id == assignment_id)
    items = session.scalars(query).all()
    dates = _dates(session, [item.assignment for item in items], user_ids)
    for item in items:
        stale = delete(ItemStanding).where(ItemStanding.assignment_item_id == item.id)
        if user_ids is not None:
            stale = stale.where(ItemStanding.user_id.in_(user_ids))
        session.execute(stale)
        guests = set(_guests(session, item.id))
        found = records.attempts_by_item(session, [item.id], user_ids)
        rows = [row_of(user, item, tried, dates, now) for (user, _), tried in found.items() if user not in guests]
        write(session, rows)


def _guests(session: Session, item_id: int) -> Iterable[int]:
    """The guests that have tried an item."""
    return session.scalars(
        select(User.id).where(
            User.is_guest,
            exists().where(Submission.user_id == User.id, Submission.assignment_item_id == item_id),
        )
    )


def missing(session: Session) -> bool:
    """Whether there are attempts and not one standing: a database from before there were any."""
    return not session.scalar(select(exists(select(ItemStanding.user_id)))) and bool(
        session.scalar(
            select(
                exists(
                    select(Job.id)
                    .join(User, User.id == Job.user_id)
                    .where(Job.purpose == Purpose.SUBMIT, User.is_guest.is_(False))
                )
            )
        )
    )

"""Changing assignments: each function does one thing in the caller's transaction and notes it in a ledger.

What somebody else has changed since a page was opened is never overwritten: such a page gets `Changed`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.courses import rows
from webapp.courses.changes import Ledger, Origin
from webapp.courses.rules import MAX_ASSIGNMENTS, MAX_ITEMS
from webapp.items import item_of
from webapp.marks.foreseeing import Foreseen, Judging, foresee, own_dates
from webapp.marks.giving import alone_with_rules, follow
from webapp.models import Assignment, AssignmentItem, Course, Revision, Submission
from webapp.teach.assignments import notices
from webapp.teach.assignments.settings import ItemSettings, Plan, Settings, plan_of, titles
from webapp.zones import zone_named

KEY = re.compile(r"[^a-z0-9]+")
LONGEST_KEY = 40


class Changed(Exception):
    """Somebody else has changed it since; nothing was done."""


class Full(Exception):
    """No course has more assignments, no assignment more items."""


@dataclass(frozen=True, slots=True)
class Base:
    """What a page showed when it was opened, as far as it is about to change that."""

    settings: Settings | None = None
    items: tuple[ItemSettings, ...] | None = None


def zone_of(course: Course) -> ZoneInfo:
    """Where the course's times are meant."""
    return zone_named(course.zone) or ZoneInfo("UTC")


def ledger_for(session: Session, course: Course, now: datetime, actor_id: int) -> Ledger:
    """Notes what somebody does on a page."""
    return Ledger(session, now, actor_id, course.id, Origin.PAGE)


def items_of(session: Session, assignment_id: int) -> list[AssignmentItem]:
    """The items of an assignment in order, without those taken out."""
    return list(
        session.scalars(
            select(AssignmentItem)
            .where(AssignmentItem.assignment_id == assignment_id, AssignmentItem.removed_at.is_(None))
            .order_by(AssignmentItem.position, AssignmentItem.id)
        )
    )


def judging(plan: Plan, own: dict[int, tuple[datetime | None, datetime | None]]) -> Judging:
    """What marks hang on, of a plan."""
    settings = plan.settings
    return Judging(
        settings.dates,
        settings.late_penalty,
        settings.counts,
        settings.practice,
        {each.id: each.points for each in plan.items},
        {each.id: each.attempts for each in plan.items},
        own,
    )


def foreseen(session: Session, row: Assignment, wanted: Plan) -> Foreseen:
    """What would become of marks if the assignment were what `wanted` says."""
    items = items_of(session, row.id)
    own = own_dates(session, row.id)
    return foresee(session, items, judging(plan_of(row, items), own), judging(wanted, own))


def check_base(now_is: Plan, base: Base) -> None:
    """Raise `Changed` where `base` is no longer how it is."""
    if base.settings is not None and base.settings != now_is.settings:
        raise Changed
    if base.items is not None and base.items != now_is.items:
        raise Changed


def save(ledger: Ledger, course: Course, assignment_id: int, wanted: Plan, base: Base) -> int:
    """Make an assignment what `wanted` says, and marks with it; how many of those changed.  Raises `Changed`."""
    session, zone = ledger.session, zone_of(course)
    alone_with_rules(session, course.id)
    row = session.get_one(Assignment, assignment_id, with_for_update=True)
    items = {each.id: each for each in items_of(session, assignment_id)}
    before = plan_of(row, list(items.values()))
    check_base(before, base)
    wanted = wanted.normal()
    if {each.id for each in wanted.items} != set(items):
        raise Changed
    rows.change(ledger, row, _values(wanted.settings), zone)
    for position, each in enumerate(wanted.items):
        changed = {
            "points": each.points,
            "max_submissions": each.attempts,
            "is_open": each.is_open,
            "position": position,
        }
        rows.change_item(ledger, items[each.id], row, changed)
    session.flush()
    notices.tell_of_dates(session, row, before.settings.dates, ledger.now)
    if judging(before, {}) == judging(wanted, {}):
        return 0
    return follow(session, course.id, ledger.now, assignment_id=assignment_id)


def _values(settings: Settings) -> dict[str, Any]:
    """As the table's columns are called."""
    return {
        "title": settings.title,
        "opens_at": settings.opens_at,
        "due_at": settings.due_at,
        "closes_at": settings.closes_at,
        "late_penalty": settings.late_penalty,
        "counts": settings.counts,
        "practice": settings.practice,
    }


def create(ledger: Ledger, course: Course, settings: Settings) -> Assignment:
    """A new assignment at the end of the course.  Raises `Full`."""
    there = _assignments(ledger.session, course.id)
    if len(there) >= MAX_ASSIGNMENTS:
        raise Full
    position = sum(each.removed_at is None for each in there)
    key = free_key(settings.title, {each.key or "" for each in there})
    return rows.add(ledger, course.id, key, _values(settings) | {"position": position})


def duplicate(ledger: Ledger, course: Course, assignment_id: int, title: str) -> Assignment:
    """The same items, points and limits under another title, without dates, extensions and submissions."""
    session = ledger.session
    model = session.get_one(Assignment, assignment_id)
    settings = plan_of(model, []).settings
    made = create(
        ledger, course, replace(settings, title=title, opens_at=None, due_at=None, closes_at=None, late_penalty=0.0)
    )
    for position, item in enumerate(items_of(session, assignment_id)):
        row = AssignmentItem(
            assignment_id=made.id,
            bank_id=item.bank_id,
            item=item.item,
            revision=item.revision,
            position=position,
            points=item.points,
            max_submissions=item.max_submissions,
        )
        session.add(row)
    session.flush()
    return made


def reorder(ledger: Ledger, course: Course, wanted: Sequence[int], base: Sequence[int]) -> None:
    """Put a course's assignments into this order.  Raises `Changed` when they are no longer those of `base`."""
    there = {each.id: each for each in _shown(ledger.session, course.id)}
    if list(there) != list(base) or set(there) != set(wanted):
        raise Changed
    for position, number in enumerate(wanted):
        rows.change(ledger, there[number], {"position": position}, zone_of(course))


def take_out(ledger: Ledger, assignment_id: int) -> None:
    """Show an assignment to nobody any more; what was sent stays."""
    row = ledger.session.get_one(Assignment, assignment_id)
    if row.removed_at is None:
        items = items_of(ledger.session, row.id)
        rows.take_out(ledger, row, items, sent_to(ledger.session, [item.id for item in items]))
        _close_ranks(ledger.session, _shown(ledger.session, row.course_id))


def put_back(ledger: Ledger, assignment_id: int) -> None:
    """Show it again, about where it was."""
    row = ledger.session.get_one(Assignment, assignment_id)
    rows.put_back(ledger, row)
    ledger.session.flush()
    _close_ranks(ledger.session, _shown(ledger.session, row.course_id))


def add_items(ledger: Ledger, assignment_id: int, wanted: Sequence[tuple[str, str, str]]) -> list[AssignmentItem]:
    """Ask items of banks, each (bank, item, revision), at the end of an assignment.  Raises `Full`.

    What is asked already is left as it is; what was taken out comes back with everything that was sent.
    """
    session = ledger.session
    row = session.get_one(Assignment, assignment_id)
    there = {
        (each.bank_id, each.item): each
        for each in session.scalars(select(AssignmentItem).where(AssignmentItem.assignment_id == assignment_id))
    }
    shown = [each for each in there.values() if each.removed_at is None]
    if len(shown) + len(wanted) > MAX_ITEMS:
        raise Full
    position = len(shown)
    added = []
    for bank, name, revision in wanted:
        found = there.get((bank, name))
        if found is not None and found.removed_at is None:
            continue
        if found is not None:
            rows.put_back_item(ledger, found, row)
            found.position = position
        else:
            found = rows.add_item(ledger, row, item_of(session.get_one(Revision, revision)), position)
        added.append(found)
        position += 1
    session.flush()
    return added


def take_out_item(ledger: Ledger, item_id: int) -> None:
    """Ask an item no more; what was sent stays."""
    item = ledger.session.get_one(AssignmentItem, item_id)
    if item.removed_at is None:
        rows.take_out_item(ledger, item, item.assignment, sent_to(ledger.session, [item_id]))
        _close_ranks(ledger.session, items_of(ledger.session, item.assignment_id))


def put_back_item(ledger: Ledger, item_id: int) -> None:
    """Ask an item again, at the end of its assignment."""
    item = ledger.session.get_one(AssignmentItem, item_id)
    if item.removed_at is not None:
        shown = items_of(ledger.session, item.assignment_id)
        item.position = len(shown)
        rows.put_back_item(ledger, item, item.assignment)


def _close_ranks(session: Session, in_order: Sequence[Assignment] | Sequence[AssignmentItem]) -> None:
    """Number places as files do, without a gap; that is no change of the order."""
    session.flush()
    for position, each in enumerate(each for each in in_order if each.removed_at is None):
        each.position = position


def sent_to(session: Session, item_ids: Sequence[int]) -> int:
    """How many submissions these items have."""
    query = select(func.count()).where(Submission.assignment_item_id.in_(item_ids))
    return session.scalar(query) or 0


def free_key(title: str, taken: set[str]) -> str:
    """What files call an assignment: from its English title, unlike all others of the course."""
    stem = KEY.sub("-", titles(title)[1].lower()).strip("-")[:LONGEST_KEY].strip("-") or "assignment"
    if not stem[0].isalpha():
        stem = f"assignment-{stem}"
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}-{number}", number + 1
    return key


def _assignments(session: Session, course_id: int) -> list[Assignment]:
    """All of a course, those taken out too, in order."""
    return list(
        session.scalars(
            select(Assignment)
            .where(Assignment.course_id == course_id)
            .order_by(Assignment.position, Assignment.due_at, Assignment.id)
        )
    )


def name_course(ledger: Ledger, course_id: int, key: str) -> None:
    """Give a course, and those of its assignments that have none, the keys under which files know them."""
    session = ledger.session
    course = session.get_one(Course, course_id)
    ledger.set(course, {"key": key}, f"course {key}", f"course:{course_id}", {})
    there = _assignments(session, course_id)
    taken = {each.key for each in there if each.key}
    for each in there:
        if not each.key:
            each.key = free_key(each.title, taken)
            taken.add(each.key)


def _shown(session: Session, course_id: int) -> list[Assignment]:
    """Those that are not taken out."""
    return [each for each in _assignments(session, course_id) if each.removed_at is None]

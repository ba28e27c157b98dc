"""One student's own dates for an assignment: who has some, and giving and taking them back."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.courses import rows
from webapp.courses.changes import Ledger
from webapp.courses.names import Unfit, name_of
from webapp.courses.rules import LONGEST_REASON, idle
from webapp.learn.attempts import Dates
from webapp.marks.foreseeing import Foreseen, foresee, own_dates
from webapp.marks.giving import alone_with_rules, follow
from webapp.models import Assignment, Course, Extension, Membership, Role, User
from webapp.models.searching import alphabetical
from webapp.teach.assignments import fault_words, notices
from webapp.teach.assignments.service import Changed, items_of, judging, zone_of
from webapp.teach.assignments.settings import Faults, plan_of, time_of

SEPARATOR = re.compile(r"[\n,;\t，；、]+")


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody who may be given an extension."""

    id: int
    name: str
    email: str
    external_id: str


@dataclass(frozen=True, slots=True)
class Given:
    """Later dates for some students, and why."""

    user_ids: tuple[int, ...]
    due_at: datetime | None
    closes_at: datetime | None
    reason: str


def students(session: Session, course_id: int) -> list[Student]:
    """The students of a course by name."""
    found = session.execute(
        select(User.id, User.name, User.email, Membership.external_id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.course_id == course_id, Membership.role == Role.STUDENT)
        .order_by(alphabetical(User.name), alphabetical(User.email))
    )
    return [Student(number, name, email, external or "") for number, name, email, external in found]


def named(text: str, known: Sequence[Student]) -> tuple[set[int], list[str]]:
    """Whom a list of emails, school numbers or names means, and which of its entries mean nobody or several."""
    by: dict[str, set[int]] = {}
    for each in known:
        for key in (each.email, each.external_id, each.name):
            if key:
                by.setdefault(key.casefold(), set()).add(each.id)
    found: set[int] = set()
    unclear = []
    for entry in SEPARATOR.split(text[:200_000]):
        key = " ".join(entry.split()).casefold()
        if not key:
            continue
        match = by.get(key, set())
        if len(match) == 1:
            found |= match
        else:
            unclear.append(" ".join(entry.split())[:100])
    return found, unclear


def decided(
    form: Mapping[str, str], user_ids: Collection[int], row: Assignment, course: Course
) -> tuple[Given | None, Faults]:
    """What a form asks for, or what is wrong with it."""
    faults: Faults = {}
    zone = zone_of(course)
    due = time_of(form.get("due", "").strip()[:100], form.get("due_offset", "")[:10], "due", zone, faults)
    closes = time_of(form.get("closes", "").strip()[:100], form.get("closes_offset", "")[:10], "closes", zone, faults)
    for name, usual, own in (("due", row.due_at, due), ("closes", row.closes_at, closes)):
        why = idle(usual, own)
        if why is not None:
            faults.setdefault(name, fault_words.idle(why, name))
    if due and closes and due > closes:
        faults.setdefault("closes", fault_words.out_of_order_own())
    if not faults and due is None and closes is None:
        faults["due"] = fault_words.nothing_given()
    try:
        reason = name_of(form.get("reason", ""), LONGEST_REASON)
    except Unfit:
        reason, faults["reason"] = "", fault_words.reason_unfit(LONGEST_REASON)
    if not user_ids:
        faults["who"] = fault_words.nobody_chosen()
    return (None, faults) if faults else (Given(tuple(sorted(user_ids)), due, closes, reason), {})


def foreseen(session: Session, row: Assignment, given: Given) -> Foreseen:
    """What marks would become with these extensions; without dates they are taken back."""
    items, own = items_of(session, row.id), own_dates(session, row.id)
    plan = plan_of(row, items)
    now_is = judging(plan, own)
    if given.due_at or given.closes_at:
        then = own | {number: (given.due_at, given.closes_at) for number in given.user_ids}
    else:
        then = {number: dates for number, dates in own.items() if number not in given.user_ids}
    return foresee(session, items, now_is, replace(now_is, own=then))


def as_shown(found: Extension) -> list[str]:
    """An extension as a page's hidden field holds it, to tell whether it was changed since."""
    return [each.isoformat() if each else "" for each in (found.due_at, found.closes_at)] + [found.reason]


def give(ledger: Ledger, course: Course, assignment_id: int, given: Given, base: Mapping[str, Sequence[str]]) -> int:
    """Give students their own dates, or other ones than `base` says they have; how many marks changed.

    Raises `Changed` where somebody else has given one of them other dates since.
    """
    session = ledger.session
    alone_with_rules(session, course.id)
    row = session.get_one(Assignment, assignment_id, with_for_update=True)
    there = _there(session, assignment_id, given.user_ids)
    for number in given.user_ids:
        if (as_shown(there[number]) if number in there else None) != base.get(str(number)):
            raise Changed
    users = _users(session, course.id, given.user_ids)
    for user in users:
        found = there.get(user.id)
        rows.extend(ledger, row, user, found, given.due_at, given.closes_at, given.reason, zone_of(course))
        dates = Dates(row.opens_at, row.due_at, row.closes_at).extended(given.due_at, given.closes_at)
        notices.tell_of_extension(session, row, user.id, dates, ledger.now)
    session.flush()
    return follow(session, course.id, ledger.now, [user.id for user in users], assignment_id)


def take_back(ledger: Ledger, course: Course, assignment_id: int, user_id: int) -> int:
    """Take somebody's own dates back; how many marks changed.  Raises `Changed` where they have none."""
    session = ledger.session
    alone_with_rules(session, course.id)
    row = session.get_one(Assignment, assignment_id, with_for_update=True)
    found = session.get(Extension, (assignment_id, user_id))
    if found is None:
        raise Changed
    rows.end_extension(ledger, row, session.get_one(User, user_id), found)
    dates = Dates(row.opens_at, row.due_at, row.closes_at)
    if dates.extended(found.due_at, found.closes_at).is_extended:
        notices.tell_of_extension(session, row, user_id, dates, ledger.now)
    session.flush()
    return follow(session, course.id, ledger.now, [user_id], assignment_id)


def _there(session: Session, assignment_id: int, user_ids: Collection[int]) -> dict[int, Extension]:
    query = select(Extension).where(Extension.assignment_id == assignment_id, Extension.user_id.in_(user_ids))
    return {each.user_id: each for each in session.scalars(query)}


def _users(session: Session, course_id: int, user_ids: Collection[int]) -> list[User]:
    """Those of them who are students of the course now."""
    return list(
        session.scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.course_id == course_id, Membership.role == Role.STUDENT, User.id.in_(user_ids))
            .order_by(User.id)
        )
    )

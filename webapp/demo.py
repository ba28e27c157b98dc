"""The course of the first start, from `courses/demo.yaml`, with one student and one instructor who can sign in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from questions.model import Bank, Item, Kind
from webapp import banks
from webapp.account import service as accounts
from webapp.courses.applying import apply
from webapp.courses.checking import Missing
from webapp.courses.file import load
from webapp.courses.model import AssignmentEntry, CourseEntry, ItemEntry
from webapp.courses.present import course_named
from webapp.models import Assignment, AssignmentItem, Course, Role, User
from webapp.models.times import utc_now
from webapp.settings import private_file

FILE = Path(__file__).parent / "courses" / "demo.yaml"
ATTEMPTS = {Kind.SHORT_ANSWER: 10, Kind.CHOICE: 2, Kind.NUMERIC: 5}
"""Fewer where an answer is quickly guessed."""
USUAL_ATTEMPTS = 20


@cache
def wanted() -> CourseEntry:
    """The course as its file has it."""
    reading = load(FILE)
    assert not reading.faults, reading.faults
    return reading.course


TITLE = wanted().title


@dataclass(frozen=True, slots=True)
class Account:
    """A sign-in that may be printed: it exists for trying things out."""

    email: str
    password: str
    role: Role


def accounts_of(folder: Path) -> tuple[Account, ...]:
    """The demo sign-ins of this installation: drawn once, kept in `demo-accounts`, readable by the owner only."""
    people = sorted(wanted().people, key=lambda person: person.role.teaches)
    text = private_file(
        folder / "demo-accounts",
        lambda: "".join(f"{person.email} {secrets.token_urlsafe(9)}\n" for person in people),
    )
    passwords = dict(line.split(" ", 1) for line in text.splitlines() if " " in line)
    return tuple(Account(each.email, passwords[each.email], each.role) for each in people if each.email in passwords)


def ensure(session: Session, folder: Path, loaded: list[Bank]) -> tuple[Account, ...]:
    """Make the course and its people if they are missing, and put new items of the banks in; again changes nothing."""
    known = accounts_of(folder)
    names = {person.email: person.name for person in wanted().people}
    for account in known:
        if session.scalar(select(User.id).where(User.email == account.email)) is None:
            accounts.create(session, account.email, names[account.email], account.password)
    served = banks.in_order(loaded)
    course = course_named(session, wanted().key) or _made_before_files(session)
    if course is None:
        apply(session, _with(wanted(), served), utc_now(), Missing.KEEP)
    else:
        _keep_up(session, course, served)
    return known


def _with(course: CourseEntry, served: list[Item]) -> CourseEntry:
    """The course with what the loaded banks hold: of its own items those that are there, and all others beside them."""
    there = {f"{item.bank}/{item.id}" for item in served}
    homes = _homes(course, served)
    assignments = []
    for each in course.assignments:
        items = [entry for entry in each.items if entry.name in there]
        named = {entry.name for entry in items}
        items += [_entry(item) for item in served if homes[item.bank, item.id] == each.key and _name(item) not in named]
        if items:
            assignments.append(replace(each, items=tuple(items)))
    return replace(course, assignments=tuple(assignments))


def _name(item: Item) -> str:
    return f"{item.bank}/{item.id}"


def _entry(item: Item) -> ItemEntry:
    return ItemEntry(item.bank, item.id, ATTEMPTS.get(item.kind, USUAL_ATTEMPTS))


def _homes(course: CourseEntry, served: list[Item]) -> dict[tuple[str, str], str]:
    """The key of the assignment for each item: that which names it, else one that names others of its section."""
    named = {entry.name: each.key for each in course.assignments for entry in each.items}
    sections = {
        (item.bank, item.section.get("en")): named[_name(item)] for item in reversed(served) if _name(item) in named
    }
    first = course.assignments[0].key
    return {
        (item.bank, item.id): named.get(_name(item), sections.get((item.bank, item.section.get("en")), first))
        for item in served
    }


def _made_before_files(session: Session) -> Course | None:
    """The demo course of an older version, which knew no keys: it gets them, and its open item."""
    assignment = wanted().assignments[0]
    course = session.scalar(select(Course).where(Course.join_code == wanted().join_code, Course.key.is_(None)))
    if course is None:
        return None
    course.key = wanted().key
    first = session.scalar(select(Assignment).where(Assignment.course_id == course.id).order_by(Assignment.id).limit(1))
    if first is not None:
        first.key = assignment.key
        names = {entry.item for entry in assignment.items if entry.is_open}
        for row in session.scalars(select(AssignmentItem).where(AssignmentItem.assignment_id == first.id)):
            row.is_open = row.item in names
    session.flush()
    return course


def _keep_up(session: Session, course: Course, served: list[Item]) -> None:
    """Pin newer revisions where that is allowed, and append what is new; what somebody made of the course stays so."""
    entries = {entry.name: entry for each in wanted().assignments for entry in each.items}
    keys = {each.key: each for each in wanted().assignments}
    own = {
        row.key: row
        for row in session.scalars(
            select(Assignment).where(Assignment.course_id == course.id, Assignment.key.in_(keys))
        )
    }
    if next(iter(keys)) not in own:
        return
    rows: dict[tuple[str, str], AssignmentItem] = {}
    ends: dict[int, int] = {}
    for row in session.scalars(
        select(AssignmentItem).where(AssignmentItem.assignment_id.in_([each.id for each in own.values()]))
    ):
        rows[row.bank_id, row.item] = row
        ends[row.assignment_id] = max(ends.get(row.assignment_id, 0), row.position + 1)
    homes = _homes(wanted(), served)
    for item in served:
        attempts = entries.get(_name(item), _entry(item)).attempts
        known = rows.get((item.bank, item.id))
        if known is not None:
            banks.pin(session, known.assignment_id, item, known.position, attempts)
            continue
        key = homes[item.bank, item.id]
        if key not in own:
            own[key] = _assignment(session, course, keys[key])
        end = ends.get(own[key].id, 0)
        banks.pin(session, own[key].id, item, end, attempts)
        ends[own[key].id] = end + 1


def _assignment(session: Session, course: Course, entry: AssignmentEntry) -> Assignment:
    """An assignment that a newer version of the course has, after all others."""
    last = session.scalar(select(func.max(Assignment.position)).where(Assignment.course_id == course.id)) or 0
    made = Assignment(
        course_id=course.id, key=entry.key, title=entry.title, counts=entry.counts, late_penalty=0.0, position=last + 1
    )
    session.add(made)
    session.flush()
    return made

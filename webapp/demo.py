"""The course of the first start, from `courses/demo.yaml`, with one student and one instructor who can sign in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.model import Bank, Item, Kind
from webapp import banks
from webapp.account import service as accounts
from webapp.courses.applying import apply
from webapp.courses.checking import Missing
from webapp.courses.file import load
from webapp.courses.model import CourseEntry, ItemEntry
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
    """The course with what the loaded banks hold: of its own items those that are there, and all others after them."""
    there = {f"{item.bank}/{item.id}": item for item in served}
    (assignment,) = course.assignments
    items = [entry for entry in assignment.items if entry.name in there]
    named = {entry.name for entry in items}
    items += [
        ItemEntry(item.bank, item.id, ATTEMPTS.get(item.kind, USUAL_ATTEMPTS))
        for name, item in there.items()
        if name not in named
    ]
    return replace(course, assignments=(replace(assignment, items=tuple(items)),))


def _made_before_files(session: Session) -> Course | None:
    """The demo course of an older version, which knew no keys: it gets them, and its open item."""
    (assignment,) = wanted().assignments
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
    (entry,) = wanted().assignments
    assignment = session.scalar(
        select(Assignment).where(Assignment.course_id == course.id, Assignment.key == entry.key)
    )
    if assignment is None:
        return
    rows = session.scalars(select(AssignmentItem).where(AssignmentItem.assignment_id == assignment.id)).all()
    places = {(row.bank_id, row.item): row.position for row in rows}
    end = max(places.values(), default=-1) + 1
    for item in served:
        place = places.get((item.bank, item.id))
        banks.pin(
            session, assignment.id, item, end if place is None else place, ATTEMPTS.get(item.kind, USUAL_ATTEMPTS)
        )
        end += place is None

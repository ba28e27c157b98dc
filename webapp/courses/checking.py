"""What only the database knows to be wrong with a course's file."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.faults import FaultList, nearest, shown
from webapp.courses.model import AssignmentEntry, CourseEntry, ItemEntry
from webapp.courses.present import Present, course_named, item_name, present
from webapp.courses.rows import submissions
from webapp.learn.routes import declared
from webapp.models import Bank, Course, Role


class Missing(StrEnum):
    """What becomes of that which a course has and its file does not name."""

    REFUSE = "refuse"
    """Items go, people stay; an item with submissions is a fault."""
    REMOVE = "remove"
    KEEP = "keep"


def servable(session: Session) -> dict[str, dict[str, str]]:
    """The revision of every item that can be served, by bank and item."""
    return {
        bank.id: {each["id"]: each["revision"] for each in bank.report["items"] if each["servable"]}
        for bank in session.scalars(select(Bank).order_by(Bank.id))
    }


def check(session: Session, wanted: CourseEntry, faults: FaultList, missing: Missing) -> None:
    """Note in `faults` what keeps `wanted` from being applied.

    What a faulty file leaves out is not held against it: whether something would go is asked only when it has no fault.
    """
    complete = not faults.found
    course = course_named(session, wanted.key) if wanted.key else None
    there = present(session, course) if course is not None else None
    _check_items(session, wanted, faults, there)
    if wanted.join_code:
        other = session.scalar(select(Course).where(Course.join_code == wanted.join_code))
        if other is not None and other.key != wanted.key:
            text = f"the join code {shown(wanted.join_code)} belongs to the course {shown(other.key or other.title)}"
            faults.fault(wanted.code_line, f"{text}: choose another")
    if wanted.path and (course is None or course.path != wanted.path):
        _check_path(session, wanted.path, wanted.path_line, faults)
    _check_extensions(wanted, faults, there)
    if complete and there is not None and missing is Missing.REFUSE:
        for line, text in _would_hide(wanted, there):
            faults.fault(line, f"{text}: put it back, or apply with --remove, which hides it and keeps what was sent")


def answers_given_away(wanted: CourseEntry) -> Iterator[tuple[int, str]]:
    """Where practice shows the answer of an item that is graded elsewhere in the course: allowed, but worth a word."""
    graded = {item.name: each.key for each in reversed(wanted.assignments) if not each.practice for item in each.items}
    for assignment in wanted.assignments:
        for entry in assignment.items if assignment.practice else ():
            if entry.name in graded:
                where = f"while it is graded in {graded[entry.name]}"
                yield entry.line, f"{entry.name} is practice here, so students can read its answer {where}"


def _check_path(session: Session, path: str, line: int, faults: FaultList) -> None:
    """A path that the course follows already may have left its bank since."""
    bank = path.partition("/")[0]
    offered = [each.name for each in declared(session, [bank])]
    if path in offered:
        return
    if session.get(Bank, bank) is None:
        faults.fault(line, f"no bank is called {shown(bank)} (workshop bank load PATH brings one in)")
    elif offered:
        faults.fault(line, f"the bank {bank} has no path {shown(path)}; {nearest(path, offered)}")
    else:
        faults.fault(line, f"the bank {bank} declares no path: write a `yaml path` into it, or leave path out here")


def _check_items(session: Session, wanted: CourseEntry, faults: FaultList, there: Present | None) -> None:
    banks = servable(session)
    known = {bank.id: {each["id"] for each in bank.report["items"]} for bank in session.scalars(select(Bank))}
    for assignment in wanted.assignments:
        for entry in assignment.items:
            if entry.item in banks.get(entry.bank, {}) or _is_pinned(there, assignment, entry):
                continue
            if entry.bank not in known:
                near = f"; {nearest(entry.bank, known)}" if known else ""
                text = f"no bank is called {shown(entry.bank)}{near} (workshop bank load PATH brings one in)"
            elif entry.item in known[entry.bank]:
                text = f"{entry.name} has faults and cannot be served: see workshop check, mend it, load the bank again"
            else:
                text = (
                    f"the bank {entry.bank} has no item {shown(entry.item)}; {nearest(entry.item, banks[entry.bank])}"
                )
            faults.fault(entry.line, text)


def _is_pinned(there: Present | None, assignment: AssignmentEntry, entry: ItemEntry) -> bool:
    """Whether the item is in this assignment already: what has left its bank since can still be asked."""
    row = there.assignments.get(assignment.key) if there else None
    return there is not None and row is not None and (row.id, entry.name) in there.items


def _check_extensions(wanted: CourseEntry, faults: FaultList, there: Present | None) -> None:
    students = {each.email for each in wanted.people if each.role is Role.STUDENT}
    others = {each.email for each in wanted.people} - students
    if there:
        students |= {
            email
            for email, each in there.members.items()
            if each.membership.role == Role.STUDENT and email not in others
        }
    for assignment in wanted.assignments:
        for extension in assignment.extensions:
            if extension.email not in students:
                text = (
                    f"{shown(extension.email)} is no student of this course: add them to students, or mend the address"
                )
                faults.fault(extension.line, text)


def _would_hide(wanted: CourseEntry, there: Present) -> Iterator[tuple[int, str]]:
    entries = {each.key: each for each in wanted.assignments}
    for key, row in there.assignments.items():
        if row.removed_at is not None:
            continue
        entry = entries.get(key)
        if entry is None:
            if count := there.sent_to(row):
                yield wanted.line, f"the assignment {shown(key)} has {submissions(count)} and is not in the file"
            continue
        names = {item.name for item in entry.items}
        for item in there.items_of(row):
            count = there.submissions.get(item.id, 0)
            if count and item_name(item) not in names:
                yield entry.line, f"{item_name(item)} has {submissions(count)} and is not in {shown(key)}"

"""Making a course what its file says: rows are moved by their keys, and nothing that was sent is ever lost.

Everything happens in the caller's transaction, so that it is done as a whole, tried without being done, or not at all.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.account import service as accounts
from webapp.courses import membership, rows
from webapp.courses.changes import Change, Ledger, Sign, Words
from webapp.courses.checking import Missing, servable
from webapp.courses.model import AssignmentEntry, CourseEntry, ItemEntry, Person
from webapp.courses.present import Present, course_named, item_name, present
from webapp.courses.rules import idle, moves
from webapp.items import item_of
from webapp.learn.attempts import Dates
from webapp.marks.giving import alone_with_rules, follow
from webapp.models import Assignment, AssignmentItem, Course, Revision, User
from webapp.zones import zone_named


def apply(
    session: Session,
    wanted: CourseEntry,
    now: datetime,
    missing: Missing = Missing.REFUSE,
    actor_id: int | None = None,
) -> tuple[Course, list[Change]]:
    """Make the course of that key what `wanted` says, and say what that changed.  `wanted` has been checked."""
    ledger = Ledger(session, now, actor_id)
    course = course_named(session, wanted.key)
    if course is None:
        course = Course(
            key=wanted.key, title=wanted.title, zone=wanted.zone, join_code=wanted.join_code, path=wanted.path
        )
        session.add(course)
        session.flush()
        ledger.course_id = course.id
        after = {"title": wanted.title, "zone": wanted.zone, "join_code": wanted.join_code}
        after |= {"path": wanted.path} if wanted.path else {}
        ledger.note(Sign.ADDED, f"course {wanted.key}", wanted.title, subject=f"course:{course.id}", after=after)
    ledger.course_id = course.id
    alone_with_rules(session, course.id)
    there = present(session, course)
    _Applying(session, ledger, wanted, there, missing).everything()
    session.flush()
    if count := follow(session, course.id, now):
        marks = "1 mark follows" if count == 1 else f"{count:,} marks follow"
        ledger.note(Sign.CHANGED, marks, "from points, dates and penalties as they are now")
    return course, ledger.changes


class _Applying:
    """One file on its way into the database."""

    def __init__(self, session: Session, ledger: Ledger, wanted: CourseEntry, there: Present, missing: Missing) -> None:
        self.session, self.ledger, self.wanted, self.there, self.missing = session, ledger, wanted, there, missing
        self.course = there.course
        self.zone = zone_named(wanted.zone) or ZoneInfo("UTC")
        self.revisions = servable(session)

    def everything(self) -> None:
        self.the_course()
        self.people()
        for position, entry in enumerate(self.wanted.assignments):
            row = self.assignment(entry, position)
            self.items(entry, row)
            self.extensions(entry, row)
        self.missing_assignments()

    def the_course(self) -> None:
        wanted = self.wanted
        values = {"title": wanted.title, "zone": wanted.zone, "join_code": wanted.join_code, "path": wanted.path}
        words: Words = {"join_code": ("join code", str)}
        self.ledger.set(self.course, values, f"course {wanted.key}", f"course:{self.course.id}", words)

    # People

    def people(self) -> None:
        emails = [each.email for each in self.wanted.people]
        accounts_there = {user.email: user for user in self.session.scalars(select(User).where(User.email.in_(emails)))}
        for person in self.wanted.people:
            self.person(person, accounts_there.get(person.email))
        gone = [email for email in self.there.members if email not in set(emails)]
        if self.missing is Missing.REMOVE:
            for email in gone:
                self.dismiss(email)

    def person(self, person: Person, user: User | None) -> None:
        what = f"{person.role} {person.email}"
        if user is None:
            user = accounts.create(self.session, person.email, person.name, None)
        else:
            words: Words = {"name": ("name", str)}
            self.ledger.set(user, {"name": membership.name_for(user, person.name)}, what, f"user:{user.id}", words)
        member = self.there.members.get(person.email)
        if member is None:
            membership.enrol(self.session, self.course.id, user.id, person.role, person.external_id, self.ledger.now)
            after = {"user": user.id, "role": person.role.value, "external_id": person.external_id}
            self.ledger.note(Sign.ADDED, what, person.name, subject=f"course:{self.course.id}", after=after)
            return
        values = {"role": person.role.value, "external_id": person.external_id or member.membership.external_id}
        subject = f"course:{self.course.id} user:{user.id}"
        self.ledger.set(member.membership, values, what, subject, {"external_id": ("id", str)})

    def dismiss(self, email: str) -> None:
        member = self.there.members[email]
        before = {"user": member.user.id, "role": member.membership.role, "external_id": member.membership.external_id}
        self.session.delete(member.membership)
        what = f"{member.membership.role} {email}"
        detail = "no longer in the course; the account and what was sent stay"
        self.ledger.note(Sign.REMOVED, what, detail, subject=f"course:{self.course.id}", before=before)

    # Assignments

    def assignment(self, entry: AssignmentEntry, position: int) -> Assignment:
        values = {
            "title": entry.title,
            "opens_at": entry.opens_at,
            "due_at": entry.due_at,
            "closes_at": entry.closes_at,
            "late_penalty": entry.late_penalty,
            "counts": entry.counts,
            "practice": entry.practice,
            "position": position,
        }
        row = self.there.assignments.get(entry.key)
        if row is None:
            return rows.add(self.ledger, self.course.id, entry.key, values)
        rows.put_back(self.ledger, row)
        rows.change(self.ledger, row, values, self.zone)
        return row

    def missing_assignments(self) -> None:
        named = {entry.key for entry in self.wanted.assignments}
        for key, row in self.there.assignments.items():
            if key in named or row.removed_at is not None or self.missing is Missing.KEEP:
                continue
            rows.take_out(self.ledger, row, self.there.items_of(row), self.there.sent_to(row))

    # Items

    def items(self, entry: AssignmentEntry, row: Assignment) -> None:
        for position, item in enumerate(entry.items):
            self.item(row, item, position)
        named = {item.name for item in entry.items}
        for gone in self.there.items_of(row):
            if item_name(gone) not in named and self.missing is not Missing.KEEP:
                rows.take_out_item(self.ledger, gone, row, self.there.submissions.get(gone.id, 0))

    def item(self, assignment: Assignment, wanted: ItemEntry, position: int) -> None:
        row = self.there.items.get((assignment.id, wanted.name))
        newest = self.revisions.get(wanted.bank, {}).get(wanted.item)
        if row is None:
            asked = item_of(self.session.get_one(Revision, newest))
            rows.add_item(
                self.ledger,
                assignment,
                asked,
                position,
                attempts=wanted.attempts,
                points=wanted.points,
                is_open=wanted.is_open,
            )
            return
        rows.put_back_item(self.ledger, row, assignment)
        self.repin(row, newest, assignment)
        pinned = item_of(self.session.get_one(Revision, row.revision))
        values = {
            "points": wanted.points or pinned.points,
            "max_submissions": wanted.attempts,
            "is_open": wanted.is_open,
            "position": position,
        }
        rows.change_item(self.ledger, row, assignment, values)

    def repin(self, row: AssignmentItem, newest: str | None, assignment: Assignment) -> None:
        """Move the pin while nobody has sent anything, and say where it stays."""
        what = rows.item_named(row, assignment)
        count = self.there.submissions.get(row.id, 0)
        if newest is None:
            self.ledger.note(Sign.KEPT, what, "its bank no longer has it; students keep the revision they know")
        elif newest != row.revision and not count:
            rows.move_pin(self.ledger, row, assignment, newest)
        elif newest != row.revision:
            answered = f"which its {rows.submissions(count)} answered; the bank has {newest[:12]}"
            self.ledger.note(Sign.KEPT, what, f"stays at revision {row.revision[:12]}, {answered}")

    # Extensions

    def extensions(self, entry: AssignmentEntry, row: Assignment) -> None:
        emails = [each.email for each in entry.extensions]
        users = {user.email: user for user in self.session.scalars(select(User).where(User.email.in_(emails)))}
        for each in entry.extensions:
            user = users[each.email]
            found = self.there.extensions.get((row.id, user.id))
            due_at, closes_at, reason = each.due_at, each.closes_at, each.reason
            if found is not None:
                due_at = due_at or _idle_one(row.due_at, found.due_at)
                closes_at = closes_at or _idle_one(row.closes_at, found.closes_at)
                reason = reason or found.reason
            rows.extend(self.ledger, row, user, found, due_at, closes_at, reason, self.zone)
        if self.missing is not Missing.KEEP:
            self.missing_extensions(row, {user.id for user in users.values()})

    def missing_extensions(self, row: Assignment, named: set[int]) -> None:
        """Take back what the file does not name; what moves nothing at present no file can name, so it stays."""
        usual = Dates(row.opens_at, row.due_at, row.closes_at)
        for (assignment_id, user_id), found in self.there.extensions.items():
            if assignment_id != row.id or user_id in named or not moves(usual, found.due_at, found.closes_at):
                continue
            rows.end_extension(self.ledger, row, self.session.get_one(User, user_id), found)


def _idle_one(usual: datetime | None, own: datetime | None) -> datetime | None:
    """`own` where it moves nothing at present, so that a file, which cannot name it, leaves it alone."""
    return own if idle(usual, own) is not None else None

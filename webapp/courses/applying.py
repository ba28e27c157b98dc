"""Making a course what its file says: rows are moved by their keys, and nothing that was sent is ever lost.

Everything happens in the caller's transaction, so that it is done as a whole, tried without being done, or not at all.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import banks
from webapp.account import service as accounts
from webapp.courses.changes import Change, Ledger, Sign, Words
from webapp.courses.checking import Missing, servable, submissions
from webapp.courses.model import AssignmentEntry, CourseEntry, ItemEntry, Person
from webapp.courses.moments import written
from webapp.courses.present import Present, course_named, item_name, present
from webapp.items import item_of
from webapp.marks.giving import follow
from webapp.models import Assignment, AssignmentItem, Course, Extension, Membership, Revision, User
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
        course = Course(key=wanted.key, title=wanted.title, zone=wanted.zone, join_code=wanted.join_code)
        session.add(course)
        session.flush()
        after = {"title": wanted.title, "zone": wanted.zone, "join_code": wanted.join_code}
        ledger.note(Sign.ADDED, f"course {wanted.key}", wanted.title, subject=f"course:{course.id}", after=after)
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
        values = {"title": wanted.title, "zone": wanted.zone, "join_code": wanted.join_code}
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
        elif person.name and user.name != person.name and (user.password_hash is None or not user.name):
            words: Words = {"name": ("name", str)}
            self.ledger.set(user, {"name": person.name}, what, f"user:{user.id}", words)
        member = self.there.members.get(person.email)
        if member is None:
            self.session.add(
                Membership(course_id=self.course.id, user_id=user.id, role=person.role, external_id=person.external_id)
            )
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

    def when(self, at: datetime) -> str:
        return written(at, self.zone)

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
        what = f"assignment {entry.key}"
        if row is None:
            row = Assignment(course_id=self.course.id, key=entry.key, **values)
            self.session.add(row)
            self.session.flush()
            self.ledger.note(Sign.ADDED, what, entry.title, subject=f"assignment:{row.id}", after={"key": entry.key})
            return row
        if row.removed_at is not None:
            row.removed_at = None
            self.ledger.note(Sign.ADDED, what, "back again", subject=f"assignment:{row.id}", after={"removed_at": None})
        words: Words = {
            "opens_at": ("opens", self.when),
            "due_at": ("due", self.when),
            "closes_at": ("closes", self.when),
            "late_penalty": ("late penalty", percent),
            "practice": ("practice", lambda value: str(value).lower()),
            "position": ("place", lambda value: str(value + 1)),
        }
        self.ledger.set(row, values, what, f"assignment:{row.id}", words)
        return row

    def missing_assignments(self) -> None:
        named = {entry.key for entry in self.wanted.assignments}
        for key, row in self.there.assignments.items():
            if key in named or row.removed_at is not None or self.missing is Missing.KEEP:
                continue
            count = self.there.sent_to(row)
            row.removed_at = self.ledger.now
            for item in self.there.items_of(row):
                item.is_open = False
            self.ledger.note(
                Sign.REMOVED,
                f"assignment {key}",
                f"hidden; what was sent stays ({submissions(count)})" if count else "",
                subject=f"assignment:{row.id}",
                before={"title": row.title},
            )

    # Items

    def items(self, entry: AssignmentEntry, row: Assignment) -> None:
        for position, item in enumerate(entry.items):
            self.item(entry, row, item, position)
        named = {item.name for item in entry.items}
        for gone in self.there.items_of(row):
            if item_name(gone) in named or self.missing is Missing.KEEP:
                continue
            count = self.there.submissions.get(gone.id, 0)
            gone.removed_at, gone.is_open = self.ledger.now, False
            self.ledger.note(
                Sign.REMOVED,
                f"item {item_name(gone)} of {entry.key}",
                f"hidden; what was sent stays ({submissions(count)})" if count else "",
                subject=f"item:{gone.id}",
                before={"revision": gone.revision, "points": gone.points},
            )

    def item(self, entry: AssignmentEntry, assignment: Assignment, wanted: ItemEntry, position: int) -> None:
        what = f"item {wanted.name} of {entry.key}"
        row = self.there.items.get((assignment.id, wanted.name))
        newest = self.revisions.get(wanted.bank, {}).get(wanted.item)
        if row is None:
            asked = item_of(self.session.get_one(Revision, newest))
            row = banks.pin(self.session, assignment.id, asked, position, wanted.attempts)
            row.points, row.is_open = wanted.points or asked.points, wanted.is_open
            details = [f"{row.points:g} points", attempts_in_words(row.max_submissions)]
            details += ["open to guests"] if row.is_open else []
            after = {"revision": row.revision, "points": row.points, "max_submissions": row.max_submissions}
            self.ledger.note(Sign.ADDED, what, ", ".join(details), subject=f"item:{row.id}", after=after)
            return
        if row.removed_at is not None:
            row.removed_at = None
            self.ledger.note(Sign.ADDED, what, "back again", subject=f"item:{row.id}", after={"removed_at": None})
        self.repin(row, newest, what, position)
        pinned = item_of(self.session.get_one(Revision, row.revision))
        values = {
            "points": wanted.points or pinned.points,
            "max_submissions": wanted.attempts,
            "is_open": wanted.is_open,
            "position": position,
        }
        words: Words = {
            "points": ("points", lambda value: f"{value:g}"),
            "max_submissions": ("attempts", str),
            "is_open": ("open to guests", lambda value: str(value).lower()),
            "position": ("place", lambda value: str(value + 1)),
        }
        self.ledger.set(row, values, what, f"item:{row.id}", words)

    def repin(self, row: AssignmentItem, newest: str | None, what: str, position: int) -> None:
        """Move the pin where `banks.pin` allows it, and say where it does not."""
        if newest is None or newest == row.revision:
            if newest is None:
                self.ledger.note(Sign.KEPT, what, "its bank no longer has it; students keep the revision they know")
            return
        before, points, place = row.revision, row.points, row.position
        asked = item_of(self.session.get_one(Revision, newest))
        banks.pin(self.session, row.assignment_id, asked, position, row.max_submissions)
        row.points, row.position = points, place  # whether these move is the file's to say, and to be told
        if row.revision == newest:
            detail = f"revision {before[:12]} → {newest[:12]}"
            changed = {"before": {"revision": before}, "after": {"revision": newest}}
            self.ledger.note(Sign.CHANGED, what, detail, subject=f"item:{row.id}", **changed)
            return
        count = self.there.submissions.get(row.id, 0)
        detail = f"stays at revision {before[:12]}, which its {submissions(count)} answered; the bank has {newest[:12]}"
        self.ledger.note(Sign.KEPT, what, detail)

    # Extensions

    def extensions(self, entry: AssignmentEntry, row: Assignment) -> None:
        emails = [each.email for each in entry.extensions]
        users = {user.email: user for user in self.session.scalars(select(User).where(User.email.in_(emails)))}
        words: Words = {"due_at": ("due", self.when), "closes_at": ("closes", self.when)}
        named = set()
        for each in entry.extensions:
            user = users[each.email]
            named.add(user.id)
            what = f"extension of {each.email} for {entry.key}"
            values = {"due_at": each.due_at, "closes_at": each.closes_at}
            found = self.there.extensions.get((row.id, user.id))
            if found is not None:
                self.ledger.set(found, values, what, f"assignment:{row.id} user:{user.id}", words)
                continue
            self.session.add(Extension(assignment_id=row.id, user_id=user.id, **values))
            moved = [f"{name} {self.when(at)}" for name, at in (("due", each.due_at), ("closes", each.closes_at)) if at]
            after = {"user": user.id, "due_at": str(each.due_at or ""), "closes_at": str(each.closes_at or "")}
            self.ledger.note(Sign.ADDED, what, ", ".join(moved), subject=f"assignment:{row.id}", after=after)
        if self.missing is not Missing.KEEP:
            self.missing_extensions(entry, row, named)

    def missing_extensions(self, entry: AssignmentEntry, row: Assignment, named: set[int]) -> None:
        for (assignment_id, user_id), found in self.there.extensions.items():
            if assignment_id != row.id or user_id in named:
                continue
            user = self.session.get_one(User, user_id)
            before = {"user": user_id, "due_at": str(found.due_at or ""), "closes_at": str(found.closes_at or "")}
            self.session.delete(found)
            what = f"extension of {user.email} for {entry.key}"
            self.ledger.note(Sign.REMOVED, what, subject=f"assignment:{row.id}", before=before)


def percent(share: float) -> str:
    """A share as a file writes it."""
    return f"{round(share * 100, 2):g}%"


def attempts_in_words(limit: int | None) -> str:
    """A limit of attempts."""
    return "unlimited attempts" if limit is None else "1 attempt" if limit == 1 else f"{limit:,} attempts"

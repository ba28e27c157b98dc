"""The rows of a course's assignments, changed one at a time, each change with its line in the ledger.

Files and pages change them here and nowhere else, so that both do the same and both can be traced.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from questions.model import Item
from webapp import banks
from webapp.courses.changes import Ledger, Sign, Words
from webapp.courses.moments import written
from webapp.courses.present import item_name
from webapp.models import Assignment, AssignmentItem, Extension, User

ITEM_WORDS: Words = {
    "points": ("points", lambda value: f"{value:g}"),
    "max_submissions": ("attempts", str),
    "is_open": ("open to guests", lambda value: str(value).lower()),
    "position": ("place", lambda value: str(value + 1)),
}


def add(ledger: Ledger, course_id: int, key: str, values: dict[str, Any]) -> Assignment:
    """A new assignment."""
    row = Assignment(course_id=course_id, key=key, **values)
    ledger.session.add(row)
    ledger.session.flush()
    after = {"key": key, "title": row.title}
    ledger.note(Sign.ADDED, named(row), row.title, subject=f"assignment:{row.id}", after=after)
    return row


def change(ledger: Ledger, row: Assignment, values: dict[str, Any], zone: ZoneInfo) -> None:
    """Give an assignment these values."""

    def when(at: datetime) -> str:
        return written(at, zone)

    words: Words = {
        "opens_at": ("opens", when),
        "due_at": ("due", when),
        "closes_at": ("closes", when),
        "late_penalty": ("late penalty", percent),
        "practice": ("practice", lambda value: str(value).lower()),
        "position": ("place", lambda value: str(value + 1)),
    }
    ledger.set(row, values, named(row), f"assignment:{row.id}", words)


def put_back(ledger: Ledger, row: Assignment) -> None:
    """Show an assignment again that was taken out."""
    if row.removed_at is not None:
        row.removed_at = None
        ledger.note(Sign.ADDED, named(row), "back again", subject=f"assignment:{row.id}", after={"removed_at": None})


def take_out(ledger: Ledger, row: Assignment, items: Collection[AssignmentItem], count: int) -> None:
    """Hide an assignment; its `count` submissions stay."""
    row.removed_at = ledger.now
    for item in items:
        item.is_open = False
    before = {"title": row.title}
    ledger.note(Sign.REMOVED, named(row), _hidden(count), subject=f"assignment:{row.id}", before=before)


def add_item(
    ledger: Ledger,
    assignment: Assignment,
    asked: Item,
    position: int,
    *,
    attempts: int | None = None,
    points: float | None = None,
    is_open: bool = False,
) -> AssignmentItem:
    """Ask an item of a bank in an assignment, at its present revision."""
    row = banks.pin(ledger.session, assignment.id, asked, position, attempts)
    row.points, row.is_open = points or asked.points, is_open
    details = [f"{row.points:g} points", attempts_in_words(row.max_submissions)]
    details += ["open to guests"] if row.is_open else []
    after = {
        "item": item_name(row),
        "revision": row.revision,
        "points": row.points,
        "max_submissions": row.max_submissions,
    }
    what = item_named(row, assignment)
    ledger.note(Sign.ADDED, what, ", ".join(details), subject=f"item:{row.id}", after=after)
    return row


def change_item(ledger: Ledger, row: AssignmentItem, assignment: Assignment, values: dict[str, Any]) -> None:
    """Give an item of an assignment these values."""
    ledger.set(row, values, item_named(row, assignment), f"item:{row.id}", ITEM_WORDS)


def put_back_item(ledger: Ledger, row: AssignmentItem, assignment: Assignment) -> None:
    """Ask an item again that was taken out."""
    if row.removed_at is not None:
        row.removed_at = None
        after = {"item": item_name(row), "removed_at": None}
        ledger.note(Sign.ADDED, item_named(row, assignment), "back again", subject=f"item:{row.id}", after=after)


def take_out_item(ledger: Ledger, row: AssignmentItem, assignment: Assignment, count: int) -> None:
    """Ask an item no more; its `count` submissions stay."""
    row.removed_at, row.is_open = ledger.now, False
    before = {"item": item_name(row), "revision": row.revision, "points": row.points}
    what = item_named(row, assignment)
    ledger.note(Sign.REMOVED, what, _hidden(count), subject=f"item:{row.id}", before=before)


def move_pin(ledger: Ledger, row: AssignmentItem, assignment: Assignment, revision: str) -> None:
    """Ask an item as another revision has it; whether that may be is the caller's to know."""
    before, row.revision = row.revision, revision
    ledger.note(
        Sign.CHANGED,
        item_named(row, assignment),
        f"revision {before[:12]} → {revision[:12]}",
        subject=f"item:{row.id}",
        before={"revision": before},
        after={"revision": revision},
    )


def extend(
    ledger: Ledger,
    assignment: Assignment,
    user: User,
    found: Extension | None,
    due_at: datetime | None,
    closes_at: datetime | None,
    reason: str,
    zone: ZoneInfo,
) -> None:
    """Give somebody their own dates for an assignment, or other ones than they had."""

    def when(at: datetime) -> str:
        return written(at, zone)

    what, values = _extension_of(user, assignment), {"due_at": due_at, "closes_at": closes_at, "reason": reason}
    subject = f"assignment:{assignment.id} user:{user.id}"
    if found is not None:
        ledger.set(found, values, what, subject, {"due_at": ("due", when), "closes_at": ("closes", when)})
        return
    ledger.session.add(Extension(assignment_id=assignment.id, user_id=user.id, **values))
    moved = [f"{name} {when(at)}" for name, at in (("due", due_at), ("closes", closes_at)) if at]
    after = {
        "user": user.id,
        "due_at": due_at.isoformat() if due_at else None,
        "closes_at": closes_at.isoformat() if closes_at else None,
        "reason": reason,
    }
    ledger.note(Sign.ADDED, what, ", ".join(moved), subject=subject, after=after)


def end_extension(ledger: Ledger, assignment: Assignment, user: User, found: Extension) -> None:
    """Take somebody's own dates back."""
    before = {
        "user": user.id,
        "due_at": found.due_at.isoformat() if found.due_at else None,
        "closes_at": found.closes_at.isoformat() if found.closes_at else None,
        "reason": found.reason,
    }
    ledger.session.delete(found)
    subject = f"assignment:{assignment.id} user:{user.id}"
    ledger.note(Sign.REMOVED, _extension_of(user, assignment), subject=subject, before=before)


def named(row: Assignment) -> str:
    """An assignment in a line."""
    return f"assignment {row.key or f'#{row.id}'}"


def item_named(row: AssignmentItem, assignment: Assignment) -> str:
    """An item of an assignment in a line."""
    return f"item {item_name(row)} of {assignment.key or f'#{assignment.id}'}"


def _extension_of(user: User, assignment: Assignment) -> str:
    return f"extension of {user.email} for {assignment.key or f'#{assignment.id}'}"


def _hidden(count: int) -> str:
    return f"hidden; what was sent stays ({submissions(count)})" if count else ""


def percent(share: float) -> str:
    """A share as a file writes it."""
    return f"{round(share * 100, 2):g}%"


def attempts_in_words(limit: int | None) -> str:
    """A limit of attempts."""
    return "unlimited attempts" if limit is None else "1 attempt" if limit == 1 else f"{limit:,} attempts"


def submissions(count: int) -> str:
    """How many, in words."""
    return "1 submission" if count == 1 else f"{count:,} submissions"

"""A course written down as the file that makes it again."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy.orm import Session

from webapp.courses.assignments import UNLIMITED
from webapp.courses.file import LISTS
from webapp.courses.moments import written
from webapp.courses.present import Member, Present, item_name, present
from webapp.courses.rows import percent
from webapp.courses.rules import idle
from webapp.items import item_of
from webapp.models import Assignment, AssignmentItem, Course, Extension, Revision
from webapp.zones import zone_named


def shown_course(session: Session, course: Course) -> str:
    """The text of a file that, applied, changes nothing here and makes the same course elsewhere."""
    there = present(session, course)
    document: dict[str, Any] = {
        "course": course.key,
        "title": course.title,
        "zone": course.zone,
        "join_code": course.join_code or "none",
    }
    if course.path:
        document["path"] = course.path
    for name, role in LISTS:
        people = [_person(each) for each in there.members.values() if each.membership.role == role]
        if people:
            document[name] = people
    assignments = [each for each in there.assignments.values() if each.removed_at is None and each.key]
    zone = zone_named(course.zone) or ZoneInfo("UTC")
    document["assignments"] = [_assignment(session, there, each, zone) for each in assignments]
    return yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)


class _Dumper(yaml.SafeDumper):
    """Entries of lists stand indented, as people write them; a text is quoted only where it must be."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _person(member: Member) -> dict[str, str]:
    person = {"email": member.user.email}
    if member.user.name:
        person["name"] = member.user.name
    if member.membership.external_id:
        person["id"] = member.membership.external_id
    return person


def _assignment(session: Session, there: Present, row: Assignment, zone: ZoneInfo) -> dict[str, Any]:
    entry: dict[str, Any] = {"key": row.key, "title": row.title}
    for name, at in (("opens", row.opens_at), ("due", row.due_at), ("closes", row.closes_at)):
        if at is not None:
            entry[name] = written(at, zone)
    if row.practice:
        entry["practice"] = True
    else:
        entry["counts"] = row.counts
    if row.late_penalty:
        entry["late_penalty"] = percent(row.late_penalty)
    items = there.items_of(row)
    limits = {item.max_submissions for item in items}
    common = limits.pop() if len(limits) == 1 else None
    if common is not None and not row.practice:
        entry["attempts"] = common
    entry["items"] = [_item(session, item, common, practice=row.practice) for item in items]
    emails = {each.user.id: email for email, each in there.members.items()}
    extensions = [
        entry_of
        for (assignment_id, user_id), each in there.extensions.items()
        if assignment_id == row.id and user_id in emails and (entry_of := _extension(emails[user_id], each, row, zone))
    ]
    if extensions:
        entry["extensions"] = extensions
    return entry


def _item(session: Session, item: AssignmentItem, common: int | None, *, practice: bool) -> dict[str, Any] | str:
    entry: dict[str, Any] = {"item": item_name(item)}
    if item.max_submissions != common and not practice:
        entry["attempts"] = item.max_submissions or UNLIMITED
    if item.points != item_of(session.get_one(Revision, item.revision)).points:
        entry["points"] = int(item.points) if item.points == int(item.points) else item.points
    if item.is_open:
        entry["open"] = True
    return entry if len(entry) > 1 else item_name(item)


def _extension(email: str, found: Extension, row: Assignment, zone: ZoneInfo) -> dict[str, str] | None:
    """An extension as far as it moves something: what moves nothing at present is a fault in a file."""
    dates = {
        name: written(own, zone)
        for name, usual, own in (("due", row.due_at, found.due_at), ("closes", row.closes_at, found.closes_at))
        if own is not None and idle(usual, own) is None
    }
    if not dates:
        return None
    return {"student": email} | dates | ({"reason": found.reason} if found.reason else {})

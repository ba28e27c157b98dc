"""When two people change one assignment: what each of them wanted, side by side; and rules that span a course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.items import item_of
from webapp.languages import say
from webapp.learn.records import revisions
from webapp.models import Assignment, AssignmentItem, Audit, Course, User
from webapp.teach.assignments import fault_words
from webapp.teach.assignments.service import items_of
from webapp.teach.assignments.settings import (
    Faults,
    ItemSettings,
    Plan,
    Settings,
    SettingsText,
    joined,
    plan_of,
    titles,
)
from webapp.teach.assignments.values import Conflict
from webapp.teach.assignments.words import Speaker

FIELDS = {
    "title": ("title_zh", "title_en"),
    "opens_at": ("opens", "opens_offset"),
    "due_at": ("due", "due_offset"),
    "closes_at": ("closes", "closes_offset"),
    "late_penalty": ("late_penalty",),
    "counts": ("counts",),
    "practice": ("practice",),
}
"""The settings, and the fields of the form that say them."""


def of_settings(
    base: Settings, theirs: Settings, text: SettingsText, speaker: Speaker
) -> tuple[SettingsText, tuple[Conflict, ...]]:
    """What to put into the form now, and what to show beside it.

    What was not touched here is as somebody else has made it; what was is as it was typed, whoever else changed it.
    """
    mine, _faults = text.decided(speaker.zone)
    there = SettingsText.of(theirs, speaker.zone)
    merged, found = text, []
    for name, fields in FIELDS.items():
        was, other = getattr(base, name), getattr(theirs, name)
        typed = getattr(mine, name) if mine else was
        if typed == was:
            merged = replace(merged, **{field: getattr(there, field) for field in fields})
        if other != was:
            told = (speaker.value(name, each) for each in (was, other, typed))
            found.append(Conflict(speaker.label(name), *told))
    return merged, tuple(found)


def of_items(
    session: Session, row: Assignment, base: Sequence[ItemSettings], wanted: Sequence[ItemSettings], speaker: Speaker
) -> tuple[Conflict, ...]:
    """Each item that somebody else has changed, added or taken out since `base`."""
    rows = {each.id: each for each in items_of(session, row.id)}
    theirs = {each.id: each for each in plan_of(row, list(rows.values())).items}
    was, mine = {each.id: each for each in base}, {each.id: each for each in wanted}
    stored = revisions(session, {each.revision for each in rows.values()})
    titles_ = {number: say(item_of(stored[each.revision]).title, speaker.lang) for number, each in rows.items()}
    found = []
    for number in dict.fromkeys([*was, *theirs]):
        if was.get(number) != theirs.get(number):
            label = titles_.get(number, _("an item that was taken out"))
            told = (_row(each, speaker) for each in (was.get(number), theirs.get(number), mine.get(number)))
            found.append(Conflict(label, *told))
    if not found and [each.id for each in base] != list(theirs):
        found.append(Conflict(_("the order"), "", _("another one"), ""))
    return tuple(found)


def _row(item: ItemSettings | None, speaker: Speaker) -> str:
    if item is None:
        return _("not there")
    return _(
        "%(points)s points, attempts: %(attempts)s",
        points=speaker.value("points", item.points),
        attempts=speaker.value("max_submissions", item.attempts),
    )


def who_changed(session: Session, course: Course, row: Assignment) -> str:
    """Who has changed an assignment or one of its items last, as far as the log knows."""
    subjects = [f"assignment:{row.id}", *(f"item:{item.id}" for item in items_of(session, row.id))]
    found = session.execute(
        select(User)
        .join(Audit, Audit.actor_id == User.id)
        .where(Audit.course_id == course.id, or_(Audit.subject.in_(subjects)))
        .order_by(Audit.id.desc())
        .limit(1)
    ).scalar()
    return (found.name or found.email) if found else ""


def open_twice(session: Session, course: Course, row: Assignment, wanted: Sequence[ItemSettings], lang: str) -> Faults:
    """A course has at most one item open to guests: what is wrong where there would be two."""
    opened = [each.id for each in wanted if each.is_open]
    if not opened:
        return {}
    other = session.scalar(
        select(AssignmentItem)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .where(
            Assignment.course_id == course.id,
            Assignment.removed_at.is_(None),
            AssignmentItem.removed_at.is_(None),
            AssignmentItem.is_open,
            AssignmentItem.assignment_id != row.id,
        )
    )
    if other is not None:
        told = say(item_of(other.pinned).title, lang), say(other.assignment.title, lang)
        return {f"open-{opened[0]}": fault_words.two_open(*told)}
    if len(opened) > 1:
        return {f"open-{number}": fault_words.open_once() for number in opened[1:]}
    return {}


def lines(before: Plan, after: Plan, speaker: Speaker) -> list[str]:
    """What would change, one sentence each."""
    found = [
        _told(speaker, name, getattr(before.settings, name), getattr(after.settings, name))
        for name in FIELDS
        if getattr(before.settings, name) != getattr(after.settings, name)
    ]
    was = {each.id: each for each in before.items}
    points = sum(was[each.id].points != each.points for each in after.items if each.id in was)
    attempts = sum(was[each.id].attempts != each.attempts for each in after.items if each.id in was)
    if points == 1:
        each = next(each for each in after.items if was[each.id].points != each.points)
        found.append(_told(speaker, "points", was[each.id].points, each.points))
    elif points:
        found.append(_("Other points for %(number)s items", number=points))
    if attempts:
        found.append(_("Other limits of attempts: %(number)s", number=attempts))
    return found


def _told(speaker: Speaker, name: str, before: object, after: object) -> str:
    label, was, now_is = speaker.label(name), speaker.value(name, before), speaker.value(name, after)
    return _("%(label)s: %(before)s → %(after)s", label=label, before=was, after=now_is)


def copy_title(title: str) -> str:
    """What a copy is called until it has a name of its own."""
    zh, en = titles(title)
    return joined(f"{zh[:90]}（副本）" if zh else "", f"{en[:90]} (copy)" if en else "")

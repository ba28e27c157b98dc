"""Undoing one change: the assignment as it would be without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.courses.rules import out_of_order
from webapp.models import Assignment, Audit, Course
from webapp.teach.assignments.pages import UNDOABLE, can_undo
from webapp.teach.assignments.service import items_of
from webapp.teach.assignments.settings import Plan, plan_of

TIMES = frozenset({"opens_at", "due_at", "closes_at"})


def before(session: Session, course: Course, row: Assignment, audit: Audit) -> Plan | None:
    """What to make of `row` so that `audit`'s change is undone; None where that cannot be."""
    if audit.course_id != course.id or not audit.action.endswith("-change"):
        return None
    items = items_of(session, row.id)
    plan = plan_of(row, items)
    values: dict[str, Any] = {
        name: datetime.fromisoformat(value) if name in TIMES and value else value
        for name, value in (audit.before or {}).items()
        if name in UNDOABLE
    }
    if audit.subject == f"assignment:{row.id}":
        if not can_undo(audit, row):
            return None
        settings = replace(plan.settings, **values)
        dates = settings.dates
        if out_of_order(dates.opens_at, dates.due_at, dates.closes_at) is not None:
            return None
        if settings.late_penalty and dates.due_at is None:
            return None
        return Plan(settings, plan.items).normal()
    item = next((each for each in items if audit.subject == f"item:{each.id}"), None)
    if item is None or not can_undo(audit, item):
        return None
    if "max_submissions" in values:
        values["attempts"] = values.pop("max_submissions")
    changed = tuple(replace(each, **values) if each.id == item.id else each for each in plan.items)
    return Plan(plan.settings, changed).normal()

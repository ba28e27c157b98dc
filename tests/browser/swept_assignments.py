"""What the sweep over every page is told of assignments, extensions and looking through a student's eyes."""

from __future__ import annotations

from typing import Any

NO_PAGES = {
    "assignments.file": "an attachment",
    "viewing.nothing": "a refusal",
    "viewing.course": "swept by test_assignments.py once looking has begun",
    "viewing.course_map": "swept by test_assignments.py once looking has begun",
    "viewing.today": "swept by test_assignments.py once looking has begun",
    "viewing.item": "swept by test_assignments.py once looking has begun",
    "viewing.submission": "swept by test_assignments.py once looking has begun",
    "viewing.history": "swept by test_assignments.py once looking has begun",
    "viewing.difference": "swept by test_assignments.py once looking has begun",
}
VISITORS = {"assignments": ("instructor",), "viewing": ("instructor",)}


def prepare(site: Any, session: Any) -> dict[str, Any]:
    """The assignment that asks the item which the other pages show."""
    from webapp.models import AssignmentItem

    item = session.get_one(AssignmentItem, site.items["scaled-dot-product-attention"])
    return {"assignment_id": item.assignment_id}

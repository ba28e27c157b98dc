"""From one page of a taught item to its others: where it is asked, what the class made of it, grading it again."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext as _

from grader.similarity import COMPARED
from questions.model import Kind
from webapp import access
from webapp.access import Right
from webapp.items import item_of
from webapp.models import AssignmentItem
from webapp.teach.frame import Tab


def ways(item: AssignmentItem) -> tuple[Tab, ...]:
    """The pages about `item` that the current person may open, for `_item_ways.html`."""
    asked, course_id = item_of(item.pinned), item.assignment.course_id
    name = {"rubric_bank": item.bank_id, "rubric_item": item.item}
    found = [
        ("assignments.item", _("In its assignment"),
         {"course_id": course_id, "assignment_id": item.assignment_id, "item_id": item.id}),
        ("analysis.item", _("Analysis"), {"item_id": item.id}),
    ]  # fmt: skip
    if asked.kind is Kind.SHORT_ANSWER:
        found.append(("review.queue", _("Review"), {"course_id": course_id, "assignment": item.assignment_id}))
        if access.writes_banks():
            found.append(("phrasing.of_item", _("Phrasings"), name))
    if asked.kind in COMPARED:
        found.append(("similarity.item", _("Similarity"), {"item_id": item.id}))
    if asked.variant is not None:
        found.append(("variants.pages", _("Variants"), {"bank_id": item.bank_id, "item": item.item}))
    if access.may(course_id, Right.MANAGE):
        found.append(("regrades.new", _("Grade again"), {"course_id": course_id, "item": item.id}))
    return tuple(Tab(url_for(to, **values), label, to == request.endpoint) for to, label, values in found)

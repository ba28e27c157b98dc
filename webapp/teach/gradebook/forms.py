"""What an export's address asks for."""

from __future__ import annotations

from dataclasses import replace

from werkzeug.datastructures import MultiDict

from webapp.addresses import row_numbers
from webapp.teach.gradebook.exports import Asked, Detail, Layout
from webapp.teach.gradebook.values import Part, Person


def asked(form: MultiDict[str, str], parts: tuple[Part, ...], people: tuple[Person, ...]) -> Asked:
    """The layout and the items that were chosen; where none were, those on the page, for others without practice."""
    layouts = {each.value: each for each in Layout}
    layout = layouts.get(form.get("layout", ""), Layout.TABLE)
    chosen = set(row_numbers(form.getlist("item")))
    if chosen:
        parts = tuple(
            replace(part, columns=tuple(column for column in part.columns if column.id in chosen)) for part in parts
        )
    elif layout in (Layout.CANVAS, Layout.MOODLE):
        parts = tuple(part for part in parts if not part.practice)
    told = form.getlist("with")
    return Asked(
        layout=layout,
        parts=tuple(part for part in parts if part.columns),
        people=people,
        by_assignment=form.get("per") == "assignment",
        by_number=form.get("by") == "number",
        details=frozenset(each for each in Detail if each in told),
    )

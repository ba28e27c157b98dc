"""The gradebook as a page: complete without scripts, fifty students at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.languages import say
from webapp.models import Course
from webapp.teach.gradebook import choosing, reading, words
from webapp.teach.gradebook.choosing import Choice
from webapp.teach.gradebook.values import (
    Cell,
    Cells,
    CellView,
    Column,
    Group,
    Head,
    Part,
    Person,
    RowView,
    Tally,
)
from webapp.templating import number

AT_A_TIME = 50
NO_TALLY = Tally(None, None)


@dataclass(frozen=True, slots=True)
class Page:
    """What `teach/gradebook/course.html` shows."""

    course_id: int
    title: str
    join_code: str | None
    ungradable: int
    chosen: Choice
    parts: tuple[Part, ...]
    shown_parts: tuple[Part, ...]
    groups: Mapping[Group, str]
    heads: tuple[Head, ...]
    rows: tuple[RowView, ...]
    shown: int
    everybody: int
    nameless: int
    """Students without a number."""
    page: int
    pages: int
    previous: str
    next: str

    @property
    def points(self) -> float:
        """What the course gives."""
        return sum(part.points for part in self.parts)


def page(session: Session, course: Course, chosen: Choice, lang: str, ungradable: int) -> Page:
    """The students that are asked for.  Everybody's cells are read only where the choice hangs on them."""
    parts = reading.parts(session, course.id, lang)
    people = reading.people(session, course.id)
    names, typed = words.groups(), words.typed()
    some = choosing.shown_parts(parts, chosen)
    every_item = [column.id for part in parts for column in part.columns]
    cells: Cells
    if chosen.needs_cells(typed):
        cells = reading.cells(session, every_item)
        found = choosing.shown_people(people, parts, cells, chosen, typed)
    else:
        found = choosing.shown_people(people, parts, {}, chosen, typed)
        cells = {}
    pages = max(1, -(-len(found) // AT_A_TIME))
    number_ = min(chosen.page, pages)
    here = found[(number_ - 1) * AT_A_TIME : number_ * AT_A_TIME]
    if not cells:
        cells = reading.cells(session, every_item, [each.id for each in here])
    tallies = _tallies(session, course.id, people, found, some, cells, whole=chosen.needs_cells(typed))
    base = url_for("teach.course", course_id=course.id)
    return Page(
        course_id=course.id,
        title=say(course.title, lang),
        join_code=course.join_code,
        ungradable=ungradable,
        chosen=chosen,
        parts=parts,
        shown_parts=some,
        groups=names,
        heads=tuple(_heads(some, sum(part.points for part in parts), chosen, base, tallies)),
        rows=tuple(_row(each, parts, some, cells.get(each.id, {}), names) for each in here),
        shown=len(found),
        everybody=len(people),
        nameless=sum(not each.number for each in people),
        page=number_,
        pages=pages,
        previous=_address(base, chosen, page=number_ - 1) if number_ > 1 else "",
        next=_address(base, chosen, page=number_ + 1) if number_ < pages else "",
    )


def _tallies(
    session: Session,
    course_id: int,
    people: Sequence[Person],
    found: Sequence[Person],
    parts: Sequence[Part],
    cells: Cells,
    *,
    whole: bool,
) -> Mapping[int, Tally]:
    """How those who fit stand with each item; where they are the whole class the database adds up."""
    columns = [column for part in parts for column in part.columns]
    if len(found) == len(people):
        return reading.tallies(session, course_id, [column.id for column in columns], len(people))
    if not whole:
        cells = reading.cells(session, [column.id for column in columns], [each.id for each in found])
    return {column.id: choosing.tally(column, found, cells) for column in columns}


def _address(base: str, chosen: Choice, **changes: int) -> str:
    query = urlencode(chosen.query(**changes))
    return f"{base}?{query}" if query else base


def _heads(
    parts: Sequence[Part], points: float, chosen: Choice, base: str, tallies: Mapping[int, Tally]
) -> list[Head]:
    def head(key: str, title: str, of: float, part: Part | None, column: Column | None = None) -> Head:
        order = ("descending" if chosen.down else "ascending") if chosen.sort == key else ""
        tally = tallies.get(column.id, NO_TALLY) if column else NO_TALLY
        practice = part is not None and part.practice
        url = _address(base, chosen.by(key))
        return Head(key, title, of, practice, part is not None and column is None, tally, url, order)

    heads = [head("name", _("Student"), 0, None), head("total", _("Total"), points, None)]
    for part in parts:
        heads.append(head(f"a{part.id}", part.title, sum(each.points for each in part.columns), part))
        heads += [head(f"i{each.id}", each.title, each.points, part, each) for each in part.columns]
    return heads


def _row(
    person: Person, parts: Sequence[Part], some: Sequence[Part], mine: Mapping[int, Cell], names: Mapping[Group, str]
) -> RowView:
    opens = url_for("teach.submission", submission_id=0).removesuffix("0")
    views: list[CellView | str] = []
    for part in some:
        tried = any(column.id in mine for column in part.columns)
        views.append(number(choosing.subtotal(mine, part)) if tried else "")
        views += [_view(mine.get(column.id), opens, names) for column in part.columns]
    return RowView(person, choosing.total(mine, parts), tuple(views))


def _view(cell: Cell | None, opens: str, names: Mapping[Group, str]) -> CellView:
    if cell is None:
        return CellView("new", "", names[Group.NEW], "")
    look = cell.status + " is-late" * bool(cell.late) + " is-unread" * bool(cell.review)
    url = f"{opens}{cell.submission_id}" if cell.submission_id else ""
    return CellView(look, url, words.of_cell(cell, names), number(cell.score) if cell.score is not None else "–")

"""A gradebook as a table to take along: as people read it, as statistics read it, as Canvas and as Moodle import it.

What the last two take is described, with its sources, in docs/teaching.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _

from grader.csv_text import Cell as Written
from webapp.teach.gradebook import choosing
from webapp.teach.gradebook.values import Cell, Column, Group, Part, Person

Row = list[Written]


class Layout(StrEnum):
    """What a file is for."""

    TABLE = "table"
    LONG = "long"
    CANVAS = "canvas"
    MOODLE = "moodle"


class Detail(StrEnum):
    """What stands beside an item's points in a `TABLE`."""

    PERCENT = "percent"
    STATUS = "status"
    ATTEMPTS = "attempts"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a gradebook, and how.  `parts` have only the items that were chosen."""

    layout: Layout
    parts: tuple[Part, ...]
    people: tuple[Person, ...]
    by_assignment: bool
    """Whether Canvas and Moodle get one column for each assignment instead of each item."""
    by_number: bool
    """Whether Moodle is to know students by their number instead of their address."""
    details: frozenset[Detail]


Naming = Callable[[Cell | None], str]
"""What a cell's state is called."""


def rows(asked: Asked, cells: Mapping[int, Mapping[int, Cell]], every: Sequence[Part], naming: Naming) -> Iterator[Row]:
    """The file, row by row.  `every` are all assignments of the course: its total is that of the page."""
    if asked.layout is Layout.LONG:
        return _long(asked, cells)
    if asked.layout is Layout.CANVAS:
        return _canvas(asked, cells)
    if asked.layout is Layout.MOODLE:
        return _moodle(asked, cells)
    return _table(asked, cells, every, naming)


def points(value: float | None) -> int | float | None:
    """Points as a file has them: no `.0`, no rounding errors."""
    if value is None:
        return None
    value = round(float(value), 6)
    return int(value) if value.is_integer() else value


def percent(score: float | None, of: float) -> int | float | None:
    """Of a hundred, with at most two decimals; nothing of nothing."""
    return None if score is None or of <= 0 else points(round(100 * score / of, 2))


def _table(
    asked: Asked, cells: Mapping[int, Mapping[int, Cell]], every: Sequence[Part], naming: Naming
) -> Iterator[Row]:
    most = sum(part.points for part in every)
    head: Row = [_("Student"), _("Email"), _("Student number"), _("Total"), _("Total, out of"), _("Total, percent")]
    beside = {
        Detail.PERCENT: _("percent"),
        Detail.STATUS: _("state"),
        Detail.ATTEMPTS: _("attempts"),
        Detail.LATE: _("late"),
    }
    details = [each for each in Detail if each in asked.details]
    for part in asked.parts:
        head.append(f"{part.title} [{_('of %(points)s', points=points(sum(each.points for each in part.columns)))}]")
        for column in part.columns:
            title = named(part, column)
            head.append(f"{title} [{_('of %(points)s', points=points(column.points))}]")
            head += [f"{title} [{beside[each]}]" for each in details]
    yield head
    for person in asked.people:
        mine = cells.get(person.id, {})
        total = choosing.total(mine, every)
        row: Row = [person.name, person.email, person.number, points(total), points(most), percent(total, most)]
        for part in asked.parts:
            row.append(points(_subtotal(mine, part)))
            for column in part.columns:
                cell = mine.get(column.id)
                row.append(points(cell.score) if cell else None)
                row += [_detail(each, cell, column, naming) for each in details]
        yield row


def _detail(detail: Detail, cell: Cell | None, column: Column, naming: Naming) -> Written:
    if detail is Detail.STATUS:
        return naming(cell)
    if cell is None:
        return None
    if detail is Detail.PERCENT:
        return percent(cell.score, column.points)
    if detail is Detail.ATTEMPTS:
        return cell.used
    return int(bool(cell.late))


LONG_HEAD = (
    "student", "email", "number", "assignment", "item", "item_id", "practice", "points", "max_points", "percent",
    "status", "attempts", "late", "to_be_read", "submission_id",
)  # fmt: skip


def _long(asked: Asked, cells: Mapping[int, Mapping[int, Cell]]) -> Iterator[Row]:
    """One row for each student and item, also where nothing was sent.  Its words are the same in every language."""
    yield list(LONG_HEAD)
    nothing = Cell(0, 0, None, "new", None, False, False, 0)
    for person in asked.people:
        mine = cells.get(person.id, {})
        for part in asked.parts:
            for column in part.columns:
                cell = mine.get(column.id, nothing)
                status = Group.NEW.value if cell.status == "new" else cell.status
                yield [
                    person.name, person.email, person.number, part.title, column.title, column.id, int(part.practice),
                    points(cell.score), points(column.points), percent(cell.score, column.points), status, cell.used,
                    int(bool(cell.late)), int(bool(cell.review)), cell.submission_id,
                ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Grade:
    """A column of somebody else's gradebook."""

    title: str
    most: float
    of: Callable[[Mapping[int, Cell]], float | None]


def _grades(asked: Asked) -> list[_Grade]:
    taken: set[str] = set()
    found = []
    for part in asked.parts:
        if asked.by_assignment:
            most = sum(each.points for each in part.columns)
            found.append(_Grade(_foreign(part.title, taken), most, lambda mine, part=part: _subtotal(mine, part)))  # type: ignore[misc]
            continue
        for column in part.columns:
            title = _foreign(named(part, column), taken)
            found.append(_Grade(title, column.points, lambda mine, item=column.id: _score(mine, item)))  # type: ignore[misc]
    return found


def _score(mine: Mapping[int, Cell], item: int) -> float | None:
    return mine[item].score if item in mine else None


def _subtotal(mine: Mapping[int, Cell], part: Part) -> float | None:
    """None where nothing has points yet: no one else's gradebook should take that for nought."""
    scores = [score for column in part.columns if (score := _score(mine, column.id)) is not None]
    return sum(scores) if scores else None


def named(part: Part, column: Column) -> str:
    """An item's name beside those of other assignments."""
    return f"{part.title}: {column.title}"


OWN_NUMBER = re.compile(r"\s*\(([0-9]+)\)\s*$", re.ASCII)
"""What Canvas takes for the number of one of its assignments."""
READ_ONLY = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
"""Columns with these words in their names Canvas passes over."""


def _foreign(title: str, taken: set[str]) -> str:
    """A name that another gradebook takes as a name only, and that no other column has."""
    title = OWN_NUMBER.sub(r" [\1]", " ".join(title.split()))
    title = READ_ONLY.sub(lambda found: found[0].replace(" ", "-"), title)
    unique, count = title, 1
    while unique in taken:
        count += 1
        unique = f"{title} #{count}"
    taken.add(unique)
    return unique


def _canvas(asked: Asked, cells: Mapping[int, Mapping[int, Cell]]) -> Iterator[Row]:
    """Canvas finds a student by `SIS User ID`, else `SIS Login ID`, else the name; its own `ID` we do not know."""
    grades = _grades(asked)
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *(each.title for each in grades)]
    yield ["    Points Possible", None, None, None, None, *(points(each.most) for each in grades)]
    for person in asked.people:
        mine = cells.get(person.id, {})
        row: Row = [person.shown_name, None, person.number or None, person.email, None]
        yield row + [points(each.of(mine)) for each in grades]


def _moodle(asked: Asked, cells: Mapping[int, Mapping[int, Cell]]) -> Iterator[Row]:
    """Moodle gives up at a row whose student it cannot find: by number, who has none is left out.

    A dash is no grade; an empty cell of a new column would become nought.
    """
    grades = _grades(asked)
    yield ["ID number" if asked.by_number else "Email address", "Full name", *(each.title for each in grades)]
    for person in asked.people:
        if asked.by_number and not person.number:
            continue
        mine = cells.get(person.id, {})
        row: Row = [person.number if asked.by_number else person.email, person.shown_name]
        for each in grades:
            score = points(each.of(mine))
            row.append("-" if score is None else score)
        yield row

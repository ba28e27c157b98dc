"""Which students a gradebook shows, and in which order: pure decisions over what a page's address says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from webapp.teach.gradebook.values import Cell, Cells, Column, Group, Part, Person, Tally

SORT = re.compile(r"(name|email|number|total|[ai][0-9]{1,18})", re.ASCII)
LONGEST_TEXT = 200
FIRST_DOWN = re.compile(r"total|[ai][0-9]+", re.ASCII)
"""What is sorted with the most at the top when it is first asked for."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What an address asks for.  `group` is what the menu says, `text` what was typed."""

    text: str = ""
    group: Group | None = None
    assignment: int | None = None
    sort: str = "name"
    down: bool = False
    page: int = 1

    def query(self, **changes: Any) -> dict[str, str | int]:
        """As an address says it; what is as usual is left out."""
        it = replace(self, **changes)
        said = {
            "q": it.text,
            "state": it.group.value if it.group else "",
            "assignment": it.assignment or "",
            "sort": it.sort if (it.sort, it.down) != ("name", False) else "",
            "order": "down" if it.down else "",
            "page": it.page if it.page > 1 else "",
        }
        return {name: value for name, value in said.items() if value != ""}

    def by(self, key: str) -> Choice:
        """Sorted by `key`; when it is already, the other way round."""
        down = not self.down if key == self.sort else bool(FIRST_DOWN.fullmatch(key))
        return replace(self, sort=key, down=down, page=1)

    def needs_cells(self, words: Mapping[str, Group]) -> bool:
        """Whether who is shown, or in which order, hangs on more than who they are."""
        typed = wanted(self.text, words)
        return bool(self.group or typed.groups or typed.either or FIRST_DOWN.fullmatch(self.sort))


def choice(asked: Mapping[str, str]) -> Choice:
    """What an address asks for; what it says wrongly is as usual."""
    groups = {each.value: each for each in Group}
    sort = asked.get("sort", "")
    return Choice(
        text=asked.get("q", "").strip()[:LONGEST_TEXT],
        group=groups.get(asked.get("state", "")),
        assignment=_number(asked.get("assignment", "")),
        sort=sort if SORT.fullmatch(sort) else "name",
        down=asked.get("order") == "down",
        page=_number(asked.get("page", "")) or 1,
    )


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,17}", text, re.ASCII) else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed, taken apart: every text and every group has to fit; where both could be meant, either does."""

    texts: tuple[str, ...]
    groups: tuple[Group, ...]
    either: tuple[tuple[str, Group], ...]


def wanted(text: str, words: Mapping[str, Group]) -> Wanted:
    """`words` are what groups are called.  One of several words means the group; one word could be somebody's name."""
    rest = f" {' '.join(text.casefold().split())} "
    groups, either = [], []
    for name, group in sorted(words.items(), key=lambda each: -len(each[0])):
        phrase = f" {name.casefold()} "
        if phrase in rest:
            rest = rest.replace(phrase, " ")
            if " " in name:
                groups.append(group)
            else:
                either.append((name.casefold(), group))
    return Wanted(tuple(rest.split()), tuple(groups), tuple(either))


def shown_parts(parts: Sequence[Part], chosen: Choice) -> tuple[Part, ...]:
    """The assignments that are looked at: the chosen one, or all."""
    return tuple(part for part in parts if part.id == chosen.assignment) or tuple(parts)


def shown_people(
    people: Sequence[Person], parts: Sequence[Part], cells: Cells, chosen: Choice, words: Mapping[str, Group]
) -> list[Person]:
    """Who fits, in the order that was asked for.  `people` come by name; `parts` are all of the course."""
    asked = wanted(chosen.text, words)
    items = [column.id for part in shown_parts(parts, chosen) for column in part.columns]
    fits = [each for each in people if _fits(each, cells.get(each.id, {}), items, asked, chosen.group)]
    return _in_order(fits, parts, cells, chosen)


def _fits(
    person: Person, mine: Mapping[int, Cell], items: Sequence[int], asked: Wanted, group: Group | None
) -> bool:
    told = f"{person.name}\n{person.email}\n{person.number}".casefold()
    if not all(text in told for text in asked.texts):
        return False
    if group is None and not asked.groups and not asked.either:
        return True
    has = groups_of(mine, items)
    return (
        (group is None or group in has)
        and has.issuperset(asked.groups)
        and all(text in told or each in has for text, each in asked.either)
    )


def groups_of(mine: Mapping[int, Cell], items: Iterable[int]) -> set[Group]:
    """Everything that one student can be found by, at these items."""
    has: set[Group] = set()
    for item in items:
        cell = mine.get(item)
        has.update(cell.groups() if cell else (Group.NEW,))
    return has


def _in_order(people: list[Person], parts: Sequence[Part], cells: Cells, chosen: Choice) -> list[Person]:
    if chosen.sort == "name":
        return people[::-1] if chosen.down else people
    key: Callable[[Person], Any]
    if chosen.sort in ("email", "number"):
        filled = [each for each in people if getattr(each, chosen.sort)]
        empty = [each for each in people if not getattr(each, chosen.sort)]
        filled.sort(key=lambda each: getattr(each, chosen.sort).casefold(), reverse=chosen.down)
        return filled + empty  # who has none is last either way
    if chosen.sort == "total" or chosen.sort.startswith("a"):
        wanted_parts = [part for part in parts if chosen.sort in (f"a{part.id}", "total" * (not part.practice))]
        counted = {column.id for part in wanted_parts for column in part.columns}
        key = lambda each: sum(  # noqa: E731
            cell.score or 0.0 for item, cell in cells.get(each.id, {}).items() if item in counted
        )
    else:
        item = int(chosen.sort[1:])
        key = lambda each: _rank(cells.get(each.id, {}).get(item))  # noqa: E731
    return sorted(people, key=key, reverse=chosen.down)


def _rank(cell: Cell | None) -> float:
    """What was never tried is below what waits, that below nought points."""
    if cell is None:
        return -2.0
    return -1.0 if cell.score is None else cell.score


def subtotal(mine: Mapping[int, Cell], part: Part) -> float:
    """The points of one student in one assignment, practice or not."""
    return sum(mine[column.id].score or 0.0 for column in part.columns if column.id in mine)


def total(mine: Mapping[int, Cell], parts: Iterable[Part]) -> float:
    """The points of one student in the course: practice gives none."""
    return sum(subtotal(mine, part) for part in parts if not part.practice)


def tally(column: Column, people: Sequence[Person], cells: Cells) -> Tally:
    """How these people stand with an item."""
    tried = [cell for each in people if (cell := cells.get(each.id, {}).get(column.id))]
    scores = [cell.score for cell in tried if cell.score is not None]
    solved = sum(cell.status == "passed" for cell in tried)
    return Tally(sum(scores) / len(scores) if scores else None, solved / len(people) if people else None)

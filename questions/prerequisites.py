"""What items recommend first: it has to exist, and to come to an end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from questions.faults import nearest, shown
from questions.model import Fault, Item, Severity

MAX_NAMED = 8
"""Items of a circle that are named with their places."""
MOST_CIRCLES = 10
"""Circles that are told of at once."""


def prerequisite_faults(items: Sequence[Item]) -> Iterator[Fault]:
    """Everything wrong with what these items, all of a bank, recommend first; each fault is its item's."""
    known: dict[str, Item] = {}
    for item in items:
        known.setdefault(item.id, item)
    for item in items:
        for name, line in zip(item.prerequisites, item.prerequisite_lines, strict=True):
            if name == item.id:
                text = f"{shown(name)} names itself as its prerequisite: name an item that comes before it, or none"
                yield Fault(item.path, line, text, Severity.FAULT, item.id)
            elif name not in known:
                text = f"the prerequisite {shown(name)} is no item of this bank; {nearest(name, known)}"
                yield Fault(item.path, line, text, Severity.FAULT, item.id)
    wanted = {
        name: [each for each in item.prerequisites if each in known and each != name] for name, item in known.items()
    }
    for circle in _circles(wanted):
        first = known[circle[0]]
        line = first.prerequisite_lines[first.prerequisites.index(circle[1])]
        named = [f"{name} ({known[name].path.name}:{known[name].prerequisite_lines[0]})" for name in circle]
        if len(named) > MAX_NAMED:
            named = [*named[: MAX_NAMED - 1], f"{len(named) - MAX_NAMED + 1} more"]
        text = f"prerequisites go round in a circle: {' → '.join(named)} → {circle[0]}; take one of them out"
        yield Fault(first.path, line, text, Severity.FAULT, first.id)


def _circles(wanted: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Items of which each recommends the next one first, and the last the first; no item in two of them."""
    order = {name: place for place, name in enumerate(wanted)}
    left = dict(wanted)
    for _ in range(MOST_CIRCLES):
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            circle: list[str] = error.args[1][:0:-1]
            place = circle.index(min(circle, key=order.__getitem__))
            yield circle[place:] + circle[:place]
            left = {
                name: [each for each in others if each not in circle]
                for name, others in left.items()
                if name not in circle
            }
        else:
            return

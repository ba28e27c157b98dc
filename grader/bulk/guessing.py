"""Which item a file answers: by a rule, by the command, by what it defines, by what it is called; and why."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from grader.bulk import notes, problems
from grader.bulk.asking import Asking, is_code
from grader.bulk.found import Found, What
from grader.bulk.interfaces import Interface, interfaces
from grader.bulk.model import Asked
from grader.bulk.problems import NO_PROBLEM, Problem
from grader.naming.matching import squashed
from grader.verdict import Words
from questions.model import Item

SHORTEST_INSIDE = 6
"""Letters from which an item's id is looked for inside a longer name: `rope` stands in `properties`."""


@dataclass(frozen=True, slots=True)
class Guess:
    """An item that a file answers, and why; `note` says what speaks against it or comes with it."""

    item: Item
    asked: Asked
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Guessed:
    """The items that a file answers (several where it defines what each of them asks for), or why there is none."""

    guesses: tuple[Guess, ...] = ()
    problem: Problem = NO_PROBLEM


class Guesser:
    """Guesses for one run."""

    def __init__(self, asking: Asking) -> None:
        self.asking = asking
        self._ids = {squashed(item.id): item for item in asking.items}
        self.interfaces = {_key(each.item): each for each in interfaces(_every(asking))}
        self.asked = frozenset[str]().union(*(each.names for each in self.interfaces.values()))

    @property
    def wants(self) -> frozenset[What]:
        """The kinds of files that may answer an item of this run."""
        told = [self.asking.told] if self.asking.told else self.asking.items
        code = {is_code(item) for item in (*told, *(item for rule in self.asking.rules for item in rule.items))}
        return frozenset(
            ({What.CODE} if True in code else set()) | ({What.WORDS, What.LINES} if False in code else set())
        )

    def defined(self, found: Found, item: Item) -> int:
        """How much of what an item asks for a file defines."""
        interface = self.interfaces.get(_key(item))
        return len(found.defines & interface.names) if interface else 0

    def of(self, found: Found, label: str) -> Guessed:
        """The items that a file answers; `label` is what the path is called that it was found below."""
        if found.item:
            return self._said(found)
        for rule in self.asking.rules:
            if rule.fits(f"{label}/{found.name}"):
                fitting = tuple(Guess(item, Asked.MAPPED) for item in rule.items if _may_be(found, item))
                if fitting:
                    return Guessed(fitting)
        if self.asking.told is not None:
            return Guessed((Guess(self.asking.told, Asked.TOLD),))
        named = self._named(found, label)
        if found.what in (What.CODE, What.ANY) and (defining := self._defining(found)):
            return self._by_definition(found, defining, named)
        if len(named) == 1:
            return Guessed((Guess(named[0], Asked.NAMED),))
        if named:
            return Guessed(problem=problems.may_mean(_ids(named)))
        return Guessed(problem=problems.nothing_says_which(code=found.what is not What.WORDS))

    def _said(self, found: Found) -> Guessed:
        if self.asking.told is not None:
            return Guessed((Guess(self.asking.told, Asked.TOLD),))
        for item in self.asking.items:
            if found.item in (item.id, f"{item.bank}/{item.id}") and not is_code(item):
                return Guessed((Guess(item, Asked.TOLD),))
        near = difflib.get_close_matches(found.item, [each.id for each in self.asking.items if not is_code(each)], 3)
        return Guessed(problem=problems.no_such_item(found.item, near))

    def _defining(self, found: Found) -> list[Item]:
        """The items of which it defines all that is asked, else most; none of a smaller part of another's."""
        owned = {key: len(found.defines & each.names) for key, each in self._open()}
        whole = [each for key, each in self._open() if owned[key] and owned[key] == len(each.names)]
        if whole:
            return [each.item for each in whole if not any(each.names < other.names for other in whole)]
        most = max(owned.values(), default=0)
        return [each.item for key, each in self._open() if most and owned[key] == most]

    def _open(self) -> Iterator[tuple[str, Interface]]:
        """What items ask for, of those that may be guessed."""
        for item in self.asking.items:
            if (interface := self.interfaces.get(_key(item))) is not None:
                yield _key(item), interface

    def _by_definition(self, found: Found, defining: list[Item], named: list[Item]) -> Guessed:
        names = [self.interfaces[_key(item)].names for item in defining]
        both = [item for item in defining if item in named]
        if len(defining) > 1 and len(both) == 1:
            others = [item for item in defining if item is not both[0]]
            return Guessed((Guess(both[0], Asked.DEFINES, notes.also_defines(_ids(others))),))
        if len(set(names)) < len(names) or (len(defining) > 1 and not names[0] <= found.defines):
            shared = sorted(found.defines & frozenset[str]().union(*names))
            return Guessed(problem=problems.several_ask_for(shared, _ids(defining)))
        note = None
        if len(defining) > 1:
            note = notes.graded_for_each(_ids(defining))
        elif not names[0] <= found.defines:
            note = notes.defines_only(sorted(names[0] & found.defines), defining[0].id)
        elif named and defining[0] not in named:
            note = notes.named_otherwise(_ids(named))
        return Guessed(tuple(Guess(item, Asked.DEFINES, note) for item in defining))

    def _named(self, found: Found, label: str) -> list[Item]:
        """The items whose ids stand in its name; else in a folder's, from the innermost outwards."""
        base = found.name.rpartition("/")[2]
        parts = [base.rpartition(".")[0] or base, *reversed(found.name.split("/")[:-1]), label]
        for part in parts:
            plain = squashed(part)
            held = [key for key in self._ids if key == plain or (len(key) >= SHORTEST_INSIDE and key in plain)]
            longest = [key for key in held if not any(key != other and key in other for other in held)]
            if items := [self._ids[key] for key in longest if _may_be(found, self._ids[key])]:
                return items
        return []


def _every(asking: Asking) -> list[Item]:
    every = [*asking.items, *(item for rule in asking.rules for item in rule.items)]
    every += [asking.told] if asking.told else []
    return list({_key(item): item for item in every}.values())


def _key(item: Item) -> str:
    return f"{item.bank}/{item.id}"


def _may_be(found: Found, item: Item) -> bool:
    return found.what is What.ANY or is_code(item) == (found.what is What.CODE)


def _ids(items: list[Item]) -> list[str]:
    return [item.id for item in items]

"""Which items a run may be about, and which rules say what a file answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import translate

from questions.model import Item, Kind


@dataclass(frozen=True, slots=True)
class Rule:
    """Files whose name fits `pattern` (as a shell's, whatever the case) answer `items`.

    A pattern with a slash is held against the end of the whole path, one without against every part of it.
    """

    pattern: str
    items: tuple[Item, ...]

    def fits(self, path: str) -> bool:
        """Whether the rule is about this file."""
        names = path.casefold().split("/")
        whole = self.pattern.count("/") + 1
        fitting = re.compile(translate(self.pattern.casefold()))
        if whole > 1:
            return any(fitting.match("/".join(names[start:])) for start in range(len(names)))
        return any(map(fitting.match, names))


@dataclass(frozen=True, slots=True)
class Asking:
    """The item that was told, else those of which each submission answers one; rules come before both."""

    items: tuple[Item, ...]
    told: Item | None = None
    rules: tuple[Rule, ...] = ()


def is_code(item: Item) -> bool:
    """Whether an item asks for code."""
    return item.kind is Kind.CODING

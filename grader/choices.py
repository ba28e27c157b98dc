"""Judging a choice: what was chosen, and what that is worth.  Pure.

Of several right options each chosen one earns its share, and each wrong one chosen takes the wrong ones' share away:
the score is *right chosen / right* less *wrong chosen / wrong*, never below nought.  Whoever chooses everything has
nothing, and so has on average whoever guesses.  Of one right option it is all or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from questions.model import Item

LONGEST = 2000
"""Characters: more than the numbers of every option of any sane item."""
_PARTING = re.compile(r"[\s,，、;；]+")
_NUMBER = re.compile(r"0{0,3}[1-9][0-9]{0,3}", re.ASCII)
_LETTERS = re.compile(r"[A-Za-z]{1,26}", re.ASCII)


def is_multiple(item: Item) -> bool:
    """Whether several options of a choice may be chosen."""
    return sum(option.right for option in item.options) > 1


def read_chosen(text: str, options: int) -> tuple[int, ...] | None:
    """The numbers of the options that `text` names, ascending; None where it names what is not there.

    They are written as numbers from 1 or as letters (`1 3`, `1,3`, `A C`, `AC`).
    """
    if len(text) > LONGEST:
        return None
    found: set[int] = set()
    for part in filter(None, _PARTING.split(text)):
        if _NUMBER.fullmatch(part):
            found.add(int(part))
        elif _LETTERS.fullmatch(part):
            found |= {ord(letter) - ord("a") + 1 for letter in part.lower()}
        else:
            return None
    return tuple(sorted(found)) if all(1 <= number <= options for number in found) else None


def share_of(item: Item, chosen: Collection[int]) -> float:
    """Which share of its points choosing these earns, from 0 to 1."""
    right = {number for number, option in enumerate(item.options, 1) if option.right}
    wrong = len(item.options) - len(right)
    hits, misses = len(right.intersection(chosen)), len(set(chosen) - right)
    if len(right) < 2:
        return float(hits > 0 and not misses)
    return max(0.0, hits / len(right) - (misses / wrong if wrong else 0.0))

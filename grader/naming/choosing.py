"""Which of one person's files is the one to judge."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from grader.naming.matching import squashed

USUAL = frozenset({"main", "solution", "submission", "answer", "answers", "作业", "答案"})
BESIDES = re.compile(r"(^|/)(test_[^/]*|[^/]*_test|conftest|setup|__init__)\.py$", re.IGNORECASE)
AGAIN = re.compile(r"(?:-|\s?\()(\d{1,3})\)?$")
"""What systems and browsers put behind a name that is there already: `-1`, ` (2)`."""


class Wanted(StrEnum):
    """What an item asks for."""

    CODE = "code"
    TEXT = "text"

    @property
    def endings(self) -> tuple[str, ...]:
        """Kinds of files that can be judged, the most wanted first."""
        return (".py", ".ipynb") if self is Wanted.CODE else (".txt", ".md", ".html", ".htm")


class Chosen(StrEnum):
    """Why a file was chosen."""

    ONLY = "only"
    NAMED = "named"
    """It is called like the item."""
    USUAL = "usual"
    """It is called like files that hold an answer."""
    NEWEST = "newest"
    """Its name says that it replaced the others."""
    FIRST = "first"
    """Nothing speaks for one of them; somebody should look."""
    NONE = "none"
    """None can be judged."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The file to judge, why, and those that were left."""

    path: str | None
    why: Chosen
    others: tuple[str, ...] = ()


def choose(paths: Sequence[str], wanted: Wanted, item: str) -> Choice:
    """Choose one of somebody's files for an item."""
    for ending in wanted.endings:
        fitting = [path for path in paths if path.lower().endswith(ending)]
        if not fitting:
            continue
        own = [path for path in fitting if not BESIDES.search(path)] or fitting
        path, why = _best(own, item)
        return Choice(path, why, tuple(each for each in paths if each != path))
    return Choice(None, Chosen.NONE, tuple(paths))


def _best(paths: Sequence[str], item: str) -> tuple[str, Chosen]:
    if len(paths) == 1:
        return paths[0], Chosen.ONLY
    stems = {path: path.rpartition("/")[2].rpartition(".")[0] for path in paths}
    for names, why in (({squashed(item)}, Chosen.NAMED), (USUAL, Chosen.USUAL)):
        found = [path for path in paths if squashed(AGAIN.sub("", stems[path])) in names]
        found = found or [path for path in paths if squashed(stems[path]).endswith(tuple(names))]
        if len(found) == 1:
            return found[0], why
    bases = {AGAIN.sub("", stem) for stem in stems.values()}
    if len({squashed(base.rpartition("_")[2]) for base in bases}) == 1:
        return max(paths, key=lambda path: _turn(stems[path])), Chosen.NEWEST
    return min(paths, key=lambda path: (path.count("/"), path)), Chosen.FIRST


def _turn(stem: str) -> int:
    found = AGAIN.search(stem)
    return int(found[1]) if found else 0

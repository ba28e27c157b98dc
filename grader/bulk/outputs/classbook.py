"""Who handed in what: a class's results by student and item, and how its scores are spread."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from grader.bulk.model import Graded
from grader.bulk.outputs.redacting import without_pictures, without_secrets
from grader.bulk.outputs.remarks import status_of
from grader.verdict import Status
from questions.model import Item

TENTHS = 10


@dataclass(frozen=True, slots=True)
class Student:
    """One student and everything handed in by them; who is not named in any way is the file itself."""

    name: str
    results: tuple[Graded, ...]
    counting: Mapping[str, Graded]
    """By item (`key_of`) the result that counts: of several the best, of equals the first."""
    known: bool
    """Whether a name was found; else `name` is a path."""

    @property
    def score(self) -> float:
        """What all items together gave."""
        return sum(result.verdict.score for result in self.counting.values() if result.verdict)

    @property
    def late(self) -> bool:
        """Whether something that counts was late."""
        return any(result.submission.late for result in self.counting.values())


@dataclass(frozen=True, slots=True)
class ClassBook:
    """A class: its items in the order in which they were met, its students by name."""

    items: tuple[Item, ...]
    students: tuple[Student, ...]
    results: tuple[Graded, ...]
    """Without their pictures; `whole` has those."""
    paths: Mapping[str, str]
    """A submission's path → the same below the folder that all have in common."""
    read: Sequence[Graded]
    """What the class was made of: it may read a verdict again from where it is kept."""
    places: Mapping[str, int]

    @property
    def most(self) -> float:
        """The points that can be had."""
        return sum(item.points for item in self.items)

    def whole(self, result: Graded) -> Graded:
        """One of the results with its pictures; nobody should hold on to those of many."""
        return without_secrets(self.read[self.places[result.path]])

    def of_item(self, item: Item) -> tuple[tuple[Student, Graded], ...]:
        """Who handed in something for `item`, with what counts."""
        key = key_of(item)
        return tuple((each, each.counting[key]) for each in self.students if key in each.counting)


@dataclass(frozen=True, slots=True)
class Spread:
    """How scores are spread: shares of the points that can be had, from 0 to 1."""

    count: int
    mean: float
    median: float
    tenths: tuple[int, ...]
    """How many have less than a tenth, less than two, …; full marks are in the last."""
    full: int

    @classmethod
    def over(cls, shares: Sequence[float]) -> Spread | None:
        """Of at least one share."""
        if not shares:
            return None
        counts = Counter(min(TENTHS - 1, int(share * TENTHS + 1e-9)) for share in shares)
        return cls(
            len(shares),
            fmean(shares),
            median(shares),
            tuple(counts[tenth] for tenth in range(TENTHS)),
            sum(share >= 1 - 1e-9 for share in shares),
        )


def key_of(item: Item) -> str:
    """An item's name among all banks."""
    return f"{item.bank}/{item.id}"


def share_of(result: Graded) -> float | None:
    """The part of the points that a verdict gave; nothing without one."""
    verdict = result.verdict
    return verdict.score / verdict.max_score if verdict and verdict.max_score else None


def spread_of(results: Iterable[Graded]) -> Spread | None:
    """Of what has a verdict."""
    return Spread.over([share for result in results if (share := share_of(result)) is not None])


def counts_of(results: Iterable[Graded]) -> tuple[tuple[Status, int], ...]:
    """How often each status was given, in the order in which statuses are spoken of."""
    counts = Counter(status_of(result) for result in results)
    return tuple((status, counts[status]) for status in Status if counts[status])


def class_book(results: Sequence[Graded]) -> ClassBook:
    """The class that `results` are of, its hidden tests without anything that could tell their inputs."""
    read = results
    results = [without_pictures(result) for result in read]
    items = {key_of(each.submission.item): each.submission.item for each in results if each.submission.item}
    paths = dict(zip((result.path for result in results), shown_paths(results), strict=True))
    whose: dict[tuple[bool, str], list[Graded]] = {}
    for result in results:
        name = result.submission.student
        whose.setdefault((bool(name), name or paths[result.path]), []).append(result)
    students = [Student(name, tuple(each), _counting(each), known) for (known, name), each in whose.items()]
    return ClassBook(
        tuple(items.values()), tuple(sorted(students, key=_by_name)), tuple(results), paths, read,
        {result.path: place for place, result in enumerate(results)},
    )


def _by_name(student: Student) -> tuple[bool, list[tuple[int, str]], str]:
    """Those with a name first, and `s10` behind `s9`."""
    parts = re.split(r"([0-9]+)", student.name.casefold()[:200])
    return not student.known, [(int(p) if p.isascii() and p.isdigit() else 0, p) for p in parts], student.name


def _counting(results: Sequence[Graded]) -> Mapping[str, Graded]:
    best: dict[str, Graded] = {}
    for result in results:
        if result.submission.item is None:
            continue
        key = key_of(result.submission.item)
        if key not in best or _weight(result) > _weight(best[key]):
            best[key] = result
    return best


def _weight(result: Graded) -> float:
    return -1.0 if result.verdict is None else result.verdict.score


def shown_paths(results: Sequence[Graded]) -> list[str]:
    """The paths of `results` below the folder that all have in common."""
    if not results:
        return []
    paths = [os.path.abspath(result.path) for result in results]
    shared = os.path.commonpath([os.path.dirname(path) for path in paths])
    return [os.path.relpath(path, shared) for path in paths]

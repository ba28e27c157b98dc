"""Which submissions of a class are alike, and two of them side by side: a reason to read both, never a finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.bulk.model import Graded
from grader.bulk.outputs.classbook import ClassBook, Student
from grader.shown_text import text_of, visible
from grader.similarity import COMPARED, Marked, Pair, compare, handed_out, marked_lines, stretches
from questions.model import Item

BESIDE = 50
"""Pairs of an item that have a page, the most telling ones; the others are listed."""
LONGEST = 400
"""Characters of a line that are shown."""


@dataclass(frozen=True, slots=True)
class Beside:
    """One line of a submission that stands beside another one."""

    number: int
    text: str
    mark: Marked | None


@dataclass(frozen=True, slots=True)
class Side:
    """One of two submissions."""

    student: Student
    result: Graded
    lines: tuple[Beside, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two that share what few others have written; `number` is that of their page, 0 without one."""

    pair: Pair
    first: Student
    second: Student
    number: int
    results: tuple[Graded, Graded]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What comparing everybody's submissions of one item found."""

    item: Item
    compared: int
    pairs: tuple[Alike, ...]
    groups: tuple[tuple[Student, ...], ...]
    """Three or more that are connected by pairs."""
    left_out: int


def likeness_of(item: Item, book: ClassBook) -> Likeness | None:
    """Compare what counts of everybody; nothing where the item's answers are not compared."""
    language = COMPARED.get(item.kind)
    found = [(student, result) for student, result in book.of_item(item) if not result.submission.problem]
    if language is None or len(found) < 2:
        return None
    comparing = compare(
        {number: text_of(result.submission.content) for number, (_, result) in enumerate(found)},
        handed_out(item), language,
    )  # fmt: skip
    while True:
        try:
            next(comparing)
        except StopIteration as done:
            report = done.value
            break
    pairs = tuple(
        Alike(
            pair, found[pair.first][0], found[pair.second][0], place if place <= BESIDE else 0,
            (found[pair.first][1], found[pair.second][1]),
        )
        for place, pair in enumerate(report.pairs, 1)
    )  # fmt: skip
    groups = tuple(
        tuple(found[number][0] for number in cluster.members)
        for cluster in report.clusters
        if len(cluster.members) > 2
    )
    return Likeness(item, report.compared, pairs, groups, report.left_out)


def sides_of(alike: Alike, item: Item) -> tuple[Side, Side]:
    """Both texts with the passages marked that they have in common."""
    texts = [text_of(result.submission.content) for result in alike.results]
    found = stretches(texts[0], texts[1], handed_out(item), COMPARED[item.kind])

    def side(number: int, student: Student) -> Side:
        marks = marked_lines(found, number)
        return Side(student, alike.results[number], tuple(_lines(texts[number], marks)))

    return side(0, alike.first), side(1, alike.second)


def _lines(text: str, marks: dict[int, Marked]) -> Sequence[Beside]:
    lines = text.rstrip("\n").split("\n")
    return [Beside(number, visible(line[:LONGEST]), marks.get(number)) for number, line in enumerate(lines, 1)]

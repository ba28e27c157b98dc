"""What a class's results say of an item: the spread of scores, which tests fail and why, which mistakes are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from grader.bulk.model import Graded
from grader.bulk.outputs.classbook import ClassBook, Spread, Student, counts_of, spread_of
from grader.bulk.problems import Problem
from grader.verdict import Status, TestResult, TestStatus, Verdict, Words
from grader.words import told
from questions.model import Bilingual, Item

LONGEST_MESSAGE = 300
NOT_RUN, NOTHING = Words("没有运行", "not run"), Words("", "")


@dataclass(frozen=True, slots=True)
class Part:
    """A test or a key point: who has it of those it was tried on, and what the others were told most often."""

    name: str
    title: Words | Bilingual
    hidden: bool
    points: float
    passed: int
    tried: int
    said: Words
    """The message that most of those who failed were given; nothing of hidden tests."""
    said_to: int

    @property
    def share(self) -> float:
        """Of those it was tried on how many have it."""
        return self.passed / self.tried if self.tried else 0.0


@dataclass(frozen=True, slots=True)
class MadeMistake:
    """A known mistake and who makes it."""

    id: str
    text: Words
    students: tuple[Student, ...]


@dataclass(frozen=True, slots=True)
class ItemSummary:
    """All that is told of one item, by what counts of each student."""

    item: Item
    handed_in: int
    spread: Spread | None
    statuses: tuple[tuple[Status, int], ...]
    parts: tuple[Part, ...]
    mistakes: tuple[MadeMistake, ...]
    to_read: tuple[Student, ...]
    """Whose answer a person should read."""


def summary_of(item: Item, book: ClassBook) -> ItemSummary:
    """What the class's results say of `item`."""
    found = book.of_item(item)
    results = [result for _, result in found]
    judged = [(student, result.verdict) for student, result in found if result.verdict]
    return ItemSummary(
        item, len(found), spread_of(results), counts_of(results),
        parts=_tests(item, judged) or _key_points(item, judged),
        mistakes=_mistakes(judged),
        to_read=tuple(student for student, verdict in judged if verdict.review),
    )  # fmt: skip


def _tests(item: Item, judged: Sequence[tuple[Student, Verdict]]) -> tuple[Part, ...]:
    parts = []
    of = {
        spec.name: [test for _, verdict in judged for test in verdict.tests if test.name == spec.name]
        for spec in item.test_specs
    }
    for spec in item.test_specs:
        tests = of[spec.name]
        failed = [test for test in tests if test.status is not TestStatus.PASSED]
        # What never ran says nothing of this test: it counts only where nothing else is said.
        ran = [test for test in failed if test.status is not TestStatus.NOT_RUN]
        says = Counter(said for test in ran or failed if (said := _said(test)) != NOTHING)
        (most, count), *_ = says.most_common(1) or [(NOTHING, 0)]
        parts.append(
            Part(
                spec.name, spec.title, spec.hidden, spec.points, len(tests) - len(failed), len(tests),
                most, count,
            )
        )  # fmt: skip
    return tuple(parts)


def _said(test: TestResult) -> Words:
    if test.status is TestStatus.NOT_RUN:
        return NOT_RUN
    first = (told(test.message, language).partition("\n")[0][:LONGEST_MESSAGE] for language in ("zh", "en"))
    return Words(*first)


def _key_points(item: Item, judged: Sequence[tuple[Student, Verdict]]) -> tuple[Part, ...]:
    made = Counter(point.id for _, verdict in judged for point in verdict.key_points if point.award >= 1)
    tried = Counter(point.id for _, verdict in judged for point in verdict.key_points)
    return tuple(
        Part(point.id, point.description, False, point.points, made[point.id], tried[point.id], NOTHING, 0)
        for point in item.key_points
    )


def _mistakes(judged: Sequence[tuple[Student, Verdict]]) -> tuple[MadeMistake, ...]:
    texts: dict[str, Words] = {}
    made: dict[str, list[Student]] = {}
    for student, verdict in judged:
        for found in verdict.diagnosis:
            texts[found.misconception] = found.text
            made.setdefault(found.misconception, []).append(student)
    ordered = sorted(made, key=lambda id_: (-len(made[id_]), id_))
    return tuple(MadeMistake(id_, texts[id_], tuple(made[id_])) for id_ in ordered)


@dataclass(frozen=True, slots=True)
class Ungraded:
    """A file that could not be graded, and why."""

    path: str
    student: str
    problem: Problem


def ungraded_of(book: ClassBook) -> tuple[Ungraded, ...]:
    """All of them, in the order of the input."""
    return tuple(_ungraded(result, book) for result in book.results if result.verdict is None)


def _ungraded(result: Graded, book: ClassBook) -> Ungraded:
    return Ungraded(book.paths[result.path], result.submission.student, result.problem)

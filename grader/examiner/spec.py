"""What an examiner is given of an item, and what a proof asks of it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from grader.verdict import Words
from questions.model import Bilingual, Item
from questions.python_code import syntax_tree


class Scope(StrEnum):
    """Which tests are run: the public ones (Run) or all (Submit)."""

    PUBLIC = "public"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Source:
    """Code and the line of its file on which it starts; `path` names the file when it is not the item's."""

    text: str
    line: int
    path: str = ""


@dataclass(frozen=True, slots=True)
class TestEntry:
    """One test function as the bank declares it."""

    __test__ = False

    name: str
    title: Words
    points: float
    hidden: bool
    line: int


@dataclass(frozen=True, slots=True)
class MisconceptionEntry:
    """A misconception to compare with."""

    id: str
    sentence: Words
    source: Source
    reading: str = ""


@dataclass(frozen=True, slots=True)
class AlternativeEntry:
    """Another right answer: where it differs from the reference, nothing is a mistake."""

    id: str
    source: Source


@dataclass(frozen=True, slots=True)
class SuiteSpec:
    """Everything an examiner needs of one revision of one coding item."""

    item: str
    revision: str
    suite: str
    path: str
    shared: tuple[Source, ...]
    tests: Source
    reference: Source
    entries: tuple[TestEntry, ...]
    misconceptions: tuple[MisconceptionEntry, ...]
    cpu_seconds: float
    memory_mb: int
    file_mb: int
    alternatives: tuple[AlternativeEntry, ...] = ()
    measures: bool = False
    """Whether its tests measure what calls of the submission use."""

    @property
    def suite_seconds(self) -> float:
        """Processor seconds the suite's own code may use for one submission.

        The two on top are more than the costliest reply within the caps takes to read, however short the item's limit.
        """
        return 2 * self.cpu_seconds + 2

    @property
    def program_seconds(self) -> float:
        """Processor seconds for a submission run by itself, on top of those for the tests."""
        return self.cpu_seconds / 2

    @property
    def max_score(self) -> float:
        return sum(entry.points for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One submission to judge.  `modules` are further sources it may import: `reference`, for a misconception."""

    source: str
    seed: int
    scope: Scope
    modules: tuple[tuple[str, str], ...] = ()
    program: bool = False
    """Whether it is run by itself as well; only where nothing but public tests are run."""
    variant: str = ""
    """The parameters of its student's variant, as JSON; empty without any."""


def names_measure(codes: Sequence[str]) -> bool:
    """Whether a suite's code asks for the fixture `measure`, by an argument or by its name."""
    return any(
        (isinstance(node, ast.arg) and node.arg == "measure")
        or (isinstance(node, ast.Constant) and node.value == "measure")
        for code in codes
        for node in ast.walk(syntax_tree(code))
    )


def words_of(text: Bilingual) -> Words:
    """A bilingual text as words; a missing language takes the other's."""
    return Words(text.get("zh"), text.get("en"))


def spec_of(item: Item) -> SuiteSpec:
    """The spec of a coding item that has tests and a reference.  Raises `ValueError` otherwise."""
    if item.tests is None or item.reference is None:
        raise ValueError(f"{item.id} has no tests or no reference")
    return SuiteSpec(
        item=f"{item.bank}/{item.id}",
        revision=item.revision,
        suite=item.suite,
        path=str(item.path),
        shared=tuple(Source(code.source, code.line, str(code.path or "")) for code in item.shared),
        tests=Source(item.tests.source, item.tests.line),
        reference=Source(item.reference.source, item.reference.line),
        entries=tuple(TestEntry(t.name, words_of(t.title), t.points, t.hidden, t.line) for t in item.test_specs),
        misconceptions=tuple(
            MisconceptionEntry(m.id, words_of(m.sentence), Source(m.code.source, m.code.line), m.reading)
            for m in item.misconceptions
        ),
        cpu_seconds=item.limits.seconds,
        memory_mb=item.limits.memory_mb,
        file_mb=item.limits.file_mb,
        alternatives=tuple(
            AlternativeEntry(right.id, Source(right.code.source, right.code.line)) for right in item.alternatives
        ),
        measures=names_measure([code.source for code in (*item.shared, item.tests)]),
    )

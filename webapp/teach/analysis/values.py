"""What the pages of item analysis are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from webapp.teach.analysis.findings import Finding


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """An assignment of a course in the list."""

    id: int
    title: str
    items: int
    people: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """A named mistake, in its teacher's words, and how many people made it."""

    id: str
    sentence: str
    people: int
    share: float
    """Of those who tried the item."""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of an assignment in figures."""

    id: int
    title: str
    kind: str
    points: float
    people: int
    solved: int
    mean: float | None
    discrimination: float | None
    attempts: float | None
    """Median number of attempts of those who solved it."""
    seconds: float | None
    """Median time from the first submission to full marks."""
    to_read: int
    mistake: Mistake | None
    finding: Finding | None
    unmet: int = 0
    unpicked: int = 0


@dataclass(frozen=True, slots=True)
class AssignmentPage:
    """An assignment's items, and what to look at first."""

    id: int
    title: str
    people: int
    lines: tuple[ItemLine, ...]
    first: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class TestLine:
    """How one test went."""

    __test__ = False

    name: str
    title: str
    hidden: bool
    people: int
    failed_first: int
    failed_last: int
    nobody_fails: bool
    everybody_fails: bool


@dataclass(frozen=True, slots=True)
class OptionLine:
    """How often an option was picked."""

    number: int
    text: str
    right: bool
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class KeyPointLine:
    """How often a key point was made, with the submission that counts."""

    id: str
    description: str
    whole: int
    half: int
    missed: int


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A day or a week."""

    start: date
    submissions: int
    made: tuple[int, ...]
    """How many submissions made each of the page's mistakes, in their order."""


@dataclass(frozen=True, slots=True)
class ItemAnalysis:
    """One item in figures."""

    line: ItemLine
    assignment_id: int
    assignment: str
    submissions: int
    marks: tuple[int, ...]
    """How many people have a mark in each tenth of the points."""
    attempts: tuple[int, ...]
    """How many people solved it with the first, second, … attempt; the last figure is for all later ones."""
    unsolved: int
    mistakes: tuple[Mistake, ...]
    periods: tuple[PeriodLine, ...]
    weekly: bool
    tests: tuple[TestLine, ...]
    options: tuple[OptionLine, ...]
    key_points: tuple[KeyPointLine, ...]
    other_revisions: int
    """Submissions that were judged by another suite than the one whose tests are listed."""

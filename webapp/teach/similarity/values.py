"""What the pages on similarity are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from grader.similarity import Pair, Report
from webapp.tasks.values import TaskView


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item whose submissions can be compared, and when that was done last."""

    id: int
    title: str
    assignment: str
    people: int
    compared_at: datetime | None
    pairs: int | None
    """How many pairs were listed; nothing before the first comparison."""
    busy: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Whose submission it is."""

    user_id: int
    name: str
    submission_id: int
    sent_at: datetime
    score: float | None


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two submissions that share what few others have."""

    first: Person
    second: Person
    pair: Pair


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One item's comparison."""

    id: int
    title: str
    kind: str
    people: int
    compared: int
    compared_at: datetime | None
    outdated: int
    """How many people have sent something that counts since."""
    rows: tuple[PairRow, ...]
    clusters: tuple[tuple[Person, ...], ...]
    left_out: int
    task: TaskView | None


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A line of a submission beside another one; `stretch` numbers what both have, from 1, 0 for what only one has."""

    number: int
    html: Markup
    stretch: int
    begins: bool
    given: bool


@dataclass(frozen=True, slots=True)
class SidePage:
    """Two submissions side by side."""

    item_id: int
    title: str
    people: tuple[Person, Person]
    lines: tuple[tuple[ListedLine, ...], tuple[ListedLine, ...]]
    stretches: int
    pair: Pair | None


def to_json(report: Report) -> dict[str, Any]:
    """A report as a task's result."""
    return {
        "compared": report.compared,
        "left_out": report.left_out,
        "pairs": [
            [
                each.first,
                each.second,
                each.structure,
                each.wording,
                each.rank,
                each.identical,
                [*each.names],
                [*each.comments],
            ]
            for each in report.pairs
        ],
        "clusters": [[*cluster.members] for cluster in report.clusters],
    }


def pairs_of(result: Mapping[str, Any]) -> tuple[Pair, ...]:
    """The pairs of such a result."""
    return tuple(
        Pair(first, second, structure, wording, rank, identical, tuple(names), tuple(comments))
        for first, second, structure, wording, rank, identical, names, comments in result["pairs"]
    )

"""What the pages of banks are given; see docs/web.md."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from webapp.tasks.values import TaskView


class ItemState(StrEnum):
    """What is known of an item."""

    PROVED = "proved"
    FAULTY = "faulty"
    """Proving it found faults."""
    PROVING = "proving"
    UNPROVED = "unproved"
    KEPT_BACK = "kept-back"
    """Reading it found faults, so nobody can be asked it."""


@dataclass(frozen=True, slots=True)
class FaultView:
    """Something wrong in a bank."""

    text: str
    line: int
    severity: str
    file: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class BankItem:
    """An item of a bank: how it is, and how it is used."""

    id: str
    title: str
    kind: str
    points: float
    file: str
    line: int
    revision: str
    state: ItemState
    servable: bool
    variants: bool
    faults: tuple[FaultView, ...]
    tests: int
    caught: int
    misconceptions: int
    task: TaskView | None
    assignments: int
    courses: int
    older: int
    """Assignments that ask another revision."""
    people: int
    attempts: int
    mean: float | None
    changed_at: datetime | None
    author: str
    message: str


@dataclass(frozen=True, slots=True)
class BankRow:
    """A bank in the list."""

    id: str
    title: str
    source: str
    keeper: str
    loaded_at: datetime
    states: tuple[tuple[ItemState, int], ...]
    total: int
    faults: int


@dataclass(frozen=True, slots=True)
class BankPage:
    """A bank with its items."""

    id: str
    title: str
    source: str
    keeper: str
    loaded_at: datetime
    version: int
    author: str
    message: str
    saved_at: datetime | None
    faults: tuple[str, ...]
    items: tuple[BankItem, ...]
    movable: int
    """Assignments of one's own courses that could ask the newest revision at once."""

    @property
    def unproved(self) -> int:
        """How many items somebody may have proved."""
        return sum(item.state is ItemState.UNPROVED for item in self.items)

    @property
    def proving(self) -> int:
        """How many are waiting or being proved."""
        return sum(item.state is ItemState.PROVING for item in self.items)

    @property
    def states(self) -> tuple[tuple[ItemState, int], ...]:
        """How many items there are of each state, in order."""
        return counted(item.state for item in self.items)


def counted(states: object) -> tuple[tuple[ItemState, int], ...]:
    """States with their numbers, those that occur, in the order of the enumeration."""
    found = Counter(states)  # type: ignore[call-overload]
    return tuple((state, found[state]) for state in ItemState if found[state])


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A wrong submission: what each test did with it, in the order of the columns."""

    role: str
    name: str
    line: int
    status: str
    cells: tuple[str, ...]
    """caught, passed or not-run."""
    alone: str
    """The one test that catches it; empty where none or several do."""
    caught: int


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """A test: how much it catches."""

    name: str
    title: str
    points: float
    hidden: bool
    line: int
    caught: int
    idle: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who catches what."""

    proved: bool
    columns: tuple[MatrixColumn, ...]
    rows: tuple[MatrixRow, ...]
    faults: tuple[FaultView, ...]
    seconds: float

    @property
    def idle(self) -> tuple[str, ...]:
        """Tests that nothing wrong fails."""
        return tuple(column.name for column in self.columns if column.idle)

    @property
    def hanging(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Tests that alone catch some misconceptions, with those."""
        alone = [(row.alone, row.name) for row in self.rows if row.alone and row.role == "misconception"]
        return tuple((test, tuple(name for by, name in alone if by == test)) for test in dict.fromkeys(dict(alone)))


@dataclass(frozen=True, slots=True)
class ProofPage:
    """One item's proof."""

    bank_id: str
    bank_title: str
    item: str
    title: str
    kind: str
    revision: str
    current: bool
    matrix: Matrix | None
    task: TaskView | None

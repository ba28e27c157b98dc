"""What the map of a course is given, and what an item's page says of its place on it: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.learn.map_layout import Line
from webapp.learn.progress_values import StepView


@dataclass(frozen=True, slots=True)
class Named:
    """An item by its title, and how far one is with it."""

    item_id: int
    title: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class NodeView:
    """An item on the map."""

    item_id: int
    title: str
    kind: str
    difficulty: int | None
    status: str
    has_draft: bool
    review: bool
    again: bool
    """Whether it was missed, and is due once more."""
    is_next: bool
    missing: tuple[str, ...]
    """Titles of what is recommended first and not done."""
    after: tuple[str, ...]
    """Titles of everything that is recommended first."""


@dataclass(frozen=True, slots=True)
class StationView:
    """A section."""

    title: str
    solved: int
    nodes: tuple[NodeView, ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the map, and whether what it comes from is done."""

    line: Line
    done: bool


@dataclass(frozen=True, slots=True)
class PathChoice:
    """A way that may be looked at instead."""

    name: str
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """An assignment that is not open yet: its items appear then."""

    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MapPage:
    """The whole map.  `then` comes on the way after `step`, where that is there for another reason than its order."""

    course_id: int
    course_title: str
    title: str
    teaches: bool
    choices: tuple[PathChoice, ...]
    step: StepView | None
    then: Named | None
    stations: tuple[StationView, ...]
    lines: tuple[LineView, ...]
    height: int
    items: int
    solved: int
    opening: Opening | None


@dataclass(frozen=True, slots=True)
class Onward:
    """What comes next on the way, and why."""

    item_id: int
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a reference, and where they lead; empty where nowhere."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """What an item's page says of its place on the map; `first` is empty when all of it is done."""

    first: tuple[Named, ...] = ()
    onward: Onward | None = None

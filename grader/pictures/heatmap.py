"""The values of a drawn comparison: heat maps, their tables and what is said about them.

Measures are in units of one cell, so that a drawing may be shown in any size.
"""

from __future__ import annotations

from dataclasses import dataclass

LETTER = 11
"""Pixels: the size of what is written beside and into cells."""

Place = tuple[int, int]
"""Row and column within what is shown."""


@dataclass(frozen=True, slots=True)
class Layer:
    """The cells of one colour: `path` is drawn with a stroke as high as a cell."""

    colour: str
    """A colour, or "over"/"under" for a difference."""
    opacity: float
    path: str


@dataclass(frozen=True, slots=True)
class Written:
    """A text in a map: the middle of its cell, or the end of its row."""

    x: float
    y: float
    text: str
    ink: str = ""


@dataclass(frozen=True, slots=True)
class RowSum:
    """What a row adds up to; `off` where that is not one."""

    row: int
    text: str
    off: bool


@dataclass(frozen=True, slots=True)
class HeatMap:
    """One drawing."""

    kind: str
    """"expected", "actual" or "difference"."""
    layers: tuple[Layer, ...]
    odd: tuple[Written, ...]
    """What is not finite, by name."""
    numbers: tuple[Written, ...]
    sums: tuple[RowSum, ...]
    leaking: tuple[Place, ...]
    """Cells that should be exactly nought and are not."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a table: `off` where it reads differently from the other side's, unless all do."""

    text: str
    off: bool = False
    worst: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """The numbers of one map, as a table."""

    kind: str
    dtype: str
    shape: str
    rows: tuple[int, ...]
    """Indices; none where there is only one row that has none."""
    columns: tuple[int, ...]
    cells: tuple[tuple[Cell, ...], ...]
    sums: tuple[RowSum, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """One matrix of a tensor, as maps and as tables."""

    label: str
    """As "[1, :, :]"; empty where the tensor is that matrix."""
    maps: tuple[HeatMap, ...]
    grids: tuple[Grid, ...]
    worst: Place | None


@dataclass(frozen=True, slots=True)
class Frame:
    """The measures that all maps of a picture share, in cells; `cell` in pixels."""

    rows: range
    columns: range
    cell: int
    every: int
    """Each how many-th row and column carries its index."""
    left: float
    top: float
    right: float
    vector: bool

    @property
    def letter(self) -> float:
        """The size of indices and sums."""
        return round(LETTER / self.cell, 3)

    @property
    def small(self) -> float:
        """The size of numbers in cells."""
        return round(min(LETTER - 1, 0.7 * self.cell) / self.cell, 3)

    def width(self, sums: bool) -> float:
        """How wide a map is."""
        return round(len(self.columns) + self.left + (self.right if sums else 0.1), 2)

    @property
    def height(self) -> float:
        return round(len(self.rows) + self.top + 0.1, 2)

    def marks(self, indices: range) -> list[tuple[float, int]]:
        """The indices that are written, each with the middle of its row or column."""
        return [(place + 0.5, index) for place, index in enumerate(indices) if place % self.every == 0]

    def pixels(self, cells: float) -> int:
        """That many cells in pixels."""
        return round(cells * self.cell)


@dataclass(frozen=True, slots=True)
class Reading:
    """The numbers at the worst cell."""

    row: int
    column: int
    expected: str
    actual: str
    difference: str


@dataclass(frozen=True, slots=True)
class HeatMaps:
    """What a failing comparison of numbers shows."""

    slices: tuple[Slice, ...]
    chosen: int
    frame: Frame
    low: str
    high: str
    clipped: bool
    """Whether some numbers lie so far off that they have the colour of the scale's end."""
    reach: str
    """Where the scale of differences ends, on either side."""
    worst: tuple[int, ...]
    reading: Reading | None
    complete: bool
    more_slices: bool
    summing: bool
    """Whether the rows should add up to one."""
    faults: tuple[RowSum, ...]
    """Rows of the chosen slice that do not; `row` is the index."""
    leaks: int
    """How many cells of all slices should be nought and are not."""
    odd: int
    """How many numbers of all slices of the submission are not finite where the expected ones are."""

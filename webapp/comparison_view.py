"""Expected beside actual as small tables of numbers, or as labelled boxes where only the shapes differ."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.verdict import Array

ROWS, COLUMNS = 10, 8
LABEL = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """One number; `off` where it reads differently from its neighbour (unless all do), `worst` where it does most."""

    text: str
    off: bool = False
    worst: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A part of a tensor: `rows` and `columns` are the indices shown; no indices where there is only one."""

    dtype: str
    shape: str
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    cells: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of a shape: `expected` and `actual` sizes, None where that tensor has no such dimension."""

    label: str
    expected: str | None
    actual: str | None

    @property
    def differs(self) -> bool:
        return self.expected != self.actual


@dataclass(frozen=True, slots=True)
class Picture:
    """What a failing test shows: `dimensions` where shapes differ, else two grids of the same part."""

    dimensions: tuple[Dimension, ...] = ()
    expected: Grid | None = None
    actual: Grid | None = None
    slice: str = ""
    """The slice shown of a tensor with more than two dimensions, as "[1, :, :]"."""
    partial: bool = False
    worst: str = ""
    """The index of the worst cell, as "[1, 0, 2]"."""


def picture(comparison: Mapping[str, Any] | None) -> Picture | None:
    """The picture of a verdict document's `comparison`, or nothing where there is nothing to lay side by side."""
    if not comparison:
        return None
    expected, actual = _array(comparison.get("expected")), _array(comparison.get("actual"))
    worst = tuple(comparison.get("worst") or ())
    if expected is None and actual is None:
        return None
    if comparison.get("kind") == "shape" or (expected and actual and expected.shape != actual.shape):
        return Picture(dimensions=_dimensions(expected, actual, tuple(comparison.get("labels") or ())))
    both = [array for array in (expected, actual) if array is not None and _consistent(array)]
    if not both:
        return None
    window = _Window.around(both[0], worst)
    notation = _notation(both, window)
    grids = {
        id(array): _grid(array, window, notation, next((other for other in both if other is not array), None))
        for array in both
    }
    return Picture(
        expected=grids.get(id(expected)),
        actual=grids.get(id(actual)),
        slice=window.slice,
        partial=window.partial or bool(comparison.get("truncated")),
        worst="[" + ", ".join(map(str, worst)) + "]" if window.worst is not None and worst else "",
    )


@dataclass(frozen=True, slots=True)
class Notation:
    """How the numbers of one picture are written: `fixed` decimals, so that they align, or significant digits."""

    digits: int
    fixed: bool

    def write(self, value: float | int | bool | str) -> str:
        """`value` with a real minus sign; the document writes what is not finite as "nan", "inf", "-inf"."""
        if isinstance(value, str):
            return {"inf": "∞", "-inf": "−∞"}.get(value, value[:8])
        if not isinstance(value, float):
            return str(value).replace("-", "−")
        if self.fixed and (value == 0 or abs(value) >= 0.5 * 10**-self.digits):
            return f"{value:.{self.digits}f}".replace("-", "−")
        return (f"{value:.0e}" if self.fixed else f"{value:.{self.digits + 1}g}").replace("-", "−")


@dataclass(frozen=True, slots=True)
class _Window:
    """Which positions of the flat data are shown: `offset` of the matrix, its strides, the rows and columns."""

    offset: int
    stride: int
    rows: range
    columns: range
    first_row: int
    first_column: int
    worst: tuple[int, int] | None
    slice: str
    partial: bool

    def positions(self) -> list[int]:
        """Where in the flat data the cells are."""
        return [self.offset + row * self.stride + column for row in self.rows for column in self.columns]

    @classmethod
    def around(cls, array: Array, worst: tuple[int, ...]) -> _Window:
        held = array.window or array.shape
        origin = array.origin or (0,) * len(held)
        local = tuple(index - start for index, start in zip(worst, origin, strict=False))
        known = len(worst) == len(held) and all(0 <= index < size for index, size in zip(local, held, strict=True))
        local = local if known else (0,) * len(held)
        height, width = (1, 1, *held)[-2:]
        row, column = (0, 0, *local)[-2:]
        leading = 0
        for index, size in zip(local[:-2], held[:-2], strict=True):
            leading = leading * size + index
        rows, columns = _span(row, height, ROWS), _span(column, width, COLUMNS)
        fixed = [str(index + start) for index, start in zip(local[:-2], origin[:-2], strict=True)]
        return cls(
            offset=leading * height * width,
            stride=width,
            rows=rows,
            columns=columns,
            first_row=(0, 0, *origin)[-2],
            first_column=(0, 0, *origin)[-1],
            worst=(row, column) if known else None,
            slice="[" + ", ".join([*fixed, ":", ":"]) + "]" if len(held) > 2 else "",
            partial=len(rows) < (1, 1, *array.shape)[-2] or len(columns) < (1, 1, *array.shape)[-1],
        )


def _span(centre: int, size: int, most: int) -> range:
    """At most `most` of `size` positions, `centre` among them."""
    start = min(max(0, centre - most // 2), max(0, size - most))
    return range(start, min(size, start + most))


def _notation(arrays: list[Array], window: _Window) -> Notation:
    """One notation for all cells shown, precise enough to tell the worst cells apart."""
    shown = [array.data[position] for array in arrays for position in window.positions()]
    largest = max((abs(value) for value in shown if isinstance(value, float) and math.isfinite(value)), default=0.0)
    fixed = 1e-2 <= largest < 1e5
    whole = all(not isinstance(value, float) or not math.isfinite(value) or value.is_integer() for value in shown)
    decimals = 0 if whole else max(1, 3 - math.floor(math.log10(largest or 1)))
    choices = [Notation(decimals + more if fixed else 3 + more, fixed) for more in (0, 3, 6)]
    if fixed and whole:
        choices = choices[:1]
    if len(arrays) < 2 or window.worst is None:
        return choices[0]
    position = window.offset + window.worst[0] * window.stride + window.worst[1]
    pair = [array.data[position] for array in arrays]
    return next((each for each in choices if each.write(pair[0]) != each.write(pair[1])), choices[0])


def _grid(array: Array, window: _Window, notation: Notation, other: Array | None) -> Grid:
    def written(which: Array, row: int, column: int) -> str:
        return notation.write(which.data[window.offset + row * window.stride + column])

    places = [(row, column) for row in window.rows for column in window.columns]
    off = {place for place in places if other is not None and written(array, *place) != written(other, *place)}
    if len(off) == len(places):
        off = set()  # a mark on every cell marks nothing

    def cell(row: int, column: int) -> Cell:
        return Cell(written(array, row, column), (row, column) in off, (row, column) == window.worst)

    return Grid(
        dtype=array.dtype,
        shape=" × ".join(map(str, array.shape)),
        rows=tuple(window.first_row + row for row in window.rows) if len(array.shape) > 1 else (),
        columns=tuple(window.first_column + column for column in window.columns) if array.shape else (),
        cells=tuple(tuple(cell(row, column) for column in window.columns) for row in window.rows),
    )


def _dimensions(expected: Array | None, actual: Array | None, labels: tuple[str, ...]) -> tuple[Dimension, ...]:
    """Pair the two shapes from the right, as broadcasting does; labels belong to the expected one."""
    left = [str(size) for size in expected.shape] if expected else []
    right = [str(size) for size in actual.shape] if actual else []
    names = list(labels) if len(labels) == len(left) else [""] * len(left)
    length = max(len(left), len(right))

    def padded(values: list[str]) -> list[str | None]:
        return [*([None] * (length - len(values))), *values]

    return tuple(
        Dimension((label or "")[:LABEL], ours, theirs)
        for label, ours, theirs in zip(padded(names), padded(left), padded(right), strict=True)
    )


def _array(document: Mapping[str, Any] | None) -> Array | None:
    if document is None:
        return None
    return Array(
        dtype=str(document.get("dtype", "")),
        shape=tuple(document.get("shape") or ()),
        data=tuple(document.get("data") or ()),
        window=tuple(document.get("window") or ()),
        origin=tuple(document.get("origin") or ()),
    )


def _consistent(array: Array) -> bool:
    held = array.window or array.shape
    return len(held) == len(array.shape) and math.prod(held) == len(array.data) and len(array.data) > 0

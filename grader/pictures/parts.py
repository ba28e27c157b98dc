"""The matrices of which a verdict's array consists: its slices, cut around the worst cell where they are large."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.pictures.numerals import Number
from grader.verdict import Array


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of a tensor is shown at most."""

    side: int
    """Rows and columns of a matrix."""
    slices: int
    tables: bool = True
    """Whether the numbers are wanted as tables too."""


WHOLE = Extent(side=32, slices=8)
BRIEF = Extent(side=10, slices=1)
"""For what is folded away, so that a page with a dozen failures is still a light one."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """One slice: `values` are its rows, `rows` and `columns` their indices in the whole tensor."""

    prefix: tuple[int, ...]
    rows: range
    columns: range
    values: tuple[tuple[Number, ...], ...]

    def at(self, row: int, column: int) -> Number:
        """The number in that place of what is shown."""
        return self.values[row][column]


@dataclass(frozen=True, slots=True)
class Parts:
    """The slices of an array that are shown."""

    matrices: tuple[Matrix, ...]
    chosen: int
    """Which of them holds the worst cell."""
    worst: tuple[int, int] | None
    """The place of the worst cell in that matrix."""
    whole_rows: bool
    """Whether every row is there from its first number to its last."""
    complete: bool
    """Whether the matrices are the whole tensor."""
    vector: bool


def array_of(document: Mapping[str, Any] | None) -> Array | None:
    """The array of a verdict document."""
    if document is None:
        return None
    return Array(
        dtype=str(document.get("dtype", "")),
        shape=tuple(document.get("shape") or ()),
        data=tuple(document.get("data") or ()),
        window=tuple(document.get("window") or ()),
        origin=tuple(document.get("origin") or ()),
    )


def consistent(array: Array) -> bool:
    """Whether the numbers are as many as the shape says, and there are any."""
    held = array.window or array.shape
    return len(held) == len(array.shape) and math.prod(held) == len(array.data) and len(array.data) > 0


def parts(array: Array, worst: tuple[int, ...], extent: Extent = WHOLE) -> Parts:
    """The slices of a consistent array, those around the worst cell if there are many."""
    held = array.window or array.shape
    origin = array.origin if len(array.origin) == len(held) else (0,) * len(held)
    local = tuple(index - start for index, start in zip(worst, origin, strict=False))
    known = len(worst) == len(held) and all(0 <= index < size for index, size in zip(local, held, strict=True))
    local = local if known else (0,) * len(held)
    height, width = (1, 1, *held)[-2:]
    row, column = (0, 0, *local)[-2:]
    rows, columns = _span(row, height, extent.side), _span(column, width, extent.side)
    first_row, first_column = (0, 0, *origin)[-2:]
    count = math.prod(held[:-2])
    chosen = _flat(local[:-2], held[:-2])
    shown = _span(chosen, count, extent.slices)

    def matrix(place: int) -> Matrix:
        start = place * height * width
        return Matrix(
            prefix=tuple(index + start for index, start in zip(_index(place, held[:-2]), origin[:-2], strict=True)),
            rows=range(first_row + rows.start, first_row + rows.stop),
            columns=range(first_column + columns.start, first_column + columns.stop),
            values=tuple(
                array.data[start + r * width + columns.start : start + r * width + columns.stop] for r in rows
            ),
        )

    whole_width = (1, *array.shape)[-1]
    return Parts(
        matrices=tuple(matrix(place) for place in shown),
        chosen=chosen - shown.start,
        worst=(row - rows.start, column - columns.start) if known else None,
        whole_rows=len(columns) == whole_width,
        complete=len(rows) * len(columns) * len(shown) == math.prod(array.shape),
        vector=len(array.shape) < 2,
    )


def _span(centre: int, size: int, most: int) -> range:
    """At most `most` of `size` positions, `centre` among them."""
    start = min(max(0, centre - most // 2), max(0, size - most))
    return range(start, min(size, start + most))


def _flat(index: tuple[int, ...], sizes: tuple[int, ...]) -> int:
    flat = 0
    for place, size in zip(index, sizes, strict=True):
        flat = flat * size + place
    return flat


def _index(flat: int, sizes: tuple[int, ...]) -> tuple[int, ...]:
    index = []
    for size in reversed(sizes):
        index.append(flat % size)
        flat //= size
    return tuple(reversed(index))

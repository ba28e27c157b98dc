"""Expected and actual numbers as heat maps beside their difference: what is drawn where, in units of one cell.

Expected and actual share one sequential scale; the difference has a diverging one, whose steps are opacities of two
colours, so that its middle is the page's own ground in light and dark.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from grader.pictures import colour_scale
from grader.pictures.heatmap import (
    LETTER,
    Cell,
    Frame,
    Grid,
    HeatMap,
    HeatMaps,
    Layer,
    Place,
    Reading,
    RowSum,
    Slice,
    Written,
)
from grader.pictures.numerals import Notation, Number, change_in_short, finite, in_short, notation_for
from grader.pictures.parts import WHOLE, Extent, Matrix, Parts, parts
from grader.verdict import Array

LARGEST = sys.float_info.max
"""A difference that no double holds is said to be this one."""
STEPS = 12
"""Of the diverging scale, on either side of nought."""
FAINT, MIDDLING = 6 / STEPS, 8 / STEPS
FAR = 3
"""How many times the range of the expected numbers others may lie outside it and still have a colour of their own."""
ROOM = ((5, 40), (7, 32), (10, 20), (16, 14), (24, 10), (32, 7))
"""Up to how many rows or columns a cell is how many pixels wide."""
ROOMY = 14
"""Pixels: rows that high have room for what they add up to."""
NUMBERED = 7
"""Columns of a map whose cells are wide enough for their numbers."""
SUM_TOLERANCE = 1e-4
FAULT_TOLERANCE = 1e-3


def heat_maps(expected: Array | None, actual: Array | None, worst: tuple[int, ...], extent: Extent = WHOLE) -> HeatMaps:
    """The maps of two consistent arrays of one shape, or of the only one there is."""
    sides = {kind: parts(array, worst, extent) for kind, array in (("expected", expected), ("actual", actual)) if array}
    arrays = [array for array in (expected, actual) if array]
    some = next(iter(sides.values()))
    frame = _frame(some)
    left, right = sides.get("expected"), sides.get("actual")
    scale = _Scale.over(left, right)
    summing = left is not None and _sums_to_one(left)
    pair = None
    if left and right and some.worst:
        pair = (left.matrices[some.chosen].at(*some.worst), right.matrices[some.chosen].at(*some.worst))
    notation = notation_for((value for side in sides.values() for value in _values(side)), pair)
    reach = max((abs(gap) for gap in _gaps(left, right)), default=0.0)
    numbered = _numbered(frame, sides, pair)
    drawing = _Drawing(frame, scale, notation, reach, summing, numbered, extent.tables)
    slices = tuple(
        drawing.slice({kind: side.matrices[index] for kind, side in sides.items()}, arrays, some, index)
        for index in range(len(some.matrices))
    )
    chosen = slices[some.chosen]
    mine = next((each for each in chosen.maps if each.kind == "actual"), None)
    return HeatMaps(
        slices=slices,
        chosen=some.chosen,
        frame=frame,
        low=notation.write(scale.low),
        high=notation.write(scale.high),
        clipped=scale.clipped,
        reach=notation.write(reach),
        worst=worst if some.worst else (),
        reading=_reading(some, pair, notation, frame),
        complete=some.complete,
        more_slices=math.prod(arrays[0].shape[:-2]) > len(slices),
        summing=summing,
        faults=tuple(RowSum(frame.rows[each.row], each.text, True) for each in (mine.sums if mine else ()) if each.off),
        leaks=sum(len(each.leaking) for part in slices for each in part.maps if each.kind == "actual"),
        odd=_odd_ones(left, right),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    clipped: bool

    @classmethod
    def over(cls, expected: Parts | None, actual: Parts | None) -> _Scale:
        """From the smallest to the largest number, unless some lie far outside what is expected."""
        ours, theirs = (
            [number for value in _values(side) if (number := finite(value)) is not None] if side else []
            for side in (expected, actual)
        )
        both = [*ours, *theirs] or [0.0]
        low, high = min(both), max(both)
        span = max(ours) - min(ours) if ours else 0.0
        near_low, near_high = (low, high) if span == 0 else (min(ours) - FAR * span, max(ours) + FAR * span)
        clipped = low < near_low or high > near_high
        return cls(max(low, near_low), min(high, near_high), clipped)

    def level(self, value: float) -> int:
        """The colour of `value`."""
        if self.high <= self.low:
            return colour_scale.LEVELS // 2
        inside = min(max(value, self.low), self.high)
        if math.isinf(self.high - self.low):  # both ends of what a double holds
            share = (inside / 2 - self.low / 2) / (self.high / 2 - self.low / 2)
        else:
            share = (inside - self.low) / (self.high - self.low)
        return min(colour_scale.LEVELS - 1, int(share * colour_scale.LEVELS))


@dataclass(frozen=True, slots=True)
class _Drawing:
    frame: Frame
    scale: _Scale
    notation: Notation
    reach: float
    summing: bool
    numbered: bool
    tables: bool

    def slice(self, sides: dict[str, Matrix], arrays: list[Array], whole: Parts, index: int) -> Slice:
        expected, actual = sides.get("expected"), sides.get("actual")
        leaking = _leaks(expected, actual) if self.summing else ()
        maps = [self._map(kind, matrix, leaking if kind == "actual" else ()) for kind, matrix in sides.items()]
        if expected and actual:
            maps.append(self._difference(expected, actual))
        worst = whole.worst if index == whole.chosen else None
        prefix = next(iter(sides.values())).prefix
        return Slice(
            label="[" + ", ".join([*map(str, prefix), ":", ":"]) + "]" if prefix else "",
            maps=tuple(maps),
            grids=tuple(self._grid(kind, array, sides, worst) for kind, array in zip(sides, arrays, strict=True))
            if self.tables
            else (),
            worst=worst,
        )

    def _map(self, kind: str, matrix: Matrix, leaking: tuple[Place, ...]) -> HeatMap:
        colours = colour_scale.sequential()

        def level(value: Number) -> int | None:
            number = finite(value)
            return None if number is None else self.scale.level(number)

        layers = tuple(Layer(colours[each], 1, path) for each, path in sorted(_paths(matrix.values, level).items()))
        numbers = (
            Written(column + 0.5, row + 0.5, in_short(value), colour_scale.ink_on(self.scale.level(float(value))))
            for row, values in enumerate(matrix.values)
            for column, value in enumerate(values)
            if self.numbered and not isinstance(value, str)
        )
        sums = self._sums(matrix) if self.summing else ()
        return HeatMap(kind, layers, self._odd(matrix.values), tuple(numbers), sums, leaking)

    def _difference(self, expected: Matrix, actual: Matrix) -> HeatMap:
        gaps = tuple(
            tuple(_gap(one, other) for one, other in zip(*rows, strict=True))
            for rows in zip(expected.values, actual.values, strict=True)
        )

        def level(gap: float | None) -> int | None:
            step = 0 if gap is None or self.reach == 0 else math.ceil(abs(gap) / self.reach * STEPS - 1e-9)
            return int(math.copysign(step, gap)) if step and gap else None

        layers = tuple(
            Layer("over" if step > 0 else "under", round(abs(step) / STEPS, 2), path)
            for step, path in sorted(_paths(gaps, level).items())
        )
        odd = tuple(
            Written(column + 0.5, row + 0.5, "?")
            for row, values in enumerate(gaps)
            for column, gap in enumerate(values)
            if gap is None
        )
        numbers = (
            Written(column + 0.5, row + 0.5, change_in_short(gap), _strength(gap, self.reach))
            for row, values in enumerate(gaps)
            for column, gap in enumerate(values)
            if self.numbered and gap is not None and change_in_short(gap)
        )
        return HeatMap("difference", layers, odd, tuple(numbers), (), ())

    def _odd(self, rows: Iterable[Iterable[Number]]) -> tuple[Written, ...]:
        return tuple(
            Written(column + 0.5, row + 0.5, self.notation.write(value))
            for row, values in enumerate(rows)
            for column, value in enumerate(values)
            if finite(value) is None
        )

    def _sums(self, matrix: Matrix) -> tuple[RowSum, ...]:
        return tuple(
            RowSum(row, "nan" if total is None else f"{total:.2f}".replace("-", "−"), _off(total))
            for row, total in enumerate(map(_total, matrix.values))
        )

    def _grid(self, kind: str, array: Array, sides: dict[str, Matrix], worst: Place | None) -> Grid:
        matrix = sides[kind]
        other = next((each for name, each in sides.items() if name != kind), None)
        written = [[self.notation.write(value) for value in values] for values in matrix.values]
        places = {(row, column) for row, values in enumerate(written) for column, _ in enumerate(values)}
        off = {
            (row, column)
            for row, column in places
            if other is not None and written[row][column] != self.notation.write(other.at(row, column))
        }
        if off == places:
            off = set()  # a mark on every cell marks nothing
        return Grid(
            kind=kind,
            dtype=array.dtype,
            shape=" × ".join(map(str, array.shape)),
            rows=tuple(matrix.rows) if len(array.shape) > 1 else (),
            columns=tuple(matrix.columns) if array.shape else (),
            cells=tuple(
                tuple(Cell(text, (row, column) in off, (row, column) == worst) for column, text in enumerate(texts))
                for row, texts in enumerate(written)
            ),
            sums=self._sums(matrix) if self.summing else (),
        )


def _strength(gap: float, reach: float) -> str:
    """How a number is written on its step of the diverging scale; the style sheet has an ink for each."""
    share = abs(gap) / reach if reach else 0.0
    return "faint" if share <= FAINT else "middling" if share <= MIDDLING else "strong"


def _paths(rows: Iterable[Iterable[object]], level: Callable[..., int | None]) -> dict[int, str]:
    """One path for each level; neighbours in a row that have the same one are drawn in one stroke."""
    paths: dict[int, list[str]] = {}
    for y, values in enumerate(rows):
        start, current, x = 0, None, -1
        for x, value in enumerate(values):
            each = level(value)
            if each != current:
                if current is not None:
                    paths.setdefault(current, []).append(f"M{start} {y}h{x - start}")
                start, current = x, each
        if current is not None:
            paths.setdefault(current, []).append(f"M{start} {y}h{x + 1 - start}")
    return {each: "".join(strokes) for each, strokes in paths.items()}


def _frame(some: Parts) -> Frame:
    matrix = some.matrices[0]
    longest = max(len(matrix.rows), len(matrix.columns))
    cell = next(pixels for most, pixels in ROOM if longest <= most)
    digits = 0 if some.vector else len(str(matrix.rows.stop - 1))
    widest = LETTER * 0.62 * max(digits, len(str(matrix.columns.stop - 1)))
    every = next((step for step in (1, 2, 4, 5, 8) if step * cell >= widest + 7), 10)
    return Frame(
        rows=matrix.rows,
        columns=matrix.columns,
        cell=cell,
        every=every,
        left=round((digits * 0.62 * LETTER + 5) / cell, 2) if digits else 0.1,
        top=round((LETTER + 5) / cell, 2),
        right=round(5.2 * 0.62 * LETTER / cell + 0.2, 2) if cell >= ROOMY else 1.3,
        vector=some.vector,
    )


def _numbered(frame: Frame, sides: dict[str, Parts], pair: tuple[Number, Number] | None) -> bool:
    """Whether there is room for numbers, and they are not so small or alike that two digits would hide what matters."""
    if len(frame.columns) > NUMBERED or len(frame.rows) > NUMBERED:
        return False
    if pair is not None and in_short(pair[0]) == in_short(pair[1]):
        return False
    return any(in_short(value).strip("−0.") for side in sides.values() for value in _values(side))


def _reading(some: Parts, pair: tuple[Number, Number] | None, notation: Notation, frame: Frame) -> Reading | None:
    if pair is None or some.worst is None:
        return None
    row, column = some.worst
    gap = None if any(isinstance(value, bool) for value in pair) else _gap(*pair)
    difference = "" if gap is None else notation.signed(gap)
    return Reading(frame.rows[row], frame.columns[column], notation.write(pair[0]), notation.write(pair[1]), difference)


def _values(side: Parts) -> Iterable[Number]:
    return (value for matrix in side.matrices for values in matrix.values for value in values)


def _gap(expected: Number, actual: Number) -> float | None:
    """How much the actual number is more than the expected one; nought where both are the same and not finite."""
    if expected == actual:
        return 0.0
    one, other = finite(expected), finite(actual)
    return None if one is None or other is None else max(-LARGEST, min(LARGEST, other - one))


def _gaps(expected: Parts | None, actual: Parts | None) -> Iterable[float]:
    if expected is None or actual is None:
        return ()
    pairs = zip(_values(expected), _values(actual), strict=True)
    return (gap for one, other in pairs if (gap := _gap(one, other)) is not None)


def _total(values: Iterable[Number]) -> float | None:
    numbers = [finite(value) for value in values]
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


def _off(total: float | None) -> bool:
    return total is None or abs(total - 1) > FAULT_TOLERANCE


def _sums_to_one(expected: Parts) -> bool:
    """Whether these look like attention weights: rows of at least two numbers, none negative, that add up to one."""
    if not expected.whole_rows or expected.vector:
        return False
    rows = [values for matrix in expected.matrices for values in matrix.values]
    return all(
        len(values) > 1
        and all(isinstance(value, float) and value >= 0 for value in values)
        and abs((_total(values) or 0.0) - 1) <= SUM_TOLERANCE
        for values in rows
    )


def _leaks(expected: Matrix | None, actual: Matrix | None) -> tuple[Place, ...]:
    if expected is None or actual is None:
        return ()
    return tuple(
        (row, column)
        for row, values in enumerate(expected.values)
        for column, value in enumerate(values)
        if value == 0 and actual.at(row, column) != 0
    )


def _odd_ones(expected: Parts | None, actual: Parts | None) -> int:
    if actual is None:
        return 0
    theirs = [finite(value) is None for value in _values(actual)]
    ours = [finite(value) is None for value in _values(expected)] if expected else [False] * len(theirs)
    return sum(odd and not same for odd, same in zip(theirs, ours, strict=True))

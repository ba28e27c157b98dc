"""Expected beside actual as a page shows them: labelled boxes where shapes differ, two numbers in words, heat maps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.pictures.drawing import heat_maps
from grader.pictures.heatmap import Grid, HeatMaps
from grader.pictures.numerals import Number, finite, notation_for
from grader.pictures.parts import WHOLE, Extent, array_of, consistent
from grader.pictures.shapes import Shapes, shapes
from grader.verdict import Array

MOST_RANK = 8
FEW = Extent(side=8, slices=1)
"""How much of an argument is shown."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two single numbers; `difference` carries its sign, and is empty where there is none."""

    expected: str
    actual: str
    difference: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What a failing test shows: one of the three."""

    shapes: Shapes | None = None
    pair: Pair | None = None
    maps: HeatMaps | None = None


@dataclass(frozen=True, slots=True)
class ArgumentView:
    """One argument of a call: a plain value as `text`, or a tensor's type, shape and first numbers."""

    name: str
    text: str
    dtype: str
    shape: tuple[str, ...]
    grid: Grid | None
    complete: bool


def picture(comparison: Mapping[str, Any] | None, extent: Extent = WHOLE) -> Picture | None:
    """The picture of a verdict document's `comparison`, or nothing where there is nothing to lay side by side."""
    if not comparison:
        return None
    expected, actual = array_of(comparison.get("expected")), array_of(comparison.get("actual"))
    if expected is None and actual is None:
        return None
    if comparison.get("kind") == "shape" or (expected and actual and expected.shape != actual.shape):
        if max(len(array.shape) for array in (expected, actual) if array) > MOST_RANK:
            return None
        labels = tuple(map(str, comparison.get("labels") or ()))
        seen = shapes(expected.shape if expected else None, actual.shape if actual else None, labels)
        return Picture(shapes=seen)
    ours, theirs = (array if array is not None and consistent(array) else None for array in (expected, actual))
    if ours is None and theirs is None:
        return None
    if ours and theirs and len(ours.data) == len(theirs.data) == 1:
        return Picture(pair=_pair(ours.data[0], theirs.data[0]))
    if ours and theirs and (ours.window, ours.origin) != (theirs.window, theirs.origin):
        return None
    return Picture(maps=heat_maps(ours, theirs, tuple(comparison.get("worst") or ()), extent))


def telling(test: Any, extent: Extent = WHOLE) -> tuple[Picture | None, bool]:
    """The picture that says most about a failing test, and whether it is of the call's outcome.

    What the test compared may have been a sum or a truth; then the outcome of the call shows what went wrong, unless
    the call's outcome is right and the mistake lies elsewhere.
    """
    compared, outcome = picture(test.comparison, extent), picture(test.outcome, extent)
    if outcome is None or (compared is not None and not _differ(test.outcome)):
        return compared, False
    return outcome, True


def argument(document: Mapping[str, Any]) -> ArgumentView:
    """An argument of the verdict document."""
    array = array_of(document.get("value"))
    name, text = str(document.get("name", "")), str(document.get("text", ""))
    if array is None:
        return ArgumentView(name, text, "", (), None, True)
    shape = tuple(map(str, array.shape))
    if not consistent(array):
        return ArgumentView(name, text, array.dtype, shape, None, False)
    maps = heat_maps(array, None, array.origin, FEW)
    return ArgumentView(name, text, array.dtype, shape, maps.slices[0].grids[0], maps.complete)


def _pair(expected: Number, actual: Number) -> Pair:
    notation = notation_for((expected, actual), (expected, actual))
    one, other = finite(expected), finite(actual)
    truth = isinstance(expected, bool) or isinstance(actual, bool)
    gap = "" if one is None or other is None or truth else notation.signed(other - one)
    return Pair(notation.write(expected), notation.write(actual), gap)


def _differ(comparison: Mapping[str, Any] | None) -> bool:
    expected, actual = (array_of((comparison or {}).get(side)) for side in ("expected", "actual"))
    return _shown(expected) != _shown(actual)


def _shown(array: Array | None) -> object:
    return array and (array.shape, array.data)

"""Two shapes side by side: which dimension stands opposite which, and what is certain about how they differ."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import dataclass

LABEL = 12
WORDS = {"B": "batch", "H": "heads", "Lq": "query", "Lk": "key", "L": "length", "dv": "d_v", "dk": "d_k", "dq": "d_q"}
"""What the letters of `assert_shape` stand for on a page."""


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
class Shapes:
    """Two shapes that are not the same."""

    dimensions: tuple[Dimension, ...]
    cause: str = ""
    """"swapped" (two dimensions), "reordered" (the same sizes in another order), "merged" (as many numbers), "missing",
    "extra" (one dimension), "size" (one size is another), "several", or nothing where one shape is unknown."""
    places: tuple[int, ...] = ()
    """The places (in `dimensions`, from 0) that `cause` is about."""


def shapes(expected: tuple[int, ...] | None, actual: tuple[int, ...] | None, labels: tuple[str, ...]) -> Shapes:
    """The two shapes aligned so that as few dimensions as possible differ; labels belong to the expected one."""
    names = labels if expected is None or len(labels) == len(expected) else ("",) * len(expected)
    if expected is None or actual is None:
        known = expected or actual or ()
        named = names if len(names) == len(known) else ("",) * len(known)
        sides = ((size, None) if expected is not None else (None, size) for size in map(str, known))
        return Shapes(tuple(Dimension(_word(name), *side) for name, side in zip(named, sides, strict=True)))
    pairs = _aligned(expected, actual)
    dimensions = tuple(
        Dimension(
            "" if left is None else _word(names[left]),
            None if left is None else str(expected[left]),
            None if right is None else str(actual[right]),
        )
        for left, right in pairs
    )
    differing = tuple(place for place, each in enumerate(dimensions) if each.differs)
    return Shapes(dimensions, _cause(expected, actual, dimensions, differing), differing)


def _cause(
    expected: tuple[int, ...], actual: tuple[int, ...], dimensions: tuple[Dimension, ...], differing: tuple[int, ...]
) -> str:
    if len(expected) == len(actual):
        if not differing:
            return ""
        if Counter(expected) == Counter(actual):
            return "swapped" if len(differing) == 2 else "reordered"
        return "size" if len(differing) == 1 else "several"
    if len(differing) == 1:
        return "missing" if len(actual) < len(expected) else "extra"
    return "merged" if math.prod(expected) == math.prod(actual) else "several"


def _aligned(expected: tuple[int, ...], actual: tuple[int, ...]) -> list[tuple[int | None, int | None]]:
    """Pairs of places; those of equal rank stand opposite each other, else gaps go where most sizes then agree.

    Among equals the gap comes first, as broadcasting would have it.
    """
    short, long = sorted((len(expected), len(actual)))
    kept = max(
        itertools.combinations(range(long), short),
        key=lambda places: (
            sum(
                (expected[place] if len(expected) == long else expected[index])
                == (actual[index] if len(expected) == long else actual[place])
                for index, place in enumerate(places)
            ),
            sum(places),
        ),
    )
    if len(expected) == long:
        return [(place, kept.index(place) if place in kept else None) for place in range(long)]
    return [(kept.index(place) if place in kept else None, place) for place in range(long)]


def _word(label: str) -> str:
    return WORDS.get(label, label)[:LABEL]

"""Which lines of two submissions are alike, to be shown side by side: greedy string tiling with bounds.

After Wise, "String Similarity via Greedy String Tiling and Running Karp-Rabin Matching" (1993); each token belongs to
one tile at most, the longest tiles first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from grader.similarity.fingerprints import grams
from grader.similarity.tokens import Language, Token, tokens

LEAST = {Language.PYTHON: 8, Language.PROSE: 5}
"""Tokens of the shortest tile."""
MOST_PLACES, MOST_STEPS = 16, 400_000
"""Places of one run that are tried, and tokens compared in all: who writes one thing a thousand times over costs no
more than others, and perhaps not all of it is marked."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines of the first and of the second text that hold the same tokens; both ends are meant, counted from 1."""

    first: tuple[int, int]
    second: tuple[int, int]
    tokens: int
    given: bool = False
    """Whether it was handed out to everybody."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A line of one text that another one has too: in which stretch (from 1), and whether that begins here."""

    stretch: int
    begins: bool
    given: bool


def marked_lines(found: Sequence[Stretch], side: int) -> dict[int, Marked]:
    """The lines (from 1) of the first (0) or the second (1) text that are in a stretch."""
    marks: dict[int, Marked] = {}
    for number, stretch in enumerate(found, 1):
        start, end = (stretch.first, stretch.second)[side]
        for line in range(start, end + 1):
            if line not in marks or marks[line].given:  # what was handed out gives way
                marks[line] = Marked(number, line == start, stretch.given)
    return marks


def stretches(
    first: str, second: str, handed_out: Sequence[str] = (), language: Language = Language.PYTHON
) -> tuple[Stretch, ...]:
    """What two texts have in common, in the order of the first."""
    least = LEAST[language]
    one, other = tokens(first, language), tokens(second, language)
    given = _runs_of(tuple(handed_out), language)
    runs = grams([token.kind for token in one], least)
    tiles = _tiles(one, other, least)
    return tuple(
        Stretch(
            (one[start].line, one[start + length - 1].line),
            (other[place].line, other[place + length - 1].line),
            length,
            all(run in given for run in runs[start : start + length - least + 1]),
        )
        for start, place, length in sorted(tiles)
    )


@lru_cache(maxsize=8)
def _runs_of(handed_out: tuple[str, ...], language: Language) -> frozenset[int]:
    """The runs of what everybody was given, which stays the same while a class's pairs are looked at."""
    texts = ([token.kind for token in tokens(text, language)] for text in handed_out)
    return frozenset(run for kinds in texts for run in grams(kinds, LEAST[language]))


def _tiles(one: Sequence[Token], other: Sequence[Token], least: int) -> list[tuple[int, int, int]]:
    """Tiles as (start in one, start in other, length)."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, run in enumerate(grams([token.kind for token in other], least)):
        if len(places[run]) < MOST_PLACES:
            places[run].append(place)
    matches = _matches(one, other, places, least)
    taken_one, taken_other = bytearray(len(one)), bytearray(len(other))
    tiles = []
    for length, start, place in sorted(matches, key=lambda match: (-match[0], match[1], match[2])):
        for begin, size in _free(taken_one, taken_other, start, place, length):
            if size >= least:
                tiles.append((start + begin, place + begin, size))
                taken_one[start + begin : start + begin + size] = b"\1" * size
                taken_other[place + begin : place + begin + size] = b"\1" * size
    return tiles


def _matches(
    one: Sequence[Token], other: Sequence[Token], places: Mapping[int, Sequence[int]], least: int
) -> list[tuple[int, int, int]]:
    """Runs that are equal and cannot be longer, as (length, start in one, start in other)."""
    matches: list[tuple[int, int, int]] = []
    steps = 0
    reached: dict[int, int] = {}
    for start, run in enumerate(grams([token.kind for token in one], least)):
        for place in places.get(run, ()):
            if reached.get(start - place, -1) >= start + least:
                continue  # within a match that was found already
            length, most = least, min(len(one) - start, len(other) - place)
            while length < most and one[start + length].kind == other[place + length].kind:
                length += 1
            steps += length
            if steps > MOST_STEPS:
                return matches
            reached[start - place] = start + length
            matches.append((length, start, place))
    return matches


def _free(one: bytearray, other: bytearray, start: int, place: int, length: int) -> list[tuple[int, int]]:
    """The parts (begin, size) of a match that no longer tile has taken."""
    parts, begin = [], 0
    for step in range(length + 1):
        if step == length or one[start + step] or other[place + step]:
            if step > begin:
                parts.append((begin, step - begin))
            begin = step + 1
    return parts

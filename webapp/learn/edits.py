"""What has changed between two texts: line by line, and word by word within lines; at a cost no text can drive up.

The shortest edit is Myers' (An O(ND) Difference Algorithm, 1986).  Its work grows with lines times edits, and both are
capped: texts too long or too different are shown as one replaced by the other.  (Python's difflib has no such bound.)
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

MOST_LINES = 4000
"""Lines of both texts together, between their common beginning and end."""
MOST_EDITS = 600
MOST_ROWS = 1500
CONTEXT = 3
LONGEST_LINE = 400
MOST_MARKED = 200
"""Pairs of lines whose words are compared."""
MOST_MARKED_EDITS = 160
"""Words that differ within such a pair: lines with more of them are simply two lines."""
MOST_TRIED = 900
"""Pairs of lines of one change of which the likeness is looked at."""
ALIKE = 0.4
"""Lines that share less of their characters are simply two lines."""
_WORD = re.compile(r"[\u3400-\u9fff]|\w+|\s+|.", re.DOTALL)


class Change(StrEnum):
    """What happened to a row."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    CHANGED = "changed"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of one of the texts, numbered from 1."""

    number: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Lines before and after, one each where they belong together; a gap stands for equal lines left out."""

    change: Change
    before: tuple[Line, ...] = ()
    after: tuple[Line, ...] = ()
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """Two texts beside each other."""

    rows: tuple[Row, ...]
    removed: int
    added: int
    whole: bool = False
    """Too long or too different to be compared line by line: the one replaced by the other."""
    cut: int = 0
    """Lines left out at the end."""

    @property
    def same(self) -> bool:
        """Whether nothing has changed."""
        return not self.removed and not self.added


def matches(old: Sequence[Hashable], new: Sequence[Hashable], most: int) -> list[tuple[int, int]] | None:
    """Which places stay, in order, in a shortest edit; None when it takes more than `most` edits."""
    furthest = array("i", bytes(4 * (2 * most + 3)))  # how far each diagonal has come; the middle is diagonal 0
    middle = most + 1
    trail: list[array[int]] = []
    for edits in range(most + 1):
        trail.append(furthest[middle - edits - 1 : middle + edits + 2])
        for diagonal in range(-edits, edits + 1, 2):
            at = middle + diagonal
            down = diagonal == -edits or (diagonal != edits and furthest[at - 1] < furthest[at + 1])
            x = furthest[at + 1] if down else furthest[at - 1] + 1
            while x < len(old) and x - diagonal < len(new) and old[x] == new[x - diagonal]:
                x += 1
            furthest[at] = x
            if x >= len(old) and x - diagonal >= len(new):
                return _walk_back(trail, len(old), len(new))
    return None


def _walk_back(trail: list[array[int]], x: int, y: int) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for edits in range(len(trail) - 1, -1, -1):
        before, diagonal = trail[edits], x - y
        at = edits + 1 + diagonal
        down = diagonal == -edits or (diagonal != edits and before[at - 1] < before[at + 1])
        previous = diagonal + 1 if down else diagonal - 1
        start = before[at + (1 if down else -1)] if edits else 0
        goal = start - previous if edits else 0
        while x > start and y > goal:
            x, y = x - 1, y - 1
            kept.append((x, y))
        x, y = start, goal
    return kept[::-1]


def compare(old: str, new: str) -> Difference:
    """`old` beside `new`."""
    before, after = _lines(old), _lines(new)
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    left, right = before[start : len(before) - end], after[start : len(after) - end]
    found = matches(left, right, MOST_EDITS) if len(left) + len(right) <= MOST_LINES else None
    kept = [(start + x, start + y) for x, y in found or ()]
    same = [(place, place) for place in range(start)] + kept
    same += [(len(before) - place, len(after) - place) for place in range(end, 0, -1)]
    rows, cut = _cut(_folded(_rows(before, after, same)))
    return Difference(
        rows,
        removed=len(before) - len(same),
        added=len(after) - len(same),
        whole=found is None,
        cut=cut,
    )


def _cut(rows: list[Row]) -> tuple[tuple[Row, ...], int]:
    """The rows with at most so many lines of each text, and how many lines are left out."""
    left, shown, cut = MOST_ROWS, [], 0
    for row in rows:
        short = replace(row, before=row.before[:left], after=row.after[:left])
        lines = max(len(row.before), len(row.after), 1)
        if left:
            shown.append(short)
        cut += max(0, lines - left)
        left = max(0, left - lines)
    return tuple(shown), cut


def _lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _rows(before: list[str], after: list[str], same: list[tuple[int, int]]) -> list[Row]:
    rows: list[Row] = []
    x = y = marked = 0
    for to_x, to_y in [*same, (len(before), len(after))]:
        pairs = _pairs(before[x:to_x], after[y:to_y]) if marked < MOST_MARKED else []
        marked += len(pairs)
        for left, right in [*((x + left, y + right) for left, right in pairs), (to_x, to_y)]:
            if x < left or y < right:
                rows.append(_replaced(before, after, range(x, left), range(y, right)))
            if left < to_x and right < to_y:
                old, new = words(before[left], after[right])
                rows.append(Row(Change.CHANGED, (Line(left + 1, old),), (Line(right + 1, new),)))
            x, y = left + 1, right + 1
        if to_x < len(before) and to_y < len(after):
            line = (Piece(before[to_x]),)
            rows.append(Row(Change.SAME, (Line(to_x + 1, line),), (Line(to_y + 1, line),)))
        x, y = to_x + 1, to_y + 1
    return rows


def _replaced(before: list[str], after: list[str], left: range, right: range) -> Row:
    change = Change.CHANGED if left and right else Change.REMOVED if left else Change.ADDED
    return Row(
        change,
        tuple(Line(place + 1, (Piece(before[place]),)) for place in left),
        tuple(Line(place + 1, (Piece(after[place]),)) for place in right),
    )


def _pairs(removed: list[str], added: list[str]) -> list[tuple[int, int]]:
    """Which removed line became which added one: in order, and as much alike as can be had."""
    if not removed or not added or len(removed) * len(added) > MOST_TRIED:
        return []
    old, new = ([Counter(_WORD.findall(line[:LONGEST_LINE].strip())) for line in lines] for lines in (removed, added))
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    likeness: dict[tuple[int, int], float] = {}
    for x in range(len(old) - 1, -1, -1):
        for y in range(len(new) - 1, -1, -1):
            shared = (old[x] & new[y]).total()
            alike = 2 * shared / max(1, old[x].total() + new[y].total())
            likeness[x, y] = alike if alike >= ALIKE else 0.0
            best[x][y] = max(best[x + 1][y], best[x][y + 1], best[x + 1][y + 1] + likeness[x, y])
    pairs, x, y = [], 0, 0
    while x < len(old) and y < len(new):
        if likeness[x, y] and best[x][y] == best[x + 1][y + 1] + likeness[x, y]:
            pairs.append((x, y))
            x, y = x + 1, y + 1
        elif best[x][y] == best[x + 1][y]:
            x += 1
        else:
            y += 1
    return pairs


def words(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two lines with what differs between them marked; unmarked where they have little in common."""
    plain = (Piece(old),), (Piece(new),)
    if max(len(old), len(new)) > LONGEST_LINE:
        return plain
    left, right = _WORD.findall(old), _WORD.findall(new)
    kept = matches(left, right, MOST_MARKED_EDITS) or []
    shared = sum(len(left[x].strip()) for x, _y in kept)
    if shared < ALIKE * max(len("".join(old.split())), len("".join(new.split())), 1):
        return plain
    return _pieces(left, {x for x, _y in kept}), _pieces(right, {y for _x, y in kept})


def _pieces(parts: list[str], kept: set[int]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for place, part in enumerate(parts):
        changed = place not in kept
        if pieces and pieces[-1].changed == changed:
            pieces[-1] = Piece(pieces[-1].text + part, changed)
        else:
            pieces.append(Piece(part, changed))
    return tuple(pieces)


def _folded(rows: list[Row]) -> list[Row]:
    """The changes and a few lines around them; what is left out becomes a gap."""
    near = [False] * len(rows)
    for place, row in enumerate(rows):
        if row.change is not Change.SAME:
            for around in range(max(0, place - CONTEXT), min(len(rows), place + CONTEXT + 1)):
                near[around] = True
    folded: list[Row] = []
    for row, shown in zip(rows, near, strict=True):
        if shown:
            folded.append(row)
        elif folded and folded[-1].change is Change.GAP:
            folded[-1] = replace(folded[-1], skipped=folded[-1].skipped + 1)
        else:
            folded.append(Row(Change.GAP, skipped=1))
    return folded

"""Where the lines of a map run: pure geometry over numbers of nodes.

Stations stand below one another, the nodes of each in rows of `COLUMNS`.  Across, the map is `WIDE` units wide, however
wide the page is; down, a unit is a sixteenth of the size of letters.  webapp/assets/css/map.css has the same sizes.
Lines run between the rows and between the columns, never through a node.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

COLUMNS = 4
WIDE = 1000
NODE_WIDE, GAP_WIDE = 220, 40
HEAD, NODE, GAP, FOOT = 72, 106, 40, 32
"""Heights: what stands above a station's first row, a node, what lies between rows and below the last one."""
ROUND = 8
MOST_NODES = 400
"""Beyond that no lines are drawn."""


@dataclass(frozen=True, slots=True)
class Line:
    """From a node to one that builds on it: an SVG path."""

    before: int
    after: int
    path: str
    far: bool = False
    """Whether it passes other rows: many of those hide what they lead through, so they show with their nodes only."""


@dataclass(frozen=True, slots=True)
class Layout:
    """All lines, and how high the map is."""

    lines: tuple[Line, ...]
    height: int


@dataclass(frozen=True, slots=True)
class _Place:
    column: int
    row: int
    top: int
    above: tuple[int, int]
    """The number of the strip above, and how high that is."""
    below: tuple[int, int]

    @property
    def middle(self) -> int:
        return self.left + NODE_WIDE // 2

    @property
    def left(self) -> int:
        return self.column * (NODE_WIDE + GAP_WIDE)


def layout(stations: Sequence[Sequence[int]], wanted: Mapping[int, Iterable[int]]) -> Layout:
    """The lines between nodes of `stations` (numbers, each once); `wanted` has for each what it builds on."""
    places, height = _places(stations)
    pairs = _bare({node: [each for each in wanted.get(node, ()) if each in places and each != node] for node in places})
    if len(places) > MOST_NODES:
        pairs = []
    lanes = _Lanes()
    for before, after in pairs:
        _plan(places[before], places[after], before, lanes)
    return Layout(
        tuple(
            Line(
                before,
                after,
                _drawn(places[before], places[after], before, lanes),
                far=_is_far(places[before], places[after]),
            )
            for before, after in pairs
        ),
        height,
    )


def _places(stations: Sequence[Sequence[int]]) -> tuple[dict[int, _Place], int]:
    places: dict[int, _Place] = {}
    top = row = strip = 0
    for nodes in stations:
        top += HEAD
        rows = max(1, -(-len(nodes) // COLUMNS))
        for number, node in enumerate(nodes):
            line, column = divmod(number, COLUMNS)
            above = (strip + line, GAP if line else HEAD // 3)
            below = (strip + line + 1, GAP if line < rows - 1 else FOOT)
            places[node] = _Place(column, row + line, top + line * (NODE + GAP), above, below)
        top += rows * NODE + (rows - 1) * GAP + FOOT
        row, strip = row + rows, strip + rows + 1
    return places, top


def _bare(wanted: Mapping[int, Sequence[int]]) -> list[tuple[int, int]]:
    """The pairs (before, after) without those that follow from others."""
    found = []
    for node, before in wanted.items():
        reached: set[int] = set()
        waiting = [far for each in before for far in wanted.get(each, ())]
        while waiting:
            here = waiting.pop()
            if here not in reached:
                reached.add(here)
                waiting += wanted.get(here, ())
        found += [(each, node) for each in before if each not in reached]
    return found


class _Lanes:
    """Who runs where: lines from the same node share a lane across, and one down each gutter where they overlap."""

    def __init__(self) -> None:
        self.strips: dict[int, list[int]] = {}
        self.gutters: dict[int, list[list[tuple[int, int, int]]]] = {}

    def across(self, strip: tuple[int, int], node: int) -> None:
        here = self.strips.setdefault(strip[0], [])
        if node not in here:
            here.append(node)

    def down(self, gutter: int, node: int, top: int, bottom: int) -> None:
        lanes = self.gutters.setdefault(gutter, [])
        for lane in lanes:
            if all(each == node or bottom < first or last < top for each, first, last in lane):
                lane.append((node, top, bottom))
                return
        lanes.append([(node, top, bottom)])

    def part_across(self, strip: tuple[int, int], node: int) -> float:
        here = self.strips[strip[0]]
        return (here.index(node) + 1) / (len(here) + 1)

    def part_down(self, gutter: int, node: int, top: int, bottom: int) -> float:
        lanes = self.gutters[gutter]
        lane = next(number for number, lane in enumerate(lanes) if (node, top, bottom) in lane)
        return (lane + 1) / (len(lanes) + 1)


def _gutter(before: _Place, after: _Place) -> int:
    """The one beside `after` that is nearer to `before`; gutter 0 lies right of column 0."""
    if before.column < after.column:
        return after.column - 1
    return after.column if after.column < min(before.column, COLUMNS - 1) or after.column == 0 else after.column - 1


def _is_beside(before: _Place, after: _Place) -> bool:
    return before.row == after.row and after.column == before.column + 1


def _is_far(before: _Place, after: _Place) -> bool:
    return before.row != after.row and before.below[0] != after.above[0] and abs(before.row - after.row) > 1


def _plan(before: _Place, after: _Place, node: int, lanes: _Lanes) -> None:
    """Ask for the lanes that a line needs."""
    if _is_beside(before, after):
        return
    lanes.across(before.below, node)
    if before.row != after.row and before.below[0] != after.above[0]:
        lanes.down(_gutter(before, after), node, *sorted((before.top, after.top)))
        lanes.across(after.above, node)


def _drawn(before: _Place, after: _Place, node: int, lanes: _Lanes) -> str:
    if _is_beside(before, after):
        middle = before.top + NODE // 2
        return f"M{before.left + NODE_WIDE} {middle}H{after.left}"
    out = before.top + NODE
    leaving = out + before.below[1] * lanes.part_across(before.below, node)
    way = [(float(before.middle), float(out)), (before.middle, leaving)]
    if before.row == after.row:
        return _path([*way, (after.middle, leaving), (after.middle, out)])
    if before.below[0] == after.above[0]:
        return _path([*way, (after.middle, leaving), (after.middle, after.top)])
    gutter = _gutter(before, after)
    part = lanes.part_down(gutter, node, *sorted((before.top, after.top)))
    x = gutter * (NODE_WIDE + GAP_WIDE) + NODE_WIDE + GAP_WIDE * part
    arriving = after.top - after.above[1] * (1 - lanes.part_across(after.above, node))
    return _path([*way, (x, leaving), (x, arriving), (after.middle, arriving), (after.middle, after.top)])


def _path(points: Sequence[tuple[float, float]]) -> str:
    """Straight pieces with round corners."""
    points = [point for number, point in enumerate(points) if number == 0 or point != points[number - 1]]
    said = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for (x0, y0), (x, y), (x1, y1) in zip(points, points[1:], points[2:], strict=False):
        into = min(ROUND, (abs(x - x0) + abs(y - y0)) / 2)
        out = min(ROUND, (abs(x1 - x) + abs(y1 - y)) / 2)
        a, b = _towards((x, y), (x0, y0), into), _towards((x, y), (x1, y1), out)
        said.append(f"L{a[0]:.1f} {a[1]:.1f}Q{x:.1f} {y:.1f} {b[0]:.1f} {b[1]:.1f}")
    said.append(f"L{points[-1][0]:.1f} {points[-1][1]:.1f}")
    return "".join(said)


def _towards(start: tuple[float, float], end: tuple[float, float], by: float) -> tuple[float, float]:
    """The point `by` away from `start`, on the way (across or down) to `end`."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = abs(dx) + abs(dy) or 1
    return start[0] + by * dx / length, start[1] + by * dy / length

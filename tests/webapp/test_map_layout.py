"""The lines of a map: they lead from what is done first to what builds on it, and never through a node."""

from __future__ import annotations

import itertools
import random
import re
import time

import pytest

from webapp.learn import map_layout
from webapp.learn.map_layout import COLUMNS, FOOT, GAP, GAP_WIDE, HEAD, NODE, NODE_WIDE, layout

NUMBER = r"(-?\d+(?:\.\d+)?)"


def boxes(stations):
    """Left, top, right, bottom of each node, as the style sheet puts it."""
    found, top = {}, 0
    for nodes in stations:
        top += HEAD
        for place, node in enumerate(nodes):
            row, column = divmod(place, COLUMNS)
            left, up = column * (NODE_WIDE + GAP_WIDE), top + row * (NODE + GAP)
            found[node] = (left, up, left + NODE_WIDE, up + NODE)
        rows = -(-len(nodes) // COLUMNS)
        top += rows * NODE + (rows - 1) * GAP + FOOT
    return found, top


def points(path):
    """The corners of a path; curves at corners stay between them."""
    found = []
    for command, rest in re.findall(r"([MLHQ])([^MLHQ]*)", path):
        numbers = [float(number) for number in re.findall(NUMBER, rest)]
        found += [(numbers[0], found[-1][1])] if command == "H" else list(zip(numbers[::2], numbers[1::2], strict=True))
    return found


def crosses(path, box):
    left, top, right, bottom = box
    for (x0, y0), (x1, y1) in itertools.pairwise(points(path)):
        if max(min(x0, x1), left + 1) < min(max(x0, x1), right - 1) + (x0 == x1 and left < x0 < right):
            if max(min(y0, y1), top + 1) < min(max(y0, y1), bottom - 1) + (y0 == y1 and top < y0 < bottom):
                return True
    return False


@pytest.mark.parametrize("seed", range(12))
def test_no_line_runs_through_a_node_and_each_leads_from_one_to_the_other(seed):
    draw = random.Random(seed)
    numbers = iter(range(1, 200))
    stations = [[next(numbers) for _ in range(draw.randint(1, 9))] for _ in range(draw.randint(1, 9))]
    nodes = [node for station in stations for node in station]
    wanted = {node: draw.sample(nodes, min(len(nodes), draw.randint(0, 3))) for node in nodes}
    drawn = layout(stations, wanted)
    places, height = boxes(stations)
    assert drawn.height == height
    for line in drawn.lines:
        assert line.before in wanted[line.after]
        corners = points(line.path)
        left, top, right, bottom = places[line.before]
        assert corners[0] in {(right, (top + bottom) / 2), ((left + right) / 2, bottom)}
        left, top, right, bottom = places[line.after]
        assert corners[-1] in {(left, (top + bottom) / 2), ((left + right) / 2, top), ((left + right) / 2, bottom)}
        assert all(0 <= x <= map_layout.WIDE and 0 <= y <= height for x, y in corners)
        assert [node for node in nodes if crosses(line.path, places[node])] == []


def test_what_follows_from_other_lines_is_not_drawn():
    drawn = layout([[1, 2, 3]], {2: [1], 3: [1, 2]})
    assert [(line.before, line.after) for line in drawn.lines] == [(1, 2), (2, 3)]


def test_neighbours_are_joined_by_the_shortest_line():
    (line,) = layout([[1, 2]], {2: [1]}).lines
    assert line.path == f"M{NODE_WIDE} {HEAD + NODE // 2}H{NODE_WIDE + GAP_WIDE}"


def test_who_is_not_on_the_map_has_no_line_and_a_circle_does_no_harm():
    assert layout([[1], [2]], {1: [9, 2, 1], 2: [1]}).lines in ((), layout([[1], [2]], {1: [2], 2: [1]}).lines)
    assert layout([], {}).lines == ()


def test_hundreds_of_nodes_are_placed_quickly():
    stations = [list(range(start, start + 10)) for start in range(0, 390, 10)]
    begun = time.process_time()
    drawn = layout(stations, {node: [node // 2, node - 1, node // 3] for node in range(2, 390)})
    assert time.process_time() - begun < 5
    assert drawn.lines
    assert layout([list(range(1000))], {node: [node - 1] for node in range(1, 1000)}).lines == ()

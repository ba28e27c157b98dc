"""What has changed between two texts."""

from __future__ import annotations

import random
import time

import pytest

from webapp.learn import edits
from webapp.learn.edits import Change, compare, matches, words

CODE = "import torch\n\n\ndef f(q, k):\n    return q @ k\n"


def rebuilt(difference: edits.Difference) -> tuple[list[str], list[str]]:
    """Both texts from the rows, where nothing was left out."""
    before = ["".join(piece.text for piece in line.pieces) for row in difference.rows for line in row.before]
    after = ["".join(piece.text for piece in line.pieces) for row in difference.rows for line in row.after]
    return before, after


def test_equal_texts_are_the_same() -> None:
    assert compare(CODE, CODE).same
    assert compare(CODE, CODE.replace("\n", "\r\n")).same
    assert compare("", "").same
    assert compare("", "").rows == ()


def test_a_changed_line_stands_beside_what_it_was_with_the_words_marked() -> None:
    difference = compare(CODE, CODE.replace("q @ k", "q @ k.mT"))
    row = difference.rows[-1]
    assert (row.change, difference.removed, difference.added) == (Change.CHANGED, 1, 1)
    assert row.before[0].number == row.after[0].number == 5
    assert [piece.text for piece in row.after[0].pieces if piece.changed] == [".mT"]
    assert not any(piece.changed for piece in row.before[0].pieces)


def test_a_changed_line_is_found_among_new_ones() -> None:
    difference = compare("a = f(x)\nreturn a.sum(1)\n", "# first\n# second\na = f(x, y)\nreturn a.sum(dim=1)\n")
    assert [(len(row.before), len(row.after)) for row in difference.rows] == [(0, 2), (1, 1), (1, 1)]


def test_lines_with_nothing_in_common_are_not_marked() -> None:
    before, after = words("return q @ k", "权重之和为一")
    assert not any(piece.changed for piece in (*before, *after))


def test_what_stays_far_from_a_change_is_folded() -> None:
    long = "".join(f"line {number}\n" for number in range(100))
    difference = compare(long, long.replace("line 50\n", ""))
    assert [row.change for row in difference.rows] == [
        Change.GAP,
        *[Change.SAME] * 3,
        Change.REMOVED,
        *[Change.SAME] * 3,
        Change.GAP,
    ]
    assert [row.skipped for row in difference.rows if row.change is Change.GAP] == [47, 46]


@pytest.mark.parametrize("seed", range(200))
def test_both_texts_can_be_read_back_and_no_edit_is_wasted(seed: int) -> None:
    draw = random.Random(seed)
    old = [draw.choice("abcde") for _ in range(draw.randrange(12))]
    new = [draw.choice("abcde") for _ in range(draw.randrange(12))]
    difference = compare("\n".join([*old, "."]), "\n".join([*new, "."]))
    assert rebuilt(difference) == ([*old, "."], [*new, "."]) or any(row.change is Change.GAP for row in difference.rows)
    kept = matches(old, new, 24)
    assert kept is not None
    assert all(old[x] == new[y] for x, y in kept)
    assert kept == sorted(kept)
    assert len(kept) == _longest_common(old, new)


def _longest_common(old: list[str], new: list[str]) -> int:
    best = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for x, left in enumerate(old):
        for y, right in enumerate(new):
            best[x + 1][y + 1] = best[x][y] + 1 if left == right else max(best[x][y + 1], best[x + 1][y])
    return best[-1][-1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n" * 65_000, "x\n" * 32_000),
        ("".join(f"{n}\n" for n in range(12_000)), "".join(f"{n}\n" for n in range(12_000, 0, -1))),
        ("a\nb\n" * 999, "b\na\n\n" * 600),
        ("".join(f"{n % 7}\n" for n in range(1990)), "".join(f"{n % 5}\n" for n in range(1990))),
        ("x" * 65_000, "y" * 65_000),
        ("\n".join("a b " * 100 for _ in range(600)), "\n".join("b a " * 100 for _ in range(600))),
        ("\0\ud800\u202e\n" * 20_000, "\r" * 65_000),
    ],
)
def test_no_text_makes_comparing_long(old: str, new: str) -> None:
    begun = time.process_time()
    difference = compare(old, new)
    assert time.process_time() - begun < 3
    assert sum(max(len(row.before), len(row.after), 1) for row in difference.rows) <= edits.MOST_ROWS
    assert not difference.same


def test_texts_too_different_are_shown_as_one_replaced_by_the_other() -> None:
    difference = compare("".join(f"{n}\n" for n in range(1000)), "".join(f"x{n}\n" for n in range(1000)))
    assert difference.whole
    assert (difference.removed, difference.added) == (1000, 1000)


def test_lines_of_the_same_characters_in_another_order_cost_little() -> None:
    """Each is like the other by what it holds, so its words are compared; whoever sends such lines buys no time."""
    line = "".join(map(chr, range(0x4E00, 0x4E00 + 380)))
    begun = time.process_time()
    difference = compare(f"{line}\n\n" * 200, f"{line[::-1]}\n\n" * 200)
    assert time.process_time() - begun < 3
    assert difference.removed == difference.added == 200
    assert all(len(row.before[0].pieces) == 1 for row in difference.rows if row.change is Change.CHANGED)

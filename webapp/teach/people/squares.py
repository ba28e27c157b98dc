"""A QR code as squares that a page draws in its own colours."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import segno

BORDER = 4
"""Squares of quiet around it, which readers need (ISO/IEC 18004)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """`path` fills the dark squares of a field of `size` × `size`."""

    size: int
    path: str


def drawn(text: str) -> Picture:
    """The code of a text, which a phone still reads with a seventh of it hidden."""
    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=BORDER)]
    path = []
    for y, row in enumerate(rows):
        x = 0
        for dark, squares in groupby(row):
            width = len(list(squares))
            if dark:
                path.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return Picture(len(rows), "".join(path))

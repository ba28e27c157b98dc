"""Colours for numbers: one sequential scale for light and dark pages, even to the eye, and to readers who tell few hues
apart as well.

The anchors are those of viridis (van der Walt and Smith, 2015).  Between them colours are mixed in CIELAB, and the
steps are laid out so that neighbours differ by the same distance there.
"""

from __future__ import annotations

import itertools
import math
from functools import cache

ANCHORS = (
    "#440154", "#482475", "#414487", "#355f8d", "#2a788e", "#21918c",
    "#22a884", "#44bf70", "#7ad151", "#bddf26", "#fde725",
)  # fmt: skip
LEVELS = 32
WHITE = (0.95047, 1.0, 1.08883)
"""D65, the white of sRGB."""
TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
TO_RGB = ((3.2404542, -1.5371385, -0.4985314), (-0.9692660, 1.8760108, 0.0415560), (0.0556434, -0.2040259, 1.0572252))
FINE = 400

Triple = tuple[float, float, float]


@cache
def sequential(levels: int = LEVELS) -> tuple[str, ...]:
    """`levels` colours from the lowest number's to the highest's, as "#rrggbb"."""
    anchors = [lab(colour) for colour in ANCHORS]
    path = [_between(anchors, place / FINE) for place in range(FINE + 1)]
    lengths = [0.0, *itertools.accumulate(math.dist(one, other) for one, other in itertools.pairwise(path))]
    wanted = [lengths[-1] * level / (levels - 1) for level in range(levels)]
    nearest = [min(range(FINE + 1), key=lambda place: abs(lengths[place] - length)) for length in wanted]
    return tuple(_hexadecimal(path[place]) for place in nearest)


@cache
def ink_on(level: int) -> str:
    """The colour for writing on a level: black or white, whichever is read better."""
    return "#000" if lab(sequential()[level])[0] > 49.5 else "#fff"


def lab(colour: str) -> Triple:
    """CIELAB (D65) of "#rrggbb": lightness 0 to 100, then two hues."""
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    x, y, z = (
        _root(row[0] * red + row[1] * green + row[2] * blue, white) for row, white in zip(TO_XYZ, WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _between(anchors: list[Triple], share: float) -> Triple:
    place = min(int(share * (len(anchors) - 1)), len(anchors) - 2)
    part = share * (len(anchors) - 1) - place
    one, other = anchors[place], anchors[place + 1]
    mixed = [start + part * (end - start) for start, end in zip(one, other, strict=True)]
    return mixed[0], mixed[1], mixed[2]


def _hexadecimal(colour: Triple) -> str:
    y = (colour[0] + 16) / 116
    parts = (y + colour[1] / 500, y, y - colour[2] / 200)
    x, y, z = (
        white * (part**3 if part > 6 / 29 else 3 * (6 / 29) ** 2 * (part - 4 / 29))
        for part, white in zip(parts, WHITE, strict=True)
    )
    rgb = (row[0] * x + row[1] * y + row[2] * z for row in TO_RGB)
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, _encoded(part)))):02x}" for part in rgb)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _encoded(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)


def _root(part: float, white: float) -> float:
    share = part / white
    return float(share ** (1 / 3)) if share > (6 / 29) ** 3 else share / (3 * (6 / 29) ** 2) + 4 / 29

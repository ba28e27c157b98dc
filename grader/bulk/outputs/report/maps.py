"""One heat map as SVG that needs no script; whatever is written has a size in cells, and a cell is one unit.

Put together here and not in a template: a class has tens of thousands of cells.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from markupsafe import Markup, escape

from grader.pictures.heatmap import Frame, HeatMap, Place, Written

ROOMY = 14
"""Pixels of a cell in which a word has room."""
NAMES = {"expected": "期望 · Expected", "actual": "你的 · Yours", "difference": "差 · Difference"}


def svg(drawn: HeatMap, frame: Frame, worst: Place | None) -> Markup:
    """The map with its indices, sums of rows, and marks; `worst` is outlined."""
    columns, rows = len(frame.columns), len(frame.rows)
    width, above, right = frame.width(bool(drawn.sums)), -frame.letter * 0.35, columns + 0.2
    parts = [
        f'<svg class="map" role="img" aria-label="{NAMES[drawn.kind]}" width="{frame.pixels(width)}" '
        f'height="{frame.pixels(frame.height)}" viewBox="{-frame.left} {-frame.top} {width} {frame.height}" '
        f'font-size="{frame.letter}"><rect class="ground" width="{columns}" height="{rows}"/>',
        '<g class="cells" transform="translate(0 .5)">',
        *(_layer(layer.colour, layer.opacity, layer.path) for layer in drawn.layers),
        "</g>",
        *_odd(drawn, frame),
        *_numbers(drawn.numbers, frame),
    ]
    if drawn.leaking:
        # Beside the number where there is one.
        aside, up = (0.84, 0.16) if drawn.numbers else (0.5, 0.5)
        dots = "".join(f"M{round(column + aside, 2)} {round(row + up, 2)}h0" for row, column in drawn.leaking)
        parts.append(f'<path class="leak" d="{dots}"/>')
    parts += _sums(drawn, frame, right, above)
    if not (frame.vector and columns == 1):
        parts.append(_indices("indices", ((place, above, index) for place, index in frame.marks(frame.columns))))
    if not frame.vector:
        beside = -frame.letter * 0.3
        parts.append(_indices("indices is-rows", ((beside, place, index) for place, index in frame.marks(frame.rows))))
    if worst:
        box = f'x="{worst[1]}" y="{worst[0]}" width="1" height="1"/>'
        parts.append(f'<rect class="worst is-ring" {box}<rect class="worst" {box}')
    return Markup("".join(parts) + "</svg>")  # noqa: S704 - numbers and our own words; what is not is escaped


def _layer(colour: str, opacity: float, path: str) -> str:
    if colour.startswith("#"):
        return f'<path stroke="{colour}" d="{path}"/>'
    return f'<path class="{colour}" stroke-opacity="{opacity}" d="{path}"/>'


def _odd(drawn: HeatMap, frame: Frame) -> Iterable[str]:
    """What is not finite has no colour: it is framed, and named where there is room."""
    if drawn.odd:
        places = "".join(f"M{odd.x - 0.5} {odd.y - 0.5}h1v1h-1z" for odd in drawn.odd)
        yield f'<path class="odd-ground" d="{places}"/>'
        if frame.cell >= ROOMY:
            yield f'<g class="odd" font-size="{frame.small}">{"".join(map(_text, drawn.odd))}</g>'


def _numbers(numbers: Iterable[Written], frame: Frame) -> Iterable[str]:
    for ink, group in groupby(sorted(numbers, key=lambda each: each.ink), key=lambda each: each.ink):
        looks = f' fill="{ink}"' if ink.startswith("#") else ""
        kind = "number" if looks else f"number {ink}"
        yield f'<g class="{kind}" font-size="{frame.small}"{looks}>{"".join(map(_text, group))}</g>'


def _text(written: Written) -> str:
    return f'<text x="{written.x}" y="{written.y}">{escape(written.text)}</text>'


def _sums(drawn: HeatMap, frame: Frame, right: float, above: float) -> Iterable[str]:
    if drawn.sums and frame.cell >= ROOMY:
        sums = (
            f'<text x="{right}" y="{each.row + 0.5}"{" class=is-off" if each.off else ""}>'
            f"{'◂' if each.off else ''}{escape(each.text)}</text>"
            for each in drawn.sums
        )
        yield f'<g class="sums"><text x="{right}" y="{above}">Σ</text>{"".join(sums)}</g>'
    elif drawn.sums:
        marks = "".join(f"M{right} {each.row + 0.5}l.9-.45v.9z" for each in drawn.sums if each.off)
        yield f'<path class="fault-marks" d="{marks}"/>'


def _indices(kind: str, marks: Iterable[tuple[float, float, int]]) -> str:
    texts = "".join(f'<text x="{x}" y="{y}">{index}</text>' for x, y, index in marks)
    return f'<g class="{kind}">{texts}</g>'

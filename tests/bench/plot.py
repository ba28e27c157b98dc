"""The comparison as an SVG picture, drawn by hand: times from the median to the 95th percentile, and throughput."""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape

from tests.bench.report import OURS, Report

WIDTH, LEFT, RIGHT = 900, 210, 70
STEP, TOP = 30, 56
OURS_COLOUR, OTHER_COLOUR, GRID = "#1f6feb", "#6e7781", "#d8dee4"


def plot(report: Report) -> str:
    """One picture with two panels over logarithmic axes."""
    rows = [row for row in report.rows if row.median_ms > 0]
    height = 2 * (TOP + STEP * len(rows) + 44) + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        'font-family="system-ui, sans-serif" font-size="13" fill="#1f2328">',
        "<title>Time of one verdict and verdicts a second, by way of grading</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
    ]
    times = [value for row in rows for value in (row.median_ms, row.p95_ms)]
    x = _axis(times)
    parts += _panel(
        0, "Time of one verdict in milliseconds: dot = median, bar's end = 95th percentile", times, len(rows)
    )
    for number, row in enumerate(rows):
        y = TOP + STEP * number + STEP / 2
        colour = OURS_COLOUR if row.name in OURS else OTHER_COLOUR
        parts += [
            _label(row.name, y),
            f'<line x1="{x(row.median_ms):.1f}" y1="{y}" x2="{x(row.p95_ms):.1f}" y2="{y}" stroke="{colour}" '
            'stroke-width="5" stroke-linecap="round" opacity="0.55"/>',
            f'<circle cx="{x(row.median_ms):.1f}" cy="{y}" r="6" fill="{colour}"/>',
            f'<text x="{x(row.p95_ms) + 12:.1f}" y="{y + 4}">{_number(row.median_ms)}</text>',
        ]
    start = TOP + STEP * len(rows) + 44
    rates = [row.per_second for row in rows]
    x = _axis(rates)
    parts += _panel(start, f"Verdicts a second, {report.jobs} at once", rates, len(rows))
    for number, row in enumerate(rows):
        y = start + TOP + STEP * number + STEP / 2
        colour = OURS_COLOUR if row.name in OURS else OTHER_COLOUR
        parts += [
            _label(row.name, y),
            f'<rect x="{LEFT}" y="{y - 8}" width="{x(row.per_second) - LEFT:.1f}" height="16" rx="2" fill="{colour}"/>',
            f'<text x="{x(row.per_second) + 8:.1f}" y="{y + 4}">{_number(row.per_second)}</text>',
        ]
    note = f"{report.machine['date']}, {report.machine['cores']} cores, {report.mix} submissions, right and wrong mixed"
    parts += [f'<text x="{LEFT}" y="{height - 10}" font-size="11" fill="#59636e">{escape(note)}</text>', "</svg>"]
    return "\n".join(parts) + "\n"


def _decades(values: list[float]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _axis(values: list[float]) -> Callable[[float], float]:
    low, high = _decades(values)
    return lambda value: LEFT + (math.log10(value) - low) / (high - low) * (WIDTH - LEFT - RIGHT)


def _panel(start: float, title: str, values: list[float], rows: int) -> list[str]:
    low, high = _decades(values)
    x = _axis(values)
    bottom = start + TOP + STEP * rows
    parts = [f'<text x="{LEFT}" y="{start + 26}" font-size="15" font-weight="600">{escape(title)}</text>']
    for power in range(low, high + 1):
        at = x(10.0**power)
        parts += [
            f'<line x1="{at:.1f}" y1="{start + TOP - 8}" x2="{at:.1f}" y2="{bottom}" stroke="{GRID}"/>',
            f'<text x="{at:.1f}" y="{bottom + 18}" text-anchor="middle" fill="#59636e">{10.0**power:g}</text>',
        ]
    return parts


def _label(name: str, y: float) -> str:
    weight = "600" if name in OURS else "400"
    return f'<text x="{LEFT - 14}" y="{y + 4}" text-anchor="end" font-weight="{weight}">{escape(name)}</text>'


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"

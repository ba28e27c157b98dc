"""Scores over attempts as a drawing: where its points and its line go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.learn.attempts import Attempt, Dates, Standing

MOST_POINTS = 200
"""Attempts in the drawing: the newest."""


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One judged attempt in the drawing, in its units."""

    number: int
    x: float
    y: float
    score: float
    late: bool
    best: bool
    last: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Scores over attempts: a point each, and a line that says how good the best so far was."""

    width: float
    height: float
    bottom: float
    top: float
    left: float
    right: float
    most: float
    points: tuple[ChartPoint, ...]
    steps: str
    best: ChartPoint
    last: ChartPoint


def chart_of(attempts: Sequence[Attempt], mine: Standing, dates: Dates, points: float) -> Chart | None:
    """How the score went; None before there are two judged attempts to compare."""
    numbered = list(enumerate(attempts, 1))
    judged = [(number, each) for number, each in numbered if each.judged]
    if len(judged) < 2 or mine.counting is None:
        return None
    best_id = max(judged, key=lambda pair: (pair[1].score or 0.0, -pair[0]))[1].submission_id
    earlier = max((each.score or 0.0 for _, each in judged[:-MOST_POINTS]), default=0.0)
    judged = judged[-MOST_POINTS:]
    width, height, left, right, top, bottom = 640.0, 148.0, 34.0, 628.0, 14.0, 118.0
    most = max(points, *(each.score or 0.0 for _, each in judged)) or 1.0
    step = (right - left - 24) / (len(judged) - 1)
    drawn: list[ChartPoint] = []
    line: list[str] = []
    so_far = earlier
    for place, (number, each) in enumerate(judged):
        score = each.score or 0.0
        x, y = round(left + 12 + place * step, 1), _height_of(score, most, top, bottom)
        line.append(f"{x},{_height_of(so_far, most, top, bottom) if place else y}")
        so_far = max(so_far, score)
        line.append(f"{x},{_height_of(so_far, most, top, bottom)}")
        drawn.append(
            ChartPoint(
                number,
                x,
                y,
                score,
                late=dates.is_late(each.created_at),
                best=each.submission_id == best_id,
                last=place == len(judged) - 1,
            )
        )
    best = next((each for each in drawn if each.best), drawn[0])
    return Chart(width, height, bottom, top, left, right, most, tuple(drawn), " ".join(line), best, drawn[-1])


def _height_of(score: float, most: float, top: float, bottom: float) -> float:
    return round(bottom - (bottom - top) * score / most, 1)

"""What courses and their assignments may be: limits and rules that files and pages share.

Each rule says in a value what is wrong; files say it in English with a line, pages in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from webapp.learn.attempts import Dates

MAX_ASSIGNMENTS = 200
MAX_ITEMS = 200
MAX_EXTENSIONS = 2000
MAX_ATTEMPTS = 1000
MAX_POINTS = 1000.0
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Order:
    """Two dates the wrong way round: `after` is before `before`."""

    before: str
    after: str


def out_of_order(opens: datetime | None, due: datetime | None, closes: datetime | None) -> Order | None:
    """The first two dates that are the wrong way round."""
    dates = {"opens": opens, "due": due, "closes": closes}
    for before, after in (("opens", "due"), ("due", "closes"), ("opens", "closes")):
        first, second = dates[before], dates[after]
        if first and second and first > second:
            return Order(before, after)
    return None


class Idle(StrEnum):
    """Why a date of an extension moves nothing."""

    NOTHING_THERE = "nothing-there"
    """The assignment has no such date."""
    NOT_LATER = "not-later"


def idle(usual: datetime | None, own: datetime | None) -> Idle | None:
    """Why `own` moves nothing where the assignment says `usual`; None when it does, or is not said."""
    if own is None:
        return None
    if usual is None:
        return Idle.NOTHING_THERE
    return Idle.NOT_LATER if own <= usual else None


def moves(usual: Dates, due_at: datetime | None, closes_at: datetime | None) -> bool:
    """Whether an extension to these times makes a difference beside the assignment's own dates."""
    return usual.extended(due_at, closes_at).is_extended


def fits_points(points: float) -> bool:
    """Whether full marks may be worth this."""
    return 0 < points <= MAX_POINTS


def fits_attempts(attempts: float) -> bool:
    """Whether an item may be limited to this many attempts."""
    return attempts == int(attempts) and 1 <= attempts <= MAX_ATTEMPTS

"""What to look at first: one sentence per item at most, the most telling items first.  Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from webapp.teach.analysis.statistics import FEWEST

MANY = 0.25
"""Share of those who tried an item from which on a mistake is the class's."""
HARD, EASY = 0.3, 0.95
BACKWARDS = -0.1


class Finding(StrEnum):
    """What stands out about an item."""

    MISTAKE = "mistake"
    """A large part of the class makes one mistake."""
    BACKWARDS = "backwards"
    """Who does well elsewhere does worse here."""
    UNMET = "unmet"
    """Nobody passes one of its tests."""
    HARD = "hard"
    EASY = "easy"
    UNPICKED = "unpicked"
    """Nobody picks one of its options."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of an item."""

    item_id: int
    people: int
    mean: float | None
    discrimination: float | None = None
    mistake: str = ""
    mistaken: int = 0
    unmet: int = 0
    unpicked: int = 0


@dataclass(frozen=True, slots=True)
class Notable:
    """What to say of an item; `weight` orders them."""

    item_id: int
    finding: Finding
    weight: float


def notable(seen: Seen) -> Notable | None:
    """What stands out most about one item, if anything does."""
    if seen.people < FEWEST or seen.mean is None:
        return None
    share = seen.mistaken / seen.people
    if share >= MANY:
        return Notable(seen.item_id, Finding.MISTAKE, 1 + share)
    if seen.unmet:
        return Notable(seen.item_id, Finding.UNMET, 0.95)
    if seen.discrimination is not None and seen.discrimination < BACKWARDS:
        return Notable(seen.item_id, Finding.BACKWARDS, 0.9 - seen.discrimination)
    if seen.mean < HARD:
        return Notable(seen.item_id, Finding.HARD, 0.6 - seen.mean)
    if seen.unpicked:
        return Notable(seen.item_id, Finding.UNPICKED, 0.2)
    if seen.mean > EASY:
        return Notable(seen.item_id, Finding.EASY, 0.1)
    return None


def first_of(items: Iterable[Seen]) -> list[Notable]:
    """The items worth a look, the most telling first."""
    found = [each for each in map(notable, items) if each is not None]
    return sorted(found, key=lambda each: (-each.weight, each.item_id))

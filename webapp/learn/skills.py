"""What somebody has shown of each skill, and how much that tells: pure counting over items.

An item counts for each of its skills, by what its best submission showed.  Old evidence weighs less, and one item
alone tells nothing about a skill.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HALF_LIFE = timedelta(days=60)
"""After this time what was shown weighs half."""
FADES_AFTER = timedelta(days=60)
"""When nothing newer is known, a page says so."""
ENOUGH = 2
"""Items that a word on a skill needs."""
WEAK = 0.7
"""A skill with less than this share is one to work at."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One item: what it is worth, and what was shown of it when it was tried; `checks` are tests or key points."""

    skills: tuple[str, ...]
    points: float
    share: float | None = None
    at: datetime | None = None
    passed: int = 0
    checks: int = 0


class Level(StrEnum):
    """What can be said about a skill."""

    UNTRIED = "untried"
    ONE_ITEM = "one-item"
    LITTLE = "little"
    PARTS = "parts"
    MOST = "most"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill in numbers: points shown, missed and not tried yet, over all items that ask for it."""

    id: str
    shown: float
    missed: float
    untried: float
    items: int
    tried: int
    passed: int
    checks: int
    last_at: datetime | None
    share: float
    """Of the points of tried items, the newer ones weighing more."""
    level: Level
    faded: bool

    @property
    def points(self) -> float:
        """What all its items are worth."""
        return self.shown + self.missed + self.untried


def by_skill(evidence: Iterable[Evidence], now: datetime) -> tuple[Skill, ...]:
    """Every skill that some item asks for, in the order of the items."""
    found: dict[str, list[Evidence]] = {}
    for each in evidence:
        for skill in each.skills:
            found.setdefault(skill, []).append(each)
    return tuple(_skill(name, items, now) for name, items in found.items())


def weak(skills: Iterable[Skill]) -> tuple[str, ...]:
    """The skills to work at, the weakest first; only those of which enough is known."""
    known = [each for each in skills if each.tried >= ENOUGH and each.share < WEAK]
    return tuple(each.id for each in sorted(known, key=lambda each: each.share))


def _skill(name: str, items: Sequence[Evidence], now: datetime) -> Skill:
    tried = [(each, each.share, each.at) for each in items if each.share is not None and each.at is not None]
    shown = sum(each.points * share for each, share, _at in tried)
    worth = sum(each.points for each, _share, _at in tried)
    weights = [each.points * 0.5 ** (max(now - at, timedelta()) / HALF_LIFE) for each, _share, at in tried]
    weighted = sum(weight * share for weight, (_each, share, _at) in zip(weights, tried, strict=True))
    share = weighted / sum(weights) if sum(weights) else 0.0
    last_at = max((at for _each, _share, at in tried), default=None)
    return Skill(
        id=name,
        shown=shown,
        missed=worth - shown,
        untried=sum(each.points for each in items) - worth,
        items=len(items),
        tried=len(tried),
        passed=sum(each.passed for each, _share, _at in tried),
        checks=sum(each.checks for each, _share, _at in tried),
        last_at=last_at,
        share=share,
        level=_level(len(tried), share),
        faded=last_at is not None and now - last_at > FADES_AFTER,
    )


def _level(tried: int, share: float) -> Level:
    if tried < ENOUGH:
        return Level.ONE_ITEM if tried else Level.UNTRIED
    if share >= 0.95:
        return Level.ALL
    return Level.MOST if share >= WEAK else Level.PARTS if share >= 0.35 else Level.LITTLE

"""The days somebody has worked on, as a calendar of eight weeks; and which visit a page belongs to.  Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from webapp.learn.scheduling import day

WEEKS = 8
VISIT_ENDS = timedelta(minutes=30)
"""A page opened again within this time is the same visit: a reload does not wipe out what was new."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day and how much was sent on it; `level` is 0 for nothing, up to 3 for a lot."""

    date: date
    count: int

    @property
    def level(self) -> int:
        """The size of its mark."""
        return 0 if not self.count else 1 if self.count <= 2 else 2 if self.count <= 8 else 3


@dataclass(frozen=True, slots=True)
class Activity:
    """Weeks from Monday on, the oldest first; the last one ends today."""

    weeks: tuple[tuple[Day, ...], ...]

    @property
    def days(self) -> tuple[Day, ...]:
        """The days on which something was sent."""
        return tuple(each for week in self.weeks for each in week if each.count)


def activity(times: Iterable[datetime], now: datetime, zone: tzinfo) -> Activity:
    """The last eight weeks of somebody who has sent something at `times`."""
    counts = Counter(day(at, zone) for at in times)
    today = day(now, zone)
    monday = today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))
    weeks = []
    for week in range(WEEKS):
        dates = [monday + timedelta(days=7 * week + place) for place in range(7)]
        weeks.append(tuple(Day(each, counts[each]) for each in dates if each <= today))
    return Activity(tuple(weeks))


@dataclass(frozen=True, slots=True)
class Visits:
    """When the page was opened last, and since when its news are new."""

    last_at: datetime
    since: datetime

    @staticmethod
    def from_text(text: str) -> Visits | None:
        """What `to_text` wrote."""
        last, _space, since = text.partition(" ")
        try:
            return Visits(datetime.fromisoformat(last), datetime.fromisoformat(since))
        except ValueError:
            return None

    def to_text(self) -> str:
        """As a session keeps it."""
        return f"{self.last_at.isoformat()} {self.since.isoformat()}"

    def at(self, now: datetime) -> Visits:
        """After one more look at `now`."""
        return Visits(now, self.since if now - self.last_at < VISIT_ENDS else self.last_at)

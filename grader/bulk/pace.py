"""How a run is getting on: what is done, how fast, how long the rest will take.  Pure: whoever asks brings the time."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

RECENT = 200
"""Submissions by which the rate is told: the last ones, since items differ."""


@dataclass(slots=True)
class Pace:
    """Counts of a run.  Seconds are those of one clock that never goes back."""

    total: int
    done: int = 0
    lengthy: int = 0
    """Submissions that wait for all the time of their item."""
    statuses: Counter[str] = field(default_factory=Counter)
    _lanes: int = 1
    _started: float | None = None
    _recent: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=RECENT))
    _lengthy_seconds: float = 0.0
    _lengthy_known: float = 0.0

    def start(self, now: float, lanes: int) -> None:
        """From here on so many lanes grade, and time counts."""
        self._started, self._lanes = now, lanes

    def known(self, status: str, count: int) -> None:
        """So many need not be graded."""
        self.done += count
        self.statuses[status] += count

    def graded(self, status: str, count: int, now: float) -> None:
        """A source that so many submissions share is settled."""
        self.done += count
        self.statuses[status] += count
        self._recent.append((now, count))

    def put_behind(self, count: int, limit: float) -> None:
        """So many submissions wait for the end, of whose processor time no more than `limit` seconds is known."""
        self.lengthy += count
        self._lengthy_seconds += limit
        self._lengthy_known += 1

    def long_graded(self, count: int, seconds: float) -> None:
        """Of what waited for the end one source, shared by so many submissions, is settled after so long."""
        self.lengthy -= count
        self._lengthy_seconds += seconds
        self._lengthy_known += 1

    def rate(self, now: float) -> float | None:
        """Submissions a second, lately; nothing until that can be told."""
        if self._started is None or len(self._recent) < 2:
            return None
        whole = len(self._recent) < RECENT
        since = self._started if whole else self._recent[0][0]
        counted = sum(count for _, count in self._recent) - (0 if whole else self._recent[0][1])
        return counted / max(now - since, 1e-3)

    def left(self, now: float) -> float | None:
        """Seconds until all is done; nothing until that can be told."""
        quick = self.total - self.done - self.lengthy
        seconds = 0.0
        if quick > 0:
            rate = self.rate(now)
            if not rate:
                return None
            seconds += quick / rate
        if self.lengthy:
            seconds += self.lengthy * self._lengthy_seconds / self._lengthy_known / self._lanes
        return seconds


def clock(seconds: float) -> str:
    """A time as people read it from a clock: 0:07, 12:30, 1:02:03."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

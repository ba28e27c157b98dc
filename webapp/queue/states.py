"""What happens to a job next: pure decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.models.work import Purpose, Source

BACKOFF_SECONDS = (1.0, 5.0, 20.0)
SHORTEST_POLL, LONGEST_POLL = 0.04, 2.0
BULK = 2
"""The priority of what nobody sits and waits for: behind everybody, and behind long work."""
POLL_GROWTH = 0.3


@dataclass(frozen=True, slots=True)
class Retry:
    """Wait, then let anyone take it."""

    delay: timedelta


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Keep it as ungradable, for an instructor to look at."""


def after_failure(tries: int, allowed: int, *, at_once: bool = False) -> Retry | GiveUp:
    """What to do with a job that was taken `tries` times and not judged.

    `at_once` is for a worker that vanished: nothing is known to be wrong with the job, so nothing is waited for.
    """
    if tries >= allowed:
        return GiveUp()
    if at_once:
        return Retry(timedelta(0))
    return Retry(timedelta(seconds=BACKOFF_SECONDS[min(max(tries, 1), len(BACKOFF_SECONDS)) - 1]))


def moves_mark(
    purpose: str, current_status: str | None, source: str = Source.GRADER, *, in_regrade: bool = False
) -> bool:
    """Whether a fresh verdict becomes the one that counts.

    A first verdict does.  A repeated judging replaces only what could not be graded: any other change of a mark, and
    all that a regrade asked for, is shown to an instructor before it is applied.  A run never counts, and what a person
    decided (`source`) stays.
    """
    if purpose == Purpose.RUN or source != Source.GRADER or in_regrade:
        return False
    return current_status is None or current_status == "ungradable"


def seconds_left(
    usual: float, *, position: int | None, workers: int, begun: datetime | None, now: datetime, average: float = 0.0
) -> float:
    """What a judging has before it if it takes as long as usual, or the rest of its own.

    Before its own round come those of the jobs before it, which take the `average` (as long as its own where that is
    not known), as many at a time as there are workers.
    """
    if position is not None:
        rounds = -(-position // max(1, workers))
        return usual + (rounds - 1) * (average or usual)
    return usual - (now - begun).total_seconds() if begun is not None else usual


def poll_after_ms(age: float, left: float) -> int:
    """How long a browser waits before it asks again, given the seconds since it was sent and those probably left.

    Asking just when the verdict should be there costs one question; after that the time between two grows with the
    whole, so that nobody waits for a third longer than needed, and 2 s at most.
    """
    return int(1000 * min(LONGEST_POLL, max(SHORTEST_POLL, left, age * POLL_GROWTH)))

"""What happens to a job next: pure decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from webapp.models.work import Purpose

BACKOFF_SECONDS = (1.0, 5.0, 20.0)


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


def moves_mark(purpose: str, current_status: str | None) -> bool:
    """Whether a fresh verdict becomes the one that counts.

    A first verdict does.  A repeated judging replaces only what could not be graded: any other change of a mark is
    shown to an instructor before it is applied.  A run never counts.
    """
    if purpose == Purpose.RUN:
        return False
    return current_status is None or current_status == "ungradable"


def poll_after_ms(age_seconds: float) -> int:
    """How long a browser waits before it asks again: 200 ms at first, growing to 2 s."""
    return int(min(2000, max(200, 200 * 1.35 ** min(30.0, max(0.0, age_seconds)))))

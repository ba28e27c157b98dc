"""A worker's signs of life, from a thread of its own."""

from __future__ import annotations

import logging
import os
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from webapp.models import Database
from webapp.models.passing import passing
from webapp.models.times import utc_now
from webapp.queue import rows
from webapp.queue.carrier import Rest
from webapp.tasks.hands import Hands

log = logging.getLogger(__name__)

HUNG = 70
"""Exit status of a worker whose grader did not come back."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the heart beats for."""

    claim: rows.Claim | None
    """None for a step of long work."""
    since: float


class Heart(threading.Thread):
    """Says that the worker is there, and extends the lease of what is in hand.

    When a job has taken longer than any job may, the process ends at once: the lease runs out or the server notices,
    and somebody else takes the job; a stuck grader cannot be talked to.
    """

    def __init__(
        self,
        database: Database,
        lease: timedelta,
        job_seconds: float,
        hands: Hands,
        rest: Rest | None = None,
        sign: Path | None = None,
    ) -> None:
        """`sign` is a file that is touched at every beat, for who looks from outside (`webapp.operations.probe`)."""
        super().__init__(name="heart", daemon=True)
        self._database, self._lease, self._job_seconds, self._hands = database, lease, job_seconds, hands
        self._resting = rest
        self._sign = sign
        self._pulse: Pulse | None = None
        self._stopped = threading.Event()

    def begin(self, claim: rows.Claim | None) -> None:
        """Beat for this claim from now on."""
        self._pulse = Pulse(claim, time.monotonic())

    def end(self) -> None:
        """Nothing is in hand."""
        self._pulse = None

    def stop(self) -> None:
        """No more beats."""
        self._stopped.set()

    def run(self) -> None:
        """Beat three times per lease."""
        while not self._stopped.wait(self._lease.total_seconds() / 3):
            pulse = self._pulse
            if pulse is not None and time.monotonic() - pulse.since > self._job_seconds:
                log.error("%s took more than %.0f s; this worker ends", _name(pulse), self._job_seconds)
                os._exit(HUNG)
            try:
                if self._resting is not None:
                    self._resting.beat()
                if pulse is not None:
                    self._beat(pulse)
                    self._hands.keep()
                if self._sign is not None:
                    self._sign.touch()
            except Exception as problem:  # a busy database now is no reason to stop beating
                known = passing(problem)
                log.error("no heartbeat of %s: %s", _name(pulse), known or problem, exc_info=known is None)

    def _beat(self, pulse: Pulse) -> None:
        if pulse.claim is None or time.monotonic() - pulse.since < self._lease.total_seconds() / 4:
            return  # the claim itself is that fresh
        with self._database.writing() as session:
            rows.beat(session, pulse.claim, utc_now(), self._lease)


def _name(pulse: Pulse | None) -> str:
    if pulse is None:
        return "an idle worker"
    return f"job {pulse.claim.job_id}" if pulse.claim else "a step of long work"

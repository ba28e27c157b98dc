"""Reading what the kernel counts of a candidate, right before a call is sent to it and right after its reply is here.

Nothing of a figure is a candidate's to say: the fork server looks at the process from outside (`sandbox.supervisor`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from sandbox.messages import Measured
from sandbox.model import SandboxUnavailable

LOOKS: Final = 5
"""At one that does not come to rest."""
TICK: Final = 0.011
"""Seconds, more than the slowest kernel's (a hundred a second)."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a call has used: processor seconds, and bytes at the peak above what was held before it, and at rest."""

    seconds: float
    peak_bytes: int
    resident_bytes: int
    unmeasured: str = ""
    """Why there are no bytes."""


class Meter:
    """Measures one call of one candidate at a time."""

    def __init__(self, read: Callable[[], Measured | None]) -> None:
        self._read = read
        self._before: Measured | None = None
        self.waiting = False
        """Whether the next call is to be measured."""
        self.figures: Figures | None = None
        """Those of the call that was measured last."""

    @contextmanager
    def next_call(self) -> Iterator[None]:
        """The call that is made within is measured."""
        self.waiting, self.figures = True, None
        try:
            yield
        finally:
            self.waiting = False

    def begin(self) -> None:
        """From here on it counts: the candidate has nothing to do, and is sent the call next."""
        self.waiting = False
        self._before = self._look()

    def end(self) -> bool:
        """The reply is here, and so are the figures.  False where the candidate has ended meanwhile."""
        before, after = self._before, self._look()
        self._before = None
        if before is None or after is None:
            return False
        self.figures = Figures(
            after.cpu_seconds - before.cpu_seconds,
            max(0, after.peak - before.resident),
            max(0, after.peak - after.resident_at_rest),
            after.unmeasured or before.unmeasured,
        )
        return True

    def _look(self) -> Measured | None:
        """All that was used until now.

        A candidate that is still at work is looked at again: the kernel brings a process's clock up to date when it
        stops or a tick goes by, and one that went on after its reply would hide the time since the last.
        """
        peak = 0
        for last in (False,) * LOOKS + (True,):
            try:
                measured = self._read()
            except SandboxUnavailable:  # whoever waits for the candidate's end learns that nobody saw it
                return None
            if measured is None:
                return None
            peak = max(peak, measured.peak)
            if last or not measured.running:
                return replace(measured, peak=peak)
            time.sleep(TICK)
        raise AssertionError("the last look is the last")

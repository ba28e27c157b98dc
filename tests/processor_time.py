"""How much processor time a piece of work takes: what else the machine does is not in it."""

from __future__ import annotations

import resource
from collections.abc import Callable


def processor_seconds(work: Callable[[], object]) -> float:
    """Seconds that this process has spent on `work`."""
    started = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    work()
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime - started

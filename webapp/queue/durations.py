"""How long judgings usually take, item by item: what one web process has seen lately."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque

UNKNOWN_SECONDS = 0.08
"""What is assumed before anything was seen."""
KEPT = 8
"""Judgings of each item that count as lately."""
MOST_ITEMS = 1024

Key = tuple[str, str]
"""Revision and purpose."""


class Durations:
    """What was seen of each item; safe to use from many threads.  Starts from nothing with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: OrderedDict[Key, deque[float]] = OrderedDict()

    def note(self, key: Key, seconds: float) -> None:
        """One judging took that long."""
        with self._lock:
            self._seen.setdefault(key, deque(maxlen=KEPT)).append(seconds)
            self._seen.move_to_end(key)
            if len(self._seen) > MOST_ITEMS:
                self._seen.popitem(last=False)

    def usual(self, key: Key) -> float:
        """Seconds within which three of four judgings are done."""
        with self._lock:
            seen = sorted(self._seen.get(key, ()))
        return seen[(3 * len(seen) - 1) // 4] if seen else UNKNOWN_SECONDS

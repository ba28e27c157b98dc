"""How long judgings usually take, item by item: what one web process has seen lately."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque

UNKNOWN_SECONDS = 0.08
"""What is assumed before anything was seen."""
KEPT = 8
"""Judgings of each item that count as lately."""
KEPT_OF_ALL = 64
MOST_ITEMS = 1024

Key = tuple[str, str]
"""Revision and purpose."""


class Durations:
    """What was seen of each item; safe to use from many threads.  Starts from nothing with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: OrderedDict[Key, deque[float]] = OrderedDict()
        self._lately: deque[float] = deque(maxlen=KEPT_OF_ALL)

    def note(self, key: Key, seconds: float) -> None:
        """One judging took that long."""
        with self._lock:
            self._seen.setdefault(key, deque(maxlen=KEPT)).append(seconds)
            self._seen.move_to_end(key)
            self._lately.append(seconds)
            if len(self._seen) > MOST_ITEMS:
                self._seen.popitem(last=False)

    def usual(self, key: Key) -> float:
        """Seconds within which three of four judgings are done."""
        with self._lock:
            seen = sorted(self._seen.get(key, ()))
        return seen[(3 * len(seen) - 1) // 4] if seen else UNKNOWN_SECONDS

    def average(self) -> float:
        """Seconds that judgings took lately, whatever was judged: how quickly a queue moves on."""
        with self._lock:
            return sum(self._lately) / len(self._lately) if self._lately else UNKNOWN_SECONDS

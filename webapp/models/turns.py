"""Taking turns: who comes first goes first."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock of one process whose waiters are served in the order they came; `threading.Lock` promises none."""

    def __init__(self) -> None:
        self._inner = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def one(self, seconds: float) -> Iterator[bool]:
        """Hold the turn; False, and nothing is held, when it did not come in time."""
        held = self._take(seconds)
        try:
            yield held
        finally:
            if held:
                self._pass_on()

    def _take(self, seconds: float) -> bool:
        with self._inner:
            if not self._taken:
                self._taken = True
                return True
            called = threading.Event()
            self._waiting.append(called)
        try:
            if called.wait(seconds):
                return True
        except BaseException:  # e.g. a signal handler that raises
            self._leave(called)
            raise
        return not self._leave(called, keep=True)

    def _leave(self, called: threading.Event, *, keep: bool = False) -> bool:
        """Wait no more; False when the turn came at that very moment, which is then kept or passed on."""
        with self._inner:
            if not called.is_set():
                self._waiting.remove(called)
                return True
        if not keep:
            self._pass_on()
        return False

    def _pass_on(self) -> None:
        with self._inner:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False

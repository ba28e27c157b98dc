"""Ctrl-C, and the SIGTERM of whoever supervises: the first lets a run end well, the second ends it at once."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType, TracebackType

STATUS = 130
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """A context manager for the main thread, under which both signals only ask."""

    def __init__(self, wake: Callable[[], None]) -> None:
        """`wake` is called when somebody asks: it must be safe wherever the main thread is."""
        self.asked = False
        self._wake = wake
        self._before: list[signal._HANDLER] = []

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked:
            if sys.stderr.isatty():
                os.write(2, b"\x1b[?25h\n")  # the bar had hidden the cursor
            os._exit(STATUS)  # the kernel ends every process of ours with us
        self.asked = True
        self._wake()

    def __enter__(self) -> Stop:
        self._before = [signal.signal(number, self._handle) for number in _SIGNALS]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in zip(_SIGNALS, self._before, strict=True):
            signal.signal(number, handler)

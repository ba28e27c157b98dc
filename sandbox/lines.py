"""Lines of the submission's own file: those that led to an error, and those it is on when its time is nearly up.

Told by the process that runs the submission: a claim, for the eyes of whoever sent it.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import suppress
from time import monotonic, process_time
from types import FrameType
from typing import Final

from sandbox.sources import FILENAME

MAX_LINES: Final = 20


def lines_of_error(error: BaseException) -> list[int]:
    """The lines on the way to `error`, innermost last."""
    if isinstance(error, SyntaxError) and error.filename == FILENAME and error.lineno:
        return [error.lineno]
    lines = []
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == FILENAME and step.tb_lineno:
            lines.append(step.tb_lineno)
        step = step.tb_next
    return lines[-MAX_LINES:]


def lines_of_frame(frame: FrameType | None) -> list[int]:
    """The lines that are being executed, innermost last."""
    lines: list[int] = []
    while frame is not None and len(lines) < MAX_LINES:
        if frame.f_code.co_filename == FILENAME and frame.f_lineno:
            lines.append(frame.f_lineno)
        frame = frame.f_back
    return lines[::-1]


# How long before each limit it is looked: early, so that a long operation of torch does not outlast it, and again.
_OF_PROCESSOR_TIME: Final = ((0.1, 0.05), (0.02, 0.02))
"""A share of the limit, and at least so many seconds."""
_OF_WALL_TIME: Final = (1.0, 0.3)
"""Seconds: the supervisor's clock starts a moment before this process hears of its work."""
_SHORTEST_WAIT: Final = 0.005


class LastMoments:
    """Tells, twice, where the submission is shortly before one of its limits ends it.

    One timer of the wall clock, whose handler looks at the processor's: the kernel's own timer for processor time
    counts ticks, which on a busy machine run ahead.  A submission that sets this timer itself is not told of.
    """

    def __init__(self, tell: Callable[[list[int]], None]) -> None:
        self._tell = tell
        self._processor: list[float] = []
        self._wall: list[float] = []

    def watch(self, cpu_seconds: float, wall_seconds: float) -> None:
        """Begin: what has been used of `cpu_seconds` counts, `wall_seconds` are from now on."""
        now = monotonic()
        self._processor = [cpu_seconds - max(share * cpu_seconds, least) for share, least in _OF_PROCESSOR_TIME]
        self._wall = [now + wall_seconds - before for before in _OF_WALL_TIME]
        signal.signal(signal.SIGALRM, self._ring)
        self._wait()

    def _ring(self, number: int, frame: FrameType | None) -> None:
        with suppress(BaseException):  # raised here, it would be raised in the submission
            if self._left() <= 0:
                del self._processor[0], self._wall[0]
                if lines := lines_of_frame(frame):
                    self._tell(lines)
            self._wait()

    def _left(self) -> float:
        return min(self._processor[0] - process_time(), self._wall[0] - monotonic())

    def _wait(self) -> None:
        if self._processor:
            signal.setitimer(signal.ITIMER_REAL, max(_SHORTEST_WAIT, self._left()))

"""What a process has used, as the kernel counts it: resident memory now, at its peak, and since when.

The two files that tell it, /proc/PID/status and /proc/PID/clear_refs, can be opened for writing by the process itself
alone; a candidate opens its own before it is confined and hands them to the server, so that afterwards it is looked at
from outside, and nothing it does changes what is read.
"""

from __future__ import annotations

import ctypes
import os
import re
from dataclasses import dataclass
from typing import Final, Self

_FIELDS: Final = re.compile(rb"^(State|VmHWM|VmRSS):\s*(\w+)", re.MULTILINE)
_FORGET_THE_PEAK: Final = b"5"  # proc_pid_clear_refs(5)
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEPT: Final = 512 * 1024
"""Bytes from which on memory goes back to the kernel as soon as it is freed (`return_what_is_freed`)."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of resident memory now, and at the peak since the last look."""

    resident: int
    peak: int
    running: bool
    """Whether it is on a processor, or waits for one: then its clock is behind by up to a tick of the kernel's."""


class Gauge:
    """A process's two files.  Whoever holds it may look; the process itself need no longer be able to open them."""

    def __init__(self, status: int, forget: int) -> None:
        self._status = status
        self._forget = forget

    @classmethod
    def of_this_process(cls, proc: int | None = None) -> Self:
        """Open this process's own, below /proc or an open descriptor of it.  Raises OSError where that is refused."""
        within = {} if proc is None else {"dir_fd": proc}
        root = "/proc/" if proc is None else ""
        status = os.open(f"{root}self/status", os.O_RDONLY | os.O_CLOEXEC, **within)
        try:
            forget = os.open(f"{root}self/clear_refs", os.O_WRONLY | os.O_CLOEXEC, **within)
        except OSError:
            os.close(status)
            raise
        gauge = cls(status, forget)
        try:
            gauge.look()  # a kernel without page monitoring may have the file and not the function
        except OSError:
            gauge.close()
            raise
        return gauge

    @property
    def descriptors(self) -> tuple[int, int]:
        """To hand them to another process."""
        return self._status, self._forget

    def look(self) -> Memory | None:
        """What is resident, and was at most since the last look; None once the process has ended.

        Raises OSError where the kernel does not count anew.
        """
        try:
            told = dict(_FIELDS.findall(os.pread(self._status, 8192, 0)))
            if len(told) != 3:
                return None  # no memory any more
            os.write(self._forget, _FORGET_THE_PEAK)
        except ProcessLookupError:
            return None
        return Memory(1024 * int(told[b"VmRSS"]), 1024 * int(told[b"VmHWM"]), told[b"State"] == b"R")

    def close(self) -> None:
        """Let go of both."""
        os.close(self._status)
        os.close(self._forget)


def return_what_is_freed() -> None:
    """Have this process give larger pieces of memory back to the kernel when it frees them.

    The C library keeps what it may need again, more and more of it as a process goes on.  A later call that uses it
    anew would seem to need nothing.  Where the library is another one, nothing is changed.
    """
    tell = getattr(ctypes.CDLL(None), "mallopt", None)
    if tell is not None:
        tell(_M_MMAP_THRESHOLD, _KEPT)
        tell(_M_TRIM_THRESHOLD, _KEPT)


def return_what_was_freed() -> None:
    """Give back now what the C library has kept of what was freed."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)

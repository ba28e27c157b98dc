"""Watching candidates from outside: their clocks, their limits, their end.

What a candidate says about itself counts for nothing here: time comes from the kernel's clocks, the end from wait4.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from dataclasses import dataclass
from enum import Enum
from resource import struct_rusage
from typing import Final

from sandbox.measuring import Gauge
from sandbox.messages import Measured
from sandbox.model import JobLimits, Limit, Outcome

# A candidate that dies of a fault this near to its memory limit died of the limit.
_NEARLY_ALL: Final = 0.9
_FAULTS: Final = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL)


class Killed(Enum):
    """Why the server sent SIGKILL."""

    CPU = "cpu"
    WALL = "wall"
    ASKED = "asked"


@dataclass(slots=True)
class Job:
    """One running candidate as its supervisor knows it."""

    id: int
    ref: int
    client: int
    limits: JobLimits
    pid: int
    pidfd: int
    status: socket.socket | None
    """Where it reports that it is confined; None once it has."""
    started: float
    resident: int
    """What an idle candidate weighs."""
    home: str
    """Where it writes."""
    spare: bool = False
    """Confined ahead of need: nobody has asked it for anything."""
    killed: Killed | None = None
    refusal: str = ""
    """Why it could not be confined."""
    gauge: Gauge | None = None
    """Its memory as the kernel counts it, from its own hands before it was confined."""
    unmeasured: str = "it has handed over no way to measure it"
    """Why there is no gauge."""
    resident_at_rest: int = 0
    """What it weighed once it was confined."""

    def cpu_seconds(self) -> float:
        """Processor time used so far; nothing once it is gone (clock_getcpuclockid(3))."""
        try:
            return time.clock_gettime((~self.pid << 3) | 2)
        except OSError:
            return 0.0

    def rest(self) -> None:
        """It is confined and knows of nothing yet: what it weighs now is not a submission's."""
        measured = self.measure()
        self.resident_at_rest = measured.resident if measured is not None else 0

    def measure(self) -> Measured | None:
        """What it has used, its peak since the last time; None where it has ended and its end is on the way."""
        memory = None
        try:
            memory = self.gauge.look() if self.gauge is not None else None
        except OSError as error:
            self.let_go()
            self.unmeasured = str(error)
        if self.gauge is None:
            return Measured(self.id, self.cpu_seconds(), 0, 0, 0, False, self.unmeasured)
        if memory is None:
            return None
        return Measured(
            self.id, self.cpu_seconds(), memory.resident, memory.peak, self.resident_at_rest, memory.running, ""
        )

    def let_go(self) -> None:
        """Close what is open of it for measuring."""
        if self.gauge is not None:
            self.gauge.close()
            self.gauge = None

    def next_check(self, now: float) -> float:
        """Seconds until a limit may be reached: one thread uses at most a second of processor time a second."""
        if self.killed or self.spare:
            return 1.0
        wall = self.limits.wall - (now - self.started)
        return max(0.0, min(wall, self.limits.cpu_seconds - self.cpu_seconds()))

    def enforce(self, now: float) -> None:
        """Kill it when a limit is reached."""
        if self.killed or self.spare:
            return
        if self.cpu_seconds() >= self.limits.cpu_seconds:
            self.kill(Killed.CPU)
        elif now - self.started >= self.limits.wall:
            self.kill(Killed.WALL)

    def begin(self, now: float) -> None:
        """It is no spare any more: its limits count from here."""
        self.spare = False
        self.started = now

    def kill(self, why: Killed) -> None:
        """SIGKILL from outside: as process 1 of its namespace it may ignore everything else."""
        if self.killed is None:
            self.killed = why
        try:
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it ended by itself in the meantime

    def reap(self, now: float) -> Outcome | None:
        """Collect it if it has ended."""
        pid, status, usage = os.wait4(self.pid, os.WNOHANG)
        if not pid:
            return None
        return judge(status, usage, self.limits, self.killed, now - self.started, self.resident)


def judge(
    status: int, usage: struct_rusage, limits: JobLimits, killed: Killed | None, wall_seconds: float, resident: int
) -> Outcome:
    """How a candidate ended, from its wait status and usage and from what the server did to it."""
    code = os.waitstatus_to_exitcode(status)
    signal_number = -code if code < 0 else None
    cpu = usage.ru_utime + usage.ru_stime
    peak = usage.ru_maxrss * 1024
    return Outcome(
        limit=_limit(signal_number, cpu, peak - resident, limits, killed),
        exit_code=None if signal_number else code,
        signal=signal_number,
        cpu_seconds=cpu,
        wall_seconds=wall_seconds,
        peak_memory=peak,
        resident_at_fork=resident,
    )


def _limit(number: int | None, cpu: float, grown: int, limits: JobLimits, killed: Killed | None) -> Limit | None:
    if number is None:
        return None  # it ended by itself, whatever we were about to do
    if number == signal.SIGKILL:
        if killed is Killed.CPU or (killed is None and cpu >= limits.cpu_seconds):
            return Limit.CPU
        if killed is Killed.WALL:
            return Limit.WALL
        # Nobody inside can send it and we did not: the kernel was out of memory.
        return Limit.MEMORY if killed is None else None
    return Limit.MEMORY if number in _FAULTS and grown >= _NEARLY_ALL * limits.memory_bytes else None


def pidfd_or_kill(pid: int) -> int:
    """The child's pidfd; without one it cannot be watched, so it must not live."""
    try:
        return os.pidfd_open(pid)
    except OSError:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise

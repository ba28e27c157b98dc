"""What a call of your code uses, measured in this very process: near what the workshop sees, never the same.

一次调用用了多少时间和内存，就在本进程里测量：与平台上看到的接近，但不会相同。
"""

from __future__ import annotations

import ctypes
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class Used:
    """A call's result, its seconds of processor time, and how its memory grew."""

    result: Any
    seconds: float
    grown: int | None

    @property
    def peak_bytes(self) -> int:
        """How far this process's memory rose during the call; only Linux tells."""
        if self.grown is None:
            pytest.skip("只有 Linux 能测量内存。 | memory can be measured on Linux only")
        return self.grown

    @property
    def resident_bytes(self) -> int:
        """The same here, where nobody knows what this process held before your code."""
        return self.peak_bytes

    def __repr__(self) -> str:
        return f"Used(seconds={self.seconds:.4f}, peak_bytes={self.grown})"


@pytest.fixture
def measure() -> Callable[..., Used]:
    """Call a function and tell what it used.  调用一个函数，并告诉它用了多少。"""

    def measure(function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Used:
        _give_back()
        before, _ = _memory()
        began = time.process_time()
        result = function(*args, **kwargs)
        seconds = time.process_time() - began
        _, peak = _memory()
        return Used(result, seconds, None if before is None or peak is None else max(0, peak - before))

    return measure


def _give_back() -> None:
    """Memory that was freed and is kept for later would hide what the next call uses."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, TypeError, AttributeError):
        pass


def _memory() -> tuple[int | None, int | None]:
    """Bytes in memory now, and at most since the last look."""
    try:
        told = dict(re.findall(r"^Vm(RSS|HWM):\s*(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE))
        Path("/proc/self/clear_refs").write_text("5")
        return 1024 * int(told["RSS"]), 1024 * int(told["HWM"])
    except (OSError, KeyError):
        return None, None

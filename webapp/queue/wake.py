"""Waking idle workers: a byte through a named pipe.  It says "look", never what at; losing it costs a second."""

from __future__ import annotations

import contextlib
import errno
import os
import select
from pathlib import Path
from types import TracebackType


class Sleeper:
    """The sleeping end, one per worker.  A named pipe, because a socket's path may only be 107 bytes long."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{name}.fifo"
        hidden = folder / f".{name}"
        os.mkfifo(hidden, 0o600)
        # Open for both: a pipe without a writer would be readable all the time.
        self._descriptor = os.open(hidden, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        hidden.rename(self.path)  # visible only when somebody listens

    def wait(self, seconds: float) -> bool:
        """Sleep until nudged (True) or until the time is over."""
        poller = select.poll()
        poller.register(self._descriptor, select.POLLIN)
        if not poller.poll(max(0.0, seconds) * 1000):
            return False
        with contextlib.suppress(BlockingIOError):
            os.read(self._descriptor, 65536)
        return True

    def wake(self) -> None:
        """Nudge oneself; safe in a signal handler."""
        with contextlib.suppress(OSError):
            os.write(self._descriptor, b".")

    def ticket(self) -> str | None:
        """A byte in a pipe is no message that could come back."""
        return None

    def came_back(self) -> str | None:
        """See `ticket`; `workshop serve` frees what its dead workers had."""
        return None

    def beat(self) -> None:
        """The pipe says so."""

    def close(self) -> None:
        """Stop listening."""
        self.path.unlink(missing_ok=True)
        os.close(self._descriptor)

    def __enter__(self) -> Sleeper:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def listening(folder: Path) -> int:
    """How many workers there are, without waking them; one that was killed counts until the next nudge."""
    return sum(1 for _ in folder.glob("*.fifo"))


def nudge(folder: Path) -> int:
    """Wake everybody who sleeps in `folder`; how many were reached.  Pipes nobody reads any more are removed."""
    reached = 0
    for path in folder.glob("*.fifo"):
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as problem:
            if problem.errno == errno.ENXIO:
                path.unlink(missing_ok=True)
            continue
        try:
            os.write(descriptor, b".")
            reached += 1
        except BlockingIOError:
            reached += 1  # full of nudges not yet read: it will wake
        except OSError:
            pass
        finally:
            os.close(descriptor)
    return reached


class Pipes:
    """The embedded carrier: workers of this machine, and a folder they share with whoever has work for them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def announce(self, jobs: int = 1, priority: int = 0) -> None:
        """Wake everybody who sleeps."""
        nudge(self._folder)

    def workers(self) -> int:
        """How many workers there are; one that was killed counts until the next announcement."""
        return listening(self._folder)

    def living(self) -> int:
        """How many workers there are; idle ones wake up, look and sleep on."""
        return nudge(self._folder)

    def rest(self, owner: str) -> Sleeper:
        """A pipe of that worker's own."""
        return Sleeper(self._folder, owner)

"""Ending with the process that started us, also while torch is being imported and nobody listens."""

from __future__ import annotations

import fcntl
import os
import select
import sys


def end_with_starter(fd: int) -> None:
    """From here on the kernel ends this process when the starter hangs up.

    Nothing is said before we are ready, so a signal about the descriptor can mean nothing else: fcntl(2), O_ASYNC.
    """
    fcntl.fcntl(fd, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([fd], [], [], 0)[0]:
        sys.exit()


def listen(fd: int) -> None:
    """From here on a starter that hangs up is read."""
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) & ~os.O_ASYNC)

"""gunicorn's threads, none of which waits for ever for the rest of a request."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

LONGEST_READING = 30.0
"""Seconds; a mebibyte, the largest request, takes that long at 35 kB/s."""


class Worker(ThreadWorker):
    """A laptop that falls asleep while it sends would hold a thread until the server ends, and there are eight.

    No help against somebody who means it: where strangers come, a reverse proxy must read requests whole.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.in_hand: dict[TConn, float] = {}

    def handle(self, conn: TConn) -> Any:
        """Answer one request, in a thread."""
        self.in_hand[conn] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            del self.in_hand[conn]

    def notify(self) -> None:
        """A sign of life, once a second: the moment to end what is read for too long.  Answers may still be sent."""
        super().notify()
        for conn, since in list(self.in_hand.items()):
            if time.monotonic() - since > LONGEST_READING:
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)

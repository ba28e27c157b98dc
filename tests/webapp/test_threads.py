"""Requests that never end."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass

import pytest
from gunicorn.workers.gthread import ThreadWorker

from webapp import threads


@dataclass(eq=False)
class Connection:
    """What a worker knows of somebody."""

    sock: socket.socket


def test_the_rest_of_a_request_is_not_awaited_for_ever_and_the_answer_still_leaves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def handle(_worker: ThreadWorker, conn: Connection) -> int:
        read = b""
        while more := conn.sock.recv(100):
            read += more
        conn.sock.sendall(b"answer to " + read)
        return len(read)

    monkeypatch.setattr(ThreadWorker, "handle", handle)
    monkeypatch.setattr(ThreadWorker, "notify", lambda _worker: None)
    monkeypatch.setattr(threads, "LONGEST_READING", 0.3)
    worker = object.__new__(threads.Worker)
    worker.in_hand = {}
    ours, theirs = socket.socketpair()
    connection = Connection(ours)
    theirs.sendall(b"half a request")
    thread = threading.Thread(target=worker.handle, args=(connection,), daemon=True)
    thread.start()
    started = time.monotonic()
    while thread.is_alive() and time.monotonic() - started < 10:
        worker.notify()
        time.sleep(0.05)
    assert 0.3 < time.monotonic() - started < 10
    assert theirs.recv(100) == b"answer to half a request"
    assert worker.in_hand == {}

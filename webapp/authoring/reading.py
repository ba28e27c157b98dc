"""Reading banks that somebody is typing, or has sent, in a process of its own: bounded in time and memory.

The parser is written to take bounded time, and pages of students are answered by the same web server: neither should
hang on a text that proves it wrong, or wait while a long one is read.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import subprocess
import sys
import threading
import time

from grader.errors import WorkshopError
from questions.model import Bank
from webapp.authoring.banks_as_json import from_json
from webapp.authoring.reader_process import HEAD
from webapp.bank_versions import Files

CPU_SECONDS = 10
"""Fifteen times what the shipped bank takes."""
WALL_SECONDS = 45.0
MEMORY_BYTES = 1024 * 1024 * 1024
MOST_ITEMS = 1000
"""Of a bank in the browser: its pages and its editor show them all."""


class TooLong(WorkshopError):
    """A text was not read to its end in the time or memory that a reading may take."""


class Reader:
    """One process that reads, started when it is first needed and again after it was ended."""

    def __init__(self, cpu_seconds: int = CPU_SECONDS, wall_seconds: float = WALL_SECONDS) -> None:
        self._cpu_seconds, self._wall_seconds = cpu_seconds, wall_seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, files: Files, name: str) -> Bank:
        """The bank that texts are.  Raises `TooLong`."""
        if not self._lock.acquire(timeout=self._wall_seconds):
            raise TooLong("others have texts read all the time", remedy="try again in a minute")
        try:
            return self._read(json.dumps({"files": dict(files), "name": name}).encode())
        except (OSError, EOFError, ValueError, TypeError) as ended:
            self._end()
            raise TooLong("the text takes too long to be read", remedy="divide it into several files") from ended
        finally:
            self._lock.release()

    def _read(self, request: bytes) -> Bank:
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(HEAD.pack(len(request)) + request)
        process.stdin.flush()
        end = time.monotonic() + self._wall_seconds
        length = HEAD.unpack(_exactly(process.stdout.fileno(), HEAD.size, end))[0]
        bank: Bank = from_json(Bank, json.loads(_exactly(process.stdout.fileno(), length, end)))
        return bank

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-m", "webapp.authoring.reader_process"]
            self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                [*command, str(self._cpu_seconds), str(MEMORY_BYTES)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
            atexit.register(self._end)
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def _exactly(descriptor: int, count: int, end: float) -> bytes:
    """So many bytes.  Raises `EOFError` where they do not come before `end`."""
    parts: list[bytes] = []
    while count:
        ready, _, _ = select.select([descriptor], [], [], max(0.0, end - time.monotonic()))
        part = os.read(descriptor, min(count, 1 << 20)) if ready else b""
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


_reader = Reader()


def read(files: Files, name: str) -> Bank:
    """The bank that texts are, read by this process's one reader.  Raises `TooLong`, also for more than pages show."""
    bank = _reader.read(files, name)
    if len(bank.items) > MOST_ITEMS:
        raise TooLong(f"the bank has {len(bank.items)} items", remedy="divide it into several banks")
    return bank

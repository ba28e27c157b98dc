"""Where the bytes of a run's submissions are kept: equal ones once, and only so many of them in memory."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from typing import BinaryIO

from grader.errors import WorkshopError

IN_MEMORY = 64 * 1024 * 1024
"""Bytes of all submissions together; what comes behind them waits in a nameless file."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that were read once and can be had again, from several threads."""

    digest: str
    """Their SHA-256: two submissions of one text have the same."""
    size: int
    held: bytes | None = None
    file: BinaryIO | None = None
    place: int = 0

    def read(self) -> bytes:
        """The bytes."""
        if self.held is not None or self.file is None:
            return self.held or b""
        return os.pread(self.file.fileno(), self.size, self.place)


def held(content: bytes) -> Kept:
    """Bytes that stay in memory."""
    return Kept(hashlib.sha256(content).hexdigest(), len(content), content)


NOTHING = held(b"")


class Pile:
    """Keeps what is read; what is equal to something kept before costs nothing."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._room = in_memory
        self._kept: dict[str, Kept] = {}
        self._file: BinaryIO | None = None
        self._end = 0

    def keep(self, content: bytes) -> Kept:
        """Keep these bytes.  Raises `WorkshopError` where neither memory nor disk may take them."""
        new = held(content)
        if (known := self._kept.get(new.digest)) is not None:
            return known
        if new.size > self._room:
            new = self._written(new, content)
        else:
            self._room -= new.size
        self._kept[new.digest] = new
        return new

    def _written(self, new: Kept, content: bytes) -> Kept:
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="workshop-grade-", buffering=0)
            place, left = self._end, memoryview(content)
            while left:
                written = os.pwrite(self._file.fileno(), left, self._end)
                self._end += written
                left = left[written:]
        except OSError as error:
            raise WorkshopError(
                f"submissions do not fit into {tempfile.gettempdir()}: {error.strerror or error}",
                remedy="make room there, or set TMPDIR to a folder that has some",
            ) from error
        return Kept(new.digest, new.size, file=self._file, place=place)

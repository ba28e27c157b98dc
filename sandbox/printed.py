"""The standard output and error of a submission, inside the jail: bounded, and sent as it is printed."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

OUTPUT_BYTES = 65536
OUTPUT_CHUNK = 4000


class Printed(io.TextIOBase):
    """A bounded `sys.stdout`: sends what is printed at once (a crash loses nothing), counts what exceeds the cap."""

    def __init__(self, stream: str, send: Callable[[dict[str, Any]], None], cap: int = OUTPUT_BYTES) -> None:
        self._stream = stream
        self._send_frame = send
        self._left = cap
        self.dropped = 0
        self.buffer = _PrintedBytes(self)

    encoding = "utf-8"
    errors = "replace"

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        kept = text
        overflows = size > self._left and not self.dropped
        if size > self._left:
            kept = text.encode("utf-8", "replace")[: self._left].decode("utf-8", "ignore")
            self.dropped += size - self._left
            size = self._left
        self._left -= size
        for start in range(0, len(kept), OUTPUT_CHUNK):
            self._send_frame({"out": self._stream, "s": kept[start : start + OUTPUT_CHUNK]})
        if overflows:  # said at once: what prints for ever never comes to say how much it was
            self._send_frame({"out": self._stream, "s": ""})
        return len(text)

    def writable(self) -> bool:
        return True

    def flush(self) -> None:
        """Nothing waits here."""


class _PrintedBytes(io.RawIOBase):
    """`sys.stdout.buffer`."""

    def __init__(self, text: Printed) -> None:
        self._text = text

    def write(self, data: Any) -> int:
        raw = bytes(data)
        self._text.write(raw.decode("utf-8", "replace"))
        return len(raw)

    def writable(self) -> bool:
        return True

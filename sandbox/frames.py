"""Frames on a job's socket (a fixed prefix, a JSON header, raw buffers) and the channels that carry them.  No pickle.

A frame is ``magic(2) version(1) zero(1) header_length(u32) body_length(u64)``, the header as UTF-8 JSON, then the body.
Whatever a candidate sends is hostile: `Channel` checks every size before anything is allocated.  What a header says is
the matter of `sandbox.wire`.
"""

from __future__ import annotations

import json
import os
import re
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any

MAGIC = b"AW"
VERSION = 1
PREFIX = struct.Struct(">2sBxIQ")
ALIGNMENT = 16

MAX_HEADER = 256 * 1024
MAX_TEXT = 4096
MAX_BODY = 64 * 2**20
MAX_TOTAL = 512 * 2**20
MAX_HEADERS = 8 * 2**20
"""Of all headers of one submission together: reading JSON takes the examiner a thousand times as long as sending it."""
CONTAINER_BYTES = 32
"""What a list or an object counts for on top of its bytes: the smallest take the longest to read."""

# C0 and C1 controls but tab and newline, lone surrogates, and the marks that reorder or hide text on a screen.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class ProtocolFault(Exception):
    """The peer broke the protocol: it is not spoken to again."""


class PeerGone(ProtocolFault):
    """The peer closed its end, or died."""


_GONE = "the peer closed its end"
"""However it went: whether a read or a write finds out first hangs on the moment."""


class DeadlinePassed(ProtocolFault):
    """The one absolute deadline for sending and receiving has passed."""


class Unsendable(TypeError):
    """A value that does not cross by value and may not stay behind (sparse, meta, quantised, subclass, too large)."""


def clean_text(text: str, limit: int = MAX_TEXT) -> str:
    """`text` without NUL, control and reordering characters and lone surrogates, at most `limit` characters."""
    return _UNPRINTABLE.sub("", text[: 2 * limit])[:limit]


# Made once: `json.dumps` would build an encoder for every frame.  Headers are trees, so cycles need no looking for.
_to_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True, allow_nan=False, check_circular=False).encode


def pack(header: Any, buffers: Sequence[bytes | bytearray | memoryview] = ()) -> bytes:
    """One frame as bytes; each buffer is padded to `ALIGNMENT`."""
    return assemble(_to_json(header).encode("ascii"), join(buffers))


def join(buffers: Sequence[bytes | bytearray | memoryview]) -> bytes:
    """A body: the buffers one after the other, each padded to `ALIGNMENT`."""
    parts: list[bytes | bytearray | memoryview] = []
    length = 0
    for buffer in buffers:
        size = len(buffer)
        parts.append(buffer)
        padding = -size % ALIGNMENT
        if padding:
            parts.append(bytes(padding))
        length += size + padding
    if length > MAX_BODY:
        raise Unsendable(f"the tensors take {length} bytes; at most {MAX_BODY} cross in one message")
    return b"".join(parts)


def assemble(text: bytes, body: bytes) -> bytes:
    """A frame of a header's JSON and a body.  Raises `Unsendable` over the caps."""
    if len(text) > MAX_HEADER:
        raise Unsendable(f"the message's structure takes {len(text)} bytes; at most {MAX_HEADER} cross")
    if len(body) > MAX_BODY:
        raise Unsendable(f"the tensors take {len(body)} bytes; at most {MAX_BODY} cross in one message")
    return b"".join((PREFIX.pack(MAGIC, VERSION, len(text), len(body)), text, body))


def unpack_prefix(prefix: bytes | bytearray) -> tuple[int, int]:
    """Header and body length of a frame, checked against the caps.  Raises `ProtocolFault`."""
    magic, version, header_length, body_length = PREFIX.unpack(prefix)
    if magic != MAGIC or version != VERSION:
        raise ProtocolFault("not a frame of this protocol")
    if header_length > MAX_HEADER:
        raise ProtocolFault(f"a header of more than {MAX_HEADER} bytes")
    if body_length > MAX_BODY:
        raise ProtocolFault(f"a body of more than {MAX_BODY} bytes")
    return header_length, body_length


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_from_json = json.JSONDecoder(parse_constant=_no_constant).decode


def parse_header(raw: bytes | bytearray) -> Any:
    """A header's JSON.  Raises `ProtocolFault` for anything a strict parser refuses, over-deep nesting included."""
    try:
        return _from_json(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ProtocolFault("the header is not JSON of a sane size and depth") from error


CHUNK = 65536
_SLICE_SECONDS = 0.2
_TIMEVAL = struct.pack("@ll", 0, int(_SLICE_SECONDS * 1e6))


class Channel:
    """Frames over a socket whose peer is hostile: one absolute deadline, one budget of bytes for the whole job.

    `deadline` is a `time.monotonic()` instant; passing it raises `DeadlinePassed` from either direction.  The socket
    blocks in slices that the kernel times, so that a frame costs one system call, not three.
    """

    def __init__(self, sock: socket.socket, deadline: float, budget: int = MAX_TOTAL) -> None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _TIMEVAL)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _TIMEVAL)
        self._socket = sock
        self.deadline = deadline
        self._budget = budget
        self._headers = MAX_HEADERS
        self._waiting = b""
        """What has been read beyond the last frame: at most one chunk."""

    def _check(self) -> None:
        if time.monotonic() >= self.deadline:
            raise DeadlinePassed("the deadline has passed")

    def send(self, frame: bytes) -> None:
        """Send one frame whole.  Raises `PeerGone` or `DeadlinePassed`."""
        view = memoryview(frame)
        while view:
            self._check()
            try:
                view = view[self._socket.send(view) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise PeerGone(_GONE) from error

    def _receive_into(self, view: memoryview) -> int:
        while True:
            self._check()
            try:
                count = self._socket.recv_into(view)
            except BlockingIOError:
                continue
            except OSError as error:
                raise PeerGone(_GONE) from error
            if count == 0:
                raise PeerGone(_GONE)
            return count

    def _take(self, size: int) -> bytearray:
        """The next `size` bytes; the small parts of a frame come out of one chunk."""
        waiting = self._waiting
        if len(waiting) < size <= CHUNK:
            chunk = bytearray(CHUNK)
            while len(waiting) < size:
                count = self._receive_into(memoryview(chunk))
                waiting += bytes(memoryview(chunk)[:count])
        if len(waiting) >= size:
            self._waiting = waiting[size:]
            return bytearray(waiting[:size])
        buffer = bytearray(size)
        buffer[: len(waiting)] = waiting
        view = memoryview(buffer)[len(waiting) :]
        self._waiting = b""
        while view:
            view = view[self._receive_into(view) :]
        return buffer

    def receive(self) -> tuple[Any, bytearray]:
        """The next frame's header (parsed JSON, not yet trusted) and body."""
        raw, body = self.receive_raw()
        return parse_header(raw), body

    def receive_raw(self) -> tuple[bytearray, bytearray]:
        """The next frame's header as it came, and its body."""
        header_length, body_length = unpack_prefix(self._take(PREFIX.size))
        self._budget -= PREFIX.size + header_length + body_length
        if self._budget < 0:
            raise ProtocolFault("more bytes than one submission may send")
        raw = self._take(header_length)
        self._headers -= header_length + CONTAINER_BYTES * (raw.count(b"[") + raw.count(b"{"))
        if self._headers < 0:
            raise ProtocolFault("more structure than one submission may send")
        return raw, self._take(body_length)


class DescriptorChannel:
    """Frames over a bare descriptor with `read` and `write` only: the candidate's side, where no more is allowed."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._waiting = b""

    def send(self, frame: bytes) -> None:
        """Send one frame whole."""
        view = memoryview(frame)
        while view:
            view = view[os.write(self._fd, view) :]

    def _take(self, size: int) -> bytearray:
        parts = bytearray(self._waiting)
        while len(parts) < size:
            chunk = os.read(self._fd, max(CHUNK, min(size - len(parts), 1 << 20)))
            if not chunk:
                raise PeerGone("the examiner closed its end")
            parts += chunk
        self._waiting = bytes(parts[size:])
        del parts[size:]
        return parts

    def receive(self) -> tuple[Any, bytearray]:
        """The next frame's header and body."""
        header_length, body_length = unpack_prefix(self._take(PREFIX.size))
        header = json.loads(self._take(header_length))
        return header, self._take(body_length)

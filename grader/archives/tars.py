"""Tar archives, plain or through gzip, block by block (POSIX.1-2001 pax and what GNU tar writes).

Not by the standard library's `tarfile`: that reads headers of whatever length an archive claims into memory.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from grader.archives.budget import Budget
from grader.archives.model import ArchiveRefused, EntryFault, Reason
from grader.archives.names import codec_for, decoded

BLOCK = 512
CHUNK = 64 * 1024
LONGEST_HEADER = 64 * 1024
GZIP = b"\x1f\x8b"
_OCTAL = re.compile(rb"[0-7]+")
FILES, FOLDER, LINKS, DEVICES = b"0\0" + b"7", b"5", b"12", b"346"


class Plain:
    """Bytes of a file as they are."""

    def __init__(self, file: BinaryIO, budget: Budget) -> None:
        self._file, self._budget = file, budget

    def read(self, count: int) -> bytes:
        """The next `count` bytes, or fewer at the end."""
        data = self._file.read(count)
        self._budget.spend(len(data))
        return data


class Gunzip:
    """What a gzip file unpacks to, never more at a time than is asked for."""

    def __init__(self, file: BinaryIO, budget: Budget) -> None:
        self._file, self._budget = file, budget
        self._unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._packed = b""
        self._ready = bytearray()

    def read(self, count: int) -> bytes:
        """The next `count` bytes, or fewer at the end."""
        while len(self._ready) < count and self._more(count - len(self._ready)):
            pass
        data = bytes(self._ready[:count])
        del self._ready[:count]
        return data

    def _more(self, most: int) -> bool:
        if self._unpacker.eof:  # a gzip file may be several ones, one behind the other
            self._packed = self._unpacker.unused_data or self._file.read(CHUNK)
            if not self._packed.startswith(GZIP):
                return False  # the end, or the padding of a tape
            self._unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        elif not self._packed:
            self._packed = self._file.read(CHUNK)
            if not self._packed:
                raise ArchiveRefused(Reason.CUT_OFF)
        try:
            piece = self._unpacker.decompress(self._packed, most)
        except zlib.error:
            raise ArchiveRefused(Reason.CUT_OFF) from None
        self._packed = self._unpacker.unconsumed_tail
        self._budget.spend(len(piece))
        self._ready += piece
        return True


def read_tar(file: BinaryIO, budget: Budget, *, packed: bool) -> Iterator[tuple[str, bytes | EntryFault]]:
    """Each entry's name, with its content or why there is none; folders end in a slash.  Raises `ArchiveRefused`."""
    stream = Gunzip(file, budget) if packed else Plain(file, budget)
    long_name: bytes | None = None
    first = True
    while True:
        head = stream.read(BLOCK)
        if head.count(0) == len(head) and (len(head) == BLOCK or not first):
            return  # the end is two empty blocks; many writers leave them out
        if len(head) < BLOCK or not checks(head):
            raise ArchiveRefused(Reason.UNKNOWN if first else Reason.CUT_OFF)
        first = False
        size = _number(head[124:136])
        kind = head[156:157]
        if kind in (b"L", b"x"):
            budget.entry()
            data = _content(stream, size, LONGEST_HEADER)
            if isinstance(data, EntryFault):
                raise ArchiveRefused(Reason.CUT_OFF)
            found = data.rstrip(b"\0") if kind == b"L" else _pax_path(data)
            long_name = found if found is not None else long_name
            continue
        if kind in (b"K", b"g"):
            budget.entry()
            _content(stream, size, 0)
            continue
        budget.entry()
        name = long_name if long_name is not None else _name(head)
        long_name = None
        yield _entry(stream, decoded(name, codec_for([name])), kind, size, budget.limits.file_bytes)


def _entry(stream: Plain | Gunzip, name: str, kind: bytes, size: int, most: int) -> tuple[str, bytes | EntryFault]:
    if kind == FOLDER:
        _content(stream, size, 0)
        return name.rstrip("/") + "/", b""
    if kind in LINKS:
        return name, EntryFault(Reason.LINK)
    if kind not in FILES:
        _content(stream, size, 0)
        return name, EntryFault(Reason.DEVICE if kind in DEVICES else Reason.METHOD)
    return name, _content(stream, size, most)


def _content(stream: Plain | Gunzip, size: int, most: int) -> bytes | EntryFault:
    """The next `size` bytes, which are read past even where they are too many to keep."""
    kept, left = bytearray(), size + -size % BLOCK
    while left:
        piece = stream.read(min(CHUNK, left))
        if not piece:
            raise ArchiveRefused(Reason.CUT_OFF)
        left -= len(piece)
        if size <= most:
            kept += piece
    return bytes(kept[:size]) if size <= most else EntryFault(Reason.LARGE)


def checks(head: bytes) -> bool:
    """Whether a block's checksum says that it is a header."""
    try:
        claimed = int(head[148:156].strip(b"\0 ") or b"x", 8)
    except ValueError:
        return False
    return claimed == sum(head[:148]) + 8 * ord(" ") + sum(head[156:BLOCK])


def _number(field: bytes) -> int:
    """A size: octal, or binary where it did not fit.  Raises `ArchiveRefused`."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b"\0 ") or b"0"
    if not _OCTAL.fullmatch(digits):  # `int` would take a sign as well
        raise ArchiveRefused(Reason.CUT_OFF)
    return int(digits, 8)


def _name(head: bytes) -> bytes:
    name = head[:100].partition(b"\0")[0]
    prefix = head[345:500].partition(b"\0")[0] if head[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name


def _pax_path(data: bytes) -> bytes | None:
    """The path that a pax header gives, whose records read `length key=value` and end in a newline."""
    place, path = 0, None
    while place < len(data):
        length, _, _rest = data[place : place + 12].partition(b" ")
        if not length.isdigit() or not 0 < int(length) <= len(data) - place:
            break
        record = data[place + len(length) + 1 : place + int(length) - 1]
        key, _, value = record.partition(b"=")
        if key == b"path":
            path = value
        place += int(length)
    return path

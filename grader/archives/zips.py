"""Zip archives, read by their central directory (PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 to 4.5).

Not by the standard library's `zipfile`: that makes an object of every entry before anybody can count them, and leaves
the bytes of names to one encoding.
"""

from __future__ import annotations

import os
import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from grader.archives.budget import Budget
from grader.archives.model import ArchiveRefused, EntryFault, Reason
from grader.archives.names import codec_for, decoded

END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR_64 = struct.Struct("<4sLQL")
CENTRAL = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
LONGEST_COMMENT = 0xFFFF
CHUNK = 64 * 1024
STORED, DEFLATED = 0, 8
ENCRYPTED, UTF_8 = 0x1 | 0x40 | 0x2000, 0x800
ZIP_64, UNICODE_PATH = 0x0001, 0x7075


@dataclass(frozen=True, slots=True)
class Record:
    """One entry as the central directory has it; sizes are what it claims."""

    raw_name: bytes
    name: str
    flags: int
    method: int
    crc: int
    packed_bytes: int
    file_bytes: int
    offset: int
    mode: int


def read_zip(file: BinaryIO, budget: Budget) -> Iterator[tuple[str, Record, int]]:
    """Each entry's name, record and where its bytes begin (-1: nowhere).  Raises `ArchiveRefused`."""
    records = _records(file, budget)
    starts = [_start(file, record) for record in records]
    _refuse_overlaps(records, starts)
    for record, start in zip(records, starts, strict=True):
        yield record.name, record, start


def content_of(file: BinaryIO, record: Record, start: int, budget: Budget) -> bytes:
    """What an entry unpacks to.  Raises `EntryFault`, and `ArchiveRefused` when the budget is spent."""
    if record.flags & ENCRYPTED:
        raise EntryFault(Reason.ENCRYPTED)
    kind = stat.S_IFMT(record.mode)
    if kind == stat.S_IFLNK:
        raise EntryFault(Reason.LINK)
    if kind not in (0, stat.S_IFREG):
        raise EntryFault(Reason.DEVICE)
    if start < 0:
        raise EntryFault(Reason.CONTRADICTORY)
    if record.method not in (STORED, DEFLATED):
        raise EntryFault(Reason.METHOD)
    content = b"".join(_unpacked(file, record, start, budget))
    if len(content) != record.file_bytes or zlib.crc32(content) != record.crc:
        raise EntryFault(Reason.DAMAGED)
    return content


def _unpacked(file: BinaryIO, record: Record, start: int, budget: Budget) -> Iterator[bytes]:
    file.seek(start)
    left, out = record.packed_bytes, 0
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS) if record.method == DEFLATED else None
    try:
        while left > 0 and (packed := file.read(min(CHUNK, left))):
            left -= len(packed)
            while packed:
                piece = unpacker.decompress(packed, CHUNK) if unpacker else packed
                packed = unpacker.unconsumed_tail if unpacker else b""
                out += len(piece)
                budget.spend(len(piece))
                if out > budget.limits.file_bytes:
                    raise EntryFault(Reason.LARGE)
                yield piece
    except zlib.error:
        raise EntryFault(Reason.DAMAGED) from None
    if left > 0 or (unpacker is not None and not unpacker.eof):
        raise EntryFault(Reason.DAMAGED)


def _end(file: BinaryIO) -> tuple[int, int, int]:
    """Where the central directory begins, how long it is, and by how much all offsets are off."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - END.size - LONGEST_COMMENT))
    tail = file.read(END.size + LONGEST_COMMENT)
    place = tail.rfind(b"PK\5\6")
    if place < 0 or len(tail) - place < END.size:
        raise ArchiveRefused(Reason.CUT_OFF)
    *_head, length, offset, _comment = END.unpack_from(tail, place)
    end = size - len(tail) + place
    if place >= LOCATOR_64.size and tail.startswith(b"PK\6\7", place - LOCATOR_64.size):
        end -= LOCATOR_64.size + END_64.size  # the only place where writers put it
        file.seek(max(0, end))
        record = file.read(END_64.size)
        if len(record) < END_64.size or not record.startswith(b"PK\6\6"):
            raise ArchiveRefused(Reason.CUT_OFF)
        *_head, length, offset = END_64.unpack(record)
    shift = end - length - offset
    if shift < 0:
        raise ArchiveRefused(Reason.CUT_OFF)
    return offset + shift, length, shift


def _records(file: BinaryIO, budget: Budget) -> list[Record]:
    begin, length, shift = _end(file)
    file.seek(begin)
    end = begin + length
    found: list[tuple[tuple[int, ...], bytes, bytes]] = []
    while file.tell() < end:
        head = file.read(CENTRAL.size)
        if len(head) < CENTRAL.size or not head.startswith(b"PK\1\2"):
            raise ArchiveRefused(Reason.CUT_OFF)
        budget.entry()
        _magic, *fields = CENTRAL.unpack(head)
        name, extra = file.read(fields[9]), file.read(fields[10])
        file.seek(fields[11], os.SEEK_CUR)
        found.append((tuple(fields), name, extra))
    codec = codec_for([name for fields, name, _extra in found if not fields[2] & UTF_8])
    return [_record(fields, name, extra, codec, shift) for fields, name, extra in found]


def _record(fields: tuple[int, ...], raw_name: bytes, extra: bytes, codec: str, shift: int) -> Record:
    _made_by, _needs, flags, method, _time, _date, crc, packed, size, *_lengths, _internal, external, offset = fields
    extras = dict(_extras(extra))
    if ZIP_64 in extras:
        numbers = [value for (value,) in struct.iter_unpack("<Q", extras[ZIP_64][: len(extras[ZIP_64]) // 8 * 8])]
        size = numbers.pop(0) if size == 0xFFFFFFFF and numbers else size
        packed = numbers.pop(0) if packed == 0xFFFFFFFF and numbers else packed
        offset = numbers.pop(0) if offset == 0xFFFFFFFF and numbers else offset
    name = decoded(raw_name, "utf-8" if flags & UTF_8 else codec)
    better = extras.get(UNICODE_PATH, b"")
    if better[:1] == b"\1" and better[1:5] == struct.pack("<L", zlib.crc32(raw_name)):
        name = decoded(better[5:], "utf-8")
    return Record(raw_name, name, flags, method, crc, packed, size, offset + shift, external >> 16)


def _extras(extra: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, place)
        yield kind, extra[place + 4 : place + 4 + length]
        place += 4 + length


def _start(file: BinaryIO, record: Record) -> int:
    """Where an entry's bytes begin, or -1 where its own header is not there or speaks of another name."""
    if record.offset >= 1 << 62:
        return -1
    file.seek(record.offset)
    head = file.read(LOCAL.size)
    if len(head) < LOCAL.size or not head.startswith(b"PK\3\4"):
        return -1
    name_length, extra_length = struct.unpack_from("<2H", head, 26)
    if file.read(name_length) != record.raw_name:
        return -1
    return record.offset + LOCAL.size + int(name_length) + int(extra_length)


def _refuse_overlaps(records: list[Record], starts: list[int]) -> None:
    """Bytes that several entries share unpack to any amount (David Fifield, "A better zip bomb", WOOT 2019)."""
    spans = sorted(
        (record.offset, start + record.packed_bytes)
        for record, start in zip(records, starts, strict=True)
        if start >= 0
    )
    before = 0
    for begin, end in spans:
        if begin < before:
            raise ArchiveRefused(Reason.OVERLAPPING)
        before = end

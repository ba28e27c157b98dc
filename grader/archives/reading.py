"""Reading an archive of whatever kind, and archives inside it, on one budget."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from grader.archives import tars, zips
from grader.archives.budget import Budget, Exhausted
from grader.archives.model import ArchiveRefused, EntryFault, File, Limits, Reason, Skipped
from grader.archives.names import is_clutter, safe_path, same_key, shown

Entry = tuple[str, bytes | EntryFault]
ENDINGS = (".zip", ".tar", ".tgz", ".tar.gz")
"""What an archive inside an archive has to be called to be opened: a document may be a zip as well."""


def is_archive(head: bytes) -> bool:
    """Whether a file that begins like this (512 bytes will do) may be one that `unpack` reads."""
    return head.startswith((b"PK\3\4", b"PK\5\6", tars.GZIP)) or (len(head) >= tars.BLOCK and tars.checks(head))


def unpack(source: BinaryIO | bytes, limits: Limits | None = None) -> Iterator[File | Skipped]:
    """Every file of an archive, in its order, and every entry that is none and why.

    `source` is a file that can seek, or bytes.  Raises `ArchiveRefused`, possibly after something was given out.
    """
    limits = limits or Limits()
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    budget = Budget(limits, file.seek(0, os.SEEK_END))
    yield from _taken(_entries(file, budget), budget, limits.nesting, "", set())


def collect(files: Sequence[tuple[str, BinaryIO]], limits: Limits | None = None) -> Iterator[File | Skipped]:
    """Files that came by themselves under the names they say, by the same rules; one that is an archive is unpacked.

    Raises `ArchiveRefused`, possibly after something was given out.
    """
    limits = limits or Limits()
    if len(files) == 1 and _begins(files[0][1]):
        yield from unpack(files[0][1], limits)
        return
    budget = Budget(limits, sum(file.seek(0, os.SEEK_END) for _name, file in files))
    yield from _taken(_loose(files, budget), budget, limits.nesting + 1, "", set())


def _begins(file: BinaryIO) -> bool:
    file.seek(0)
    return is_archive(file.read(tars.BLOCK))


def _loose(files: Sequence[tuple[str, BinaryIO]], budget: Budget) -> Iterator[Entry]:
    for name, file in files:
        budget.entry()
        most = budget.limits.total_bytes if _begins(file) else budget.limits.file_bytes
        file.seek(0)
        content = file.read(most + 1)
        budget.spend(len(content))
        yield name, content if len(content) <= most else EntryFault(Reason.LARGE)


def _taken(
    entries: Iterable[Entry], budget: Budget, nesting: int, within: str, seen: set[str]
) -> Iterator[File | Skipped]:
    for name, content in entries:
        try:
            path = within + safe_path(name, budget.limits.path_characters - len(within))
            if path.endswith("/"):
                continue
            if is_clutter(path):
                raise EntryFault(Reason.CLUTTER)
            if isinstance(content, EntryFault):
                raise content
            if same_key(path) in seen:
                raise EntryFault(Reason.TWICE)
        except EntryFault as fault:
            yield Skipped(within + shown(name), fault.reason)
            continue
        seen.add(same_key(path))
        if path.lower().endswith(ENDINGS) and is_archive(content[: tars.BLOCK]):
            yield from _inside(content, path, budget, nesting, seen)
        else:
            yield File(path, content)


def _inside(content: bytes, path: str, budget: Budget, nesting: int, seen: set[str]) -> Iterator[File | Skipped]:
    """What an archive inside holds: all of it, or nothing and why."""
    if nesting == 0:
        yield Skipped(path, Reason.NESTED)
        return
    own = Budget(budget.limits, len(content), budget)
    try:
        found = list(_taken(_entries(io.BytesIO(content), own), own, nesting - 1, path + "/", seen))
    except Exhausted:
        raise
    except ArchiveRefused as refused:
        yield Skipped(path, refused.reason)
        return
    yield from found


def _entries(file: BinaryIO, budget: Budget) -> Iterator[Entry]:
    file.seek(0)
    head = file.read(tars.BLOCK)
    file.seek(0)
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        yield from _zip_entries(file, budget)
    elif head.startswith(tars.GZIP):
        yield from tars.read_tar(file, budget, packed=True)
    elif len(head) >= tars.BLOCK and tars.checks(head):
        yield from tars.read_tar(file, budget, packed=False)
    else:
        raise ArchiveRefused(Reason.UNKNOWN)


def _zip_entries(file: BinaryIO, budget: Budget) -> Iterator[Entry]:
    for name, record, start in zips.read_zip(file, budget):
        if name.endswith("/") or is_clutter(name):
            yield name, b""
            continue
        try:
            content = zips.content_of(file, record, start, budget)
        except EntryFault as fault:
            yield name, fault
        else:
            yield name, content

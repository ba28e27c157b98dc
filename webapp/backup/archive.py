"""What is in a backup, and the refusals of one that is damaged or was made to harm."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from grader.errors import WorkshopError
from webapp.backup.width import MOST_IN_A_ROW, is_wider

FORMAT = "attention-workshop-backup"
VERSION = 1
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 1024 * 1024
LONGEST_ROW = 64 * 1024 * 1024
"""Bytes of one row in JSON: a bank's files, or a verdict with its pictures, take a few MiB at most."""
LARGEST_FILE = 1024 * 1024
"""Bytes of a file of the data folder."""
MOST_TABLES = 200
KEY = "secret"
OWN_FILES = (KEY, "demo-accounts")
"""What of the data folder can be in a backup, and only is when somebody asks for it."""
BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What zipfile says of bytes that are no zip, or one that wants a password or a method there is not."""
_TABLE = re.compile(r"[a-z][a-z_]{0,62}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_REVISION = re.compile(r"[0-9A-Za-z_]{1,40}")


class BackupUnusable(WorkshopError):
    """A backup that cannot be made, or one that cannot be restored; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One member of the archive: a table, or a file of the data folder (which has no rows)."""

    name: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself."""

    made_at: str
    database: str
    """sqlite or postgresql: where it comes from."""
    revision: str
    """The version of the tables."""
    tables: tuple[Entry, ...]
    """In an order in which they can be filled."""
    files: tuple[Entry, ...]

    @property
    def rows(self) -> int:
        """Of all tables together."""
        return sum(each.rows for each in self.tables)


def to_json(manifest: Manifest) -> str:
    """As `manifest.json`."""
    return json.dumps({"format": FORMAT, "version": VERSION, **asdict(manifest)}, indent=1)


def member(kind: str, name: str) -> str:
    """Where a table or a file is in the archive."""
    return f"tables/{name}.jsonl" if kind == "tables" else f"files/{name}"


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """An archive whose manifest makes sense; its members are checked as they are read.  Raises `BackupUnusable`."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive, _manifest(path, archive)
    except OSError as problem:
        raise BackupUnusable(
            f"cannot read {path}: {problem.strerror or problem}", remedy="name a file that workshop backup has written"
        ) from problem
    except BROKEN as problem:
        raise damaged(path, str(problem) or "it ends too early") from problem


def damaged(path: Path, what: str) -> BackupUnusable:
    """The refusal of an archive in which something is not as it was written."""
    return BackupUnusable(
        f"{path} is damaged, or no backup of a workshop: {what}", remedy="take another backup; nothing was changed"
    )


def _manifest(path: Path, archive: zipfile.ZipFile) -> Manifest:
    names = archive.namelist()
    if names.count(MANIFEST) != 1 or len(set(names)) != len(names):
        raise damaged(path, f"it has no single {MANIFEST}")
    if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise damaged(path, f"{MANIFEST} is too long")
    with archive.open(MANIFEST) as file:
        text = file.read(LARGEST_MANIFEST + 1)
    try:
        found = json.loads(text)
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise damaged(path, f"{MANIFEST} names no {FORMAT}")
        if found.get("version") != VERSION:
            version = str(found.get("version"))[:20]
            raise BackupUnusable(
                f"{path} has version {version} of the format, and this program reads {VERSION}",
                remedy="update this checkout",
            )
        manifest = Manifest(
            made_at=str(found["made_at"])[:40],
            database=str(found["database"])[:20],
            revision=_matching(_REVISION, found["revision"]),
            tables=tuple(_entry(_TABLE, each) for each in found["tables"]),
            files=tuple(_entry(re.compile("|".join(OWN_FILES)), each) for each in found["files"]),
        )
    except (ValueError, TypeError, KeyError, RecursionError) as problem:
        raise damaged(path, f"{MANIFEST} cannot be read ({type(problem).__name__}: {str(problem)[:80]})") from problem
    wanted = [MANIFEST, *(member("tables", each.name) for each in manifest.tables)]
    wanted += [member("files", each.name) for each in manifest.files]
    if len(manifest.tables) > MOST_TABLES or sorted(wanted) != sorted(names):
        raise damaged(path, f"it does not hold what its {MANIFEST} names")
    return manifest


def _entry(pattern: re.Pattern[str], found: Any) -> Entry:
    rows, size = found["rows"], found["bytes"]
    if type(rows) is not int or type(size) is not int or min(rows, size) < 0:
        raise ValueError("a count is none")
    return Entry(_matching(pattern, found["name"]), rows, size, _matching(_DIGEST, found["sha256"]))


def _matching(pattern: re.Pattern[str], text: Any) -> str:
    if not isinstance(text, str) or not pattern.fullmatch(text):
        raise ValueError(f"{str(text)[:40]!r} is no name")
    return text


def lines(path: Path, archive: zipfile.ZipFile, entry: Entry) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a table with their lines, counted from 1; at the end it is known that none was changed or lost."""
    total, size, number = hashlib.sha256(), 0, 0
    with archive.open(member("tables", entry.name)) as file:
        while line := file.readline(LONGEST_ROW + 1):
            number += 1
            size += len(line)
            if len(line) > LONGEST_ROW or size > entry.bytes or number > entry.rows:
                raise damaged(path, f"table {entry.name}, row {number}: longer than its {MANIFEST} says")
            total.update(line)
            yield number, _row(path, entry, number, line)
    if (number, size, total.hexdigest()) != (entry.rows, entry.bytes, entry.sha256):
        raise damaged(path, f"table {entry.name} is not what was written (SHA-256)")


def _row(path: Path, entry: Entry, number: int, line: bytes) -> dict[str, Any]:
    try:
        text = line.decode()
        if is_wider(text, MOST_IN_A_ROW):
            raise damaged(path, f"table {entry.name}, row {number}: more values than a row has columns")
        row = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise damaged(path, f"table {entry.name}, row {number}: no JSON") from problem
    if not isinstance(row, dict):
        raise damaged(path, f"table {entry.name}, row {number}: no row")
    return row


def content(path: Path, archive: zipfile.ZipFile, entry: Entry) -> bytes:
    """A file of the data folder."""
    file: IO[bytes]
    with archive.open(member("files", entry.name)) as file:
        found = file.read(LARGEST_FILE + 1)
    if len(found) != entry.bytes or hashlib.sha256(found).hexdigest() != entry.sha256:
        raise damaged(path, f"the file {entry.name} is not what was written (SHA-256)")
    return found

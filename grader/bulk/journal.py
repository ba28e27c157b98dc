"""The journal of a run: every verdict is written down as it comes, so that a run that was stopped can go on.

One line of JSON for each, appended by a single write, under a seal of its own: a line that a kill tore in two, or that
somebody else wrote, is known by it and not believed.  Where the same source was judged twice the later line counts.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.bulk.seal import LENGTH, Seal
from grader.bulk.sources import Source
from grader.documents import NotThatDocument, verdict_from_json, verdict_to_json
from grader.errors import WorkshopError
from grader.verdict import Verdict

TITLE = b'{"journal": "workshop grade", "version": 1}\n'
MAX_LINE = 64 * 2**20
"""More than the largest verdict that an examiner may give."""
WORTH_CLEARING = 2**20
"""So many bytes of what counts no more are left where they are."""
_BEFORE_SEAL, _AFTER_SEAL = b'{"seal": "', b'", '
_BODY = len(_BEFORE_SEAL) + LENGTH + len(_AFTER_SEAL)
_KEY = slice(len(b'"key": "'), len(b'"key": "') + LENGTH)
_NAME_ANOTHER = "name another one with --journal FILE, or go without: --no-journal"


class JournalRefused(WorkshopError):
    """The journal cannot be used: another run has it, it is some other file, or it cannot be written."""


class JournalBusy(JournalRefused):
    """Another run has it."""


@dataclass(frozen=True, slots=True)
class _Line:
    """Where the line that counts for a key stands."""

    start: int
    size: int


class Journal:
    """What was judged, by key.  One process has it at a time, and of that one thread."""

    def __init__(self, file: int, seal: Seal, path: Path | None = None) -> None:
        self.path = path
        """None for one that is gone when the run is over."""
        self.unknown = 0
        """Lines found that were torn, or are nobody's we know: they count for nothing."""
        self.broken = ""
        """Why nothing can be written any more; what is judged from there on is held in memory."""
        self._file = file
        self._seal = seal
        self._lines: dict[str, _Line] = {}
        self._held: dict[str, Verdict] = {}
        self._end = 0

    @classmethod
    def open(cls, path: Path, seal: Seal) -> Journal:
        """The journal at `path`, a new one where there is none.  Raises `JournalRefused`."""
        try:
            journal = cls(_opened(path), seal, path)
            try:
                journal._read(path)
            except BaseException:
                journal.close()
                raise
        except OSError as error:
            text = f"the journal {path} cannot be used: {error.strerror or error}"
            raise JournalRefused(text, remedy=_NAME_ANOTHER) from error
        return journal

    @classmethod
    def passing(cls, seal: Seal) -> Journal:
        """One without a name, gone with the process: verdicts need not all be in memory."""
        try:
            with tempfile.TemporaryFile(prefix="workshop-grade-") as file:
                return cls(os.dup(file.fileno()), seal)
        except OSError as error:
            journal = cls(-1, seal)
            journal.broken = error.strerror or str(error)
            return journal

    def __contains__(self, key: str) -> bool:
        """Whether there is a verdict for this key."""
        return key in self._lines or key in self._held

    def keep(self, source: Source, verdict: Verdict) -> int:
        """Write a verdict down; about how many bytes it holds."""
        line = self._write(source, {"verdict": verdict_to_json(verdict)})
        if line is None:
            self._held[source.key] = verdict
            return 0
        self._lines[source.key] = line
        return line.size

    def note(self, source: Source, problem: str) -> None:
        """Write down why there is no verdict; it counts as nothing, so that the next run tries again."""
        self._write(source, {"problem": problem})

    def size(self, key: str) -> int:
        """How many bytes the verdict for this key takes up."""
        return self._lines[key].size if key in self._lines else 0

    def find(self, key: str) -> Verdict | None:
        """The verdict for this key, if there is one of today's form."""
        try:
            return self.verdict(key) if key in self else None
        except JournalRefused:
            del self._lines[key]
            return None

    def verdict(self, key: str) -> Verdict:
        """The verdict for a key that is there.  Raises `JournalRefused` when somebody has changed the file."""
        if (held := self._held.get(key)) is not None:
            return held
        place = self._lines[key]
        try:
            body = self._body(os.pread(self._file, place.size, place.start))
            return verdict_from_json(json.loads(b"{" + body)["verdict"])
        except (OSError, ValueError, KeyError, RecursionError, NotThatDocument) as error:
            text = f"the journal {self.path or ''} was changed while it was in use"
            raise JournalRefused(text, remedy="run the command again") from error

    def close(self) -> None:
        """Let go of it."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _write(self, source: Source, what: dict[str, Any]) -> _Line | None:
        """Append one line; None when that is not possible, or was not before."""
        if self.broken:
            return None
        told = {"key": source.key, **({} if "verdict" in what else what), "path": source.submission.path}
        record = {**told, "item": f"{source.item.bank}/{source.item.id}", **what}
        body = json.dumps(record, allow_nan=False)[1:].encode()
        line = b"".join((_BEFORE_SEAL, self._seal.of(body), _AFTER_SEAL, body, b"\n"))
        try:
            left = memoryview(line)
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            self.broken = error.strerror or str(error)
            return None
        place = _Line(self._end, len(line))
        self._end += len(line)
        return place

    def _body(self, line: bytes) -> bytes:
        """What a line says, behind its seal; ValueError unless it is whole and ours."""
        body = line[_BODY:-1]
        seal = line[len(_BEFORE_SEAL) : len(_BEFORE_SEAL) + LENGTH]
        framed = line.startswith(_BEFORE_SEAL) and line[_BODY - len(_AFTER_SEAL) : _BODY] == _AFTER_SEAL
        if not (framed and line.endswith(b"\n") and self._seal.holds(seal, body)):
            raise ValueError("no line of ours")
        return body

    def _read(self, path: Path) -> None:
        """Find what counts; mend a torn end; leave room where more counts no longer than does."""
        size = os.fstat(self._file).st_size
        title = os.pread(self._file, len(TITLE), 0)
        if title != TITLE:
            if not TITLE.startswith(title):  # the beginning of one was torn while it was written
                text = f"{path} is a file, but no journal of this version of workshop grade"
                raise JournalRefused(text, remedy=_NAME_ANOTHER)
            os.ftruncate(self._file, 0)
            os.write(self._file, TITLE)
            self._end = len(TITLE)
            return
        self._end = start = len(TITLE)
        for line in self._found():
            try:
                body = self._body(line)
                if not body[_KEY.stop :].startswith(b'", "problem": '):
                    self._lines[body[_KEY].decode()] = _Line(start, len(line))
            except ValueError:
                self.unknown += 1
            start += len(line)
            if line.endswith(b"\n"):
                self._end = start
        if self._end < size:
            os.ftruncate(self._file, self._end)
        counting = sum(line.size for line in self._lines.values())
        if self._end - counting > max(WORTH_CLEARING, counting):
            self._clear(path)

    def _found(self) -> Iterator[bytes]:
        with open(os.dup(self._file), "rb") as file:
            file.seek(len(TITLE))
            while line := file.readline(MAX_LINE):
                yield line

    def _clear(self, path: Path) -> None:
        """Replace the file by one that holds only what counts, whole or not at all."""
        new = path.with_name(f"{path.name}.new")
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        file = os.open(new, flags, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.write(file, TITLE)
            lines, end = {}, len(TITLE)
            for key, line in sorted(self._lines.items(), key=lambda entry: entry[1].start):
                left = memoryview(os.pread(self._file, line.size, line.start))
                while left:
                    left = left[os.write(file, left) :]
                lines[key] = _Line(end, line.size)
                end += line.size
            os.rename(new, path)
        except BaseException:
            os.close(file)
            raise
        os.close(self._file)
        self._file, self._lines, self._end = file, lines, end


def _opened(path: Path) -> int:
    """The file, locked for this process."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
        try:
            if not stat.S_ISREG(os.fstat(file).st_mode):
                raise JournalRefused(f"{path} is not a file", remedy=_NAME_ANOTHER)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(file), os.stat(path)):
                return file
        except BlockingIOError:
            os.close(file)
            text = f"another run of workshop grade is writing {path}"
            raise JournalBusy(text, remedy=f"wait until it is done, or {_NAME_ANOTHER}") from None
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(file)
            raise
        os.close(file)  # it was replaced by a shorter one while we opened it

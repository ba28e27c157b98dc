"""From paths that somebody names to files: through folders and archives, every file read once, none believed."""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from grader.archives import ArchiveRefused, File, Limits, Reason, Skipped, unpack
from grader.archives.names import is_clutter
from grader.archives.reading import ENDINGS as ARCHIVES
from grader.bulk import problems
from grader.bulk.contents import Pile
from grader.bulk.found import CLOSED, Found, What, is_packed, most_read, read_as, what_is
from grader.bulk.lines import read_lines
from grader.bulk.problems import Problem
from grader.errors import WorkshopError
from grader.naming.gradescope import MOST_BYTES as MOST_OF_METADATA
from grader.naming.layouts import ARCHIVES as PACKED
from grader.naming.layouts import METADATA

MOST_FILES = 100_000
EXPORT = Limits(entries=MOST_FILES, total_bytes=8 * 1024**3, nested_bytes=64 * 1024 * 1024)
"""Of a class's export, which is read entry by entry; what it holds packed is held as a whole for a moment.

So much that no single student can use it up, who could spoil the whole export."""
PERSONAL = Limits(total_bytes=64 * 1024 * 1024)
"""Of an archive in a folder of many."""
NOT_THEIRS = frozenset({"node_modules", "site-packages", "venv"})
NAMES_HIDE = frozenset(
    {Reason.TRAVERSAL, Reason.ABSOLUTE, Reason.BACKSLASH, Reason.HIDDEN_CHARACTERS, Reason.NAMELESS, Reason.LONG_NAME}
)
"""Entries whose names are to be shown only."""


@dataclass(slots=True)
class Root:
    """One path that was named, or the files that were named by themselves, and everything below it."""

    path: str
    label: str
    """What it is called; of an archive without its ending."""
    files: list[Found] = field(default_factory=list)
    metadata: dict[str, bytes] = field(default_factory=dict)
    """Gradescope's file about its folders, by the folder it lies in (with a slash behind it, or empty)."""
    loose: bool = False
    """Whether its files were named one by one."""


class Finder:
    """Finds files; of those it `wants` it reads what is judged."""

    def __init__(self, wants: frozenset[What], pile: Pile) -> None:
        self._wants = wants
        self._pile = pile

    def roots(self, paths: Sequence[Path]) -> list[Root]:
        """Everything that `paths` name.  Raises `WorkshopError` where that is too much."""
        roots: list[Root] = []
        loose = [path for path in paths if not path.is_dir() and not path.name.lower().endswith(ARCHIVES)]
        shared = os.path.commonpath([path.absolute().parent for path in loose]) if loose else ""
        single: Root | None = None
        for path in dict.fromkeys(paths):
            if path.is_dir():
                roots.append(self._folder(path))
            elif path.name.lower().endswith(ARCHIVES):
                roots.append(self._archive(path))
            else:
                if single is None:
                    single = Root(shared, Path(shared).name, loose=True)
                    roots.append(single)
                single.files += self._named(path, os.path.relpath(path.absolute(), shared))
        return roots

    # Files named by themselves ----------------------------------------------------------------------------------------

    def _named(self, path: Path, name: str) -> Iterator[Found]:
        what = what_is(name)
        if name.lower().endswith(CLOSED):
            yield Found(str(path), name, What.OTHER, problem=_unknown(name))
            return
        found = Found(str(path), name, what if what in self._wants else What.ANY)
        if what is What.LINES and what not in self._wants:
            yield _failed(found, problems.words_where_code_is_asked())
            return
        try:
            with path.open("rb") as file:
                yield from self._read(found, file)
        except OSError as error:
            yield _unreadable(found, error)

    def _read(self, found: Found, file: BinaryIO) -> Iterator[Found]:
        if found.what is What.LINES and What.LINES in self._wants:
            yield from read_lines(found, file, self._pile)
        elif found.what in (self._wants | {What.ANY}):
            yield read_as(found, file.read(most_read(found.name) + 1), self._pile)
        else:
            yield found

    # Folders ----------------------------------------------------------------------------------------------------------

    def _folder(self, folder: Path) -> Root:
        root = Root(str(folder), folder.name or folder.resolve().name)
        pending, count = [("", folder)], 0
        while pending:
            name, path = pending.pop()
            try:
                if (path.is_dir() and not path.is_symlink()) or not name:
                    with os.scandir(path) as entries:
                        inside = sorted(entry.name for entry in entries)
                    if name and "pyvenv.cfg" in inside:
                        continue
                    below = [(f"{name}/{each}" if name else each, path / each) for each in inside]
                    pending += reversed([each for each in below if not _is_clutter(*each)])
                    continue
            except OSError as error:
                problem = problems.folder_cannot_be_read(error)
                root.files.append(Found(str(path), name, What.OTHER, problem=problem))
                continue
            count += 1
            if count > MOST_FILES:
                raise WorkshopError(
                    f"{folder} holds more than {MOST_FILES:,} files", remedy="name the folders of the submissions"
                )
            self._in_folder(root, path, name)
        return root

    def _in_folder(self, root: Root, path: Path, name: str) -> None:
        found = Found(str(path), name, what_is(name))
        base = name.rpartition("/")[2]
        packed = is_packed(base)
        if not packed and base != METADATA and found.what not in self._wants and not path.is_symlink():
            root.files.append(found)
            return
        try:
            # Not through a link, even one made this moment; and never waiting for a pipe's other end.
            number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(number, "rb") as file:
                state = os.fstat(number)
                if not stat.S_ISREG(state.st_mode):
                    root.files.append(_failed(found, problems.no_file()))
                elif base == METADATA:
                    root.metadata[name[: -len(base)]] = file.read(MOST_OF_METADATA + 1)
                elif packed:
                    self._unpacked(root, str(path), name + "/", file, PERSONAL)
                elif state.st_size > most_read(name) and found.what is not What.LINES:
                    root.files.append(_failed(found, problems.too_large(state.st_size, most_read(name))))
                else:
                    root.files += self._read(found, file)
        except OSError as error:
            root.files.append(_unreadable(found, error))

    # Archives ---------------------------------------------------------------------------------------------------------

    def _archive(self, path: Path) -> Root:
        name = path.name
        root = Root(str(path), PACKED.sub("", name))
        try:
            with path.open("rb") as file:
                self._unpacked(root, str(path), "", file, EXPORT)
        except OSError as error:
            root.files = [_unreadable(Found(str(path), name, What.OTHER), error)]
        return root

    def _unpacked(self, root: Root, path: str, within: str, file: BinaryIO, limits: Limits) -> None:
        """What an archive holds: all that can be taken of it, or nothing and why."""
        files: list[Found] = []
        metadata: dict[str, bytes] = {}
        try:
            for each in unpack(file, limits):
                found = Found(f"{path}/{each.path}", within + each.path, what_is(each.path))
                folder, _, base = found.name.rpartition("/")
                if isinstance(each, Skipped):
                    if not each.reason.harmless:
                        hides = each.reason in NAMES_HIDE or each.reason is Reason.TWICE
                        problem = problems.of_words(each.words)
                        files.append(Found(found.path, found.name, found.what, problem=problem, nameless=hides))
                elif base == METADATA:
                    metadata[folder + "/" if folder else ""] = each.content
                else:
                    files += self._entry(found, each)
        except ArchiveRefused as refused:
            name = within.rstrip("/") or Path(path).name
            files = [Found(path, name, What.OTHER, problem=problems.of_words(refused.words))]
            metadata = {}
        if not files and not metadata:
            name = within.rstrip("/") or Path(path).name
            files = [Found(path, name, What.OTHER, problem=problems.empty_archive())]
        root.files += files
        root.metadata |= metadata

    def _entry(self, found: Found, file: File) -> Iterator[Found]:
        if found.name.lower().endswith(CLOSED):
            yield _failed(found, _unknown(found.name))
        else:
            yield from self._read(found, io.BytesIO(file.content))


def _is_clutter(name: str, path: Path) -> bool:
    base = name.rpartition("/")[2]
    if base.startswith(".") or base in NOT_THEIRS:
        return True
    return is_clutter(name) or is_clutter(name + "/")


def _unknown(name: str) -> Problem:
    return problems.of_words(Skipped(name, Reason.UNKNOWN).words)


def _failed(found: Found, problem: Problem) -> Found:
    return Found(found.path, found.name, found.what, problem=problem)


def _unreadable(found: Found, error: OSError) -> Found:
    return _failed(found, problems.link() if error.errno == errno.ELOOP else problems.cannot_be_read(error))

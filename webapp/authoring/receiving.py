"""A bank as somebody sends it, a zip, a tar or Markdown files: which files it is, and what was not taken.

All or nothing: an archive that holds anything hostile is refused as a whole, and nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from grader.archives import Limits, Reason, Skipped, collect
from questions.figures import FOLDER, is_name
from questions.svg import MAX_BYTES
from questions.text import MAX_CHARACTERS
from webapp import bank_versions
from webapp.bank_versions import MOST_CHARACTERS, MOST_FIGURES, MOST_FILES

LIMITS = Limits(
    entries=1_000,
    file_bytes=4 * MAX_CHARACTERS,
    total_bytes=4 * MOST_CHARACTERS,
    ratio=100,
    nesting=0,
    path_characters=200,
)
IGNORED = (".py", ".txt", ".yml", ".yaml", ".json", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".toml", ".cfg")
"""What stands beside banks and is no part of them."""


class Wrong(StrEnum):
    """What is wrong with one file, where it is not the archive's doing."""

    NAME = "name"
    NOT_UTF8 = "not-utf-8"
    BINARY = "binary"
    LARGE = "large"
    FOLDERS = "folders"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that cannot be taken, and why: a `Wrong` or a `Reason`."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """What was sent: files of one bank, or what keeps it from being taken."""

    files: dict[str, str]
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...]


def receive(sent: Sequence[tuple[str, BinaryIO]]) -> Parcel:
    """Read what was sent.  Raises `ArchiveRefused`."""
    files: dict[str, str] = {}
    folders: set[str] = set()
    problems: list[Problem] = []
    ignored: list[str] = []
    for each in collect(sent, LIMITS):
        if isinstance(each, Skipped):
            if each.reason is not Reason.CLUTTER:
                problems.append(Problem(each.path, each.reason.value))
            continue
        folder, name = _place(each.path)
        if not name.lower().endswith(".md") and not is_name(name):
            known = name.lower().endswith(IGNORED) or name.upper() in ("LICENSE", "MAKEFILE")
            if known:
                ignored.append(each.path)
            else:
                problems.append(Problem(each.path, Wrong.OTHER))
            continue
        if name.lower() == "readme.md":
            ignored.append(each.path)
            continue
        text = _text(each.content)
        if isinstance(text, Wrong):
            problems.append(Problem(each.path, text))
        elif not bank_versions.fits(name):
            problems.append(Problem(each.path, Wrong.NAME))
        elif len(text) > (MAX_BYTES if is_name(name) else MAX_CHARACTERS) or len(files) > MOST_FILES + MOST_FIGURES:
            problems.append(Problem(each.path, Wrong.LARGE))
        else:
            folders.add(folder)
            if len(folders) > 1:
                problems.append(Problem(each.path, Wrong.FOLDERS))
            files[name] = text
    if not bank_versions.within_limits(files):
        problems.append(Problem("", Wrong.LARGE))
    return Parcel(files if not problems else {}, tuple(problems), tuple(ignored))


def _place(path: str) -> tuple[str, str]:
    """The folder of the bank that a file belongs to, and what it is called there; a drawing by itself is a figure."""
    folder, _, name = path.rpartition("/")
    bank, _, beside = folder.rpartition("/")
    if is_name(f"{FOLDER}/{name}") and (beside == FOLDER or not folder):
        return bank, f"{FOLDER}/{name}"
    return folder, name


def _text(content: bytes) -> str | Wrong:
    """A file's text.  Banks are UTF-8: a guess at another encoding would be read by students."""
    if b"\0" in content:
        return Wrong.BINARY
    try:
        return bank_versions.clean(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Wrong.NOT_UTF8

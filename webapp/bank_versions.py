"""All files of a bank as they were after each saving: what may be a file, what is newest, adding one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from questions import figures, files_of
from questions.figures import NAME, is_name, read_figures
from questions.text import MAX_CHARACTERS
from webapp.models import BankVersion

MOST_FILES = 100
MOST_FIGURES = figures.MOST
MOST_CHARACTERS = 4 * MAX_CHARACTERS
"""Of all files of a bank together."""
_NAME = re.compile(r"[^\W_][\w.-]{0,75}\.md")

Files = Mapping[str, str]
"""Texts by the names of their files."""


class Keeper(StrEnum):
    """Who says what a bank holds."""

    FOLDER = "folder"
    """Whatever is read from its folder replaces it."""
    WORKSHOP = "workshop"
    """It is changed in the browser, and its folder no longer counts."""


def fits(name: str) -> bool:
    """Whether a file may be called that: letters, digits, dots and hyphens, and it ends in `.md`; or a figure."""
    return is_name(name) or (_NAME.fullmatch(name) is not None and ".." not in name)


def clean(text: str) -> str:
    """A text as it is kept: line ends are LF, and there is nothing in it that a database refuses."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\x00\ud800-\udfff]", "\ufffd", text)


def within_limits(files: Files) -> bool:
    """Whether a bank of this size can be edited in a browser."""
    sizes = [len(text) for text in files.values()]
    drawn = sum(map(is_name, files))
    many = drawn > MOST_FIGURES or len(files) - drawn > MOST_FILES
    return not many and sum(sizes) <= MOST_CHARACTERS and max(sizes, default=0) <= MAX_CHARACTERS


def read_from(path: Path) -> Files | None:
    """The files of the bank at `path`; None where they are too large, or called so, that nobody could edit them.

    Raises `OSError` when they cannot be read.
    """
    found: dict[str, str] = {}
    files = files_of(path)
    for file in files:
        if not fits(file.name) or file.stat().st_size > 4 * MAX_CHARACTERS:
            return None
        found[file.name] = clean(file.read_bytes().decode("utf-8", "replace"))
    beside = read_figures(files[0].parent if files else path)
    named = {name for text in found.values() for name in NAME.findall(text)}
    whole = path.is_dir() or len(files) > 1  # the figures beside a bank of one file may be another's
    for name in beside.names:
        if name in beside.texts and (whole or name in named):
            found[name] = clean(beside.texts[name])
        elif name in named:
            return None
    return found if within_limits(found) else None


def newest(session: Session, bank_id: str) -> BankVersion | None:
    """The bank as it is."""
    return session.scalar(
        select(BankVersion).where(BankVersion.bank_id == bank_id).order_by(BankVersion.number.desc()).limit(1)
    )


def numbered(session: Session, bank_id: str, number: int) -> BankVersion | None:
    """The bank as it was after that saving."""
    return session.scalar(select(BankVersion).where(BankVersion.bank_id == bank_id, BankVersion.number == number))


def keep(
    session: Session, bank_id: str, files: Files, author_id: int | None, message: str, now: datetime
) -> BankVersion:
    """These files as the newest version; where they are that already, nothing is added."""
    last = newest(session, bank_id)
    if last is not None and last.files == dict(files):
        return last
    version = BankVersion(
        bank_id=bank_id,
        number=last.number + 1 if last else 1,
        files=dict(files),
        author_id=author_id,
        message=message,
        created_at=now,
    )
    session.add(version)
    session.flush()
    return version

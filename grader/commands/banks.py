"""Finding items for commands: the banks on disk and the item a name means."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

import click

import questions
from grader.errors import WorkshopError
from questions.model import Bank, Item


def shipped_banks() -> Path:
    """The folder of banks that comes with the distribution."""
    return Path(questions.__file__).parent / "banks"


def load_banks(path: Path | None) -> list[Bank]:
    """The bank at `path` (a file, a bank's folder or a folder of banks), or the shipped ones."""
    root = path or shipped_banks()
    try:
        return [questions.load_bank(place) for place in bank_places(root)]
    except OSError as error:
        raise WorkshopError(
            f"{error.filename or root} cannot be read: {error.strerror}", remedy="check its permissions"
        ) from error


def bank_places(root: Path) -> list[Path]:
    """Where the banks below `root` lie.  Raises OSError when that cannot be seen."""
    if not root.exists():
        raise WorkshopError(f"{root} does not exist", remedy="give a folder of Markdown or one .md file")
    if not root.is_dir():
        if not root.is_file():
            raise WorkshopError(f"{root} is neither a file nor a folder", remedy="give a folder or one .md file")
        return [root]
    names = sorted(os.listdir(root))  # glob would take a folder that may not be read for an empty one
    if any(name.endswith(".md") and (root / name).is_file() for name in names):
        return [root]
    folders = [root / name for name in names if (root / name).is_dir() and any((root / name).glob("*.md"))]
    if not folders:
        raise WorkshopError(f"{root} holds no bank", remedy="give a folder with .md files in it")
    return folders


def item_named(name: str, banks: list[Bank]) -> Item | None:
    """The item called `name` ("item" or "bank/item"), or nothing.  Raises where several banks have it."""
    bank_name, _, item_name = name.rpartition("/")
    items = {(bank.id, item.id): item for bank in banks for item in bank.items if not bank_name or bank.id == bank_name}
    found = [item for (_, item_id), item in items.items() if item_id == item_name]
    if len(found) > 1:
        raise click.UsageError(f"several banks have an item {item_name!r}; say bank/{item_name}")
    return found[0] if found else None


def nearest_items(name: str, banks: list[Bank]) -> list[str]:
    """The ids that look most like `name`."""
    known = sorted({item.id for bank in banks for item in bank.items})
    return difflib.get_close_matches(name.rpartition("/")[2], known, 3)

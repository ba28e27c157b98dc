"""``workshop new``: a small complete item to start from, in a new bank or an existing one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import click

import questions
from grader.errors import WorkshopError
from grader.scaffold import SECTION, bank_head, scaffold
from questions.fields import ID
from questions.figures import read_figures
from questions.items import slug
from questions.model import Bank, Kind

LONGEST_ID = 80


@dataclass(frozen=True, slots=True)
class Change:
    """A file to be made, or text for the end of one that is there."""

    path: Path
    text: str
    appends: bool = False


@click.command(epilog="Example: workshop new causal-weights --bank my-bank")
@click.argument("item_id", metavar="ITEM")
@click.option(
    "--kind", type=click.Choice([kind.value for kind in Kind]), default=Kind.CODING.value, show_default=True,
    help="What the item asks for.",
)  # fmt: skip
@click.option(
    "--bank", "place", type=click.Path(path_type=Path), default=Path("my-bank"), show_default=True, metavar="DIR",
    help="A bank's folder, which gets a file ITEM.md, or a .md file, which gets the item at its end.",
)  # fmt: skip
def new(item_id: str, kind: str, place: Path) -> None:
    """Start an item: small, complete, and proved as it stands.

    ITEM is the new item's id, as in causal-weights.  The bank is made where there is none.  Nothing that is there is
    ever overwritten.  Edit the item part by part and let `workshop check --watch` say what each change does.
    """
    if not ID.fullmatch(item_id) or len(item_id) > LONGEST_ID:
        hint = slug(item_id, "my-item")
        raise click.UsageError(f"an item's id is lower-case letters, digits and hyphens between them, as in {hint!r}")
    try:
        changes = changes_for(item_id, Kind(kind), place)
        for change in changes:
            _write(change)
    except OSError as error:
        told = f"{error.filename or place} cannot be written: {error.strerror}"
        raise WorkshopError(told, remedy="choose another place with --bank") from error
    item = changes[-1].path
    for change in changes:
        click.echo(f"{'added to' if change.appends else 'made'} {change.path}")
    click.echo(f"\nProve it whenever you save:  workshop check {_quoted(place)} --watch", err=True)
    click.echo(f"Then change {item} part by part; its comments say what each part is.", err=True)
    click.echo("docs/authoring.md leads through all of it.", err=True)


def changes_for(item_id: str, kind: Kind, place: Path) -> list[Change]:
    """What has to be written, the item's file last.  Raises `WorkshopError` where that would harm what is there."""
    text = scaffold(item_id, kind)
    if place.suffix == ".md" and not place.is_dir():
        if not place.exists():
            return [Change(place, f"{bank_head(slug(place.stem))}\n{SECTION}\n{text}")]
        return [_appended(place, item_id, text)]
    if place.exists() and not place.is_dir():
        raise WorkshopError(f"{place} is no Markdown file", remedy="give a folder, or a file NAME.md")
    changes = []
    bank = _bank_in(place)
    if bank is None:
        changes.append(Change(place / "00-bank.md", bank_head(slug(place.resolve().name))))
    elif bank.item(item_id) is not None:
        raise _taken(bank, item_id)
    return [*changes, Change(place / f"{item_id}.md", f"{SECTION}\n{text}")]


def _bank_in(folder: Path) -> Bank | None:
    """The bank in `folder`, if there is one.  Raises `WorkshopError` for a folder of banks."""
    if any(folder.glob("*.md")):
        return questions.load_bank(folder)
    banks = sorted(path.parent for path in folder.glob("*/*.md"))
    if banks:
        raise WorkshopError(f"{folder} holds banks of its own", remedy=f"name one of them: --bank {banks[0]}")
    return None


def _appended(path: Path, item_id: str, text: str) -> Change:
    """The item at the end of the file; below a section of its own where there is none."""
    bank = questions.load_bank(path)
    if bank.item(item_id) is not None:
        raise _taken(bank, item_id)
    written = path.read_bytes().decode("utf-8", "replace")
    before = "" if written.endswith("\n\n") else "\n" if written.endswith("\n") else "\n\n"
    addition = before + ("" if bank.sections else f"{SECTION}\n") + text
    grown = questions.parse_bank(written + addition, path, read_figures(path.parent)).item(item_id)
    if grown is None or not grown.servable:
        remedy = f"workshop check --structure {path} says what is left open there"
        raise WorkshopError(f"an item at the end of {path} would not be read as one", remedy=remedy)
    return Change(path, addition.replace("\n", "\r\n") if "\r\n" in written else addition, appends=True)


def _taken(bank: Bank, item_id: str) -> WorkshopError:
    there = bank.item(item_id)
    where = f"{there.path}:{there.line}" if there else str(bank.path)
    return WorkshopError(f"the bank has an item {item_id!r} already, at {where}", remedy="choose another id")


def _write(change: Change) -> None:
    if change.appends:
        with change.path.open("a", encoding="utf-8", newline="") as file:
            file.write(change.text)
        return
    change.path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with change.path.open("x", encoding="utf-8", newline="") as file:
            file.write(change.text)
    except FileExistsError as error:
        raise WorkshopError(f"{change.path} is there already", remedy="choose another id, or another --bank") from error


def _quoted(path: Path) -> str:
    text = os.fspath(path)
    return f"'{text}'" if " " in text else text

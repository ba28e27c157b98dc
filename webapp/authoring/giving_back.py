"""Giving a bank that the workshop keeps back to a folder: its files are written there, and count from then on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.errors import WorkshopError
from questions.figures import FOLDER, is_name
from webapp import audit, bank_versions
from webapp.bank_versions import Keeper
from webapp.models import Bank, BankVersion
from webapp.models.times import utc_now


@dataclass(frozen=True, slots=True)
class Given:
    """Where a bank went, and which version."""

    number: int
    folder: Path


def give_back(session: Session, bank_id: str, folder: Path | None) -> Given:
    """Write the newest version into `folder`, else the one it came from, and make that its keeper.

    Raises `WorkshopError` before anything is written where a file there is in no version of the bank.
    """
    row = session.get(Bank, bank_id, with_for_update=True)
    newest = bank_versions.newest(session, bank_id)
    if row is None or newest is None:
        raise WorkshopError(f"no bank is called {bank_id!r}", remedy="the page of banks lists them with their ids")
    place = folder or (Path(row.source) if row.source else None)
    if place is None:
        raise WorkshopError(f"{bank_id} was made in the browser and has no folder", remedy="name one: --to FOLDER")
    texts, gone = _plan(session, newest, place)
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        for path in gone:
            path.unlink()
    except OSError as problem:
        remedy = "let this user write there, or choose another folder: --to FOLDER"
        raise WorkshopError(f"cannot write {problem.filename}: {problem.strerror}", remedy=remedy) from problem
    before = {"keeper": row.keeper, "source": row.source}
    row.keeper, row.source = Keeper.FOLDER, str(place.absolute())
    after = {"keeper": row.keeper, "source": row.source, "version": newest.number}
    audit.note(session, utc_now(), None, "bank-give-back", f"bank:{bank_id}", before=before, after=after)
    return Given(newest.number, place)


def _plan(session: Session, newest: BankVersion, place: Path) -> tuple[dict[Path, str], list[Path]]:
    """What is to be written where, and which files of earlier versions go."""
    known: dict[str, set[str]] = {}
    for files in session.scalars(select(BankVersion.files).where(BankVersion.bank_id == newest.bank_id)):
        for name, text in files.items():
            known.setdefault(name, set()).add(text)
    figures = {name: text for name, text in newest.files.items() if is_name(name)}
    if place.suffix == ".md" and not place.is_dir():
        if len(newest.files) != 1 + len(figures):
            raise WorkshopError(f"{place} is one file, and the bank has several", remedy="name a folder: --to FOLDER")
        # Other figures beside it may be another file's.
        there = {name: place.parent / name for name in figures} | {place.name: place}
        texts = {place.parent / name: text for name, text in figures.items()}
        texts[place] = next(text for name, text in newest.files.items() if name not in figures)
        own = set().union(*(versions for name, versions in known.items() if not is_name(name)))
        known = {name: versions for name, versions in known.items() if is_name(name)} | {place.name: own}
    else:
        there = {path.name: path for path in place.glob("*.md")}
        there |= {f"{FOLDER}/{path.name}": path for path in place.glob(f"{FOLDER}/*.svg")}
        texts = {place / name: text for name, text in newest.files.items()}
    for name, path in there.items():
        if path.exists() and bank_versions.clean(path.read_bytes().decode("utf-8", "replace")) not in known.get(
            name, ()
        ):
            raise WorkshopError(
                f"{path} holds what no version of the bank does, so nothing was written",
                remedy="move it away, or choose another folder: --to FOLDER",
            )
    return texts, [path for path in there.values() if path not in texts]

"""Bringing banks into the database: revisions are added, never changed, and pins move only where nobody has worked.

What a bank is read from is its keeper's: a folder, until somebody saves it in the browser.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from questions.figures import file_of
from questions.model import Bank, Bilingual, Fault, Item, PathSection, Severity
from webapp import bank_versions, figures, models, variants
from webapp.bank_versions import Keeper
from webapp.models import AssignmentItem, Revision, Submission
from webapp.models.upserting import upsert


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one bank."""

    bank_id: str
    items: int
    servable: int
    new_revisions: int
    faults: tuple[str, ...]
    left_alone: bool = False
    """The workshop keeps it, so the folder was not taken."""


def _both(text: Bilingual) -> dict[str, str]:
    return {name: passage.markdown for name, passage in (("zh", text.zh), ("en", text.en)) if passage is not None}


def _fault(fault: Fault) -> dict[str, Any]:
    return {"text": fault.text, "line": fault.line, "severity": fault.severity.value, "file": file_of(fault.path)}


def _listed(sections: Iterable[PathSection]) -> list[dict[str, Any]]:
    return [{"title": _both(section.title), "items": list(section.items)} for section in sections]


def report(bank: Bank) -> dict[str, Any]:
    """What an instructor is shown of a bank."""
    return {
        "title": _both(bank.title),
        "skills": {skill.id: _both(skill.name) for skill in bank.skills},
        "paths": [
            {"id": path.id, "title": _both(path.title), "sections": _listed(path.sections)} for path in bank.paths
        ],
        "sections": [
            {"title": _both(section.title), "items": [item.id for item in section.items]} for section in bank.sections
        ],
        "faults": [str(fault) for fault in bank.faults if fault.item is None],
        "items": [
            {
                "id": item.id,
                "title": _both(item.title),
                "kind": item.kind.value,
                "skills": list(item.skills),
                "points": item.points,
                "line": item.line,
                "file": item.path.name,
                "shared": [[(code.path or item.path).name, code.line] for code in item.shared],
                "servable": can_serve(item),
                "variants": item.variant is not None,
                "revision": item.revision,
                "faults": [_fault(fault) for fault in item.faults],
            }
            for item in bank.items
        ],
    }


def can_serve(item: Item) -> bool:
    """Whether students may be given this item."""
    return item.servable and not item.provisional


def load(session: Session, path: Path, now: datetime) -> tuple[Bank, Loaded]:
    """Read one bank and store what is new; one that the workshop keeps stays as it is there.

    Raises `OSError` when the path cannot be read.
    """
    from questions import load_bank, parse_files

    bank = load_bank(path)
    kept = session.get(models.Bank, bank.id)
    if kept is not None and kept.keeper == Keeper.WORKSHOP and (newest := bank_versions.newest(session, bank.id)):
        bank = parse_files(newest.files, bank.id)
        return bank, _loaded(bank, 0, left_alone=True)
    upsert(
        session,
        models.Bank,
        {"id": bank.id},
        {"source": str(path.absolute()), "report": report(bank), "loaded_at": now},
    )
    message = f"read from {path.name}"
    files = bank_versions.read_from(path)
    if files is not None:
        bank_versions.keep(session, bank.id, files, None, message, now)
    return bank, _loaded(bank, store_items(session, bank, None, message, now))


def _loaded(bank: Bank, new_revisions: int, *, left_alone: bool = False) -> Loaded:
    return Loaded(
        bank_id=bank.id,
        items=len(bank.items),
        servable=sum(map(can_serve, bank.items)),
        new_revisions=new_revisions,
        faults=tuple(str(fault) for fault in bank.faults if fault.severity is Severity.FAULT),
        left_alone=left_alone,
    )


def store_items(session: Session, bank: Bank, author_id: int | None, message: str, now: datetime) -> int:
    """Keep a revision of every item that can be served and the figures beside them, and have missing variants drawn;
    how many revisions are new.
    """
    figures.keep(session, bank.figures, now)
    wanted = {item.revision: item for item in bank.items if can_serve(item)}
    known = set(session.scalars(select(Revision.hash).where(Revision.hash.in_(wanted))))
    for revision, item in wanted.items():
        if revision not in known:
            session.add(
                Revision(
                    hash=revision,
                    suite_hash=item.suite,
                    bank_id=bank.id,
                    item=item.id,
                    source=item.source,
                    proof=None,
                    created_at=now,
                    author_id=author_id,
                    message=message,
                )
            )
    session.flush()
    variants.ask_for_missing(session, wanted, now)
    return len(wanted) - len(known)


def pin(session: Session, assignment_id: int, item: Item, position: int, max_submissions: int | None) -> AssignmentItem:
    """Put an item into an assignment at its present revision.

    An item that is there already moves to the new revision only while nobody has sent anything for it: what students
    were asked does not change under their hands.
    """
    found = session.scalar(
        select(AssignmentItem).where(
            AssignmentItem.assignment_id == assignment_id,
            AssignmentItem.bank_id == item.bank,
            AssignmentItem.item == item.id,
        )
    )
    if found is None:
        found = AssignmentItem(
            assignment_id=assignment_id,
            bank_id=item.bank,
            item=item.id,
            revision=item.revision,
            position=position,
            points=item.points,
            max_submissions=max_submissions,
        )
        session.add(found)
    elif found.revision != item.revision:
        used = session.scalar(select(exists().where(Submission.assignment_item_id == found.id)))
        if not used:
            found.revision, found.points = item.revision, item.points
    found.position = position
    session.flush()
    return found


def in_order(banks: Iterable[Bank]) -> list[Item]:
    """Every item that can be served, in the order of the banks."""
    return [item for bank in banks for item in bank.items if can_serve(item)]

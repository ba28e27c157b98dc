"""Saving a bank that was changed in the browser: a new version, new revisions, and nobody's work overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from questions.figures import is_name
from questions.model import Bank as ReadBank
from webapp import audit, bank_versions, banks
from webapp.authoring import proofs
from webapp.bank_versions import Files, Keeper
from webapp.models import Bank, BankVersion

LONGEST_MESSAGE = 300


class Unfit(StrEnum):
    """Why nothing was saved."""

    CHANGED = "changed"
    """Somebody else has saved meanwhile."""
    SAME = "same"
    NAME = "name"
    LARGE = "large"
    OTHER_ID = "other-id"
    EMPTY = "empty"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Draft:
    """Files as somebody wants them, made from the version `base` (0: there is none yet)."""

    bank_id: str
    base: int
    files: Files


def with_file(files: Files, name: str, text: str | None) -> dict[str, str]:
    """The files with one changed, added, or (without a text) taken out."""
    changed = {**files, name: bank_versions.clean(text)} if text is not None else dict(files)
    if text is None:
        changed.pop(name, None)
    return changed


def onto(newest: BankVersion, base: BankVersion | None, name: str, text: str | None) -> Draft | None:
    """One file's change on top of what is newest; None where somebody else has changed that file since `base`."""
    if base is None or newest.files.get(name) != base.files.get(name):
        return None
    return Draft(newest.bank_id, newest.number, with_file(newest.files, name, text))


def unfit(draft: Draft, bank: ReadBank | None, before: Files) -> Unfit | None:
    """Why a draft cannot be saved as it is; `bank` is what was read of it."""
    if not all(map(bank_versions.fits, draft.files)):
        return Unfit.NAME
    if not bank_versions.within_limits(draft.files):
        return Unfit.LARGE
    if all(map(is_name, draft.files)):
        return Unfit.EMPTY
    if dict(before) == dict(draft.files):
        return Unfit.SAME
    return Unfit.OTHER_ID if bank is not None and bank.id != draft.bank_id else None


def save(
    session: Session,
    draft: Draft,
    bank: ReadBank,
    actor_id: int,
    message: str,
    now: datetime,
    *,
    action: str = "bank-save",
    prove: bool = True,
) -> BankVersion | Unfit:
    """Keep a draft, which was read as `bank`, as the newest version; `session` is a writing one.

    What was submitted keeps its verdicts, and assignments keep their revisions.
    """
    message = " ".join(message.split())[:LONGEST_MESSAGE]
    row = session.get(Bank, draft.bank_id, with_for_update=True)
    newest = bank_versions.newest(session, draft.bank_id)
    if (newest.number if newest else 0) != draft.base:
        return Unfit.CHANGED
    if row is None:
        if draft.base:
            return Unfit.CHANGED
        row = Bank(id=draft.bank_id, source="", keeper=Keeper.WORKSHOP, report=banks.report(bank), loaded_at=now)
        session.add(row)
        session.flush()
    elif not draft.base:
        return Unfit.TAKEN
    kept_by = row.keeper
    row.report, row.loaded_at, row.keeper = banks.report(bank), now, Keeper.WORKSHOP
    version = bank_versions.keep(session, draft.bank_id, draft.files, actor_id, message, now)
    new = banks.store_items(session, bank, actor_id, message, now)
    if prove:
        proofs.ask(session, [item.revision for item in bank.items if banks.can_serve(item)], now)
    audit.note(
        session,
        now,
        actor_id,
        action,
        f"bank:{draft.bank_id}",
        before={"version": draft.base, "keeper": kept_by},
        after={"version": version.number, "keeper": Keeper.WORKSHOP.value, "revisions": new},
        reason=message,
    )
    return version

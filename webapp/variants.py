"""Which variant of an item somebody has, and its parameters; they were drawn when the bank was loaded, not now."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable, Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.model import Item
from questions.templates import render_filled
from webapp.items import item_of, prose
from webapp.models import Revision
from webapp.tasks import rows
from webapp.tasks.kinds import Progress, Surroundings

KIND = "variants"
Parameters = Mapping[str, Any]


def subject(revision: str) -> str:
    """What the work of drawing a revision's variants is about."""
    return f"revision:{revision}"


def are_missing(asked: Item, revision: Revision) -> bool:
    """Whether an item has variants that are not drawn yet: until then nobody can be asked it."""
    return asked.variant is not None and not revision.variants


def number_for(asked: Item, revision: Revision, user_id: int, item_id: int) -> int | None:
    """The number of the variant that a person has of an item in an assignment; None where it has none.

    A hash and not a draw: it is the same on every visit, and differs between people and between assignments.
    """
    if asked.variant is None or not revision.variants:
        return None
    digest = hashlib.sha256(f"{user_id}:{item_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % len(revision.variants)


def parameters(revision: Revision, number: int | None) -> Parameters:
    """The parameters of one variant; empty where there is none."""
    if number is None or not revision.variants:
        return {}
    return dict(revision.variants[number % len(revision.variants)])


def parameters_for(asked: Item, revision: Revision, user_id: int, item_id: int) -> Parameters | None:
    """What fills an item's gaps for a person; None while that is not known yet."""
    if are_missing(asked, revision):
        return None
    return parameters(revision, number_for(asked, revision, user_id, item_id))


def filled_prose(markdown: str, known: Parameters | None) -> Markup:
    """Markdown as HTML with its gaps filled; values are shown as the text they are."""
    return Markup(render_filled(markdown, known, prose))  # noqa: S704 (rendered, sanitised, values escaped)


def ask_for_missing(session: Session, revisions: Iterable[str], now: datetime) -> int:
    """Have the variants drawn that these revisions lack; how many do."""
    found = session.scalars(select(Revision).where(Revision.hash.in_(list(revisions))))
    lacking = [revision for revision in found if are_missing(item_of(revision), revision)]
    for revision in lacking:
        rows.ask(session, KIND, subject(revision.hash), now)
    return len(lacking)


def draw(around: Surroundings) -> Generator[Progress, None, dict[str, Any]]:
    """Long work: an item's variants, drawn once in the sandbox and kept with its revision."""
    revision_hash = around.subject.partition(":")[2]
    yield 0, 1
    with around.database.reading() as session:
        item = item_of(session.get_one(Revision, revision_hash))
    drawn = around.judge.variants(item)
    with around.database.writing() as session:
        revision = session.get_one(Revision, revision_hash)
        if not revision.variants:  # what students were given never changes under their hands
            revision.variants = drawn
    yield 1, 1
    return {"variants": len(drawn)}

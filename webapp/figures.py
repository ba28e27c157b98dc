"""Figures of banks, kept once under their hash: a revision of long ago shows what it showed then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.figures import pinned_in
from questions.model import Figure as Drawn
from webapp.models import Figure
from webapp.models.upserting import inserting

BASE = "/figures/"
"""What `questions.render` puts before a hash."""
def keep(session: Session, drawn: Iterable[Drawn], now: datetime) -> None:
    """Keep drawings that are not kept yet."""
    wanted = {each.digest: each.svg for each in drawn}
    known = set(session.scalars(select(Figure.digest).where(Figure.digest.in_(wanted))))
    for digest in sorted(set(wanted) - known):  # in one order, so that two who save at once do not wait for each other
        row = inserting(session, Figure).values(digest=digest, svg=wanted[digest], created_at=now)
        session.execute(row.on_conflict_do_nothing(index_elements=["digest"]))


def shown_in(session: Session, *texts: str) -> Mapping[str, str]:
    """The drawings that texts show, by their hashes."""
    wanted = {digest for text in texts for digest in pinned_in(text).values()}
    if not wanted:
        return {}
    return {row.digest: row.svg for row in session.scalars(select(Figure).where(Figure.digest.in_(wanted)))}

"""Letting one writer at a time do what no row can be locked for, because it is not there yet."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def alone_with(session: Session, *what: str) -> None:
    """Until this is stored nobody else is alone with the same.  SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("\n".join(what), 0))))

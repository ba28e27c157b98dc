"""Insert, or update what is there, in one statement, on both databases we speak to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.models.base import Base


def inserting(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An insert that can say what becomes of a row that is there (`on_conflict_…`)."""
    return (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(table)


def upsert(session: Session, table: type[Base], key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Insert `key | values`, or set `values` on the row that has `key` already."""
    statement = inserting(session, table).values({**key, **values})
    session.execute(
        statement.on_conflict_do_update(
            index_elements=list(key), set_={name: statement.excluded[name] for name in values}
        )
    )

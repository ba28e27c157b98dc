"""Insert, or update what is there, in one statement, on both databases we speak to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.models.base import Base

AT_A_TIME = 500
"""Rows of one statement: what a statement may carry is limited."""


def inserting(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An insert that can say what becomes of a row that is there (`on_conflict_…`)."""
    return (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(table)


def upsert(session: Session, table: type[Base], key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Insert `key | values`, or set `values` on the row that has `key` already."""
    upsert_all(session, table, list(key), [{**key, **values}])


def upsert_all(session: Session, table: type[Base], key: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the same columns, or set the others on those that have the columns of `key` already.

    One row alone is a statement that SQLAlchemy compiles once and keeps; of several it compiles each, for milliseconds.
    """
    for start in range(0, len(rows), AT_A_TIME):
        part = rows[start : start + AT_A_TIME]
        statement = inserting(session, table).values(part[0] if len(part) == 1 else part)
        changed = {name: statement.excluded[name] for name in part[0] if name not in key}
        session.execute(statement.on_conflict_do_update(index_elements=key, set_=changed))

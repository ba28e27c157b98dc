"""Databases to back up and to restore into, and what they hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.webapp.filling import everything, fill
from webapp import migrating
from webapp.models import Database

Make = Callable[[str], Database]


def quietly(_table: str, _done: int, _rows: int) -> None:
    """No progress."""


def full(database: Database, revision: str = "head") -> Database:
    """With rows in every table."""
    migrating.upgrade(database, revision)
    with database.writing() as session:
        fill(session.connection())
    return database


def held(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.reading() as session:
        return everything(session.connection())

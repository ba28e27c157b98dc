"""Letting one writer at a time do what no row can be locked for, because it is not there yet."""

from __future__ import annotations

from sqlalchemy import Function, func, select
from sqlalchemy.orm import Session


def alone_with(session: Session, *what: str) -> None:
    """Until this is stored nobody else is alone with the same.  SQLite has one writer anyway."""
    if has_many_writers(session):
        session.execute(select(func.pg_advisory_xact_lock(_number(what))))


def beside_others(session: Session, *what: str) -> None:
    """Until this is stored nobody is alone with the same; any number may be beside each other."""
    if has_many_writers(session):
        session.execute(select(func.pg_advisory_xact_lock_shared(_number(what))))


def has_many_writers(session: Session) -> bool:
    """Whether others write at the same time: SQLite has one writer."""
    return session.get_bind().dialect.name == "postgresql"


def _number(what: tuple[str, ...]) -> Function[int]:
    return func.hashtextextended("\n".join(what), 0)

"""How a value of a column is written in JSON, and read back with suspicion: an archive is somebody's bytes."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Float,
    Insert,
    Integer,
    LargeBinary,
    Table,
    Text,
    bindparam,
    cast,
    insert,
    type_coerce,
)

from webapp.backup.width import MOST_IN_A_CELL, is_wider
from webapp.models import UtcDateTime

TOO_LARGE, TOO_LARGE_FOR_BIG = 2**31, 2**63
"""What PostgreSQL's `integer` and `bigint` cannot hold any more; SQLite would not mind the first."""


class Unfit(ValueError):
    """A value that its column cannot have."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One column, on its way out and in."""

    name: str
    selected: ColumnElement[Any]
    bound: Any
    """The type of what `read` gives."""
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    column: Column[Any]


def insert_of(table: Table, dialect: str) -> Insert:
    """An insert of a row that has what the `read` of its cells gives."""
    bound: dict[str, Any] = {}
    for cell in map(cell_of, table.columns):
        bound[cell.name] = bindparam(cell.name, type_=cell.bound)
        if dialect == "postgresql" and isinstance(cell.column.type, JSON):
            bound[cell.name] = cast(bound[cell.name], cell.column.type)
    return insert(table).values(bound)


def cell_of(column: Column[Any]) -> Cell:
    """How to treat a column of a table as the database describes it."""
    kind = column.type
    if isinstance(kind, JSON):
        # As text, so that not a digit of it changes and a JSON null stays apart from no value at all.
        return _cell(column, cast(column, Text), Text(), _same, _json)
    if isinstance(kind, LargeBinary):
        return _cell(column, column, kind, lambda value: base64.b64encode(value).decode(), _bytes)
    if isinstance(kind, DateTime):
        return _cell(column, type_coerce(column, UtcDateTime()), UtcDateTime(), datetime.isoformat, _time)
    if isinstance(kind, Boolean):
        return _cell(column, column, kind, bool, _boolean)
    if isinstance(kind, Integer):
        bound = TOO_LARGE_FOR_BIG if isinstance(kind, BigInteger) else TOO_LARGE
        return _cell(column, column, kind, _same, partial(_integer, bound))
    if isinstance(kind, Float):
        return _cell(column, column, kind, _same, _float)
    return _cell(column, column, kind, _same, _text)


def _cell(
    column: Column[Any], selected: Any, bound: Any, write: Callable[[Any], Any], read: Callable[[Any], Any]
) -> Cell:
    return Cell(column.name, selected, bound, write, read, column)


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Unfit("is no text")
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        raise Unfit("holds half of a character")
    return value


def _json(value: Any) -> str:
    text = _text(value)
    if is_wider(text, MOST_IN_A_CELL):
        raise Unfit(f"holds more than {MOST_IN_A_CELL:,} values")
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as problem:
        raise Unfit("is no JSON") from problem
    return text


def _refuse_constant(name: str) -> None:
    raise Unfit(f"holds {name}, which is no JSON")


def _bytes(value: Any) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except binascii.Error as problem:
        raise Unfit("is no base64") from problem


def _time(value: Any) -> datetime:
    try:
        time = datetime.fromisoformat(_text(value))
        if time.tzinfo is None:
            raise Unfit("says no zone")
        return time.astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise Unfit("is no time with a zone") from problem


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit("is neither true nor false")
    return value


def _integer(bound: int, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -bound <= value < bound:
        raise Unfit("is no whole number that a row can have")
    return value


def _float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise Unfit("is no number")
    return float(value)

"""Rows in every table that a database has, whatever version it is of, and everything it holds, to be compared."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Table,
    select,
)

from webapp.backup.cells import cell_of, insert_of
from webapp.backup.writing import tables_of
from webapp.models import Base

ROWS = 3
WORDS = 'naïve "quotes" \\ \n 注意力 🙂 \u2028 %_ '
MOMENT = datetime(2026, 11, 26, 23, 59, 59, 123456, timezone(timedelta(hours=8)))


def fill(connection: Connection) -> None:
    """Put rows into every table; where something may be missing, it is in one of them."""
    made: dict[str, list[dict[str, Any]]] = {}
    for table in tables_of(connection):
        made[table.name] = [_row(table, number, made) for number in range(1, ROWS + 1)]
        connection.execute(insert_of(table, connection.dialect.name), made[table.name])
    if connection.dialect.name == "postgresql":
        for table in tables_of(connection):
            for column in table.primary_key.columns:
                connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), {ROWS})"
                )


def everything(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All rows by table, in the order of their keys, JSON as its text."""
    found = {}
    for table in tables_of(connection):
        query = select(*(cell_of(column).selected for column in table.columns))
        rows = connection.execute(query.order_by(*table.primary_key.columns))
        found[table.name] = [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in rows]
    return found


def lasting(found: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Without what only says who is next, which a step may begin anew."""
    return {name: rows for name, rows in found.items() if name != "turns"}


def _row(table: Table, number: int, made: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {column.name: _value(table, column, number, made) for column in table.columns}


def _value(table: Table, column: Column[Any], number: int, made: dict[str, list[dict[str, Any]]]) -> Any:
    if column.nullable and (number == 2 or column.name.startswith("lease_")):
        return None
    for key in column.foreign_keys:
        return made[key.column.table.name][number - 1][key.column.name]
    if choices := _choices(table.name, column.name):
        return choices[number % len(choices)]
    kind = column.type
    if isinstance(kind, JSON):
        return '{"a": [1, 2.50, null], "\\u0000": {"deep": true}}' if number != 3 else "null"
    if isinstance(kind, LargeBinary):
        return bytes(range(256)) * number
    if isinstance(kind, DateTime):
        return MOMENT.astimezone(UTC) + timedelta(seconds=number)
    if isinstance(kind, Boolean):
        return number % 2 == 0
    if isinstance(kind, BigInteger):
        return 1_795_000_000_000 + number  # such as rounds are: milliseconds
    if isinstance(kind, Integer):
        return number
    if isinstance(kind, Float):
        return 0.1 * number
    return f"{WORDS}{number}"


def _choices(table: str, column: str) -> list[str]:
    """What a check allows there; nothing runs, since that would need a lease."""
    for constraint in Base.metadata.tables[table].constraints:
        if isinstance(constraint, CheckConstraint):
            match = re.match(rf"{column} IN \((.*)\)", str(constraint.sqltext))
            if match:
                return [each for each in re.findall(r"'([^']*)'", match[1]) if each != "running"]
    return []

"""Putting a backup into a database, whichever kind it came from: all of it or nothing."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.exc import DBAPIError

from webapp import migrating
from webapp.backup.archive import BackupUnusable, Entry, Manifest, content, damaged, lines, opened
from webapp.backup.cells import Cell, Unfit, cell_of, insert_of
from webapp.backup.writing import Told, tables_of
from webapp.models import Database
from webapp.models.in_use import users_of
from webapp.models.passing import passing
from webapp.settings import own_folder

ROWS_AT_ONCE = 500
BYTES_AT_ONCE = 8 * 1024 * 1024
REPLACEMENT = "\ufffd"


@dataclass(slots=True)
class Restored:
    """What came of it."""

    manifest: Manifest
    mended: Counter[str] = field(default_factory=Counter)
    """Texts with a NUL, which PostgreSQL cannot hold: it is `\ufffd` now; by table."""
    kept_files: list[str] = field(default_factory=list)
    """Files of the data folder that were there already and stay."""


def checked(path: Path, told: Told) -> Manifest:
    """Read all of a backup and say what it holds.  Raises `BackupUnusable` where something in it is damaged."""
    with opened(path) as (archive, manifest):
        for entry in manifest.tables:
            for number, _row in lines(path, archive, entry):
                if number % ROWS_AT_ONCE == 0 or number == entry.rows:
                    told(entry.name, number, entry.rows)
        for entry in manifest.files:
            content(path, archive, entry)
    return manifest


def restore(database: Database, folder: Path, path: Path, told: Told, *, replace: bool = False) -> Restored:
    """Fill the database from a backup, then bring its tables up to date.

    Raises `BackupUnusable` where the backup cannot be used, where the database is not empty and `replace` is not said,
    or where other programs of ours use it; then nothing has changed.
    """
    with opened(path) as (archive, manifest):
        restored = Restored(manifest)
        if not migrating.knows(manifest.revision):
            raise BackupUnusable(
                f"{path} was made by a newer workshop (tables at {manifest.revision})", remedy="update this checkout"
            )
        files = {entry.name: content(path, archive, entry) for entry in manifest.files}
        if not replace:
            with database.engine.connect() as connection:
                _refuse_people(connection)
        if users := users_of(database):
            raise BackupUnusable(
                f"other programs use the database ({users}), and would go on with what it held",
                remedy="end its web server and workers, then try again",
            )
        try:
            with migrating.alone(database) as connection:
                if not replace:
                    _refuse_people(connection)
                _empty(connection)
                migrating.upgrade_on(connection, manifest.revision)
                _fill(connection, path, archive, restored, told)
                migrating.upgrade_on(connection, "head")
        except DBAPIError as problem:
            raise passing(problem) or damaged(path, _said(problem)) from problem
    for name, data in files.items():
        if not _put(folder / name, data, replace=replace):
            restored.kept_files.append(name)
    return restored


def _said(problem: DBAPIError) -> str:
    return "the database says: " + str(problem.orig).strip().splitlines()[0][:200]


def _refuse_people(connection: Connection) -> None:
    """A database that holds accounts is not empty."""
    for table in tables_of(connection):
        if table.name == "users" and connection.scalar(select(func.count()).select_from(table)):
            raise BackupUnusable(
                "the database is not empty", remedy="restore into an empty one; --replace loses what it holds"
            )


def _empty(connection: Connection) -> None:
    """Leave a database without tables of ours."""
    tables = tables_of(connection)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    for table in reversed(tables):
        table.drop(connection)
    connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_change()")


def _fill(connection: Connection, path: Path, archive: zipfile.ZipFile, restored: Restored, told: Told) -> None:
    tables = {table.name: table for table in tables_of(connection)}
    entries = {entry.name: entry for entry in restored.manifest.tables}
    if tables.keys() != entries.keys():
        odd = sorted(tables.keys() ^ entries.keys())
        raise damaged(path, f"tables that version {restored.manifest.revision} does not have, or misses: {odd[0]}")
    for name, table in tables.items():
        done = 0
        for part in _parts(path, archive, entries[name], table, restored.mended, connection.dialect.name):
            connection.execute(insert_of(table, connection.dialect.name), part)
            done += len(part)
            told(name, done, entries[name].rows)
    if connection.dialect.name == "postgresql":
        _count_on(connection, tables.values())


def _cells(table: Table) -> list[Cell]:
    return [cell_of(column) for column in table.columns]


def _parts(
    path: Path, archive: zipfile.ZipFile, entry: Entry, table: Table, mended: Counter[str], kind: str
) -> Iterator[list[dict[str, Any]]]:
    """The rows of a table as the database takes them, a few at a time."""
    cells = {cell.name: cell for cell in _cells(table)}
    part: list[dict[str, Any]] = []
    size = 0
    for number, row in lines(path, archive, entry):
        if row.keys() != cells.keys():
            raise damaged(path, f"table {entry.name}, row {number}: other columns than {entry.name} has")
        values = {}
        for name, value in row.items():
            try:
                values[name] = _value(cells[name], value)
            except Unfit as problem:
                raise damaged(path, f"table {entry.name}, row {number}: {name} {problem}") from problem
            found = values[name]
            if isinstance(found, (str, bytes)):
                size += len(found)
            if kind == "postgresql" and isinstance(found, str) and "\0" in found:
                values[name] = found.replace("\0", REPLACEMENT)
                mended[entry.name] += 1
        part.append(values)
        if len(part) >= ROWS_AT_ONCE or size > BYTES_AT_ONCE:
            yield part
            part, size = [], 0
    if part:
        yield part


def _value(cell: Cell, value: Any) -> Any:
    if value is not None:
        return cell.read(value)
    if not cell.column.nullable:
        raise Unfit("is missing")
    return None


def _count_on(connection: Connection, tables: Any) -> None:
    """Let numbers that are drawn from now on follow those that were restored."""
    for table in tables:
        for column in table.primary_key.columns:
            sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            if sequence is not None:
                highest = connection.scalar(select(func.max(column)))
                connection.execute(select(func.setval(sequence, highest or 1, highest is not None)))


def _put(path: Path, data: bytes, *, replace: bool) -> bool:
    """Write a file of the data folder whole, readable by its owner; False where there is one that stays."""
    own_folder(path.parent)
    if path.exists() and not replace:
        return False
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    Path(name).replace(path)
    return True

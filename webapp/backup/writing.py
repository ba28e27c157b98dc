"""Writing a backup while the workshop goes on: one snapshot of the database, a few rows in memory at a time."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, Table, func, select

from webapp.backup.archive import (
    MANIFEST,
    OWN_FILES,
    BackupUnusable,
    Entry,
    Manifest,
    member,
    to_json,
)
from webapp.backup.cells import Cell, cell_of
from webapp.models import Base, Database
from webapp.models.times import utc_now

ROWS_AT_ONCE = 200

Told = Callable[[str, int, int], None]
"""Called with a table's name, how many of its rows are done, and how many there are."""


def tables_of(connection: Connection) -> list[Table]:
    """Our tables as the database has them, each after those that it points to; what else there is stays unseen."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _of: name in Base.metadata.tables)
    return list(found.sorted_tables)


def write(database: Database, folder: Path, path: Path, told: Told, *, secrets: bool = False) -> Manifest:
    """Write everything the database holds into `path`, which appears once it is whole.

    Raises `BackupUnusable` where it cannot be written, or where there is nothing to write.
    """
    own = {each: (folder / each).read_bytes() for each in OWN_FILES if secrets and (folder / each).exists()}
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # 0600: it holds accounts
    except OSError as problem:
        raise _unwritable(path, problem) from problem
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                manifest = _fill(database, own, archive, told)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as problem:
        raise _unwritable(path, problem) from problem
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _unwritable(path: Path, problem: OSError) -> BackupUnusable:
    return BackupUnusable(
        f"cannot write {path}: {problem.strerror or problem}", remedy="choose a folder with room that you may write"
    )


def _fill(database: Database, own: dict[str, bytes], archive: zipfile.ZipFile, told: Told) -> Manifest:
    with database.reading() as session:
        connection = session.connection()
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision is None:
            raise BackupUnusable("the database holds no workshop", remedy="name its folder: --data FOLDER")
        tables = tuple(_table(connection, table, archive, told) for table in tables_of(connection))
    files = tuple(_file(name, content, archive) for name, content in own.items())
    manifest = Manifest(utc_now().isoformat(), connection.dialect.name, revision, tables, files)
    archive.writestr(MANIFEST, to_json(manifest))
    return manifest


def _table(connection: Connection, table: Table, archive: zipfile.ZipFile, told: Told) -> Entry:
    cells = [cell_of(column) for column in table.columns]
    total, size, rows = hashlib.sha256(), 0, 0
    expected = connection.scalar(select(func.count()).select_from(table)) or 0
    query = select(*(cell.selected.label(cell.name) for cell in cells)).order_by(*table.primary_key.columns)
    found = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query)
    with archive.open(member("tables", table.name), "w", force_zip64=True) as file:
        for values in found:
            line = _line(cells, values)
            file.write(line)
            total.update(line)
            size += len(line)
            rows += 1
            if rows % ROWS_AT_ONCE == 0:
                told(table.name, rows, expected)
    told(table.name, rows, rows)
    return Entry(table.name, rows, size, total.hexdigest())


def _line(cells: list[Cell], values: Any) -> bytes:
    row = {
        cell.name: None if value is None else cell.write(value) for cell, value in zip(cells, values, strict=True)
    }
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def _file(name: str, content: bytes, archive: zipfile.ZipFile) -> Entry:
    archive.writestr(member("files", name), content)
    return Entry(name, 0, len(content), hashlib.sha256(content).hexdigest())

"""SQLite as we want it: one writer at a time from the start of its transaction, readers never in its way."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from webapp.models.passing import DatabaseBusy, is_locked

BUSY_MILLISECONDS = 30_000
"""SQLite's own waiting, for what no writer of ours causes: a log that is put right after a crash, a backup program."""
SHORT_NAPS = (0.001, 0.004)


def open_sqlite(address: URL, patience: float) -> Engine:
    """An engine for an SQLite file, which is made when it is missing.

    The driver's own idea of transactions is switched off and `BEGIN` is said here: pysqlite otherwise begins late and
    makes savepoints leak.  Who will write says `BEGIN IMMEDIATE`, so that two writers queue up at the start and never
    meet half-way, where SQLite refuses at once; who only reads cannot write by mistake.
    """
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    # As many connections as threads want: whoever reads and waits for its turn to write holds one and needs another.
    engine = create_engine(
        address,
        pool_size=16,
        max_overflow=-1,
        connect_args={"timeout": BUSY_MILLISECONDS / 1000},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {BUSY_MILLISECONDS}",
            "journal_mode = WAL",
            "foreign_keys = ON",
            "temp_store = MEMORY",
            "cache_size = -16000",
        ):
            connection.execute(f"PRAGMA {pragma}")
        # By itself it knows the capitals of English only; PostgreSQL knows those of all scripts.
        connection.create_function("lower", 1, _lower, deterministic=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        writes = options.get("workshop_writes", "")
        _say(connection, f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        if writes:
            _say(connection, f"PRAGMA synchronous = {writes}")
            _begin_writing(connection, options.get("workshop_deadline", time.monotonic() + patience))
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _say(connection: Connection, pragma: str) -> None:
    """Past SQLAlchemy, for which a statement costs twenty times as much as for SQLite."""
    dbapi = connection.connection.dbapi_connection
    assert dbapi is not None
    dbapi.execute(pragma)  # type: ignore[attr-defined]


def _begin_writing(connection: Connection, deadline: float) -> None:
    """Take the write lock, which other processes may hold.

    SQLite's own waiting sleeps the longer the longer it has waited, up to a tenth of a second: whoever came last wins,
    and a worker can starve beside a web server that writes all the time.  Short naps give everybody the same chance.
    """
    _say(connection, "PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                return
            except OperationalError as problem:
                if not is_locked(problem):
                    raise
                if time.monotonic() > deadline:
                    raise DatabaseBusy from problem
            time.sleep(random.uniform(*SHORT_NAPS))  # noqa: S311 (nothing secret)
    finally:
        _say(connection, f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")

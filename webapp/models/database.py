"""The database as a value: sessions for reading and for writing, with or without an application."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

BUSY_MILLISECONDS = 30_000
LONGEST_LOG = 32 * 1024 * 1024
"""Bytes of the write-ahead log before readers are waited for."""
TIDY_MILLISECONDS = 1000
TIDY_EVERY_SECONDS = 5.0


def open_engine(url: str | URL) -> Engine:
    """An engine for `url`.

    For SQLite the driver's own idea of transactions is switched off and `BEGIN` is said here: pysqlite otherwise
    begins late and makes savepoints leak.  Who will write says `BEGIN IMMEDIATE`, so that two writers queue up at the
    start (where busy_timeout waits) and never meet half-way (where SQLite refuses at once).  Who promises somebody that
    something is stored says `durable`: then the disk has it before the commit returns.  Everything else survives the
    death of any process, and after a power cut is at worst done again.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, pool_size=16, max_overflow=32, connect_args={"timeout": BUSY_MILLISECONDS / 1000})

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

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("workshop_writes", "")
        if writes:
            connection.exec_driver_sql(f"PRAGMA synchronous = {writes}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


class Database:
    """One database: `with database.reading() as session` or `with database.writing() as session`."""

    def __init__(self, url: str | URL) -> None:
        self.engine = open_engine(url)
        self._quick = self.engine.execution_options(workshop_writes="NORMAL")
        self._durable = self.engine.execution_options(workshop_writes="FULL")
        file = self.engine.url.database if self.engine.dialect.name == "sqlite" else None
        self._log = Path(f"{file}-wal") if file and file != ":memory:" else None
        self._tidied = 0.0

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session on one snapshot; nothing of it is kept."""
        with Session(self.engine, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[Session]:
        """A session that holds the write lock from its start; commits at the end, rolls back on an exception."""
        with Session(self._durable if durable else self._quick, expire_on_commit=False) as session, session.begin():
            yield session
        self._keep_log_short()

    def _keep_log_short(self) -> None:
        """Empty SQLite's log when it has grown long.

        SQLite starts it anew by itself when nobody reads, and in a busy lecture somebody always does: it grew by three
        megabytes a second.  Here a writer waits for those who read now, and a while later again if that took too long.
        """
        if self._log is None or time.monotonic() - self._tidied < TIDY_EVERY_SECONDS:
            return
        with contextlib.suppress(OSError, DBAPIError, sqlite3.Error):
            if self._log.stat().st_size <= LONGEST_LOG:
                return
            self._tidied = time.monotonic()
            connection = self.engine.raw_connection()
            try:
                cursor = connection.cursor()
                cursor.execute(f"PRAGMA busy_timeout = {TIDY_MILLISECONDS}")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
            finally:
                connection.close()

    def open_session(self) -> Session:
        """A reading session whose owner closes it."""
        return Session(self.engine, autoflush=False)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

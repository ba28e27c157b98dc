"""The database as a value: sessions for reading and for writing, with or without an application."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from webapp.models.passing import DatabaseBusy, passing
from webapp.models.postgresql_engine import open_postgresql
from webapp.models.sqlite_engine import BUSY_MILLISECONDS, open_sqlite
from webapp.models.turns import Turns

PATIENCE_SECONDS = 15.0
"""How long a writer waits for its turn: less than browsers wait for an answer."""
LONGEST_LOG = 32 * 1024 * 1024
"""Bytes of the write-ahead log before readers are waited for."""
TIDY_MILLISECONDS = 1000
TIDY_EVERY_SECONDS = 5.0

def open_engine(url: str | URL, patience: float = PATIENCE_SECONDS) -> Engine:
    """An engine for `url`.

    Who promises somebody that something is stored says `durable`: then the disk has it before the commit returns.
    Everything else survives the death of any process, and after a power cut is at worst done again.

    What people sent is in the parameters of statements, so that no message of an error repeats these.
    """
    address = make_url(url)
    return (open_sqlite if address.get_backend_name() == "sqlite" else open_postgresql)(address, patience)


class Remembering(Session):
    """A session that keeps what it has loaded: by itself SQLAlchemy forgets a row as soon as nobody holds it.

    A request checks whose a thing is, lets go of it and asks for it again; a third of its queries were for known rows.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.kept: list[object] = []

    def close(self) -> None:
        """End it, and let go of everything.  Who only reads has lost nothing when the connection is gone by then."""
        self.kept.clear()
        try:
            super().close()
        except DBAPIError as problem:
            if passing(problem) is None:
                raise
            self.invalidate()


@event.listens_for(Remembering, "loaded_as_persistent")
def _keep(session: Remembering, loaded: object) -> None:
    session.kept.append(loaded)


class Database:
    """One database: `with database.reading() as session` or `with database.writing() as session`.

    SQLite has one writer.  The writers of this process take turns here, in the order they came; those of other
    processes meet them in `_begin_writing`, one of each process.  PostgreSQL has many, each of which sees what others
    have stored before each of its statements; who decides by what it has read locks it.
    """

    def __init__(self, url: str | URL, patience: float = PATIENCE_SECONDS) -> None:
        self.engine = open_engine(url, patience)
        self.patience = patience
        self.waited: Callable[[float, bool], None] = lambda _seconds, _durable: None
        """Told how long each writer waited for its turn, and whether it writes durably."""
        self._shown = self.engine
        if self.engine.dialect.name == "postgresql":
            self._shown = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._turns = Turns()
        self._quick = self.engine.execution_options(workshop_writes="NORMAL")
        self._durable = self.engine.execution_options(workshop_writes="FULL")
        file = self.engine.url.database if self.engine.dialect.name == "sqlite" else None
        self._log = Path(f"{file}-wal") if file and file != ":memory:" else None
        self._tidied = 0.0

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session on one snapshot; nothing of it is kept."""
        with Session(self._shown, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[Session]:
        """A session that may write from its start; commits at the end, rolls back on an exception.

        Raises `DatabaseBusy` when its turn, or a row that others hold, does not come in time, or when the database is
        away; see `passing`.
        """
        engine = self._durable if durable else self._quick
        begun = time.monotonic()
        try:
            with self._turn(), Session(engine, expire_on_commit=False) as session, session.begin():
                session.connection(execution_options={"workshop_deadline": begun + self.patience})
                self.waited(time.monotonic() - begun, durable)
                yield session
        except (DBAPIError, PoolTimeout) as problem:
            if busy := passing(problem):
                raise busy from problem
            raise
        self._keep_log_short()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self.engine.dialect.name != "sqlite":
            yield
            return
        with self._turns.one(self.patience) as held:
            if not held:
                raise DatabaseBusy
            yield

    def _keep_log_short(self) -> None:
        """Empty SQLite's log when it has grown long.

        SQLite starts it anew by itself when nobody reads, and in a busy lecture somebody always does: it grew by three
        megabytes a second.  Here a writer waits for those who read now, and a while later again if that took too long.
        """
        if self._log is None or time.monotonic() - self._tidied < TIDY_EVERY_SECONDS:
            return
        with contextlib.suppress(OSError):
            if self._log.stat().st_size > LONGEST_LOG:
                self.empty_log()

    def empty_log(self) -> None:
        """Move what is in SQLite's log into the database: what was overwritten there is in no file any more."""
        if self._log is None:
            return
        with contextlib.suppress(DBAPIError, sqlite3.Error):
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
        return Remembering(self._shown, autoflush=False)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

"""The database as a value: sessions for reading and for writing, with or without an application."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError
from sqlalchemy.orm import Session

from grader.errors import WorkshopError
from webapp.models.turns import Turns

PATIENCE_SECONDS = 15.0
"""How long a writer waits for its turn: less than browsers wait for an answer."""
BUSY_MILLISECONDS = 30_000
"""SQLite's own waiting, for what no writer of ours causes: a log that is put right after a crash, a backup program."""
SHORT_NAPS = (0.001, 0.004)
LONGEST_LOG = 32 * 1024 * 1024
"""Bytes of the write-ahead log before readers are waited for."""
TIDY_MILLISECONDS = 1000
TIDY_EVERY_SECONDS = 5.0


class DatabaseBusy(WorkshopError):
    """Others have been writing for as long as anybody may be kept waiting."""

    def __init__(self) -> None:
        super().__init__("the database is busy with what others send", remedy="try again in a moment")


def open_engine(url: str | URL) -> Engine:
    """An engine for `url`.

    For SQLite the driver's own idea of transactions is switched off and `BEGIN` is said here: pysqlite otherwise
    begins late and makes savepoints leak.  Who will write says `BEGIN IMMEDIATE`, so that two writers queue up at the
    start and never meet half-way, where SQLite refuses at once; who only reads cannot write by mistake.  Who promises
    somebody that something is stored says `durable`: then the disk has it before the commit returns.  Everything else
    survives the death of any process, and after a power cut is at worst done again.

    What people sent is in the parameters of statements, so that no message of an error repeats these.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True, hide_parameters=True)
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

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        writes = options.get("workshop_writes", "")
        _say(connection, f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        if writes:
            _say(connection, f"PRAGMA synchronous = {writes}")
            _begin_writing(connection, options.get("workshop_deadline", time.monotonic() + PATIENCE_SECONDS))
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


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


def is_locked(problem: BaseException) -> bool:
    """Whether SQLite says that somebody else holds a lock."""
    cause = problem.orig if isinstance(problem, DBAPIError) else problem
    code = getattr(cause, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_away(problem: BaseException) -> bool:
    """Whether the database does not answer, is busy or has broken off: what was asked may be asked again later.

    What was being committed then may have been kept or not; who asks again must not mind.
    """
    if isinstance(problem, (DatabaseBusy, TimeoutError)):  # the latter: all connections of the pool wait for an answer
        return True
    if not isinstance(problem, DBAPIError) or isinstance(problem.orig, sqlite3.Error):
        return False
    return problem.connection_invalidated or isinstance(problem, (OperationalError, InterfaceError))


class Remembering(Session):
    """A session that keeps what it has loaded: by itself SQLAlchemy forgets a row as soon as nobody holds it.

    A request checks whose a thing is, lets go of it and asks for it again; a third of its queries were for known rows.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.kept: list[object] = []

    def close(self) -> None:
        """End it, and let go of everything."""
        self.kept.clear()
        super().close()


@event.listens_for(Remembering, "loaded_as_persistent")
def _keep(session: Remembering, loaded: object) -> None:
    session.kept.append(loaded)


class Database:
    """One database: `with database.reading() as session` or `with database.writing() as session`.

    SQLite has one writer.  The writers of this process take turns here, in the order they came; those of other
    processes meet them in `_begin_writing`, one of each process.
    """

    def __init__(self, url: str | URL, patience: float = PATIENCE_SECONDS) -> None:
        self.engine = open_engine(url)
        self.patience = patience
        self.waited: Callable[[float, bool], None] = lambda _seconds, _durable: None
        """Told how long each writer waited for its turn, and whether it writes durably."""
        self._turns = Turns()
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
        """A session that holds the write lock from its start; commits at the end, rolls back on an exception.

        Raises `DatabaseBusy` when the turn does not come in time; then nothing was done.
        """
        engine = self._durable if durable else self._quick
        begun = time.monotonic()
        with self._turn(), Session(engine, expire_on_commit=False) as session, session.begin():
            session.connection(execution_options={"workshop_deadline": begun + self.patience})
            self.waited(time.monotonic() - begun, durable)
            yield session
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
        return Remembering(self.engine, autoflush=False)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

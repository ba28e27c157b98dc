"""PostgreSQL as we want it: one snapshot for who reads, locks that come in time, patience while it is started anew."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect

NAME = "workshop"
"""What our connections are called in the server's list."""
KEPT = 8
"""Connections that stay open.  More are opened while they are needed: a thread that reads and writes has two."""
CONNECT_SECONDS = 5
AWAY_SECONDS = 10.0
"""How long whoever wants a connection waits for a server that is being started anew."""
IDLE_SECONDS = 600
"""After that a transaction in which nothing happens is broken off: a process that hangs must not keep its locks."""
PAUSE_SECONDS = 0.1
_HOPELESS = ("authentication failed", "does not exist", "pg_hba.conf", "no password supplied", "not permitted")
"""What a server says that will not say otherwise in a moment."""


def open_postgresql(address: URL, patience: float) -> Engine:
    """An engine for PostgreSQL.

    A commit does not wait for the disk, unless its writer says `durable`: after a power cut the last half second of
    everything else is done again, never half of it.
    """
    options = {
        "lock_timeout": f"{patience:g}s",
        "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
        "synchronous_commit": "off",
        "timezone": "UTC",
    }
    engine = create_engine(
        address,
        pool_pre_ping=True,
        pool_size=KEPT,
        max_overflow=-1,
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": NAME,
            "keepalives_idle": 30,
            "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
        },
    )

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Dialect, _record: Any, arguments: Any, named: Any) -> DBAPIConnection:
        deadline = time.monotonic() + AWAY_SECONDS
        while True:
            try:
                return dialect.connect(*arguments, **named)
            except dialect.loaded_dbapi.OperationalError as problem:
                if time.monotonic() > deadline or any(words in str(problem) for words in _HOPELESS):
                    raise
            time.sleep(PAUSE_SECONDS)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("workshop_writes") == "FULL":
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO on")

    return engine

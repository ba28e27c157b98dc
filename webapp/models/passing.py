"""What a database cannot do at the moment and can in a little while, whichever database it is."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from grader.errors import WorkshopError

_BUSY = {"55P03", "40001", "40P01", "53300", "53400"}
"""PostgreSQL: a lock did not come in time, two writers met half-way, too many connections."""
_AWAY = {"57P01", "57P02", "57P03", "57P05"}
"""PostgreSQL: it stops, or starts, or has closed a connection that said nothing for long."""


class DatabaseBusy(WorkshopError):
    """Others have been writing for as long as anybody may be kept waiting."""

    def __init__(self) -> None:
        super().__init__("the database is busy with what others send", remedy="try again in a moment")


class DatabaseAway(DatabaseBusy):
    """The database does not answer: it is started anew, or the network is down."""

    def __init__(self) -> None:
        super().__init__()
        self.args = ("the database does not answer",)


def passing(problem: BaseException) -> DatabaseBusy | None:
    """`problem` in our words where it is over in a moment and nothing was stored; None where it is not that.

    A connection that broke during a commit leaves open whether that was stored; who does it again has to make sure that
    doing it twice harms nothing.
    """
    if isinstance(problem, DatabaseBusy):
        return problem
    if isinstance(problem, PoolTimeout) or is_locked(problem):
        return DatabaseBusy()
    if not isinstance(problem, DBAPIError) or isinstance(problem.orig, sqlite3.Error):
        return None
    code = getattr(problem.orig, "sqlstate", None) or ""
    if code in _BUSY:
        return DatabaseBusy()
    lost = problem.connection_invalidated or (not code and type(problem.orig).__name__ == "OperationalError")
    return DatabaseAway() if lost or code in _AWAY or code.startswith("08") else None


def is_locked(problem: BaseException) -> bool:
    """Whether SQLite says that somebody else holds a lock."""
    cause = problem.orig if isinstance(problem, DBAPIError) else problem
    code = getattr(cause, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

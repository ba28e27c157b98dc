"""Getting hold of the data folder and the database in it, or saying in one line why not and what to do."""

from __future__ import annotations

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from grader.errors import WorkshopError
from webapp import marks, migrating
from webapp.models import Database
from webapp.regrading.applying import resume_all
from webapp.settings import Settings, own_folder

TOLD_BY_SQLITE = {
    "file is not a database": "put a backup in its place, or move it away to begin anew",
    "malformed": "put a backup in its place, or move it away to begin anew",
    "unable to open": "let this user read and write it and its folder, or choose another folder: --data FOLDER",
    "readonly": "let this user read and write it and its folder, or choose another folder: --data FOLDER",
    "full": "free some space there, or choose another folder: --data FOLDER",
    "locked": "end the program that holds it, then try again",
}
"""What SQLite says, and what an operator can do about it."""
TOLD_BY_POSTGRESQL = {
    "authentication failed": "put the right password into WORKSHOP_DATABASE_URL; @ : / in it are written %40 %3A %2F",
    "no password supplied": "put the password into WORKSHOP_DATABASE_URL: postgresql://user:password@host/database",
    "role": "make it: sudo -u postgres createuser --pwprompt NAME",
    "database": "make it: sudo -u postgres createdb --owner NAME DATABASE",
    "permission denied": "let the role own its database: ALTER DATABASE name OWNER TO role",
    "pg_hba": "allow this machine in the server's pg_hba.conf",
    "too many": "raise the server's max_connections (docs/operating.md says how many are needed)",
}
"""What PostgreSQL says, and what an operator can do about it."""
UNREACHABLE = "start it, or mend host and port in WORKSHOP_DATABASE_URL"


class DataUnusable(WorkshopError):
    """The data folder or its database cannot be used as it is."""


def prepared(settings: Settings) -> Database:
    """The database with its tables up to date, made when it is missing."""
    own_folder(settings.data)
    database = Database(settings.database)
    _refuse_unknown_tables(database, settings)
    migrating.upgrade(database)
    marks.complete(database)
    resume_all(database)
    return database


def existing(settings: Settings) -> Database:
    """The database as it is.  Raises `DataUnusable` when there is none: looking must not make one."""
    if not settings.database_url and not (settings.data / "workshop.sqlite3").exists():
        raise DataUnusable(f"{settings.data} holds no database", remedy="name the folder of the server: --data FOLDER")
    return Database(settings.database)


def up_to_date(settings: Settings) -> Database:
    """The database of a running server.  Raises `DataUnusable` when its tables are not those of this program."""
    database = existing(settings)
    _refuse_unknown_tables(database, settings)
    have, newest = migrating.current(database)
    if have != newest:
        raise DataUnusable(
            f"the tables are at {have or 'nothing'}, this program needs {newest}",
            remedy=f"workshop db upgrade --data '{settings.data}'",
        )
    return database


def _refuse_unknown_tables(database: Database, settings: Settings) -> None:
    have, newest = migrating.current(database)
    if not migrating.knows(have):
        raise DataUnusable(
            f"{settings.shown_database} was made by a newer workshop (tables at {have}, the newest here {newest})",
            remedy="update this checkout, or choose another folder: --data FOLDER",
        )


def explained(problem: Exception, settings: Settings) -> Exception:
    """`problem` as one line with a remedy where it speaks of the data folder or the database; else as it is."""
    match problem:
        case OSError(filename=str() as name) if name.startswith(str(settings.data)):
            return DataUnusable(
                f"cannot use {name}: {problem.strerror}", remedy="choose a folder that you may write: --data FOLDER"
            )
        case ModuleNotFoundError() if settings.database_url:
            return DataUnusable(
                f"WORKSHOP_DATABASE_URL needs a package that is not installed: {problem.name}",
                remedy=".venv/bin/python -m pip install -r requirements-cluster.txt",
            )
        case CommandError():
            return DataUnusable(
                f"the tables cannot be moved there: {problem}", remedy="workshop db current says where they are"
            )
        case DBAPIError():
            said = _said(str(problem.orig))
            told = TOLD_BY_POSTGRESQL if settings.database.get_backend_name() == "postgresql" else TOLD_BY_SQLITE
            found = (what for part, what in told.items() if part in said)
            remedy = next(found, UNREACHABLE if told is TOLD_BY_POSTGRESQL else "")
            return DataUnusable(f"{settings.shown_database} cannot be used: {said}", remedy=remedy)
    return problem


def _said(text: str) -> str:
    """The line of a driver's message that says what is wrong; PostgreSQL's begins with how it was reached."""
    lines = text.strip().splitlines() or ["no reason given"]
    return lines[0].rpartition("FATAL: ")[2].strip() if "FATAL: " in lines[0] else lines[0].strip()

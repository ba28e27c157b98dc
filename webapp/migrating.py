"""Moving a database between versions of the tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from webapp.models import Database

ALONE = 7_236_001
"""The number of PostgreSQL's lock for who moves the tables; any will do that nobody else uses."""
FOLDER = Path(__file__).parent / "migrations"


def _configuration(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def alone(database: Database) -> Iterator[Connection]:
    """A connection on which nobody else moves the tables: those that start at once queue up here."""
    with database.engine.execution_options(workshop_writes="FULL").begin() as connection:
        if database.engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL lock_timeout TO 0")  # the first may take long over many rows
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ALONE})")
        yield connection


def upgrade(database: Database, target: str = "head") -> None:
    """Bring the tables to `target`; data stays.  Two that start at once do it once."""
    with alone(database) as connection:
        upgrade_on(connection, target)


def upgrade_on(connection: Connection, target: str) -> None:
    """The same within somebody's transaction."""
    command.upgrade(_configuration(connection), target)


def downgrade(database: Database, target: str) -> None:
    """Take the tables back to `target` ("-1", "base", a revision)."""
    with alone(database) as connection:
        command.downgrade(_configuration(connection), target)


def knows(version: str | None) -> bool:
    """Whether this program knows tables of that version (None: no tables yet)."""
    folder = ScriptDirectory(str(FOLDER))
    return version is None or version in {script.revision for script in folder.walk_revisions()}


def version(database: Database) -> str | None:
    """The version of the tables; None where there are none."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The newest version that this program knows."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def current(database: Database) -> tuple[str | None, str | None]:
    """The version of the tables, and the newest there is."""
    return version(database), newest()

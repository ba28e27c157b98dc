"""Who else uses a database: under their hands nobody puts another one in its place."""

from __future__ import annotations

from sqlalchemy import text

from webapp.models.database import Database
from webapp.models.passing import is_locked
from webapp.models.postgresql_engine import NAME

PATIENCE_MILLISECONDS = 1000
_OTHERS = text(
    "SELECT coalesce(host(client_addr), 'this machine'), count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name = :name AND pid <> pg_backend_pid() GROUP BY 1 ORDER BY 1"
)


def users_of(database: Database) -> str:
    """Which other programs of ours are connected, in words; empty where there are none.

    What this process itself keeps open is closed first.  Who connects a moment later is not seen, but finds tables that
    are locked until they are whole.
    """
    database.close()
    if database.engine.dialect.name == "postgresql":
        with database.reading() as session:
            found = session.execute(_OTHERS, {"name": NAME}).all()
        return ", ".join(f"{count} connection{'' if count == 1 else 's'} from {place}" for place, count in found)
    return "" if _alone_in_file(database) else "its file is open elsewhere"


def _alone_in_file(database: Database) -> bool:
    """SQLite gives up its log only to who is the only one; the next to open the file has one again."""
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode = DELETE")
        return True
    except Exception as problem:
        if not is_locked(problem):
            raise
        return False
    finally:
        connection.close()
        database.close()

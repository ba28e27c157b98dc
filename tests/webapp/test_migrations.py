"""Moving the tables between their versions with rows in every one of them, on both databases."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.conftest import there_or_skipped
from tests.services import postgresql as services
from tests.webapp.filling import ROWS, everything, fill, lasting
from webapp import migrating
from webapp.models import Base, Database

REVISIONS = [each.revision for each in ScriptDirectory(str(migrating.FOLDER)).walk_revisions()][::-1]

@pytest.fixture
def empty(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a database without tables."""
    if backend == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    server = request.getfixturevalue("postgresql")
    server.drop("empty")
    return server.create("empty")


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_step_goes_up_down_and_up_again_with_rows_in_every_table(empty: str, revision: str) -> None:
    database = Database(empty)
    migrating.upgrade(database, revision)
    with database.writing() as session:
        fill(session.connection())
    with database.reading() as session:
        before = everything(session.connection())
    assert all(len(rows) == ROWS for rows in before.values())
    migrating.upgrade(database)
    migrating.downgrade(database, revision)
    with database.reading() as session:
        assert lasting(everything(session.connection())) == lasting(before)
    migrating.upgrade(database)
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    migrating.downgrade(database, "base")
    with database.reading() as session:
        assert everything(session.connection()) == {}
    database.close()


@pytest.mark.only_on("postgresql")
def test_programs_that_start_at_once_move_the_tables_once(empty: str, backend: str) -> None:
    there_or_skipped(services.available())
    program = (
        "import sys\n"
        "from webapp import migrating\n"
        "from webapp.models import Database\n"
        "migrating.upgrade(Database(sys.argv[1]))\n"
    )
    started = [subprocess.Popen([sys.executable, "-c", program, empty]) for _ in range(5)]
    assert [each.wait(120) for each in started] == [0] * 5
    database = Database(empty)
    assert migrating.current(database)[0] == REVISIONS[-1]
    database.close()

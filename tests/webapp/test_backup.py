"""A backup holds everything and goes into either database, whole or not at all."""

from __future__ import annotations

import resource
import stat
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text

from grader.errors import WorkshopError
from tests.webapp.backups import Make, full, held, quietly
from tests.webapp.filling import lasting
from webapp import migrating
from webapp.backup import cli
from webapp.backup.archive import BackupUnusable
from webapp.backup.restoring import restore
from webapp.backup.writing import write
from webapp.models import Course, Database, Job, Submission


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_every_row_of_every_table_goes_from_either_database_into_either(
    backend: str, target: str, make: Make, tmp_path: Path
) -> None:
    source, into, file = full(make(backend)), make(target), tmp_path / "all.zip"
    made = write(source, tmp_path, file, quietly)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {entry.name for entry in made.tables} == set(held(source))
    restored = restore(into, tmp_path, file, quietly)
    assert held(into) == held(source)
    assert restored.manifest.rows == made.rows
    with into.writing() as session:  # numbers go on behind those that were restored
        course = Course(title="next")
        session.add(course)
        session.flush()
        assert course.id == 4
    with pytest.raises(Exception, match="never changes"), into.writing() as session:
        session.execute(text("UPDATE submissions SET user_id = 2"))


def test_a_backup_of_older_tables_is_brought_up_to_date(backend: str, make: Make, tmp_path: Path) -> None:
    source, into, file = full(make("sqlite"), "0002"), make(backend), tmp_path / "old.zip"
    write(source, tmp_path, file, quietly)
    restore(into, tmp_path, file, quietly)
    assert migrating.current(into)[0] == migrating.current(into)[1]
    migrating.downgrade(into, "0002")
    assert lasting(held(into)) == lasting(held(source))


def test_a_backup_is_one_moment_although_everybody_goes_on_sending(
    database: Database, world: Any, make: Make, tmp_path: Path
) -> None:
    done = threading.Event()
    sent: list[int] = []

    def send() -> None:
        while not done.is_set():
            sent.append(world.send(content=b"%d" % len(sent), purpose="run").job_id)

    def slowly(table: str, *_more: int) -> None:
        before = len(sent)
        while not done.is_set() and len(sent) < before + 2:
            done.wait(0.01)

    world.send(content=b"before all others", purpose="run")
    sender = threading.Thread(target=send)
    sender.start()
    write(database, tmp_path, tmp_path / "busy.zip", slowly)
    done.set()
    sender.join()
    into = make("sqlite")
    restore(into, tmp_path, tmp_path / "busy.zip", quietly)
    with into.reading() as session:
        jobs, submissions = (session.scalar(select(func.count()).select_from(each)) or 0 for each in (Job, Submission))
    assert 0 < jobs == submissions < len(sent)


def test_a_database_that_holds_something_stays_unless_it_may_be_replaced(
    backend: str, make: Make, tmp_path: Path
) -> None:
    source, into, file = full(make("sqlite")), make(backend), tmp_path / "all.zip"
    write(source, tmp_path, file, quietly)
    full(into)
    with into.writing() as session:
        session.add(Course(title="mine"))
        session.execute(text("CREATE TABLE somebody_elses (number integer)"))
    before = held(into)
    with pytest.raises(BackupUnusable, match="not empty"):
        restore(into, tmp_path, file, quietly)
    assert held(into) == before
    restore(into, tmp_path, file, quietly, replace=True)
    assert held(into) == held(source)
    with into.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM somebody_elses")) == 0


def test_nothing_is_restored_under_the_hands_of_a_running_program(backend: str, make: Make, tmp_path: Path) -> None:
    source, into, file = full(make("sqlite")), full(make(backend)), tmp_path / "all.zip"
    write(source, tmp_path, file, quietly)
    server = Database(into.engine.url)
    with server.reading() as session:
        session.execute(select(Course)).all()
    before = held(into)
    with pytest.raises(BackupUnusable, match="not empty"):  # nobody ends a server only to hear this
        restore(into, tmp_path, file, quietly)
    with pytest.raises(BackupUnusable, match="other programs use the database") as caught:
        restore(into, tmp_path, file, quietly, replace=True)
    assert "end its web server and workers" in caught.value.remedy
    assert held(into) == before
    server.close()
    restore(into, tmp_path, file, quietly, replace=True)
    assert held(into) == held(source)


def test_nothing_is_half_restored(backend: str, make: Make, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    write(full(make("sqlite")), tmp_path, file, quietly)
    into = full(make(backend))
    before = held(into)

    def fail(table: str, *_more: int) -> None:
        if table == "verdicts":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(into, tmp_path, file, fail, replace=True)
    assert held(into) == before


def test_a_nul_that_sqlite_held_is_mended_for_postgresql_and_said(
    make: Make, tmp_path: Path, postgresql: Any
) -> None:
    source, into = full(make("sqlite")), make("postgresql")
    with source.writing() as session:
        session.execute(text("UPDATE drafts SET content = 'a' || char(0) || 'b' WHERE user_id = 1"))
    write(source, tmp_path, tmp_path / "nul.zip", quietly)
    restored = restore(into, tmp_path, tmp_path / "nul.zip", quietly)
    assert dict(restored.mended) == {"drafts": 1}
    with into.reading() as session:
        assert session.scalar(text("SELECT content FROM drafts WHERE user_id = 1")) == "a\ufffdb"


# ---- the commands ----------------------------------------------------------------------------------------------------


def run(command: str, *arguments: str) -> Any:
    return CliRunner().invoke(getattr(cli, command), arguments)


def test_the_commands_write_check_and_restore(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", str(tmp_path / "all.zip")
    full(Database(f"sqlite:///{old / 'workshop.sqlite3'}")).close()
    (old / "secret").write_text("a key")
    done = run("backup", file, "--with-secrets", "--data", str(old))
    assert done.exit_code == 0, done.exception
    assert "rows of" in done.stderr
    assert done.stdout == ""
    assert "the key" not in done.stderr
    assert isinstance(run("backup", file, "--data", str(old)).exception, BackupUnusable)
    assert run("backup", file, "--with-secrets", "--replace", "--data", str(old)).exit_code == 0
    (old / "secret").unlink()
    assert "the key that signs sessions is not in it" in run(
        "backup", str(tmp_path / "keyless.zip"), "--with-secrets", "--data", str(old)
    ).stderr
    assert "is whole" in run("restore", file, "--check").stdout
    done = run("restore", file, "--data", str(new))
    assert done.exit_code == 0, done.exception
    assert (new / "secret").read_text() == "a key"
    assert stat.S_IMODE((new / "secret").stat().st_mode) == 0o600
    again = run("restore", file, "--data", str(new))
    assert isinstance(again.exception, BackupUnusable)
    assert "--replace" in again.exception.remedy
    assert held(Database(f"sqlite:///{new / 'workshop.sqlite3'}")) == held(
        Database(f"sqlite:///{old / 'workshop.sqlite3'}")
    )


def test_a_secret_is_in_a_backup_only_when_it_is_asked_for_and_never_written_over(
    make: Make, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("a key")
    source, file = full(make("sqlite")), tmp_path / "all.zip"
    write(source, tmp_path, file, quietly)
    with zipfile.ZipFile(file) as found:
        assert not [name for name in found.namelist() if name.startswith("files/")]
    write(source, tmp_path, file, quietly, secrets=True)
    (tmp_path / "secret").write_text("another key")
    assert restore(make("sqlite"), tmp_path, file, quietly).kept_files == ["secret"]
    assert (tmp_path / "secret").read_text() == "another key"


def test_where_there_is_no_workshop_nothing_is_backed_up(make: Make, tmp_path: Path) -> None:
    with pytest.raises(WorkshopError, match="holds no workshop"):
        write(make("sqlite"), tmp_path, tmp_path / "none.zip", quietly)
    assert not list(tmp_path.glob("*none.zip*"))
    with pytest.raises(BackupUnusable, match="cannot write"):
        write(full(make("sqlite")), tmp_path, tmp_path / "nowhere" / "all.zip", quietly)


def test_a_disk_that_runs_full_is_said_and_leaves_nothing_behind(make: Make, tmp_path: Path) -> None:
    source, file = full(make("sqlite")), tmp_path / "all.zip"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for room in (1, 2000, 8192):
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
        try:
            with pytest.raises(BackupUnusable, match=f"cannot write {file}") as caught:
                write(source, tmp_path, file, quietly)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert "room" in caught.value.remedy
        assert not list(tmp_path.glob("*all.zip*"))

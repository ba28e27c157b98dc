"""A backup holds everything and goes into either database, whole or not at all; a damaged or hostile one is refused."""

from __future__ import annotations

import hashlib
import json
import resource
import stat
import threading
import zipfile
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text

from grader.errors import WorkshopError
from tests.webapp.filling import everything, fill, lasting
from webapp import migrating
from webapp.backup import archive, cli
from webapp.backup.archive import BackupUnusable
from webapp.backup.restoring import checked, restore
from webapp.backup.writing import write
from webapp.models import Course, Database, Job, Submission

Make = Callable[[str], Database]
numbers = count()


def quietly(_table: str, _done: int, _rows: int) -> None:
    """No progress."""


@pytest.fixture
def make(tmp_path: Path, request: pytest.FixtureRequest) -> Make:
    """Makes databases without tables."""

    def made(kind: str) -> Database:
        name = f"backup{next(numbers)}"
        if kind == "sqlite":
            return Database(f"sqlite:///{tmp_path / name}.sqlite3")
        return Database(request.getfixturevalue("postgresql").create(name))

    return made


def full(database: Database, revision: str = "head") -> Database:
    """With rows in every table."""
    migrating.upgrade(database, revision)
    with database.writing() as session:
        fill(session.connection())
    return database


def held(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.reading() as session:
        return everything(session.connection())


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


# ---- hostile bytes ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The members of a good archive."""
    folder = tmp_path_factory.mktemp("whole")
    database = full(Database(f"sqlite:///{folder / 'source.sqlite3'}"))
    (folder / "secret").write_text("a key")
    write(database, folder, folder / "all.zip", quietly, secrets=True)
    database.close()
    with zipfile.ZipFile(folder / "all.zip") as found:
        return {name: found.read(name) for name in found.namelist()}


def packed(path: Path, members: dict[str, bytes], **changes: bytes | None) -> Path:
    """An archive of these members, some of them changed, with a manifest that is right about them again."""
    members = {**members, **{name: data for name, data in changes.items() if data is not None}}
    manifest = json.loads(members["manifest.json"])
    for entry in manifest["tables"]:
        data = members.get(f"tables/{entry['name']}.jsonl", b"")
        entry.update(bytes=len(data), rows=data.count(b"\n"), sha256=hashlib.sha256(data).hexdigest())
    members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return path


def row_with(members: dict[str, bytes], table: str, **values: Any) -> dict[str, bytes]:
    """The members, with other values in the first row of a table."""
    first, *rest = members[f"tables/{table}.jsonl"].splitlines(keepends=True)
    row = json.dumps({**json.loads(first), **values}).encode() + b"\n"
    return {**members, f"tables/{table}.jsonl": row + b"".join(rest)}


WRONG = {
    "a number for a text": ("users", {"email": 7}, "email is no text"),
    "a text for a number": ("users", {"id": "1; DROP TABLE users"}, "id is no whole number"),
    "a number too large for a row": ("users", {"id": 2**31}, "id is no whole number"),
    "a number too large for any row": ("jobs", {"round": 2**63}, "round is no whole number"),
    "true for a number": ("submissions", {"seed": True}, "seed is no whole number"),
    "no base64": ("submissions", {"content": "*"}, "content is no base64"),
    "a time without a zone": ("users", {"created_at": "2026-01-01T00:00:00"}, "created_at is no time with a zone"),
    "a time of no calendar": ("users", {"created_at": "9999-99-01"}, "created_at is no time with a zone"),
    "nothing where something has to be": ("users", {"email": None}, "email is missing"),
    "half a character": ("users", {"name": "\ud800"}, "name holds half of a character"),
    "no JSON": ("banks", {"report": "{"}, "report is no JSON"),
    "JSON without end": ("banks", {"report": "[" * 100_000}, "report is no JSON"),
    "a number that is none": ("banks", {"report": "[NaN]"}, "report is no JSON"),
    "an infinite mark": ("marks", {"score": float("inf")}, "score is no number"),
    "a column there is not": ("users", {"is_root": True}, "other columns than users has"),
    "a row that points nowhere": ("submissions", {"user_id": 99}, "the database says"),
    "a state there is not": ("jobs", {"state": "nonsense"}, "the database says"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_refused_with_its_place(
    backend: str, name: str, whole: dict[str, bytes], make: Make, tmp_path: Path
) -> None:
    table, values, said = WRONG[name]
    file, into = packed(tmp_path / "wrong.zip", row_with(whole, table, **values)), make(backend)
    with pytest.raises(BackupUnusable, match=said) as caught:
        restore(into, tmp_path, file, quietly)
    assert len(str(caught.value)) < 500
    if "database says" not in said:
        assert f"table {table}, row 1" in str(caught.value)
    assert held(into) == {}


def without(members: dict[str, bytes], name: str) -> dict[str, bytes]:
    return {each: data for each, data in members.items() if each != name}


def told_otherwise(members: dict[str, bytes], **changes: Any) -> dict[str, bytes]:
    return {**members, "manifest.json": json.dumps({**json.loads(members["manifest.json"]), **changes}).encode()}


BROKEN: dict[str, tuple[Callable[[dict[str, bytes]], dict[str, bytes]], str]] = {
    "no manifest": (lambda whole: without(whole, "manifest.json"), "no single manifest"),
    "a table is missing": (lambda whole: without(whole, "tables/users.jsonl"), "does not hold what"),
    "a member too many": (lambda whole: {**whole, "tables/evil.jsonl": b""}, "does not hold what"),
    "a path out of the archive": (lambda whole: {**whole, "files/../../secret": b""}, "does not hold what"),
    "another table's name": (
        lambda whole: told_otherwise(whole, tables=[{"name": "../x", "rows": 0, "bytes": 0, "sha256": "0" * 64}]),
        "is no name",
    ),
    "a file of the system": (
        lambda whole: told_otherwise(whole, files=[{"name": "/etc/passwd", "rows": 0, "bytes": 0, "sha256": "0" * 64}]),
        "is no name",
    ),
    "a manifest that is no JSON": (lambda whole: {**whole, "manifest.json": b"{" * 9}, "cannot be read"),
    "a manifest without end": (lambda whole: {**whole, "manifest.json": b" " * 2_000_000}, "too long"),
    "something else": (lambda whole: told_otherwise(whole, format="a photo album"), "names no attention-workshop"),
    "a newer format": (lambda whole: told_otherwise(whole, version=2), "version 2 of the format"),
    "newer tables": (lambda whole: told_otherwise(whole, revision="9999"), "newer workshop"),
    "a changed row": (
        lambda whole: {**whole, "tables/users.jsonl": whole["tables/users.jsonl"].replace(b"quotes", b"quoted")},
        "not what was written",
    ),
    "more rows than named": (
        lambda whole: {**whole, "tables/users.jsonl": whole["tables/users.jsonl"] * 2},
        "longer than its manifest",
    ),
    "fewer rows than named": (lambda whole: {**whole, "tables/turns.jsonl": b""}, "not what was written"),
    "a changed file": (lambda whole: {**whole, "files/secret": b"b key"}, "the file secret is not what was written"),
    "a line that is no row": (lambda whole: {**whole, "tables/users.jsonl": b"[]\n"}, "row 1: no row"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_archive_is_refused_and_changes_nothing(
    name: str, whole: dict[str, bytes], make: Make, tmp_path: Path
) -> None:
    broken, said = BROKEN[name]
    file, into = tmp_path / "broken.zip", make("sqlite")
    with zipfile.ZipFile(file, "w") as made:
        for each, data in broken(whole).items():
            made.writestr(each, data)
    with pytest.raises(BackupUnusable, match=said):
        restore(into, tmp_path / "data", file, quietly)
    assert held(into) == {}
    assert not (tmp_path / "data").exists()
    if name != "newer tables":
        with pytest.raises(BackupUnusable, match=said):
            checked(file, quietly)


def test_a_file_that_is_cut_short_flipped_or_none_at_all_is_refused(whole: dict[str, bytes], tmp_path: Path) -> None:
    file = packed(tmp_path / "whole.zip", whole)
    good = file.read_bytes()
    checked(file, quietly)
    for spoilt in (b"", b"PK", good[: len(good) // 2], good[:-1], b"\0" * 1000):
        file.write_bytes(spoilt)
        with pytest.raises(BackupUnusable):
            checked(file, quietly)
    with pytest.raises(BackupUnusable, match="cannot read"):
        checked(tmp_path / "none.zip", quietly)
    with pytest.raises(BackupUnusable, match="cannot read"):
        checked(tmp_path, quietly)


def test_every_flipped_byte_is_either_harmless_or_refused(whole: dict[str, bytes], tmp_path: Path) -> None:
    file = packed(tmp_path / "whole.zip", whole)
    good = file.read_bytes()
    for place in range(0, len(good), max(1, len(good) // 300)):
        file.write_bytes(good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1 :])
        with suppress(BackupUnusable):
            checked(file, quietly)


def test_a_row_without_end_does_not_fill_the_memory(
    whole: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "LONGEST_ROW", 10_000)
    file = packed(tmp_path / "bomb.zip", {**whole, "tables/users.jsonl": b" " * 5_000_000 + b"\n"})
    with pytest.raises(BackupUnusable, match="longer than"):
        checked(file, quietly)


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
    assert isinstance(run("backup", file, "--data", str(old)).exception, BackupUnusable)
    assert run("backup", file, "--with-secrets", "--replace", "--data", str(old)).exit_code == 0
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

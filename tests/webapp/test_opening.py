"""What an operator is told when the data folder, its database or an address cannot be used."""

from __future__ import annotations

import errno
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from grader.errors import WorkshopError
from tests.webapp.conftest import Template
from webapp import cli
from webapp.opening import DataUnusable, existing, explained, prepared, up_to_date
from webapp.queue.worker import open_judge
from webapp.serving import CannotListen, listen
from webapp.settings import Settings

Spoil = Callable[[Path], object]


def cut_short(database: Path) -> None:
    database.write_bytes(database.read_bytes()[:3000])


def from_the_future(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()


SPOILT: dict[str, tuple[Spoil, str, str]] = {
    "not a database": (lambda path: path.write_bytes(os.urandom(5000)), "file is not a database", "backup"),
    "cut short": (cut_short, "malformed", "backup"),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), "unable to open", "--data"),
    "from the future": (from_the_future, "made by a newer workshop", "update this checkout"),
}


def said_by(*arguments: str) -> WorkshopError:
    """What a command ends with."""
    name, *rest = arguments
    error = CliRunner().invoke(getattr(cli, name), rest).exception
    assert isinstance(error, WorkshopError), error
    assert len(str(error).splitlines()) == 1
    return error


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("name", SPOILT)
def test_a_database_that_cannot_be_used_is_one_line_with_a_remedy(
    name: str, template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSHOP_PORT", "0")
    spoil, text, remedy = SPOILT[name]
    template.copy(tmp_path, own=True)
    database = tmp_path / "workshop.sqlite3"
    spoil(database)
    for command in ("serve", "demo", "worker"):
        error = said_by(command, "--data", str(tmp_path))
        assert text in str(error), command
        assert str(database) in str(error), command
        assert remedy in error.remedy, command


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    error = said_by("demo", "--data", str(tmp_path / "file" / "data"))
    assert str(tmp_path / "file" / "data") in str(error)
    assert "--data" in error.remedy


def test_a_full_disk_says_so(tmp_path: Path) -> None:
    full = OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))
    error = explained(full, Settings(data=tmp_path))
    assert isinstance(error, DataUnusable)
    assert "full" in str(error)
    assert "free some space" in error.remedy


def test_what_is_not_about_the_data_stays_as_it_is(tmp_path: Path) -> None:
    for problem in (ZeroDivisionError(), FileNotFoundError(errno.ENOENT, "", "/elsewhere"), ModuleNotFoundError()):
        assert explained(problem, Settings(data=tmp_path)) is problem


def test_looking_makes_no_database(tmp_path: Path) -> None:
    for arguments in (["current"], ["downgrade", "base"]):
        error = said_by("db", *arguments, "--data", str(tmp_path / "none"))
        assert "holds no database" in str(error)
    assert "holds no database" in str(said_by("worker", "--data", str(tmp_path / "none")))
    assert list(tmp_path.iterdir()) == []


def test_a_worker_wants_the_tables_of_its_own_program(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    prepared(settings).close()
    up_to_date(settings).close()
    with existing(settings).writing() as session:
        session.execute(text("DELETE FROM alembic_version"))
    with pytest.raises(DataUnusable, match="the tables are at nothing") as caught:
        up_to_date(settings)
    assert caught.value.remedy.startswith("workshop db upgrade")


def test_a_version_there_is_not_is_no_traceback(tmp_path: Path) -> None:
    prepared(Settings(data=tmp_path)).close()
    error = said_by("db", "downgrade", "nonsense", "--data", str(tmp_path))
    assert "nonsense" in str(error)


def test_the_password_of_a_database_is_never_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("nonsense secret", "postgresql+nothing://ann:secret@localhost/x", "sqlite:////dev/null/secret"):
        monkeypatch.setenv("WORKSHOP_DATABASE_URL", address)
        result = CliRunner().invoke(cli.db, ["current"])
        assert result.exception
        if isinstance(result.exception, WorkshopError):
            assert "secret" not in f"{result.exception}{result.exception.remedy}"


@pytest.mark.parametrize("name", ["nowhere", "nowhere:opened", "webapp.queue.worker:nothing", ""])
def test_a_grader_there_is_not_is_named(name: str) -> None:
    with pytest.raises(WorkshopError, match="cannot be had"):
        open_judge(name)


def test_an_address_of_another_machine_is_not_a_taken_port() -> None:
    with pytest.raises(CannotListen) as caught:
        listen("192.0.2.1", 0)
    assert "--host" in caught.value.remedy


def test_a_port_that_is_let_go_in_a_moment_is_waited_for() -> None:
    """A server that was killed leaves a web server behind which finishes what it has begun."""
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import socket, sys\n"
            "held = socket.create_server(('127.0.0.1', 0))\n"
            "print(held.getsockname()[1], flush=True)\nsys.stdin.read(1)",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    port = int(holder.stdout.readline())
    with socket.socket() as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with pytest.raises(OSError, match="in use"):
            trying.bind(("127.0.0.1", port))
    holder.kill()
    listen("127.0.0.1", port).close()
    holder.wait()

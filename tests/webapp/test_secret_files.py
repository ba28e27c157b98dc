"""Secrets in files: read in place of variables, drawn once, seen by their owner and group alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from webapp.cluster import cluster
from webapp.secret_files import LONGEST, SecretFileError, write_missing
from webapp.settings import Settings, as_environment, from_environment


def test_a_setting_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("  abc\n")
    (tmp_path / "port").write_text("81\n")
    found = from_environment(
        {"WORKSHOP_SECRET_KEY_FILE": str(tmp_path / "key"), "WORKSHOP_PORT_FILE": str(tmp_path / "port")}
    )
    assert (found.secret_key, found.port) == ("abc", 81)


def test_the_variable_itself_wins_as_in_a_child_that_was_told_everything(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("sqlite:///other")
    told = {"WORKSHOP_DATABASE_URL_FILE": str(tmp_path / "url")}
    assert from_environment(told).database_url == "sqlite:///other"
    assert from_environment({**told, **as_environment(Settings(database_url="sqlite:///this"))}).database_url.endswith(
        "this"
    )
    assert from_environment({"WORKSHOP_DATABASE_URL_FILE": ""}) == Settings()


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "is empty"), (b" \n", "is empty"), (b"\xff", "is no text"), (b"x" * (LONGEST + 1), "longer")],
)
def test_a_file_that_cannot_hold_a_value_is_named(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(SecretFileError, match=says) as caught:
        from_environment({"WORKSHOP_SECRET_KEY_FILE": str(tmp_path / "key")})
    assert str(tmp_path / "key") in str(caught.value)
    assert caught.value.remedy


def test_a_file_that_is_not_there_is_refused_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(SecretFileError, match=r"cannot read .*nothing: No such file"):
        from_environment({"WORKSHOP_SECRET_KEY_FILE": str(tmp_path / "nothing")})


def test_what_is_drawn_fits_together_and_is_seen_by_owner_and_group_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        written = write_missing(tmp_path / "s")
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o440}
    names = {path.relative_to(tmp_path / "s").as_posix(): path.read_text().strip() for path in written}
    for part in ("database", "broker"):
        assert urlsplit(names[f"{part}/url"]).password == names[f"{part}/password"]
    assert f"default_pass = {names['broker/password']}\n" in names["broker/rabbitmq.conf"]
    assert len({names["web/secret-key"], names["database/password"], names["broker/password"]}) == 3
    assert min(len(names[name]) for name in ("web/secret-key", "database/password")) >= 48
    assert list((tmp_path / "s").rglob(".*")) == []


def test_what_is_there_stays_and_one_s_own_password_is_used(tmp_path: Path) -> None:
    (tmp_path / "database").mkdir()
    (tmp_path / "database/password").write_text("p@ss/word\n")
    write_missing(tmp_path)
    url = (tmp_path / "database/url").read_text().strip()
    assert from_environment({"WORKSHOP_DATABASE_URL": url}).database.password == "p@ss/word"
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert write_missing(tmp_path) == []
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_the_command_names_files_and_never_what_is_in_them(tmp_path: Path) -> None:
    first = CliRunner().invoke(cluster, ["secrets", str(tmp_path)])
    assert first.exit_code == 0, first.output
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert str(path) in first.stdout
            assert path.read_text().strip() not in first.output
    again = CliRunner().invoke(cluster, ["secrets", str(tmp_path)])
    assert (again.exit_code, again.stdout) == (0, "")
    assert "has every secret already" in again.stderr


def test_a_folder_that_cannot_be_written_is_named_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "web").write_text("a file")
    with pytest.raises(SecretFileError, match=r"cannot write .*web") as caught:
        write_missing(tmp_path)
    assert caught.value.remedy

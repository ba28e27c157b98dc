"""A backup that is damaged, or was made to harm, is refused with its place and changes nothing."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.webapp.backups import Make, full, held, quietly
from webapp.backup import archive
from webapp.backup.archive import BackupUnusable
from webapp.backup.restoring import checked, restore
from webapp.backup.writing import write
from webapp.models import Database


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
    "values without end": ("users", {"name": [0] * 2000}, "more values than a row has columns"),
    "JSON of values without end": ("banks", {"report": f"[{'[],' * 1_000_000}0]"}, "holds more than 1,000,000 values"),
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

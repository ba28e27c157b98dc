"""Everybody can take all of their data along and ask to be deleted; pages and commands for it."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.webapp.command_line import workshop
from tests.webapp.one_person import (
    EMAIL,
    MINE,
    NAME,
    NUMBER,
    everything,
    fill,
    traces,
)
from webapp.models import (
    Purpose,
    User,
)
from webapp.personal import exporting
from webapp.settings import Settings


def opened(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        assert files.testzip() is None
        return {name: files.read(name) for name in files.namelist()}


def test_everything_of_mine_and_nothing_of_others_is_in_the_archive(
    world: Any, now: Any, client_of: Callable[..., Any]
) -> None:
    sent = fill(world, now)
    answer = client_of("owner").get("/account/data.zip")
    assert answer.headers["Content-Type"] == "application/zip"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    files = opened(answer.data)
    account = json.loads(files["account.json"])
    assert (account["email"], account["name"]) == (EMAIL, NAME)
    assert "password" not in {name for name in account if name != "has_password"}
    assert json.loads(files["courses.json"])[0]["student_number"] == NUMBER
    rows = json.loads(files["submissions.json"])
    assert [(row["purpose"], row["status"]) for row in rows] == [
        ("submit", "partial"), ("submit", "passed"), ("run", "passed"), ("submit", None),
    ]  # fmt: skip
    for row in rows:
        assert MINE.encode() in files[row["file"]]
        assert row["verdict"] is None or row["verdict"] in files
    assert {name.split("/")[0] for name in files} == {
        "account.json", "courses.json", "submissions.json", "index.html", "submissions", "drafts", "verdicts",
        "hints.json", "dates.json", "notices.json", "requests.json", "reviews.json", "phrasings.json", "log.json",
    }  # fmt: skip
    whole = b"".join(files.values()).decode()
    for foreign in ("classmate", "somebody else", "Instructor", "is ill", "argon2"):
        assert foreign not in whole, foreign
    assert f"{sent['sent'].submission_id:08d}" in files["index.html"].decode()


def test_of_hidden_tests_a_student_takes_titles_and_outcomes(world: Any, now: Any) -> None:
    document = {
        "seed": 7, "revision": "r", "suite": "s", "grader": "g", "status": "failed",
        "tests": [
            {"name": "test_open", "hidden": False, "message": "seen"},
            {"name": "test_secret", "title": {"en": "T"}, "hidden": True, "status": "failed", "points": 0.0,
             "max_points": 1.0, "message": "inputs", "inputs": [1], "comparison": {}, "seconds": 0.3},
        ],
        "diagnosis": [{"misconception": "m", "tests": ["test_open", "test_secret"]}],
    }  # fmt: skip
    shown = exporting.shown(document)
    assert shown["tests"][0]["message"] == "seen"
    assert shown["tests"][1] == {
        "name": "hidden-2", "title": {"en": "T"}, "status": "failed", "hidden": True, "points": 0.0, "max_points": 1.0,
    }  # fmt: skip
    assert not {"seed", "revision", "suite", "grader"} & set(shown)
    assert shown["diagnosis"] == [{"misconception": "m", "tests": ["test_open", "hidden-2"]}]


def test_what_a_short_answer_still_misses_is_not_in_the_archive() -> None:
    met = {"id": "a", "award": 1.0, "description": {"en": "names the scale"}}
    missing = {"id": "b", "award": 0.5, "description": {"en": "says why it is a square root"}}
    shown = exporting.shown({"key_points": [met, missing]})
    assert shown["key_points"] == [met, {"id": "b", "award": 0.5}]


def test_names_in_the_archive_stay_inside_it_and_the_page_escapes(world: Any, now: Any) -> None:
    from webapp.models import AssignmentItem, Course

    with world.database.writing() as session:
        session.get_one(User, world.people["owner"]).name = "<script>alert(1)</script>"
        session.get_one(Course, world.here).title = '"><img src=x>'
        session.get_one(AssignmentItem, world.coding).item = "../../etc/passwd\n注"
    world.send("owner", b"\xff\x00not text")
    packed = io.BytesIO()
    with world.database.reading() as session:
        exporting.export(session, session.get_one(User, world.people["owner"]), now, packed)
    files = opened(packed.getvalue())
    assert all(not name.startswith("/") and ".." not in name and name.isascii() for name in files)
    page = files["index.html"].decode()
    assert "<script>" not in page
    assert "<img" not in page
    assert b"\xff\x00not text" in files.values()


def test_a_long_history_takes_no_more_memory(world: Any, now: Any, tmp_path: Path) -> None:
    import tracemalloc

    def peak(count: int) -> int:
        for number in range(count):
            world.send("owner", f"# {number}\n".encode() + os.urandom(30_000), purpose=Purpose.RUN)
        with world.database.reading() as session, (tmp_path / f"{count}.zip").open("wb") as file:
            tracemalloc.start()
            exporting.export(session, session.get_one(User, world.people["owner"]), now, file)
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return most

    few, many = peak(60), peak(240)
    assert (tmp_path / "240.zip").stat().st_size > 8_000_000
    assert many < few + 2_000_000


def test_it_can_be_taken_six_times_an_hour(world: Any, client_of: Callable[..., Any]) -> None:
    client = client_of("classmate")
    assert [client.get("/account/data.zip").status_code for _ in range(7)] == [200] * 6 + [429]
    assert client_of("owner").get("/account/data.zip").status_code == 200


def test_guests_have_no_such_pages(world: Any, app: Any, client_of: Callable[..., Any]) -> None:
    with world.database.writing() as session:
        session.get_one(User, world.people["owner"]).is_guest = True
    client = client_of("owner")
    for path in ("/account/data", "/account/data.zip"):
        assert client.get(path).status_code in (302, 404)


# ---- asking, deciding ------------------------------------------------------------------------------------------------


def test_a_wish_reaches_the_administrators_and_can_be_taken_back(
    world: Any, client_of: Callable[..., Any]
) -> None:
    student, keeper = client_of("owner"), client_of("admin")
    assert "Asked for deletion" not in keeper.get("/admin", headers={"Accept-Language": "en"}).text
    student.post("/account/data/deletion")
    page = keeper.get("/admin?deletion=yes", headers={"Accept-Language": "en"}).text
    assert "Asked for deletion (1)" in page
    assert "owner@example.org" in page
    assert "classmate@example.org" not in page
    student.post("/account/data/deletion", data={"withdraw": "yes"})
    assert "owner@example.org" not in keeper.get("/admin?deletion=yes").text


def test_an_administrator_deletes_by_typing_the_address(world: Any, now: Any, client_of: Callable[..., Any]) -> None:
    fill(world, now)
    keeper, student, me = client_of("admin"), client_of("owner"), world.people["owner"]
    assert student.get("/courses").status_code == 200
    page = keeper.get(f"/admin/accounts/{me}/data", headers={"Accept-Language": "en"})
    assert "To delete it, type owner@example.org" in page.text
    wrong = keeper.post(f"/admin/accounts/{me}/erase", data={"email": "someone@example.org"})
    assert wrong.status_code == 400
    assert keeper.post(f"/admin/accounts/{me}/erase", data={"email": " Owner@Example.org "}).status_code == 303
    assert keeper.get(f"/admin/accounts/{me}/data").status_code == 404
    assert student.get("/courses").status_code == 302  # signed out everywhere
    assert "deleted.invalid" not in keeper.get("/admin").text
    assert keeper.get("/admin/log").status_code == 200
    own = world.people["admin"]
    refused = keeper.post(f"/admin/accounts/{own}/erase", data={"email": "admin@example.org"})
    assert refused.status_code == 409


# ---- the commands ----------------------------------------------------------------------------------------------------


def test_the_command_exports_shows_and_deletes(world: Any, now: Any, settings: Settings, tmp_path: Path) -> None:
    fill(world, now)
    file = tmp_path / "mine.zip"
    assert workshop(settings, "person", "export", EMAIL, "--to", str(file)).returncode == 0
    assert MINE.encode() in b"".join(opened(file.read_bytes()).values())
    assert file.stat().st_mode & 0o077 == 0
    assert "is there already" in workshop(settings, "person", "export", EMAIL, "--to", str(file)).stderr
    dry = workshop(settings, "person", "delete", EMAIL, "--dry-run")
    assert "2 submissions: emptied" in dry.stdout
    assert "2 runs: deleted" in dry.stdout
    unasked = workshop(settings, "person", "delete", EMAIL)
    assert (unasked.returncode, "--yes" in unasked.stderr) == (2, True)
    assert traces(everything(world.database))
    assert workshop(settings, "person", "delete", EMAIL, "--yes").returncode == 0
    assert traces(everything(world.database)) == []
    assert "nobody has the address" in workshop(settings, "person", "delete", EMAIL, "--yes").stderr

"""One person's data: all of it to take away, and gone for good when it is deleted, without harm to what is counted."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from webapp import audit
from webapp.models import (
    Audit,
    Base,
    Database,
    Decision,
    Draft,
    Extension,
    Fact,
    HintReveal,
    ItemStanding,
    Job,
    Mark,
    Membership,
    Notice,
    Phrasing,
    Purpose,
    Regrade,
    RegradeLine,
    RegradeRequest,
    ReviewHold,
    Revision,
    Submission,
    Task,
    Upload,
    UploadFile,
    User,
    Verdict,
)
from webapp.models.times import utc_now
from webapp.personal import erasing, exporting, retention
from webapp.personal.holdings import ABOUT, POINTERS, SILENT, WORDS, Fate
from webapp.settings import Settings, as_environment

EMAIL, NAME, NUMBER, HAN = "owner@example.org", "Zephyrine Quill", "S-2026-0417", "诸葛清溪"
MINE = "mark_of_my_own_words"
"""In everything that the person wrote."""
TRACES = (EMAIL, NAME, NUMBER, MINE)


def columns() -> Iterator[tuple[str, sa.Column[Any]]]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            yield f"{table.name}.{column.name}", column


def test_whatever_points_at_a_person_has_its_fate_decided() -> None:
    pointing = {
        name for name, column in columns() if any(key.column.table.name in ABOUT for key in column.foreign_keys)
    }
    assert pointing - set(POINTERS) == set(), "decide in webapp/personal/holdings.py, and do it in erasing.py"


def test_whatever_holds_words_has_been_thought_of() -> None:
    texts = {
        name
        for name, column in columns()
        if isinstance(column.type, (sa.String, sa.JSON, sa.LargeBinary)) and not column.foreign_keys
    }
    assert texts - set(WORDS) - set(SILENT) == set(), "decide in webapp/personal/holdings.py"


def fill(world: Any, now: Any) -> dict[str, Any]:
    """Something of the person in every table that can have it, done by the program where that is easy."""
    me, other, teacher = (world.people[who] for who in ("owner", "classmate", "instructor"))
    with world.database.writing() as session:
        session.get_one(User, me).name = NAME
        session.get_one(Membership, (world.here, me)).external_id = NUMBER
    sent = world.send("owner", f"# {MINE}".encode())
    world.judge(share=0.5)
    words = world.send("owner", f"{MINE} in words".encode(), item_id=world.words)
    world.judge(share=1.0, review=True)
    run = world.send("owner", f"# {MINE} run".encode(), purpose=Purpose.RUN)
    world.judge()
    theirs = world.send("classmate", b"# somebody else's")
    world.judge(share=1.0)
    waiting = world.send("owner", f"# {MINE} waits".encode())
    with world.database.writing() as session:
        verdict = session.get_one(Verdict, sent.job_id)
        verdict.document = verdict.document | {"output": {"text": f"{MINE} {EMAIL}", "truncated": False}}
        verdict.note = MINE
        session.get_one(Mark, sent.submission_id).reason = f"for {NAME}"
        common = {"created_at": now}
        revision = session.get_one(Submission, sent.submission_id).revision
        bank = session.get_one(Revision, revision).bank_id
        again = Job(
            submission_id=sent.submission_id, user_id=me, revision=revision, purpose="regrade", batch_id=-1,
            not_before=now, **common,
        )  # fmt: skip
        regrade = Regrade(course_id=world.here, actor_id=teacher, reason=f"{NAME} asked", scope="all", **common)
        upload = Upload(
            course_id=world.here, assignment_item_id=world.coding, actor_id=teacher, name=f"of {NAME}.zip",
            layout="canvas", left_out=[[f"{NUMBER}/x.exe", "binary"]], **common,
        )  # fmt: skip
        session.add_all([again, regrade, upload])
        session.flush()
        session.add_all(
            [
                Draft(user_id=me, assignment_item_id=world.coding, content=MINE, saved_at=now),
                HintReveal(user_id=me, assignment_item_id=world.coding, number=1, revealed_at=now),
                Extension(assignment_id=world.assignment, user_id=me, reason=f"{NAME} is ill"),
                Extension(assignment_id=world.assignment, user_id=other, reason=f"like {NAME.upper()}, see {EMAIL}"),
                Notice(user_id=me, kind="mark", subject="", data={"by": MINE}, **common),
                Notice(user_id=other, kind="mark", subject="", data={"by": [NAME, {"to": EMAIL}]}, **common),
                Decision(
                    submission_id=words.submission_id, key_point="p", award=1, reviewer_id=teacher, evidence=MINE,
                    digest="d", **common,
                ),
                Decision(submission_id=theirs.submission_id, key_point="p", award=1, reviewer_id=me, **common),
                ReviewHold(assignment_item_id=world.words, digest="d", reviewer_id=me, until=now),
                RegradeRequest(submission_id=sent.submission_id, text=MINE, answered_by_id=teacher, **common),
                RegradeRequest(
                    submission_id=theirs.submission_id, text=f"like {NAME}", answered_by_id=me, **common
                ),
                RegradeLine(
                    regrade_id=regrade.id, submission_id=words.submission_id, revision=revision,
                    before={"score": 1.0, "reason": MINE},
                ),
                RegradeLine(
                    regrade_id=regrade.id, submission_id=sent.submission_id, revision=revision, job_id=again.id,
                    before=None,
                ),
                UploadFile(
                    upload_id=upload.id, path=f"{NUMBER}.py", content=MINE.encode(), user_id=me, suggested=[],
                    remarks=[], submission_id=sent.submission_id,
                ),
                UploadFile(upload_id=upload.id, path=f"{NAME}.py", content=MINE.encode(), suggested=[], remarks=[]),
                Task(
                    kind="similarity", subject=f"assignment-item:{world.coding}", actor_id=me, parameters={},
                    state="done", **common,
                    result={
                        "compared": 2, "left_out": 0, "clusters": [[sent.submission_id, theirs.submission_id]],
                        "pairs": [[sent.submission_id, theirs.submission_id, 1, 1, 1, True, [MINE], [MINE]]],
                    },
                ),
            ]
        )  # fmt: skip
        for state, text in (("offered", f"{MINE} offered"), ("taken", "softmax makes weights")):
            session.add(
                Phrasing(
                    bank_id=bank, item="why", key_point="p", judgement="yes", text=text, state=state,
                    submission_id=words.submission_id, reviewer_id=me, **common,
                )
            )  # fmt: skip
        audit.note(session, now, me, "request", f"submission:{sent.submission_id}", after={"request": MINE})
        audit.note(session, now, teacher, "member-role", f"course:{world.here} user:{me}", before={"name": NAME})
        audit.note(session, now, teacher, "extension", "assignment:1", after={"user": me, "why": MINE}, reason=MINE)
        audit.note(session, now, teacher, "member-add", f"course:{world.here}", after={"people": [{"email": EMAIL}]})
        audit.note(session, now, me, "override", f"submission:{theirs.submission_id}", reason="a typing error")
    return {"sent": sent, "words": words, "run": run, "theirs": theirs, "waiting": waiting}


def everything(database: Database) -> str:
    """All that is in the database, as one text."""
    found = []
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                for column, value in zip(table.columns, row, strict=True):
                    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
                    shown = json.dumps(text, ensure_ascii=False, default=str)
                    found.append(f"{table.name}.{column.name}={shown}")
    return "\n".join(found)


def traces(text: str) -> list[str]:
    return [line for line in text.splitlines() if any(each.lower() in line.lower() for each in TRACES)]


def tables_about(database: Database, user_id: int) -> set[str]:
    """Tables with a row that points at the person, or at what they sent."""
    ids: dict[str, set[Any]] = {"users": {user_id}, "submissions": set(), "jobs": set(), "verdicts": set()}
    with database.reading() as session:
        ids["submissions"] = set(session.scalars(select(Submission.id).where(Submission.user_id == user_id)))
        ids["jobs"] = set(session.scalars(select(Job.id).where(Job.user_id == user_id)))
        ids["verdicts"] = set(session.scalars(select(Verdict.job_id).where(Verdict.job_id.in_(ids["jobs"]))))
        return {
            name
            for name, column in columns()
            for key in column.foreign_keys
            if key.column.table.name in ABOUT
            and session.scalar(
                select(func.count()).select_from(column.table).where(column.in_(ids[key.column.table.name]))
            )
        }


def pointing_nowhere(session: Any) -> list[Any]:
    """Rows that point at what is gone; PostgreSQL looks at each statement's end, SQLite is asked."""
    connection = session.connection()
    return connection.exec_driver_sql("PRAGMA foreign_key_check").all() if connection.dialect.name == "sqlite" else []


NEVER_FILLED = {"submissions.sent_by_id", "regrades.actor_id", "uploads.actor_id", "bank_versions.author_id"}
NEVER_FILLED |= {"revisions.author_id", "facts.job_id", "turns.user_id"}
"""Numbers of who teaches, which stay; and what the program fills where it runs longer than here."""


def test_of_somebody_deleted_nothing_is_left_in_any_table(world: Any, now: Any) -> None:
    fill(world, now)
    me = world.people["owner"]
    assert set(POINTERS) - tables_about(world.database, me) - NEVER_FILLED == set(), "fill it in this test"
    assert len(traces(everything(world.database))) > 25
    with world.database.writing() as session:
        erasing.erase(session, me, world.people["admin"], now)
    assert traces(everything(world.database)) == []
    left = tables_about(world.database, me)
    assert left & {name for name, fate in POINTERS.items() if fate is Fate.REMOVED} == set()
    with world.database.reading() as session:
        assert pointing_nowhere(session) == []
        user = session.get_one(User, me)
        assert (user.email, user.name, user.password_hash) == (f"deleted-{me}@deleted.invalid", "", None)
        taken = session.scalars(select(Phrasing)).one()
        assert (taken.text, taken.submission_id) == ("softmax makes weights", None)
        assert session.scalars(select(Audit.reason).where(Audit.action == "override")).one() == "a typing error"
        [notice] = session.scalars(select(Notice))
        assert notice.data == {"by": [f"deleted-{me}", {"to": f"deleted-{me}"}]}


def test_a_class_s_figures_are_the_same_afterwards(
    world: Any, now: Any, client_of: Callable[..., Any]
) -> None:
    from webapp.models import Assignment, Course
    from webapp.teach.analysis import service

    fill(world, now)

    def figures() -> Any:
        with world.database.reading() as session:
            facts = session.execute(
                select(Fact.user_id, Fact.status, Fact.share, Fact.outcomes, Fact.misconceptions).order_by(Fact.job_id)
            ).all()
            standings = session.execute(
                select(ItemStanding.user_id, ItemStanding.score, ItemStanding.status).order_by(
                    ItemStanding.assignment_item_id, ItemStanding.user_id
                )
            ).all()
            page = service.assignment_page(session, session.get_one(Assignment, world.assignment), "en")
            rows = service.assignment_rows(session, session.get_one(Course, world.here), "en")
            lines = [replace(line, to_read=0) for line in page.lines]  # nobody need read it any more
            return facts, standings, lines, page.people, rows

    before = figures()
    with world.database.writing() as session:
        erasing.erase(session, world.people["owner"], None, now)
    assert figures() == before
    teacher = client_of("instructor")
    for page in ("", "/analysis", "/similarity", "/log", "/review", "/people", "/regrades", "/uploads"):
        assert teacher.get(f"/teach/courses/{world.here}{page}").status_code == 200, page
    for page in ("analysis", "similarity"):
        assert teacher.get(f"/teach/items/{world.coding}/{page}").status_code == 200, page


def test_what_was_sent_by_somebody_deleted_is_shown_compared_and_graded_no_more(
    world: Any, now: Any, client_of: Callable[..., Any]
) -> None:
    from webapp.regrading.asking import Scope, submissions_of

    sent = fill(world, now)
    with world.database.writing() as session:
        erasing.erase(session, world.people["owner"], None, now)
        found = set(session.scalars(submissions_of(session, [world.coding, world.words], Scope.ALL)))
        assert found == {sent["theirs"].submission_id}
    assert client_of("instructor").get(f"/teach/submissions/{sent['sent'].submission_id}").status_code == 404
    assert world.judge() is None  # what waited is not judged


def test_not_even_the_file_holds_it_any_more(world: Any, now: Any, settings: Settings) -> None:
    if world.database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps deleted rows until it vacuums")
    fill(world, now)
    file = Path(str(world.database.engine.url.database))
    with world.database.writing() as session:
        erasing.erase(session, world.people["owner"], None, now)
    world.database.empty_log()
    held = file.read_bytes() + Path(f"{file}-wal").read_bytes()
    assert [each for each in TRACES if each.encode() in held] == []


def test_a_chinese_name_is_struck_out_where_others_wrote_it(world: Any, now: Any) -> None:
    me, other = world.people["owner"], world.people["classmate"]
    with world.database.writing() as session:
        session.get_one(User, me).name = HAN
        session.add(Extension(assignment_id=world.assignment, user_id=other, reason=f"与{HAN}同组"))
        session.add(Notice(user_id=other, kind="x", subject="", data={"name": HAN}, created_at=now))
        erasing.erase(session, me, None, now)
    assert HAN not in everything(world.database)


def test_a_short_name_does_not_tear_others_words_apart(world: Any, now: Any) -> None:
    me, other = world.people["owner"], world.people["classmate"]
    with world.database.writing() as session:
        session.get_one(User, me).name = "Li"
        session.add(Extension(assignment_id=world.assignment, user_id=other, reason="Libby, like Li: a list"))
        erasing.erase(session, me, None, now)
    with world.database.reading() as session:
        reason = session.scalars(select(Extension.reason)).one()
    assert reason == f"Libby, like deleted-{me}: a list"


def test_only_what_somebody_deleted_has_sent_can_be_emptied(world: Any, now: Any) -> None:
    sent = world.send("owner")
    with pytest.raises(DatabaseError, match="never changes"), world.database.writing() as session:
        session.get_one(Submission, sent.submission_id).content = b""
    with world.database.writing() as session:
        session.get_one(User, world.people["owner"]).erased_at = now
    with pytest.raises(DatabaseError, match="never changes"), world.database.writing() as session:
        session.get_one(Submission, sent.submission_id).content = b"other"
    with world.database.writing() as session:
        session.get_one(Submission, sent.submission_id).content = b""


def test_who_is_needed_stays(world: Any, now: Any) -> None:
    for who, why in (("admin", "last administrator"), ("instructor", "last instructor")):
        with pytest.raises(erasing.CannotErase, match=why) as caught, world.database.writing() as session:
            erasing.erase(session, world.people[who], None, now)
        assert caught.value.remedy
    with world.database.writing() as session:
        session.get_one(Membership, (world.here, world.people["assistant"])).role = "instructor"
    with world.database.writing() as session:
        erasing.erase(session, world.people["instructor"], None, now)
    with pytest.raises(erasing.CannotErase, match="nobody"), world.database.writing() as session:
        erasing.erase(session, world.people["instructor"], None, now)


# ---- taking it along -------------------------------------------------------------------------------------------------


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
    }  # fmt: skip
    shown = exporting.shown(document)
    assert shown["tests"][0]["message"] == "seen"
    assert shown["tests"][1] == {
        "name": "hidden-2", "title": {"en": "T"}, "status": "failed", "hidden": True, "points": 0.0, "max_points": 1.0,
    }  # fmt: skip
    assert not {"seed", "revision", "suite", "grader"} & set(shown)


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


# ---- the commands, and what goes by itself ---------------------------------------------------------------------------


def workshop(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from grader.cli import main; main()", *arguments]
    environment = {**os.environ, **as_environment(settings)}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, env=environment
    )


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


def test_what_is_old_goes_and_what_counts_stays(world: Any, now: Any, settings: Settings) -> None:
    sent = fill(world, now)
    with world.database.writing() as session:
        session.execute(sa.update(Notice).values(read_at=now))
    before = now + timedelta(days=1)
    kept = {"runs": 0, "drafts": 0, "uploads": 0, "notices": 0, "log": 0}
    for kind in retention.KINDS:
        with world.database.writing() as session:
            found = retention.count(session, kind, before)
            assert found, kind.name
            assert retention.count(session, kind, now - timedelta(days=1)) == 0, kind.name
            assert retention.step(session, kind, before) == found
            kept[kind.name] = retention.count(session, kind, before)
    assert set(kept.values()) == {0}
    with world.database.reading() as session:
        assert session.get(Submission, sent["run"].submission_id) is None
        for name in ("sent", "words", "theirs", "waiting"):
            assert session.get(Submission, sent[name].submission_id) is not None, name
        assert pointing_nowhere(session) == []


def test_it_goes_in_small_steps(world: Any, now: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_A_TIME", 2)
    with world.database.writing() as session:
        for _ in range(5):
            audit.note(session, now, None, "bank-save", "bank:x")
    done = []
    while not done or done[-1]:
        with world.database.writing() as session:
            done.append(retention.step(session, retention.BY_NAME["log"], now + timedelta(days=1)))
    assert done == [2, 2, 1, 0]


def test_a_worker_lets_go_only_what_the_settings_say(
    world: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = utc_now() - timedelta(days=50)
    with world.database.writing() as session:
        for at in (old, utc_now()):
            audit.note(session, at, None, "bank-save", "bank:x")
        session.add(Draft(user_id=1, assignment_item_id=world.coding, content="kept", saved_at=old))
    monkeypatch.setattr(retention, "LOOKED_EVERY_SECONDS", -1.0)
    forgetting = retention.Forgetting(world.database, replace(settings, keep_log_days=30))
    assert forgetting.step()
    assert not retention.Forgetting(world.database, settings).step()
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Audit)) == 1
        assert session.scalar(select(func.count()).select_from(Draft)) == 1


def test_the_retention_command_says_before_it_does(world: Any, now: Any, settings: Settings) -> None:
    fill(world, now)
    assert "runs     kept for ever" in workshop(settings, "retention", "--dry-run").stdout
    dry = workshop(settings, "retention", "--older-than", "1", "--only", "runs", "--dry-run")
    assert dry.stdout == "runs     1 older than 1 days would go\n", dry.stderr
    done = workshop(settings, "retention", "--older-than", "1", "--only", "runs")
    assert done.stdout == "runs     1 older than 1 days deleted\n", done.stderr

"""Whoever is deleted is gone for good from every table, without harm to what is counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from werkzeug.exceptions import Unauthorized

from grader.documents import verdict_to_json
from tests.webapp.at_once import overlapping
from tests.webapp.one_person import (
    HAN,
    MINE,
    TRACES,
    columns,
    everything,
    fill,
    pointing_nowhere,
    tables_about,
    traces,
)
from webapp.items import item_from
from webapp.learn import sending
from webapp.learn.attempts import Pace
from webapp.models import (
    Audit,
    Database,
    Extension,
    Fact,
    ItemStanding,
    Membership,
    Notice,
    Phrasing,
    Purpose,
    Submission,
    Upload,
    UploadFile,
    User,
)
from webapp.personal import erasing
from webapp.personal.holdings import ABOUT, POINTERS, SILENT, WORDS, Fate
from webapp.queue import rows
from webapp.settings import Settings


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


@pytest.mark.parametrize("name", ["score", "py", "main"])
def test_who_is_called_like_a_word_of_the_program_takes_nothing_of_others_along(
    world: Any, now: Any, name: str
) -> None:
    me, other = world.people["owner"], world.people["classmate"]
    data = {"score": 3, "kind": "score", "name": name, "text": f"said {name}"}
    with world.database.writing() as session:
        session.get_one(User, me).name = name
        session.add(Notice(user_id=other, kind="x", subject="", data=data, created_at=now))
        upload = Upload(
            course_id=world.here, assignment_item_id=world.coding, actor_id=world.people["instructor"], name="a.zip",
            layout="plain", left_out=[], created_at=now,
        )  # fmt: skip
        session.add(upload)
        session.flush()
        file = UploadFile(upload_id=upload.id, path="somebody/main.py", content=b"theirs", suggested=[], remarks=[])
        session.add(file)
        erasing.erase(session, me, None, now)
    struck = f"deleted-{me}"
    with world.database.reading() as session:
        found = session.scalars(select(Notice.data).where(Notice.user_id == other)).one()
        assert found == {"score": 3, "kind": "score", "name": struck, "text": f"said {struck}"}
        assert session.scalars(select(UploadFile.content)).one() == b"theirs"


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


def test_nothing_is_taken_of_who_is_deleted_while_they_send(database: Database, world: Any, now: Any) -> None:
    """Their request had begun and waits for its turn."""
    owner = world.people["owner"]

    def erase(session: Session) -> None:
        erasing.erase(session, owner, world.people["admin"], now)

    def send(session: Session) -> None:
        pace = Pace(1000, 1000)
        wanted = {"purpose": Purpose.RUN, "client_key": "", "pace": pace, "now": now}
        sending.send(session, user_id=owner, item_id=world.coding, content=MINE.encode(), **wanted)

    assert [type(each) for each in overlapping(database, erase, send)] == [Unauthorized]
    with pytest.raises(Unauthorized), database.writing() as session:
        sending.save_draft(session, owner, world.coding, MINE, now)
    assert traces(everything(database)) == []


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("purpose", [Purpose.RUN, Purpose.SUBMIT])
@pytest.mark.parametrize("first", ["deletion", "verdict"])
def test_a_verdict_that_is_stored_while_its_student_is_deleted_leaves_nothing(
    database: Database, world: Any, now: Any, pretend: Any, first: str, purpose: Purpose
) -> None:
    world.send("owner", f"# {MINE}".encode(), purpose=purpose)
    with database.writing() as session:
        claim = rows.claim(session, "test", now, timedelta(seconds=10))
    assert claim is not None
    document = verdict_to_json(pretend(item_from(claim.revision, claim.source), claim.seed))
    document["output"] = {"text": MINE, "truncated": False}

    def erase(session: Session) -> None:
        erasing.erase(session, world.people["owner"], world.people["admin"], now)

    works = [erase, lambda session: rows.store(session, claim, document, now)]
    assert overlapping(database, *(works if first == "deletion" else works[::-1])) == []
    assert traces(everything(database)) == []

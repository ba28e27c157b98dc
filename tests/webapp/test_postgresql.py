"""What PostgreSQL does where SQLite has one writer: snapshots, locks in time, a server that is started anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import URL, event, func, make_url, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from grader.documents import verdict_to_json
from grader.errors import WorkshopError
from grader.verdict import Status
from tests.conftest import there_or_skipped
from tests.services import postgresql as services
from tests.services.postgresql import PostgreSQL
from tests.webapp.at_once import at_once, overlapping
from tests.webapp.conftest import fill, pretend
from webapp import cli, create_app
from webapp.account import service as accounts
from webapp.courses.changes import Ledger
from webapp.items import item_from
from webapp.models import Assignment, AssignmentItem, Course, Database, ItemStanding, Job, Mark, User
from webapp.models.passing import DatabaseAway, DatabaseBusy
from webapp.queue import rows
from webapp.settings import Settings
from webapp.tasks import rows as tasks
from webapp.teach.assignments import extensions
from webapp.teach.review import deciding

ITEM = 1
pytestmark = pytest.mark.only_on("postgresql")


@pytest.fixture(scope="module")
def own_server() -> Iterator[PostgreSQL]:
    """A server that may be stopped."""
    there_or_skipped(services.available())
    with services.running_postgresql() as server:
        fill(server.create("own"))
        yield server


@pytest.fixture
def stopped(own_server: PostgreSQL) -> Iterator[Callable[[float], None]]:
    """Stops the server and starts it again after some seconds."""
    timers: list[threading.Timer] = []

    def stop(seconds: float) -> None:
        own_server.stop(crash=True)
        timers.append(threading.Timer(seconds, own_server.start))
        timers[-1].start()

    yield stop
    for timer in timers:
        timer.join()


def again(database: Database, work: Callable[[Any], None]) -> None:
    """Do it until the database takes it, as a worker does."""
    while True:
        try:
            with database.writing() as session:
                work(session)
                return
        except DatabaseBusy:
            time.sleep(0.05)


def titles(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(Course.title)))


def test_who_reads_sees_one_snapshot_and_cannot_write(database: Database) -> None:
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Course)) == 2
        with database.writing() as other:
            other.add(Course(title="new"))
        assert session.scalar(select(func.count()).select_from(Course)) == 2
        with pytest.raises(DBAPIError, match="read-only"):
            session.execute(text("UPDATE users SET locale = 'zh'"))
    assert "new" in titles(database)


def test_a_promise_waits_for_the_disk_and_nothing_else_does(database: Database) -> None:
    found = {}
    for durable in (True, False):
        with database.writing(durable=durable) as session:
            found[durable] = session.scalar(text("SHOW synchronous_commit"))
    assert found == {True: "on", False: "off"}


def test_a_row_that_others_hold_is_waited_for_and_not_for_ever(settings: Settings, database: Database) -> None:
    hasty = Database(settings.database, patience=0.3)
    with database.writing() as session:
        session.execute(select(User.id).where(User.id == 1).with_for_update())
        started = time.monotonic()
        with pytest.raises(DatabaseBusy), hasty.writing() as other:
            other.execute(select(User.id).where(User.id == 1).with_for_update())
        assert time.monotonic() - started >= 0.3
    hasty.close()


def test_two_that_lock_each_other_out_are_both_served(database: Database) -> None:
    first, second = select(User.id).where(User.id == 1), select(User.id).where(User.id == 2)
    meeting = threading.Barrier(2)
    tries: list[int] = []

    def work(one: Any, other: Any) -> Callable[[Any], None]:
        met = False

        def locking(session: Any) -> None:
            nonlocal met
            tries.append(1)
            session.execute(one.with_for_update())
            if not met:
                met = True
                meeting.wait(10)
            session.execute(other.with_for_update())

        return locking

    threads = [
        threading.Thread(target=again, args=(database, work(*pair))) for pair in ((first, second), (second, first))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tries) == 3  # PostgreSQL broke one off, which did it again


def test_a_server_that_is_started_anew_is_waited_for(
    own_server: PostgreSQL, stopped: Callable[[float], None]
) -> None:
    database = Database(own_server.url("own"))
    with database.writing(durable=True) as session:
        session.add(Course(title="before"))
    stopped(1.0)
    with database.writing(durable=True) as session:
        session.add(Course(title="after"))
    assert {"before", "after"} <= titles(database)
    database.close()


def test_work_that_a_restart_breaks_off_is_done_again(own_server: PostgreSQL, stopped: Callable[[float], None]) -> None:
    database = Database(own_server.url("own"))
    tries: list[int] = []

    def work(session: Any) -> None:
        session.add(Course(title="twice"))
        session.flush()
        tries.append(1)
        if len(tries) == 1:
            stopped(0.5)

    again(database, work)
    assert len(tries) == 2
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(Course.title == "twice")) == 1
    database.close()


def test_pages_say_that_the_database_is_away_and_the_next_request_works(
    own_server: PostgreSQL, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from webapp.models import postgresql_engine

    monkeypatch.setattr(postgresql_engine, "AWAY_SECONDS", 0.2)
    settings = {"data": tmp_path, "database_url": own_server.url("own"), "secret_key": "only for tests"}
    app = create_app({**settings, "TESTING": True, "WTF_CSRF_ENABLED": False})
    client = app.test_client()
    with app.extensions["workshop_database"].reading() as session:
        owner = session.scalars(select(User).where(User.email == "owner@example.org")).one().get_id()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = owner, True
    assert client.get(f"/items/{ITEM}").status_code == 200
    own_server.stop()
    page = client.get(f"/items/{ITEM}")
    sent = client.post(f"/items/{ITEM}/submit", json={"content": "x"}, headers={"Accept": "application/json"})
    posted = client.post(f"/items/{ITEM}/submit", data={"content": "x"})
    own_server.start()
    assert (page.status_code, sent.status_code, posted.status_code) == (503, 503, 503)
    assert "稍后再试" in page.text
    assert sent.json["error"]["code"] == "away"
    assert page.headers["Retry-After"] == sent.headers["Retry-After"] == "5"
    assert client.get(f"/items/{ITEM}").status_code == 200
    sent = client.post(f"/items/{ITEM}/submit", json={"content": "x"}, headers={"Accept": "application/json"})
    assert sent.status_code == 202


def test_a_connection_that_is_cut_while_it_writes_is_said_as_what_it_is(
    postgresql: PostgreSQL, database: Database
) -> None:
    def write() -> None:
        with database.writing() as session:
            session.add(Course(title="lost"))
            session.flush()
            postgresql.disconnect(database.engine.url.database or "")
            session.execute(text("SELECT 1"))

    with pytest.raises(DatabaseAway):
        write()
    assert "lost" not in titles(database)


def test_a_page_that_was_read_is_not_lost_with_its_connection(postgresql: PostgreSQL, database: Database) -> None:
    session = database.open_session()
    assert session.scalars(select(Course.title)).all()
    postgresql.disconnect(database.engine.url.database or "")
    session.close()
    session = database.open_session()
    assert session.scalars(select(Course.title)).all()
    session.close()


def test_one_connection_is_kept_and_used_again(database: Database) -> None:
    opened: list[int] = []
    event.listen(database.engine, "connect", lambda *_: opened.append(1))
    for _ in range(5):
        titles(database)
    assert len(opened) <= 1


def test_two_who_ask_for_the_same_at_once_get_one_task(database: Database, now: datetime) -> None:
    meeting = threading.Barrier(6)
    asked: list[int] = []

    def ask() -> None:
        with database.writing() as session:
            session.execute(text("SELECT 1"))
            meeting.wait(10)
            asked.append(tasks.ask(session, "prove", "revision:x", now).id)

    assert at_once(*[ask] * 6) == []
    assert len(set(asked)) == 1


def judge(session: Session, now: datetime, **shape: Any) -> None:
    """Take the next job and store its verdict."""
    claim = rows.claim(session, "test", now, timedelta(seconds=10))
    assert claim is not None
    verdict = pretend(item_from(claim.revision, claim.source), claim.seed, **shape)
    assert rows.store(session, claim, verdict_to_json(verdict), now)


@pytest.mark.parametrize("first", ["decision", "verdict"])
def test_an_answer_graded_while_an_equal_one_is_decided_does_not_stay_in_the_queue(
    database: Database, world: Any, now: datetime, first: str
) -> None:
    """Whoever comes second sees what the first has done."""
    for who in ("owner", "classmate"):
        world.send(who, "因为方差".encode(), item_id=world.words)
    read = world.judge(review=True, share=0.5)
    assert read is not None

    def decide(session: Session) -> None:
        found = deciding.before(session, read.submission_id)
        assert found is not None
        choices = {each["id"]: deciding.Choice(1.0) for each in found.key_points}
        deciding.decide(session, read.submission_id, world.people["instructor"], choices, found.seen, now)

    works = [decide, lambda session: judge(session, now, review=True, share=0.5)]
    assert overlapping(database, *(works if first == "decision" else works[::-1])) == []
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Mark)) == 2
        assert session.scalar(select(func.count()).select_from(Mark).where(Mark.review)) == 0


@pytest.mark.parametrize("first", ["extension", "verdict"])
def test_a_verdict_that_is_stored_while_its_student_gets_more_time_is_not_late(
    database: Database, world: Any, now: datetime, first: str
) -> None:
    """Whoever comes second sees what the first has done."""
    with database.writing() as session:
        assignment = session.get_one(Assignment, world.assignment)
        assignment.due_at, assignment.late_penalty = now - timedelta(hours=1), 0.5
    world.send(purpose="submit")

    def give(session: Session) -> None:
        given = extensions.Given((world.people["owner"],), now + timedelta(hours=1), None, "ill")
        ledger = Ledger(session, now, world.people["instructor"], world.here)
        extensions.give(ledger, session.get_one(Course, world.here), world.assignment, given, {})

    works = [give, lambda session: judge(session, now)]
    assert overlapping(database, *(works if first == "extension" else works[::-1])) == []
    with database.reading() as session:
        mark, standing = session.scalars(select(Mark)).one(), session.scalars(select(ItemStanding)).one()
        assert (mark.score, standing.score) == (session.get_one(AssignmentItem, world.coding).points,) * 2
        assert not standing.late


def test_two_who_ask_at_once_that_it_is_graded_again_get_one_job(database: Database, world: Any, now: datetime) -> None:
    world.send()
    judged = world.judge(status=Status.UNGRADABLE)
    meeting = threading.Barrier(3)
    asked: list[int] = []

    def ask() -> None:
        with database.writing() as session:
            job = session.get_one(Job, judged.job_id)
            meeting.wait(10)
            asked.append(rows.grade_again(session, job, now).id)

    assert at_once(*[ask] * 3) == []
    assert len(set(asked)) == 1


def test_two_who_register_with_one_address_make_one_account(database: Database) -> None:
    made: list[User | None] = []

    def register(session: Session) -> None:
        password = accounts.Hashed.of("correct horse")
        made.append(accounts.register(session, "new@example.org", "New", password, "en", None))

    assert overlapping(database, register, register) == []
    assert [each is None for each in made] == [False, True]


def without_password(url: URL) -> URL:
    return URL.create(url.drivername, url.username, None, url.host, url.port, url.database)


@pytest.mark.parametrize(
    ("change", "said", "remedy"),
    [
        (lambda url: url.set(port=1), "refused", "start it"),
        (lambda url: url.set(password="wrong"), "password authentication failed", "right password"),
        (without_password, "no password supplied", "put the password"),
        (lambda url: url.set(database="nowhere"), 'database "nowhere" does not exist', "createdb"),
        (lambda url: url.set(host="nowhere.invalid"), "", "host and port"),
    ],
)
def test_a_server_that_cannot_be_used_is_one_line_with_a_remedy(
    postgresql: PostgreSQL, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, change: Any, said: str, remedy: str
) -> None:
    monkeypatch.setattr("webapp.models.postgresql_engine.AWAY_SECONDS", 0.2)
    url = change(make_url(postgresql.url()))
    monkeypatch.setenv("WORKSHOP_DATABASE_URL", url.render_as_string(hide_password=False))
    monkeypatch.setenv("WORKSHOP_PORT", "0")
    for command in ("serve", "worker", "demo"):
        error = CliRunner().invoke(getattr(cli, command), ["--data", str(tmp_path)]).exception
        assert isinstance(error, WorkshopError), error
        assert len(str(error).splitlines()) == 1
        assert said in str(error)
        assert remedy in error.remedy
        assert postgresql.password not in f"{error}{error.remedy}"


def test_addresses_as_hosts_write_them_are_understood() -> None:
    for written in ("postgres://a:b@h/c", "postgresql://a:b@h/c", "postgresql+psycopg://a:b@h/c"):
        assert Settings(database_url=written).database.drivername == "postgresql+psycopg"
    with pytest.raises(WorkshopError, match="mysql, which is not supported"):
        _ = Settings(database_url="mysql://a:b@h/c").database

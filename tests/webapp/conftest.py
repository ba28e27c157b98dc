"""A database with two courses and their people, an application over it, and graders that only pretend."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from grader.verdict import KeyPointResult, Raised, Status, TestResult, TestStatus, Verdict, Words
from questions.model import Item
from tests.services.postgresql import PostgreSQL
from tests.webapp.refilling import Refilled
from webapp import banks, create_app, migrating
from webapp.account import service as accounts
from webapp.models import Assignment, AssignmentItem, Course, Database, Membership, User
from webapp.queue import rows
from webapp.settings import Settings

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse"
_made = count()


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """The real cost of a hash is a tenth of a second."""
    costly = accounts.hasher
    accounts.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts._nobody.cache_clear()
    yield
    accounts.hasher = costly


@dataclass(frozen=True, slots=True)
class Template:
    """A migrated and filled database, made once, of which each test gets a copy."""

    copy: Callable[..., str]
    """Make a copy for who has this data folder; what WORKSHOP_DATABASE_URL says of it."""
    remove: Callable[[str], None]


@pytest.fixture
def template(backend: str, request: pytest.FixtureRequest) -> Template:
    """The template of this kind of database."""
    made: Template = request.getfixturevalue(f"{backend}_template")
    return made


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A file, copied for each test."""
    original = tmp_path_factory.mktemp("template") / "workshop.sqlite3"
    fill(f"sqlite:///{original}")

    def copy_file(folder: Path, *, own: bool) -> str:
        shutil.copy(original, folder / original.name)
        return ""

    return Template(copy_file, lambda _address: None)


@pytest.fixture(scope="session")
def postgresql_template(postgresql: PostgreSQL) -> Template:
    """A database, filled anew for each test, or copied where a test moves its tables.

    Not of the parametrised fixture's scope: a worker goes from one kind of database to the other with each file.
    """
    fill(postgresql.create("filled"))
    refilled = Refilled(postgresql, postgresql.create("refilled", template="filled"))
    numbers = count()

    def copy_database(folder: Path, *, own: bool) -> str:
        return postgresql.create(f"copy{next(numbers)}", template="filled") if own else refilled.fresh()

    def remove(address: str) -> None:
        if address != refilled.address:
            postgresql.drop(address.rpartition("/")[2])

    return Template(copy_database, remove)


def fill(url: str) -> None:
    """Make the tables and put two courses into them."""
    database = Database(url)
    migrating.upgrade(database)
    with database.writing(durable=True) as session:
        bank, _loaded = banks.load(session, HERE / "small_bank.md", NOW)
        here, elsewhere = Course(title="Here", zone="Asia/Shanghai"), Course(title="Elsewhere", zone="UTC")
        session.add_all([here, elsewhere])
        session.flush()
        people = {
            "owner": (here, "student"),
            "classmate": (here, "student"),
            "outsider": (elsewhere, "student"),
            "instructor": (here, "instructor"),
            "stranger": (elsewhere, "instructor"),
            "assistant": (here, "assistant"),
            "admin": (None, ""),
        }
        for name, (course, role) in people.items():
            user = accounts.create(session, f"{name}@example.org", name.title(), PASSWORD)
            if course is None:
                user.is_admin = True
            else:
                session.add(Membership(course_id=course.id, user_id=user.id, role=role))
        assignment = Assignment(course_id=here.id, title="First", counts="best", late_penalty=0.0)
        session.add(assignment)
        session.flush()
        for position, item in enumerate(banks.in_order([bank])):
            banks.pin(session, assignment.id, item, position, 3)
    if database.engine.dialect.name == "sqlite":
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


@pytest.fixture
def settings(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    template: Template,
    cheap_passwords: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Settings]:
    """Settings over a fresh copy of the database, which commands find in the environment too."""
    url = template.copy(tmp_path, own="moves_tables" in request.keywords)
    if url:
        monkeypatch.setenv("WORKSHOP_DATABASE_URL", url)
    yield Settings(data=tmp_path, database_url=url, secret_key="only for tests", workers=1, demo=False)
    template.remove(url)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The database by itself."""
    database = Database(settings.database)
    yield database
    database.close()


@dataclass
class World:
    """Ids by name."""

    database: Database
    people: dict[str, int]
    here: int
    elsewhere: int
    assignment: int
    coding: int
    words: int

    def send(self, who: str = "owner", content: bytes = b"def f(): ...", **changes: Any) -> rows.Claim:
        """Store a submission as `who`, without a request; returns its ids as a claim not yet claimed."""
        from webapp.learn import sending
        from webapp.learn.attempts import Pace
        from webapp.models import Purpose

        values = {
            "user_id": self.people[who],
            "item_id": self.coding,
            "content": content,
            "purpose": Purpose.SUBMIT,
            "client_key": "",
            "pace": Pace(1000, 1000),
            "now": NOW,
        } | changes
        with self.database.writing() as session:
            return sending.send(session, **values)

    def judge(self, now: datetime = NOW, **shape: Any) -> rows.Claim | None:
        """Take the next job and give it the verdict described by `shape`."""
        from grader.documents import verdict_to_json
        from webapp.items import item_from

        with self.database.writing() as session:
            claim = rows.claim(session, "test", now, timedelta(seconds=10))
            if claim is None:
                return None
            verdict = pretend(item_from(claim.revision, claim.source), claim.seed, **shape)
            assert rows.store(session, claim, verdict_to_json(verdict), now)
        return claim


@pytest.fixture
def world(database: Database) -> World:
    """Who and what there is."""
    with database.reading() as session:
        people = {user.email.split("@")[0]: user.id for user in session.scalars(select(User))}
        courses = {course.title: course.id for course in session.scalars(select(Course))}
        items = {item.item: item.id for item in session.scalars(select(AssignmentItem))}
        assignment = session.scalars(select(Assignment)).one()
        return World(
            database, people, courses["Here"], courses["Elsewhere"], assignment.id, items["weighted-sum"], items["why"]
        )


@pytest.fixture
def app(settings: Settings, database: Database) -> Flask:
    """The application, with forged requests allowed (their refusal has tests of its own)."""
    from dataclasses import asdict

    app = create_app({**asdict(settings), "TESTING": True, "WTF_CSRF_ENABLED": False})
    return app


@pytest.fixture
def client_of(app: Flask, world: World) -> Callable[[str | None], FlaskClient]:
    """A browser in which somebody (or nobody) is signed in."""

    def make(who: str | None) -> FlaskClient:
        client = app.test_client()
        if who is not None:
            with world.database.reading() as session:
                session_id = session.get_one(User, world.people[who]).get_id()
            with client.session_transaction() as cookie:
                cookie["_user_id"] = session_id
                cookie["_fresh"] = True
        return client

    return make


def pretend(item: Item, seed: int, share: float = 1.0, status: Status | None = None, review: bool = False) -> Verdict:
    """A verdict of the right form: the first tests or key points up to `share` of the points pass."""
    results: list[TestResult] = []
    points: list[KeyPointResult] = []
    left = share * item.points
    for spec in item.test_specs:
        passed = left >= spec.points - 1e-9
        left -= spec.points if passed else 0
        results.append(
            TestResult(
                spec.name,
                Words(spec.title.get("zh"), spec.title.get("en")),
                TestStatus.PASSED if passed else TestStatus.FAILED,
                spec.hidden,
                spec.points if passed else 0.0,
                spec.points,
                message="" if passed else "assert 1 == 2 <b>secret of a message</b>",
                exception=None if passed else Raised("ValueError", "secret of an exception", (3,)),
            )
        )
    for point in item.key_points:
        points.append(
            KeyPointResult(
                point.id, share, share * point.points, point.points, 0.9, review, ((0, 2),), Words("要点", "Point")
            )
        )
    score = sum(r.points for r in results) + sum(p.points for p in points)
    if status is None:
        status = Status.PASSED if score >= item.points else Status.PARTIAL if score > 0 else Status.FAILED
    verdict = Verdict(
        item=f"{item.bank}/{item.id}",
        revision=item.revision,
        suite=item.suite,
        grader="pretended",
        seed=seed,
        status=status,
        score=score,
        max_score=item.points,
        review=review,
        tests=tuple(results),
        key_points=tuple(points),
    )
    return replace(verdict, score=0.0) if status in (Status.ERROR, Status.UNGRADABLE) else verdict


@pytest.fixture(name="pretend")
def pretend_fixture() -> Callable[..., Verdict]:
    """Makes verdicts."""
    return pretend


@pytest.fixture
def now() -> datetime:
    """When most of it happens."""
    return NOW


@pytest.fixture
def make(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], Database]:
    """Makes databases without tables, of the kind that is named."""

    def made(kind: str) -> Database:
        name = f"made{next(_made)}"
        if kind == "sqlite":
            return Database(f"sqlite:///{tmp_path / name}.sqlite3")
        return Database(request.getfixturevalue("postgresql").create(name))

    return made

"""What the database itself refuses, and moving it between versions."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError, StatementError

from webapp import migrating
from webapp.models import Base, Course, Database, Draft, Job, Submission, User, Verdict
from webapp.models.searching import alphabetical, contains


def test_the_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    with database.engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


@pytest.mark.moves_tables
def test_down_and_up_again_with_data_in_the_tables(database: Database, world: Any) -> None:
    world.send()
    world.judge()
    migrating.downgrade(database, "base")
    assert migrating.current(database)[0] is None
    migrating.upgrade(database)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 0
    assert migrating.current(database)[0] == migrating.current(database)[1]


def test_upgrading_twice_keeps_the_data(database: Database, world: Any) -> None:
    world.send()
    migrating.upgrade(database)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 1


def test_a_submission_never_changes(database: Database, world: Any) -> None:
    sent = world.send()
    with pytest.raises(DatabaseError, match="never changes"), database.writing() as session:
        session.get_one(Submission, sent.submission_id).content = b"other"
    with pytest.raises(DatabaseError, match="never changes"), database.writing() as session:
        session.execute(text("UPDATE submissions SET user_id = 2"))


def test_a_job_has_one_verdict(database: Database, world: Any, now: datetime) -> None:
    world.send()
    claim = world.judge()
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(Verdict(job_id=claim.job_id, status="passed", score=10, max_score=10, document={}, created_at=now))


def test_a_submission_has_one_job_per_purpose(database: Database, world: Any, now: datetime) -> None:
    sent = world.send()
    with database.reading() as session:
        job = session.get_one(Job, sent.job_id)
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(
            Job(
                submission_id=job.submission_id,
                user_id=job.user_id,
                revision=job.revision,
                purpose="submit",
                not_before=now,
                created_at=now,
            )
        )


def test_rows_that_point_nowhere_are_refused(database: Database, now: datetime) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(Draft(user_id=999, assignment_item_id=999, content="", version=1, saved_at=now))


def test_times_come_back_aware_and_naive_ones_are_refused(database: Database, world: Any) -> None:
    sent = world.send()
    with database.reading() as session:
        assert session.get_one(Submission, sent.submission_id).created_at.utcoffset() is not None
    with pytest.raises(StatementError, match="no zone"), database.writing() as session:
        session.add(Draft(user_id=1, assignment_item_id=1, content="", version=1, saved_at=datetime(2026, 1, 1)))


def test_a_failed_savepoint_leaves_nothing_behind(database: Database) -> None:
    with database.writing() as session:
        session.add(Course(title="kept", join_code="one"))
        session.flush()
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(Course(title="lost", join_code="one"))
    with database.reading() as session:
        titles = set(session.scalars(select(Course.title).where(Course.title.in_(["kept", "lost"]))))
    assert titles == {"kept"}


@pytest.mark.only_on("sqlite")  # its write-ahead log
def test_the_log_stays_short_although_somebody_always_reads(
    database: Database, world: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading
    import time

    from webapp.models import database as module

    monkeypatch.setattr(module, "LONGEST_LOG", 1_000_000)
    monkeypatch.setattr(module, "TIDY_EVERY_SECONDS", 0.2)
    done = threading.Event()

    def read(delay: float) -> None:
        time.sleep(delay)
        while not done.is_set():
            with database.reading() as session:
                session.scalar(select(func.count()).select_from(Submission))
                time.sleep(0.1)

    readers = [threading.Thread(target=read, args=(number / 40,)) for number in range(4)]
    for reader in readers:
        reader.start()
    longest = 0
    for number in range(30):
        with database.writing() as session:
            session.merge(
                Draft(user_id=1, assignment_item_id=1, content=f"{number}" * 100_000, version=1, saved_at=now)
            )
        longest = max(longest, Path(f"{database.engine.url.database}-wal").stat().st_size)
        time.sleep(0.01)
    done.set()
    for reader in readers:
        reader.join()
    assert longest < 3_000_000


def test_a_request_asks_for_a_row_once(database: Database, world: Any) -> None:
    asked: list[str] = []
    event.listen(database.engine, "after_cursor_execute", lambda _c, _u, statement, *_more: asked.append(statement))
    session = database.open_session()
    for _ in range(3):
        assert session.get_one(Course, world.here).title == "Here"
    assert len([statement for statement in asked if "courses" in statement]) == 1
    session.close()
    assert session.kept == []


def test_two_writers_queue_up_instead_of_failing(tmp_path: Path, database: Database, world: Any) -> None:
    import threading

    errors: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for each in range(10):
                world.send("owner" if number % 2 else "classmate", b"x%d-%d" % (number, each), purpose="run")
        except BaseException as problem:
            errors.append(problem)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 40


def test_names_are_sorted_and_found_alike_on_both_databases(database: Database, now: datetime) -> None:
    names = ["Émile", "émilie", "Zoë", "a-b", "ab", "a b", "王小明", "_x", "Ä", "aa", "B"]
    with database.writing() as session:
        session.execute(text("UPDATE users SET name = ''"))
        for number, name in enumerate(names):
            session.add(User(email=f"{number}@sorted.org", name=name, created_at=now))
    with database.reading() as session:
        people = select(User.name).where(User.name != "")
        assert list(session.scalars(people.order_by(alphabetical(User.name), User.id))) == sorted(names, key=str.lower)
        assert set(session.scalars(people.where(contains("ÉMIL", User.name)))) == {"Émile", "émilie"}
        assert set(session.scalars(people.where(contains("_", User.name)))) == {"_x"}


def test_what_no_database_can_hold_is_no_error(database: Database) -> None:
    with database.writing() as session:
        session.add(Course(title="a\0b\ud800c"))
    with database.reading() as session:
        assert session.scalar(select(Course.title).where(Course.title.like("a%b%c"))) == "a\ufffdb\ufffdc"
        assert session.scalar(select(Course.id).where(Course.title == "nobody's \0")) is None

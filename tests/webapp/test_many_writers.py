"""However many write to SQLite at once, nobody is told that it is locked, nobody starves, and readers go on.

What PostgreSQL does then is in `test_postgresql.py`.
"""

from __future__ import annotations

import signal
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError

from tests.webapp.at_once import at_once
from webapp.models import Database, Draft, Submission
from webapp.models import database as module
from webapp.models.passing import DatabaseBusy
from webapp.models.turns import Turns
from webapp.queue import rows
from webapp.settings import Settings

pytestmark = pytest.mark.only_on("sqlite")
PROGRAM = Path(__file__).parent / "writing_process.py"


def process(database: Database, what: str, seconds: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), str(database.engine.url.database), what, str(seconds)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def one_after_the_other(turns: Turns, work: list[Callable[[], None]]) -> list[threading.Thread]:
    """Start threads while the turn is taken, each when the one before it waits."""
    threads = []
    for one in work:
        before = len(turns._waiting)
        threads.append(threading.Thread(target=one))
        threads[-1].start()
        while len(turns._waiting) == before:
            time.sleep(0.001)
    return threads


@contextmanager
def held_by_another(database: Database, seconds: float = 60) -> Iterator[subprocess.Popen[str]]:
    """Another process holds the write lock."""
    holder = process(database, "hold", seconds)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder
    finally:
        holder.kill()
        holder.wait()


@pytest.mark.timeout(180)
def test_drafts_submissions_heartbeats_a_long_reader_and_other_processes_write_at_once(
    database: Database, world: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST_LOG", 200_000)  # so that the log is emptied, too, while all of them write
    monkeypatch.setattr(module, "TIDY_EVERY_SECONDS", 0.3)
    monkeypatch.setattr(module, "TIDY_MILLISECONDS", 100)
    end = time.monotonic() + 4
    waits: list[list[float]] = []
    together = threading.Barrier(64)

    def writer(number: int) -> Callable[[], None]:
        own: list[float] = []
        waits.append(own)

        def write() -> None:
            count = 0
            together.wait()
            while time.monotonic() < end:
                started = time.monotonic()
                if number % 3:
                    save(number, count)
                else:
                    world.send(("owner", "classmate")[number % 2], b"%d %d" % (number, count), purpose="run")
                own.append(time.monotonic() - started)
                count += 1

        return write

    def save(number: int, count: int) -> None:
        with database.writing() as session:
            content = f"{count}" * 2000
            session.merge(Draft(user_id=1 + number % 3, assignment_item_id=1, content=content, version=1, saved_at=now))

    def beat() -> None:
        claim = world.judge()
        while time.monotonic() < end:
            with database.writing() as session:
                if claim is not None:
                    rows.beat(session, claim, now, now - now)
                session.execute(text("UPDATE jobs SET heartbeat_at = heartbeat_at"))

    def long_reader() -> None:
        with database.reading() as session:
            before = session.scalar(select(func.count()).select_from(Submission))
            while time.monotonic() < end:
                assert session.scalar(select(func.count()).select_from(Submission)) == before
                time.sleep(0.05)

    others = [process(database, "write", 4) for _ in range(3)]
    raised = at_once(*[writer(number) for number in range(64)], beat, long_reader, long_reader)
    counted = [other.communicate()[0].split() for other in others]
    assert raised == []
    assert [other.returncode for other in others] == [0, 0, 0]
    # Nobody is served twice before everybody who waits is served once; so no thread gets much less than another.
    each = [len(own) for own in waits]
    assert min(each) > 0
    assert min(each) >= statistics.median(each) - 2
    assert all(int(count) > 0 and float(longest) < 10 for count, longest in counted)
    with database.reading() as session:
        sent = sum(len(own) for number, own in enumerate(waits) if number % 3 == 0)
        assert session.scalar(select(func.count()).select_from(Submission)) == sent


def test_a_writer_that_is_killed_in_its_transaction_leaves_nothing_behind_and_frees_the_lock(
    database: Database, world: Any
) -> None:
    with held_by_another(database) as holder:
        threading.Timer(0.3, holder.send_signal, [signal.SIGKILL]).start()
        sent = world.send()
    with database.reading() as session:
        assert session.get(Submission, sent.submission_id) is not None
        assert session.scalar(select(func.count()).select_from(Draft).where(Draft.content == "lost")) == 0


def test_nobody_waits_for_ever_and_readers_do_not_wait_at_all(settings: Settings, database: Database) -> None:
    hasty = Database(settings.database, patience=0.3)
    with held_by_another(database):
        started = time.monotonic()
        with pytest.raises(DatabaseBusy), hasty.writing():
            pass
        assert 0.3 <= time.monotonic() - started < 5
        with hasty.reading() as session:
            assert session.scalar(select(func.count()).select_from(Submission)) == 0
    with hasty.writing() as session:
        session.execute(text("UPDATE users SET locale = 'zh'"))
    hasty.close()


def test_a_busy_database_is_said_in_words_and_what_was_typed_stays(
    settings: Settings, database: Database, client_of: Any, world: Any, app: Any
) -> None:
    app.extensions["workshop_database"].patience = 0.2
    client = client_of("owner")
    json = {"Accept": "application/json"}
    with held_by_another(database):
        assert client.get(f"/items/{world.coding}").status_code == 200
        page = client.post(f"/items/{world.coding}/submit", data={"content": "def typed(): ..."})
        sent = client.post(f"/items/{world.coding}/submit", json={"content": "def typed(): ..."}, headers=json)
        draft = client.put(f"/items/{world.coding}/draft", json={"content": "def typed(): ..."}, headers=json)
    assert (page.status_code, sent.status_code, draft.status_code) == (503, 503, 503)
    assert "def typed(): ..." in page.text
    assert "send it again" in page.text
    assert sent.json["error"]["code"] == draft.json["error"]["code"] == "busy"
    assert page.headers["Retry-After"] == sent.headers["Retry-After"] == "5"
    assert client.post(f"/items/{world.coding}/submit", json={"content": "x"}, headers=json).status_code == 202


def test_a_slow_disk_makes_writers_wait_in_their_order(database: Database, now: datetime) -> None:
    served: list[int] = []

    @event.listens_for(database.engine, "commit")
    def slowly(_connection: Any) -> None:
        time.sleep(0.05)

    def write(number: int) -> None:
        with database.writing() as session:
            session.merge(Draft(user_id=1, assignment_item_id=1, content="", version=number, saved_at=now))
            served.append(number)

    with database.writing():
        threads = one_after_the_other(database._turns, [lambda number=number: write(number) for number in range(20)])  # type: ignore[misc]
    for thread in threads:
        thread.join()
    assert served == list(range(20))


def test_who_only_reads_cannot_write(database: Database, world: Any) -> None:
    with pytest.raises(OperationalError, match="readonly"), database.reading() as session:
        session.execute(text("UPDATE users SET locale = 'zh'"))
    with database.open_session() as session:
        session.add(Draft(user_id=1, assignment_item_id=1, content="", version=1, saved_at=datetime.now().astimezone()))
        with pytest.raises(OperationalError, match="readonly"):
            session.flush()
    world.send()  # on connections that were read with before


def test_a_backup_program_that_holds_a_lock_is_waited_for(settings: Settings, database: Database, world: Any) -> None:
    path = settings.database.database
    assert path is not None
    backup = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    backup.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, lambda: backup.execute("COMMIT")).start()
    world.send()
    time.sleep(0.4)
    backup.close()


def test_turns_are_taken_in_order_and_those_who_give_up_are_passed_over() -> None:
    turns, served = Turns(), []

    def wait(number: int, seconds: float) -> None:
        with turns.one(seconds) as held:
            served.append((number, held))

    with turns.one(1) as held:
        assert held
        impatient = (2, 1.0)
        waits = [(0, 60.0), (1, 60.0), impatient, (3, 60.0), (4, 60.0)]
        threads = one_after_the_other(turns, [lambda each=each: wait(*each) for each in waits])  # type: ignore[misc]
        threads[2].join()
    for thread in threads:
        thread.join()
    assert served == [(2, False), (0, True), (1, True), (3, True), (4, True)]
    with turns.one(0) as held:
        assert held


def test_a_turn_that_ends_in_an_exception_is_passed_on() -> None:
    turns = Turns()
    with pytest.raises(KeyError), turns.one(1):
        raise KeyError
    with turns.one(0) as held:
        assert held

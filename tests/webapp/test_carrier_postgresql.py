"""Workers on PostgreSQL and RabbitMQ: a database that is started anew costs no verdict, and no row two of them."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from grader.documents import verdict_to_json
from tests.services.postgresql import PostgreSQL, running_postgresql
from tests.webapp.crowds import LEASE, Crowd, crowd
from tests.webapp.worker_processes import PATIENCE, Process, states, until, worker_processes
from webapp.items import item_from
from webapp.models import Database, Job, State, Verdict
from webapp.models.times import utc_now
from webapp.queue import rows
from webapp.queue.carrier import carrier_of
from webapp.settings import Settings


@pytest.fixture
def server(postgresql: PostgreSQL) -> Iterator[PostgreSQL]:
    """One that may be stopped; where `postgresql` cannot be had, neither can this."""
    with running_postgresql() as own:
        yield own


@pytest.fixture
def people(server: PostgreSQL) -> Iterator[Crowd]:
    """A course of ten."""
    with crowd(Database(server.create("queue")), utc_now(), 1, 10) as made:
        yield made


@pytest.fixture
def far(server: PostgreSQL, people: Crowd, broker_url: str, tmp_path: Path) -> Settings:
    """What a worker on another machine is told."""
    return Settings(
        data=tmp_path, secret_key="x", grader="sleeping_grader:opened", database_url=server.url("queue"),
        broker_url=broker_url, lease_seconds=5.0,
    )  # fmt: skip


@pytest.fixture
def start(far: Settings) -> Iterator[Callable[..., Process]]:
    """Starts workers as containers do: `workshop worker`, and addresses in the environment."""
    with worker_processes() as starting:
        yield lambda **changes: starting(
            replace(far, **changes), "-c", "from grader.cli import main; main()", "worker"
        )


def words(people: Crowd, *said: bytes) -> list[int]:
    """Submissions that tell the sleeping grader what to do, one of each person."""
    from webapp.learn import sending
    from webapp.models import AssignmentItem, Purpose

    with people.database.writing(durable=True) as session:  # as the pages store them: a crash follows
        item = session.get_one(AssignmentItem, people.items[0])
        contents = [sending.Content(people.people[n], each, f"{time.time_ns()}{n}") for n, each in enumerate(said)]
        sent = sending.store(session, item, contents, purpose=Purpose.SUBMIT, now=utc_now())
    return [each.job_id for each in sent]


def test_a_verdict_in_hand_outlives_a_database_that_is_started_anew(
    server: PostgreSQL, people: Crowd, far: Settings, start: Callable[..., Process]
) -> None:
    carrier = carrier_of(far, people.database)
    worker = start(lease_seconds=60.0)
    until(carrier.living, "a worker is there")
    jobs = words(people, b"sleep 2", *(b"quick %d" % number for number in range(5)))
    carrier.announce()
    until(lambda: states(people.database).get("running"), "the long job is taken")
    server.stop(crash=True)
    time.sleep(4)  # its verdict is made while there is no database
    server.start()
    people.database.engine.dispose()
    until(lambda: states(people.database) == {"done": 6}, "everything is judged")
    assert worker.poll() is None
    with people.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Verdict)) == 6
        assert set(session.scalars(select(Job.tries).where(Job.id.in_(jobs)))) == {1}
    worker.terminate()
    assert worker.wait(PATIENCE) == 0


def test_of_two_who_judge_one_job_at_the_same_moment_one_verdict_is_kept(
    people: Crowd, pretend: Callable[..., Any]
) -> None:
    """Whatever the rows say, the constraint has the last word: many times, at once, on connections of their own."""
    jobs = []
    for number in range(10):
        jobs += people.send([(number, 0)])
        late = people.claim("late")
        assert late is not None
        after = people.now + LEASE + timedelta(seconds=1)
        with people.database.writing() as session:
            assert rows.sweep(session, after, 3) == 1
        with people.database.writing() as session:
            quick = rows.claim(session, "quick", after, LEASE)
        assert quick is not None
        assert quick.job_id == late.job_id
        kept: list[bool] = []
        together = threading.Barrier(4)

        def keep(claim: rows.Claim, kept: list[bool] = kept, together: threading.Barrier = together) -> None:
            document = verdict_to_json(pretend(item_from(claim.revision, claim.source), claim.seed))
            together.wait()
            with people.database.writing() as session:
                kept.append(rows.store(session, claim, document, utc_now()))

        threads = [threading.Thread(target=keep, args=(claim,)) for claim in (late, quick, quick, late)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert sorted(kept) == [False, False, False, True]
    with people.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Verdict)) == len(jobs)
        assert set(session.scalars(select(Job.state))) == {State.DONE}


def test_workers_killed_at_random_lose_nothing(people: Crowd, far: Settings, start: Callable[..., Process]) -> None:
    carrier = carrier_of(far, people.database)
    workers = [start(tries=50) for _ in range(2)]
    until(lambda: carrier.living() == 2, "both are there")
    jobs = [job for _ in range(3) for job in words(people, *(b"sleep 0.2 %d" % number for number in range(10)))]
    carrier.announce(len(jobs))
    for number in range(3):
        until(lambda least=number * 5: states(people.database).get("done", 0) > least, "some are judged")
        workers[number % 2].send_signal(signal.SIGKILL)
        workers[number % 2].wait()
        workers[number % 2] = start(tries=50)
    until(lambda: states(people.database) == {"done": len(jobs)}, "everything is judged")
    with people.database.reading() as session:
        assert sorted(session.scalars(select(Verdict.job_id))) == sorted(jobs)

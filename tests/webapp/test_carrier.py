"""The distributed queue with a real RabbitMQ: tickets are quick, and losing them costs a second and no job."""

from __future__ import annotations

import logging
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from kombu import Connection
from sqlalchemy import func, select

from tests.services.rabbitmq import RabbitMQ, running_rabbitmq
from tests.webapp.worker_processes import PATIENCE, Process, states, until, worker_processes
from webapp.models import Database, Job, Presence, Purpose, State, Verdict
from webapp.models.times import utc_now
from webapp.queue import celery_app
from webapp.queue.carrier import carrier_of
from webapp.queue.heart import HUNG
from webapp.queue.tickets import Tickets
from webapp.settings import Settings

WORKER = """
import sys
from webapp.queue import celery_app, tickets, worker
celery_app.HEARTBEAT_SECONDS = 1
worker.IDLE_SECONDS = float(sys.argv[2])
from webapp.queue.process import work
from webapp.settings import from_environment
import os
work(from_environment(os.environ), sys.argv[1])
"""
NEVER = 1000.0
"""For workers that look at the rows only when they are told to."""

Start = Callable[..., Process]


@pytest.fixture
def far(settings: Settings, broker_url: str) -> Settings:
    """Settings with an empty queue at the broker."""
    empty(broker_url)
    return replace(settings, broker_url=broker_url, lease_seconds=2.0)


def empty(url: str) -> None:
    """Throw the queue away, with all tickets in it."""
    with Connection(url) as connection:
        connection.default_channel.queue_delete(celery_app.LOOK)


@pytest.fixture
def start(far: Settings) -> Iterator[Start]:
    """Starts workers with the sleeping grader, and ends them."""
    with worker_processes() as starting:

        def starts(owner: str, *, idle: float = NEVER, **changes: Any) -> Process:
            changed = replace(far, **{"grader": "sleeping_grader:opened"} | changes)
            return starting(changed, "-c", WORKER, owner, str(idle))

        yield starts


def judged(database: Database, job_id: int) -> Callable[[], bool]:
    def look() -> bool:
        with database.reading() as session:
            return session.get(Verdict, job_id) is not None

    return look


def seconds(condition: Callable[[], Any], what: str) -> float:
    begun = time.monotonic()
    until(condition, what)
    return time.monotonic() - begun


def send(world: Any, content: bytes, who: str = "owner") -> int:
    job: int = world.send(who, content, purpose=Purpose.RUN, now=utc_now()).job_id
    return job


def tries(database: Database, job_id: int) -> int:
    with database.reading() as session:
        return session.get_one(Job, job_id).tries


def tickets(url: str) -> int:
    """How many wait at the broker."""
    with Connection(url) as connection:
        return int(connection.default_channel.queue_declare(celery_app.LOOK, passive=True).message_count)


def test_a_ticket_wakes_a_worker_at_once(far: Settings, database: Database, world: Any, start: Start) -> None:
    carrier = carrier_of(far, database)
    assert isinstance(carrier, Tickets)
    worker = start("one")
    until(carrier.living, "a worker is there")
    first = send(world, b"warm")
    carrier.announce()
    until(judged(database, first), "the first verdict")
    delays = []
    for number in range(6):
        time.sleep(0.1)
        job = send(world, b"quick %d" % number)
        carrier.announce()
        delays.append(seconds(judged(database, job), "a verdict"))
    assert min(delays) < 0.3, delays
    with database.reading() as session:
        assert session.get_one(Job, job).ticket
    assert tickets(far.broker_url) == 0
    worker.terminate()
    assert worker.wait(PATIENCE) == 0
    assert carrier.living() == 0
    with database.reading() as session:
        assert session.scalars(select(Presence)).all() == []


def test_what_a_killed_worker_had_is_taken_over_at_once(
    far: Settings, database: Database, world: Any, start: Start
) -> None:
    """By the ticket, which the broker hands on when the connection ends: the lease would last ten minutes."""
    carrier = carrier_of(replace(far, lease_seconds=600), database)
    first = start("first", lease_seconds=600)
    until(carrier.living, "a worker is there")
    time.sleep(1.0)  # until it listens
    job = send(world, b"sleep 30")
    carrier.announce()
    until(lambda: states(database).get("running"), "the job is taken")
    start("second", lease_seconds=600)
    until(lambda: carrier.living() == 2, "both are there")
    time.sleep(1.0)  # until the second one listens
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert seconds(lambda: tries(database, job) == 2, "the second one takes it over") < 5


def test_one_ticket_is_enough_for_all_that_waits(far: Settings, database: Database, world: Any, start: Start) -> None:
    jobs = [send(world, b"%d" % number, ("owner", "classmate")[number % 2]) for number in range(20)]
    carrier = carrier_of(far, database)
    start("one")
    carrier.announce()
    until(lambda: states(database) == {"done": len(jobs)}, "everything is judged")


def test_without_tickets_idle_workers_find_what_waits(
    far: Settings, database: Database, world: Any, start: Start
) -> None:
    carrier = carrier_of(far, database)
    start("one", idle=0.5)
    until(carrier.living, "a worker is there")
    assert seconds(judged(database, send(world, b"nobody says so")), "a verdict") < 10


def test_a_connection_lives_through_a_job_that_is_longer_than_its_heartbeats(
    far: Settings, database: Database, world: Any, start: Start, rabbitmq: RabbitMQ
) -> None:
    carrier = carrier_of(far, database)
    start("one", lease_seconds=1.0)
    until(carrier.living, "a worker is there")
    job = send(world, b"sleep 5")
    said = len(rabbitmq.log)
    carrier.announce()
    until(judged(database, job), "a verdict")
    assert "missed heartbeats" not in rabbitmq.log[said:]
    assert tries(database, job) == 1
    again = send(world, b"and the next")
    carrier.announce()
    until(judged(database, again), "another verdict")


def test_a_worker_told_to_stop_finishes_what_it_has_and_hands_its_ticket_on(
    far: Settings, database: Database, world: Any, start: Start
) -> None:
    carrier = carrier_of(far, database)
    worker = start("one")
    until(carrier.living, "a worker is there")
    jobs = [send(world, b"sleep 1"), send(world, b"waits", "classmate")]
    carrier.announce()
    until(lambda: states(database).get("running"), "the job is taken")
    worker.terminate()
    assert worker.wait(PATIENCE) == 0
    assert states(database) == {"done": 1, "waiting": 1}
    until(lambda: tickets(far.broker_url) == 1, "the ticket is back")
    start("two")
    until(judged(database, jobs[1]), "the other one's verdict")


def test_a_stuck_grader_ends_its_worker(far: Settings, database: Database, world: Any, start: Start) -> None:
    carrier = carrier_of(far, database)
    worker = start("one", job_seconds=1.0)
    send(world, b"sleep 60")
    carrier.announce()
    assert worker.wait(PATIENCE) == HUNG


def test_a_broker_that_dies_freezes_or_loses_all_it_had_costs_no_job_and_no_time_of_who_sends(
    far: Settings, database: Database, world: Any, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    with running_rabbitmq() as broker:
        own = replace(far, broker_url=broker.url())
        carrier = carrier_of(own, database)
        start("one", idle=0.5, broker_url=broker.url())
        until(carrier.living, "a worker is there")
        taken: list[float] = []

        def sent(content: bytes) -> int:
            job = send(world, content)
            begun = time.monotonic()
            carrier.announce()
            taken.append(time.monotonic() - begun)
            return job

        until(judged(database, sent(b"a quiet hour")), "a verdict")
        broker.freeze()
        try:
            for number in range(3):
                until(judged(database, sent(b"frozen %d" % number)), "a verdict beside a broker that does not answer")
        finally:
            broker.thaw()
        broker.kill()
        with caplog.at_level(logging.WARNING):
            for number in range(8):
                until(judged(database, sent(b"dead %d" % number)), "a verdict without a broker")
                time.sleep(0.3)
            broker.start()
            until(lambda: "the broker is back" in caplog.text, "the broker is found again")
        assert caplog.text.count("the broker does not answer") == 1
        assert broker.password not in caplog.text
        empty(broker.url())
        until(judged(database, sent(b"and on")), "a verdict after the queue was lost")
        assert max(taken) < 0.1, taken


def test_a_worker_says_once_that_the_broker_is_away_however_often_it_tries(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"amqp://workshop:topsecret@127.0.0.1:{server.getsockname()[1]}//"
        ear = celery_app.Ear(celery_app.make_app(address), lambda _ticket, _again: True, lambda: None)
        ear.start()
        for _trial in range(2):
            server.settimeout(PATIENCE)
            server.accept()[0].close()
    until(lambda: len(caplog.records) > 0, "it is said")
    ear.close()
    said = [record for record in caplog.records if "broker" in record.getMessage()]
    assert len(said) == 1
    assert "the broker does not answer, so this worker looks for itself" in said[0].getMessage()
    assert "topsecret" not in caplog.text


def test_two_who_hold_one_job_store_one_verdict(
    far: Settings, database: Database, world: Any, start: Start, now: Any
) -> None:
    """A lease that ran out while its worker was asleep: it wakes up, and what it has is not kept."""
    carrier = carrier_of(far, database)
    first = start("first", lease_seconds=0.5)
    until(carrier.living, "a worker is there")
    job = send(world, b"sleep 2")
    carrier.announce()
    until(lambda: states(database).get("running"), "the job is taken")
    first.send_signal(signal.SIGSTOP)
    start("second", idle=0.3, lease_seconds=5.0)
    until(lambda: tries(database, job) == 2, "the lease ran out and the second one took it")
    first.send_signal(signal.SIGCONT)
    until(judged(database, job), "a verdict")
    time.sleep(2.5)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Verdict)) == 1
        assert session.get_one(Job, job).state == State.DONE


def test_who_has_not_said_for_a_lease_that_it_is_there_counts_no_longer(
    far: Settings, database: Database
) -> None:
    carrier = Tickets(far, database)
    carrier.present("one")
    assert carrier.living() == 1
    with database.writing() as session:
        session.get_one(Presence, "one").seen_at = utc_now() - timedelta(seconds=3)
    assert carrier.workers() == 1  # as a moment ago
    assert carrier.living() == 0
    database.close()

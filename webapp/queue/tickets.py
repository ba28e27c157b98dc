"""The distributed carrier: tickets through RabbitMQ.  Losing the broker costs a second for each job, and no job."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections import Counter
from datetime import timedelta
from types import TracebackType
from typing import Any

from celery import Celery

from webapp.models import Database
from webapp.models.times import utc_now
from webapp.queue import celery_app, presence
from webapp.settings import Settings

log = logging.getLogger(__name__)

MOST_PENDING = 100
"""Tickets of one priority that wait to be sent; more say nothing more."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
ASKED_EVERY_SECONDS = 1.0
TAKEN_WITHIN_SECONDS = 0.2
"""A worker that is busy with something of its own for longer leaves the ticket to others."""
HELD_SECONDS = 60.0
"""Brokers cut off whoever holds a message for too long (RabbitMQ: half an hour)."""
UNSURE_SECONDS = 15.0
"""After our own connection broke, a ticket that comes back says nothing about who had it."""


class Herald:
    """Sends tickets from a thread of its own, so that no broker can hold up who stored something.

    While the broker is away tickets are thrown away but for a few: the rows wait, and idle workers look at them.
    """

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._pending: Counter[int] = Counter()
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None

    def announce(self, jobs: int, priority: int) -> None:
        """Have as many tickets sent; returns at once."""
        with self._news:
            self._pending[priority] = min(MOST_PENDING, self._pending[priority] + jobs)
            if self._thread is None or not self._thread.is_alive():  # also in a process that was forked since
                self._thread = threading.Thread(target=self._send_all, name="herald", daemon=True)
                self._thread.start()
            self._news.notify()

    def _send_all(self) -> None:
        pause, away = FIRST_PAUSE, False
        while True:
            try:
                with self._app.connection_for_write(heartbeat=0) as connection:
                    connection.ensure_connection(max_retries=1, timeout=celery_app.CONNECT_SECONDS)
                    producer = self._app.amqp.Producer(connection, auto_declare=True)
                    if away:
                        log.warning("the broker is back")
                    pause, away = FIRST_PAUSE, False
                    while True:
                        self._send(producer)
            except Exception as problem:  # whatever it is, the rows wait and are found
                if not away and pause > FIRST_PAUSE:  # the first one may only be a connection that was closed
                    away = True
                    log.warning("the broker does not answer, so workers look for themselves: %s", _said(problem))
            if pause > FIRST_PAUSE:
                time.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    def _send(self, producer: Any) -> None:
        with self._news:
            while not +self._pending:
                self._news.wait()
            priority = min(+self._pending)
        celery_app.send(self._app, producer, priority)
        with self._news:
            self._pending[priority] -= 1


def _said(problem: BaseException) -> str:
    """Without the address, which holds a password."""
    return f"{type(problem).__name__}: {getattr(problem, 'strerror', None) or type(problem.__cause__).__name__}"


class Ticket:
    """One message in the hands of this process."""

    def __init__(self, name: str, *, came_back: bool) -> None:
        self.name, self.came_back = name, came_back
        self._lock = threading.Lock()
        self._state = "offered"
        self._taken, self._settled = threading.Event(), threading.Event()
        self.kept = True

    def take(self) -> bool:
        """By the worker; False when it was withdrawn before."""
        with self._lock:
            if self._state != "offered":
                return False
            self._state = "taken"
        self._taken.set()
        return True

    def settle(self, *, kept: bool) -> None:
        """By the worker: there is nothing left to do for it, or (not kept) somebody else should look."""
        self.kept = kept
        self._settled.set()

    def wait(self, seconds: float) -> bool:
        """By who offers it: False when it was not taken in time, or is handed on."""
        if not self._taken.wait(seconds):
            with self._lock:
                if self._state == "offered":
                    self._state = "withdrawn"
                    return False
        self._settled.wait()
        return self.kept


class Desk:
    """Where one worker waits for tickets."""

    def __init__(self, carrier: Tickets, app: Celery, owner: str) -> None:
        self._carrier, self._owner = carrier, owner
        self._inbox: queue.SimpleQueue[Ticket | None] = queue.SimpleQueue()  # may be put to in a signal handler
        self._ear = celery_app.Ear(app, self._offer, self._connected)
        self._held: Ticket | None = None
        self._held_since = 0.0
        self._connections = 0
        self._unsure_until = 0.0
        self._closing = False

    def _connected(self) -> None:
        self._connections += 1
        if self._connections > 1:
            self._unsure_until = time.monotonic() + UNSURE_SECONDS

    def _offer(self, name: str, came_back: bool) -> bool:
        ticket = Ticket(name, came_back=came_back and time.monotonic() > self._unsure_until)
        if self._closing:
            return False
        self._inbox.put(ticket)
        return ticket.wait(TAKEN_WITHIN_SECONDS)

    def ticket(self) -> str | None:
        """The ticket on which the next job is taken; one that was held for long is exchanged for a new one."""
        if self._held is not None and time.monotonic() - self._held_since > HELD_SECONDS:
            self._carrier.announce()
            self._settle(kept=True)
        if self._held is None:  # found without one: there may be one by now
            self._receive(0.0)
        return self._held.name if self._held is not None else None

    def came_back(self) -> str | None:
        """The ticket in hand, the first time it is asked for, if another worker had it and is gone."""
        if self._held is None or not self._held.came_back:
            return None
        self._held.came_back = False
        return self._held.name

    def wait(self, seconds: float) -> bool:
        """Nothing is left to do: give back the ticket in hand and wait for another one."""
        self._settle(kept=True)
        return self._receive(seconds)

    def _receive(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while True:
            try:
                ticket = self._inbox.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                return False
            if ticket is None:
                return True
            if ticket.take():
                self._held, self._held_since = ticket, time.monotonic()
                return True

    def wake(self) -> None:
        """End the wait; safe in a signal handler."""
        self._inbox.put(None)

    def beat(self) -> None:
        """Say that this worker is there."""
        self._carrier.present(self._owner)

    def _settle(self, *, kept: bool) -> None:
        if self._held is not None:
            self._held.settle(kept=kept)
            self._held = None

    def __enter__(self) -> Desk:
        with contextlib.suppress(Exception):  # without a database there is nothing to be present for
            self.beat()
        self._ear.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        self._settle(kept=False)
        self._ear.close()
        with contextlib.suppress(Exception):
            self._carrier.absent(self._owner)


class Tickets:
    """The carrier over RabbitMQ and the table of workers."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._app = celery_app.make_app(settings.broker_url)
        self._database, self._lease = database, timedelta(seconds=settings.lease_seconds)
        self._herald = Herald(self._app)
        self._asked, self._count = float("-inf"), 0

    def announce(self, jobs: int = 1, priority: int = 0) -> None:
        """Send tickets, from another thread."""
        if jobs > 0:
            self._herald.announce(jobs, priority)

    def workers(self) -> int:
        """How many workers there were a moment ago."""
        if time.monotonic() - self._asked > ASKED_EVERY_SECONDS:
            self.living()
        return self._count

    def living(self) -> int:
        """How many workers said lately that they are there; without a database, how many there were last."""
        self._asked = time.monotonic()
        with contextlib.suppress(Exception), self._database.reading() as session:
            self._count = presence.count(session, utc_now() - self._lease)
        return self._count

    def rest(self, owner: str) -> Desk:
        """A consumer of its own."""
        return Desk(self, self._app, owner)

    def present(self, owner: str) -> None:
        """That worker is there."""
        with self._database.writing() as session:
            presence.note(session, owner, utc_now())

    def absent(self, owner: str) -> None:
        """That worker has ended in order."""
        with self._database.writing() as session:
            presence.leave(session, owner, utc_now())

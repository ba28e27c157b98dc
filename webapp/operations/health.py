"""Whether the server can do its work, and if not why: each check says `ok`, `degraded` or `failed`, and a reason.

What fails is what keeps it from taking submissions: the database, its tables, a full disk.  With no worker, a long
queue or no broker it still takes and keeps them, so it stays in service and says that it is degraded.
"""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlsplit

from webapp import migrating
from webapp.models import Database
from webapp.models.times import utc_now
from webapp.operations import waiting
from webapp.queue.carrier import Carrier
from webapp.settings import Settings

MEBIBYTE = 1024 * 1024
DISK_LOW, DISK_FULL = 512 * MEBIBYTE, 32 * MEBIBYTE
LONG_WAIT_SECONDS = 60.0
KEPT_SECONDS = 1.0
BROKER_SECONDS = 1.0


class State(StrEnum):
    """How one thing is, or all of them together: the worst of them."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `reason` is for the operator and holds no address and no secret."""

    name: str
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was looked at."""

    checks: tuple[Check, ...]
    workers: int
    waiting: int | None
    """None while the database does not say."""

    @property
    def state(self) -> State:
        """The worst of the checks."""
        return worst(each.state for each in self.checks)

    @property
    def status(self) -> HTTPStatus:
        """What a load balancer is told: to stay away only where nothing could be taken."""
        return HTTPStatus.SERVICE_UNAVAILABLE if self.state is State.FAILED else HTTPStatus.OK


def worst(states: Iterable[State]) -> State:
    """The worst of them; all is well where there are none."""
    return max(states, key=list(State).index, default=State.OK)


@lru_cache(maxsize=1)
def _newest_tables() -> str | None:
    return migrating.newest()


def report(database: Database, settings: Settings, carrier: Carrier) -> Report:
    """Look at everything.  Takes as long as the database takes for a few short queries."""
    workers = 0
    try:
        tables, workers = _tables(database), carrier.living()
        with database.reading() as session:
            queue = waiting.read(session, utc_now())
    except Exception as problem:  # by whatever way: it does not answer
        checks = (Check("database", State.FAILED, f"it does not answer ({type(problem).__name__})"),)
        return Report((*checks, disk(database, settings), *broker(settings)), workers, None)
    checks = (tables, disk(database, settings), _workers(workers), _queue(queue), *broker(settings))
    return Report(checks, workers, queue.count)


def _tables(database: Database) -> Check:
    have, newest = migrating.version(database), _newest_tables()
    if have != newest:
        return Check("database", State.FAILED, f"tables at {have or 'nothing'}, this program needs {newest}")
    return Check("database", State.OK)


def disk(database: Database, settings: Settings) -> Check:
    """Whether there is room for what comes; a full disk is no reason to fail where the database is elsewhere."""
    free = shutil.disk_usage(settings.data if settings.data.exists() else ".").free
    if free >= DISK_LOW:
        return Check("disk", State.OK)
    full = free < DISK_FULL and database.engine.dialect.name == "sqlite"
    return Check("disk", State.FAILED if full else State.DEGRADED, f"{free // MEBIBYTE} MiB are free for the database")


def broker(settings: Settings) -> tuple[Check, ...]:
    """Whether what carries word to workers can be reached; they look by themselves, too, so that nothing is lost."""
    if not settings.broker_url:
        return ()
    try:
        address = urlsplit(settings.broker_url.split(";")[0])
        with socket.create_connection((address.hostname or "localhost", address.port or 5672), BROKER_SECONDS):
            return (Check("broker", State.OK),)
    except (OSError, ValueError) as problem:
        reason = f"it cannot be reached ({type(problem).__name__}): workers hear of work later"
        return (Check("broker", State.DEGRADED, reason),)


def _workers(count: int) -> Check:
    if count:
        return Check("workers", State.OK)
    return Check("workers", State.DEGRADED, "nobody grades: submissions are taken and wait")


def _queue(queue: waiting.Waiting) -> Check:
    if queue.oldest_seconds > LONG_WAIT_SECONDS:
        return Check("queue", State.DEGRADED, f"the oldest of {queue.count} has waited {queue.oldest_seconds:.0f} s")
    return Check("queue", State.OK)

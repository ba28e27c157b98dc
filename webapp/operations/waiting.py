"""What the rows say of the queue and of long work, in three short queries, asked at most every few seconds."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from webapp.models import Database, Job, Mark, State, Task, TaskState, Verdict
from webapp.models.times import utc_now
from webapp.queue.carrier import Carrier
from webapp.settings import Settings

Value = TypeVar("Value")
OPEN_TASKS = (TaskState.WAITING, TaskState.RUNNING)
KEPT_SECONDS = 2.0
"""How long an answer is given again: however many ask, the database is asked that often."""


@dataclass(frozen=True, slots=True)
class Group:
    """Jobs or tasks that are alike: how many, and how long the oldest of them has been there."""

    labels: tuple[str, ...]
    count: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """The queue at one moment."""

    waiting: tuple[Group, ...]
    """By purpose and priority."""
    running: tuple[Group, ...]
    """By purpose; since when they were sent."""
    tasks: tuple[Group, ...]
    """Long work that is not over, by kind and state."""
    ungradable: int
    """Submissions whose mark says that nobody could judge them."""

    @property
    def count(self) -> int:
        """How many wait."""
        return sum(each.count for each in self.waiting)

    @property
    def oldest_seconds(self) -> float:
        """How long whoever has waited longest has."""
        return max((each.oldest_seconds for each in self.waiting), default=0.0)


def read(session: Session, now: datetime) -> Waiting:
    """Look at the rows."""
    waiting = session.execute(
        select(Job.purpose, Job.priority, func.count(), func.min(Job.created_at))
        .where(Job.state == State.WAITING)
        .group_by(Job.purpose, Job.priority)
        .order_by(Job.purpose, Job.priority)
    )
    running = session.execute(
        select(Job.purpose, func.count(), func.min(Job.created_at))
        .where(Job.state == State.RUNNING)
        .group_by(Job.purpose)
        .order_by(Job.purpose)
    )
    tasks = session.execute(
        select(Task.kind, Task.state, func.count(), func.min(Task.created_at))
        .where(Task.state.in_(OPEN_TASKS))
        .group_by(Task.kind, Task.state)
        .order_by(Task.kind, Task.state)
    )
    return Waiting(
        tuple(_group(now, *row) for row in waiting),
        tuple(_group(now, *row) for row in running),
        tuple(_group(now, *row) for row in tasks),
        session.scalar(
            select(func.count())
            .select_from(Verdict)  # whose few ungradable ones have an index
            .join(Mark, Mark.verdict_job_id == Verdict.job_id)
            .where(Verdict.status == "ungradable", Mark.status == "ungradable")
        )
        or 0,
    )


def _group(now: datetime, *row: object) -> Group:
    *labels, count, oldest = row
    assert isinstance(count, int)
    assert isinstance(oldest, datetime)
    return Group(tuple(str(each) for each in labels), count, max(0.0, (now - oldest).total_seconds()))


def database_bytes(database: Database) -> int:
    """How large it is, with SQLite's write-ahead log."""
    if database.engine.dialect.name == "sqlite":
        file = database.engine.url.database or ""
        return sum(path.stat().st_size for path in (Path(file), Path(f"{file}-wal")) if path.exists())
    with database.reading() as session:
        return int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)


class Kept(Generic[Value]):
    """What was found out lately, so that any number of askers costs one look."""

    def __init__(self, look: Callable[[], Value], seconds: float) -> None:
        self._look, self._seconds = look, seconds
        self._lock = threading.Lock()
        self._known: tuple[float, Value] | None = None

    def __call__(self) -> Value:
        """The answer, at most `seconds` old."""
        with self._lock:
            if self._known is None or time.monotonic() - self._known[0] > self._seconds:
                self._known = time.monotonic(), self._look()
            return self._known[1]


class RowsCollector(Collector):
    """The queue, as figures that are looked up when somebody asks for them."""

    def __init__(self, database: Database, settings: Settings, carrier: Carrier) -> None:
        self._database, self._settings, self._carrier = database, settings, carrier
        self._waiting = Kept(self._look, KEPT_SECONDS)

    def _look(self) -> Waiting:
        with self._database.reading() as session:
            return read(session, utc_now())

    def collect(self) -> Iterable[Metric]:
        """Every figure; those of the database are left out while it does not answer, and `workshop_up` is 0."""
        folder = self._settings.data
        if folder.exists():
            yield _gauge("workshop_disk_free_bytes", "Free where the data folder is.", shutil.disk_usage(folder).free)
        try:
            found, size, workers = self._waiting(), database_bytes(self._database), self._carrier.living()
        except Exception:  # whatever is wrong with the database: the rest must be told all the same
            yield _gauge("workshop_up", "Whether the database answers.", 0)
            return
        yield _gauge("workshop_up", "Whether the database answers.", 1)
        yield _gauge("workshop_workers", "Workers that are there.", workers)
        yield _gauge("workshop_database_bytes", "Size of the database.", size)
        yield _gauge("workshop_ungradable_open", "Submissions that nobody could judge yet.", found.ungradable)
        yield from _groups("workshop_queue", "Jobs that wait", ("purpose", "priority"), found.waiting)
        yield from _groups("workshop_running", "Jobs in hand", ("purpose",), found.running)
        yield from _groups("workshop_tasks", "Long work that is not over", ("kind", "state"), found.tasks)


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=value)


def _groups(name: str, what: str, labels: tuple[str, ...], groups: tuple[Group, ...]) -> Iterable[Metric]:
    count = GaugeMetricFamily(f"{name}_length", f"{what}.", labels=labels)
    oldest = GaugeMetricFamily(f"{name}_oldest_seconds", f"{what}: how long the oldest has.", labels=labels)
    for each in groups:
        count.add_metric(each.labels, each.count)
        oldest.add_metric(each.labels, each.oldest_seconds)
    yield count
    yield oldest

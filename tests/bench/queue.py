"""What the queue costs: the same submissions through `workshop grade` and through rows, leases and workers.

All are stored before the first worker starts.  Of both sides the second half of the verdicts counts, when every worker
has long started and every suite is collected: what is left between them is claiming, renewing, storing and being told.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlalchemy import func, select

from tests.bench import thousand
from tests.bench.burst import PATIENCE, ROOT, School
from tests.bench.contenders import CannotRun
from tests.bench.growth import family, processor_seconds
from tests.bench.mix import Submission
from tests.bench.report import machine, write
from tests.services import postgresql, rabbitmq
from webapp.models import Database, Verdict
from webapp.queue.carrier import carrier_of
from webapp.settings import Settings, as_environment

GOAL = 1.25
"""What a submission may take through the queue, as a multiple of `workshop grade`."""
WORKERS = (1, 2, 4)
IDLE_SECONDS, IDLE_SHARE = 5.0, 0.1
"""A worker that uses no more of a processor than this for so long has nothing left to prepare."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Verdicts a second with so many workers, and how much longer each took than with `workshop grade`."""

    workers: int
    carrier: str
    grade_per_second: float
    queue_per_second: float

    @property
    def times(self) -> float:
        """The time of a submission through the queue over its time with `workshop grade`."""
        return self.grade_per_second / self.queue_per_second


def run(*, count: int, build: Path, workers: Sequence[int] = WORKERS) -> int:
    """Print a line for each number of workers and each carrier; write `build/queue.json`."""
    chosen = thousand.varied(count)
    rates = []
    print(f"{len(chosen)} submissions; verdicts a second (goal: at most {GOAL:g} times the time)")
    for number in workers:
        desk = thousand.workshop_grade(chosen, number).second_half_per_second
        for carrier in ("embedded", "cluster"):
            try:
                rate = Rate(number, carrier, round(desk, 2), round(_through_workers(chosen, number, carrier), 2))
            except CannotRun as missing:
                print(f"{number} workers, {carrier}: not measured: {missing}")
                continue
            rates.append(rate)
            print(
                f"{number} workers, {carrier}: workshop grade {rate.grade_per_second:.1f}, "
                f"queue {rate.queue_per_second:.1f}; {rate.times:.2f} times the time"
            )
    document = {
        "machine": machine(),
        "submissions": len(chosen),
        "rates": [asdict(rate) | {"times": round(rate.times, 2)} for rate in rates],
    }
    print(f"written: {write(build, 'queue.json', document)}")
    return 0


def _through_workers(chosen: Sequence[Submission], workers: int, carrier: str) -> float:
    """Verdicts a second, of the second half."""
    with tempfile.TemporaryDirectory(prefix="workshop-bench-") as folder, _settings(Path(folder), carrier) as settings:
        school = School(Path(folder), len(chosen), replace(settings, workers=workers))
        try:
            return _judged_per_second(school, chosen, workers)
        finally:
            school.database.close()


def _judged_per_second(school: School, chosen: Sequence[Submission], workers: int) -> float:
    environment = {**os.environ, **as_environment(replace(school.settings, secret_key=""))}
    command = [sys.executable, "-m", "webapp.queue.process"]
    carrier = carrier_of(school.settings, school.database)
    with ExitStack() as ending:
        pids = []
        for number in range(workers):
            process = subprocess.Popen([*command, f"bench-{number}", str(os.getpid())], env=environment, cwd=ROOT)
            ending.callback(process.wait)
            ending.callback(process.terminate)
            pids.append(process.pid)
        _idle(pids)
        school.send_all([(one.item, one.source) for one in chosen])
        carrier.announce(len(chosen))
        _wait_for(school.database, len(chosen))
        with school.database.reading() as session:
            judged = sorted(moment.timestamp() for moment in session.scalars(select(Verdict.created_at)))
    return thousand.second_half_rate(judged)


def _idle(pids: Sequence[int]) -> None:
    """Wait until workers have started, collected every suite and worked out what its misconceptions answer."""
    end, before = time.monotonic() + PATIENCE, -1.0
    while time.monotonic() < end:
        spent = sum(sum(processor_seconds(pid)) for each in pids for pid in family(each))
        if before > 0 and spent - before < IDLE_SHARE * IDLE_SECONDS * len(pids):
            return
        before = spent
        time.sleep(IDLE_SECONDS)
    raise RuntimeError(f"workers are not ready within {PATIENCE:g} s")


def _wait_for(database: Database, count: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with database.reading() as session:
            if session.scalar(select(func.count()).select_from(Verdict)) == count:
                return
        time.sleep(0.5)
    raise RuntimeError(f"not judged within {PATIENCE:g} s")


@contextmanager
def _settings(folder: Path, carrier: str) -> Iterator[Settings]:
    """Of one machine, or of a cluster with a PostgreSQL and a RabbitMQ of its own."""
    alone = Settings(data=folder / "data", demo=False, secret_key="only for the bench")
    if carrier == "embedded":
        yield alone
        return
    if missing := postgresql.available() or rabbitmq.available():
        raise CannotRun(missing)
    with postgresql.running_postgresql(fsync=True) as server, rabbitmq.running_rabbitmq() as broker:
        yield replace(alone, database_url=server.create("workshop"), broker_url=broker.url())

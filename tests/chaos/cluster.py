"""Web, workers, PostgreSQL and RabbitMQ, all real: each is killed, or stopped and started, while work comes in."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.chaos import processes
from tests.chaos.harms import Harm
from tests.services.daemons import free_port
from tests.services.postgresql import PostgreSQL, running_postgresql
from tests.services.rabbitmq import RabbitMQ, running_rabbitmq

WORKSHOP = [sys.executable, "-c", "from grader.cli import main; main()"]
START_SECONDS = 90.0
DATABASE = "chaos"


class Part:
    """A process that is started again when it is gone, as compose does."""

    def __init__(self, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self._command, self._environment, self._log = command, environment, log
        self.process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as output:
            return subprocess.Popen(
                [*WORKSHOP, *self._command], env=self._environment, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip

    def kill(self) -> bool:
        """SIGKILL, and a new one in its place; those it had started have to end by themselves."""
        killed = processes.kill(self.process.pid)
        self.process.wait()
        self.process = self._started()
        return killed

    def mend(self) -> None:
        """Start it again if it has ended by itself."""
        if self.process.poll() is not None:
            self.process = self._started()

    def end(self) -> None:
        """In order."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Cluster:
    """One web process, some workers, a database and a broker."""

    def __init__(
        self, data: Path, workers: int, settings: Mapping[str, str], database: PostgreSQL, broker: RabbitMQ
    ) -> None:
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.database = database.url(DATABASE)
        self._postgresql, self._rabbitmq = database, broker
        self._log = data / "server.log"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("WORKSHOP_")}
        environment = {
            **clean, "WORKSHOP_DATA": str(data), "WORKSHOP_DATABASE_URL": self.database,
            "WORKSHOP_BROKER_URL": broker.url(), **settings,
        }  # fmt: skip
        self._draw = random.Random(1)
        self._web = Part(["cluster", "web", "--port", str(port)], environment, self._log)
        folders = [str(data / f"worker-{number}") for number in range(workers)]
        self._workers = [
            Part(["worker"], {**environment, "WORKSHOP_DATA": folder}, self._log) for folder in folders
        ]

    def wait(self) -> None:
        """Until it is ready."""
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                with urllib.request.urlopen(f"{self.address}/readyz", timeout=5):
                    return
            except OSError:
                if time.monotonic() > end:
                    raise RuntimeError(f"the cluster did not start:\n{self.log()[-3000:]}") from None
                for part in (self._web, *self._workers):
                    part.mend()
                time.sleep(0.1)

    def log(self) -> str:
        """What it said."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def harms(self) -> dict[str, tuple[float, Harm]]:
        """What may happen to it."""
        return {
            "kill a worker": (6, lambda: self._draw.choice(self._workers).kill()),
            "kill the web process": (2, self._web.kill),
            "kill a sandbox": (3, self._kill_sandbox),
            "stop RabbitMQ and start it": (1, self._without_broker),
            "restart PostgreSQL": (1, self._restart_database),
            "crash PostgreSQL": (1, self._crash_database),
        }

    def _kill_sandbox(self) -> bool:
        pids = [
            pid
            for worker in self._workers
            for pid in processes.below(worker.process.pid, saying="sandbox/launch.py")
        ]
        return bool(pids) and processes.kill(self._draw.choice(pids))

    def _without_broker(self) -> bool:
        self._rabbitmq.stop()
        time.sleep(self._draw.uniform(1.0, 5.0))
        self._rabbitmq.start()
        return True

    def _restart_database(self) -> bool:
        self._postgresql.restart()
        return True

    def _crash_database(self) -> bool:
        self._postgresql.kill()
        time.sleep(self._draw.uniform(0.1, 1.0))
        self._postgresql.start()
        return True

    def close(self) -> None:
        """End it in order."""
        for part in (*self._workers, self._web):
            part.end()


@contextmanager
def running_cluster(
    data: Path, workers: int, settings: Mapping[str, str], database: PostgreSQL, broker: RabbitMQ
) -> Iterator[Cluster]:
    """One that is ready."""
    installation = Cluster(data, workers, settings, database, broker)
    try:
        installation.wait()
        yield installation
    finally:
        installation.close()


@contextmanager
def running_services() -> Iterator[tuple[PostgreSQL, RabbitMQ]]:
    """A database that keeps its word over a crash, and a broker."""
    with running_postgresql(fsync=True) as database, running_rabbitmq() as broker:
        database.create(DATABASE)
        yield database, broker

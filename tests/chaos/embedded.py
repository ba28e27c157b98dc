"""One machine, `workshop serve`: its workers, its web server, their processes and the server itself are killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.chaos import processes
from tests.chaos.harms import Harm
from tests.services.daemons import free_port
from webapp.settings import Settings

SERVE = [sys.executable, "-c", "from grader.cli import main; main()", "serve"]
START_SECONDS = 90.0


class Embedded:
    """A server on a folder of its own, started again whenever it is gone."""

    def __init__(self, data: Path, workers: int, settings: Mapping[str, str]) -> None:
        self.database = Settings(data=data).database
        self._port = free_port()
        self.address = f"http://127.0.0.1:{self._port}"
        self._log = data / "server.log"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("WORKSHOP_")}
        own = {"WORKSHOP_DATA": str(data), "WORKSHOP_WORKERS": str(workers), "WORKSHOP_PORT": str(self._port)}
        self._environment = {**clean, **own, **settings}
        self._draw = random.Random(1)
        self._one = threading.Lock()
        self._process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as output:
            return subprocess.Popen(
                SERVE, env=self._environment, stdout=output, stderr=output, start_new_session=True
            )

    def wait(self) -> None:
        """Until it is ready."""
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                with urllib.request.urlopen(f"{self.address}/readyz", timeout=5):
                    return
            except OSError:
                if time.monotonic() > end:
                    raise RuntimeError(f"the server did not start:\n{self.log()[-3000:]}") from None
                time.sleep(0.1)

    def log(self) -> str:
        """What it said."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def harms(self) -> dict[str, tuple[float, Harm]]:
        """What may happen to it."""
        return {
            "kill a worker": (6, lambda: self._kill_one("webapp.queue.process")),
            "kill the web server": (2, lambda: self._kill_one("webapp.web")),
            "kill the fork server of candidates": (2, lambda: self._kill_one("sandbox/launch.py")),
            "kill what holds the examiners": (2, lambda: self._kill_one("grader.examiner")),
            "kill the server itself": (1, self._kill_everything),
        }

    def _kill_one(self, saying: str) -> bool:
        found = processes.below(self._process.pid, saying=saying)
        return bool(found) and processes.kill(self._draw.choice(found))

    def _kill_everything(self) -> bool:
        with self._one:
            killed = processes.kill(self._process.pid)
            self._process.wait()
            time.sleep(self._draw.uniform(0.2, 2.0))
            self._process = self._started()
        self.wait()
        return killed

    def close(self) -> None:
        """End it in order."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


@contextmanager
def running_embedded(data: Path, workers: int, settings: Mapping[str, str]) -> Iterator[Embedded]:
    """One that is ready."""
    installation = Embedded(data, workers, settings)
    try:
        installation.wait()
        yield installation
    finally:
        installation.close()

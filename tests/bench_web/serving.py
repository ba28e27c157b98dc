"""The real server, `workshop serve` with its workers, on a folder of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SERVE = [sys.executable, "-c", "from grader.cli import main; main()", "serve", "--port", "0"]
PATIENCE = 90.0


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers; what it and its workers complain about is in `log`."""

    address: str
    data: Path
    log: Path
    pid: int

    def complaints(self) -> str:
        """What was written to standard error and output, without the greeting."""
        return "\n".join(
            line
            for line in self.log.read_text(encoding="utf-8", errors="replace").splitlines()
            if line.strip() and not re.match(r"  http://|  (student|instructor) |Ctrl-C ends|bank \S+: \d+ of", line)
        )


@contextmanager
def serving(data: Path, *, workers: int = 2, settings: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Start it on `data`, wait until it answers and its workers are there; end it afterwards."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # whoever ends the measuring ends its server, too
    log = data / "server.log"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("WORKSHOP_")}
    own = {"WORKSHOP_DATA": str(data), "WORKSHOP_WORKERS": str(workers), "WORKSHOP_PROVE": "no"}
    environment = {**clean, **own, **(settings or {})}
    with log.open("w") as output:
        server = subprocess.Popen(SERVE, env=environment, stdout=output, stderr=output, start_new_session=True)
        try:
            yield Running(_address(server, log), data, log, server.pid)
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        if found := re.search(r"http://localhost:(\d+)", log.read_text(encoding="utf-8", errors="replace")):
            address = f"http://127.0.0.1:{found[1]}"
            try:
                with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
                    if json.load(answer)["workers"]:
                        return address
            except OSError:
                pass
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text()[-3000:]}")


def settle(seconds: float = 20.0) -> float:
    """Wait until the machine has little to do, but not for ever; its load then."""
    end = time.monotonic() + seconds
    while (load := _busy()) > 0.15 and time.monotonic() < end:
        continue
    return load


def _busy(seconds: float = 0.5) -> float:
    """The share of all processors that was used in the next moments."""
    before = _ticks()
    time.sleep(seconds)
    after = _ticks()
    total = sum(after) - sum(before)
    idle = after[3] + after[4] - before[3] - before[4]
    return 1 - idle / total if total else 0.0


def _ticks() -> list[int]:
    with open("/proc/stat", encoding="ascii") as file:
        return [int(text) for text in file.readline().split()[1:9]]

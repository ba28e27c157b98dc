"""The containers' health check: `python -m webapp.operations.probe web`, or `worker`.

A machine that is busy asks it as often as one that is not, so it loads next to nothing: no settings, no command line.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path

PATIENCE_SECONDS = 20.0
LONGEST_SILENCE = 30.0
PULSE = "pulse"
"""The file in the data folder that a worker's heart touches."""


def pages(port: int) -> str:
    """What is wrong with the pages of this container; nothing when one answers."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as asking:
            asking.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            answer = asking.recv(64).split()
    except OSError as problem:
        return f"no page at port {port}: {problem}"
    return "" if answer[1:2] == [b"200"] else f"the page at port {port} is not well"


def worker(data: Path, sandbox: str, lease: float = 10.0) -> str:
    """What is wrong with the worker of this container: its heart does not beat, or no sandbox answers it.

    A beat reaches the database where workers are known by their rows there, and comes three times in a lease.
    """
    try:
        silent = time.time() - (data / PULSE).stat().st_mtime
    except OSError:
        return "no worker works"
    if silent > max(LONGEST_SILENCE, 2 * lease):
        return f"the worker has been silent for {silent:.0f} s"
    if sandbox.startswith("unix:"):
        from sandbox import pairing

        where = Path(sandbox.removeprefix("unix:"))
        return "" if pairing.any_answers(where) else f"no sandbox answers in {where}"
    return ""


def main() -> int:
    """Say what is wrong; the exit status."""
    told = os.environ.get
    match sys.argv[1:]:
        case ["web"]:
            wrong = pages(int(told("WORKSHOP_PORT") or 8000))
        case ["worker"]:
            data, lease = Path(told("WORKSHOP_DATA") or "var"), float(told("WORKSHOP_LEASE_SECONDS") or 10)
            wrong = worker(data, told("WORKSHOP_SANDBOX") or "host", lease)
        case _:
            wrong = "usage: python -m webapp.operations.probe web|worker"
    print(wrong or "well")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

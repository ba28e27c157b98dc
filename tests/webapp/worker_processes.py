"""Workers in processes of their own, with a grader that sleeps, and waiting for what they do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from webapp.models import Database, Job
from webapp.settings import Settings, as_environment

HERE = Path(__file__).parent
PATIENCE = 90.0

Process = subprocess.Popen[bytes]


@contextmanager
def worker_processes() -> Iterator[Callable[..., Process]]:
    """Start Python with these arguments and settings, as often as wanted; all of them end with the block."""
    processes: list[Process] = []
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])

    def start(settings: Settings, *arguments: str) -> Process:
        environment = {**os.environ, **as_environment(settings), "PYTHONPATH": path}
        processes.append(subprocess.Popen([sys.executable, *arguments], env=environment))
        return processes[-1]

    try:
        yield start
    finally:
        for process in processes:
            process.kill()
            process.wait()


def until(condition: Callable[[], Any], what: str) -> Any:
    """Wait for something to become true."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.01)
    pytest.fail(f"not within {PATIENCE} s: {what}")


def states(database: Database) -> dict[str, int]:
    """How many jobs are in each state."""
    with database.reading() as session:
        return {state: count for state, count in session.execute(select(Job.state, func.count()).group_by(Job.state))}

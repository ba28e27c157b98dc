"""One service for all processes of a test run: the first that wants it starts it, the last that leaves it ends it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.daemons import alive


@contextmanager
def shared(folder: Path, name: str, start: Callable[[], str], end: Callable[[str], None]) -> Iterator[str]:
    """What `start` said when the service was started, here or in another process that uses `folder` as well.

    A user that was killed counts no longer.
    """
    users, said = folder / f"{name}.users", folder / f"{name}.said"
    with _locked(folder / f"{name}.lock"):
        others = _living(users)
        if not others:
            said.write_text(start())
        users.write_text(json.dumps([*others, os.getpid()]))
        text = said.read_text()
    try:
        yield text
    finally:
        with _locked(folder / f"{name}.lock"):
            others = [pid for pid in _living(users) if pid != os.getpid()]
            users.write_text(json.dumps(others))
            if not others:
                end(text)


def _living(users: Path) -> list[int]:
    return [pid for pid in json.loads(users.read_text()) if alive(pid)] if users.exists() else []


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with open(path, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

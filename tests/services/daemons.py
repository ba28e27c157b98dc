"""What the stand-ins of services share: who runs them, where they lie, and how their processes end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

PREFIX = "workshop-service-"
MARK = "WORKSHOP_TEST_SERVICE"
"""A variable of everything that belongs to a service: which folder it has."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who a service runs as: servers of databases refuse to be root."""

    uid: int
    gid: int

    def own(self, *paths: Path) -> None:
        """Give it files that we have made."""
        if os.geteuid() == 0:
            for path in paths:
                os.chown(path, self.uid, self.gid)

    def run(self, *command: str, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            command, cwd=cwd, env=env, capture_output=True, text=True, check=False, **self._identity()
        )

    def start(self, *command: str, cwd: Path, env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
        """Start a command in a session of its own, so that a Ctrl-C in the terminal is not for it."""
        with open(log, "ab") as output:
            return subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **self._identity(),
            )

    def _identity(self) -> dict:
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if os.geteuid() == 0 else {}


def account(name: str) -> Account:
    """Ourselves; for root the service's own user, or nobody."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    for candidate in (name, "nobody"):
        try:
            found = pwd.getpwnam(candidate)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise AssertionError("this machine has no user 'nobody'")


def new_folder(name: str, owner: Account) -> Path:
    """A folder of its own under /tmp: pytest's are closed to other users, and their names too long for a socket.

    What a test process left behind that was killed goes first.
    """
    top = Path(tempfile.gettempdir())
    for left in top.glob(f"{PREFIX}*"):
        pid = left.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdigit() and not alive(int(pid)) and left.stat().st_uid in (os.geteuid(), owner.uid):
            kill_all(belonging_to(left))
            shutil.rmtree(left, ignore_errors=True)
    # A service that several processes of a test run share outlives the one that has started it.
    run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{run}-{name}-", dir=top))
    owner.own(folder)
    return folder


def free_port() -> int:
    """A port of the loopback address that nobody has now."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def family(pid: int) -> list[int]:
    """A process and everything below it, itself first."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(entry.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents.setdefault(parent, []).append(int(entry.parent.name))
    found = [pid]
    for each in found:
        found.extend(parents.get(each, ()))
    return found


def belonging_to(folder: Path) -> list[int]:
    """The processes of the service that has this folder."""
    mark, found = f"{MARK}={folder}\0".encode(), []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def kill_all(pids: Iterable[int], seconds: float = 10.0) -> None:
    """SIGKILL, and wait until they are gone."""
    pids = list(pids)
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    wait_until(lambda: not any(alive(pid) for pid in pids), seconds, "killed processes are still there")


def wait_until(true: Callable[[], bool], seconds: float, otherwise: str | Callable[[], str]) -> None:
    """Poll until something is so; AssertionError when it does not become so."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(otherwise if isinstance(otherwise, str) else otherwise())
        time.sleep(0.02)

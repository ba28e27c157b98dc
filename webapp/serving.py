"""`workshop serve`: one foreground process that keeps a web server and workers alive and ends them with itself."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from grader.errors import WorkshopError
from webapp.models import Database
from webapp.models.times import utc_now
from webapp.operations import measures
from webapp.operations.scraping import ProcessesCollector, shared_folder, shown
from webapp.operations.waiting import RowsCollector
from webapp.queue import rows
from webapp.queue.carrier import carrier_of
from webapp.queue.worker import new_owner
from webapp.settings import Settings, as_environment
from webapp.tasks import rows as tasks

log = logging.getLogger(__name__)

GRACE_SECONDS = 8.0
LET_GO_SECONDS = 2.0
"""A server that was killed leaves a web server behind that answers what it has begun to, then lets go of the port."""
HEALTHY_SECONDS = 5.0
LONGEST_PAUSE = 30.0


class CannotListen(WorkshopError):
    """Somebody else listens there, or nobody may."""


def listen(host: str, port: int) -> socket.socket:
    """The listening socket.  It belongs to this process, so a web server that is restarted misses no connection."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    deadline = time.monotonic() + LET_GO_SECONDS
    while True:
        try:
            listening.bind((host, port))
            listening.listen(512)
            return listening
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            listening.close()
            raise CannotListen(
                f"cannot listen on {host}:{port}: {problem.strerror}", remedy=_other_address(problem, port)
            ) from problem


def _other_address(problem: OSError, port: int) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"end what listens there, or choose another port: workshop serve --port {port + 1}"
    if problem.errno == errno.EACCES:
        return "choose a port above 1023: workshop serve --port 8000"
    return "choose an address of this machine: workshop serve --host 127.0.0.1"


@dataclass(slots=True)
class Child:
    """A process that is started again when it ends."""

    name: str
    command: Callable[[str], list[str]]
    """Its command line, given a fresh owner name."""
    descriptors: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    owner: str = ""
    started: float = 0.0
    pause: float = 0.0
    not_before: float = 0.0
    restarts: int = 0

    @property
    def pid(self) -> int | None:
        """Its number while it runs."""
        return self.process.pid if self.process is not None else None

    def start(self, environment: dict[str, str]) -> None:
        """Start it, in a session of its own: Ctrl-C reaches only the server, which then ends everything in order."""
        self.owner = new_owner()
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 (our own interpreter and modules)
            self.command(self.owner),
            env=environment,
            pass_fds=self.descriptors,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )


def _worker_command(name: str, parent: str) -> Callable[[str], list[str]]:
    return lambda owner: [sys.executable, "-m", "webapp.queue.process", owner, parent, name]


@dataclass(slots=True)
class Server:
    """The web server and the workers of one installation."""

    settings: Settings
    database: Database
    listening: socket.socket
    stopping: bool = False
    children: list[Child] = field(default_factory=list)

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until a signal comes; `ready` is called when the first page can be had."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        rows_asked = RowsCollector(self.database, self.settings, carrier_of(self.settings, self.database))
        with shared_folder(self.settings) as figures:
            measures.share("serve")
            with shown(self.settings, rows_asked, ProcessesCollector(self.children)):
                self._run(ready, {**os.environ, **as_environment(self.settings), **figures, "PYTHONUNBUFFERED": "1"})

    def _run(self, ready: Callable[[], None], environment: dict[str, str]) -> None:
        ours = str(os.getpid())
        web_command = [sys.executable, "-m", "webapp.web", "--fd", str(self.listening.fileno()), "--parent", ours]
        web = Child("web", lambda _owner: web_command, (self.listening.fileno(),))
        self.children.append(web)
        try:
            web.start(environment)
            self._await_first_page(web)
            if not self.stopping:
                ready()
            for index in range(self.settings.workers):
                self.children.append(Child(f"worker-{index + 1}", _worker_command(f"worker-{index + 1}", ours)))
                self.children[-1].start(environment)
            while not self.stopping:
                self._mend(environment)
                time.sleep(0.1)
        finally:
            self._end()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _await_first_page(self, web: Child) -> None:
        """Workers start after the web server, so that loading torch does not delay the first page."""
        host = self.settings.host if self.settings.host not in ("0.0.0.0", "::") else "localhost"  # noqa: S104
        port = self.listening.getsockname()[1]
        while not self.stopping and time.monotonic() - web.started < 30:
            if web.process is not None and web.process.poll() is not None:
                raise WorkshopError(f"the web server ended at once with status {web.process.returncode}")
            try:
                with socket.create_connection((host, port), timeout=2) as trying:
                    trying.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
                    trying.settimeout(20)
                    if trying.recv(12):
                        return
            except OSError:
                time.sleep(0.05)

    def _mend(self, environment: dict[str, str]) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                log.error("%s ended with status %s and is started again", child.name, child.process.returncode)
                child.restarts += 1
                self._release(child)
                lived = now - child.started
                child.pause = 0.0 if lived > HEALTHY_SECONDS else min(LONGEST_PAUSE, max(0.5, child.pause * 2))
                child.not_before, child.process = now + child.pause, None
            if child.process is None and now >= child.not_before:
                child.start(environment)

    def _release(self, child: Child) -> None:
        """What a dead worker had in hand is free at once: its lease need not run out."""
        try:
            with self.database.writing() as session:
                rows.release_owner(session, child.owner, utc_now(), self.settings.tries)
                tasks.release_owner(session, child.owner, utc_now())
        except Exception:
            log.exception("freeing what %s had in hand", child.name)

    def _end(self) -> None:
        living = [child for child in self.children if child.process is not None]
        for child in living:
            assert child.process is not None
            child.process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for child in living:
            assert child.process is not None
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
            self._release(child)
        self.listening.close()

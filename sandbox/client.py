"""Asking for confined processes: a running server, a connection to it, and the candidates behind the connection."""

from __future__ import annotations

import contextlib
import select
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from sandbox import messages, pairing, readiness
from sandbox.messages import Begin, Begun, Ended, Hello, Kill, Malformed, Message, Open, Opened, Refused, Rejected
from sandbox.model import JobLimits, JobRefused, Outcome, SandboxUnavailable
from sandbox.placement import Host, Placement, Socket

if TYPE_CHECKING:
    from sandbox.host import HostServer

DEFAULT_ENTRY: Final = "sandbox.candidate:serve"
_ANSWER_SECONDS: Final = 60.0


class Sandbox:
    """A running fork server.  A context manager; `close` ends the server and every candidate."""

    def __init__(
        self, path: Path, hello: Hello, host: HostServer | Connection, choice: pairing.Choice | None = None
    ) -> None:
        self.path: Final = path
        """Its Unix socket (`SOCK_SEQPACKET`), for `Connection`."""
        self.hello: Final = hello
        """What the server said of itself: its torch and the instruction set it chose."""
        self._host = host
        """What ends with the server: its process, or of one that is not ours a connection."""
        self._choice = choice

    @classmethod
    def start(
        cls, placement: Placement | None = None, *, entry: str = DEFAULT_ENTRY, entry_path: Path | None = None
    ) -> Self:
        """Start a server and wait until it is warm; raises `SandboxUnavailable` with the remedy when any step fails.

        `entry` is the `module:function` that every candidate runs on its descriptor once it is confined; `entry_path`
        is a folder to find it in, seen by the server while it starts and by no candidate.
        """
        match placement or Host():
            case Socket(path=path):
                return cls._found(pairing.choose(path) if path.is_dir() else pairing.Choice(path))
            case _ if sys.platform != "linux":
                text = f"submissions are confined by Linux; this is {sys.platform}"
                raise SandboxUnavailable(text, remedy=readiness.remedy_for(text))
            case _:
                from sandbox.host import HostServer  # cannot be imported elsewhere

                host = HostServer.start(entry, entry_path)
                return cls(host.path, host.hello, host)

    @classmethod
    def _found(cls, choice: pairing.Choice) -> Self:
        connection = None
        try:
            connection = Connection(choice.path)
            pairing.require_our_torch(connection.hello, choice.path)
        except SandboxUnavailable:
            if connection is not None:
                connection.close()
            choice.close()
            raise
        return cls(choice.path, connection.hello, connection, choice)

    @property
    def pid(self) -> int:
        """Process id of the server (in its own placement)."""
        return self.hello.pid

    @property
    def alive(self) -> bool:
        """Whether the very server that was started or found still runs; one in its place is another."""
        return self._host.alive

    def connect(self) -> Connection:
        """A new connection to this server."""
        return Connection(self.path)

    def dial(self) -> socket.socket:
        """A connected socket that nobody has read from, to hand to another process for `Connection.from_fd`."""
        return _dial(self.path)

    def close(self) -> None:
        """End the server, its candidates and their files; one that is not ours is only let go.  Again is fine."""
        self._host.close()
        if self._choice is not None:
            self._choice.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Connection:
    """One client's control channel; usable by several threads and from any process that can reach the socket.

    Closing it, or dying, ends its candidates.
    """

    def __init__(self, path: Path | str) -> None:
        """Connect to the server at `path`; raises `SandboxUnavailable` when there is none."""
        self._begin(_dial(path))

    @classmethod
    def from_fd(cls, fd: int) -> Self:
        """The connection on an inherited descriptor, connected and not used by anybody else; owned from here on."""
        self = cls.__new__(cls)
        self._begin(socket.socket(fileno=fd))
        return self

    def _begin(self, control: socket.socket) -> None:
        control.setblocking(True)
        self._socket = control
        self._changed = threading.Condition()
        self._reading = False
        self._lost = ""
        self._last_ref = 0
        self._waiting: dict[int, socket.socket] = {}
        self._answers: dict[int, Candidate | Refused] = {}
        self._candidates: dict[int, Candidate] = {}
        self._spares: dict[JobLimits, int] = {}
        """References of spare candidates."""
        self._hello: Hello | None = None
        try:
            if not self._pump_until(lambda: self._hello is not None, time.monotonic() + _ANSWER_SECONDS):
                raise SandboxUnavailable("the sandbox does not answer")
        except BaseException:
            control.close()
            raise

    @property
    def hello(self) -> Hello:
        """What the server said of itself."""
        assert self._hello is not None, "a connection begins with hello"
        return self._hello

    @property
    def alive(self) -> bool:
        """Whether the server is still there; a look at the socket, not a question."""
        try:
            self._pump_until(lambda: False, time.monotonic())
        except SandboxUnavailable:
            return False
        return True

    def fileno(self) -> int:
        """The control socket's descriptor."""
        return self._socket.fileno()

    def open(self, limits: JobLimits = JobLimits()) -> Candidate:  # noqa: B008  # frozen
        """A fresh candidate, confined and listening.

        Raises `JobRefused` when it could not be confined, `SandboxUnavailable` when the server is gone.
        """
        candidate = self._take_spare(limits)
        if candidate is not None:
            return candidate
        ref = self._ask(limits, spare=False)
        if not self._pump_until(lambda: ref in self._answers, time.monotonic() + _ANSWER_SECONDS):
            self.close()  # what it would answer now, nobody waits for
            raise SandboxUnavailable("the sandbox does not answer")
        with self._changed:
            answer = self._answers.pop(ref)
        if isinstance(answer, Refused):
            raise JobRefused(answer.reason)
        return answer

    def prepare(self, limits: JobLimits) -> None:
        """Have a candidate confined ahead of the next `open` with these limits, without waiting for it.

        It costs a moment when nobody waits, and goes when others need its place.
        """
        with self._changed:
            asked = limits in self._spares
        if not asked:
            ref = self._ask(limits, spare=True)
            with self._changed:
                self._spares[limits] = ref

    def _take_spare(self, limits: JobLimits) -> Candidate | None:
        """The spare candidate with these limits, if one was prepared and is still there."""
        with self._changed:
            ref = self._spares.pop(limits, None)
        if ref is None or not self._pump_until(lambda: ref in self._answers, time.monotonic() + _ANSWER_SECONDS):
            return None
        with self._changed:
            candidate = self._answers.pop(ref)
            if isinstance(candidate, Refused):
                return None
            self._send(Begin(candidate._job))
        self._pump_until(lambda: candidate.begun or candidate.outcome is not None, None)
        if candidate.outcome is not None:
            candidate.socket.close()
            return None
        return candidate

    def _ask(self, limits: JobLimits, *, spare: bool) -> int:
        """Ask for a candidate; its reference."""
        if reason := messages.check_limits(limits):
            raise ValueError(reason)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs, self._changed:
            self._last_ref += 1
            ref = self._last_ref
            self._waiting[ref] = ours
            try:
                self._send(Open(ref, limits, spare), theirs.fileno())
            except SandboxUnavailable:
                self._waiting.pop(ref).close()
                raise
        return ref

    def close(self) -> None:
        """Hang up: the server ends this connection's candidates."""
        with self._changed:
            self._lost = self._lost or "the connection is closed"
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)  # wakes a thread that reads
            if not self._reading:
                self._socket.close()
            for ours in self._waiting.values():
                ours.close()
            self._waiting.clear()
            self._changed.notify_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _send(self, message: Message, *passed: int) -> None:
        """Send one packet; the lock is held."""
        if self._lost:
            raise SandboxUnavailable(self._lost)
        try:
            socket.send_fds(self._socket, [messages.encode(message)], passed, socket.MSG_NOSIGNAL)
        except OSError as error:
            self._lose(f"the sandbox is gone: {error.strerror}")
            raise SandboxUnavailable(self._lost) from error

    def _pump_until(self, done: Callable[[], bool], deadline: float | None) -> bool:
        """Take in messages until `done`; False at the deadline.  One thread reads at a time, for all who wait."""
        looked = False
        while True:
            with self._changed:
                if done():
                    return True
                if self._lost:
                    raise SandboxUnavailable(self._lost)
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0 and looked:
                    return False
                looked = True
                if self._reading:
                    self._changed.wait(left)
                    continue
                self._reading = True
            packet: bytes | None = b""
            try:
                packet = self._receive(left)
            finally:
                with self._changed:
                    self._reading = False
                    if self._lost:
                        self._socket.close()
                    elif packet is not None:
                        self._take(packet)
                    self._changed.notify_all()

    def _receive(self, seconds: float | None) -> bytes | None:
        poll = select.poll()
        poll.register(self._socket.fileno(), select.POLLIN)
        if not poll.poll(None if seconds is None else max(0.0, seconds) * 1000):
            return None
        try:
            return self._socket.recv(messages.MAX_BYTES + 1)
        except OSError:
            return b""

    def _take(self, packet: bytes) -> None:
        """Act on one packet; the lock is held."""
        if not packet:
            self._lose("the sandbox is gone")
            return
        try:
            message = messages.decode(packet)
        except Malformed as error:
            self._lose(f"the sandbox spoke nonsense: {error}")
            return
        match message:
            case Hello():
                self._hello = message
            case Opened(ref=ref, job=job):
                candidate = Candidate(self, job, self._waiting.pop(ref))
                self._answers[ref] = self._candidates[job] = candidate
            case Begun(job=job):
                if job in self._candidates:
                    self._candidates[job].begun = True
            case messages.Measured(job=job):
                if job in self._candidates:
                    self._candidates[job].measured = message
            case Refused(ref=ref):
                self._waiting.pop(ref).close()
                self._answers[ref] = message
            case Ended(job=job, outcome=outcome):
                ended = self._candidates.pop(job, None)
                if ended is not None:
                    ended.outcome = outcome
            case Rejected(reason=reason):
                self._lose(f"the sandbox rejected a message: {reason}")
            case _:
                self._lose("the sandbox spoke out of turn")

    def _lose(self, why: str) -> None:
        self._lost = self._lost or why


class Candidate:
    """One confined process.  A context manager; `close` ends it."""

    def __init__(self, connection: Connection, job: int, ours: socket.socket) -> None:
        self.socket: Final = ours
        """Our end of the job's stream; the candidate holds the other."""
        self.outcome: Outcome | None = None
        """How it ended, once that is known."""
        self.begun = False
        """Whether the server has heard that this one, opened as a spare, is used."""
        self.measured: messages.Measured | None = None
        """The server's last answer to `measure`."""
        self._connection = connection
        self._job: Final = job

    def wait(self, timeout: float | None = None) -> Outcome | None:
        """How it ended, or None when it still runs after `timeout` seconds.

        Raises `SandboxUnavailable` when the server is gone, since then nobody saw the end.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        self._connection._pump_until(lambda: self.outcome is not None, deadline)
        return self.outcome

    def measure(self) -> messages.Measured | None:
        """What the kernel counts of it, its peak of memory since the last time; None when it has ended.

        Raises `SandboxUnavailable` when the server is gone.
        """
        self.measured = None
        with self._connection._changed:
            self._connection._send(messages.Measure(self._job))
        self._connection._pump_until(lambda: self.measured is not None or self.outcome is not None, None)
        return self.measured

    def kill(self) -> None:
        """End it now; `wait` then tells how it ended.  Nothing when it has ended or the server is gone."""
        if self.outcome is None:
            with self._connection._changed, contextlib.suppress(SandboxUnavailable):
                self._connection._send(Kill(self._job))

    def close(self) -> None:
        """End it and close our end of its stream."""
        self.kill()
        self.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _dial(path: Path | str) -> socket.socket:
    control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        control.connect(str(path))
    except OSError as error:
        control.close()
        text = f"no sandbox answers at {path}: {error.strerror or error}"
        raise SandboxUnavailable(text, remedy="docker compose up --detach sandbox") from error
    return control

"""The fork server: one thread that forks a confined candidate for every job and watches it until it ends.

`Server.run` returns only in a candidate, with what that candidate is to become; the server itself ends when its keeper
does.  A misbehaving client loses its own connection and its own candidates, nothing else.
"""

from __future__ import annotations

import os
import select
import socket
import stat
import time
from collections import deque
from dataclasses import dataclass, field, replace
from typing import Final

from sandbox import kernel, messages
from sandbox.jail import Confinement
from sandbox.measuring import Gauge
from sandbox.messages import Begin, Begun, Ended, Hello, Kill, Malformed, Message, Open, Opened, Refused, Rejected
from sandbox.model import JobLimits, Outcome
from sandbox.slots import Slots
from sandbox.supervisor import Job, Killed, pidfd_or_kill

MAX_JOBS: Final = 64
"""Candidates alive at once, and waiting for a slot; a job beyond is refused."""
JOBS_EACH: Final = 8
"""Of them for one connection: an examiner needs one at a time, and whoever hoards must not keep others waiting."""
_MAX_CLIENTS: Final = 256
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(slots=True)
class _Client:
    socket: socket.socket
    jobs: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A candidate that was asked for; `job_fd` is its end of the stream."""

    client: int
    ref: int
    limits: JobLimits
    job_fd: int
    spare: bool


class Server:
    """Everything the event loop knows.

    `statm` is /proc/self/statm and `proc` /proc, opened while it was there.  Candidates write at `home`, each in a file
    system of its own, or, where there are `slots`, in one of those; then they are also of the server's own process
    namespace.
    """

    def __init__(
        self,
        listener: socket.socket,
        hello: Hello,
        *,
        statm: int,
        proc: int,
        resident: int,
        home: str,
        slots: Slots | None = None,
    ) -> None:
        self._listener = listener
        self._hello = hello
        self._statm = statm
        self._proc = proc
        self._home = home
        self._slots = slots
        self._asked: deque[_Asked] = deque()
        self._resident = resident
        self._own_namespace = os.pidfd_open(os.getpid())
        self._clients: dict[int, _Client] = {}
        self._jobs: dict[int, Job] = {}
        self._by_fd: dict[int, Job] = {}
        self._last_job = 0
        self._poll = select.poll()
        listener.setblocking(False)
        self._poll.register(listener.fileno(), select.POLLIN)

    def run(self) -> Confinement:
        """Serve for ever.  Returns in every forked candidate, never in the server."""
        while True:
            for fd, _ in self._poll.poll(self._timeout()):
                task = self._handle(fd)
                if task is not None:
                    return task
            # Whoever was asked for while every slot was taken.
            task = self._open_next()
            if task is not None:
                return task
            now = time.monotonic()
            for job in self._jobs.values():
                job.enforce(now)

    def close(self) -> None:
        """Let go of everything; for a candidate, which keeps only its own."""
        self._listener.close()
        for client in self._clients.values():
            client.socket.close()
        self._clients.clear()
        self._jobs.clear()
        self._by_fd.clear()

    def _timeout(self) -> int | None:
        if not self._jobs:
            return None
        now = time.monotonic()
        # Rounded up: waking a moment late beats spinning through the last millisecond.
        return int(min(job.next_check(now) for job in self._jobs.values()) * 1000) + 1

    def _handle(self, fd: int) -> Confinement | None:
        if fd == self._listener.fileno():
            self._accept()
        elif fd in self._clients:
            return self._read(fd)
        elif (job := self._by_fd.get(fd)) is not None:
            if fd == job.pidfd:
                self._finish(job)
            else:
                self._hear(job)
        return None

    # Clients

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return  # the client was gone again
        if len(self._clients) >= _MAX_CLIENTS:
            connection.close()
            return
        connection.setblocking(False)
        self._clients[connection.fileno()] = _Client(connection)
        self._poll.register(connection.fileno(), select.POLLIN)
        self._send(connection.fileno(), self._hello)

    def _read(self, fd: int) -> Confinement | None:
        try:
            packet, passed, flags, _ = socket.recv_fds(self._clients[fd].socket, messages.MAX_BYTES + 1, 4)
        except BlockingIOError:
            return None
        except OSError:
            self._drop(fd)
            return None
        try:
            if not packet:
                self._drop(fd)
                return None
            if flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC):
                raise Malformed("oversized packet")
            return self._obey(fd, messages.decode(packet), passed)
        except Malformed as error:
            self._send(fd, Rejected(str(error)))
            self._drop(fd)
            return None
        finally:
            for descriptor in passed:
                os.close(descriptor)

    def _obey(self, fd: int, message: Message, passed: list[int]) -> Confinement | None:
        match message:
            case Open(ref=ref, limits=limits, spare=spare):
                if len(passed) != 1 or not _is_stream(passed[0]):
                    raise Malformed("open: one stream socket must come with it")
                if reason := messages.check_limits(limits):
                    raise Malformed(f"open: {reason}")
                if self._slots is not None and limits.tmp_bytes > self._slots.bytes:
                    self._send(fd, Refused(ref, f"tmp_bytes is {limits.tmp_bytes}, and a slot has {self._slots.bytes}"))
                    return None
                if len(self._clients[fd].jobs) + sum(each.client == fd for each in self._asked) >= self._jobs_each():
                    self._send(fd, Refused(ref, f"{self._jobs_each()} candidates of this connection are running"))
                    return None
                if len(self._jobs) + len(self._asked) >= MAX_JOBS and (spare or not self._dismiss_a_spare()):
                    self._send(fd, Refused(ref, f"{MAX_JOBS} candidates are running"))
                    return None
                # A copy, since the packet's own descriptors are closed in the candidate too.
                self._asked.append(_Asked(fd, ref, limits, os.dup(passed[0]), spare))
                return self._open_next()
            case Begin(job=number):
                job = self._jobs.get(number) if number in self._clients[fd].jobs else None
                if job is not None and job.killed is None:  # else its end is on the way
                    job.begin(time.monotonic())
                    self._send(fd, Begun(number))
            case messages.Measure(job=number):
                job = self._jobs.get(number) if number in self._clients[fd].jobs else None
                if job is not None and job.killed is None and (measured := job.measure()) is not None:
                    self._send(fd, measured)
            case Kill(job=number):
                # Only a client's own: numbers of others are no more than numbers.
                if number in self._clients[fd].jobs:
                    self._jobs[number].kill(Killed.ASKED)
            case _:
                raise Malformed("not a client's message")
        return None

    def _jobs_each(self) -> int:
        return JOBS_EACH if self._slots is None else min(JOBS_EACH, max(1, len(self._slots) // 2))

    def _send(self, fd: int, message: Message) -> None:
        client = self._clients.get(fd)
        if client is None:
            return
        try:
            client.socket.send(messages.encode(message), socket.MSG_NOSIGNAL)
        except OSError:
            self._drop(fd)  # gone, or it does not read

    def _drop(self, fd: int) -> None:
        client = self._clients.pop(fd, None)
        if client is None:
            return
        self._poll.unregister(fd)
        client.socket.close()
        for asked in [each for each in self._asked if each.client == fd]:
            self._asked.remove(asked)
            os.close(asked.job_fd)
        for number in client.jobs:
            self._jobs[number].client = -1
            self._jobs[number].kill(Killed.ASKED)

    # Candidates

    def _open_next(self) -> Confinement | None:
        """Fork those that were asked for, as long as there is a place for them.  Like `run`, returns in a candidate."""
        while self._asked:
            home = self._home if self._slots is None else self._slots.take()
            if home is None:
                if any(not each.spare for each in self._asked):
                    self._dismiss_a_spare()
                return None
            asked = self._asked.popleft()
            try:
                task = self.fork(asked.client, asked.ref, asked.limits, asked.job_fd, home, spare=asked.spare)
            except OSError as error:
                self._vacate(home)
                self._send(asked.client, Refused(asked.ref, f"fork: {error}"))
            else:
                if task is not None:
                    return task
        return None

    def _dismiss_a_spare(self) -> bool:
        """End the oldest spare candidate, whoever's; whether there was one, or one is on its way out."""
        for job in self._jobs.values():
            if job.spare:
                if job.killed is None:
                    job.kill(Killed.ASKED)
                return True
        return False

    def _vacate(self, home: str) -> None:
        if self._slots is not None:
            self._slots.give_back(home)

    def prove(self) -> Confinement | None:
        """Send one candidate through everything and learn what an idle one weighs; RuntimeError when it fails.

        Like `run`, returns the task in the candidate.
        """
        ours, theirs = socket.socketpair()
        home = self._home if self._slots is None else self._slots.take()
        assert home is not None, "nobody else is there yet"
        with ours:
            task = self.fork(-1, 0, JobLimits(cpu_seconds=30.0), theirs.detach(), home)
            if task is not None:
                return replace(task, proof=True)
            (job,) = self._jobs.values()
            select.select([job.pidfd], [], [], job.limits.wall)
            job.kill(Killed.WALL)
            os.waitid(os.P_PID, job.pid, os.WEXITED | os.WNOWAIT)
            outcome = self._finish(job)
        if job.refusal:
            raise RuntimeError(job.refusal)
        if outcome is None or outcome.exit_code != 0:
            raise RuntimeError(f"a confined candidate could not run a backward pass: {outcome}")
        self._resident = outcome.peak_memory
        return None

    def fork(
        self, client: int, ref: int, limits: JobLimits, job_fd: int, home: str, *, spare: bool = False
    ) -> Confinement | None:
        """Fork a candidate that will write at `home`.  Its task in the candidate, None in the server.

        `job_fd` is the candidate's from here on, also when OSError says that there is none.
        """
        heard, said = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        heard.setblocking(False)
        started = time.monotonic()
        pidfd = -1
        try:
            pages = int(os.pread(self._statm, 64, 0).split()[0])
            pid = self._fork_into_namespace() if self._slots is None else os.fork()
            if pid:
                pidfd = pidfd_or_kill(pid)
        except OSError:
            heard.close()
            said.close()
            os.close(job_fd)
            raise
        if pid == 0:
            return Confinement(limits, pages * _PAGE + limits.memory_bytes, job_fd, said.detach(), self._proc, home)
        said.close()
        os.close(job_fd)
        self._last_job += 1
        job = Job(self._last_job, ref, client, limits, pid, pidfd, heard, started, self._resident, home, spare)
        self._jobs[job.id] = job
        self._by_fd[pidfd] = self._by_fd[heard.fileno()] = job
        self._poll.register(pidfd, select.POLLIN)
        self._poll.register(heard.fileno(), select.POLLIN)
        if client in self._clients:
            self._clients[client].jobs.add(job.id)
        return None

    def _fork_into_namespace(self) -> int:
        """Fork process 1 of a process namespace of its own."""
        # For the next child only; going back lets the server do it again.
        kernel.unshare(kernel.CLONE_NEWPID)
        pid = -1
        try:
            pid = os.fork()
        finally:
            if pid != 0:
                kernel.setns(self._own_namespace, kernel.CLONE_NEWPID)
        return pid

    def _hear(self, job: Job) -> None:
        """A candidate hands over what measures it, and then says that it is confined, or why not."""
        assert job.status is not None, "it has said nothing yet"
        said, passed = b"", list[int]()
        try:
            said, passed, _, _ = socket.recv_fds(job.status, messages.MAX_BYTES // 4, 2)
        except BlockingIOError:
            return
        except OSError:
            pass  # it has ended
        if said[:1] == b"?":
            job.gauge = Gauge(*passed) if len(passed) == 2 else None
            job.unmeasured = said[1:].decode(errors="replace") or job.unmeasured
            return
        self._forget(job.status.fileno())
        job.status.close()
        job.status = None
        if said == b"+":
            job.rest()
            self._send(job.client, Opened(job.ref, job.id))
            return
        job.refusal = said[1:].decode(errors="replace") or "the candidate ended before it was confined"
        self._send(job.client, Refused(job.ref, job.refusal))
        job.kill(Killed.ASKED)

    def _finish(self, job: Job) -> Outcome | None:
        """A candidate ended: collect it and tell its client."""
        for _ in range(2):  # the most that it says
            if job.status is not None:
                self._hear(job)
        outcome = job.reap(time.monotonic())
        if outcome is None:
            return None
        self._forget(job.pidfd)
        os.close(job.pidfd)
        job.let_go()
        del self._jobs[job.id]
        self._vacate(job.home)
        client = self._clients.get(job.client)
        if client is not None:
            client.jobs.discard(job.id)
            if not job.refusal:
                self._send(job.client, Ended(job.id, outcome))
        return outcome

    def _forget(self, fd: int) -> None:
        self._poll.unregister(fd)
        del self._by_fd[fd]


def _is_stream(fd: int) -> bool:
    """Whether this is one end of a local stream socket: nothing else may be handed into a jail."""
    if not stat.S_ISSOCK(os.fstat(fd).st_mode):
        return False
    probe = socket.socket(fileno=os.dup(fd))
    with probe:
        return probe.family == socket.AF_UNIX and probe.type == socket.SOCK_STREAM

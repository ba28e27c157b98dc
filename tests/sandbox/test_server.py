"""The server survives what clients say and candidates do, and keeps nothing of either."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from sandbox import messages
from sandbox.client import Connection, Sandbox
from sandbox.messages import Open
from sandbox.model import JobLimits, JobRefused, Limit, SandboxUnavailable
from sandbox.server import JOBS_EACH, MAX_JOBS

ENTRIES = Path(__file__).with_name("entries")


def children(pid: int) -> set[int]:
    """Processes below `pid`, the dead that nobody has collected among them."""
    found = set()
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and int(_stat(process)[1]) == pid:
                found.add(int(process.name))
        except OSError:
            continue
    return found


def _stat(process: Path) -> list[str]:
    return (process / "stat").read_text().rpartition(")")[2].split()


def traces(pid: int) -> tuple[set[int], list[str], int, set[str]]:
    """What a server could leave behind: children, descriptors, mounts, files."""
    if os.geteuid() != 0:
        # The server is closed to inspection, even for its own user.
        return children(pid), [], 0, _temporary_files()
    fds = sorted(filter(None, map(_target, Path(f"/proc/{pid}/fd").iterdir())))
    mounts = len(Path(f"/proc/{pid}/mountinfo").read_text().splitlines())
    return children(pid), fds, mounts, _temporary_files()


def _target(descriptor: Path) -> str:
    """What it leads to; nothing when it was closed since it was listed."""
    try:
        return os.readlink(descriptor)
    except FileNotFoundError:
        return ""


def _temporary_files() -> set[str]:
    return {entry.name for entry in Path("/tmp").iterdir() if entry.name.startswith("workshop-sandbox")}


def settled(pid: int, expected: tuple[object, ...], seconds: float = 10.0) -> tuple[object, ...]:
    """The traces once they equal `expected`, or as they are after `seconds`."""
    until = time.monotonic() + seconds
    while (seen := traces(pid)[:3]) != expected[:3] and time.monotonic() < until:
        time.sleep(0.02)
    return seen


def quiet(pid: int) -> tuple[object, ...]:
    """The traces of a server that has no candidate and no client left from earlier tests."""
    until = time.monotonic() + 30
    seen = traces(pid)
    while time.monotonic() < until:
        time.sleep(0.1)
        previous, seen = seen, traces(pid)
        if not seen[0] and seen[:3] == previous[:3]:
            break
    return seen


def test_a_job_leaves_no_process_descriptor_mount_or_file(server, tell):
    with server.connect() as connection:
        connection.open().close()
    before = quiet(server.pid)
    ends = [
        "r = 1",
        "os._exit(1)",
        "import ctypes; ctypes.string_at(0)",
        "os.close(fd)",
        "open('/tmp/f', 'w').write('x')",
    ]
    with server.connect() as connection:
        for source in ends * 4:
            with connection.open() as candidate:
                tell(candidate, source)
        asleep = [connection.open() for _ in range(5)]
        asleep[0].kill()
        for candidate in asleep:
            candidate.socket.close()
    assert settled(server.pid, before) == before[:3]


def test_a_client_that_hangs_up_takes_its_candidates_along(server):
    before = quiet(server.pid)
    with server.connect() as connection:
        for _ in range(3):
            candidate = connection.open()
            candidate.socket.sendall(b"import time; time.sleep(1000)")
        assert len(children(server.pid)) == len(before[0]) + 3
    assert settled(server.pid, before) == before[:3]


def test_a_client_that_is_killed_takes_its_candidates_along(server):
    before = quiet(server.pid)
    pid = os.fork()
    if pid == 0:
        connection = Connection(server.path)
        connection.open().socket.sendall(b"while True: pass")
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    assert settled(server.pid, before) == before[:3]


def packet(**changes: object) -> bytes:
    message = json.loads(messages.encode(Open(1, JobLimits())))
    return json.dumps({**message, **changes}).encode()


@pytest.mark.parametrize(
    "nonsense",
    [
        b"nonsense",
        b"[]",
        b"\xff" * 100,
        b"[" * 3000,
        b"x" * 5000,
        b"x" * 200_000,
        packet(v=2),
        packet(type="hello"),
        packet(type=["open"]),
        packet(type="reboot"),
        packet(ref="1"),
        packet(ref=-1),
        packet(ref=True),
        packet(surplus=1),
        packet(limits=None),
        packet(limits={}),
        packet(limits={**json.loads(packet())["limits"], "tmp_bytes": 0}),
        packet(limits={**json.loads(packet())["limits"], "tmp_inodes": 0}),
        packet(limits={**json.loads(packet())["limits"], "cpu_seconds": float("nan")}),
        packet(limits={**json.loads(packet())["limits"], "cpu_seconds": 10**400}),
        packet(limits={**json.loads(packet())["limits"], "memory_bytes": 1.5}),
        packet(),  # no socket came with it
    ],
)
def test_a_malformed_message_costs_its_sender_the_connection_and_nobody_else(server, connection, nonsense):
    with server.dial() as rude:
        rude.settimeout(10)
        rude.recv(5000)
        try:
            rude.send(nonsense)
        except OSError:
            return  # too large for the socket
        assert json.loads(rude.recv(5000))["type"] == "rejected"
        assert rude.recv(5000) == b""
    with connection.open() as candidate:
        assert candidate.socket is not None


@pytest.mark.parametrize("kind", ["folder", "file", "datagram", "network", "two"])
def test_nothing_but_one_stream_socket_is_handed_into_a_jail(server, kind, tmp_path):
    fds = {
        "folder": lambda: [os.open("/", os.O_RDONLY)],
        "file": lambda: [os.open(tmp_path / "f", os.O_CREAT | os.O_RDWR)],
        "datagram": lambda: [s.detach() for s in socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)][:1],
        "network": lambda: [socket.socket().detach()],
        "two": lambda: [s.detach() for s in socket.socketpair()],
    }[kind]()
    before = quiet(server.pid)
    with server.dial() as rude:
        rude.settimeout(10)
        rude.recv(5000)
        socket.send_fds(rude, [packet()], fds)
        assert json.loads(rude.recv(5000))["type"] == "rejected"
    for fd in fds:
        os.close(fd)
    assert settled(server.pid, before) == before[:3]


def test_another_clients_candidate_cannot_be_killed(server, connection, tell):
    with connection.open() as candidate, server.connect() as other:
        other._send(messages.Kill(candidate._job))
        with other.open():
            pass
        assert tell(candidate, "r = 'alive'") == "'alive'"


def test_a_client_that_does_not_read_is_dropped_and_harms_nobody(server, connection, tell):
    with server.dial() as rude:
        # Each is answered; the answers are never taken.
        for ref in range(3000):
            ours, theirs = socket.socketpair()
            with ours, theirs:
                message = messages.encode(Open(ref, JobLimits()))
                try:
                    socket.send_fds(rude, [message], [theirs.fileno()], socket.MSG_DONTWAIT)
                except OSError:
                    break
    with connection.open() as candidate:
        assert tell(candidate, "r = 1") == "1"


def test_one_candidate_too_many_is_refused(server):
    quiet(server.pid)
    with ExitStack() as stack:
        for _ in range(MAX_JOBS // JOBS_EACH):
            connection = stack.enter_context(server.connect())
            for _ in range(JOBS_EACH):
                connection.open()
            with pytest.raises(JobRefused, match="of this connection are running"):
                connection.open()
        with pytest.raises(JobRefused, match=f"{MAX_JOBS} candidates are running"):
            stack.enter_context(server.connect()).open()
    quiet(server.pid)


def test_limits_that_make_no_sense_are_refused_before_they_are_sent(connection):
    with pytest.raises(ValueError, match="tmp_bytes"):
        connection.open(JobLimits(tmp_bytes=0))
    with pytest.raises(ValueError, match="cpu_seconds"):
        connection.open(JobLimits(cpu_seconds=-1))


def test_a_jail_step_that_fails_ends_the_job_and_is_named():
    with Sandbox.start(entry="brittle:serve", entry_path=ENTRIES) as sandbox, sandbox.connect() as connection:
        with pytest.raises(JobRefused, match=r"restrict files: .*no Landlock today"):
            connection.open(JobLimits(tmp_inodes=77))
        with connection.open() as candidate:
            assert candidate.socket.recv(100) == b"served"
        assert settled(sandbox.pid, (set(),), 5)[0] == set()


def test_a_server_that_cannot_confine_does_not_start():
    with pytest.raises(SandboxUnavailable, match=r"confine a first candidate: .*restrict files: .*no Landlock today"):
        Sandbox.start(entry="broken:serve", entry_path=ENTRIES)


def test_several_candidates_run_at_once_and_end_as_they_should(connection, tell):
    limits = [JobLimits(cpu_seconds=0.2), JobLimits(wall_seconds=0.3), JobLimits()]
    sources = [b"while True: pass", b"import time; time.sleep(100)", b"os._exit(5)"]
    candidates = [connection.open(limit) for limit in limits]
    for candidate, source in zip(candidates, sources, strict=True):
        candidate.socket.sendall(source)
    outcomes = [candidate.wait(20) for candidate in reversed(candidates)]
    assert [outcome.limit for outcome in outcomes] == [None, Limit.WALL, Limit.CPU]
    assert outcomes[0].exit_code == 5
    for candidate in candidates:
        candidate.close()


def test_a_server_that_died_is_said_to_be_gone(tmp_path):
    with pytest.raises(SandboxUnavailable, match="no sandbox answers"):
        Connection(tmp_path / "nobody")

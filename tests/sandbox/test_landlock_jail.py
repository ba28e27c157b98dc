"""The jail without namespaces and mounts: candidates share a user, process numbers and a root, and meet nowhere."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from sandbox.client import Candidate, Sandbox
from sandbox.model import JobLimits, JobRefused, Limit
from sandbox.placement import Socket
from tests.ordinary_user import command_prefix
from tests.sandbox.test_jail import C, errno_of
from tests.sandbox.test_lines import LOOPING

ROOT = Path(__file__).parents[2]
ENTRIES = Path(__file__).with_name("entries")
SLOTS = 4


@contextmanager
def slotted_server(slots: int = SLOTS) -> Iterator[tuple[Sandbox, Path]]:
    """A server of this kind, as an ordinary user, and the folder of its slots."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "slots").mkdir()
        for number in range(slots):
            (folder / "slots" / f"{number:02}").mkdir()
            (folder / "slots" / f"{number:02}").chmod(0o777)
        command = [*command_prefix(ROOT), sys.executable, str(ENTRIES / "slotted.py"), name + "/slots", str(ENTRIES)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
        )
        try:
            path = process.stdout.readline().strip()
            assert path, "the server did not start"
            with Sandbox.start(Socket(Path(path))) as sandbox:
                yield sandbox, folder / "slots"
        finally:
            process.communicate()


@pytest.fixture(scope="module")
def slotted() -> Iterator[tuple[Sandbox, Path]]:
    with slotted_server() as both:
        yield both


@pytest.fixture(scope="module")
def server(slotted) -> Sandbox:
    """In the place of the other jail's server: `run` and `connection` are of this kind here."""
    return slotted[0]


@pytest.mark.parametrize(
    "source",
    [
        "os.fork()",
        "os.execv('/proc/self/exe', ['python'])",
        "import threading; threading.Thread(target=print).start()",
        "import socket; socket.socket()",
        "os.memfd_create('x')",
        "os.pidfd_open(os.getppid())",
        "os.kill(os.getppid(), 0)",
        "os.kill(os.getpid(), 0)",
        "os.kill(-1, 9)",
        "os.open('/etc/passwd', os.O_RDONLY)",
        "os.listdir('/')",
        "os.listdir('/proc')",
        "os.listdir('/proc/self')",
        "open('/proc/self/maps').read()",
        "open('/proc/self/mem', 'r+b')",
        "open('/proc/self/oom_score_adj', 'w')",
        "open(f'/proc/{os.getppid()}/environ').read()",
        "open(f'/proc/{os.getppid()}/cmdline').read()",
        "os.readlink(f'/proc/{os.getppid()}/exe')",
        "os.listdir('/tmp')",
        "open('/tmp/new', 'w')",
        "open('/dev/shm/new', 'w')",
        "os.listdir('/dev')",
        "open('/dev/tty')",
        "open(os.__file__, 'a')",
        "os.chmod('.', 0o777)",
        "os.utime('.')",
        "os.truncate('x', 0)",
        "os.statvfs('.')",
        "os.listdir('..')",
        "os.rename('../' + os.path.basename(os.getcwd()), '../mine')",
        "os.mkdir('../other')",
        "os.symlink('/etc', '../link')",
        "os.link(os.__file__, 'os.py')",
        "os.mkfifo('pipe')",
        "os.setxattr('.', 'user.x', b'y')",
        "import resource; resource.prlimit(os.getppid(), resource.RLIMIT_CPU)",
        "os.getpgid(os.getppid())",
        "import time; time.clock_gettime((~os.getppid() << 3) | 2)",
        "import pip",
        "import sandbox.host",
    ],
)
def test_what_a_tensor_does_not_need_is_refused_inside(run, source):
    answer, outcome = run(source)
    assert answer.startswith(("PermissionError", "OSError", "RuntimeError: can't start", "ModuleNotFoundError")), answer
    assert outcome.exit_code == 0


@pytest.mark.parametrize(
    "call",
    [
        "ptrace(16, {parent}, 0, 0)",
        "process_vm_readv({parent}, 0, 0, 0, 0, 0)",
        "syscall(234, {parent}, {parent}, 0)",  # tgkill
        "syscall(200, {parent}, 0)",  # tkill
        "prctl(1, 0, 0, 0, 0)",  # PR_SET_PDEATHSIG
        "prctl(4, 1, 0, 0, 0)",  # PR_SET_DUMPABLE
        "unshare(0x10000000)",
        "mount(b'none', b'.', b'tmpfs', 0, 0)",
        "shmget(0, 4096, 0o1600)",
        "fchmod(0, 0o777)",
    ],
)
def test_doors_into_the_kernel_are_closed(run, server, call):
    if "syscall(" in call and os.uname().machine != "x86_64":
        pytest.skip("other numbers")
    call = call.replace("{parent}", "os.getppid()")
    assert run(errno_of(call))[0] == str(errno.EPERM)


def test_torch_works_inside(run):
    source = """
import torch, numpy, einops
x = torch.randn(2, 3, 4, requires_grad=True)
torch.nn.MultiheadAttention(4, 2, batch_first=True)(x, x, x)[0].sum().backward()
r = x.grad.shape == x.shape, torch.get_num_threads(), (torch.randn(300, 300) @ torch.randn(300, 300)).shape[0]
"""
    assert run(source)[0] == "(True, 1, 300)"


def test_the_standard_library_can_be_imported(run):
    source = "import importlib\nfor n in ('sqlite3', 'ssl', 'lzma', 'curses', 'xml.dom', 'asyncio'): "
    source += "importlib.import_module(n)\nr = 'all'"
    assert run(source)[0] == "'all'"


def test_it_ends_itself_as_everywhere(run):
    assert run("os.abort()")[1].signal == signal.SIGABRT
    assert run("import signal; signal.raise_signal(9)")[1].signal == signal.SIGKILL
    assert run("import ctypes; ctypes.string_at(0)")[1].signal == signal.SIGSEGV


def test_limits_are_the_same(run):
    assert run("while True: pass", cpu_seconds=0.3)[1].limit is Limit.CPU
    assert run("import time; time.sleep(100)", wall_seconds=0.4)[1].limit is Limit.WALL
    assert run("x = bytearray(10**9)", memory_bytes=2**28)[0].startswith("MemoryError")
    assert "File too large" in run("open('f', 'wb').write(b'x' * 10**7)", file_bytes=2**20)[0]


@pytest.mark.parametrize("limits", ["0.2, 60", "60, 1.2"])
def test_it_can_tell_where_its_time_runs_out(run, limits):
    assert run(LOOPING % limits)[0] == "[[3, 2]]"


def test_it_writes_in_a_folder_of_its_own_that_is_gone_afterwards(run, slotted):
    source = """
import tempfile
open('file', 'w').write('x'); os.mkdir('folder'); os.symlink('/etc', 'link'); os.rename('file', 'folder/file')
with tempfile.TemporaryDirectory() as name: pass
r = os.getcwd(), os.environ['HOME'], os.environ['TMPDIR'], tempfile.gettempdir(), sorted(os.listdir())
"""
    answer, _ = run(source)
    folder, *others, names = eval(answer)
    assert others == [folder] * 3
    assert names == ["folder", "link"]
    assert [os.listdir(slot) for slot in slotted[1].iterdir()] == [[]] * SLOTS
    assert eval(run(source)[0])[0] != folder


def test_two_at_once_cannot_touch_each_other(connection, tell):
    with connection.open() as first, connection.open() as second:
        folder = eval(tell(first, "open('mine', 'w').write('secret'); r = os.getcwd(), os.getpid()"))
        path, pid = folder
        for source in (
            f"open({path + '/mine'!r}).read()",
            f"open({path + '/mine'!r}, 'w')",
            f"os.unlink({path + '/mine'!r})",
            f"os.chmod({path + '/mine'!r}, 0)",
            f"os.truncate({path + '/mine'!r}, 0)",
            f"os.utime({path + '/mine'!r})",
            f"os.listdir({path!r})",
            f"os.listdir({os.path.dirname(path)!r})",
            f"os.statvfs({path!r})",
            f"open('/proc/{pid}/cmdline').read()",
            f"os.readlink('/proc/{pid}/cwd')",
            f"os.listdir('/proc/{pid}/fd')",
            f"os.kill({pid}, 0)",
            f"os.pidfd_open({pid})",
        ):
            assert tell(second, source).startswith(("PermissionError", "OSError")), source
        assert tell(second, f"{C}r = libc.tgkill({pid}, {pid}, 9)") in ("-1", "AttributeError: tgkill")
        assert tell(first, "r = open('mine').read()") == "'secret'"


@contextmanager
def every_slot_taken(server: Sandbox) -> Iterator[list[Candidate]]:
    """Candidates in all slots; one connection alone may not take them all."""
    with server.connect() as one, server.connect() as other:
        yield [connection.open() for connection in (one, other) for _ in range(SLOTS // 2)]


def test_there_are_as_many_as_slots_and_the_next_waits_its_turn(server, tell):
    with every_slot_taken(server) as running, server.connect() as third:
        late = ThreadPoolExecutor(1).submit(third.open)
        with pytest.raises(TimeoutError):
            late.result(0.3)
        tell(running[0], "open('left', 'w')")
        running[0].close()
        with late.result(20) as candidate:
            assert tell(candidate, "r = os.listdir()") == "[]"


def test_whoever_hangs_up_while_waiting_leaves_nothing_behind(server, tell):
    with every_slot_taken(server):
        script = f"from sandbox.client import Connection; Connection({str(server.path)!r}).open()"
        impatient = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
        time.sleep(0.5)
        impatient.kill()
        impatient.wait()
    with every_slot_taken(server) as running:
        assert [tell(candidate, "r = os.listdir()") for candidate in running] == ["[]"] * SLOTS


def test_more_than_a_slot_holds_is_refused(connection, slotted):
    there = os.statvfs(slotted[1])
    with pytest.raises((JobRefused, ValueError)):
        connection.open(JobLimits(tmp_bytes=max(there.f_blocks * there.f_frsize + 1, 2**36)))


def test_candidates_die_with_a_server_that_is_killed():
    with slotted_server() as (sandbox, _), sandbox.connect() as connection:
        with connection.open() as candidate:
            candidate.socket.settimeout(20)
            candidate.socket.sendall(b"import signal; signal.signal(15, signal.SIG_IGN); r = os.getpid()")
            pid = int(candidate.socket.recv(100))
            os.kill(sandbox.pid, signal.SIGKILL)
            assert candidate.socket.recv(100) == b""
            until = time.monotonic() + 10
            while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
                time.sleep(0.02)
            assert not Path(f"/proc/{pid}").exists()
        assert not sandbox.alive


def test_root_is_not_confined_this_way(tmp_path):
    if os.geteuid():
        pytest.skip("needs root to be refused")
    (tmp_path / "slot").mkdir()
    command = [sys.executable, str(ENTRIES / "slotted.py"), str(tmp_path), str(ENTRIES)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, input="")
    assert done.returncode == 1
    assert "be an ordinary user" in done.stderr

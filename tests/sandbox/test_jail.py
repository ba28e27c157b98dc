"""Hostile things said from inside: each stays inside, and the supervisor says how it ended."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from sandbox.model import Limit, Outcome
from sandbox.mounts import home_for

MEGABYTE = 2**20
C = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"


def errno_of(call: str) -> str:
    """Source whose answer is the errno of a C library call, 0 when it worked."""
    return f"{C}r = ctypes.get_errno() if libc.{call} == -1 else 0"


@pytest.mark.parametrize(
    "source",
    [
        "os.fork()",
        "import pty; pty.fork()",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "import subprocess; subprocess.run(['/bin/true'])",
        "os.execv('/proc/self/exe', ['python'])",
        "os.system('true') and 1/0",
        "import multiprocessing; multiprocessing.Process(target=print).start()",
        "import threading; threading.Thread(target=print).start()",
        "import socket; socket.socket()",
        "import socket; socket.socketpair()",
        "import socket; socket.socket(fileno=os.dup(fd)).sendall(b'x')",
        "import socket; socket.socket(fileno=os.dup(fd)).recv(1)",
        "import socket; socket.create_connection(('127.0.0.1', 80))",
        "os.memfd_create('x')",
        "from multiprocessing import shared_memory; shared_memory.SharedMemory(create=True, size=10)",
        "os.pidfd_open(1)",
        "os.setuid(0)",
        "os.setgroups([0])",
        "os.sched_setaffinity(0, {0})",
        "os.setpriority(os.PRIO_PROCESS, 0, -5)",
        "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))",
        "os.chroot('/tmp')",
        "os.mkfifo('/tmp/pipe')",
        "os.mknod('/tmp/null', 0o020666, os.makedev(1, 3))",
        "os.pipe()",
        "os.open('/etc/passwd', os.O_RDONLY)",
        "os.open('/etc/shadow', os.O_RDONLY)",
        "os.listdir('/proc')",
        "os.readlink('/proc/self/exe')",
        "os.open('/dev/sda', os.O_RDONLY)",
        "os.open('/dev/mem', os.O_RDONLY)",
        "os.listdir('/home')",
        "os.listdir('/sys')",
        "os.open('/new', os.O_CREAT | os.O_WRONLY)",
        "os.open('/etc/passwd', os.O_CREAT | os.O_WRONLY)",
        "os.open('/usr/new', os.O_CREAT | os.O_WRONLY)",
        "os.open(os.__file__, os.O_WRONLY)",
        "os.unlink(os.__file__)",
        "os.rename('/etc', '/tmp/etc')",
        "os.link(os.__file__, '/tmp/os.py')",
        "os.chmod(os.__file__, 0o777)",
        "os.mkdir('/dev/new')",
        "import fcntl; fcntl.lockf(os.open('/tmp/f', os.O_CREAT | os.O_RDWR), fcntl.LOCK_EX)",
        "import fcntl; fcntl.ioctl(fd, 0x5412, b'x')",  # TIOCSTI types into a terminal
        "os.kill(1, 9)",
        "os.kill(-1, 9)",
        "os.killpg(0, 9)",
        "os.setxattr('/tmp', 'user.x', b'y')",
        "import tracemalloc, pip",
        "import flask",
        "import grader",
        "import questions",
        "import sandbox.host",
        "import obedient_other",
    ],
)
def test_what_a_tensor_does_not_need_is_refused_inside(run, source):
    answer, outcome = run(source)
    refusals = (
        "PermissionError",
        "FileNotFoundError",
        "OSError",
        "RuntimeError: can't start",
        "ModuleNotFoundError",
        "ValueError: not allowed",
    )
    assert answer.startswith((*refusals, "ImportError", "ZeroDivisionError")), answer
    assert outcome.exit_code == 0


@pytest.mark.parametrize(
    "call",
    [
        "ptrace(16, 1, 0, 0)",
        "mount(b'none', b'/tmp', b'tmpfs', 0, 0)",
        "umount2(b'/tmp', 2)",
        "unshare(0x10000000)",
        "unshare(0x00020000)",
        "setns(0, 0)",
        "setreuid(0, 0)",
        "personality(0x0040000)",
        "shmget(0, 4096, 0o1600)",
        "semget(0, 1, 0o1600)",
        "msgget(0, 0o1600)",
        "mlockall(1)",
        "prctl(4, 1, 0, 0, 0)",  # PR_SET_DUMPABLE
        "prctl(22, 1, 0, 0, 0)",  # PR_SET_SECCOMP
        "prctl(1, 0, 0, 0, 0)",  # PR_SET_PDEATHSIG
        "process_vm_readv(1, 0, 0, 0, 0, 0)",
        "eventfd(0, 0)",
        "inotify_init1(0)",
        "epoll_create1(0)",
        "timerfd_create(1, 0)",
        "syscall(425, 8, 0)",  # io_uring_setup
        "syscall(434, 1, 0)",  # pidfd_open
        "syscall(447, 0)",  # memfd_secret
    ],
)
def test_doors_into_the_kernel_are_closed(run, call):
    assert run(errno_of(call))[0] == "1"  # EPERM


def test_clone3_is_unknown_so_that_the_c_library_falls_back(run):
    assert run(errno_of("syscall(435, 0, 0)"))[0] == "38"  # ENOSYS


def test_the_calls_of_another_architecture_kill(run):
    # int 0x80 enters the kernel as i386, where other numbers mean other calls.
    if os.uname().machine != "x86_64":
        pytest.skip("no second instruction set")
    code = r"b'\xb8\x14\x00\x00\x00\xcd\x80\xc3'"  # mov eax, getpid; int 0x80; ret
    source = f"{C}import mmap\nm = mmap.mmap(-1, 4096, prot=7)\nm.write({code})\n"
    source += "r = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(m)))()"
    answer, outcome = run(source)
    assert (answer, outcome.signal) == ("", signal.SIGSYS)


def test_the_root_holds_python_and_nothing_else(run):
    answer, _ = run("r = sorted(os.listdir('/')), os.listdir('/etc'), sorted(os.listdir('/dev'))")
    root, etc, dev = eval(answer)
    tops = {Path(path).parts[1] for path in (sys.prefix, sys.base_prefix, os.__file__)}
    assert set(root) <= tops | {"dev", "etc", home_for((sys.prefix,)).strip("/")}
    assert etc == []
    assert set(dev) == {"null", "zero", "urandom", "random"}


def test_only_named_packages_are_installed_inside(run):
    answer, _ = run("import sys\nr = {p: os.listdir(p) for p in sys.path if p.endswith('-packages')}")
    seen = {name for names in eval(answer).values() for name in names}
    assert {"torch", "numpy", "einops"} <= seen
    assert not seen & {"pip", "flask", "pytest", "setuptools", "grader", "questions", "sandbox", "jinja"}
    assert not {name for name in seen if name.endswith((".pth", ".dist-info", ".egg-link"))}


def test_the_interpreters_own_installed_packages_are_covered(run):
    answer, _ = run("folder = os.path.join(os.path.dirname(os.__file__), 'site-packages')\nr = os.listdir(folder)")
    assert answer == "[]" or answer.startswith("FileNotFoundError")


def test_the_standard_library_can_be_imported(run):
    source = """
import importlib, pkgutil, sys, warnings
warnings.simplefilter("ignore")
skip = {"antigravity", "this", "idlelib", "tkinter", "turtle", "turtledemo", "lib2to3", "test", "_tkinter", "msvcrt"}
failed = []
folder = os.path.dirname(os.__file__)
for module in pkgutil.iter_modules([folder, os.path.join(folder, "lib-dynload")]):
    if module.name not in skip and not module.name.startswith("_test") and not module.name.startswith("xx"):
        try:
            importlib.import_module(module.name)
        except ImportError as error:
            failed.append(f"{module.name}: {error}")
r = failed
"""
    failed = eval(run(source)[0])
    libraries = [line for line in failed if "shared object" in line]
    assert not libraries


def test_torch_numpy_and_einops_work_inside(run):
    source = """
import torch, numpy, einops
x = torch.randn(2, 3, 4, requires_grad=True)
out = torch.nn.MultiheadAttention(4, 2, batch_first=True)(x, x, x)[0]
out.sum().backward()
big = torch.randn(300, 300) @ torch.randn(300, 300)
flat = einops.rearrange(x, 'b l d -> (b l) d')
r = x.grad.shape == x.shape, big.shape == (300, 300), torch.get_num_threads(), flat.shape[0]
"""
    assert run(source)[0] == "(True, True, 1, 6)"


def test_the_environment_tells_nothing(run, monkeypatch):
    answer, _ = run("r = dict(os.environ), os.getcwd(), os.uname().nodename")
    environment, folder, name = eval(answer)
    assert not {"PWD", "USER", "VIRTUAL_ENV", "PYTEST_CURRENT_TEST", "SSH_AUTH_SOCK"} & set(environment)
    assert (environment["HOME"], folder, name) == (folder, home_for((sys.prefix,)), "workshop")


def test_it_is_nobody_alone_in_its_namespace_without_capabilities(run):
    source = f"{C}header = (ctypes.c_uint32 * 2)(0x20080522, 0)\ndata = (ctypes.c_uint32 * 6)()\n"
    source += "r = os.getpid(), os.getppid(), os.getuid(), os.getgid(), set(os.getgroups()) <= {os.getgid()}"
    assert run(source)[0] == "(1, 0, 65534, 65534, True)"


def test_only_the_job_is_open_beside_silent_streams(run):
    source = """
import stat
found = {}
for number in range(64):
    try:
        found[number] = stat.S_IFMT(os.fstat(number).st_mode)
    except OSError:
        pass
r = sorted(found), [stat.S_ISCHR(found[n]) for n in (0, 1, 2)], stat.S_ISSOCK(found[3]), fd
"""
    assert run(source)[0] == "([0, 1, 2, 3], [True, True, True], True, 3)"


def test_output_on_standard_streams_goes_nowhere(run, capfd):
    answer, outcome = run("os.write(1, b'x' * 10**6); os.write(2, b'forged verdict'); print('hello')")
    assert (answer, outcome.exit_code) == ("None", 0)
    assert capfd.readouterr() == ("", "")


def test_descriptors_run_out(run):
    answer, outcome = run("kept = [os.open('/dev/null', os.O_RDONLY) for _ in range(1000)]")
    assert "Too many open files" in answer
    assert outcome.exit_code == 0


def test_tmp_is_its_own_and_small(run):
    fill = """
try:
    for number in range(10000):
        with open(f'/tmp/{number}', 'wb') as file:
            file.write(b'x' * 2**20)
except OSError as error:
    r = number, error.errno
"""
    number, error = eval(run(fill, tmp_bytes=8 * MEGABYTE)[0])
    assert number <= 8
    assert error == 28  # ENOSPC
    number, error = eval(run(fill.replace("2**20", "0"), tmp_inodes=100)[0])
    assert number <= 100
    assert error == 28
    assert run("r = os.listdir('/tmp')")[0] == "[]"


def test_a_file_can_be_no_larger_than_allowed(run):
    answer, _ = run("open('/tmp/f', 'wb').write(b'x' * 10**7)", file_bytes=MEGABYTE)
    assert "File too large" in answer


def test_tmp_runs_no_code(run):
    source = f"import mmap, shutil\nopen('/tmp/x', 'wb').write(b'x' * 4096)\nf = open('/tmp/x', 'r+b')\n{C}"
    source += "libc.mmap.restype = ctypes.c_long\nr = libc.mmap(None, ctypes.c_size_t(4096), 5, 2, f.fileno(), 0)"
    assert run(source)[0] == "-1"


def test_symbolic_links_lead_nowhere(run):
    for target in ("/proc/1/root/etc/passwd", "/../../etc/passwd", "/root", "/var/log"):
        answer, _ = run(f"os.symlink({target!r}, '/tmp/link'); r = os.listdir('/tmp/link')")
        assert answer.startswith(("FileNotFoundError", "NotADirectoryError", "PermissionError", "['.pyenv']")), answer
    answer, _ = run("os.chdir('/'); os.chdir('../../..'); r = os.getcwd()")
    assert answer == "'/'"


def test_memory_beyond_the_limit_is_an_ordinary_error(run):
    answer, outcome = run("x = bytearray(10**9)", memory_bytes=256 * MEGABYTE)
    assert answer.startswith("MemoryError")
    assert outcome.limit is None
    answer, _ = run("import torch; torch.zeros(10**9)", memory_bytes=256 * MEGABYTE)
    assert answer.startswith("RuntimeError"), answer
    assert run("x = bytearray(200 * 2**20); r = len(x)", memory_bytes=256 * MEGABYTE)[0] == str(200 * MEGABYTE)


def test_shared_and_executable_mappings_count_as_memory(run):
    source = "import mmap\nkept = []\nwhile True:\n    kept.append(mmap.mmap(-1, 2**24))"
    answer, outcome = run(source, memory_bytes=128 * MEGABYTE)
    assert "Cannot allocate memory" in answer
    assert outcome.peak_memory - outcome.resident_at_fork < 128 * MEGABYTE


def test_the_peak_is_measured_from_outside(run):
    _, small = run("r = 1")
    _, large = run("x = bytearray(100 * 2**20)")
    assert 90 * MEGABYTE < large.peak_memory - small.peak_memory < 120 * MEGABYTE
    assert abs(small.peak_memory - small.resident_at_fork) < 60 * MEGABYTE


@pytest.mark.parametrize(
    ("source", "check"),
    [
        ("os._exit(7)", lambda outcome: outcome.exit_code == 7),
        ("import ctypes; ctypes.string_at(0)", lambda outcome: outcome.signal == signal.SIGSEGV),
        ("os.abort()", lambda outcome: outcome.signal is not None),
        ("os.close(fd)", lambda outcome: outcome.exit_code == 1),
        (
            "import sys; sys.setrecursionlimit(10**9)\nx = []\nfor _ in range(10**6): x = [x]\nrepr(x)",
            lambda outcome: outcome.signal == signal.SIGSEGV,
        ),
        ("import signal; signal.raise_signal(9)", lambda outcome: outcome.limit is None),
    ],
)
def test_an_end_is_reported_as_it_was(run, source, check):
    _, outcome = run(source)
    assert check(outcome), outcome
    assert outcome.limit is None


def timed_out(outcome: Outcome, limit: Limit) -> bool:
    return (outcome.limit, outcome.signal, outcome.exit_code) == (limit, signal.SIGKILL, None)


IGNORE = "import signal\nfor n in range(1, 32):\n    try: signal.signal(n, signal.SIG_IGN)\n    except OSError: pass\n"
# A C loop that never gives the interpreter back.
HOLD = "import re; re.match('(a+)+$', 'a' * 60 + 'b')"


@pytest.mark.parametrize("source", ["while True: pass", f"{IGNORE}while True: pass", HOLD, "x = 7 ** (7 ** 9)"])
def test_processor_time_runs_out_within_50_ms(run, source):
    _, outcome = run(source, cpu_seconds=0.3)
    assert timed_out(outcome, Limit.CPU), outcome
    assert 0.3 <= outcome.cpu_seconds < 0.35


@pytest.mark.parametrize("source", ["import time; time.sleep(1000)", f"{IGNORE}import time\nwhile True: time.sleep(1)"])
def test_waiting_ends_at_the_wall_limit(run, source):
    _, outcome = run(source, wall_seconds=0.4)
    assert timed_out(outcome, Limit.WALL), outcome
    # The processes of other tests may keep both cores busy.
    assert 0.4 <= outcome.wall_seconds < 1.0
    assert outcome.cpu_seconds < 0.2


def test_every_candidate_starts_with_the_same_generators(run):
    source = (
        "import random, numpy, torch; r = random.random(), float(numpy.random.rand()), torch.rand(1).item(), hash('a')"
    )
    assert run(source)[0] == run(source)[0]


def test_a_candidate_leaves_nothing_for_the_next(run):
    run("import torch, builtins, sys; torch.mine = 1; builtins.mine = 2; sys.modules['mine'] = os")
    run("open('/tmp/mine', 'w')")
    run("import fcntl; fcntl.fcntl(1, fcntl.F_SETFL, os.O_APPEND | os.O_NONBLOCK)")
    source = """
import builtins, fcntl, sys, torch
seen = hasattr(torch, 'mine'), hasattr(builtins, 'mine'), 'mine' in sys.modules
r = *seen, os.listdir('/tmp'), fcntl.fcntl(1, fcntl.F_GETFL)
"""
    answer, _ = run(source)
    assert eval(answer)[:4] == (False, False, False, [])
    assert not eval(answer)[4] & (os.O_APPEND | os.O_NONBLOCK)


def test_earlier_source_is_nowhere_in_memory(run):
    needle = "ne" + "edle-" + os.urandom(8).hex()
    run(f"secret = '{needle}'")
    source = f"""
import gc
parts = {needle[:9]!r}, {needle[9:]!r}
dicts = [o for o in gc.get_objects() if isinstance(o, dict)]
r = sum(1 for d in dicts for v in d.values() if isinstance(v, str) and v == ''.join(parts))
"""
    assert run(source)[0] == "0"

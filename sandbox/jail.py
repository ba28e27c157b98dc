"""What a candidate goes through between the fork and its first instruction: one list a kind, read from top to bottom.

Any step that fails ends the candidate; there is no weaker jail to fall back to.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from sandbox import kernel, landlock, seccomp
from sandbox.measuring import Gauge
from sandbox.model import JobLimits, Kind
from sandbox.mounts import View

JOB_FD: Final = 3
"""The job's socket in the candidate: the only descriptor beside standard input, output and error."""
_STATUS_FD: Final = 4

_OPEN_FILES: Final = 64
_STACK_BYTES: Final = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the server works out once for all candidates."""

    kind: Kind
    program: seccomp.Program
    landlock_abi: int
    last_capability: int
    readable: tuple[tuple[str, int], ...]
    """Landlock's rules for everything but a candidate's own folder."""
    server: int
    """The server's own process id."""


@dataclass(frozen=True, slots=True)
class Confinement:
    """What one candidate is confined to.  `address_space` is the whole of it: size at the fork plus its memory."""

    limits: JobLimits
    address_space: int
    job: int
    status: int
    proc: int
    """/proc, for the one step that needs it."""
    home: str
    """Where its private file system goes (/tmp, unless Python lies below that), or the slot it makes a folder in."""
    proof: bool = False
    """The server's own trial at its start, which serves nobody."""


class StepFailed(Exception):
    """A step of the lists below failed; the text names it."""


Steps = tuple[tuple[str, Callable[[], object]], ...]


def confine(task: Confinement, prepared: Prepared) -> None:
    """Lock this process in.  The order matters: each step needs what a later one takes away."""
    steps = _with_namespaces(task, prepared) if prepared.kind is Kind.NAMESPACES else _with_landlock(task, prepared)
    for name, step in steps:
        try:
            step()
        except Exception as error:
            raise StepFailed(f"{name}: {error}") from error


def _with_namespaces(task: Confinement, prepared: Prepared) -> Steps:
    """It is process 1 of a namespace of its own already, in the small root that the server built."""
    return (
        ("hand over what measures it", lambda: _hand_over_gauge(task.proc, task.status)),
        ("keep two descriptors", lambda: _keep_descriptors(task.job, task.status)),
        ("silence standard streams", _silence_streams),
        ("reset signals", _reset_signals),
        ("enter own mounts", lambda: kernel.unshare(kernel.CLONE_NEWNS)),
        ("mount /tmp", lambda: _mount_tmp(task.limits, task.home)),
        # Unmapped: from here on it is nobody, over whose mounts and namespaces even a full capability set says nothing.
        ("leave the user namespace", lambda: kernel.unshare(kernel.CLONE_NEWUSER)),
        ("die with the server", lambda: kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)),
        ("set limits", lambda: _set_limits(task.limits, task.address_space)),
        ("drop capabilities", lambda: kernel.clear_capabilities(prepared.last_capability)),
        ("forbid new privileges", lambda: kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)),
        ("forbid dumps and tracing", lambda: kernel.prctl(kernel.PR_SET_DUMPABLE, 0)),
        ("restrict files", lambda: _restrict_files(prepared)),
        # Last: the steps above need what it denies.
        ("filter system calls", lambda: seccomp.install(prepared.program)),
    )


def _with_landlock(task: Confinement, prepared: Prepared) -> Steps:
    """It shares user, process numbers and files with the server and with other candidates: two locks keep it off."""
    return (
        ("hand over what measures it", lambda: _hand_over_gauge(task.proc, task.status)),
        ("keep two descriptors", lambda: _keep_descriptors(task.job, task.status)),
        ("silence standard streams", _silence_streams),
        ("reset signals", _reset_signals),
        # No namespace ends it with the server.
        ("die with the server", lambda: _die_with(prepared.server)),
        ("make a folder in its slot", lambda: _make_folder(task.home)),
        ("set limits", lambda: _set_limits(task.limits, task.address_space)),
        ("drop capabilities", lambda: kernel.set_capabilities(0)),
        ("forbid new privileges", lambda: kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)),
        # What keeps processes of one user from each other's memory and descriptors (ptrace(2), access checks).
        ("forbid dumps and tracing", lambda: kernel.prctl(kernel.PR_SET_DUMPABLE, 0)),
        ("restrict files", lambda: _restrict_files(prepared)),
        ("filter system calls", lambda: _filter_naming_oneself(prepared.program)),
    )


_OWN_PROCESS: Final = 0x7E570001
"""Stands in the compiled filter for a candidate's own process number; no process has it (pid_max is 2²²)."""
_SEES_TRUNCATION: Final = 3
"""The version from which Landlock knows truncate(2)."""


def compile_filter(kind: Kind) -> bytes:
    """The system calls that candidates of this kind may make."""
    if kind is Kind.NAMESPACES:
        return seccomp.build()
    # Where files and processes are other candidates' too: nothing that changes a file by its name unseen by Landlock,
    # nor tells how full another's slot is, and a signal only for oneself.
    return seccomp.build(
        extra=(("tgkill", ((0, (_OWN_PROCESS,)),)),),
        without=(*seccomp.UNSEEN_BY_LANDLOCK, "statfs", "tgkill"),
        truncating=landlock.abi() >= _SEES_TRUNCATION,
    )


def rules(kind: Kind, view: View) -> tuple[tuple[str, int], ...]:
    """What Landlock lets candidates read: everything in their small root, or of a shared one what is in `view`."""
    devices = tuple((path, landlock.READ_FILE) for path in view.devices if os.path.exists(path))
    null = ("/dev/null", landlock.READ_FILE | landlock.WRITE_FILE)
    if kind is Kind.NAMESPACES:
        return (("/", landlock.READ), null)
    return (*(rule for path in view.paths for rule in _readable(path, view.covered)), *devices, null)


def _readable(path: str, covered: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Rules for reading below `path`, but for what is `covered`: Landlock only ever adds."""
    if path in covered:
        return
    if not os.path.isdir(path):
        yield path, landlock.READ_FILE
    elif not any(other.startswith(path + os.sep) for other in covered):
        yield path, landlock.READ
    else:
        yield path, landlock.READ_DIR
        for entry in os.scandir(path):
            yield from _readable(entry.path, covered)


def _reset_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _mount_tmp(limits: JobLimits, home: str) -> None:
    options = f"size={limits.tmp_bytes},nr_inodes={limits.tmp_inodes},mode=0700"
    kernel.mount("tmpfs", home, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC, options)
    os.chdir(home)


def _die_with(server: int) -> None:
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:
        raise ProcessLookupError("the server has ended")


def _make_folder(slot: str) -> None:
    """Under a name that nobody can guess: what Landlock does not see (looking a name up) needs the name."""
    home = os.path.join(slot, os.urandom(16).hex())
    os.mkdir(home, 0o700)
    os.chdir(home)


def _set_limits(limits: JobLimits, address_space: int) -> None:
    """Hard limits equal soft ones.

    Processor time is measured from outside, to the nanosecond; the kernel's own limit counts ticks, which on a crowded
    machine run ahead by a fifth and more.  It only holds if the server hangs, so it is as far away as the wall limit.
    """
    seconds = int(max(limits.cpu_seconds, limits.wall)) + 2
    for which, value in (
        (resource.RLIMIT_AS, address_space),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_STACK, _STACK_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, 16),
        (resource.RLIMIT_NPROC, 1),
    ):
        _, hard = resource.getrlimit(which)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))


def _silence_streams() -> None:
    """An open file of its own: the server's would carry its flags from one candidate to the next."""
    null = os.open("/dev/null", os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.close(null)


def _hand_over_gauge(proc: int, status: int) -> None:
    """Give the server the two files that say what this process uses: nobody can open them once it is confined.

    They are the process's own only while it may be dumped.  Where it cannot be measured it says why, and goes on: that
    is no lock.  Never raises: where its words go is not yet where `report` puts them.
    """
    words, files = b"?", tuple[int, ...]()
    with suppress(OSError), socket.socket(fileno=os.dup(status)) as said:
        try:
            kernel.prctl(kernel.PR_SET_DUMPABLE, 1)
            files = Gauge.of_this_process(proc).descriptors
        except OSError as error:
            words += str(error).encode(errors="replace")[:500]
        finally:
            kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        socket.send_fds(said, [words], files)


def _keep_descriptors(job: int, status: int) -> None:
    # Moved out of the way first: one may stand where the other belongs.
    job, status = (fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _STATUS_FD + 1) for fd in (job, status))
    os.dup2(job, JOB_FD, inheritable=False)
    os.dup2(status, _STATUS_FD, inheritable=False)
    kernel.close_from(_STATUS_FD + 1)


def _restrict_files(prepared: Prepared) -> None:
    landlock.restrict(prepared.landlock_abi, (*prepared.readable, (os.getcwd(), landlock.WRITE)))


def _filter_naming_oneself(program: seccomp.Program) -> None:
    """Install the filter with this process's own number where it stands for a stranger's.

    The program is this process's own copy, since the fork.
    """
    size = ctypes.sizeof(program.code)
    operands = [ctypes.c_uint32.from_buffer(program.code, at) for at in range(4, size, 8)]  # struct sock_filter's k
    own = [operand for operand in operands if operand.value == _OWN_PROCESS]
    if len(own) != 1:
        raise RuntimeError("the filter does not say where the own process belongs")
    own[0].value = os.getpid()
    seccomp.install(program)


def report(text: bytes) -> None:
    """Tell the server, once, how confining went: b"+", or b"-" and why.  Closes the channel.

    When the very first step failed there may be no channel; the server then sees the candidate end without a word.
    """
    try:
        os.write(_STATUS_FD, text)
    finally:
        os.close(_STATUS_FD)

"""What a candidate goes through between the fork and its first instruction: one list, read from top to bottom.

Any step that fails ends the candidate; there is no weaker jail to fall back to.
"""

from __future__ import annotations

import fcntl
import os
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sandbox import kernel, landlock, seccomp
from sandbox.model import JobLimits

JOB_FD: Final = 3
"""The job's socket in the candidate: the only descriptor beside standard input, output and error."""
_STATUS_FD: Final = 4

_OPEN_FILES: Final = 64
_STACK_BYTES: Final = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the server works out once for all candidates."""

    program: seccomp.Program
    landlock_abi: int
    last_capability: int
    home: str
    """Where each candidate's private file system goes: /tmp, unless Python itself lies below it."""


@dataclass(frozen=True, slots=True)
class Confinement:
    """What one candidate is confined to.  `address_space` is the whole of it: size at the fork plus its memory."""

    limits: JobLimits
    address_space: int
    job: int
    status: int
    proof: bool = False
    """The server's own trial at its start, which serves nobody."""


class StepFailed(Exception):
    """A step of the list below failed; the text names it."""


def confine(task: Confinement, prepared: Prepared) -> None:
    """Lock this process in.  The order matters: each step needs what a later one takes away."""
    limits = task.limits
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("keep two descriptors", lambda: _keep_descriptors(task.job, task.status)),
        ("silence standard streams", _silence_streams),
        ("reset signals", _reset_signals),
        ("enter own mounts", lambda: kernel.unshare(kernel.CLONE_NEWNS)),
        ("mount /tmp", lambda: _mount_tmp(limits, prepared.home)),
        # Unmapped: from here on it is nobody, over whose mounts and namespaces even a full capability set says nothing.
        ("leave the user namespace", lambda: kernel.unshare(kernel.CLONE_NEWUSER)),
        ("die with the server", lambda: kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)),
        ("set limits", lambda: _set_limits(limits, task.address_space)),
        ("drop capabilities", lambda: kernel.clear_capabilities(prepared.last_capability)),
        ("forbid new privileges", lambda: kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)),
        ("forbid dumps and tracing", lambda: kernel.prctl(kernel.PR_SET_DUMPABLE, 0)),
        ("restrict files", lambda: _restrict_files(prepared.landlock_abi, prepared.home)),
        # Last: the steps above need what it denies.
        ("filter system calls", lambda: seccomp.install(prepared.program)),
    )
    for name, step in steps:
        try:
            step()
        except Exception as error:
            raise StepFailed(f"{name}: {error}") from error


def _reset_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _mount_tmp(limits: JobLimits, home: str) -> None:
    options = f"size={limits.tmp_bytes},nr_inodes={limits.tmp_inodes},mode=0700"
    kernel.mount("tmpfs", home, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC, options)
    os.chdir(home)


def _set_limits(limits: JobLimits, address_space: int) -> None:
    """Hard limits equal soft ones.  Processor time is measured from outside; this one holds if the server hangs."""
    seconds = int(limits.cpu_seconds) + 2
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


def _keep_descriptors(job: int, status: int) -> None:
    # Moved out of the way first: one may stand where the other belongs.
    job, status = (fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _STATUS_FD + 1) for fd in (job, status))
    os.dup2(job, JOB_FD, inheritable=False)
    os.dup2(status, _STATUS_FD, inheritable=False)
    kernel.close_from(_STATUS_FD + 1)


def _restrict_files(abi: int, home: str) -> None:
    rules = (("/", landlock.READ), ("/dev/null", landlock.READ_FILE | landlock.WRITE_FILE), (home, landlock.WRITE))
    landlock.restrict(abi, rules)


def report(text: bytes) -> None:
    """Tell the server, once, how confining went: b"+", or b"-" and why.  Closes the channel.

    When the very first step failed there may be no channel; the server then sees the candidate end without a word.
    """
    try:
        os.write(_STATUS_FD, text)
    finally:
        os.close(_STATUS_FD)

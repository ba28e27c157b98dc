"""What bank code may reach: its own process, the candidates it is given, and the files Python imports from.

An examiner is trusted to be honest, not to be well-behaved, and it holds answers: it has no database, no secrets, no
network, no other bank, no other process.  The locks are the candidate's, with the few calls more that passing a
socket takes; any step that fails ends the examiner before the bank's code is run.
"""

from __future__ import annotations

import logging
import os
import resource
import site
import socket
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sandbox import kernel, landlock, seccomp

_STREAM, _STREAM_CLOEXEC = socket.SOCK_STREAM, socket.SOCK_STREAM | socket.SOCK_CLOEXEC
# `Connection.open` makes a pair of streams and sends one end; a `Channel` sends and receives.  `socket` stays denied.
# A pair of datagram sockets could send to any path (the system's log, a service manager), and most options of a
# socket are doors into the kernel: streams only, without an address, and no option but the time limits.
_SOCKET_CALLS: Final[tuple[tuple[str, seccomp.Conditions], ...]] = (
    ("socketpair", ((0, (socket.AF_UNIX,)), (1, (_STREAM, _STREAM_CLOEXEC)))),
    ("sendto", ((4, (0,)),)),
    ("sendmsg", ()),
    ("recvfrom", ()),
    ("recvmsg", ()),
    ("setsockopt", ((1, (socket.SOL_SOCKET,)), (2, (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO)))),
    ("getsockopt", ()),
    ("getsockname", ()),
    ("shutdown", ()),
)
# It runs as the user to whom the database belongs, and Landlock does not see a chmod; and it is not process 1.
_DENIED: Final = (*seccomp.UNSEEN_BY_LANDLOCK, "tgkill")
MEMORY_BYTES: Final = 4 * 2**30
_SEES_TRUNCATION: Final = 3
_BANKS: Final = ("questions", "banks")
_SYSTEM: Final = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/dev/urandom", "/dev/zero")


@dataclass(frozen=True, slots=True)
class Confinement:
    """What the warm process works out once for all examiners."""

    program: seccomp.Program
    landlock_abi: int
    rules: tuple[tuple[str, int], ...]
    """Paths and what may be done below them."""


def prepare() -> Confinement:
    """Compile the filter and find the folders that imports come from.  Raises where the kernel lacks either lock."""
    abi = landlock.abi()
    code = seccomp.build(_SOCKET_CALLS, without=_DENIED, truncating=abi >= _SEES_TRUNCATION)
    paths = sysconfig.get_paths()
    folders = [paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"], *site.getsitepackages()]
    folders.append(os.path.join(sys.base_prefix, "lib"))
    readable = [path for path in dict.fromkeys([*folders, *_SYSTEM]) if os.path.exists(path)]
    rules = [rule for path in readable for rule in _readable(path, readable)]
    null = ("/dev/null", landlock.READ_FILE | landlock.WRITE_FILE)
    return Confinement(seccomp.prepare(code), abi, (*rules, null))


def _readable(path: str, others: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Rules for reading below `path`, but for the banks of an installed `questions`: they hold answers.

    Landlock only ever adds: what must stay closed may lie below nothing that was opened as a whole.
    """
    if not os.path.isdir(path):
        yield path, landlock.READ_FILE
        return
    closed = [os.path.join(folder, *_BANKS) for folder in others]
    if not any(os.path.exists(banks) and _lies_below(banks, path) for banks in closed):
        yield path, landlock.READ
        return
    yield path, landlock.READ_DIR
    for entry in os.scandir(path):
        if entry.path not in closed:
            yield from _readable(entry.path, others)


def _lies_below(path: str, folder: str) -> bool:
    return os.path.realpath(path).startswith(os.path.realpath(folder) + os.sep)


def confine(confinement: Confinement) -> None:
    """Lock this examiner in, for good.  The order matters: the filter denies what the steps above it need."""
    os.chdir("/")
    _silence()
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    space = _address_space() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (space, space if most == resource.RLIM_INFINITY else min(space, most)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if os.geteuid() == 0:  # an ordinary user has none, and may not touch the bounding set
        kernel.clear_capabilities(int(_read("/proc/sys/kernel/cap_last_cap")))
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    landlock.restrict(confinement.landlock_abi, confinement.rules)
    seccomp.install(confinement.program)


def _silence() -> None:
    """What a bank prints goes nowhere: without end, it would fill whatever keeps our log.  Our own log goes on."""
    kept = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
    handler = logging.StreamHandler(kept)
    handler.setLevel(logging.WARNING)
    logging.getLogger("grader").addHandler(handler)
    null = os.open("/dev/null", os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.close(null)


def _address_space() -> int:
    return int(_read("/proc/self/statm").split()[0]) * resource.getpagesize()


def _read(path: str) -> str:
    with open(path, encoding="ascii") as file:
        return file.read()

"""What bank code may reach: its own process, the candidates it is given, and the files Python imports from.

An examiner is trusted to be honest, not to be well-behaved, and it holds answers: it has no database, no secrets, no
network, no other bank, no other process.  The locks are the candidate's, with the few calls more that passing a
socket takes; any step that fails ends the examiner before the bank's code is run.
"""

from __future__ import annotations

import os
import resource
import site
import sys
import sysconfig
from dataclasses import dataclass
from typing import Final

from sandbox import kernel, landlock, seccomp

# `Connection.open` makes a socket pair and sends one end; a `Channel` sends and receives.  `socket` stays denied.
_SOCKET_CALLS: Final = (
    "socketpair", "sendto", "sendmsg", "recvfrom", "recvmsg", "setsockopt", "getsockopt", "getsockname", "shutdown",
)  # fmt: skip
MEMORY_BYTES: Final = 4 * 2**30
_SYSTEM: Final = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/dev/urandom", "/dev/zero")


@dataclass(frozen=True, slots=True)
class Confinement:
    """What the warm process works out once for all examiners."""

    program: seccomp.Program
    landlock_abi: int
    readable: tuple[str, ...]


def prepare() -> Confinement:
    """Compile the filter and find the folders that imports come from.  Raises where the kernel lacks either lock."""
    paths = sysconfig.get_paths()
    folders = [paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"], *site.getsitepackages()]
    folders.append(os.path.join(sys.base_prefix, "lib"))
    readable = tuple(path for path in dict.fromkeys([*folders, *_SYSTEM]) if os.path.exists(path))
    return Confinement(seccomp.prepare(seccomp.build(_SOCKET_CALLS)), landlock.abi(), readable)


def confine(confinement: Confinement) -> None:
    """Lock this examiner in, for good.  The order matters: the filter denies what the steps above it need."""
    os.chdir("/")
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    space = _address_space() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (space, space if most == resource.RLIM_INFINITY else min(space, most)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if os.geteuid() == 0:  # an ordinary user has none, and may not touch the bounding set
        kernel.clear_capabilities(int(_read("/proc/sys/kernel/cap_last_cap")))
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    rights = landlock.READ
    rules = [(path, rights if os.path.isdir(path) else landlock.READ_FILE) for path in confinement.readable]
    null = ("/dev/null", landlock.READ_FILE | landlock.WRITE_FILE)
    landlock.restrict(confinement.landlock_abi, (*rules, null))
    seccomp.install(confinement.program)


def _address_space() -> int:
    return int(_read("/proc/self/statm").split()[0]) * resource.getpagesize()


def _read(path: str) -> str:
    with open(path, encoding="ascii") as file:
        return file.read()

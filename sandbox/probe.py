"""Tries, each in a process of its own, what the fork server needs of the kernel, and prints what happened as JSON.

Run as a script by `sandbox.readiness`: versions promise, only trying tells.  An empty string means that it worked.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":  # started by path, without site-packages: find our own package
    sys.path.append(str(Path(__file__).resolve().parents[1]))

from sandbox import kernel, landlock
from sandbox.mounts import seal

_NOBODY = 65534


def main() -> None:
    """Print {"user_namespaces", "mounts", "seccomp", "landlock"}: an error text or "" each, the last one an ABI."""
    result = {
        "user_namespaces": _attempt(_user_namespace),
        "mounts": _attempt(_mounts),
        "seccomp": _attempt(_seccomp),
    }
    try:
        abi = landlock.abi()
    except OSError:
        abi = 0
    print(json.dumps({**result, "landlock": abi}))


def _attempt(step: Callable[[], None]) -> str:
    heard, said = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            step()
        except OSError as error:
            os.write(said, str(error).encode()[:1000])
        finally:
            os._exit(0)
    os.close(said)
    with os.fdopen(heard) as pipe:
        text = pipe.read()
    _, status = os.waitpid(pid, 0)
    return text or ("" if status == 0 else f"ended with wait status {status}")


def _user_namespace() -> None:
    """As the server does it: an ordinary user makes a namespace and maps itself."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 1)
    uid, gid = os.geteuid(), os.getegid()
    kernel.unshare(kernel.CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"1000 {uid} 1")
    Path("/proc/self/gid_map").write_text(f"1000 {gid} 1")


def _mounts() -> None:
    """A file system of its own, sealed, and the way back into a process namespace."""
    if os.geteuid() == 0:  # the server builds its view before it becomes an ordinary user; root in a container may not
        kernel.unshare(kernel.CLONE_NEWNS)
        kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    _user_namespace()
    kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS)
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    place = "/tmp"  # noqa: S108  # in a mount namespace of our own
    kernel.mount("tmpfs", place, "tmpfs", kernel.MS_NOSUID, "size=64k")
    seal(place, kernel.MS_RDONLY)
    kernel.unshare(kernel.CLONE_NEWPID)
    if text := _attempt(_process_namespaces):
        raise OSError(text)


def _process_namespaces() -> None:
    """As process 1 of a namespace: one more for a child, and back."""
    kernel.unshare(kernel.CLONE_NEWPID)
    kernel.setns(os.pidfd_open(os.getpid()), kernel.CLONE_NEWPID)


def _seccomp() -> None:
    """A filter of one instruction: allow (seccomp(2))."""
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)

    class Filter(ctypes.Structure):
        _fields_ = (("code", ctypes.c_uint16), ("jt", ctypes.c_uint8), ("jf", ctypes.c_uint8), ("k", ctypes.c_uint32))

    class Program(ctypes.Structure):
        _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    instruction = Filter(0x06, 0, 0, 0x7FFF0000)
    program = Program(1, ctypes.addressof(instruction))
    kernel.install_filter(ctypes.addressof(program))


if __name__ == "__main__":
    main()

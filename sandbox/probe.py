"""Tries, each in a process of its own, what the fork server needs of the kernel, and prints what happened as JSON.

Run as a script by `sandbox.readiness`: versions promise, only trying tells.  An empty string means that it worked.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":  # started by path, without site-packages: find our own package
    sys.path.append(str(Path(__file__).resolve().parents[1]))

from sandbox import kernel, landlock
from sandbox.mounts import seal

_NOBODY = 65534


def main() -> None:
    """Print an error text or "" for each thing tried, and for "landlock" the ABI."""
    result = {
        "user_namespaces": _attempt(_user_namespace),
        "mounts": _attempt(_mounts),
        "seccomp": _attempt(_seccomp),
        "restricted_files": _attempt(_restricted_files),
        "denied_call": _attempt(_denied_call),
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


def _become_ordinary() -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 1)


def _user_namespace() -> None:
    """As the server does it: an ordinary user makes a namespace and maps itself."""
    _become_ordinary()
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
    _filter((_RETURN, 0, 0, _ALLOW))


def _restricted_files() -> None:
    """As a candidate without namespaces: one folder to write in, nothing else to be had, and no way to the parent."""
    with tempfile.TemporaryDirectory() as inside, tempfile.TemporaryDirectory() as outside:
        for folder in (inside, outside):
            os.chmod(folder, 0o777)  # noqa: S103  # ours as root, and written as an ordinary user
        Path(outside, "readable").touch(0o644)
        if text := _attempt(lambda: _write_where_allowed(inside, outside)):
            raise OSError(text)


def _write_where_allowed(inside: str, outside: str) -> None:
    _become_ordinary()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    landlock.restrict(landlock.abi(), ((inside, landlock.WRITE),))
    Path(inside, "file").write_text("allowed")
    Path(inside, "file").unlink()
    for path, mode in ((f"{outside}/new", "w"), (f"{outside}/readable", "r")):
        try:
            open(path, mode).close()
        except PermissionError:
            continue
        raise OSError(f"Landlock let {path} be opened")


def _denied_call() -> None:
    """A filter that denies one call and no other."""
    number = {"x86_64": 63, "aarch64": 160}.get(os.uname().machine, 63)  # uname
    _filter((_LOAD, 0, 0, 0), (_JUMP_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, _EPERM), (_RETURN, 0, 0, _ALLOW))
    try:
        os.uname()
    except PermissionError:
        return
    raise OSError("a denied system call went through")


_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _EPERM = 0x7FFF0000, 0x00050001


def _filter(*instructions: tuple[int, int, int, int]) -> None:
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)

    class Filter(ctypes.Structure):
        _fields_ = (("code", ctypes.c_uint16), ("jt", ctypes.c_uint8), ("jf", ctypes.c_uint8), ("k", ctypes.c_uint32))

    class Program(ctypes.Structure):
        _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    code = (Filter * len(instructions))(*(Filter(*each) for each in instructions))
    program = Program(len(instructions), ctypes.addressof(code))
    kernel.install_filter(ctypes.addressof(program))


if __name__ == "__main__":
    main()

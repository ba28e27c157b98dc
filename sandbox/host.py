"""The fork server of this machine, as the process that started it holds it."""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

from sandbox import launch, readiness
from sandbox.messages import Hello
from sandbox.model import Kind, SandboxUnavailable

_WARM_SECONDS: Final = 120.0
_END_SECONDS: Final = 5.0
_PREFIX: Final = "workshop-sandbox-"
_ABANDONED_SECONDS: Final = 60.0
_LONGEST_SOCKET_PATH: Final = 100  # sun_path holds 108 bytes
_NEEDED: Final = ("torch", "numpy", "einops", "pyseccomp")
# Nothing of our own environment: it may hold secrets, and what is set here decides the bits of a result.
_ENVIRONMENT: Final = {
    "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
    "HOME": "/tmp",  # noqa: S108  # inside the jail, a candidate's own
    "TMPDIR": "/tmp",  # noqa: S108
    "LOGNAME": "student",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


class HostServer:
    """A fork server on this machine, its private folder and the channel that ends it."""

    def __init__(self, process: subprocess.Popen[bytes], channel: socket.socket, directory: Path, lock: int) -> None:
        self.hello: Hello
        self.path: Final = directory / "control"
        self._process = process
        self._channel = channel
        self._directory = directory
        self._lock = lock

    @classmethod
    def start(
        cls,
        entry: str,
        entry_path: Path | None = None,
        *,
        kind: Kind = Kind.NAMESPACES,
        slots: tuple[str, ...] = (),
        listener: socket.socket | None = None,
    ) -> Self:
        """Start it and wait until it is warm; raises `SandboxUnavailable`.

        A `listener` that exists is served instead of one at `path`, and stays the caller's.
        """
        site = _site_folders()
        _sweep()
        directory = _private_folder()
        lock = os.open(directory / "log", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_APPEND, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            root = directory / "root"
            root.mkdir()
            plan = partial(
                launch.Plan,
                kind=kind,
                slots=slots,
                directory=str(root),
                site=site,
                entry=entry,
                entry_path=str(entry_path.resolve()) if entry_path else "",
            )
            with contextlib.ExitStack() as ours:
                serving = listener or ours.enter_context(_listen(directory / "control"))
                self = cls(*_spawn(plan, lock, serving, directory), directory, lock)
        except BaseException:
            shutil.rmtree(directory, ignore_errors=True)
            os.close(lock)
            raise
        try:
            self.hello = self._await_ready()
        except BaseException:
            self.close()
            raise
        return self

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def keeper(self) -> int:
        """The process that ends when the server does: our child."""
        return self._process.pid

    def wait(self, seconds: float) -> None:
        """Until it ends, or so long."""
        if self.alive:
            with os.fdopen(os.pidfd_open(self.keeper)) as ended:
                select.select([ended], [], [], seconds)

    def last_words(self) -> str:
        """What it left in its log."""
        return (self._directory / "log").read_text(errors="replace").strip()[-1000:]

    def close(self) -> None:
        """End it, wait until it has, remove its folder."""
        if self._lock < 0:
            return
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)  # whoever else inherited our end, this reaches the keeper
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._channel.close()
        os.close(self._lock)
        self._lock = -1
        shutil.rmtree(self._directory, ignore_errors=True)

    def _await_ready(self) -> Hello:
        readable, _, _ = select.select([self._channel], [], [], _WARM_SECONDS)
        try:
            message: dict[str, Any] = (
                json.loads(self._channel.recv(1 << 16)) if readable else {"step": "start", "error": "no answer"}
            )
        except (ValueError, OSError):
            message = {"step": "start", "error": self.last_words() or "the server ended without a word"}
        if "ready" in message:
            return Hello(**message["ready"])
        step, error = message["step"], message["error"]
        raise _unavailable(f"the sandbox could not {step}: {error}")


def _listen(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(str(path))
    listener.listen(128)
    return listener


def _spawn(
    plan_with: Callable[..., launch.Plan], log: int, listener: socket.socket, directory: Path
) -> tuple[subprocess.Popen[bytes], socket.socket]:
    # SEQPACKET keeps the end of one message from being the start of another.
    channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    starter = os.pidfd_open(os.getpid())
    try:
        plan = plan_with(channel=theirs.fileno(), listener=listener.fileno(), starter=starter)
        # -I would make Python ignore PYTHONHASHSEED; the environment is ours, so -P and -s are all of it that is left.
        command = [sys.executable, "-P", "-s", "-S", "-B", "-X", "utf8", launch.__file__, plan.to_json()]
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and file
            command,
            env=_ENVIRONMENT,
            cwd=directory,  # ours alone: what it makes while it warms up ends with it
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            pass_fds=(plan.channel, plan.listener, starter),
            start_new_session=True,  # a Ctrl-C in our terminal is ours to handle
        )
    except BaseException:
        channel.close()
        raise
    finally:
        theirs.close()
        os.close(starter)
    return process, channel


def _site_folders() -> tuple[str, ...]:
    """Where the packages that candidates may use are installed, without importing them."""
    folders = []
    for name in _NEEDED:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            raise SandboxUnavailable(f"{name} is not installed", remedy=f"{sys.executable} -m pip install {name}")
        origin = Path(spec.origin)
        folders.append(str(origin.parent.parent if spec.submodule_search_locations else origin.parent))
    return tuple(dict.fromkeys(folders))


def _private_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    if len(os.fsencode(folder)) > _LONGEST_SOCKET_PATH - len("/control"):
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir="/tmp"))  # mkdtemp makes it private
    return folder


def _sweep() -> None:
    """Remove the folders of servers whose starter was killed: nobody holds their lock any more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid != os.geteuid() or time.time() - folder.stat().st_mtime < _ABANDONED_SECONDS:
                continue
            lock = os.open(folder / "log", os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def _unavailable(message: str) -> SandboxUnavailable:
    return SandboxUnavailable(message, remedy=readiness.remedy_for(message))

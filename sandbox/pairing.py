"""Which of the sandboxes in a folder: one that nobody else has, as long as there are enough of them.

Every service of `sandbox.service` that shares a volume listens there at a name of its own, `sandbox.sock`,
`sandbox-2.sock` and so on, and whoever grades beside them holds the lock file of that name.  The kernel lets go of a
lock when its holder dies, in whatever way; a folder that can only be read is enough to hold one (flock(2)).
"""

from __future__ import annotations

import fcntl
import os
import random
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from sandbox.messages import Hello
from sandbox.model import SandboxUnavailable

MOST: Final = 64
"""Names in one folder."""
_PATIENCE_SECONDS: Final = 5.0
"""A container that was killed is there again after about a second."""
_LOOK_SECONDS: Final = 0.1


@dataclass(slots=True)
class Choice:
    """The sandbox that was chosen."""

    path: Path
    _lock: int | None = None

    @property
    def alone(self) -> bool:
        """Whether nobody else has it."""
        return self._lock is not None

    def close(self) -> None:
        """Let others have it.  Again is fine."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def choose(folder: Path, patience: float = _PATIENCE_SECONDS) -> Choice:
    """A sandbox of our own if there is one, else one to share.

    One that has just been killed is waited for, so that nobody shares for a moment's want.  Raises
    `SandboxUnavailable` when none answers.
    """
    deadline = time.monotonic() + patience
    while True:
        sockets = sorted(folder.glob("*.sock"))
        chosen, left = _own(sockets)
        late = time.monotonic() >= deadline
        if chosen is None and (late or (sockets and not left)):
            answering = [path for path in sockets if answers(path)]
            chosen = Choice(random.choice(answering)) if answering else None  # noqa: S311  # nothing secret
        if chosen is not None:
            return chosen
        if late:
            raise SandboxUnavailable(f"no sandbox answers in {folder}", remedy="docker compose up --detach sandbox")
        time.sleep(_LOOK_SECONDS)


def _own(sockets: list[Path]) -> tuple[Choice | None, bool]:
    """A sandbox of our own, or None; and whether there is one that nobody has and that does not answer."""
    left = False
    for path in sockets:
        lock = _try_lock(lock_of(path))
        if lock is None:
            continue
        if answers(path):
            return Choice(path, lock), left
        os.close(lock)  # one at a time: others look at the same moment
        left = True
    return None, left


def names(folder: Path) -> Iterator[Path]:
    """Where services may listen, in the order in which they try."""
    yield folder / "sandbox.sock"
    for number in range(2, MOST + 1):
        yield folder / f"sandbox-{number}.sock"


def lock_of(path: Path) -> Path:
    """The file whose lock says that somebody has the sandbox at `path`."""
    return path.with_suffix(".lock")


def answers(path: Path) -> bool:
    """Whether somebody listens at `path`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as there:
        return there.connect_ex(str(path)) == 0


def any_answers(path: Path) -> bool:
    """Whether somebody listens at `path`, or somewhere in it where that is a folder."""
    return any(answers(each) for each in (path.glob("*.sock") if path.is_dir() else (path,)))


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """The folder for us alone: who looks for a name to listen at must not meet another who does."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _try_lock(path: Path) -> int | None:
    """A descriptor that holds the lock of `path`; None when somebody else does or there is no such file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def require_our_torch(hello: Hello, path: Path) -> None:
    """Examiner and candidate compare numbers to the last bit: a server of another release would cost marks."""
    try:
        ours = version("torch").partition("+")[0]
    except PackageNotFoundError:
        return  # nobody here computes anything
    theirs = hello.torch.partition("+")[0]
    if ours != theirs:
        text = f"the sandbox at {path} has torch {theirs}, and this grader {ours}"
        raise SandboxUnavailable(text, remedy="docker compose up --build --detach sandbox")

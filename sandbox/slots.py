"""Where candidates write when none can mount a file system of its own: small ones made beforehand, one for each.

A slot is given to one candidate, emptied when that has ended, and given to the next.  What lies in it was put there by
hostile code: names of any bytes, folders of any depth and without any permission.
"""

from __future__ import annotations

import os
import stat
import sys
from collections import deque
from collections.abc import Sequence
from typing import Final

_ROUNDS: Final = 16
"""How often a slot is looked through: the second time finds it empty unless somebody still writes there."""


class Slots:
    """The free slots.  One that cannot be emptied is never given to anybody again."""

    def __init__(self, paths: Sequence[str]) -> None:
        """Empty them all; raises RuntimeError when none is left."""
        self._free: deque[str] = deque()
        self._left = len(paths)
        for path in paths:
            self.give_back(path)
        self.bytes: Final = min(_size(path) for path in self._free)
        """What every one of them can hold."""

    def __len__(self) -> int:
        """How many candidates there can be at once."""
        return self._left

    def take(self) -> str | None:
        """An empty one, if one is free."""
        return self._free.popleft() if self._free else None

    def give_back(self, path: str) -> None:
        """Empty it for the next; raises RuntimeError when it was the last and stays full."""
        try:
            empty(path)
        except OSError as error:
            print(
                f"sandbox: {path} is used no longer, since it cannot be emptied: {error}", file=sys.stderr, flush=True
            )
            self._left -= 1
        else:
            self._free.append(path)
        if not self._left:
            raise RuntimeError("no slot is left that a candidate could write in")


def _size(path: str) -> int:
    found = os.statvfs(path)
    return found.f_blocks * found.f_frsize


def empty(path: str) -> None:
    """Remove everything in the folder `path`; raises OSError when something stays.

    Nothing is followed, and nothing is as deep as it was made: every folder is moved to the top before it is opened,
    so neither a path nor a stack grows with what a candidate built.
    """
    top = os.open(os.fsencode(path), os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        number = 0
        for _ in range(_ROUNDS):
            if not (names := _names(top)):
                return
            waiting = deque(names)
            while waiting:
                name = waiting.popleft()
                if not stat.S_ISDIR(os.lstat(name, dir_fd=top).st_mode):
                    os.unlink(name, dir_fd=top)
                    continue
                folder = _open_folder(name, top)
                try:
                    for inner in _names(folder):
                        if stat.S_ISDIR(os.lstat(inner, dir_fd=folder).st_mode):
                            os.chmod(inner, 0o700, dir_fd=folder)  # it is written when its parent changes
                            number += 1
                            moved = b".emptied-%d-%s" % (number, os.urandom(8).hex().encode())
                            os.rename(inner, moved, src_dir_fd=folder, dst_dir_fd=top)
                            waiting.append(moved)
                        else:
                            os.unlink(inner, dir_fd=folder)
                finally:
                    os.close(folder)
                os.rmdir(name, dir_fd=top)
        raise OSError("something still writes there")
    finally:
        os.close(top)


def _open_folder(name: bytes, parent: int) -> int:
    os.chmod(name, 0o700, dir_fd=parent)  # a folder, and nobody is there to make it a link
    return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)


def _names(folder: int) -> list[bytes]:
    """The names in it, as bytes: they need not be text."""
    return [os.fsencode(name) for name in os.listdir(folder)]

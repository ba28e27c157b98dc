"""Finding processes of an installation by what their command lines say, to kill them."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.services.daemons import family


def words_of(pid: int) -> str:
    """The command line."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def below(pid: int, *, saying: str) -> list[int]:
    """The processes below one whose command line holds `saying`."""
    return [each for each in family(pid) if each != pid and saying in words_of(each)]


def kill(pid: int) -> bool:
    """SIGKILL; whether there was anybody."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True

"""Where a fork server lives, and who says so: `WORKSHOP_SANDBOX`, for everything that grades."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox.model import SandboxUnavailable

VARIABLE: Final = "WORKSHOP_SANDBOX"
_UNIX: Final = "unix:"


@dataclass(frozen=True, slots=True)
class Host:
    """On this machine, started by us and ended with us."""


@dataclass(frozen=True, slots=True)
class Socket:
    """Somewhere else already, a container beside us for example; reached over its Unix socket."""

    path: Path
    """That socket, or a folder with those of several, of which everybody chooses one (`sandbox.pairing`)."""


Placement = Host | Socket


def parse(text: str) -> Placement:
    """What `host` or `unix:/a/path` says; raises ValueError for anything else."""
    if text == "host":
        return Host()
    path = Path(text.removeprefix(_UNIX))
    if text.startswith(_UNIX) and path.is_absolute():
        return Socket(path)
    raise ValueError(f"{text!r} is neither host nor unix: and an absolute path")


def configured(environment: Mapping[str, str] = os.environ) -> Placement:
    """The placement that was chosen, this machine when none was.  Raises `SandboxUnavailable` for nonsense."""
    text = environment.get(VARIABLE) or "host"
    try:
        return parse(text)
    except ValueError as error:
        remedy = f"unset {VARIABLE}, or set it to unix:/run/workshop/sandbox.sock"
        raise SandboxUnavailable(f"{VARIABLE} is no placement: {error}", remedy=remedy) from None

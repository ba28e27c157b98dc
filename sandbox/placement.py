"""Where a fork server lives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Host:
    """On this machine, started by us and ended with us."""


@dataclass(frozen=True, slots=True)
class Socket:
    """Somewhere else already, a container beside us for example; reached over its Unix socket."""

    path: Path


Placement = Host | Socket

"""The values that cross between whoever asks for a candidate and whoever confines it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Limit(StrEnum):
    """Which limit ended a candidate."""

    CPU = "cpu"
    WALL = "wall"
    MEMORY = "memory"


class Kind(StrEnum):
    """How candidates are kept apart.  Whoever starts a server chooses; nothing changes it to what happens to work."""

    NAMESPACES = "namespaces"
    """Mounts and process numbers of their own, then Landlock and seccomp."""
    LANDLOCK = "landlock"
    """Landlock and seccomp alone, where a container allows no namespaces; each writes in a slot of its own."""


@dataclass(frozen=True, slots=True)
class JobLimits:
    """What one candidate may use.

    `memory_bytes` is on top of what the warm process maps at the fork; `wall_seconds` defaults to three times the
    processor seconds plus two, so that a busy machine never fails anyone.
    """

    cpu_seconds: float = 10.0
    memory_bytes: int = 512 * 2**20
    file_bytes: int = 16 * 2**20
    tmp_bytes: int = 32 * 2**20
    tmp_inodes: int = 1024
    wall_seconds: float | None = None

    @property
    def wall(self) -> float:
        """The wall limit in seconds."""
        return self.wall_seconds if self.wall_seconds is not None else 3 * self.cpu_seconds + 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a candidate ended, as its supervisor saw it from outside."""

    limit: Limit | None
    exit_code: int | None
    """Exit status, or None when a signal ended it."""
    signal: int | None
    cpu_seconds: float
    wall_seconds: float
    peak_memory: int
    """Bytes of resident memory at the peak."""
    resident_at_fork: int = 0
    """How many of them the warm process held already: torch, not the submission."""


class SandboxUnavailable(Exception):
    """No confinement can be had here.  `remedy` is the one command that mends it; grading refuses meanwhile."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class JobRefused(Exception):
    """The server could not confine this candidate (a jail step failed); nothing of the submission has run."""

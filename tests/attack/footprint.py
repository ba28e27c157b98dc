"""What a grader leaves on the machine: processes, descriptors, files, mounts, shared memory.  Linux only."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.services.daemons import account

_SHARED_PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/run")
_STILL_SECONDS = 0.5
_NAME_OF_OURS = "attention-attack"
_NOT_LEFT = "attention-attack-database"
"""What the tests of hostile banks put there while they run, perhaps beside these."""
_DATABASE_USER = account("postgres").uid if os.geteuid() == 0 else -1


@dataclass(frozen=True, slots=True)
class Footprint:
    """Counts and names at one moment, for this process and everything below it."""

    processes: int
    descriptors: int
    mounts: int
    files: frozenset[str]
    kernel_objects: int
    """System V segments, queues and semaphores of the whole machine, but for those of a database server beside us."""

    def excess(self, before: Footprint) -> str:
        """What there is more of than `before`, in words; empty when nothing."""
        found = [
            f"{name}: {getattr(self, name)}, was {getattr(before, name)}"
            for name in ("processes", "descriptors", "mounts", "kernel_objects")
            if getattr(self, name) > getattr(before, name)
        ]
        if new := self.files - before.files:
            found.append(f"files: {', '.join(sorted(new)[:10])}")
        return "; ".join(found)


def descendants(root: int) -> tuple[int, ...]:
    """Every process below `root`, zombies included, found by parent numbers."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                after_name = Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()
            except (OSError, IndexError):
                continue
            children.setdefault(int(after_name[1]), []).append(int(entry))
    found: list[int] = []
    waiting = [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return tuple(found)


def measure(folder: Path) -> Footprint:
    """The footprint of this process; `folder` is its TMPDIR."""
    processes = (os.getpid(), *descendants(os.getpid()))
    return Footprint(
        processes=len(processes),
        descriptors=sum(_count(f"/proc/{pid}/fd") for pid in processes),
        mounts=_mounts(processes[0]),
        files=frozenset(_entries(folder)) | frozenset(_attack_files(_SHARED_PLACES)),
        kernel_objects=sum(_owned_by_others(f"/proc/sysvipc/{kind}") for kind in ("shm", "sem", "msg")),
    )


def at_rest(folder: Path, seconds: float = 10.0) -> Footprint:
    """The footprint once it has stood still for a moment: after a verdict an examiner has the next candidate made."""
    end = time.monotonic() + seconds
    last, since = measure(folder), time.monotonic()
    while time.monotonic() < min(end, since + _STILL_SECONDS):
        time.sleep(0.02)
        now = measure(folder)
        if now != last:
            last, since = now, time.monotonic()
    return last


def settle(folder: Path, before: Footprint, seconds: float = 3.0) -> str:
    """What is left beyond `before` once everybody had `seconds` to go; empty when nothing."""
    end = time.monotonic() + seconds
    while True:
        excess = measure(folder).excess(before)
        if not excess or time.monotonic() > end:
            return excess
        time.sleep(0.02)


def weight(pid: int) -> int:
    """Bytes of memory that a process holds: its own share where that may be read, else what is resident.

    Pages of files are left out: how large a share of torch's libraries it has depends on who else has loaded them.
    """
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:")))
    except OSError:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _mounts(pid: int) -> int:
    """Mounts, but for those of containers and of who makes an image: other tests begin and end them meanwhile."""
    try:
        lines = Path(f"/proc/{pid}/mountinfo").read_text().splitlines()
    except OSError:
        return 0
    return sum("/docker/" not in line and "mmdebstrap" not in line for line in lines)


def _count(folder: str) -> int:
    try:
        return len(os.listdir(folder))
    except OSError:  # gone meanwhile, or another user's
        return 0


def _owned_by_others(path: str) -> int:
    """How many are not those of a test's PostgreSQL, which has one segment while it runs, and after a kill."""
    try:
        head, *lines = Path(path).read_text().splitlines()
    except (OSError, ValueError):
        return 0
    place = head.split().index("cuid")
    return sum(int(line.split()[place]) != _DATABASE_USER for line in lines)


def _entries(folder: Path) -> Iterable[str]:
    for path in folder.rglob("*"):
        yield str(path)


def _attack_files(places: Iterable[str]) -> Iterable[str]:
    for place in places:
        try:
            names = os.listdir(place)
        except OSError:
            continue
        yield from (f"{place}/{name}" for name in names if _NAME_OF_OURS in name and _NOT_LEFT not in name)

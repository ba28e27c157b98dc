"""Process 1 of the `sandbox` container: keeps one fork server alive behind a socket that outlives it.

    python -m sandbox.service            serve until SIGTERM
    python -m sandbox.service --check    is it well?  What Docker's health check asks

Several may share a volume: each listens at a name of its own there (`sandbox.pairing`).

The jail is the one that `WORKSHOP_JAIL` names.  Where it cannot be had the service says why and ends with status 1:
there is no weaker one to fall back to.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import stat
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from sandbox import pairing, readiness
from sandbox.client import DEFAULT_ENTRY, Connection
from sandbox.host import HostServer
from sandbox.model import Kind, SandboxUnavailable

FOLDER: Final = Path("/run/workshop")
OWN: Final = Path("/run/service/listening")
"""Where the service notes which socket in the folder is its own, for `--check`."""
SLOTS: Final = Path("/slots")
JAIL: Final = "WORKSHOP_JAIL"

_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_STEADY_SECONDS: Final = 60.0
"""A server that lived so long did not fail because of how it starts."""
_LOOK_SECONDS: Final = 2.0
_ORPHAN_SECONDS: Final = 5.0


class Stopped(BaseException):
    """Somebody asked the service to end."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the container was told."""

    kind: Kind
    socket: Path | None
    """Where to listen; None for the first name in the folder at which nobody does."""
    slots: tuple[str, ...]


def main(arguments: list[str] | None = None) -> int:
    """Serve, or check; gives the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.service", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="ask the running service instead of being one")
    parser.add_argument("--socket", type=Path, help=f"where to listen (default: a free name in {FOLDER})")
    parser.add_argument("--slots", type=Path, default=SLOTS, help=f"folder of the slots (default {SLOTS})")
    given = parser.parse_args(arguments)
    try:
        if given.check:
            with Connection(given.socket or _noted()) as connection:
                print(f"torch {connection.hello.torch}, {connection.hello.cpu_capability}")
            return 0
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)  # as process 1 it would not hear them otherwise
        _serve(settings(os.environ, given.socket, given.slots))
    except SandboxUnavailable as error:
        _say(str(error))
        if error.remedy:
            _say(f"mend it with: {error.remedy}")
        return 1
    except Stopped:
        return 0


def settings(environment: Mapping[str, str], path: Path | None, slots: Path) -> Settings:
    """What to be, from the environment; raises `SandboxUnavailable` for what makes no sense."""
    named = environment.get(JAIL) or Kind.NAMESPACES
    try:
        kind = Kind(named)
    except ValueError:
        kinds = " or ".join(Kind)
        raise SandboxUnavailable(f"{JAIL} is {named!r}", remedy=f"set {JAIL} to {kinds}") from None
    if kind is Kind.NAMESPACES:
        return Settings(kind, path, ())
    # A folder that is no file system of its own would be as large as the one it lies in.
    found = tuple(sorted(str(slot) for slot in slots.iterdir() if slot.is_mount())) if slots.is_dir() else ()
    if not found:
        raise SandboxUnavailable(
            f"{JAIL} is {kind}, and no file system is mounted in {slots} that a candidate could write in",
            remedy="start it as docker-compose.yml does: docker compose up --detach sandbox",
        )
    if os.geteuid() == 0:
        raise SandboxUnavailable(
            f"{JAIL} is {kind}, which holds an ordinary user only, and this is root",
            remedy="start it as docker-compose.yml does, as uid 10001",
        )
    return Settings(kind, path, found)


def _serve(chosen: Settings) -> NoReturn:
    if chosen.socket is None:
        path, listener = _listen_in(FOLDER)
        OWN.write_text(str(path), encoding="utf-8")
    else:
        path, listener = chosen.socket, _listen(chosen.socket)
    pause = _FIRST_PAUSE
    server: HostServer | None = None
    started_once = False
    try:
        while True:
            began = time.monotonic()
            try:
                server = HostServer.start(DEFAULT_ENTRY, kind=chosen.kind, slots=chosen.slots, listener=listener)
            except SandboxUnavailable as error:
                if not started_once:
                    error.remedy = readiness.container_remedy(chosen.kind, readiness.collect_facts())
                    raise
                _say(f"the fork server did not start again: {error}")
            else:
                started_once = True
                told = f"{len(chosen.slots)} slots, " if chosen.slots else ""
                took = time.monotonic() - began
                _say(f"ready after {took:.1f} s: {chosen.kind}, {told}torch {server.hello.torch} at {path}")
                began = time.monotonic()
                _wait_for_end(server)
                _say(f"the fork server ended: {server.last_words() or 'without a word, so it was killed'}")
                server.close()
            pause = _FIRST_PAUSE if time.monotonic() - began >= _STEADY_SECONDS else min(2 * pause, _LONGEST_PAUSE)
            _await_orphans()
            _say(f"starting it again in {pause / 2:g} s")
            time.sleep(pause / 2)
    finally:
        if server is not None:
            server.close()
        listener.close()
        path.unlink(missing_ok=True)


def _wait_for_end(server: HostServer) -> None:
    """Until it ends, burying whoever was left to process 1 meanwhile."""
    while server.alive:
        _bury_orphans(but=server.keeper)
        server.wait(_LOOK_SECONDS)


def _bury_orphans(*, but: int) -> bool:
    """Collect every child that ended, except the one whose end `subprocess` collects; False when none is left."""
    while True:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return False
        if ended is None or ended.si_pid == but:
            return True
        os.waitpid(ended.si_pid, 0)


def _await_orphans() -> None:
    """Until nobody of the last server is left, who could still write in a slot.

    Candidates die with their server; in a container of our own whoever did not is helped along.
    """
    began = time.monotonic()
    while _bury_orphans(but=-1):
        waited = time.monotonic() - began
        if waited > 2 * _ORPHAN_SECONDS:
            return
        if waited > _ORPHAN_SECONDS and os.getpid() == 1:
            with suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)  # as process 1: everybody in this container but us
        time.sleep(0.02)


def _noted() -> Path:
    """The socket of the service in this container."""
    try:
        return Path(OWN.read_text(encoding="utf-8"))
    except OSError as error:
        raise SandboxUnavailable(f"no service listens yet: {error.strerror}: {OWN}") from error


def _listen_in(folder: Path) -> tuple[Path, socket.socket]:
    """The first name in `folder` at which nobody listens, and our socket there."""
    try:
        with pairing.held(folder):
            path = next((name for name in pairing.names(folder) if not pairing.answers(name)), None)
            if path is None:
                raise SandboxUnavailable(f"{pairing.MOST} sandboxes listen in {folder}; others need another volume")
            listener = _listen(path)
            lock = os.open(pairing.lock_of(path), os.O_CREAT | os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW, 0o444)
            os.close(lock)
            return path, listener
    except OSError as error:
        raise _cannot_listen(folder / "sandbox.sock", error) from error


def _cannot_listen(path: Path, error: OSError) -> SandboxUnavailable:
    return SandboxUnavailable(
        f"cannot listen at {path}: {error.strerror}",
        remedy=f"chown {os.geteuid()} the folder that is mounted at {path.parent}",
    )


def _listen(path: Path) -> socket.socket:
    """Bound once, for all servers to come: who connects while there is none waits for the next."""
    if path.exists():
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise SandboxUnavailable(f"{path} is no socket", remedy=f"rm {path}")
        if pairing.answers(path):
            raise SandboxUnavailable(f"another sandbox listens at {path}; name another socket")
        path.unlink()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        listener.bind(str(path))
        # Who may ask is decided by who sees the volume; the worker beside us is another user.
        path.chmod(0o666)
        listener.listen(128)
    except OSError as error:
        raise _cannot_listen(path, error) from error
    return listener


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _say(text: str) -> None:
    print(f"sandbox: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

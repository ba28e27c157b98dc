"""One fork server for the tests of this folder, whose candidates run whatever Python they are sent."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.client import Candidate, Connection, Sandbox
from sandbox.model import JobLimits, Outcome
from sandbox.mounts import home_for

ENTRIES = Path(__file__).with_name("entries")

Ran = tuple[str, Outcome]
Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def server() -> Iterator[Sandbox]:
    with Sandbox.start(entry="obedient:serve", entry_path=ENTRIES) as sandbox:
        yield sandbox


@pytest.fixture
def connection(server: Sandbox) -> Iterator[Connection]:
    with server.connect() as connection:
        yield connection


@pytest.fixture
def tell() -> Callable[[Candidate, str], str]:
    """Send source to a candidate and read its answer, "" when it ended instead.

    A candidate's own folder is written /tmp in the sources; where the checkout lies below /tmp it is another one.
    """
    home = home_for((sys.prefix, sys.base_prefix))

    def tell(candidate: Candidate, source: str) -> str:
        source = source.replace("'/tmp", f"'{home}").replace("b'/tmp'", f"b'{home}'")
        candidate.socket.settimeout(30)
        try:
            candidate.socket.sendall(source.encode())
            answer = b""
            while not answer.endswith(b"\n"):
                part = candidate.socket.recv(1 << 16)
                if not part:
                    break
                answer += part
        except ConnectionError:
            return ""
        return answer.decode().strip()

    return tell


@pytest.fixture
def run(connection: Connection, tell: Callable[[Candidate, str], str]) -> Run:
    """Run source in a fresh candidate: what it answered and how it ended."""

    def run(source: str, **limits: float) -> Ran:
        with connection.open(JobLimits(**limits)) as candidate:  # type: ignore[arg-type]
            answer = tell(candidate, source)
            try:
                candidate.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            outcome = candidate.wait(30)
        assert outcome is not None, "it does not end"
        return answer, outcome

    return run

"""Trying a placement as grading would use it: what it needs is judged by what happens, never by a version.

Every trial ends in findings, in the order in which a step needs the one before.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

from sandbox import pairing
from sandbox.client import Connection, Sandbox
from sandbox.model import JobLimits, JobRefused, SandboxUnavailable
from sandbox.placement import Socket
from sandbox.readiness import Finding, Readiness, collect_facts, decide

_UP = "docker compose up --detach sandbox"
_SECONDS = 20.0


def host() -> Readiness:
    """This machine: its facts, and where none speaks against it, a server whose first candidate goes through all."""
    readiness = decide(collect_facts())
    if not readiness.ok:
        return readiness
    try:
        Sandbox.start().close()
    except SandboxUnavailable as missing:
        remedy = "" if missing.remedy == "workshop doctor" else missing.remedy
        return Readiness((*readiness.findings, Finding("trial", False, str(missing), remedy)))
    found = Finding("trial", True, "a first candidate was confined and did its sums")
    return Readiness((*readiness.findings, found))


def container(path: Path) -> Readiness:
    """A server that listens somewhere: connected to, asked who it is, given a candidate to confine."""
    return Readiness(tuple(_container(path)))


def _container(path: Path) -> Iterator[Finding]:
    try:
        if path.is_dir():
            choice = pairing.choose(path, patience=0)
            path = choice.path
            choice.close()
        with Connection(path) as connection:
            yield Finding("socket", True, f"{path} answers")
            hello = connection.hello
            try:
                Sandbox.start(Socket(path)).close()
            except SandboxUnavailable as error:
                yield Finding("hello", False, str(error), error.remedy)
                return
            yield Finding("hello", True, f"torch {hello.torch}, {hello.cpu_capability}")
            yield _candidate(connection)
    except SandboxUnavailable as error:
        yield Finding("socket", False, str(error), error.remedy or _UP)


def _candidate(connection: Connection) -> Finding:
    try:
        with connection.open(JobLimits(cpu_seconds=5.0)) as candidate:
            candidate.socket.shutdown(socket.SHUT_RDWR)  # nothing to judge: it ends by itself
            outcome = candidate.wait(_SECONDS)
    except (JobRefused, SandboxUnavailable) as error:
        return Finding("candidate", False, str(error), "docker compose logs sandbox")
    if outcome is None or outcome.exit_code != 0:
        return Finding("candidate", False, f"it ended otherwise than asked: {outcome}", "docker compose logs sandbox")
    text = f"one was confined, and ended after {1000 * outcome.wall_seconds:.0f} ms"
    return Finding("candidate", True, text)

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
MEASURING_NEEDS = "grep PROC_PAGE_MONITOR /boot/config-$(uname -r)"
"""The kernel's own option behind /proc/PID/clear_refs; nearly every distribution sets it."""


def host() -> Readiness:
    """This machine: its facts, and where none speaks against it, a server whose first candidate goes through all."""
    readiness = decide(collect_facts())
    if not readiness.ok:
        return readiness
    try:
        with Sandbox.start() as sandbox, sandbox.connect() as connection:
            measured = _measuring(connection)
    except SandboxUnavailable as missing:
        remedy = "" if missing.remedy == "workshop doctor" else missing.remedy
        return Readiness((*readiness.findings, Finding("trial", False, str(missing), remedy)))
    found = Finding("trial", True, "a first candidate was confined and did its sums")
    return Readiness((*readiness.findings, found, measured))


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
            yield _measuring(connection)
    except SandboxUnavailable as error:
        yield Finding("socket", False, str(error), error.remedy or _UP)


def _measuring(connection: Connection) -> Finding:
    """Whether tests can measure the memory of calls: only the items that ask for it need it."""
    measured = None
    why = "the candidate was not measured"
    try:
        with connection.open(JobLimits(cpu_seconds=5.0)) as candidate:
            measured = candidate.measure()
    except (JobRefused, SandboxUnavailable) as error:
        why = str(error)
    if measured is None or measured.unmeasured:
        text = f"items that measure memory cannot be graded: {measured.unmeasured if measured else why}"
        return Finding("measuring", False, text, MEASURING_NEEDS, needed=False)
    return Finding("measuring", True, f"a candidate at rest holds {measured.resident >> 20} MB", needed=False)


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

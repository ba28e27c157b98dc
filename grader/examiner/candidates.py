"""Candidates as an examiner opens them, speaks to them, and learns how they ended."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from grader.examiner.link import Limits, Link
from grader.examiner.meter import Meter
from grader.examiner.plan import Plan
from grader.examiner.proxies import stand_in
from grader.examiner.recalling import Memory, Recalling
from grader.examiner.spec import SuiteSpec
from grader.scoring import Ending
from grader.verdict import Output
from sandbox.client import Candidate, Connection
from sandbox.frames import Channel
from sandbox.model import JobLimits, Limit, Outcome, SandboxUnavailable

GRACE_SECONDS = 3.0
MEASURED_TMP = 2**20
"""Bytes of files that a submission may keep where its memory is measured: what lies in files is not seen there."""
SHORTEST_TOLD = 0.5
"""Processor seconds below which nobody is told where the time ran out: a first try is followed by a whole one."""


class SandboxLost(Exception):
    """The fork server ended while a submission was running."""


@contextmanager
def opened(connection: Connection, limits: JobLimits) -> Iterator[Candidate]:
    """A candidate with these limits, ended in the end.  Raises `SandboxLost` when nobody can tell how it ended."""
    candidate = connection.open(limits)
    try:
        yield candidate
    except SandboxUnavailable as error:
        raise SandboxLost(str(error)) from error
    finally:
        candidate.close()


def limits_of(spec: SuiteSpec, cpu_seconds: float | None = None) -> JobLimits:
    """What a candidate of this suite may use; of the processor perhaps less."""
    limits = JobLimits(
        cpu_seconds=spec.cpu_seconds if cpu_seconds is None else cpu_seconds,
        memory_bytes=spec.memory_mb * 2**20,
        file_bytes=spec.file_mb * 2**20,
    )
    return replace(limits, tmp_bytes=MEASURED_TMP) if spec.measures else limits


def told_of(limits: JobLimits) -> Limits | None:
    """The limits as a candidate is told them, so that it can say where it was; nothing where they are too short."""
    return (limits.cpu_seconds, limits.wall) if limits.cpu_seconds >= SHORTEST_TOLD else None


def link_to(
    candidate: Candidate,
    limits: JobLimits,
    seed: int,
    *,
    plan: Plan | None = None,
    recording: bool = False,
    memory: Memory | None = None,
    measures: bool = False,
) -> Link:
    """The conversation with a candidate, under one deadline."""
    channel = Channel(candidate.socket, time.monotonic() + limits.wall + GRACE_SECONDS)
    recalling = Recalling(channel, memory) if memory is not None else None
    meter = Meter(candidate.measure) if measures else None
    return Link(channel, seed, stand_in=stand_in, plan=plan, recording=recording, recalling=recalling, meter=meter)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a candidate ended."""

    ending: Ending
    outcome: Outcome | None
    how: str = ""
    """Of a crash: what is known of it."""


def end(link: Link, candidate: Candidate) -> Ended:
    """End the candidate and learn how it went; the supervisor saw it from outside."""
    candidate.socket.close()
    if link.lost is None or link.out_of_memory:
        candidate.kill()
    outcome = candidate.wait(GRACE_SECONDS if link.lost is None else 0.5)
    if outcome is None:
        candidate.kill()
        outcome = candidate.wait(GRACE_SECONDS)
    if link.lost is None:
        return Ended(Ending.NORMAL, outcome)
    if link.out_of_memory or (outcome is not None and outcome.limit is Limit.MEMORY):
        return Ended(Ending.MEMORY, outcome)
    if outcome is not None and outcome.limit in (Limit.CPU, Limit.WALL):
        return Ended(Ending.TIMEOUT, outcome)
    return Ended(Ending.CRASHED, outcome, _how(outcome, link.lost))


def _how(outcome: Outcome | None, lost: str) -> str:
    if outcome is not None and outcome.signal is not None and lost.startswith("the peer"):
        return f"signal {outcome.signal}"
    if outcome is not None and outcome.exit_code is not None and lost.startswith("the peer"):
        return f"exit status {outcome.exit_code}"
    return lost


def lines_at_the_end(link: Link, source: str) -> tuple[int, ...]:
    """Where the submission says it was when its time ran out: lines that its source has, and none of hidden tests."""
    if not link.capturing:
        return ()
    last = source.count("\n") + 1
    return tuple(line for line in link.at if line <= last)


def output_of(link: Link) -> Output:
    """What was printed while capture was open."""
    printed = link.printed
    return Output(printed.text("stdout"), printed.text("stderr"), printed.dropped["stdout"], printed.dropped["stderr"])

"""From one submission to one verdict: candidate, suite, ending, diagnosis.  Runs in the examiner's process."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import grader
from grader import words
from grader.examiner.diagnosis import Diagnoser, Prepared
from grader.examiner.link import Link
from grader.examiner.plan import Plan
from grader.examiner.proxies import Proxy, SubmissionProxy, stand_in
from grader.examiner.remote_errors import CandidateLost, RemoteError
from grader.examiner.session import SuiteOverrun, SuiteSession, nearest_names, processor_limit
from grader.examiner.spec import Assignment, Scope
from grader.scoring import Ending, score_of, status_of
from grader.verdict import (
    Diagnosis,
    Output,
    Raised,
    Resources,
    Status,
    TestResult,
    TestStatus,
    Verdict,
    Words,
)
from sandbox.client import Candidate, Connection
from sandbox.frames import Channel
from sandbox.model import JobLimits, Limit, Outcome, SandboxUnavailable

log = logging.getLogger(__name__)

GRACE_SECONDS = 3.0
ROUND_SECONDS, ROUND_MEMORY = 2, 16 * 2**20
HIDDEN_SECONDS, HIDDEN_MEMORY = 0.1, 256 * 2**20
"""The least that is shown once hidden tests have run; more is this, doubled as often as it takes."""


class SandboxLost(Exception):
    """The fork server ended while a submission was running."""


def judge(session: SuiteSession, connection: Connection, assignment: Assignment) -> Verdict:
    """The verdict of one submission.

    Raises `BankFault` when the suite misbehaves, `SandboxLost` when the sandbox ended meanwhile, and
    `sandbox.model.JobRefused` or `SandboxUnavailable` when no candidate can be had.
    """
    prepared = session.prepared.get(assignment.seed)
    if prepared is None:
        try:
            plan = _plan(session, connection, assignment.seed)
        except SandboxLost as error:  # nothing of the submission has run
            raise SandboxUnavailable(str(error)) from error
        prepared = session.prepared[assignment.seed] = Prepared(plan, Diagnoser(session.spec, plan))
        while len(session.prepared) > grader.SEEDS:
            session.prepared.popitem(last=False)
    session.prepared.move_to_end(assignment.seed)
    with _candidate(session, connection) as candidate:
        link = _link(session, candidate, assignment.seed, plan=prepared.plan)
        return _Judging(session, link, candidate, assignment, prepared.diagnoser).verdict()


def _plan(session: SuiteSession, connection: Connection, seed: int) -> Plan:
    """What the suite asks of the reference, confined like any submission; an empty plan when it does not pass."""
    with _candidate(session, connection) as candidate:
        link = _link(session, candidate, seed, recording=True)
        try:
            names = link.load(session.spec.reference.text, {})
        except (RemoteError, CandidateLost):
            return Plan()
        assert link.leaning is not None, "a plan is recorded"
        with link.leaning:
            results = session.run(link, SubmissionProxy(link, names), seed, Scope.ALL)
        if link.lost is not None:
            candidate.wait(GRACE_SECONDS)  # raises where it was the sandbox that ended
        passed = link.lost is None and all(result.status is TestStatus.PASSED for result in results)
        return Plan.of(link.trace, _handles(names)) if passed else Plan()


def _handles(names: dict[str, Any]) -> dict[str, int]:
    return {name: proxy.handle_of() for name, proxy in names.items() if isinstance(proxy, Proxy)}


def prepare_next(session: SuiteSession, connection: Connection) -> None:
    """Have the next submission's candidate confined while nobody waits for it."""
    with suppress(SandboxUnavailable):  # the next submission will tell
        connection.prepare(_limits(session))


def work_ahead(session: SuiteSession) -> bool:
    """Do a little of what a wrong answer will need; whether there was anything to do.  For when nobody waits."""
    for prepared in session.prepared.values():
        try:
            with processor_limit(session.spec.suite_seconds):
                worked = prepared.diagnoser.work_ahead()
        except (Exception, SuiteOverrun):  # a wrong answer will run into it as well, and then it is reported
            log.warning("working ahead for %s failed", session.spec.item, exc_info=True)
            return False
        if worked:
            return True
    return False


@contextmanager
def _candidate(session: SuiteSession, connection: Connection) -> Iterator[Candidate]:
    candidate = connection.open(_limits(session))
    try:
        yield candidate
    except SandboxUnavailable as error:
        raise SandboxLost(str(error)) from error
    finally:
        candidate.close()


def _limits(session: SuiteSession) -> JobLimits:
    spec = session.spec
    return JobLimits(cpu_seconds=spec.cpu_seconds, memory_bytes=spec.memory_mb * 2**20, file_bytes=spec.file_mb * 2**20)


def _link(
    session: SuiteSession, candidate: Candidate, seed: int, *, plan: Plan | None = None, recording: bool = False
) -> Link:
    deadline = time.monotonic() + _limits(session).wall + GRACE_SECONDS
    channel = Channel(candidate.socket, deadline)
    return Link(channel, seed, stand_in=stand_in, plan=plan, recording=recording)


class _Judging:
    """The course of one judgement."""

    def __init__(
        self, session: SuiteSession, link: Link, candidate: Candidate, assignment: Assignment, diagnoser: Diagnoser
    ) -> None:
        self._session = session
        self._diagnoser = diagnoser
        self._link = link
        self._candidate = candidate
        self._assignment = assignment

    def verdict(self) -> Verdict:
        try:
            names = self._link.load(self._assignment.source, dict(self._assignment.modules))
        except RemoteError as error:
            if not error.out_of_memory:
                self._end()
                return self._failed_to_load(words.not_loaded(error.raised), error.raised)
            names = {}
        except CandidateLost:
            names = {}
        if self._link.lost is None:
            missing = tuple(name for name in self._session.required if name not in names and not self._has(name))
            if missing:
                self._end()
                return self._failed_to_load(words.missing_names(missing, nearest_names(missing, tuple(names))), None)
        results = self._session.run(
            self._link, SubmissionProxy(self._link, names), self._assignment.seed, self._assignment.scope
        )
        return self._judged(results, _handles(names))

    def _has(self, name: str) -> bool:
        """Whether the submission has `name` at all (a partial, a lambda object, a star import)."""
        try:
            getattr(SubmissionProxy(self._link, {}), name)
        except (RemoteError, CandidateLost):
            return False
        return True

    def _judged(self, results: Sequence[TestResult], handles: dict[str, int]) -> Verdict:
        ending, explanation, outcome = self._ending()
        status = status_of(results, ending)
        diagnosis: tuple[Diagnosis, ...] = ()
        if status is not Status.PASSED and self._session.spec.misconceptions:
            diagnosis = self._diagnosis(results, handles)
        return self._assemble(status, tuple(results), explanation, outcome, diagnosis=diagnosis)

    def _diagnosis(self, results: Sequence[TestResult], handles: dict[str, int]) -> tuple[Diagnosis, ...]:
        failing = {result.name for result in results if result.status in (TestStatus.FAILED, TestStatus.ERROR)}
        try:
            with processor_limit(self._session.spec.suite_seconds):
                matches = self._diagnoser.matches(self._link.trace, handles)
        except (Exception, SuiteOverrun):  # the trace is the submission's: what it makes of a replay is no verdict
            log.warning("no diagnosis of %s", self._session.spec.item, exc_info=True)
            return ()
        return tuple(
            Diagnosis(
                match.misconception.id,
                match.misconception.sentence,
                tuple(test for test in match.tests if test in failing),
                len(match.steps),
            )
            for match in matches
        )

    def _failed_to_load(self, explanation: Words, raised: Raised | None) -> Verdict:
        results = tuple(
            TestResult(entry.name, entry.title, TestStatus.NOT_RUN, entry.hidden, 0.0, entry.points)
            for entry in self._session.spec.entries
            if self._assignment.scope is Scope.ALL or not entry.hidden
        )
        outcome = self._candidate.wait(0)
        return self._assemble(Status.ERROR, results, explanation, outcome, raised=raised)

    def _end(self) -> Outcome | None:
        """End the candidate and learn how it went; the supervisor saw it from outside."""
        self._candidate.socket.close()
        if self._link.lost is None or self._link.out_of_memory:
            self._candidate.kill()
        outcome = self._candidate.wait(GRACE_SECONDS if self._link.lost is None else 0.5)
        if outcome is None:
            self._candidate.kill()
            outcome = self._candidate.wait(GRACE_SECONDS)
        return outcome

    def _ending(self) -> tuple[Ending, Words, Outcome | None]:
        spec = self._session.spec
        link = self._link
        outcome = self._end()
        if link.lost is None:
            return Ending.NORMAL, Words("", ""), outcome
        if link.out_of_memory or (outcome is not None and outcome.limit is Limit.MEMORY):
            return Ending.MEMORY, words.out_of_memory(spec.memory_mb), outcome
        if outcome is not None and outcome.limit in (Limit.CPU, Limit.WALL):
            return Ending.TIMEOUT, words.timed_out(spec.cpu_seconds), outcome
        if not link.capturing:  # how it ended could spell a hidden test's inputs
            return Ending.CRASHED, words.crashed_hidden(), outcome
        return Ending.CRASHED, words.crashed(_how(outcome, link.lost)), outcome

    def _assemble(
        self,
        status: Status,
        results: tuple[TestResult, ...],
        explanation: Words,
        outcome: Outcome | None,
        *,
        raised: Raised | None = None,
        diagnosis: tuple[Diagnosis, ...] = (),
    ) -> Verdict:
        spec = self._session.spec
        return Verdict(
            item=spec.item, revision=spec.revision, suite=spec.suite, grader=grader.version(),
            seed=self._assignment.seed, status=status, score=score_of(results),
            max_score=sum(result.max_points for result in results), explanation=explanation, exception=raised,
            tests=results, diagnosis=diagnosis, output=_output(self._link),
            resources=_resources(outcome, hidden=not self._link.capturing),
        )  # fmt: skip


def _how(outcome: Outcome | None, lost: str) -> str:
    if outcome is not None and outcome.signal is not None and lost.startswith("the peer"):
        return f"signal {outcome.signal}"
    if outcome is not None and outcome.exit_code is not None and lost.startswith("the peer"):
        return f"exit status {outcome.exit_code}"
    return lost


def _output(link: Link) -> Output:
    printed: Any = link.printed
    return Output(printed.text("stdout"), printed.text("stderr"), printed.dropped["stdout"], printed.dropped["stderr"])


def _resources(outcome: Outcome | None, *, hidden: bool) -> Resources:
    """Rounded, and coarsely after hidden tests: to spend a chosen amount is a way to spell an input."""
    if outcome is None:
        return Resources()
    if hidden:
        return Resources(
            _doubled(HIDDEN_SECONDS, outcome.cpu_seconds),
            _doubled(HIDDEN_SECONDS, outcome.wall_seconds),
            int(_doubled(HIDDEN_MEMORY, outcome.peak_memory)),
        )
    return Resources(
        round(outcome.cpu_seconds, ROUND_SECONDS),
        round(outcome.wall_seconds, ROUND_SECONDS),
        -(-outcome.peak_memory // ROUND_MEMORY) * ROUND_MEMORY,
    )


def _doubled(least: float, value: float) -> float:
    """`least` times the smallest power of two that reaches `value`."""
    return least * 2 ** max(0, math.ceil(math.log2(value / least))) if value > least else least

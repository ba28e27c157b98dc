"""From one submission to one verdict: candidate, suite, ending, diagnosis.  Runs in the examiner's process."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import grader
from grader import words
from grader.examiner import program
from grader.examiner.candidates import (
    GRACE_SECONDS,
    Ended,
    SandboxLost,
    end,
    limits_of,
    lines_at_the_end,
    link_to,
    opened,
    output_of,
    told_of,
)
from grader.examiner.diagnosis import Diagnoser, Prepared
from grader.examiner.evidence import Witness
from grader.examiner.link import Link
from grader.examiner.plan import Plan
from grader.examiner.proxies import Proxy, SubmissionProxy, noted
from grader.examiner.recalling import Memory, Told
from grader.examiner.remote_errors import CandidateLost, RemoteError
from grader.examiner.session import SuiteOverrun, SuiteSession, nearest_names, processor_limit
from grader.examiner.spec import Assignment, Scope
from grader.examiner.wasteful import wasteful_matches
from grader.scoring import Ending, score_of, status_of
from grader.verdict import Diagnosis, Raised, Resources, Status, TestResult, TestStatus, Verdict, Words
from sandbox.client import Candidate, Connection
from sandbox.model import Outcome, SandboxUnavailable

log = logging.getLogger(__name__)

ROUND_SECONDS, ROUND_MEMORY = 2, 16 * 2**20
HIDDEN_SECONDS, HIDDEN_MEMORY = 0.1, 256 * 2**20
"""The least that is shown once hidden tests have run; more is this, doubled as often as it takes."""


def judge(session: SuiteSession, connection: Connection, assignment: Assignment) -> Verdict:
    """The verdict of one submission.

    Raises `BankFault` when the suite misbehaves, `SandboxLost` when the sandbox ended meanwhile, and
    `sandbox.model.JobRefused` or `SandboxUnavailable` when no candidate can be had.
    """
    prepared = _prepared(session, connection, assignment)
    judging, verdict = _judged_in_a_candidate(session, connection, assignment, prepared)
    if judging.contradicted:
        log.warning("the suite of %s does not ask the same twice", session.spec.item)
        judging, verdict = _judged_in_a_candidate(session, connection, assignment, prepared)
    if not assignment.program:
        return verdict
    ran = program.as_loaded(verdict.exception) if judging.only_defines else None
    return replace(verdict, program=ran or program.run(session.spec, connection, assignment))


def _prepared(session: SuiteSession, connection: Connection, assignment: Assignment) -> Prepared:
    drawn = (assignment.seed, assignment.variant)
    prepared = session.prepared.get(drawn)
    if prepared is None:
        try:
            plan = _plan(session, connection, *drawn)
        except SandboxLost as error:  # nothing of the submission has run
            raise SandboxUnavailable(str(error)) from error
        memory = Memory(usable=session.foreseeable)
        prepared = session.prepared[drawn] = Prepared(plan, Diagnoser(session.spec, plan), memory)
        while len(session.prepared) > grader.SEEDS:
            session.prepared.popitem(last=False)
    session.prepared.move_to_end(drawn)
    return prepared


def _judged_in_a_candidate(
    session: SuiteSession, connection: Connection, assignment: Assignment, prepared: Prepared
) -> tuple[_Judging, Verdict]:
    limits = limits_of(session.spec)
    with opened(connection, limits) as candidate:
        memory = prepared.memory if prepared.memory.usable else None
        link = link_to(
            candidate, limits, assignment.seed, plan=prepared.plan, memory=memory, measures=session.spec.measures
        )
        judging = _Judging(session, connection, link, candidate, assignment, prepared)
        return judging, judging.verdict()


def _plan(session: SuiteSession, connection: Connection, seed: int, variant: str) -> Plan:
    """What the suite asks of the reference, confined like any submission; an empty plan when it does not pass."""
    limits = limits_of(session.spec)
    with opened(connection, limits) as candidate:
        link = link_to(candidate, limits, seed, recording=True, measures=session.spec.measures)
        try:
            names = link.load(session.spec.reference.text, {}, wanted=session.required)
        except (RemoteError, CandidateLost):
            return Plan()
        assert link.leaning is not None, "a plan is recorded"
        with link.leaning:
            results = session.run(link, SubmissionProxy(link, names), seed, Scope.ALL, variant=variant)
        if link.lost is not None:
            candidate.wait(GRACE_SECONDS)  # raises where it was the sandbox that ended
        passed = link.lost is None and all(result.status is TestStatus.PASSED for result in results)
        return Plan.of(link.trace, _handles(names)) if passed else Plan()


def _handles(names: dict[str, Any]) -> dict[str, int]:
    return {name: proxy.handle_of() for name, proxy in names.items() if isinstance(proxy, Proxy)}


def prepare_next(session: SuiteSession, connection: Connection) -> None:
    """Have the next submission's candidate confined while nobody waits for it."""
    with suppress(SandboxUnavailable):  # the next submission will tell
        connection.prepare(limits_of(session.spec))


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


class _Judging:
    """The course of one judgement."""

    def __init__(
        self,
        session: SuiteSession,
        connection: Connection,
        link: Link,
        candidate: Candidate,
        assignment: Assignment,
        prepared: Prepared,
    ) -> None:
        self._session = session
        self._connection = connection
        self._prepared = prepared
        self._link = link
        self._candidate = candidate
        self._assignment = assignment
        self.only_defines = False
        """Whether running the source by itself would show no more than loading it has."""
        self._explained_whole = True
        """Whether evidence and diagnosis came to their ends: what only lacked time must not be kept for others."""

    def verdict(self) -> Verdict:
        limits = told_of(limits_of(self._session.spec))
        source, modules = self._assignment.source, dict(self._assignment.modules)
        names: dict[str, Any] = {}
        try:
            wanted = self._session.required
            names = self._link.load(source, modules, limits, alone=self._assignment.program, wanted=wanted)
        except RemoteError as error:
            if not error.out_of_memory:
                self.only_defines = self._link.plain
                return self._failed_to_load(words.not_loaded(error.raised), error.raised)
        except CandidateLost:
            pass
        self.only_defines = self._link.plain and self._link.lost is None
        if self._link.lost is None:
            missing = tuple(name for name in self._session.required if name not in names and not self._has(name))
            if missing:
                return self._failed_to_load(words.missing_names(missing, nearest_names(missing, tuple(names))), None)
        recalling = self._link.recalling
        if recalling is not None and self._link.lost is None:
            about = self._about(names)
            if about and (told := recalling.walk(about)) is not None:
                return self._recalled(told)
        witness = Witness(self._session, self._link, self._prepared.plan)
        submission, assignment = SubmissionProxy(self._link, names), self._assignment
        results = self._session.run(
            self._link, submission, assignment.seed, assignment.scope, witness, assignment.variant
        )
        return self._judged(results, _handles(names), witness)

    def _about(self, names: dict[str, Any]) -> str:
        """What the suite can see of the submission before it asks anything; nothing where that is out of order."""
        seen = self._session.required if self._session.only_by_name else tuple(names)
        proxies = [names.get(name) for name in seen]
        if not all(isinstance(proxy, Proxy) for proxy in proxies):
            return ""
        notes = [noted(proxy) for proxy in proxies if isinstance(proxy, Proxy)]
        return json.dumps([self._assignment.scope, list(zip(seen, notes, strict=True))])

    def _has(self, name: str) -> bool:
        """Whether the submission has `name` at all (a partial, a lambda object, a star import)."""
        try:
            getattr(SubmissionProxy(self._link, {}), name)
        except (RemoteError, CandidateLost):
            return False
        return True

    def _judged(self, results: Sequence[TestResult], handles: dict[str, int], witness: Witness) -> Verdict:
        ended = end(self._link, self._candidate)
        status = status_of(results, ended.ending)
        at = lines_at_the_end(self._link, self._assignment.source) if status is Status.TIMEOUT else ()
        diagnosis: tuple[Diagnosis, ...] = ()
        if status is not Status.PASSED:
            results = self._with_evidence(results, handles, witness)
            if self._session.spec.misconceptions:
                diagnosis = self._diagnosis(results, handles)
        if self._link.recalling is not None and ended.ending is Ending.NORMAL and self._explained_whole:
            self._link.recalling.keep(Told(tuple(results), diagnosis, self._link.capturing))
        explanation = self._explained(ended, at)
        return self._assemble(status, tuple(results), explanation, ended.outcome, diagnosis=diagnosis, at=at)

    def _recalled(self, told: Told) -> Verdict:
        """The verdict of a submission that answered, to the end, what another has answered."""
        if not told.capturing:
            self._link.close_capture()
        ended = end(self._link, self._candidate)
        status = status_of(told.results, ended.ending)
        return self._assemble(status, told.results, self._explained(ended, ()), ended.outcome, diagnosis=told.diagnosis)

    @property
    def contradicted(self) -> bool:
        """Whether the suite asked something else than it had when it was answered the same: this is no verdict."""
        return self._link.recalling is not None and self._link.recalling.contradicted

    def _with_evidence(
        self, results: Sequence[TestResult], handles: dict[str, int], witness: Witness
    ) -> Sequence[TestResult]:
        try:
            with processor_limit(self._session.spec.suite_seconds):
                return witness.complete(results, handles)
        except (Exception, SuiteOverrun):  # as below
            log.warning("no evidence of %s", self._session.spec.item, exc_info=True)
            self._explained_whole = False
            return results

    def _diagnosis(self, results: Sequence[TestResult], handles: dict[str, int]) -> tuple[Diagnosis, ...]:
        failing = {result.name for result in results if result.status in (TestStatus.FAILED, TestStatus.ERROR)}
        try:
            with processor_limit(self._session.spec.suite_seconds):
                matches = self._prepared.diagnoser.matches(self._link.trace, handles)
            if not matches and self._session.spec.measures and self._link.lost is None:
                matches = wasteful_matches(
                    self._session, self._connection, self._assignment, self._prepared, self._link.trace, failing
                )
        except (Exception, SuiteOverrun):  # the trace is the submission's: what it makes of a replay is no verdict
            log.warning("no diagnosis of %s", self._session.spec.item, exc_info=True)
            self._explained_whole = False
            return ()
        return tuple(
            Diagnosis(
                match.misconception.id,
                match.misconception.sentence,
                tuple(test for test in match.tests if test in failing),
                len(match.steps),
                match.misconception.reading,
            )
            for match in matches
        )

    def _failed_to_load(self, explanation: Words, raised: Raised | None) -> Verdict:
        results = tuple(
            TestResult(entry.name, entry.title, TestStatus.NOT_RUN, entry.hidden, 0.0, entry.points)
            for entry in self._session.spec.entries
            if self._assignment.scope is Scope.ALL or not entry.hidden
        )
        ended = end(self._link, self._candidate)
        return self._assemble(Status.ERROR, results, explanation, ended.outcome, raised=raised)

    def _explained(self, ended: Ended, at: tuple[int, ...]) -> Words:
        spec = self._session.spec
        match ended.ending:
            case Ending.NORMAL:
                return Words("", "")
            case Ending.MEMORY:
                return words.out_of_memory(spec.memory_mb)
            case Ending.TIMEOUT:
                return words.timed_out(spec.cpu_seconds, at)
            case Ending.CRASHED if not self._link.capturing:  # how it ended could spell a hidden test's inputs
                return words.crashed_hidden()
        return words.crashed(ended.how)

    def _assemble(
        self,
        status: Status,
        results: tuple[TestResult, ...],
        explanation: Words,
        outcome: Outcome | None,
        *,
        raised: Raised | None = None,
        diagnosis: tuple[Diagnosis, ...] = (),
        at: tuple[int, ...] = (),
    ) -> Verdict:
        spec = self._session.spec
        return Verdict(
            item=spec.item, revision=spec.revision, suite=spec.suite, grader=grader.version(),
            seed=self._assignment.seed, status=status, score=score_of(results),
            max_score=sum(result.max_points for result in results), explanation=explanation, exception=raised,
            tests=results, diagnosis=diagnosis, output=output_of(self._link),
            resources=_resources(outcome, hidden=not self._link.capturing), at=at,
        )  # fmt: skip


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

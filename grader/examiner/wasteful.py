"""Misconceptions that answer as the reference does, and are told apart by a test that measures and nothing else.

What they use is not to be had from a replay, so each is run once as a candidate, for each seed, when it is first asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.examiner.candidates import limits_of, link_to, opened
from grader.examiner.diagnosis import Match, Prepared
from grader.examiner.proxies import SubmissionProxy
from grader.examiner.remote_errors import CandidateLost, RemoteError
from grader.examiner.session import SuiteSession
from grader.examiner.spec import Assignment, MisconceptionEntry, Scope
from grader.examiner.trace import Step
from grader.verdict import TestStatus
from sandbox.client import Connection


def wasteful_matches(
    session: SuiteSession,
    connection: Connection,
    assignment: Assignment,
    prepared: Prepared,
    trace: Sequence[Step],
    failing: Iterable[str],
) -> tuple[Match, ...]:
    """The misconceptions that fail the measuring tests which a submission fails that answered rightly everywhere.

    `failing` are the tests that it fails.  One that fails a part of what another fails is left out.
    """
    steps = {
        test: frozenset(at for at, step in enumerate(trace) if step.measured and tested_in(step) == test)
        for test in failing
    }
    failed = frozenset(test for test, measured in steps.items() if measured)
    if not failed or len(failed) < len(steps) or not prepared.diagnoser.answers_as_reference(trace):
        return ()
    found = []
    for entry in prepared.diagnoser.alike():
        if entry.id not in prepared.wasteful:
            prepared.wasteful[entry.id] = _failed_by(session, connection, assignment, entry)
        fails = prepared.wasteful[entry.id]
        if assignment.scope is Scope.PUBLIC:
            fails -= {test.name for test in session.spec.entries if test.hidden}
        if fails and fails <= failed:
            found.append((entry, fails))
    return tuple(
        Match(entry, frozenset().union(*(steps[test] for test in fails)), tuple(sorted(fails)))
        for entry, fails in found
        if not any(fails < others for _, others in found)
    )


def tested_in(step: Step) -> str:
    """The test function in which a step was asked."""
    return step.test.partition("[")[0]


def _failed_by(
    session: SuiteSession, connection: Connection, assignment: Assignment, entry: MisconceptionEntry
) -> frozenset[str]:
    """The tests that a misconception fails with this seed; nothing where it does not come to its end."""
    limits = limits_of(session.spec)
    with opened(connection, limits) as candidate:
        link = link_to(candidate, limits, assignment.seed, measures=True)
        try:
            names = link.load(entry.source.text, {"reference": session.spec.reference.text}, wanted=session.required)
        except (RemoteError, CandidateLost):
            return frozenset()
        submission = SubmissionProxy(link, names)
        results = session.run(link, submission, assignment.seed, Scope.ALL, variant=assignment.variant)
    failing = (TestStatus.FAILED, TestStatus.ERROR)
    return frozenset(result.name for result in results if result.status in failing and link.lost is None)

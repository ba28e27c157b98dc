"""What a verdict must agree with before it counts: the bank, the assignment and itself.

A verdict comes from a process that has run the bank's code.  That code is trusted to be honest, not to be
well-behaved; and this is the last wall behind the jail.
"""

from __future__ import annotations

import math

from grader.examiner.spec import Assignment, Scope, SuiteSpec
from grader.verdict import Status, TestResult, TestStatus, Verdict

_POSSIBLE = frozenset(Status) - {Status.UNGRADABLE}


def disagreement(verdict: Verdict, spec: SuiteSpec, assignment: Assignment) -> str:
    """Why `verdict` cannot be that of `assignment` under `spec`; empty when it can."""
    expected = (spec.item, spec.revision, spec.suite, assignment.seed)
    if (verdict.item, verdict.revision, verdict.suite, verdict.seed) != expected:
        return "it is another item's, revision's or submission's"
    entries = [entry for entry in spec.entries if assignment.scope is Scope.ALL or not entry.hidden]
    if [result.name for result in verdict.tests] != [entry.name for entry in entries]:
        return "its tests are not those that were to be run"
    for result, entry in zip(verdict.tests, entries, strict=True):
        if (result.title, result.hidden, result.max_points) != (entry.title, entry.hidden, entry.points):
            return f"its test {result.name} is not the bank's"
        if result.points != (entry.points if result.status is TestStatus.PASSED else 0.0):
            return f"its points for {result.name} are not those of a test that {result.status}"
        if result.hidden and _shows_more(result):
            return f"it shows more of the hidden test {result.name} than may be shown"
    if not math.isclose(verdict.score, sum(result.points for result in verdict.tests), abs_tol=1e-6):
        return "its score is not the sum of its points"
    if not math.isclose(verdict.max_score, sum(entry.points for entry in entries), abs_tol=1e-6):
        return "its largest score is not the sum of the bank's points"
    of_other_kinds = verdict.key_points or verdict.chosen or verdict.picked or verdict.typed or verdict.parameters
    if of_other_kinds or verdict.review or verdict.status not in _POSSIBLE:
        return "it is not one of submitted code"
    if verdict.program is not None and not assignment.program:
        return "it tells of a program that was not to be run"
    return _odd_status(verdict) or _odd_lines(verdict)


def _shows_more(result: TestResult) -> bool:
    """Whether a result shows more than how its test ended."""
    evidence = (result.comparison, result.exception, result.outcome)
    return any(each is not None for each in evidence) or bool(result.call or result.inputs or result.seconds)


def _odd_lines(verdict: Verdict) -> str:
    """Lines are told of a timeout, and of none in hidden tests."""
    begun = any(result.hidden and result.status is not TestStatus.NOT_RUN for result in verdict.tests)
    if verdict.at and (verdict.status is not Status.TIMEOUT or begun):
        return "it tells lines that are not to be told"
    return ""


def _odd_status(verdict: Verdict) -> str:
    passed = [result.status is TestStatus.PASSED for result in verdict.tests]
    agrees = {
        Status.PASSED: bool(passed) and all(passed),
        Status.PARTIAL: verdict.score > 0 and not all(passed),
        Status.FAILED: verdict.score == 0,
        Status.ERROR: not any(passed),
    }.get(verdict.status, not all(passed))
    return "" if agrees else f"its tests do not make it {verdict.status}"

"""Hidden tests keep their inputs: the grader takes out what could tell them, and here that is done once more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from grader.bulk.model import Graded
from grader.verdict import Raised, Status, TestResult, TestStatus

ENDED = frozenset({Status.TIMEOUT, Status.MEMORY, Status.CRASHED})


def without_secrets(result: Graded) -> Graded:
    """The result with nothing of its hidden tests but titles, outcomes, points and types of errors."""
    return _with(result, lambda test: _silent(test) if test.hidden else test)


def without_pictures(result: Graded) -> Graded:
    """The same without the matrices, which are nearly all of a verdict: of a large class not all can be in memory."""
    return _with(result, lambda test: _silent(test) if test.hidden else _plain(test))


def _with(result: Graded, change: Callable[[TestResult], TestResult]) -> Graded:
    verdict = result.verdict
    if verdict is None:
        return result
    tests = tuple(map(change, verdict.tests))
    if verdict.status in ENDED:
        tests = tuple(map(_without_ending, tests))
    if all(new is old for new, old in zip(tests, verdict.tests, strict=True)):
        return result
    return replace(result, verdict=replace(verdict, tests=tests))


def _without_ending(test: TestResult) -> TestResult:
    """The test a process ended in, without a message that says only that: the verdict says it in words."""
    lost = test.status is TestStatus.ERROR and test.exception is None and test.message
    return replace(test, message="") if lost else test


def _silent(test: TestResult) -> TestResult:
    raised = Raised(test.exception.type, "") if test.exception else None
    # How long it took could say what it was given.
    return TestResult(test.name, test.title, test.status, True, test.points, test.max_points, exception=raised)


def _plain(test: TestResult) -> TestResult:
    if test.comparison is None and test.outcome is None and not test.inputs:
        return test
    return replace(test, comparison=None, outcome=None, inputs=())

"""A verdict that leaves an examiner must be one that the bank, the assignment and its own tests allow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.agreement import disagreement
from grader.examiner.spec import Assignment, Scope, Source, SuiteSpec, TestEntry
from grader.verdict import (
    Argument,
    Comparison,
    KeyPointResult,
    Program,
    ProgramStatus,
    Raised,
    Status,
    TestResult,
    TestStatus,
    Verdict,
    Words,
)

ONE, TWO = Words("", "One"), Words("", "Two")
SPEC = SuiteSpec(
    "b/i", "r", "s", "b.md", (), Source("", 1), Source("", 1),
    (TestEntry("one", ONE, 2.0, False, 1), TestEntry("two", TWO, 3.0, True, 2)), (), 1.0, 512, 16,
)  # fmt: skip
ASSIGNMENT = Assignment("", 7, Scope.ALL)
PASSED = TestResult("one", ONE, TestStatus.PASSED, False, 2.0, 2.0)
HIDDEN = TestResult("two", TWO, TestStatus.PASSED, True, 3.0, 3.0)
FAILED = TestResult("two", TWO, TestStatus.FAILED, True, 0.0, 3.0, message="AssertionError")
NOT_RUN = tuple(replace(test, status=TestStatus.NOT_RUN, points=0.0) for test in (PASSED, HIDDEN))
FULL = Verdict("b/i", "r", "s", "g", 7, Status.PASSED, 5.0, 5.0, tests=(PASSED, HIDDEN))
PARTIAL = replace(FULL, status=Status.PARTIAL, score=2.0, tests=(PASSED, FAILED))


@pytest.mark.parametrize(
    "verdict",
    [
        FULL,
        PARTIAL,
        replace(PARTIAL, status=Status.TIMEOUT),
        replace(PARTIAL, status=Status.CRASHED, tests=(PASSED, NOT_RUN[1])),
        replace(PARTIAL, status=Status.TIMEOUT, tests=(PASSED, NOT_RUN[1]), at=(3, 7)),
        replace(FULL, status=Status.ERROR, score=0.0, tests=NOT_RUN),
        replace(FULL, status=Status.MEMORY, score=0.0, tests=NOT_RUN),
        replace(FULL, status=Status.FAILED, score=0.0, tests=(NOT_RUN[0], FAILED)),
    ],
)
def test_what_an_examiner_says_agrees(verdict: Verdict) -> None:
    assert disagreement(verdict, SPEC, ASSIGNMENT) == ""


def test_the_public_scope_has_public_tests_only() -> None:
    public = replace(ASSIGNMENT, scope=Scope.PUBLIC)
    verdict = replace(FULL, score=2.0, max_score=2.0, tests=(PASSED,))
    assert disagreement(verdict, SPEC, public) == ""
    ran = replace(verdict, program=Program(ProgramStatus.ERROR))
    assert disagreement(ran, SPEC, replace(public, program=True)) == ""
    assert disagreement(ran, SPEC, public)
    assert disagreement(verdict, SPEC, ASSIGNMENT)
    assert disagreement(FULL, SPEC, public)


@pytest.mark.parametrize(
    "verdict",
    [
        replace(FULL, item="b/j"),
        replace(FULL, revision="q"),
        replace(FULL, suite="t"),
        replace(FULL, seed=8),
        replace(FULL, score=6.0),
        replace(FULL, max_score=6.0),
        replace(FULL, tests=(PASSED,), score=2.0),
        replace(FULL, tests=(HIDDEN, PASSED)),
        replace(FULL, tests=(PASSED, PASSED), score=4.0),
        replace(FULL, tests=(PASSED, HIDDEN, HIDDEN), score=8.0),
        replace(FULL, tests=(replace(PASSED, points=3.0, max_points=3.0), HIDDEN), score=6.0),
        replace(FULL, tests=(replace(PASSED, title=TWO), HIDDEN)),
        replace(FULL, tests=(PASSED, replace(HIDDEN, hidden=False))),
        replace(FULL, tests=(PASSED, replace(FAILED, points=3.0))),
        replace(FULL, tests=(PASSED, FAILED), score=2.0),
        replace(PARTIAL, status=Status.FAILED),
        replace(PARTIAL, status=Status.ERROR),
        replace(FULL, status=Status.PARTIAL),
        replace(FULL, status=Status.TIMEOUT),
        replace(FULL, status=Status.UNGRADABLE),
        replace(PARTIAL, tests=(PASSED, replace(FAILED, exception=Raised("E", "12")))),
        replace(PARTIAL, tests=(PASSED, replace(FAILED, comparison=Comparison("close", None, None)))),
        replace(PARTIAL, tests=(PASSED, replace(FAILED, seconds=1.0))),
        replace(PARTIAL, tests=(PASSED, replace(FAILED, call="f(x)"))),
        replace(PARTIAL, tests=(PASSED, replace(FAILED, inputs=(Argument("x", text="1"),)))),
        replace(PARTIAL, tests=(PASSED, replace(FAILED, outcome=Comparison("close", None, None)))),
        replace(PARTIAL, at=(3,)),
        replace(PARTIAL, status=Status.TIMEOUT, at=(3,)),
        replace(PARTIAL, program=Program(ProgramStatus.FINISHED)),
        replace(FULL, key_points=(KeyPointResult("k", 1, 1, 1, 1, False),)),
        replace(FULL, review=True),
    ],
)
def test_everything_else_does_not(verdict: Verdict) -> None:
    assert disagreement(verdict, SPEC, ASSIGNMENT)

"""From what pytest saw to what a student reads of one test."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from _pytest.outcomes import OutcomeException

from grader.examiner.remote_errors import ERROR_TYPES, CandidateLost, RemoteError
from grader.examiner.shapes import ComparisonFailed
from grader.verdict import Comparison, Raised, TestStatus

MAX_MESSAGE = 1500


@dataclass(frozen=True, slots=True)
class Finding:
    """How one run of one test function ended."""

    status: TestStatus
    message: str = ""
    exception: Raised | None = None
    comparison: Comparison | None = None
    error_type: str = ""
    """An allow-listed name: all that a hidden test shows."""


PASSED = Finding(TestStatus.PASSED)
CHANGED = Finding(
    TestStatus.FAILED,
    "传入的参数被就地修改了。 | An argument that was passed in was modified in place.",
    error_type="AssertionError",
)
"""A test that passed on tensors the submission had changed shows nothing: it may have compared them with themselves."""


def finding_of(error: BaseException) -> Finding:
    """What an exception that ended a test says."""
    if isinstance(error, RemoteError):
        base = next((name for name, base in ERROR_TYPES.items() if type(error).__mro__[2] is base), "RuntimeError")
        return Finding(TestStatus.ERROR, _cut(RemoteError.describe(error)), error.raised, error_type=base)
    if isinstance(error, CandidateLost):
        return Finding(TestStatus.ERROR, _cut(str(error)), error_type="CandidateLost")
    if isinstance(error, ComparisonFailed):
        return Finding(TestStatus.FAILED, _cut(str(error)), comparison=error.comparison, error_type="AssertionError")
    if isinstance(error, AssertionError):
        return Finding(TestStatus.FAILED, _cut(_told(str(error))), error_type="AssertionError")
    if isinstance(error, pytest.fail.Exception):
        return Finding(TestStatus.FAILED, _cut(str(error.msg)), error_type="AssertionError")
    if isinstance(error, OutcomeException):
        return Finding(TestStatus.ERROR, _cut(f"the suite itself said: {error.msg}"), error_type="Outcome")
    name = type(error).__name__ if type(error).__name__ in ERROR_TYPES else "Exception"
    return Finding(TestStatus.ERROR, _cut(f"{type(error).__name__}: {error}"), error_type=name)


def _told(message: str) -> str:
    """An assertion's own message when it has one, else pytest's explanation."""
    own, separator, _ = message.partition("\nassert ")
    return own if separator and not message.startswith("assert ") else message


def _cut(message: str) -> str:
    return message if len(message) <= MAX_MESSAGE else message[: MAX_MESSAGE - 1] + "…"

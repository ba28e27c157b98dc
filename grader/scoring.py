"""From test results to status and score: pure, so that a regrade and a proof decide alike."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from grader.verdict import Status, TestResult, TestStatus


class Ending(StrEnum):
    """How a candidate's part ended."""

    NORMAL = "normal"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"


_STATUS = {Ending.TIMEOUT: Status.TIMEOUT, Ending.MEMORY: Status.MEMORY, Ending.CRASHED: Status.CRASHED}


def score_of(results: Sequence[TestResult]) -> float:
    """Points of the tests that passed."""
    return round(sum(result.points for result in results), 6)


def status_of(results: Sequence[TestResult], ending: Ending) -> Status:
    """Full marks need every test passed; a candidate that ended early has the status of what ended it."""
    if ending is not Ending.NORMAL:
        return _STATUS[ending]
    if results and all(result.status is TestStatus.PASSED for result in results):
        return Status.PASSED
    return Status.PARTIAL if any(result.points > 0 for result in results) else Status.FAILED

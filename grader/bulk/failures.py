"""Why there is no verdict where the platform itself could give none: each of its errors as a reason."""

from __future__ import annotations

from grader.bulk import problems
from grader.bulk.problems import Problem
from grader.errors import BankFault, Ungradable, WorkshopError
from sandbox.model import SandboxUnavailable


def problem_of(error: WorkshopError | SandboxUnavailable) -> Problem:
    """The reason that an error is; what it says itself is for whoever can mend it, and English."""
    said = str(error) or type(error).__name__
    match error:
        case BankFault():
            return problems.bank_at_fault(said)
        case SandboxUnavailable():
            return problems.no_sandbox(said)
        case Ungradable():
            return problems.grader_failed_twice(said)
    return problems.cannot_be_graded(said)

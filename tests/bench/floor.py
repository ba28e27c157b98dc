"""The least that fresh state for each submission can cost: a bare fork of a warm process, the suite in the fork.

Prepared exactly as the product's fork server is: the same warm-up, frozen garbage, huge pages.  Every suite has been
collected and run before the fork.  No jail, no proxy, no diagnosis.  Reads labels of submissions from standard input
and answers each with `passed` or `failed`.
"""

from __future__ import annotations

import os
import sys
import traceback

import torch

from grader.examiner.collection import load_module
from grader.examiner.session import SuiteSession
from grader.examiner.spec import Scope, spec_of
from sandbox import memory, warm
from tests.bench.mix import coding_items, known_of

RUNS_TO_WARM = 3


class NoLink:
    """What a suite needs of a link when nothing is remote."""

    lost = None
    capturing = True
    arguments_changed = False

    def begin_test(self, name: str, following: str | None = None) -> None:
        """Nothing to tell anybody."""

    def end_test(self) -> None:
        """Nothing was asked ahead."""

    def close_capture(self) -> None:
        """Nothing is captured."""

    def restore_arguments(self) -> None:
        """Nothing crossed."""


def judge(session: SuiteSession, source: str) -> bool:
    """Whether the suite passes `source` here."""
    try:
        module = load_module("submission", source, "submission.py")
    except Exception:
        return False
    return all(result.status == "passed" for result in session.run(NoLink(), module, 0, Scope.ALL))


def main() -> None:
    warm.warm()
    torch.set_num_threads(1)
    items = coding_items()
    sessions = {item.id: SuiteSession(spec_of(item)) for item in items}
    for item in items:
        assert item.reference is not None
        for _ in range(RUNS_TO_WARM):
            judge(sessions[item.id], item.reference.source)
    submissions = {known.label: known for item in items for group in known_of(item) for known in group}
    warm.settle()
    memory.collapse_huge_pages()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for line in sys.stdin:
        submission = submissions.get(line.strip())
        if submission is None:
            print("ready", flush=True)
            continue
        pid = os.fork()
        if pid == 0:
            status = 2
            os.dup2(nowhere, sys.stdout.fileno())  # what a submission prints is no answer of ours
            try:
                status = 0 if judge(sessions[submission.item.id], submission.source) else 1
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        print({0: "passed", 1: "failed"}.get(code, f"status {code}"), flush=True)


if __name__ == "__main__":
    main()

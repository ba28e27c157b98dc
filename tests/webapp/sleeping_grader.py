"""A grader for real worker processes: `sleep N` sleeps, `loop` meets its limit, `kill` dies, `ungradable` fails.

Everything else passes.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grader.errors import BankFault, Ungradable
from grader.verdict import Status, Verdict
from questions.model import Item


class SleepingGrader:
    """Does what the submission says."""

    def grade(
        self, item: Item, content: bytes, *, seed: int, scope: Any, program: bool = False, variant: Any = None
    ) -> Verdict:
        """A verdict after a while, or none."""
        word, _, argument = content.decode().partition(" ")
        if word == "sleep":
            time.sleep(float(argument.split()[0]))
        if word == "loop":
            time.sleep(min(item.limits.seconds, 1.0))
        if word == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if word == "ungradable":
            raise Ungradable("the platform failed on purpose")
        if word == "fault":
            raise BankFault("tests end in a loop", remedy="mend line 3")
        return Verdict(
            item=f"{item.bank}/{item.id}",
            revision=item.revision,
            suite=item.suite,
            grader="sleeping",
            seed=seed,
            status=Status.TIMEOUT if word == "loop" else Status.PASSED,
            score=0.0 if word == "loop" else item.points,
            max_score=item.points,
        )


@contextmanager
def slowly_opened() -> Iterator[SleepingGrader]:
    """One whose start takes longer than any test waits; a file says that it has begun."""
    mark = Path(os.environ["WORKSHOP_DATA"]) / "opening"
    mark.touch()
    try:
        time.sleep(600)
        yield SleepingGrader()
    finally:
        mark.unlink()


@contextmanager
def opened() -> Iterator[SleepingGrader]:
    """What `WORKSHOP_GRADER` names."""
    yield SleepingGrader()

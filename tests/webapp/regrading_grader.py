"""A cheap grader whose verdicts hang on submission and revision alone, for regrades with many changes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from grader.verdict import Status, Verdict
from questions.model import Item
from webapp.regrading import applying


class RegradingGrader:
    """Gives a quarter of the points for each of two bits drawn from text and revision, and so on."""

    def grade(
        self, item: Item, content: bytes, *, seed: int, scope: Any, program: bool = False, variant: Any = None
    ) -> Verdict:
        """Four verdicts in turn: nothing, half, three quarters, everything."""
        share = (0.0, 0.5, 0.75, 1.0)[sha256(content + item.source.encode()).digest()[0] % 4]
        return Verdict(
            item=f"{item.bank}/{item.id}",
            revision=item.revision,
            suite=item.suite,
            grader="regrading",
            seed=seed,
            status=Status.PASSED if share == 1 else Status.PARTIAL if share else Status.FAILED,
            score=share * item.points,
            max_score=item.points,
        )


@contextmanager
def opened() -> Iterator[RegradingGrader]:
    """What `WORKSHOP_GRADER` names; marks are applied few at a time where a test wants to be in between."""
    applying.AT_A_TIME = int(os.environ.get("APPLIED_AT_A_TIME", applying.AT_A_TIME))
    yield RegradingGrader()

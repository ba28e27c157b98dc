"""Which function does which kind of long work."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.errors import WorkshopError
from grader.first_tries import Judge
from webapp.models import Database
from webapp.queue.carrier import Carrier
from webapp.settings import Settings


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the work may use.  It opens its own sessions, short ones: a step must not hold others up."""

    database: Database
    judge: Judge
    settings: Settings
    task_id: int
    subject: str
    course_id: int | None
    actor_id: int | None
    parameters: Mapping[str, Any]
    carrier: Carrier


Progress = tuple[int, int]
"""Steps done, and of how many."""
Work = Callable[[Surroundings], Generator[Progress, None, dict[str, Any]]]
"""A generator that says after every step how far it is, and returns what came of it, as JSON can hold it.

Between two steps students' jobs are judged, so a step should take no longer than judging one.  Work that is interrupted
(a worker died) is begun again from the start, so what a step has done must not be harmed by being done twice.
"""

KINDS: dict[str, str] = {
    "phrasings": "webapp.teach.review.trying:trial",
    "prove": "webapp.authoring.proofs:prove",
    "prove-draft": "webapp.authoring.proofs:prove_draft",
    "regrade-jobs": "webapp.regrading.grading:make_jobs",
    "regrade-marks": "webapp.regrading.applying:apply_chosen",
    "similarity": "webapp.teach.similarity.work:comparison",
    "variants": "webapp.variants:draw",
}
"""Kind → `module:function`; looked up when needed, so that no worker loads what nobody asks for."""


MANAGED = frozenset({"regrade-jobs", "regrade-marks"})
"""What only instructors begin and may leave; who marks in its course may leave the rest."""


def work_of(kind: str) -> Work:
    """What does this kind of work.  Raises `WorkshopError` for one that this program does not know."""
    try:
        module, _, name = KINDS[kind].partition(":")
    except KeyError:
        raise WorkshopError(f"nobody here knows how to do {kind!r}", remedy="update this checkout") from None
    return getattr(importlib.import_module(module), name)  # type: ignore[no-any-return]

"""A worker's part of long work: one step at a time, whenever no job waits."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator
from contextlib import suppress
from typing import Any

from grader.errors import Ungradable, WorkshopError
from grader.first_tries import Judge
from sandbox.model import SandboxUnavailable
from webapp.models import Database
from webapp.models.passing import DatabaseBusy, passing
from webapp.models.times import utc_now
from webapp.queue.carrier import Carrier
from webapp.settings import Settings
from webapp.tasks import rows
from webapp.tasks.kinds import Progress, Surroundings, work_of

log = logging.getLogger(__name__)

NOTED_EVERY_SECONDS = 0.3
LOOKED_EVERY_SECONDS = 1.0
KEPT_EVERY_SECONDS = rows.LEASE.total_seconds() / 4
UNEXPECTED = "It could not be done; the server's log says why."


class Hands:
    """What one worker does of long work: at most one task is in hand."""

    def __init__(self, database: Database, settings: Settings, owner: str, carrier: Carrier) -> None:
        self._database, self._settings, self._owner, self._carrier = database, settings, owner, carrier
        self._claim: rows.Claim | None = None
        self._work: Generator[Progress, None, dict[str, Any]] | None = None
        self._noted = self._looked = self._kept = 0.0

    @property
    def busy(self) -> bool:
        """Whether something is in hand."""
        return self._claim is not None

    def step(self, judge: Judge) -> bool:
        """Do one step of what is in hand, or take something in hand; False when there was nothing to do.

        Raises what says that `judge` should not be trusted with more, after the task was given back.
        """
        if self._claim is None and not self._take(judge):
            return False
        assert self._claim is not None
        assert self._work is not None
        claimed = self._claim
        try:
            done, total = next(self._work)
        except StopIteration as end:
            self._drop()
            with self._database.writing() as session:
                rows.finish(session, claimed, end.value or {}, utc_now())
            log.info("task %d (%s %s) is done", claimed.task_id, claimed.kind, claimed.subject)
        except Exception as problem:
            self._drop()
            self._stumbled(claimed, problem)
        else:
            self._note(claimed, done, total)
        return True

    def _stumbled(self, claimed: rows.Claim, problem: Exception) -> None:
        """Give the task back where the database is away for a moment; else it has failed, and its asker reads why."""
        if passing(problem) is not None:
            with suppress(DatabaseBusy), self._database.writing() as session:  # else its lease runs out
                rows.give_back(session, claimed)
            raise problem
        if not isinstance(problem, (WorkshopError, SandboxUnavailable)):
            log.error("task %d (%s %s)", claimed.task_id, claimed.kind, claimed.subject, exc_info=problem)
            self._fail(claimed, UNEXPECTED)
            return
        self._fail(claimed, f"{problem} {getattr(problem, 'remedy', '')}".strip())
        if isinstance(problem, (SandboxUnavailable, Ungradable)):
            log.error("task %d: %s %s", claimed.task_id, problem, getattr(problem, "remedy", ""))
            raise problem

    def keep(self) -> None:
        """Keep what is in hand while a step, or a student's job, takes long; any thread may say so."""
        claimed = self._claim
        if claimed is None or time.monotonic() - self._kept < KEPT_EVERY_SECONDS:
            return
        self._kept = time.monotonic()
        with self._database.writing() as session:
            rows.keep(session, claimed, utc_now())

    def put_down(self) -> None:
        """Give back what is in hand, for another worker to begin again."""
        claimed = self._claim
        self._drop()
        if claimed is not None:
            with self._database.writing() as session:
                rows.give_back(session, claimed)

    def _take(self, judge: Judge) -> bool:
        if time.monotonic() - self._looked < LOOKED_EVERY_SECONDS:
            return False
        self._looked = time.monotonic()
        with self._database.reading() as session:
            expired = rows.any_expired(session, utc_now())
            if not expired and not rows.anything_waiting(session):
                return False
        with self._database.writing() as session:
            if expired:
                rows.sweep(session, utc_now())
            claimed = rows.claim(session, self._owner, utc_now())
        if claimed is None:
            return False
        self._looked = 0.0  # where one was there may be more
        try:
            work = work_of(claimed.kind)
        except WorkshopError as problem:
            self._fail(claimed, f"{problem} {problem.remedy}".strip())
            return False
        self._claim = claimed
        self._work = work(
            Surroundings(
                database=self._database,
                judge=judge,
                settings=self._settings,
                task_id=claimed.task_id,
                subject=claimed.subject,
                course_id=claimed.course_id,
                actor_id=claimed.actor_id,
                parameters=claimed.parameters,
                carrier=self._carrier,
            )
        )
        return True

    def _note(self, claimed: rows.Claim, done: int, total: int) -> None:
        if time.monotonic() - self._noted < NOTED_EVERY_SECONDS:
            return
        self._noted = time.monotonic()
        with self._database.writing() as session:
            ours = rows.advance(session, claimed, done, total, utc_now())
        if not ours:
            self._drop()

    def _fail(self, claimed: rows.Claim, problem: str) -> None:
        with self._database.writing() as session:
            rows.fail(session, claimed, problem, utc_now())

    def _drop(self) -> None:
        if self._work is not None:
            self._work.close()
        self._claim = self._work = None

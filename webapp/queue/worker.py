"""A worker: claims a job, has it graded, stores the verdict, again.  Killing it at any moment loses nothing."""

from __future__ import annotations

import importlib
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from grader.errors import Ungradable, WorkshopError
from grader.first_tries import FirstTries, Judge
from questions.model import Kind
from sandbox.model import SandboxUnavailable
from webapp.items import item_from
from webapp.models import Database, Purpose
from webapp.models.passing import passing
from webapp.models.times import utc_now
from webapp.operations import logs, measures
from webapp.operations.probe import PULSE
from webapp.personal.retention import Forgetting
from webapp.queue import fairness, rows
from webapp.queue.carrier import Rest, carrier_of
from webapp.queue.heart import Heart
from webapp.queue.states import BULK, GiveUp, after_failure
from webapp.settings import Settings
from webapp.tasks.hands import Hands

if TYPE_CHECKING:
    from grader.verdict import Verdict

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
MOST_WARM = 12
UNCONFINED_DELAY = timedelta(seconds=15)
LOOKS_PER_SECOND = 50
"""That idle workers take at the rows, all together."""
LONGEST_AWAY = 2.0
"""Seconds between two looks whether the database is back."""


class Stopped(BaseException):
    """For a signal handler to raise while a worker is `preparing`: starting a grader may take longer than our grace."""


OpenJudge = Callable[[], AbstractContextManager[Judge]]


def open_judge(name: str) -> OpenJudge:
    """What a setting like `webapp.queue.worker:warm_grader` names.  Raises `WorkshopError`."""
    module, _, attribute = name.partition(":")
    try:
        return getattr(importlib.import_module(module), attribute)  # type: ignore[no-any-return]
    except (ImportError, AttributeError, ValueError) as problem:
        raise WorkshopError(
            f"the grader {name!r} cannot be had: {problem}", remedy="unset WORKSHOP_GRADER"
        ) from problem


@contextmanager
def warm_grader() -> Iterator[Judge]:
    """The grader, warmed before the first job.  Where code cannot be confined it still judges words."""
    from grader.grading import Engine, Grader

    engine = Engine(on_start=lambda count: measures.sandbox_starts.labels("again" if count > 1 else "first").inc())
    try:
        try:
            engine.warm()
        except SandboxUnavailable as missing:
            log.error("code cannot be graded here and will wait: %s %s", missing, missing.remedy)
        with Grader(engine) as grader:
            yield grader
    finally:
        engine.close()


def new_owner() -> str:
    """A name no other worker has or will have."""
    return f"{socket.gethostname()[:32]}-{os.getpid()}-{secrets.token_hex(4)}"


class Worker:
    """One grader and the rows it takes."""

    def __init__(self, database: Database, judge: OpenJudge, settings: Settings, owner: str | None = None) -> None:
        self.database = database
        self.database.waited = measures.waited_to_write
        self.judge = judge
        self.settings = settings
        self.owner = owner or new_owner()
        self.lease = timedelta(seconds=settings.lease_seconds)
        self.carrier = carrier_of(settings, database)
        self._stopping = threading.Event()
        self._resting: Rest | None = None
        self._heart: Heart | None = None
        self._tries = FirstTries()
        self._forgetting = Forgetting(database, settings)
        self._hands = Hands(database, settings, self.owner, self.carrier)
        self._swept = 0.0
        self._courses_turn = False
        self.preparing = False
        """Whether it only prepares for work: nothing of anybody's is in hand."""
        self._cold: list[tuple[str, str]] | None = None

    def stop(self) -> None:
        """Finish what is in hand, then end; safe in a signal handler."""
        self._stopping.set()
        if self._resting is not None:
            self._resting.wake()

    def run(self) -> None:
        """Work until `stop`.  While no grader can be had nothing is claimed: what was sent waits."""
        delay = 1.0
        heart: Heart | None = None
        try:
            with self.carrier.rest(self.owner) as self._resting:
                heart = self._heart = Heart(
                    self.database,
                    self.lease,
                    self.settings.job_seconds,
                    self._hands,
                    self._resting,
                    self.settings.data / PULSE,
                )
                heart.start()
                while not self._stopping.is_set():
                    try:
                        with ExitStack() as grader:
                            with self._preparing():
                                judge = grader.enter_context(self.judge())
                            delay = 1.0
                            grader.callback(self._hands.put_down)
                            self._serve(judge)
                    except Exception as problem:
                        remedy = getattr(problem, "remedy", "")
                        log.error("no grading: %s %s", problem, remedy, exc_info=_unknown(problem))
                        self._rest(delay)
                        delay = min(30.0, delay * 2)
        finally:
            self._resting = None
            if heart is not None:
                heart.stop()

    @contextmanager
    def _preparing(self) -> Iterator[None]:
        self.preparing = True
        try:
            yield
        finally:
            self.preparing = False

    def _rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self._stopping.is_set() and time.monotonic() < end:
            time.sleep(min(0.1, seconds))  # not where word comes: what comes now is for others

    def _serve(self, judge: Judge) -> None:
        """While the database is away the grader stays warm, and what it has in hand is kept for when it is back."""
        delay = 0.0
        while not self._stopping.is_set():
            try:
                self._look(judge)
                delay = 0.0
            except Exception as problem:
                if passing(problem) is None:
                    raise
                if not delay:
                    log.error("the database does not answer, so nothing is taken: %s", problem)
                delay = min(LONGEST_AWAY, delay * 2 or 0.2)
                self._rest(delay)

    def _look(self, judge: Judge) -> None:
        """Do one thing, whatever comes first; or sleep, when there is nothing to do."""
        assert self._resting is not None
        self._sweep()
        claimed = self._claim(below=BULK)
        if claimed is None:
            if self._warm_up(judge) or self._step(judge):
                return
            claimed = self._claim()
        if claimed is None:
            if self._forgetting.step():
                return
            with _spent("idle"):
                self._resting.wait(max(IDLE_SECONDS, self.carrier.workers() / LOOKS_PER_SECOND))
        elif not self._work(judge, claimed):
            raise Ungradable("the grader is opened anew after a failure")

    def _warm_up(self, judge: Judge) -> bool:
        """Judge one item's own reference while nobody waits, so that no student pays for collecting its suite."""
        from grader.grading import Scope

        if self._cold is None:
            with self.database.reading() as session:
                self._cold = rows.pinned_sources(session, MOST_WARM)
        while self._cold:
            revision, source = self._cold.pop()
            item = item_from(revision, source)
            if item.kind is not Kind.CODING or item.reference is None or item.variant is not None:
                continue
            try:
                with self._preparing():
                    self._tries.grade(judge, item, item.reference.source.encode(), seed=0, scope=Scope.ALL)
            except Exception as problem:
                log.warning("warming up %s/%s: %s", item.bank, item.id, problem)
            return True
        return False

    def _step(self, judge: Judge) -> bool:
        """One step of long work; False when there is none."""
        assert self._heart is not None
        self._heart.begin(None)
        try:
            with _spent("task"):
                return self._hands.step(judge)
        finally:
            self._heart.end()

    def _claim(self, below: int | None = None) -> rows.Claim | None:
        assert self._resting is not None
        with self.database.reading() as session:
            if not rows.anything_waiting(session, utc_now(), below):
                return None
            course_id = fairness.course_next(session, utc_now(), below) if self._courses_turn else None
        most_lengthy = max(1, self.carrier.workers() - 1)  # one worker is always soon free
        with self.database.writing() as session:
            claimed = rows.claim(
                session, self.owner, utc_now(), self.lease, most_lengthy, below,
                course_id=course_id, ticket=self._resting.ticket(),
            )  # fmt: skip
        if claimed is not None:
            self._courses_turn = not self._courses_turn
        return claimed

    def _sweep(self) -> None:
        assert self._resting is not None
        if ticket := self._resting.came_back():
            with self.database.writing() as session:
                rows.release_ticket(session, ticket, utc_now(), self.settings.tries)
        if time.monotonic() - self._swept < IDLE_SECONDS:
            return
        self._swept = time.monotonic()
        with self.database.reading() as session:
            expired = rows.any_expired(session, utc_now())
            impatient = fairness.any_impatient(session, utc_now())
        if not expired and not impatient:
            return
        with self.database.writing() as session:
            if expired:
                rows.sweep(session, utc_now(), self.settings.tries)
            if impatient:
                fairness.take_along(session, utc_now())

    def _work(self, judge: Judge, claimed: rows.Claim) -> bool:
        """Judge one job; False when the grader should not be trusted with another one."""
        assert self._heart is not None
        self._heart.begin(claimed)
        numbers = {"job": claimed.job_id, "submission": claimed.submission_id, "try": claimed.tries}
        try:
            with logs.about(**numbers), _spent("job"):
                log.info("taken", extra={"about": {"purpose": claimed.purpose, "waited": _age(claimed)}})
                return self._judge(judge, claimed)
        finally:
            self._heart.end()

    def _judge(self, judge: Judge, claimed: rows.Claim) -> bool:
        from grader.grading import Scope

        run = claimed.purpose == Purpose.RUN
        begun = time.monotonic()
        try:
            item = item_from(claimed.revision, claimed.source)
            try_it = judge.grade if claimed.lengthy else partial(self._tries.grade, judge)
            scope = Scope.PUBLIC if run else Scope.ALL
            verdict = try_it(
                item, claimed.content, seed=claimed.seed, scope=scope, program=run, variant=claimed.variant
            )
            if verdict is None:
                self._put_behind(claimed)
                return True
            if claimed.lengthy:
                self._tries.learn(item, verdict)
            document = document_of(verdict)
        except SandboxUnavailable as missing:
            # Nothing is wrong with the job: it waits until this machine can confine code, and costs no try.
            log.error("code waits, because it cannot be confined here: %s %s", missing, missing.remedy)
            self._wait(claimed)
            return True
        except Exception as problem:
            if isinstance(problem, WorkshopError) and not isinstance(problem, Ungradable):
                log.warning("the bank's fault: %s", problem)
                self._give_up(claimed, f"{problem} {problem.remedy}".strip(), "bank")
                return True
            log.error("it could not be graded: %s", problem, exc_info=_unknown(problem))
            self._failed(claimed, f"{type(problem).__name__}: {problem}")
            return False
        if document["status"] == "ungradable":
            self._failed(claimed, str(document.get("explanation", {}).get("en", "")) or "The grader gave no verdict.")
            return True
        seconds = time.monotonic() - begun
        kept = self._write(lambda session: rows.store(session, claimed, document, utc_now()))
        _told(claimed, str(document["status"]), seconds, kept=kept)
        return True

    def _write(self, change: Callable[[Session], bool]) -> bool:
        """Change rows of what is in hand, however long the database is away; whether it was still ours."""
        delay = 0.1
        while True:
            try:
                with self.database.writing() as session:
                    return change(session)
            except Exception as problem:
                if self._stopping.is_set() or passing(problem) is None:
                    raise
                log.warning("what came of it is kept until the database takes it: %s", problem)
            time.sleep(delay)
            delay = min(LONGEST_AWAY, delay * 2)

    def _give_back(self, claimed: rows.Claim, delay: timedelta, *, count: bool, lengthy: bool = False) -> None:
        self._write(
            lambda session: rows.give_back(session, claimed, utc_now(), delay, count=count, lengthy=lengthy)
        )

    def _put_behind(self, claimed: rows.Claim) -> None:
        log.info("it needs longer, and stands behind first tries")
        self._give_back(claimed, timedelta(0), count=False, lengthy=True)

    def _wait(self, claimed: rows.Claim) -> None:
        self._give_back(claimed, UNCONFINED_DELAY, count=False)

    def _give_up(self, claimed: rows.Claim, note: str, why: str) -> None:
        kept = self._write(lambda session: rows.give_up(session, claimed, utc_now(), note))
        if kept:
            measures.given_up.labels(why).inc()
        log.warning("given up as ungradable%s", "" if kept else " (lease lost, not kept)")

    def _failed(self, claimed: rows.Claim, note: str) -> None:
        decision = after_failure(claimed.tries, self.settings.tries)
        if isinstance(decision, GiveUp):
            self._give_up(claimed, note, "failed")
            return
        log.info("it is tried again in %.0f s: %s", decision.delay.total_seconds(), note)
        self._give_back(claimed, decision.delay, count=True)


@contextmanager
def _spent(doing: str) -> Iterator[None]:
    """Count the time of the block as spent on that."""
    begun = time.monotonic()
    try:
        yield
    finally:
        measures.worker_seconds.labels(doing).inc(time.monotonic() - begun)


def _age(claimed: rows.Claim) -> float:
    """Seconds since it was sent, by the clock that wrote it down; never less than none."""
    return max(0.0, (utc_now() - claimed.sent_at).total_seconds())


def _told(claimed: rows.Claim, status: str, seconds: float, *, kept: bool) -> None:
    """A verdict was made; one that came too late to be kept is only a line in the log."""
    whole = _age(claimed)
    if kept:
        measures.verdict_seconds.labels(claimed.purpose, status).observe(whole)
        measures.grading_seconds.labels(claimed.purpose, status).observe(seconds)
    numbers = {"status": status, "grading": seconds, "whole": whole}
    log.info("stored" if kept else "its lease was lost, so this verdict is not kept", extra={"about": numbers})


def _unknown(problem: Exception) -> bool:
    """Whether a traceback tells more than the message."""
    return not isinstance(problem, WorkshopError) and not hasattr(problem, "remedy")


def document_of(verdict: Verdict) -> dict[str, Any]:
    """The form that is stored."""
    from grader.documents import verdict_to_json

    return verdict_to_json(verdict)

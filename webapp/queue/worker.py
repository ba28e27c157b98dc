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
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from grader.errors import Ungradable, WorkshopError
from grader.first_tries import FirstTries, Judge
from questions.model import Kind
from sandbox.model import SandboxUnavailable
from webapp.items import item_from
from webapp.models import Database, Purpose
from webapp.models.times import utc_now
from webapp.operations import logs, measures
from webapp.queue import fairness, rows
from webapp.queue.carrier import Rest, carrier_of
from webapp.queue.states import BULK, GiveUp, after_failure
from webapp.settings import Settings
from webapp.tasks.hands import Hands

if TYPE_CHECKING:
    from grader.verdict import Verdict

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
MOST_WARM = 12
UNCONFINED_DELAY = timedelta(seconds=15)
HUNG = 70
"""Exit status of a worker whose grader did not come back."""


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


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the heart beats for."""

    claim: rows.Claim | None
    """None for a step of long work."""
    since: float


class Heart(threading.Thread):
    """Extends the lease of what is in hand.

    When a job has taken longer than any job may, the process ends at once: the lease runs out or the server notices,
    and somebody else takes the job; a stuck grader cannot be talked to.
    """

    def __init__(self, database: Database, lease: timedelta, job_seconds: float, hands: Hands) -> None:
        super().__init__(name="heart", daemon=True)
        self._database, self._lease, self._job_seconds, self._hands = database, lease, job_seconds, hands
        self._pulse: Pulse | None = None
        self._stopped = threading.Event()

    def begin(self, claim: rows.Claim | None) -> None:
        """Beat for this claim from now on."""
        self._pulse = Pulse(claim, time.monotonic())

    def end(self) -> None:
        """Nothing is in hand."""
        self._pulse = None

    def stop(self) -> None:
        """No more beats."""
        self._stopped.set()

    def run(self) -> None:
        """Beat three times per lease."""
        while not self._stopped.wait(self._lease.total_seconds() / 3):
            pulse = self._pulse
            if pulse is None:
                continue
            if time.monotonic() - pulse.since > self._job_seconds:
                what = f"job {pulse.claim.job_id}" if pulse.claim else "a step of long work"
                log.error("%s took more than %.0f s; this worker ends", what, self._job_seconds)
                os._exit(HUNG)
            try:
                self._beat(pulse)
                self._hands.keep()
            except Exception:  # a busy database now is no reason to stop beating
                log.exception("heartbeat of %s", f"job {pulse.claim.job_id}" if pulse.claim else "long work")

    def _beat(self, pulse: Pulse) -> None:
        if pulse.claim is None or time.monotonic() - pulse.since < self._lease.total_seconds() / 4:
            return  # the claim itself is that fresh
        with self._database.writing() as session:
            rows.beat(session, pulse.claim, utc_now(), self._lease)


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
        heart = self._heart = Heart(self.database, self.lease, self.settings.job_seconds, self._hands)
        heart.start()
        try:
            with self.carrier.rest(self.owner) as self._resting:
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
        while not self._stopping.is_set() and (left := end - time.monotonic()) > 0:
            assert self._resting is not None
            self._resting.wait(left)

    def _serve(self, judge: Judge) -> None:
        assert self._resting is not None
        while not self._stopping.is_set():
            self._sweep()
            claimed = self._claim(below=BULK)
            if claimed is None:
                if self._warm_up(judge) or self._step(judge):
                    continue
                claimed = self._claim()
            if claimed is None:
                with _spent("idle"):
                    self._resting.wait(IDLE_SECONDS)
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
        with self.database.reading() as session:
            if not rows.anything_waiting(session, utc_now(), below):
                return None
            course_id = fairness.course_next(session, utc_now(), below) if self._courses_turn else None
        most_lengthy = max(1, self.carrier.workers() - 1)  # one worker is always soon free
        with self.database.writing() as session:
            claimed = rows.claim(session, self.owner, utc_now(), self.lease, most_lengthy, below, course_id=course_id)
        if claimed is not None:
            self._courses_turn = not self._courses_turn
        return claimed

    def _sweep(self) -> None:
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
        with self.database.writing() as session:
            kept = rows.store(session, claimed, document, utc_now())
        _told(claimed, str(document["status"]), seconds, kept=kept)
        return True

    def _put_behind(self, claimed: rows.Claim) -> None:
        log.info("it needs longer, and stands behind first tries")
        with self.database.writing() as session:
            rows.give_back(session, claimed, utc_now(), timedelta(0), count=False, lengthy=True)

    def _wait(self, claimed: rows.Claim) -> None:
        with self.database.writing() as session:
            rows.give_back(session, claimed, utc_now(), UNCONFINED_DELAY, count=False)

    def _give_up(self, claimed: rows.Claim, note: str, why: str) -> None:
        with self.database.writing() as session:
            kept = rows.give_up(session, claimed, utc_now(), note)
        if kept:
            measures.given_up.labels(why).inc()
        log.warning("given up as ungradable%s", "" if kept else " (lease lost, not kept)")

    def _failed(self, claimed: rows.Claim, note: str) -> None:
        decision = after_failure(claimed.tries, self.settings.tries)
        if isinstance(decision, GiveUp):
            self._give_up(claimed, note, "failed")
            return
        log.info("it is tried again in %.0f s: %s", decision.delay.total_seconds(), note)
        with self.database.writing() as session:
            rows.give_back(session, claimed, utc_now(), decision.delay, count=True)


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

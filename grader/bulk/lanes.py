"""Lanes: threads that grade, each with a grader of its own whose examiners stay warm, on one engine."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

from grader.bulk.failures import problem_of
from grader.bulk.problems import NO_PROBLEM, Problem, grader_erred
from grader.bulk.schedule import Schedule, Work
from grader.bulk.sources import Source, Terms
from grader.errors import BankFault, Ungradable, WorkshopError
from grader.first_tries import FirstTries
from grader.grading import Engine, Grader, Scope
from grader.verdict import Status, Verdict
from questions.model import Item, Kind
from sandbox.model import SandboxUnavailable

log = logging.getLogger(__name__)

TRIES = 2
"""What failed on our side is tried again: a grader opens anew what of it has died."""
KEPT_EXAMINERS = 2
"""Of each lane, which is at one item at a time, in two editions: with little processor time, and with all of it.

An examiner has some 70 MB, and there may be as many lanes as processors."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A source has its verdict."""

    source: Source
    verdict: Verdict
    seconds: float
    whole: bool


@dataclass(frozen=True, slots=True)
class Failed:
    """A source has none, and why."""

    source: Source
    problem: Problem
    seconds: float = 0.0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Lengthy:
    """A source comes again later, with all the time of its item."""

    source: Source


@dataclass(frozen=True, slots=True)
class Unconfined:
    """Nothing can be graded here."""

    error: SandboxUnavailable


@dataclass(frozen=True, slots=True)
class Ended:
    """A lane has nothing more to do."""


Report = Judged | Failed | Lengthy | Unconfined | Ended


@dataclass(slots=True)
class _Readied:
    """What has been made ready for an item, once for all lanes."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    done: bool = False
    fault: Problem = NO_PROBLEM
    """Why nothing can be judged for it: its own code misbehaves on its own reference."""
    variant: dict[str, Any] | None = None


class Lanes:
    """Grades what a schedule gives and puts reports into a queue, until all is done or it is stopped."""

    def __init__(self, schedule: Schedule, terms: Terms, reports: SimpleQueue[Report | None]) -> None:
        self._schedule = schedule
        self._terms = terms
        self._reports = reports
        self._engine = Engine()
        self._tries = FirstTries()
        self._readied: dict[str, _Readied] = {}
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def start(self, count: int) -> None:
        """Begin with `count` lanes; each reports its end."""
        for lane in range(count):
            # A daemon: what a lane waits for must not keep a process that was told to end.
            thread = threading.Thread(target=self._run, args=(lane,), name=f"lane {lane}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self, seconds: float | None = None) -> None:
        """Let go of what is in hand and end every process, in so many seconds: what is slower ends with ours."""
        self._schedule.stop()
        closing = threading.Thread(target=self._engine.close, name="closing", daemon=True)
        closing.start()
        deadline = None if seconds is None else time.monotonic() + seconds
        for thread in (closing, *self._threads):
            thread.join(None if deadline is None else max(0.0, deadline - time.monotonic()))

    def _run(self, lane: int) -> None:
        with Grader(self._engine, KEPT_EXAMINERS) as grader:
            while (work := self._schedule.next(lane)) is not None:
                try:
                    self._grade(grader, work)
                except Exception as error:  # a lane that ended without a word would be waited for
                    log.exception("%r", work.source.submission.path)
                    self._settle(Failed(work.source, grader_erred(error), whole=work.whole))
        self._reports.put(Ended())

    def _grade(self, grader: Grader, work: Work) -> None:
        source, started = work.source, time.monotonic()
        problem = NO_PROBLEM
        verdict: Verdict | None = None
        try:
            if not self._confined(source.item):
                return
            readied = self._ready(grader, source.item)
            problem = readied.fault
            if not problem:
                verdict = self._judge(grader, work, readied.variant)
        except (Ungradable, SandboxUnavailable) as error:
            if work.tries + 1 < TRIES:
                self._schedule.put_behind(Work(source, work.whole, work.tries + 1))
                return
            problem = problem_of(error)
        except WorkshopError as error:
            problem = problem_of(error)
        seconds = time.monotonic() - started
        if problem:
            self._settle(Failed(source, problem, seconds, work.whole))
        elif verdict is not None:
            self._settle(Judged(source, verdict, seconds, work.whole))
        else:
            self._reports.put(Lengthy(source))
            self._schedule.put_behind(Work(source, True, work.tries))

    def _confined(self, item: Item) -> bool:
        """Whether code can be confined, where there is any; where that was never so, all of the run is off."""
        if item.kind is not Kind.CODING and item.variant is None:
            return True
        try:
            self._engine.warm()
        except SandboxUnavailable as error:
            if self._readied:
                raise
            self._schedule.stop()
            self._reports.put(Unconfined(error))
            return False
        return True

    def _judge(self, grader: Grader, work: Work, variant: dict[str, Any] | None) -> Verdict | None:
        item, content = work.source.item, work.source.submission.content
        if not work.whole:
            return self._tries.grade(
                grader, item, content, seed=self._terms.seed, scope=Scope.ALL, variant=variant
            )
        verdict = grader.grade(item, content, seed=self._terms.seed, variant=variant)
        self._tries.learn(item, verdict)
        return verdict

    def _settle(self, report: Report) -> None:
        self._reports.put(report)
        self._schedule.done()

    def _ready(self, grader: Grader, item: Item) -> _Readied:
        """Make an item ready, whichever lane comes to it first: its variant; and whether it can judge anybody.

        An item whose code does not even judge its own reference would let every submission run into the same limit; and
        how much time its right answers need is known from the first one.
        """
        with self._lock:
            readied = self._readied.setdefault(item.revision, _Readied())
        with readied.lock:
            if not readied.done:
                try:
                    if item.variant is not None:
                        readied.variant = grader.variants(item)[self._terms.variant]
                    if item.kind is Kind.CODING and item.reference is not None:
                        self._try_reference(grader, item, item.reference.source.encode(), readied.variant)
                except BankFault as fault:
                    readied.fault = problem_of(fault)
                readied.done = True
        return readied

    def _try_reference(self, grader: Grader, item: Item, content: bytes, variant: dict[str, Any] | None) -> None:
        def tried() -> bool:
            seed = self._terms.seed
            return self._tries.grade(grader, item, content, seed=seed, scope=Scope.ALL, variant=variant) is not None

        if not tried():
            verdict = grader.grade(item, content, seed=self._terms.seed, variant=variant)
            while verdict.status is Status.PASSED and not tried():
                self._tries.learn(item, verdict)

"""`Grader`: a submission and an item in, a verdict out, for every kind of item.

with Grader() as grader:
    verdict = grader.grade(item, b"def ...", seed=0)
"""

from __future__ import annotations

import codecs
import io
import json
import logging
import threading
import time
import tokenize
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

import grader
from grader import answers, words
from grader.errors import BankFault, Ungradable, WorkshopError
from grader.examiner.spec import Assignment, Scope, spec_of
from grader.examiners import Examiner, ExaminerEnded, Examiners, SandboxEnded
from grader.variants import VariantFailed, generate_variants
from grader.verdict import Status, TestResult, TestStatus, Verdict, Words
from questions.model import Item, Kind
from sandbox.client import Sandbox
from sandbox.model import SandboxUnavailable
from sandbox.placement import Placement, configured

log = logging.getLogger(__name__)

__all__ = ["Engine", "Grader", "Scope"]

MAX_CODE_BYTES = 256 * 1024
ENCODINGS = frozenset(
    {"utf-8", "utf-8-sig", "ascii", "iso8859-1", "cp1252", "gb2312", "gbk", "gb18030", "big5", "big5hkscs", "cp950"}
)
"""What editors save source in.  Python knows stranger ones: quadratic (punycode), or making code of escapes."""
KEPT_EXAMINERS = 16
RECYCLE_AFTER = 500
ENDING_SECONDS = 2.0
"""How long a fork server may take to be seen as ended by those who started it."""
ATTEMPTS = 6
"""Of which a submission may be running in no more than two when its surroundings end."""


class Engine:
    """What several graders share: one fork server and one warm examiner process, started when first needed."""

    def __init__(
        self, placement: Placement | None = None, on_start: Callable[[int], None] = lambda _count: None
    ) -> None:
        """`placement` is where candidates run; by default what `WORKSHOP_SANDBOX` says when they are first needed.

        `on_start` is told each time a sandbox was started, or connected to, and how often that has been.
        """
        self._lock = threading.Lock()
        self._placement = placement
        self._sandbox: Sandbox | None = None
        self._examiners: Examiners | None = None
        self._started = self._sandboxes = 0
        self._on_start = on_start
        self._closed = False

    def warm(self) -> int:
        """Start both processes, or what has died of them; how often something was started.

        Raises `SandboxUnavailable` (with its remedy) where code cannot be confined, `Ungradable` after `close`.
        """
        with self._lock:
            if self._closed:
                raise Ungradable("the grader is closed")
            if not self.alive:
                self._started += 1
                if self._examiners is not None and not self._examiners.alive:
                    self._examiners.close()
                    self._examiners = None
                if self._examiners is None:
                    self._examiners = Examiners()  # imports while the sandbox starts
                if self._sandbox is not None and not self._sandbox.alive:
                    self._sandbox.close()
                    self._sandbox = None
                if self._sandbox is None:
                    self._sandbox = Sandbox.start(self._placement or configured())
                    self._sandboxes += 1
                    self._on_start(self._sandboxes)
            return self._started

    def forget_sandbox(self, started: int) -> bool:
        """Whether the sandbox of `started` has ended; if so, the next `warm` starts another.

        An examiner that only says so ends nobody's sandbox: bank code may have hung up on a server that is well.
        """
        deadline = time.monotonic() + ENDING_SECONDS
        while True:
            with self._lock:
                if self._started != started or self._sandbox is None or not self._sandbox.alive:
                    return True
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)

    @property
    def alive(self) -> bool:
        """Whether both processes run: the kernel may have ended one for want of memory."""
        return (
            self._examiners is not None and self._examiners.alive and self._sandbox is not None and self._sandbox.alive
        )

    def examiner(self, item: Item) -> Examiner:
        """A fresh examiner for a coding item.  Raises `BankFault`."""
        self.warm()
        if self._examiners is None:
            raise Ungradable("the grader is closed")
        return self._examiners.start(spec_of(item), self.sandbox_path())

    def sandbox_path(self) -> Path:
        """Where the fork server listens.  Raises `Ungradable` before `warm` and after `close`."""
        if self._sandbox is None:
            raise Ungradable("the grader is closed")
        return Path(self._sandbox.path)

    def close(self) -> None:
        """End both processes, for good: whoever still grades gets `Ungradable`."""
        with self._lock:
            self._closed = True
            if self._examiners is not None:
                self._examiners.close()
                self._examiners = None
            if self._sandbox is not None:
                self._sandbox.close()
                self._sandbox = None


class Grader:
    """Grades submissions one at a time and keeps the examiners it has used warm.

    Not thread-safe; make one per thread.
    """

    def __init__(self, engine: Engine | None = None, kept: int = KEPT_EXAMINERS) -> None:
        """`kept` is how many examiners stay warm at most."""
        self._engine = engine or Engine()
        self._owns_engine = engine is None
        self._kept = kept
        self._examiners: OrderedDict[str, Examiner] = OrderedDict()
        self._started = 0
        """The engine's count when these examiners were made: those of a dead process are of no use."""

    @property
    def engine(self) -> Engine:
        """What it grades with, for work that is no grading."""
        return self._engine

    def grade(
        self,
        item: Item,
        content: bytes,
        *,
        seed: int,
        scope: Scope = Scope.ALL,
        modules: tuple[tuple[str, str], ...] = (),
        program: bool = False,
        variant: Mapping[str, Any] | None = None,
    ) -> Verdict:
        """The verdict of `content` for `item`; with `program` code is run by itself as well, where its scope is public.

        `variant` are the parameters of the student's variant, where the item has any.

        Never raises for what a submission is or does.  Raises `BankFault` when the item's own code misbehaves,
        `Ungradable` when the platform failed, `SandboxUnavailable` when code cannot be confined here.
        """
        if item.kind is Kind.CODING:
            ran = program and scope is Scope.PUBLIC
            given = json.dumps(variant, sort_keys=True, allow_nan=False) if variant else ""
            return self._grade_code(item, content, Assignment("", seed, scope, modules, ran, given))
        if item.kind is Kind.SHORT_ANSWER:
            return answers.grade_words(item, content, seed)
        if item.kind is Kind.CHOICE:
            return answers.grade_choice(item, content, seed, variant or {})
        return answers.grade_number(item, content, seed, variant or {})

    def variants(self, item: Item) -> list[dict[str, Any]]:
        """The parameters of an item's variants; empty where it has none.

        Raises `BankFault` when its code does not give any, `SandboxUnavailable` when code cannot be confined here.
        """
        if item.variant is None:
            return []
        try:
            return generate_variants(item.variant.source, self._engine)
        except VariantFailed as error:
            raise BankFault(f"{item.path}:{item.variant.line}: {error}") from error

    def _grade_code(self, item: Item, content: bytes, assignment: Assignment) -> Verdict:
        if item.tests is None or item.reference is None:
            raise WorkshopError(f"{item.path}:{item.line}: {item.id} has no tests or no reference and cannot be graded")
        if len(content) > MAX_CODE_BYTES:
            return _not_run(item, assignment, Status.ERROR, words.too_large(MAX_CODE_BYTES))
        source = _decode(content)
        if source is None:
            return _not_run(item, assignment, Status.ERROR, words.not_text())
        return self._until_judged(item, replace(assignment, source=source))

    def _until_judged(self, item: Item, assignment: Assignment) -> Verdict:
        """What was ended from outside is judged again; what ends its surroundings twice, never a third time."""
        sandboxes = examiners = 0
        for _ in range(ATTEMPTS):
            try:
                return self._judge(item, assignment)
            except SandboxEnded as error:
                last: WorkshopError = error
                sandboxes += error.ran
                if sandboxes == 2:
                    log.error("the sandbox ended twice during one submission for %s", item.id)
                    return _not_run(item, assignment, Status.CRASHED, words.sandbox_ended_twice())
            except ExaminerEnded as error:
                last = error
                examiners += 1
                if examiners == 2:
                    return self._ended_its_examiner(item, assignment, error)
        raise last

    def _ended_its_examiner(self, item: Item, assignment: Assignment, error: ExaminerEnded) -> Verdict:
        """A suite that ends its process on its own reference is at fault; else what it was given is.

        Otherwise a submission whose results crash the suite natively would be graded again without end.
        """
        assert item.reference is not None
        reference = Assignment(item.reference.source, assignment.seed, assignment.scope, variant=assignment.variant)
        try:
            verdict = self._judge(item, reference)
        except ExaminerEnded:
            raise error from None
        if verdict.status is not Status.PASSED:
            raise error
        log.error("the examiner ended twice during one submission for %s", item.id)
        return _not_run(item, assignment, Status.CRASHED, words.examiner_ended_twice())

    def _judge(self, item: Item, assignment: Assignment) -> Verdict:
        try:
            log.info("a candidate for %s is judged", item.id)
            verdict = self._examiner(item).judge(assignment)
            used = verdict.resources
            log.info(
                "the candidate ended: %s, %.3f s of processor time, %.3f s, %d MiB",
                verdict.status, used.cpu_seconds, used.wall_seconds, used.peak_memory >> 20,
            )  # fmt: skip
            return verdict
        except (WorkshopError, SandboxUnavailable) as error:
            self._drop(item)
            if isinstance(error, SandboxEnded) and not self._engine.forget_sandbox(self._started):
                raise ExaminerEnded(f"the examiner of {item.id} lost its connection to the sandbox") from error
            if isinstance(error, BankFault) and not self._engine.alive:  # the suite ended because we did
                raise Ungradable("a process of the grader's own was ended while it judged") from error
            raise

    def _examiner(self, item: Item) -> Examiner:
        if (started := self._engine.warm()) != self._started:
            self._drop_all()
            self._started = started
        examiner = self._examiners.get(item.revision)
        if examiner is not None and (examiner.judged >= RECYCLE_AFTER or examiner.heavy):
            self._drop(item)
            examiner = None
        if examiner is None:
            examiner = self._engine.examiner(item)
            self._examiners[item.revision] = examiner
            while len(self._examiners) > self._kept:
                self._examiners.popitem(last=False)[1].close()
        self._examiners.move_to_end(item.revision)
        return examiner

    def _drop(self, item: Item) -> None:
        examiner = self._examiners.pop(item.revision, None)
        if examiner is not None:
            examiner.close()

    def _drop_all(self) -> None:
        for examiner in self._examiners.values():
            examiner.close()
        self._examiners.clear()

    def close(self) -> None:
        """End the examiners, and the engine when it is this grader's own."""
        self._drop_all()
        if self._owns_engine:
            self._engine.close()

    def __enter__(self) -> Grader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _decode(content: bytes) -> str | None:
    """Python source as text, by its encoding comment or UTF-8; None when it is neither or not in `ENCODINGS`."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        if codecs.lookup(encoding).name not in ENCODINGS:
            return None
        text = content.decode(encoding)
        text.encode()
    except (SyntaxError, UnicodeError, LookupError):
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _not_run(item: Item, assignment: Assignment, status: Status, explanation: Words) -> Verdict:
    """A verdict without a test: nothing of the submission could be judged."""
    spec = spec_of(item)
    entries = [entry for entry in spec.entries if assignment.scope is Scope.ALL or not entry.hidden]
    return Verdict(
        item=spec.item, revision=item.revision, suite=item.suite, grader=grader.version(), seed=assignment.seed,
        status=status, score=0.0, max_score=sum(entry.points for entry in entries), explanation=explanation,
        tests=tuple(
            TestResult(entry.name, entry.title, TestStatus.NOT_RUN, entry.hidden, 0.0, entry.points)
            for entry in entries
        ),
    )  # fmt: skip

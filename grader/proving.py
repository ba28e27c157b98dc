"""Proving items: an item's reference passes everything, and everything that is wrong fails something.

Reference, starter, misconceptions and the universal wrong submissions all run as candidates in the sandbox, like a
student's.  `Prover` does several at once; `prove_in_steps` does one after the other, with room for others in between.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grader
from grader.errors import BankFault
from grader.findings import Case, Found, cases_of, columns_of, has_suite, plan
from grader.grading import Engine, Grader
from grader.proof import Finding, Proof
from grader.proof_of_answers import answer_faults, is_answered_at_once
from grader.variants import COUNT, VariantFailed, generate_variants, variant_faults
from grader.verdict import Verdict
from questions.model import Fault, Item

Progress = tuple[int, int]
"""Cases graded, and of how many."""


class ProvingStopped(Exception):
    """Somebody did not want to wait for the rest of a proof."""


class Prover:
    """Proves items, several cases at once.  A context manager; keeps one engine warm."""

    def __init__(self, jobs: int = 2, engine: Engine | None = None) -> None:
        self._engine = engine or Engine()
        self._owns_engine = engine is None
        self._pool = ThreadPoolExecutor(jobs)
        self._graders: list[Grader] = []
        self._idle: list[Grader] = []

    def prove(
        self, item: Item, done: Callable[[], None] = lambda: None, stopped: Callable[[], bool] = lambda: False
    ) -> Proof:
        """The proof of one item; `done` is called after each case.

        Raises `SandboxUnavailable` where code cannot be confined, `ProvingStopped` once `stopped` says so.
        """

        def graded(case: Case) -> Verdict:
            if stopped():
                raise ProvingStopped
            judge = self._idle.pop() if self._idle else self._new_grader()
            try:
                return _graded(judge, case)
            finally:
                self._idle.append(judge)
                done()

        proving = _Proving(item, self._engine)
        while proving.batch:
            try:
                told: list[Verdict] | BankFault = list(self._pool.map(graded, proving.batch))
            except BankFault as error:
                told = error
            proving.tell(told)
        return proving.proof()

    def _new_grader(self) -> Grader:
        judge = Grader(self._engine)
        self._graders.append(judge)
        return judge

    def close(self) -> None:
        """End what was started."""
        self._pool.shutdown()
        for judge in self._graders:
            judge.close()
        if self._owns_engine:
            self._engine.close()

    def __enter__(self) -> Prover:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def prove_in_steps(item: Item, judge: Grader) -> Generator[Progress, None, Proof]:
    """Grades one case after the other with `judge`; between two of them it may grade other things.

    Raises `SandboxUnavailable` where code cannot be confined, and `Ungradable` when the platform failed.
    """
    proving = _Proving(item, judge.engine)
    done, total = int(has_variants(item)), count_cases(item)
    if done:
        yield done, total
    while proving.batch:
        verdicts = []
        try:
            for case in proving.batch:
                verdicts.append(_graded(judge, case))
                done += 1
                yield done, max(done, total)
        except BankFault as error:
            proving.tell(error)
        else:
            proving.tell(verdicts)
    return proving.proof()


def needs_proof(item: Item) -> bool:
    """Whether reading `item` is not enough: it holds code to be tried, or answers to be judged."""
    return has_suite(item) or has_variants(item) or is_answered_at_once(item)


def has_variants(item: Item) -> bool:
    """Whether there are variants to generate."""
    return item.variant is not None and item.servable


def count_cases(item: Item) -> int:
    """How many steps a proof of `item` takes, if its reference passes."""
    variants = [None] * COUNT if has_variants(item) else []
    suite = len(cases_of(item, variants)) + len(item.misconceptions) if has_suite(item) else 0
    return has_variants(item) + suite  # misconceptions are tried twice


def _graded(judge: Grader, case: Case) -> Verdict:
    return judge.grade(case.item, case.source.encode(), seed=case.seed, modules=case.modules, variant=case.variant)


class _Proving:
    """One item on its way to a proof: what is to be graded next, until nothing is."""

    def __init__(self, item: Item, engine: Engine) -> None:
        self._item = item
        self._started = time.perf_counter()
        variants, self._faults = _drawn(item, engine)
        if not self._faults and is_answered_at_once(item):
            self._faults = answer_faults(item, variants)
        self._found = Found(())
        self._plan = plan(item, variants) if has_suite(item) and not self._faults else None
        self.batch: tuple[Case, ...] = ()
        self.tell(None)

    def tell(self, told: Sequence[Verdict] | BankFault | None) -> None:
        """What came of the batch; nothing at first."""
        if self._plan is None:
            return
        try:
            if told is None:
                self.batch = next(self._plan)
            elif isinstance(told, BankFault):
                self.batch = self._plan.throw(told)
            else:
                self.batch = self._plan.send(told)
        except StopIteration as end:
            self.batch, self._found = (), end.value

    def proof(self) -> Proof:
        item, found = self._item, self._found
        return Proof(
            item=f"{item.bank}/{item.id}",
            revision=item.revision,
            suite=item.suite,
            grader=grader.version(),
            findings=tuple(_finding(item, fault) for fault in (*self._faults, *found.faults)),
            tests=columns_of(item) if self._plan is not None else (),
            rows=found.rows,
            idle=found.idle,
            seconds=round(time.perf_counter() - self._started, 3),
        )


def _drawn(item: Item, engine: Engine) -> tuple[list[dict[str, Any]], list[Fault]]:
    """An item's variants, and what is wrong with them."""
    if item.variant is None or not has_variants(item):
        return [], []
    try:
        variants = generate_variants(item.variant.source, engine)
    except VariantFailed as error:
        return [], [Fault(item.path, item.variant.line, str(error), item=item.id)]
    return variants, variant_faults(item, variants)


def _finding(item: Item, fault: Fault) -> Finding:
    return Finding(fault.line, fault.severity, fault.text, "" if fault.path == item.path else str(fault.path))

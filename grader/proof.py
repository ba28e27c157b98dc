"""What "proved" means: an item's reference passes everything, and everything that is wrong fails something.

Reference, starter, misconceptions and the universal wrong submissions all run as candidates in the sandbox, like a
student's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import BankFault, WorkshopError
from grader.grading import Engine, Grader
from grader.universal import universal_sources
from grader.variants import prove_variants
from grader.verdict import Status, TestStatus, Verdict
from questions.model import Fault, Item, Kind, Severity

REFERENCE_SEEDS = (0, 1, 2)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the matrix: a wrong submission and what each test said of it."""

    name: str
    results: tuple[tuple[str, TestStatus], ...]

    @property
    def caught_by(self) -> tuple[str, ...]:
        return tuple(name for name, status in self.results if status is not TestStatus.PASSED)


@dataclass(frozen=True, slots=True)
class Proof:
    """What proving an item found.  Proved means no faults among them."""

    item: Item
    faults: tuple[Fault, ...]
    rows: tuple[Row, ...] = ()
    seconds: float = 0.0

    @property
    def proved(self) -> bool:
        return not any(fault.severity is Severity.FAULT for fault in self.faults)


@dataclass(frozen=True, slots=True)
class _Case:
    """One submission that a proof grades."""

    role: str
    name: str
    line: int
    source: str
    seed: int = 0
    with_reference: bool = True


class Prover:
    """Proves items, several cases at once.  A context manager; keeps one engine warm."""

    def __init__(self, jobs: int = 2, engine: Engine | None = None) -> None:
        self._engine = engine or Engine()
        self._owns_engine = engine is None
        self._pool = ThreadPoolExecutor(jobs)
        self._graders: list[Grader] = []
        self._idle: list[Grader] = []

    def prove(self, item: Item, done: Callable[[], None] = lambda: None) -> Proof:
        """The proof of one item.  Raises `SandboxUnavailable` where code cannot be confined."""
        started = time.perf_counter()
        faults: list[Fault] = []
        rows: tuple[Row, ...] = ()
        if item.kind is Kind.CODING and item.servable:
            found, rows = self._prove_suite(item, done)
            faults.extend(found)
        elif item.variant is not None and item.servable:
            faults.extend(prove_variants(item, self._engine))
        return Proof(item, tuple(faults), rows, time.perf_counter() - started)

    def _prove_suite(self, item: Item, done: Callable[[], None]) -> tuple[list[Fault], tuple[Row, ...]]:
        cases = list(_cases(item))
        reference = item.reference.source if item.reference else ""
        try:
            verdicts = list(self._pool.map(lambda case: self._grade(item, case, reference, done), cases))
        except BankFault as error:
            return [_fault_of(item, error)], ()
        pairs = list(zip(cases, verdicts, strict=True))
        rows = tuple(
            Row(case.name, tuple((test.name, test.status) for test in verdict.tests))
            for case, verdict in pairs
            if case.role == "misconception"
        )
        return [*_faults(item, pairs), *_equals(item, pairs)], rows

    def _grade(self, item: Item, case: _Case, reference: str, done: Callable[[], None]) -> Verdict:
        grader = self._idle.pop() if self._idle else self._new_grader()
        try:
            modules = (("reference", reference),) if case.with_reference else ()
            return grader.grade(item, case.source.encode(), seed=case.seed, modules=modules)
        finally:
            self._idle.append(grader)
            done()

    def _new_grader(self) -> Grader:
        grader = Grader(self._engine)
        self._graders.append(grader)
        return grader

    def close(self) -> None:
        """End what was started."""
        self._pool.shutdown()
        for grader in self._graders:
            grader.close()
        if self._owns_engine:
            self._engine.close()

    def __enter__(self) -> Prover:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def count_cases(item: Item) -> int:
    """How many submissions a proof of `item` grades."""
    return len(list(_cases(item))) if item.kind is Kind.CODING and item.servable else 0


def _cases(item: Item) -> list[_Case]:
    cases = []
    if item.reference is not None:
        cases += [
            _Case("reference", "reference", item.reference.line, item.reference.source, seed, with_reference=False)
            for seed in REFERENCE_SEEDS
        ]
    if item.starter is not None:
        cases.append(_Case("starter", "starter", item.starter.line, item.starter.source, with_reference=False))
    cases += [_Case("misconception", m.id, m.code.line - 1, m.code.source) for m in item.misconceptions]
    line = item.tests.line - 1 if item.tests else item.line
    cases += [_Case("universal", name, line, source) for name, source in universal_sources().items()]
    return cases


def _faults(item: Item, pairs: Sequence[tuple[_Case, Verdict]]) -> list[Fault]:
    faults = []
    lines = {spec.name: spec.line for spec in item.test_specs}
    for case, verdict in pairs:
        passed = verdict.status is Status.PASSED
        if case.role == "reference" and not passed:
            faults += _reference_faults(item, case, verdict, lines)
        elif case.role == "starter" and passed:
            faults.append(_fault(item, case.line, "the starter passes every test: leave the work to the student"))
        elif case.role == "misconception" and passed:
            text = f"misconception {case.name!r} passes every test: add a test that it fails, or remove it"
            faults.append(_fault(item, case.line, text))
        elif case.role == "misconception" and verdict.status is Status.ERROR:
            text = f"misconception {case.name!r} cannot be run: {verdict.explanation.en}"
            faults.append(_fault(item, case.line, text))
        elif case.role == "universal" and passed:
            text = f"the universal wrong submission {case.name!r} passes every test: the suite tests too little"
            faults.append(_fault(item, case.line, text))
    return faults


def _reference_faults(item: Item, case: _Case, verdict: Verdict, lines: dict[str, int]) -> list[Fault]:
    if verdict.status is Status.ERROR:
        return [_fault(item, case.line, f"the reference cannot be run: {verdict.explanation.en}")]
    faults = []
    for test in verdict.tests:
        if test.status is not TestStatus.PASSED:
            why = test.message.splitlines()[0] if test.message else verdict.explanation.en
            text = f"the reference fails {test.name} with seed {case.seed}: {why or test.status.value}"
            faults.append(_fault(item, lines.get(test.name, case.line), text))
    return faults


def _equals(item: Item, pairs: Sequence[tuple[_Case, Verdict]]) -> list[Fault]:
    """Two misconceptions are equal when each explains the other."""
    named = {case.name: (case, verdict) for case, verdict in pairs if case.role == "misconception"}
    explained = {name: {found.misconception for found in verdict.diagnosis} for name, (_, verdict) in named.items()}
    faults = []
    names = list(named)
    for position, one in enumerate(names):
        for other in names[position + 1 :]:
            if other in explained[one] and one in explained[other]:
                text = f"misconceptions {one!r} and {other!r} give equal outputs on every call: keep one of them"
                faults.append(_fault(item, named[other][0].line, text))
        if named[one][1].status not in (Status.PASSED, Status.ERROR) and one not in explained[one]:
            text = f"misconception {one!r} is not recognised by its own outputs: a student who makes it is not told"
            faults.append(replace(_fault(item, named[one][0].line, text), severity=Severity.REMARK))
    return faults


def _fault(item: Item, line: int, text: str) -> Fault:
    return Fault(item.path, line, text, Severity.FAULT, item.id)


def _fault_of(item: Item, error: WorkshopError) -> Fault:
    """A bank fault's own place when it names one, else the tests' first line."""
    prefix = f"{item.path}:"
    text = str(error)
    line = item.tests.line if item.tests else item.line
    if text.startswith(prefix):
        number, _, rest = text[len(prefix) :].partition(": ")
        if number.isdigit():
            return _fault(item, int(number), rest)
    return _fault(item, line, text)


def sort_faults(faults: Sequence[Fault]) -> list[Fault]:
    """By file and line, each once."""
    unique = {(str(fault.path), fault.line, fault.text): fault for fault in faults}
    return [unique[key] for key in sorted(unique)]


def relative(path: Path) -> Path:
    """`path` as a reader in the current folder would write it."""
    try:
        return path.resolve().relative_to(Path.cwd())
    except ValueError:
        return path

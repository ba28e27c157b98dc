"""What "proved" means: an item's reference passes everything, and everything that is wrong fails something.

Reference, starter, misconceptions and the universal wrong submissions all run as candidates in the sandbox, like a
student's.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import BankFault, WorkshopError
from grader.grading import Engine, Grader
from grader.universal import DESCRIPTIONS, universal_sources
from grader.variants import prove_variants
from grader.verdict import Status, TestStatus, Verdict
from grader.words import told
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
        first, *others = _cases(item)
        reference = item.reference.source if item.reference else ""

        def graded(case: _Case) -> Verdict:
            return self._grade(item, case, reference, done)

        try:
            # A reference that fails says nothing of the rest, and an endless suite need not be waited for twice.
            verdicts = [graded(first)]
            if verdicts[0].status is Status.PASSED:
                verdicts += self._pool.map(graded, others)
            pairs = list(zip([first, *others], verdicts, strict=False))
            failing = next((case for case, verdict in pairs if _fails_as_reference(case, verdict)), None)
            if failing is not None:
                return _reference_faults(item, failing, self._grade(_opened(item), failing, reference)), ()
        except BankFault as error:
            return [_fault_of(item, error)], ()
        rows = tuple(
            Row(case.name, tuple((test.name, test.status) for test in verdict.tests))
            for case, verdict in pairs
            if case.role == "misconception"
        )
        return [*_faults(item, pairs), *_equals(item, pairs), *_given_away(item, pairs)], rows

    def _grade(self, item: Item, case: _Case, reference: str, done: Callable[[], None] = lambda: None) -> Verdict:
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
    cases += [_Case("misconception", m.id, m.code.line, m.code.source) for m in item.misconceptions]
    cases += [_Case("universal", name, item.line, source) for name, source in universal_sources().items()]
    return cases


def _opened(item: Item) -> Item:
    """`item` without hidden tests: its author may read what a student may not."""
    specs = tuple(replace(spec, hidden=False) for spec in item.test_specs)
    return replace(item, revision=f"{item.revision}:opened", test_specs=specs)


def _fails_as_reference(case: _Case, verdict: Verdict) -> bool:
    return case.role == "reference" and verdict.status is not Status.PASSED


def _reference_faults(item: Item, case: _Case, verdict: Verdict) -> list[Fault]:
    if verdict.status is Status.ERROR:
        line, why = _why_not_loaded(case, verdict)
        return [_fault(item, line, f"the reference cannot be loaded: {why}")]
    lines = {spec.name: spec.line for spec in item.test_specs}
    faults = []
    for test in verdict.tests:
        if test.status is not TestStatus.PASSED:
            why = told(test.message, "en").partition("\n")[0] or verdict.explanation.en or test.status.value
            text = f"the reference fails {test.name} with seed {case.seed} ({why}): mend one of the two"
            faults.append(_fault(item, lines.get(test.name, case.line), text))
    unstable = f"the reference passes and fails by turns with seed {case.seed}: draw all random numbers from rng"
    return faults or [_fault(item, case.line, unstable)]


def _why_not_loaded(case: _Case, verdict: Verdict) -> tuple[int, str]:
    """The file's line on which loading ended, and what was raised there."""
    raised = verdict.exception
    if raised is None:
        return case.line, verdict.explanation.en.replace("Your code does", "it does").rstrip(".")
    line = case.line + raised.lines[-1] - 1 if raised.lines else case.line
    return line, f"{raised.type}: {raised.message}".partition("\n")[0]


def _faults(item: Item, pairs: Sequence[tuple[_Case, Verdict]]) -> list[Fault]:
    faults = []
    passing = [case.name for case, verdict in pairs if case.role == "universal" and verdict.status is Status.PASSED]
    for case, verdict in pairs:
        passed = verdict.status is Status.PASSED
        if case.role == "starter" and passed:
            faults.append(_fault(item, case.line, "the starter passes every test: leave the work to the student"))
        elif case.role == "misconception" and passed:
            text = f"misconception {case.name!r} passes every test: add a test that it fails, or remove it"
            faults.append(_fault(item, case.line - 1, text))
        elif case.role == "misconception" and verdict.status is Status.ERROR:
            line, why = _why_not_loaded(case, verdict)
            faults.append(_fault(item, line, f"misconception {case.name!r} cannot be loaded: {why}"))
    if passing and item.tests is not None:
        listed = "; ".join(f"{name!r}, where {DESCRIPTIONS[name]}" for name in passing[:3])
        more = f"; {len(passing) - 3} more" if len(passing) > 3 else ""
        text = f"the tests let wrong submissions pass ({listed}{more}): test what is returned, on several inputs"
        faults.append(_fault(item, item.tests.line - 1, text))
    return faults


def _given_away(item: Item, pairs: Sequence[tuple[_Case, Verdict]]) -> list[Fault]:
    """A remark on each test that nothing wrong has failed, though not even the starter can be right."""
    wrong = [verdict for case, verdict in pairs if case.role != "reference" and verdict.status is not Status.ERROR]
    failed = {test.name for verdict in wrong for test in verdict.tests if test.status is not TestStatus.PASSED}
    return [
        replace(_fault(item, spec.line, _GIVEN_AWAY.format(spec.name)), severity=Severity.REMARK)
        for spec in item.test_specs
        if spec.name not in failed and any(verdict.status is not Status.PASSED for verdict in wrong)
    ]


_GIVEN_AWAY = "{} passes whatever is submitted, the starter included: make it use what the submission returns"


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
                faults.append(_fault(item, named[other][0].line - 1, text))
        if named[one][1].status not in (Status.PASSED, Status.ERROR) and one not in explained[one]:
            text = f"misconception {one!r} is not recognised by its own outputs: a student who makes it is not told"
            faults.append(replace(_fault(item, named[one][0].line - 1, text), severity=Severity.REMARK))
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
            line, text = int(number), rest
    return _fault(item, line, re.sub(r": E {2,}", ": ", text))


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

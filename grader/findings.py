"""What the verdicts on an item's reference, starter and wrong answers say of the item: pure decisions.

`plan` asks for verdicts and is told them; who grades, and how many at once, is the caller's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any

from grader.errors import BankFault, WorkshopError
from grader.proof import CAUGHT, Column, Role, Row
from grader.universal import DESCRIPTIONS, universal_sources
from grader.verdict import Status, TestStatus, Verdict
from grader.words import told
from questions.faults import FaultList
from questions.model import Fault, Item, Kind

REFERENCE_SEEDS = (0, 0, 1, 2)
"""One of them twice: what differs from run to run is no reference."""
ALTERNATIVE_SEEDS = (0, 1)
Variants = Sequence[Mapping[str, Any] | None]
"""The parameters of an item's variants."""

_IDLE = "{} passes whatever is submitted, the starter included: make it use what the submission returns"


@dataclass(frozen=True, slots=True)
class Case:
    """One submission that a proof grades, for `item`."""

    item: Item
    role: Role
    name: str
    line: int
    source: str
    seed: int = 0
    variant: Mapping[str, Any] | None = None

    @property
    def modules(self) -> tuple[tuple[str, str], ...]:
        """What it may import: wrong answers are written on top of the reference."""
        if self.role in (Role.REFERENCE, Role.STARTER) or self.item.reference is None:
            return ()
        return (("reference", self.item.reference.source),)


@dataclass(frozen=True, slots=True)
class Found:
    """What a suite's verdicts gave."""

    faults: tuple[Fault, ...]
    rows: tuple[Row, ...] = ()
    idle: tuple[str, ...] = ()


_ENDS = {
    Status.TIMEOUT: "does not come to an end in its time",
    Status.MEMORY: "needs more memory than the item allows",
    Status.CRASHED: "ends its own process",
}

Plan = Generator[tuple[Case, ...], Sequence[Verdict], Found]
Pairs = Sequence[tuple[Case, Verdict]]


def has_suite(item: Item) -> bool:
    """Whether there are tests to try on something."""
    return item.kind is Kind.CODING and item.servable


def cases_of(item: Item, variants: Variants = ()) -> tuple[Case, ...]:
    """Everything a proof grades: the reference first and with every variant, the others with the first variant."""
    cases = []
    one = variants[0] if variants else None
    if item.reference is not None:
        code = item.reference
        drawn = zip(cycle(REFERENCE_SEEDS), variants or [None] * len(REFERENCE_SEEDS), strict=False)
        cases += [Case(item, Role.REFERENCE, "reference", code.line, code.source, *each) for each in drawn]
    if item.starter is not None:
        cases.append(Case(item, Role.STARTER, "starter", item.starter.line, item.starter.source, 0, one))
    cases += [
        Case(item, Role.ALTERNATIVE, right.id, right.code.line, right.code.source, seed, one)
        for right in item.alternatives
        for seed in ALTERNATIVE_SEEDS
    ]
    cases += [Case(item, Role.MISCONCEPTION, m.id, m.code.line, m.code.source, 0, one) for m in item.misconceptions]
    cases += [Case(item, Role.UNIVERSAL, name, item.line, code, 0, one) for name, code in universal_sources().items()]
    return tuple(cases)


def columns_of(item: Item) -> tuple[Column, ...]:
    """The tests of an item as columns."""
    return tuple(Column(spec.name, spec.line, spec.points, spec.hidden) for spec in item.test_specs)


def plan(item: Item, variants: Variants = ()) -> Plan:
    """Yields cases, wants their verdicts sent (or the `BankFault` of grading them thrown), returns what was found."""
    first, *others = cases_of(item, variants)
    try:
        # A reference that fails says nothing of the rest, and an endless suite need not be waited for twice.
        verdicts = [*(yield (_alone(first),))]
        if verdicts[0].status is Status.PASSED:
            right = tuple(_alone(case) for case in others if case.role is Role.ALTERNATIVE)
            if right and (found := _refused(item, list(zip(right, (yield right), strict=True)))):
                return found
            others = [case for case in others if case.role is not Role.ALTERNATIVE]
            tried = tuple(_alone(case) for case in others if case.role is Role.MISCONCEPTION)
            if tried and (found := _fatal(item, list(zip(tried, (yield tried), strict=True)))):
                return found
            verdicts += yield tuple(others)
        pairs = list(zip([first, *others], verdicts, strict=False))
        failing = next((case for case, verdict in pairs if _fails_as_reference(case, verdict)), None)
        if failing is not None:
            (opened,) = yield (replace(failing, item=_opened(item)),)
            return Found(_reference_faults(failing, opened))
    except BankFault as error:
        return Found((_bank_fault(item, error),))
    wrong = [(case, verdict) for case, verdict in pairs if case.role is not Role.REFERENCE]
    rows = tuple(_row(case, verdict) for case, verdict in wrong)
    idle = _idle(wrong)
    faults = FaultList(item.path, item.id)
    _slipping(item, wrong, faults)
    _equal(wrong, faults)
    for spec in item.test_specs:
        if spec.name in idle:
            faults.remark(spec.line, _IDLE.format(spec.name))
    return Found(tuple(faults.found), rows, idle)


def _row(case: Case, verdict: Verdict) -> Row:
    found = {test.name: test.status for test in verdict.tests}
    results = tuple(found.get(spec.name, TestStatus.NOT_RUN) for spec in case.item.test_specs)
    return Row(case.role, case.name, case.line, verdict.status, results)


def _alone(case: Case) -> Case:
    """`case` without misconceptions to compare it with: one that ends its process would end the examiner's as well."""
    bare = replace(case.item, revision=f"{case.item.revision}:alone", misconceptions=())
    return replace(case, item=bare)


def _fatal(item: Item, pairs: Pairs) -> Found | None:
    """Misconceptions that end before they are judged: whoever is wrong would wait for them, in vain."""
    faults = FaultList(item.path, item.id)
    for case, verdict in pairs:
        if verdict.status in _ENDS:
            text = f"misconception {case.name!r} {_ENDS[verdict.status]}: make it return something wrong, or remove it"
            faults.fault(_line_reached(case, verdict), text)
    return Found(tuple(faults.found), tuple(_row(case, verdict) for case, verdict in pairs)) if faults.found else None


def _refused(item: Item, pairs: Pairs) -> Found | None:
    """Other right answers that the tests do not let pass: each at the first test that it fails."""
    faults = FaultList(item.path, item.id)
    for case, verdict in pairs:
        if verdict.status is Status.PASSED or any(case.line - 1 == fault.line for fault in faults.found):
            continue
        failing = next((test for test in verdict.tests if test.status in CAUGHT), None)
        if verdict.status is Status.ERROR:
            why = f"cannot be loaded: {_why_not_loaded(case, verdict)[1]}"
        elif verdict.status in _ENDS or failing is None:
            why = _ENDS.get(verdict.status, "passes and fails by turns")
        else:
            said = told(failing.message, "en").partition("\n")[0] or failing.status.value
            why = f"fails {failing.name} with seed {case.seed} ({said})"
        text = f"alternative {case.name!r} {why}: mend the test if the answer is right, else make it a misconception"
        faults.fault(case.line - 1, text)
    return Found(tuple(faults.found)) if faults.found else None


def _line_reached(case: Case, verdict: Verdict) -> int:
    """The file's line where its time was up, else the line of its fence."""
    return case.line + verdict.at[-1] - 1 if verdict.at else case.line - 1


def _opened(item: Item) -> Item:
    """`item` without hidden tests: its author may read what a student may not."""
    specs = tuple(replace(spec, hidden=False) for spec in item.test_specs)
    return replace(item, revision=f"{item.revision}:opened", test_specs=specs)


def _fails_as_reference(case: Case, verdict: Verdict) -> bool:
    return case.role is Role.REFERENCE and verdict.status is not Status.PASSED


def _reference_faults(case: Case, verdict: Verdict) -> tuple[Fault, ...]:
    faults = FaultList(case.item.path, case.item.id)
    if verdict.status is Status.ERROR:
        line, why = _why_not_loaded(case, verdict)
        faults.fault(line, f"the reference cannot be loaded: {why}")
        return tuple(faults.found)
    if verdict.status in _ENDS:
        text = f"the reference {_ENDS[verdict.status]}: mend it, or raise the item's limits"
        faults.fault(_line_reached(case, verdict), text)
        return tuple(faults.found)
    lines = {spec.name: spec.line for spec in case.item.test_specs}
    for test in verdict.tests:
        if test.status is not TestStatus.PASSED:
            why = told(test.message, "en").partition("\n")[0] or verdict.explanation.en or test.status.value
            drawn = f"seed {case.seed}" + (f" and the variant {json.dumps(case.variant)}" if case.variant else "")
            text = f"the reference fails {test.name} with {drawn} ({why}): mend one of the two"
            faults.fault(lines.get(test.name, case.line), text)
    if not faults.found:
        text = f"the reference passes and fails by turns with seed {case.seed}: draw all random numbers from rng"
        faults.fault(case.line, text)
    return tuple(faults.found)


def _why_not_loaded(case: Case, verdict: Verdict) -> tuple[int, str]:
    """The file's line on which loading ended, and what was raised there."""
    raised = verdict.exception
    if raised is None:
        return case.line, verdict.explanation.en.replace("Your code does", "it does").rstrip(".")
    line = case.line + raised.lines[-1] - 1 if raised.lines else case.line
    return line, f"{raised.type}: {raised.message}".partition("\n")[0]


def _slipping(item: Item, pairs: Pairs, faults: FaultList) -> None:
    """What is wrong and passes every test, or cannot be tried."""
    passing = [case.name for case, verdict in pairs if case.role is Role.UNIVERSAL and verdict.status is Status.PASSED]
    for case, verdict in pairs:
        passed = verdict.status is Status.PASSED
        if case.role is Role.STARTER and passed:
            faults.fault(case.line, "the starter passes every test: leave the work to the student")
        elif case.role is Role.MISCONCEPTION and passed:
            text = f"misconception {case.name!r} passes every test: add a test that it fails, or remove it"
            faults.fault(case.line - 1, text)
        elif case.role is Role.MISCONCEPTION and verdict.status is Status.ERROR:
            line, why = _why_not_loaded(case, verdict)
            faults.fault(line, f"misconception {case.name!r} cannot be loaded: {why}")
    if passing and item.tests is not None:
        listed = "; ".join(f"{name!r}, where {DESCRIPTIONS[name]}" for name in passing[:3])
        more = f"; {len(passing) - 3} more" if len(passing) > 3 else ""
        text = f"the tests let wrong submissions pass ({listed}{more}): test what is returned, on several inputs"
        faults.fault(item.tests.line - 1, text)


def _idle(pairs: Pairs) -> tuple[str, ...]:
    """The tests that nothing wrong fails, though not even the starter can be right."""
    wrong = [verdict for _, verdict in pairs if verdict.status is not Status.ERROR]
    if all(verdict.status is Status.PASSED for verdict in wrong):
        return ()
    names = dict.fromkeys(test.name for verdict in wrong for test in verdict.tests)
    failed = {test.name for verdict in wrong for test in verdict.tests if test.status in CAUGHT}
    return tuple(name for name in names if name not in failed)


def _equal(pairs: Pairs, faults: FaultList) -> None:
    """Two misconceptions are equal when each explains the other."""
    named = {case.name: (case, verdict) for case, verdict in pairs if case.role is Role.MISCONCEPTION}
    explained = {name: {found.misconception for found in verdict.diagnosis} for name, (_, verdict) in named.items()}
    names = list(named)
    for position, one in enumerate(names):
        case, verdict = named[one]
        for other in names[position + 1 :]:
            if other in explained[one] and one in explained[other]:
                text = f"misconceptions {one!r} and {other!r} give equal outputs on every call: keep one of them"
                faults.fault(named[other][0].line - 1, text)
        if verdict.status not in (Status.PASSED, Status.ERROR) and one not in explained[one]:
            text = f"misconception {one!r} is not recognised by its own outputs: a student who makes it is not told"
            faults.remark(case.line - 1, text)


def _bank_fault(item: Item, error: WorkshopError) -> Fault:
    """A bank fault at its own place when it names one, else at the tests' first line."""
    text = str(error)
    path, line = item.path, item.tests.line if item.tests else item.line
    for file in {item.path, *(code.path for code in item.shared if code.path)}:
        number, _, rest = text.removeprefix(f"{file}:").partition(": ")
        if text.startswith(f"{file}:") and number.isdigit():
            path, line, text = file, int(number), rest
            break
    faults = FaultList(path, item.id)
    faults.fault(line, re.sub(r": E {2,}", ": ", text))
    return faults.found[0]

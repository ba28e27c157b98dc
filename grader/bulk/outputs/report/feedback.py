"""What a student's own page says: nothing of anybody else, and of hidden tests only how they went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from grader.bulk.model import Graded
from grader.bulk.outputs.classbook import ClassBook, Student, key_of
from grader.bulk.outputs.remarks import leading, status_of
from grader.documents import to_json
from grader.pictures.comparison import Picture, telling
from grader.pictures.parts import Extent
from grader.shown_text import text_of, visible
from grader.verdict import Diagnosis, Status, TestResult, TestStatus, Verdict
from questions.model import Item, Kind, Reading

FIRST, OTHERS = Extent(side=32, slices=1), Extent(side=10, slices=1, tables=False)
"""How much of a matrix the first failure shows, and each of the others."""
AROUND = 2
"""Lines of the code above and below the one that is spoken of."""
LONGEST_LINE = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the student's code."""

    number: int
    text: str
    meant: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """Public tests that fail for one reason, as the first of them shows it."""

    tests: tuple[TestResult, ...]
    picture: Picture | None
    of_call: bool
    """Whether the picture shows what the call gave back, and not what the test compared."""
    inputs: tuple[tuple[str, str, str], ...]
    """Name, type and shape or value of each argument of the call."""
    lines: tuple[Line, ...]

    @property
    def test(self) -> TestResult:
        """The one that is shown."""
        return self.tests[0]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A known mistake, and the passage that explains it."""

    found: Diagnosis
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a student handed in for an item, and what became of it."""

    item: Item | None
    result: Graded
    file: str
    status: Status
    counts: bool
    more: int
    """How many others of the same item do not count."""
    leading: tuple[Mistake, ...] = ()
    minor: tuple[Mistake, ...] = ()
    because: tuple[Failure, ...] = ()
    """What fails through the leading mistakes."""
    failures: tuple[Failure, ...] = ()
    hidden: tuple[TestResult, ...] = ()
    not_run: tuple[TestResult, ...] = ()
    passed: tuple[TestResult, ...] = ()
    lines: tuple[Line, ...] = ()
    """Where loading it failed, or where it was when its time was over."""

    @property
    def verdict(self) -> Verdict | None:
        """Nothing where it could not be graded."""
        return self.result.verdict


def answers_of(student: Student, book: ClassBook) -> tuple[Answer, ...]:
    """Everything of a student that counts, in the order of the items; then what could not be placed."""
    answers = []
    for item in book.items:
        if (result := student.counting.get(key_of(item))) is not None:
            same = [each for each in student.results if each.submission.item is item]
            answers.append(_answer(item, book.whole(result), max(0, len(same) - 1)))
    unplaced = [each for each in student.results if each.submission.item is None]
    return (*answers, *(_answer(None, result, 0) for result in unplaced))


def _answer(item: Item | None, result: Graded, more: int) -> Answer:
    verdict = result.verdict
    file = PurePosixPath(result.path).name
    if verdict is None or item is None:
        return Answer(item, result, file, status_of(result), item is not None, more)
    code = text_of(result.submission.content).split("\n") if item.kind is Kind.CODING else []
    first = leading(verdict)
    because = {name for found in first for name in found.tests}
    failing = [test for test in verdict.tests if test.status in (TestStatus.FAILED, TestStatus.ERROR)]
    public = [test for test in failing if not test.hidden]
    ended = verdict.status in (Status.TIMEOUT, Status.MEMORY, Status.CRASHED)
    groups = _grouped([test for test in public if test.name in because], code, FIRST, ended)
    others = _grouped([test for test in public if test.name not in because], code, OTHERS if groups else FIRST, ended)
    raised = verdict.exception.lines if verdict.exception else ()
    readings = {reading.id: reading for reading in item.readings}
    mistakes = [Mistake(found, readings.get(found.reading)) for found in verdict.diagnosis]
    return Answer(
        item, result, file, verdict.status, True, more,
        leading=tuple(each for each in mistakes if each.found in first),
        minor=tuple(each for each in mistakes if each.found not in first),
        because=groups,
        failures=others,
        hidden=tuple(test for test in failing if test.hidden),
        not_run=tuple(test for test in verdict.tests if test.status is TestStatus.NOT_RUN),
        passed=tuple(test for test in verdict.tests if test.status is TestStatus.PASSED),
        lines=_around(code, (verdict.at or raised)[-1:]),
    )  # fmt: skip


def _grouped(tests: Sequence[TestResult], code: Sequence[str], extent: Extent, ended: bool) -> tuple[Failure, ...]:
    """Tests by what stops them: one error on one line stands once, whatever it stops."""
    groups: dict[tuple[str, object], list[TestResult]] = {}
    for test in tests:
        raised = test.exception
        key = (raised.type, raised.lines[-1:] or raised.message) if raised else ("", test.name)
        groups.setdefault(key, []).append(test)
    ordered = sorted(groups.values(), key=len, reverse=True)
    return tuple(
        _failure(tuple(group), code, OTHERS if place else extent, ended) for place, group in enumerate(ordered)
    )


def _failure(tests: tuple[TestResult, ...], code: Sequence[str], extent: Extent, ended: bool) -> Failure:
    test = tests[0]
    picture, of_call = (None, False) if test.exception else telling(_Compared.of(test), extent)
    inputs = tuple(_input(to_json(each)) for each in test.inputs)
    lines = _around(code, test.exception.lines[-1:]) if test.exception else ()
    return Failure(tests, picture, of_call, () if ended else inputs, lines)


@dataclass(frozen=True, slots=True)
class _Compared:
    """What a picture is made of, in the form of a verdict's document."""

    comparison: Mapping[str, Any] | None
    outcome: Mapping[str, Any] | None

    @classmethod
    def of(cls, test: TestResult) -> _Compared:
        return cls(to_json(test.comparison), to_json(test.outcome))


def _input(argument: Mapping[str, Any]) -> tuple[str, str, str]:
    value = argument.get("value")
    if value is None:
        return str(argument["name"]), "", visible(str(argument.get("text", "")))[:LONGEST_LINE]
    shape = ", ".join(map(str, value["shape"]))
    return str(argument["name"]), str(value["dtype"]), f"({shape}{',' if len(value['shape']) == 1 else ''})"


def _around(code: Sequence[str], at: Sequence[int]) -> tuple[Line, ...]:
    """The lines around the one that is meant; nothing where there is no such line."""
    if not at or not 0 < at[0] <= len(code):
        return ()
    start, end = max(1, at[0] - AROUND), min(len(code), at[0] + AROUND)
    return tuple(
        Line(number, visible(code[number - 1])[:LONGEST_LINE], number == at[0]) for number in range(start, end + 1)
    )

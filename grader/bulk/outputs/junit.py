"""JUnit XML as continuous integration reads it: a suite for each submission, a case for each test.

No standard says what JUnit XML is.  This keeps to the two schemas that most validators carry, Ant's
(windyroad/JUnit-Schema) and Jenkins' (jenkinsci/xunit-plugin, junit-10.xsd), so that every reader finds what it needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from grader.bulk.model import Graded
from grader.bulk.outputs.classbook import ClassBook
from grader.bulk.outputs.placing import put_file
from grader.bulk.outputs.remarks import remark, status_of
from grader.numbers_shown import number
from grader.shown_text import visible
from grader.verdict import Status, TestStatus, Verdict
from grader.words import told

_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 has no way to write, not even as a reference."""
ENDED = (Status.ERROR, Status.TIMEOUT, Status.MEMORY, Status.CRASHED, Status.UNGRADABLE)
LONGEST_MESSAGE = 8_000


@dataclass(frozen=True, slots=True)
class _Case:
    """One test case: `outcome` is the element that says how it went, empty where it passed."""

    name: str
    outcome: str = ""
    kind: str = ""
    message: str = ""
    detail: str = ""
    seconds: float = 0.0


def write_junit(path: Path, book: ClassBook, now: datetime) -> None:
    """`--junit`: the whole run as one document; `now` is written without its zone, as the schemas have it."""
    root = Element("testsuites")
    for place, result in enumerate(book.results):
        root.append(_suite(result, book, place, now))
    put_file(path, b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, "utf-8", xml_declaration=False))


def _suite(result: Graded, book: ClassBook, place: int, now: datetime) -> Element:
    given, verdict = result.submission, result.verdict
    cases = list(_cases(result))
    counts = [sum(case.outcome == outcome for case in cases) for outcome in ("failure", "error", "skipped")]
    name, item = _plain(book.paths[result.path]) or "submission", given.item.id if given.item else "no-item"
    suite = Element(
        "testsuite",
        {
            "name": name,
            "package": item,
            "id": str(place),
            "timestamp": now.replace(tzinfo=None, microsecond=0).isoformat(),
            "hostname": "localhost",
            "tests": str(len(cases)),
            "failures": str(counts[0]),
            "errors": str(counts[1]),
            "skipped": str(counts[2]),
            "time": f"{verdict.resources.wall_seconds if verdict else 0:.3f}",
        },
    )
    properties = SubElement(suite, "properties")
    for key, value in _properties(result, book):
        SubElement(properties, "property", {"name": key, "value": _plain(value)})
    for case in cases:
        element = SubElement(
            suite,
            "testcase",
            {"name": _plain(case.name), "classname": f"{item}.{name}", "time": f"{case.seconds:.3f}"},
        )
        if case.outcome:
            told_ = SubElement(element, case.outcome, {"type": case.kind, "message": _plain(case.message)})
            told_.text = _plain(case.detail[:LONGEST_MESSAGE])
    SubElement(suite, "system-out").text = _plain(verdict.output.stdout) if verdict else ""
    SubElement(suite, "system-err").text = _plain(verdict.output.stderr) if verdict else ""
    return suite


def _properties(result: Graded, book: ClassBook) -> Iterator[tuple[str, str]]:
    verdict, given = result.verdict, result.submission
    yield "status", status_of(result).value
    if given.student:
        yield "student", given.student
    if verdict is not None:
        yield "score", number(verdict.score)
        yield "max_score", number(verdict.max_score)
        if verdict.diagnosis:
            yield "diagnosis", " ".join(found.misconception for found in verdict.diagnosis)
    if given.late:
        yield "late", "true"
    if result.same_as:
        yield "same_as", book.paths.get(result.same_as, result.same_as)


def _cases(result: Graded) -> Iterator[_Case]:
    verdict = result.verdict
    if verdict is None:
        yield _Case("grading", "error", Status.UNGRADABLE.value, result.problem.en, result.problem.en)
        return
    if verdict.status in ENDED or not (verdict.tests or verdict.key_points):
        yield _whole(verdict)
    for test in verdict.tests:
        said = told(test.message, "en")
        match test.status:
            case TestStatus.PASSED:
                yield _Case(test.name, seconds=test.seconds)
            case TestStatus.NOT_RUN:
                yield _Case(test.name, "skipped", "not-run", "not run")
            case _:
                yield _Case(
                    test.name,
                    "error" if test.status is TestStatus.ERROR else "failure",
                    test.exception.type if test.exception else "AssertionError",
                    f"{test.title.get('en')} {said.partition(chr(10))[0]}".strip(),
                    said,
                    test.seconds,
                )
    for point in verdict.key_points:
        right = point.award >= 1
        said = f"{number(point.points)} of {number(point.max_points)} points{', for review' if point.review else ''}"
        yield _Case(point.id) if right else _Case(point.id, "failure", "key-point", said, said)


def _whole(verdict: Verdict) -> _Case:
    """The verdict itself as a case: what ended it, or what has no parts."""
    said = remark(verdict).get("en") or f"{number(verdict.score)} of {number(verdict.max_score)}"
    if verdict.status in ENDED:
        return _Case("grading", "error", verdict.status.value, said, said)
    if verdict.status is Status.PASSED:
        return _Case("answer")
    return _Case("answer", "failure", verdict.status.value, said, said)


def _plain(text: str) -> str:
    """`text` with what XML cannot hold, and what deceives the eye, as visible names."""
    return _NO_CHARACTER.sub("\ufffd", visible(text))

"""A verdict as a page shows it: what the document says, minus what must not be seen, plus sentences."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from markupsafe import Markup

from grader.aspects import Aspect, aspect_of_test
from grader.pictures.comparison import picture
from questions.model import Kind
from questions.templates import said
from webapp.languages import say
from webapp.learn.headlines import headline
from webapp.variants import filled_prose

LONGEST_LINE = 200
FAILING = ("failed", "error")
"""What became of a test that ran and did not pass."""
ENDED = ("timeout", "memory", "crashed")
"""How a verdict ends whose candidate did not outlive the suite."""


@dataclass(frozen=True, slots=True)
class TestView:
    """One test.  A hidden one carries no message, no comparison and no name: they could say what its inputs were."""

    __test__ = False

    name: str
    title: str
    status: str
    hidden: bool
    points: float
    max_points: float
    message: str
    exception: Mapping[str, Any] | None
    seconds: float
    comparison: Mapping[str, Any] | None
    call: str = ""
    inputs: tuple[Mapping[str, Any], ...] = ()
    outcome: Mapping[str, Any] | None = None
    masked: bool = False
    """Whether it is about masks: only then is a nought in what is expected the work of one."""


class Cause(StrEnum):
    """What tests have in common that did not pass."""

    MISTAKE = "mistake"
    """The known mistake that leads the verdict."""
    RAISED = "raised"
    """One error on one line."""
    COMPARED = "compared"
    HIDDEN = "hidden"
    NOT_RUN = "not-run"


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Tests that failed for one cause."""

    cause: Cause
    tests: tuple[TestView, ...]


@dataclass(frozen=True, slots=True)
class DiagnosisView:
    """A known mistake this submission behaves like."""

    misconception: str
    text: str
    tests: tuple[str, ...]
    explains: int = 0
    """How many of the failing tests it accounts for."""
    reading: str = ""
    """The id of the passage on the item's page that explains it."""


@dataclass(frozen=True, slots=True)
class ProgramView:
    """How a run of the submission as a program went."""

    status: str
    output: Mapping[str, Any]
    explanation: str
    exception: Mapping[str, Any] | None
    at: tuple[int, ...]

    @property
    def silent(self) -> bool:
        """Whether it ended well and printed nothing."""
        return self.status == "finished" and not (self.output.get("stdout") or self.output.get("stderr"))


@dataclass(frozen=True, slots=True)
class KeyPointView:
    """One key point of a short answer."""

    id: str
    description: str
    """Empty where it would tell what is still missing."""
    award: float
    points: float
    max_points: float
    review: bool
    evidence: tuple[tuple[int, int], ...]
    decided: bool = False
    """Whether a person has read this part."""


@dataclass(frozen=True, slots=True)
class PickedView:
    """One option that was chosen, and what the bank says to it."""

    number: int
    html: Markup
    right: bool
    feedback_html: Markup


@dataclass(frozen=True, slots=True)
class NumberView:
    """A number as it was typed; `read` is how it was understood, empty where it was not."""

    text: str
    read: str
    feedback_html: Markup


@dataclass(frozen=True, slots=True)
class VerdictView:
    """One judging in any state; see docs/web.md."""

    job_id: int
    submission_id: int
    purpose: str
    state: str
    created_at: datetime
    position: int | None = None
    waited_seconds: float = 0.0
    seconds_left: float = 0.0
    """Until it is judged, as far as can be told."""
    unattended: bool = False
    """Whether nobody grades at the moment."""
    status: str | None = None
    score: float | None = None
    max_score: float | None = None
    review: bool = False
    late: bool = False
    headline: str = ""
    explanation: str = ""
    exception: Mapping[str, Any] | None = None
    diagnosis: tuple[DiagnosisView, ...] = ()
    tests: tuple[TestView, ...] = ()
    failures: tuple[FailureGroup, ...] = ()
    passed: tuple[TestView, ...] = ()
    public_passed: int = 0
    public_total: int = 0
    hidden_passed: int = 0
    hidden_total: int = 0
    key_points: tuple[KeyPointView, ...] = ()
    picked: tuple[PickedView, ...] = ()
    number: NumberView | None = None
    text: str = ""
    output: Mapping[str, Any] | None = None
    resources: Mapping[str, Any] | None = None
    program: ProgramView | None = None
    at: tuple[int, ...] = ()

    def line(self, number: int) -> str:
        """That line of the submission without its indentation; nothing where there is no such line."""
        lines = self.text.split("\n")
        return lines[number - 1].strip()[:LONGEST_LINE] if 0 < number <= len(lines) else ""

    @property
    def done(self) -> bool:
        """Whether there is a verdict."""
        return self.state == "done"

    @property
    def failing(self) -> tuple[TestView, ...]:
        """The tests that ran and did not pass."""
        return tuple(test for test in self.tests if test.status in FAILING)

    @property
    def leading(self) -> tuple[DiagnosisView, ...]:
        """The mistakes to speak of first: those that account for most of what fails."""
        return tuple(found for found in self.diagnosis if _leads(found, len(self.failing)))

    @property
    def minor(self) -> tuple[DiagnosisView, ...]:
        """The mistakes beside which something else fails more often; they come after it."""
        return tuple(found for found in self.diagnosis if found not in self.leading)


def one_test(test: Mapping[str, Any], lang: str, place: int, *, staff: bool = False, ended: bool = False) -> TestView:
    """One test of the document.  The grader has redacted hidden ones already; here it is done once more.

    `ended`: the candidate's process did not outlive the suite, and the message of the test it was in says only that.
    """
    secret = test["hidden"] and not staff
    exception = test.get("exception")
    silent = secret or (ended and test["status"] == "error" and exception is None)
    if exception is not None and secret:
        exception = {"type": exception.get("type", ""), "message": "", "lines": []}
    return TestView(
        name=f"hidden-{place}" if secret else test["name"],
        title=say(test["title"], lang),
        status=test["status"],
        hidden=test["hidden"],
        points=test["points"],
        max_points=test["max_points"],
        message="" if silent else test.get("message", ""),
        exception=exception,
        seconds=0.0 if secret else test.get("seconds", 0.0),  # how long it slept could say what it was given
        comparison=None if secret else test.get("comparison"),
        call="" if secret else test.get("call") or "",
        inputs=() if secret else tuple(test.get("inputs") or ()),
        outcome=None if secret else test.get("outcome"),
        masked=aspect_of_test(test) is Aspect.MASKS,
    )


def grouped(tests: Sequence[TestView], mistaken: Container[str] = ()) -> tuple[FailureGroup, ...]:
    """What did not pass, by cause: what the known mistake accounts for (`mistaken` are those tests' names), then public
    failures, what stops most tests first; then hidden ones, then what was not run."""
    groups: dict[tuple[int, Cause, str, str], list[TestView]] = {}
    for test in tests:
        if test.status == "passed":
            continue
        kind = str(test.exception["type"]) if test.exception else ""
        if test.status == "not-run":
            key = (3, Cause.NOT_RUN, "", "")
        elif test.hidden:
            key = (2, Cause.HIDDEN, kind, "")
        elif test.name in mistaken:
            key = (0, Cause.MISTAKE, "", "")
        elif test.exception:
            lines = test.exception.get("lines") or ()
            key = (1, Cause.RAISED, kind, f"line {lines[-1]}" if lines else _first_line(test))
        else:
            key = (1, Cause.COMPARED, *_compared(test))
        groups.setdefault(key, []).append(test)
    order = sorted(groups, key=lambda key: (key[0], -len(groups[key])))
    return tuple(FailureGroup(key[1], tuple(groups[key])) for key in order)


def _compared(test: TestView) -> tuple[str, str]:
    """What makes two failed comparisons one cause: the same message, or shapes that differ in the same way.

    "Tensors are not close" is what many different mistakes say; the numbers tell them apart.
    """
    seen = picture(test.comparison)
    if seen is None:
        return _first_line(test), test.name if test.outcome else ""
    if seen.shapes and seen.shapes.cause:
        return "shape", f"{seen.shapes.cause} {[each.label for each in seen.shapes.dimensions]} {seen.shapes.places}"
    return _first_line(test), test.name


def _first_line(test: TestView) -> str:
    return test.message.strip().split("\n", 1)[0]


def finished(
    document: Mapping[str, Any],
    lang: str,
    *,
    job_id: int,
    submission_id: int,
    purpose: str,
    created_at: datetime,
    late: bool = False,
    text: str = "",
    staff: bool = False,
    answers_open: bool = False,
    kind: str = Kind.CODING,
) -> VerdictView:
    """The view of a verdict document; what is still missing is only told once answers are open, or to staff."""
    ended = document["status"] in ENDED
    tests = tuple(
        one_test(test, lang, index, staff=staff, ended=ended) for index, test in enumerate(document["tests"], 1)
    )
    failing = {test["name"] for test in document["tests"] if test["status"] in FAILING}
    public = [test for test in tests if not test.hidden]
    hidden = [test for test in tests if test.hidden]
    diagnosis = tuple(
        DiagnosisView(
            each["misconception"],
            say(each["text"], lang),
            tuple(each["tests"]),
            len(failing & set(each["tests"])),
            each.get("reading") or "",
        )
        for each in document["diagnosis"]
    )
    mistaken = {name for each in diagnosis if _leads(each, len(failing)) for name in each.tests}
    return VerdictView(
        job_id=job_id,
        submission_id=submission_id,
        purpose=purpose,
        state="done",
        created_at=created_at,
        status=document["status"],
        score=document["score"],
        max_score=document["max_score"],
        review=document.get("review", False),
        late=late,
        headline=headline(document, purpose, lang, kind),
        explanation=say(document.get("explanation") or {}, lang),
        exception=document.get("exception"),
        diagnosis=diagnosis,
        tests=tests,
        failures=grouped(tests, mistaken),
        passed=tuple(test for test in tests if test.status == "passed"),
        public_passed=sum(test.status == "passed" for test in public),
        public_total=len(public),
        hidden_passed=sum(test.status == "passed" for test in hidden),
        hidden_total=len(hidden),
        key_points=tuple(
            KeyPointView(
                each["id"],
                say(each.get("description") or {}, lang) if staff or answers_open or each["award"] >= 1 else "",
                each["award"],
                each["points"],
                each["max_points"],
                each["review"],
                tuple((start, end) for start, end in each.get("evidence", ())),
                each.get("decided", False),
            )
            for each in document["key_points"]
        ),
        picked=tuple(_picked(each, document, lang) for each in document.get("picked") or ()),
        number=_number(document, lang),
        text=text,
        output=document.get("output"),
        resources=document.get("resources"),
        program=_program(document.get("program"), lang),
        at=tuple(document.get("at") or ()),
    )


def _picked(option: Mapping[str, Any], document: Mapping[str, Any], lang: str) -> PickedView:
    known = dict(document.get("parameters") or ())
    return PickedView(
        option["number"],
        filled_prose(say(option["text"], lang), known),
        option["right"],
        filled_prose(say(option["feedback"], lang), known),
    )


def _number(document: Mapping[str, Any], lang: str) -> NumberView | None:
    typed = document.get("typed")
    if not typed:
        return None
    known, amount = dict(document.get("parameters") or ()), typed.get("amount")
    read = "" if amount is None else f"{said(amount)} {typed.get('unit', '')}".strip()
    return NumberView(typed["text"], read, filled_prose(say(typed.get("feedback") or {}, lang), known))


def _program(document: Mapping[str, Any] | None, lang: str) -> ProgramView | None:
    if document is None:
        return None
    return ProgramView(
        status=document["status"],
        output=document.get("output") or {},
        explanation=say(document.get("explanation") or {}, lang),
        exception=document.get("exception"),
        at=tuple(document.get("at") or ()),
    )


def _leads(found: DiagnosisView, failing: int) -> bool:
    """Whether a mistake accounts for most of what fails, so that it is spoken of first."""
    return 2 * found.explains >= failing

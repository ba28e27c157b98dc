"""A verdict as a page shows it: what the document says, minus what must not be seen, plus sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.languages import say
from webapp.templating import number

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


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Tests that failed for one cause."""

    message: str
    tests: tuple[TestView, ...]


@dataclass(frozen=True, slots=True)
class DiagnosisView:
    """A known mistake this submission behaves like."""

    misconception: str
    text: str
    tests: tuple[str, ...]
    explains: int = 0
    """How many of the failing tests it accounts for."""


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
    text: str = ""
    output: Mapping[str, Any] | None = None
    resources: Mapping[str, Any] | None = None

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
        return tuple(found for found in self.diagnosis if 2 * found.explains >= len(self.failing))

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
    )


def grouped(tests: Sequence[TestView]) -> tuple[FailureGroup, ...]:
    """What did not pass, by cause: public failures by what they say, what stops most tests first; then hidden ones,
    then what was not run."""
    groups: dict[tuple[int, str, str, str], list[TestView]] = {}
    for test in tests:
        if test.status == "passed":
            continue
        kind = str(test.exception["type"]) if test.exception else ""
        first_line = test.message.strip().split("\n", 1)[0]
        if test.status == "not-run":
            key = (2, "", "", "")
        elif test.hidden:
            key = (1, kind, "", "")
        else:
            # "Tensors are not close" is what many different mistakes say; the numbers tell them apart.
            key = (0, kind, first_line, test.name if test.comparison else "")
        groups.setdefault(key, []).append(test)
    order = sorted(groups, key=lambda key: (key[0], -len(groups[key])))
    return tuple(FailureGroup(key[2] or key[1], tuple(groups[key])) for key in order)


def headline(document: Mapping[str, Any], purpose: str) -> str:
    """The score and what it means, in one sentence."""
    status, tests = document["status"], document["tests"]
    score, most = number(document["score"]), number(document["max_score"])
    right = sum(test["status"] == "passed" for test in tests)
    if purpose == "run" and status not in ("error", "ungradable"):
        return ngettext(
            "%(right)s of %(num)d public test passes.",
            "%(right)s of %(num)d public tests pass.",
            len(tests),
            right=right,
        )
    match status:
        case "passed":
            return _("%(score)s of %(most)s: full marks.", score=score, most=most)
        case "error":
            return _("Your code could not be loaded. This costs no attempt.")
        case "ungradable":
            return _("We could not grade this; that is our fault, not yours.")
        case "timeout":
            return _("%(score)s of %(most)s: your code ran out of time.", score=score, most=most)
        case "memory":
            return _("%(score)s of %(most)s: your code used too much memory.", score=score, most=most)
        case "crashed":
            return _("%(score)s of %(most)s: your code ended its own process.", score=score, most=most)
    if document["key_points"]:
        found = sum(point["award"] > 0 for point in document["key_points"])
        if document.get("review"):
            return _("%(score)s of %(most)s so far; your instructor will look at this answer.", score=score, most=most)
        return _(
            "%(score)s of %(most)s: %(found)s of %(all)s key points are there.",
            score=score,
            most=most,
            found=found,
            all=len(document["key_points"]),
        )
    if tests and not right:
        return _("%(score)s of %(most)s: no test passes yet.", score=score, most=most)
    if tests:
        return ngettext(
            "%(score)s of %(most)s: %(right)s of %(num)d test passes.",
            "%(score)s of %(most)s: %(right)s of %(num)d tests pass.",
            len(tests),
            score=score,
            most=most,
            right=right,
        )
    return _("%(score)s of %(most)s.", score=score, most=most)


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
) -> VerdictView:
    """The view of a verdict document; what is still missing is only told once answers are open, or to staff."""
    ended = document["status"] in ENDED
    tests = tuple(
        one_test(test, lang, index, staff=staff, ended=ended) for index, test in enumerate(document["tests"], 1)
    )
    failing = {test["name"] for test in document["tests"] if test["status"] in FAILING}
    public = [test for test in tests if not test.hidden]
    hidden = [test for test in tests if test.hidden]
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
        headline=headline(document, purpose),
        explanation=say(document.get("explanation") or {}, lang),
        exception=document.get("exception"),
        diagnosis=tuple(
            DiagnosisView(
                each["misconception"], say(each["text"], lang), tuple(each["tests"]), len(failing & set(each["tests"]))
            )
            for each in document["diagnosis"]
        ),
        tests=tests,
        failures=grouped(tests),
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
            )
            for each in document["key_points"]
        ),
        text=text,
        output=document.get("output"),
        resources=document.get("resources"),
    )

"""A verdict as frozen values, and its JSON form (the document stored by the web app, version 1).

A verdict is made only from the examiner's own reports; nothing here is ever decided by a candidate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

VERSION = 1


class Status(StrEnum):
    """The outcome of one submission.  See DESIGN §4; only `ungradable` is our fault."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    ERROR = "error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    UNGRADABLE = "ungradable"


class TestStatus(StrEnum):
    """The outcome of one test."""

    __test__ = False

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    NOT_RUN = "not-run"


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in both languages."""

    zh: str
    en: str

    def get(self, language: str) -> str:
        """The sentence in `language`, else in the other one."""
        return (self.en or self.zh) if language == "en" else (self.zh or self.en)


@dataclass(frozen=True, slots=True)
class Array:
    """A tensor to be drawn: `data` is flat, row-major, at most 1,024 numbers around the worst cell.

    Non-finite numbers are the strings "nan", "inf" and "-inf".  `origin` is the index of `data[0]` in the whole tensor.
    """

    dtype: str
    shape: tuple[int, ...]
    data: tuple[float | int | bool | str, ...]
    window: tuple[int, ...] = ()
    """Shape of the part that `data` holds; empty when it is the whole tensor."""
    origin: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Expected beside actual, for a picture.  `kind` is "close" (values) or "shape"."""

    kind: str
    expected: Array | None
    actual: Array | None
    worst: tuple[int, ...] | None = None
    labels: tuple[str, ...] = ()
    """For "shape": the names of the expected dimensions, e.g. ("B", "Lq", "dv")."""
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Raised:
    """What the submission itself raised: its type, text and the lines of its own file, innermost last."""

    type: str
    message: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of the call that a failing test looked at: a tensor to be drawn, or a plain value as text."""

    name: str
    value: Array | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test of the suite.  Parametrised cases count as one test, passed only when all of them passed."""

    __test__ = False

    name: str
    title: Words
    status: TestStatus
    hidden: bool
    points: float
    max_points: float
    message: str = ""
    exception: Raised | None = None
    seconds: float = 0.0
    comparison: Comparison | None = None
    call: str = ""
    """What the failing test asked of the submission, e.g. `attention(query, key, value)`; nothing of hidden tests."""
    inputs: tuple[Argument, ...] = ()
    """The arguments of `call`."""
    outcome: Comparison | None = None
    """What the reference answers to `call` beside what the submission answered, where `comparison` shows less than that
    (a test may have compared sums, or nothing but a truth)."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A misconception whose outcomes equal the submission's wherever it differs from the reference."""

    misconception: str
    text: Words
    tests: tuple[str, ...]
    calls: int
    reading: str = ""
    """Where the item explains it: the id of one of its passages, or nothing."""


@dataclass(frozen=True, slots=True)
class KeyPointResult:
    """One key point of a short answer: `award` is 0, 0.5 or 1; `evidence` are spans (start, end) of the text."""

    id: str
    award: float
    points: float
    max_points: float
    confidence: float
    review: bool
    evidence: tuple[tuple[int, int], ...] = ()
    description: Words = field(default_factory=lambda: Words("", ""))


@dataclass(frozen=True, slots=True)
class PickedOption:
    """One option that was chosen; texts are the bank's Markdown, their gaps not yet filled."""

    number: int
    """Its place among the item's options, from 1."""
    text: Words
    right: bool
    feedback: Words


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number as it was typed and as it was read; `amount` is in `unit`, and nothing where it could not be read."""

    text: str
    amount: float | None = None
    unit: str = ""
    feedback: Words = field(default_factory=lambda: Words("", ""))
    """What the bank says to this very value; Markdown, its gaps not yet filled."""


@dataclass(frozen=True, slots=True)
class Output:
    """What the submission printed, before the first hidden test; `dropped` counts bytes beyond the cap."""

    stdout: str = ""
    stderr: str = ""
    stdout_dropped: int = 0
    stderr_dropped: int = 0


class ProgramStatus(StrEnum):
    """How a submission ended that was run as a program."""

    FINISHED = "finished"
    ERROR = "error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Program:
    """The submission run by itself, as `python submission.py` would: what Run shows before the public tests."""

    status: ProgramStatus
    output: Output = field(default_factory=Output)
    explanation: Words = field(default_factory=lambda: Words("", ""))
    exception: Raised | None = None
    at: tuple[int, ...] = ()
    """The lines it was on when it ran out of time, outermost first."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What grading used: seconds, and bytes at the peak."""

    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_memory: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one submission for one revision of an item."""

    item: str
    """"bank/item"."""
    revision: str
    suite: str
    grader: str
    seed: int
    status: Status
    score: float
    max_score: float
    review: bool = False
    explanation: Words = field(default_factory=lambda: Words("", ""))
    """One sentence on the status when a test's message cannot say it (syntax error, limit, crash)."""
    exception: Raised | None = None
    """What loading the submission raised, for `error`."""
    tests: tuple[TestResult, ...] = ()
    diagnosis: tuple[Diagnosis, ...] = ()
    key_points: tuple[KeyPointResult, ...] = ()
    output: Output = field(default_factory=Output)
    resources: Resources = field(default_factory=Resources)
    program: Program | None = None
    """Only of a run."""
    at: tuple[int, ...] = ()
    """The lines of the submission that it was on when it ran out of time, outermost first; nothing in hidden tests."""
    chosen: tuple[int, ...] = ()
    """The options chosen, or the one of the item's values that was recognised; counted from 1."""
    picked: tuple[PickedOption, ...] = ()
    """Of a choice: what was chosen."""
    typed: TypedNumber | None = None
    """Of a numeric item."""
    parameters: tuple[tuple[str, str], ...] = ()
    """What fills the gaps in the texts above: names and values of the student's variant, and no others."""

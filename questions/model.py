"""What a bank says, as frozen values: the contract between whoever reads Markdown and whoever uses it.

Nothing here knows how a bank is parsed, judged or shown.  `line` is always 1-based and counts lines of the file
that `path` names, so that any fault can be reported as ``file:line: text``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What an item asks for."""

    CODING = "coding"
    SHORT_ANSWER = "short-answer"
    CHOICE = "choice"
    NUMERIC = "numeric"


class Severity(StrEnum):
    """A fault keeps an item from being served; a remark does not."""

    FAULT = "fault"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at one line, with its remedy in the text."""

    path: Path
    line: int
    text: str
    severity: Severity = Severity.FAULT
    item: str | None = None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Passage:
    """Markdown in one language, with the line it starts on."""

    markdown: str
    line: int


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in Chinese and English; either may be missing."""

    zh: Passage | None = None
    en: Passage | None = None

    def get(self, language: str) -> str:
        """The Markdown in `language` ("zh" or "en"), else in the other one, else an empty string."""
        first, second = (self.en, self.zh) if language == "en" else (self.zh, self.en)
        passage = first or second
        return passage.markdown if passage else ""

    def __bool__(self) -> bool:
        return self.zh is not None or self.en is not None


@dataclass(frozen=True, slots=True)
class Code:
    """A fenced block: `source` is what stands inside the fence, `line` the file line of its first line.

    `path` is the file when it is not the item's own: shared code may stand in another.
    """

    source: str
    line: int
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use."""

    seconds: float = 10.0
    memory_mb: int = 512
    file_mb: int = 16
    output_bytes: int = 65536


@dataclass(frozen=True, slots=True)
class TestSpec:
    """One test function of a suite as its source declares it (read by `ast`, never run)."""

    __test__ = False

    name: str
    title: Bilingual
    points: float
    hidden: bool
    line: int


@dataclass(frozen=True, slots=True)
class Misconception:
    """A named, runnable wrong answer with the sentence a good teacher would say about it."""

    id: str
    sentence: Bilingual
    code: Code
    reading: str = ""
    """The id of the item's reading that explains the mistake; empty without one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage that explains what a mistake is about, and never gives the answer away."""

    id: str
    title: Bilingual
    text: Bilingual
    line: int


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another right answer, where the question leaves something open: where it differs, nothing is a mistake."""

    id: str
    code: Code


class Judgement(StrEnum):
    """What it means when a rubric rule matches."""

    YES = "yes"
    HALF = "half"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One part of a rule: a regular expression (a code span in the bank) or a paraphrase in plain text."""

    text: str
    is_pattern: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """All phrases of a rule must hold in one sentence."""

    judgement: Judgement
    phrases: tuple[Phrase, ...]
    line: int


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """One line of a short answer's rubric."""

    id: str
    points: float
    description: Bilingual
    rules: tuple[Rule, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; `feedback` is shown to whoever picks it."""

    text: Bilingual
    right: bool
    feedback: Bilingual
    line: int


@dataclass(frozen=True, slots=True)
class NumericValue:
    """One value as written: `amount` may hold ``{{name}}``; `tolerance` is relative when it ends in ``%``."""

    amount: str
    unit: str
    tolerance: str
    right: bool
    feedback: Bilingual
    line: int


@dataclass(frozen=True, slots=True)
class Item:
    """One thing asked.  `id` is provisional (file and line) when the heading names none; then it cannot be served.

    `source` is a self-contained Markdown document (bank block, shared fences, section heading, this item) that
    `questions.item_from_source` reads back to an equal item; `revision` is its hash and `suite` the hash of what marks
    depend on.  Figures are named in it, and in every text, with the hashes of what they show.
    """

    bank: str
    id: str
    provisional: bool
    kind: Kind
    title: Bilingual
    section: Bilingual
    path: Path
    line: int
    points: float
    skills: tuple[str, ...]
    difficulty: int | None
    """1 is a first step, 2 takes some thought, 3 is a small project; None when the bank does not say."""
    prerequisites: tuple[str, ...]
    """Ids of items of the same bank that are recommended first; nothing is locked by them."""
    prerequisite_lines: tuple[int, ...]
    """Where each of these stands."""
    papers: tuple[str, ...]
    """What it comes from, one reference each, as people cite it."""
    limits: Limits
    question: Bilingual
    hints: tuple[Bilingual, ...]
    readings: tuple[Reading, ...]
    answer: Bilingual
    explanation: Bilingual
    starter: Code | None
    reference: Code | None
    tests: Code | None
    test_specs: tuple[TestSpec, ...]
    alternatives: tuple[Alternative, ...]
    misconceptions: tuple[Misconception, ...]
    shared: tuple[Code, ...]
    key_points: tuple[KeyPoint, ...]
    options: tuple[Option, ...]
    values: tuple[NumericValue, ...]
    units: tuple[tuple[str, float], ...]
    variant: Code | None
    answer_code: Code | None
    """A bare Python fence under Answer, as in the workshop document."""
    source: str
    revision: str
    suite: str
    faults: tuple[Fault, ...]

    @property
    def servable(self) -> bool:
        """Whether the structure is complete; whether it is *proved* only running it can tell."""
        return not any(fault.severity is Severity.FAULT for fault in self.faults)


@dataclass(frozen=True, slots=True)
class Section:
    """A `##` heading and the items below it (none for a closing chapter)."""

    title: Bilingual
    path: Path
    line: int
    introduction: Bilingual
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Skill:
    """What a skill, as items name it, is called on pages."""

    id: str
    name: Bilingual
    line: int


@dataclass(frozen=True, slots=True)
class PathSection:
    """A part of a path: ids of items of the bank, in order."""

    title: Bilingual
    items: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class LearningPath:
    """A lecturer's course through a bank; nothing is locked by it."""

    id: str
    title: Bilingual
    sections: tuple[PathSection, ...]
    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing beside a bank's Markdown: its name there (`figures/NAME.svg`), the hash it is found by, its text."""

    name: str
    digest: str
    svg: str


@dataclass(frozen=True, slots=True)
class Bank:
    """A folder of Markdown, or one file."""

    id: str
    title: Bilingual
    languages: tuple[str, ...]
    skills: tuple[Skill, ...]
    path: Path
    sections: tuple[Section, ...]
    faults: tuple[Fault, ...]
    """Every fault and remark of the bank, those of its items included, in file and line order."""
    paths: tuple[LearningPath, ...] = ()
    """Those that the bank declares, without any that has a fault."""
    figures: tuple[Figure, ...] = ()
    """Those that may be shown.  Texts name them with their hashes: `figures/NAME.svg#HASH`."""

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in order."""
        return tuple(item for section in self.sections for item in section.items)

    def item(self, item_id: str) -> Item | None:
        """The item named `item_id`, or nothing."""
        return next((item for item in self.items if item.id == item_id), None)

"""What goes into grading in bulk and what comes out, as frozen values.  Knows no engine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from grader.bulk.contents import NOTHING, Kept
from grader.bulk.problems import NO_PROBLEM, Problem
from grader.verdict import Verdict, Words
from questions.model import Item


class Asked(StrEnum):
    """Why a submission is taken as one for its item."""

    TOLD = "told"
    """The command, or the line of JSON it stands in, named the item."""
    MAPPED = "mapped"
    """A rule of `--map` fits its name."""
    DEFINES = "defines"
    """It defines what only this item asks for."""
    NAMED = "named"
    """Its name holds the item's id."""


@dataclass(frozen=True, slots=True)
class Whose:
    """What the system that a file comes from says of its student, for a gradebook there to know them again."""

    name: str = ""
    number: str = ""
    email: str = ""
    system_id: str = ""
    """The system's own number of that person."""


NOTHING_SAID = Whose()


@dataclass(frozen=True, slots=True)
class Submission:
    """One thing to grade: where it came from, whose it is, for which item, its bytes; or why it cannot be graded."""

    path: str
    """Where it was found; no two submissions of a run have the same, and the next run has the same ones."""
    kept: Kept = NOTHING
    problem: Problem = NO_PROBLEM
    """Why it cannot be graded."""
    item: Item | None = None
    """The item it answers; only what has a problem may have none."""
    asked: Asked = Asked.TOLD
    student: str = ""
    """Whose it is, as its name says: a number, an address, else a name; empty where nothing says so."""
    whose: Whose = NOTHING_SAID
    late: bool = False
    """Whether the system that handed it out marked it so."""
    notes: tuple[Words, ...] = ()
    """What was left out or guessed while reading, one sentence each."""

    @property
    def content(self) -> bytes:
        """What is judged; read from where it is kept, so nobody should hold on to that of many."""
        return self.kept.read()

    @property
    def digest(self) -> str:
        """The same for equal contents."""
        return self.kept.digest


@dataclass(frozen=True, slots=True)
class Graded:
    """A submission with its verdict, or why there is none."""

    submission: Submission
    verdict: Verdict | None
    problem: Problem = NO_PROBLEM
    same_as: str = ""
    """The path of the one with the same source that was judged for both; empty where it was judged itself."""

    @property
    def path(self) -> str:
        """Where the submission was found."""
        return self.submission.path

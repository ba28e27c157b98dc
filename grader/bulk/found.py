"""A file as it was found, before anybody knows whose it is or what it answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from grader.archives.reading import ENDINGS as ARCHIVES
from grader.bulk import notes, problems
from grader.bulk.contents import NOTHING, Kept, Pile
from grader.bulk.interfaces import defined_names
from grader.bulk.problems import NO_PROBLEM, Problem
from grader.grading import MAX_CODE_BYTES
from grader.naming import Wanted, judged
from grader.naming.notebooks import MOST_BYTES as MOST_OF_NOTEBOOK
from grader.verdict import Words

MOST_READ = 4 * MAX_CODE_BYTES
"""Bytes of a file that is no notebook; in other encodings, or as a page, it is larger than what is judged of it."""
CLOSED = (".rar", ".7z", ".gz", ".bz2", ".xz", ".zst", ".tbz2", ".txz", ".lzh")
"""Archives of kinds that are not read."""


class What(StrEnum):
    """What a file can be graded as, by its name's ending."""

    CODE = "code"
    WORDS = "words"
    ANY = "any"
    """It was named itself and its ending says nothing."""
    LINES = "lines"
    """JSON, an answer in words on each line."""
    OTHER = "other"
    """Nothing that is graded."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file: where it is, what it is called below what was named, what would be judged of it."""

    path: str
    name: str
    what: What
    kept: Kept = NOTHING
    problem: Problem = NO_PROBLEM
    notes: tuple[Words, ...] = ()
    defines: frozenset[str] = frozenset()
    """The names it defines, where it may be code."""
    student: str = ""
    """Whose it is, where it says so itself."""
    item: str = ""
    """What it answers, where it says so itself."""
    nameless: bool = False
    """Whether its name is nothing to read anything from."""


def what_is(name: str) -> What:
    """What a file called so can be graded as."""
    lower = name.lower()
    if lower.endswith(Wanted.CODE.endings):
        return What.CODE
    if lower.endswith(".jsonl"):
        return What.LINES
    stem = lower.rpartition("/")[2].rpartition(".")[0]
    if lower.endswith(Wanted.TEXT.endings) and not stem.startswith(("readme", "license", "requirements")):
        return What.WORDS
    return What.OTHER


def is_packed(name: str) -> bool:
    """Whether a file called so is an archive, of whatever kind."""
    return name.lower().endswith((*ARCHIVES, *CLOSED))


def most_read(name: str) -> int:
    """How many bytes of a file called so are read."""
    return MOST_OF_NOTEBOOK if name.lower().endswith(".ipynb") else MOST_READ


def read_as(found: Found, data: bytes, pile: Pile) -> Found:
    """`found` with what is judged of its bytes, or why nothing is."""
    if len(data) > most_read(found.name):
        return replace(found, problem=problems.too_large(len(data), most_read(found.name)))
    if not data.strip():
        return replace(found, problem=problems.OF_CONTENTS["empty"])
    result = judged(found.name, data, MAX_CODE_BYTES)
    if result.problem == "too-large":
        return replace(found, problem=problems.too_large(result.size, MAX_CODE_BYTES))
    if result.problem:
        return replace(found, problem=problems.OF_CONTENTS[result.problem])
    code = found.what in (What.CODE, What.ANY)
    return replace(
        found,
        kept=pile.keep(result.content),
        notes=notes.of_reading(result),
        defines=defined_names(result.content.decode()) if code else frozenset(),
    )

"""A file as it was found, before anybody knows whose it is or what it answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from grader.archives.reading import ENDINGS as ARCHIVES
from grader.bulk.contents import NOTHING, Kept, Pile
from grader.bulk.interfaces import defined_names
from grader.grading import MAX_CODE_BYTES
from grader.naming import Judged, Wanted, judged
from grader.naming.notebooks import MOST_BYTES as MOST_OF_NOTEBOOK
from grader.numbers_shown import counted

MOST_READ = 4 * MAX_CODE_BYTES
"""Bytes of a file that is no notebook; in other encodings, or as a page, it is larger than what is judged of it."""
CLOSED = (".rar", ".7z", ".gz", ".bz2", ".xz", ".zst", ".tbz2", ".txz", ".lzh")
"""Archives of kinds that are not read."""
PROBLEMS = {
    "not-text": "no text: a binary file, or in an encoding that is not read here; save it as UTF-8",
    "empty": "empty: there is nothing to grade in it",
    "notebook-large": f"the notebook is larger than {MOST_OF_NOTEBOOK // 2**20} MiB: clear its outputs",
    "notebook-malformed": "no notebook, or a damaged one: save it again in Jupyter",
    "notebook-language": "a notebook of another language than Python",
    "notebook-no-code": "the notebook holds no cell with code",
}


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
    problem: str = ""
    notes: tuple[str, ...] = ()
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
        return replace(found, problem=too_large(len(data), most_read(found.name)))
    if not data.strip():
        return replace(found, problem=PROBLEMS["empty"])
    result = judged(found.name, data, MAX_CODE_BYTES)
    if result.problem == "too-large":
        return replace(found, problem=too_large(result.size, MAX_CODE_BYTES))
    if result.problem:
        return replace(found, problem=PROBLEMS[result.problem])
    code = found.what in (What.CODE, What.ANY)
    return replace(
        found,
        kept=pile.keep(result.content),
        notes=tuple(_notes(result)),
        defines=defined_names(result.content.decode()) if code else frozenset(),
    )


def too_large(size: int, most: int) -> str:
    """That a file is larger than what is read."""
    return f"too large: {size:,} bytes, where {most:,} are read"


def _notes(result: Judged) -> list[str]:
    notes = []
    if result.cells:
        notes.append(f"the code of {counted(result.cells, 'cell')} of a notebook")
    if result.left_out:
        notes.append(f"{counted(result.left_out, 'line')} left out that only IPython understands (magics, shell)")
    if result.encoding:
        notes.append(f"read as {result.encoding}")
    return notes

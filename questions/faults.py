"""Collecting what is wrong with a document while it is read."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from questions.model import Fault, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable


MAX_TEXT = 400
"""Names in a document may be as long as a line; what is said of them may not."""


class FaultList:
    """Faults of one file, or of one item in it; `line` is always the file's own, 1-based."""

    def __init__(self, path: Path, item: str | None = None) -> None:
        self.path = path
        self.item = item
        self.found: list[Fault] = []

    def fault(self, line: int, text: str) -> None:
        """Note something that keeps an item from being served."""
        self._note(line, text, Severity.FAULT)

    def remark(self, line: int, text: str) -> None:
        """Note something worth a look."""
        self._note(line, text, Severity.REMARK)

    def _note(self, line: int, text: str, severity: Severity) -> None:
        text = text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"
        text = "".join(c if c.isprintable() else "\ufffd" for c in text)  # an error of `re` or `ast` quotes what it met
        self.found.append(Fault(self.path, line, text, severity, self.item))


def in_order(faults: Iterable[Fault], paths: Iterable[Path] = ()) -> tuple[Fault, ...]:
    """`faults` without repetitions, by file (as `paths` orders them) and line."""
    rank = {path: number for number, path in enumerate(paths)}
    return tuple(sorted(dict.fromkeys(faults), key=lambda fault: (rank.get(fault.path, len(rank)), fault.line)))


def nearest(word: str, known: Iterable[str]) -> str:
    """`known` words for the end of a message, the one most like `word` first: ``; did you mean 'points'?``"""
    known = list(known)
    close = get_close_matches(word[:40].lower(), known, n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else f"known are {', '.join(known)}"


def shown(text: str, width: int = 40) -> str:
    """`text` in quotes on one line, shortened, fit for a terminal."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return f"'{line if len(line) <= width else line[: width - 1] + '…'}'"

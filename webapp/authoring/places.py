"""From the lines of an item's own source, in which it is proved, to the lines of the files it was written in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.proof import Finding, Proof
from questions.model import Item
from webapp.authoring.values import FaultView

_LINES = re.compile(r"(?<=\bon lines )\d+(?= and \d+ )|(?<= and )\d+(?= (?:cannot be told apart|say the same)$)"
                    r"|(?<=is recognised as the value on line )\d+(?=:)")  # fmt: skip
"""The lines of an item's own source that a finding names."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands: file and line, and those of the shared code that it uses, in its order."""

    file: str
    line: int
    shared: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, item: Item) -> Place:
        """Of an item as it was read from its file."""
        shared = tuple(((code.path or item.path).name, code.line) for code in item.shared)
        return cls(item.path.name, item.line, shared)

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Place:
        """Out of a bank's report, or of what `as_json` gave."""
        shared = tuple((str(file), int(line)) for file, line in document.get("shared", ()))
        return cls(str(document.get("file", "")), int(document["line"]), shared)

    def as_json(self) -> dict[str, Any]:
        """As a task keeps it."""
        return {"file": self.file, "line": self.line, "shared": [list(each) for each in self.shared]}

    def of_line(self, asked: Item, line: int) -> tuple[str, int]:
        """File and line of a line of `asked`, which was read from its own source."""
        if line >= asked.line:
            return self.file, self.line + line - asked.line
        for code, (file, first) in zip(asked.shared, self.shared, strict=False):
            if code.line - 1 <= line <= code.line + code.source.count("\n"):
                return file, first + line - code.line
        return self.file, self.line


def found_at(proof: Proof, asked: Item, place: Place) -> tuple[FaultView, ...]:
    """The findings of a proof, each at its file and line."""
    return tuple(_view(each, asked, place) for each in proof.findings)


def _view(found: Finding, asked: Item, place: Place) -> FaultView:
    file, line = place.of_line(asked, found.line)
    text = _LINES.sub(lambda named: str(place.of_line(asked, int(named[0]))[1]), found.text)
    return FaultView(text, line, found.severity.value, file, asked.id)

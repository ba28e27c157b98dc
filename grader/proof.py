"""A proof: what was found when an item's reference, its wrong answers and its tests were tried on each other.

Frozen values, and their document.  `grader.proving` makes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from grader.documents import NotThatDocument, from_json, to_json
from grader.verdict import Status, TestStatus
from questions.model import Fault, Item, Severity

VERSION = 1

CAUGHT = frozenset({TestStatus.FAILED, TestStatus.ERROR})
"""A test that was not run has caught nothing."""


class Role(StrEnum):
    """What a proof grades."""

    REFERENCE = "reference"
    STARTER = "starter"
    ALTERNATIVE = "alternative"
    MISCONCEPTION = "misconception"
    UNIVERSAL = "universal"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault or remark at one line of the item's file, or of the file that `path` names."""

    line: int
    severity: Severity
    text: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A test as a column of the matrix."""

    name: str
    line: int
    points: float
    hidden: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A wrong submission as a row of the matrix: what came of it, and of each test, in the order of the columns."""

    role: Role
    name: str
    line: int
    status: Status
    results: tuple[TestStatus, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What proving an item found.  Proved means that no fault is among it."""

    item: str
    """"bank/item"."""
    revision: str
    suite: str
    grader: str
    findings: tuple[Finding, ...]
    tests: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    """Starter, misconceptions and universal wrong submissions; none where the reference fails."""
    idle: tuple[str, ...] = ()
    """The tests that catch nothing: neither a misconception nor the starter nor a universal wrong submission."""
    seconds: float = 0.0

    @property
    def proved(self) -> bool:
        return not any(finding.severity is Severity.FAULT for finding in self.findings)

    @property
    def misconceptions(self) -> tuple[Row, ...]:
        """The rows of the item's own misconceptions."""
        return tuple(row for row in self.rows if row.role is Role.MISCONCEPTION)

    def caught_by(self, row: Row) -> tuple[str, ...]:
        """The tests that fail `row`."""
        return tuple(test.name for test, status in zip(self.tests, row.results, strict=True) if status in CAUGHT)

    def caught_alone(self, test: str) -> tuple[str, ...]:
        """The misconceptions that no test but `test` fails."""
        return tuple(row.name for row in self.misconceptions if self.caught_by(row) == (test,))

    def faults(self, item: Item) -> tuple[Fault, ...]:
        """The findings with the place of `item`, which was proved."""
        return tuple(
            Fault(Path(found.path) if found.path else item.path, found.line, found.text, found.severity, item.id)
            for found in self.findings
        )


def proof_to_json(proof: Proof) -> dict[str, Any]:
    """The document of a proof (version 1)."""
    return {"version": VERSION, **to_json(proof)}


def proof_from_json(document: Any) -> Proof:
    """The proof of a document.  Raises `NotThatDocument`, also for one of another version."""
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise NotThatDocument(f"Proof: not of version {VERSION}")
    proof = from_json(Proof, {key: value for key, value in document.items() if key != "version"})
    if any(len(row.results) != len(proof.tests) for row in proof.rows):
        raise NotThatDocument("Proof.rows: not as many results as there are tests")
    return proof


def sort_faults(faults: Sequence[Fault]) -> list[Fault]:
    """By file and line, each once."""
    unique = {(str(fault.path), fault.line, fault.text): fault for fault in faults}
    return [unique[key] for key in sorted(unique)]


def relative(path: Path) -> Path:
    """`path` as a reader in the current folder would write it."""
    try:
        return path.resolve().relative_to(Path.cwd())
    except ValueError:
        return path

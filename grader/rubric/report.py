"""How far the grader agrees with labelled answers: ``python -m grader.rubric.report BANK JSONL…``.

Each line of a JSONL file is ``{"id", "item", "text", "awards": {key point: 0 | 0.5 | 1}, "note"}``; a note starts with
the answer's kind.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.rubric.grading import grade_short_answer
from grader.verdict import KeyPointResult
from questions import Bank, load_bank

WORTHLESS = frozenset({"stuffing", "copied", "injection"})
"""Kinds of answers that must never earn an award without a person."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One answer with the awards a person gave."""

    id: str
    item: str
    text: str
    awards: dict[str, float]
    kind: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the grader said of one key point of one labelled answer."""

    answer: Labelled
    result: KeyPointResult

    @property
    def decided(self) -> bool:
        """Whether the grader decided alone."""
        return not self.result.review

    @property
    def agrees(self) -> bool:
        """Whether its award is the person's."""
        return self.result.award == self.answer.awards[self.result.id]


@dataclass(frozen=True, slots=True)
class Row:
    """Counts over some outcomes."""

    name: str
    all: int
    decided: int
    right: int

    @property
    def coverage(self) -> float:
        """The share decided."""
        return self.decided / self.all if self.all else 0.0

    @property
    def agreement(self) -> float:
        """The share of the decided that agrees."""
        return self.right / self.decided if self.decided else 1.0


def load(paths: Iterable[Path]) -> list[Labelled]:
    """The labelled answers of some JSONL files."""
    answers = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                raw = json.loads(line)
                kind = raw.get("note", "").split(":")[0].strip()
                answers.append(Labelled(raw["id"], raw["item"], raw["text"], raw["awards"], kind))
    return answers


def outcomes(bank: Bank, answers: Iterable[Labelled]) -> list[Outcome]:
    """Grade every labelled answer of the items that `bank` holds."""
    found = []
    for answer in answers:
        item = bank.item(answer.item)
        if item is not None:
            found += [Outcome(answer, result) for result in grade_short_answer(item, answer.text)]
    return found


def rows(found: Sequence[Outcome]) -> list[Row]:
    """One row per key point, and the sum."""
    names = dict.fromkeys(f"{o.answer.item}/{o.result.id}" for o in found)
    groups = [(name, [o for o in found if f"{o.answer.item}/{o.result.id}" == name]) for name in names]
    return [
        Row(name, len(group), sum(o.decided for o in group), sum(o.decided and o.agrees for o in group))
        for name, group in [*groups, ("all", list(found))]
    ]


def main(arguments: list[str]) -> int:
    """Print the table."""
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    answers = load(map(Path, arguments[1:]))
    start = time.perf_counter()
    found = outcomes(load_bank(Path(arguments[0])), answers)
    seconds = time.perf_counter() - start
    print(f"{'key point':<38}{'answers':>8}{'decided':>9}{'agreement':>11}")
    for row in rows(found):
        print(f"{row.name:<38}{row.all:>8}{row.coverage:>9.1%}{row.agreement:>11.1%}")
    gifts = [o for o in found if o.answer.kind in WORTHLESS and o.decided and o.result.award > 0]
    print(f"awards decided in favour of {', '.join(sorted(WORTHLESS))}: {len(gifts)}")
    print(f"{1000 * seconds / max(1, len(answers)):.1f} ms an answer")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

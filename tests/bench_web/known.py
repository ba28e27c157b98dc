"""Submissions of which it is known what becomes of them, and what a grader says of each when nobody else asks it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import questions
from questions.model import Item, Kind
from tests.bench.mix import BANK, TESTS, the_mix

SYNTAX_ERROR = "import torch\n\n\ndef attention(query, key, value:\n    return value\n"
LOOP = "while True:\n    pass\n"
WORDS_OF_EACH = 4
"""Short answers of an item."""


@dataclass(frozen=True, slots=True)
class Known:
    """One submission.  `statuses` are those it may have, whatever its item's other tests say."""

    item: str
    kind: Kind
    label: str
    content: str
    statuses: frozenset[str]

    @property
    def right(self) -> bool:
        """Whether it has to get full marks."""
        return self.statuses == {"passed"}


@cache
def items() -> dict[str, Item]:
    """The items of the shipped bank by their ids."""
    return {item.id: item for item in questions.load_bank(BANK).items}


def code(of_each: int = 4) -> list[Known]:
    """Right and wrong programs, half and half (see `tests.bench.mix`)."""
    right, wrong = frozenset({"passed"}), frozenset({"partial", "failed", "error", "crashed"})
    return [
        Known(each.item.id, Kind.CODING, each.name, each.source, right if each.right else wrong)
        for each in the_mix(of_each)
    ]


def words(of_each: int = WORDS_OF_EACH) -> list[Known]:
    """Short answers as students write them, some of which go to a person."""
    found = []
    for path in sorted((TESTS / "short_answers" / "dev").glob("*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for number in range(of_each):
            answer = json.loads(lines[number * len(lines) // of_each])
            found.append(
                Known(
                    answer["item"], Kind.SHORT_ANSWER, answer["id"], answer["text"],
                    frozenset({"passed", "partial", "failed"}),
                )
            )  # fmt: skip
    return found


def broken(item: str) -> list[Known]:
    """Programs that cannot be read, and that never end."""
    return [
        Known(item, Kind.CODING, "syntax error", SYNTAX_ERROR, frozenset({"error"})),
        Known(item, Kind.CODING, "endless loop", LOOP, frozenset({"timeout"})),
    ]


Key = tuple[str, str, int, bool]
"""Item, content, seed, whether public tests only."""


def judged_alone(wanted: Iterable[Key]) -> dict[Key, dict[str, Any]]:
    """The verdict documents of a grader that does nothing else meanwhile."""
    from grader.documents import verdict_to_json
    from grader.grading import Grader, Scope

    with Grader() as grader:
        return {
            key: verdict_to_json(
                grader.grade(items()[key[0]], key[1].encode(), seed=key[2], scope=Scope.PUBLIC if key[3] else Scope.ALL)
            )
            for key in wanted
        }

"""What is graded: the five coding items' right answers and wrong ones, half and half, in one fixed shuffled order."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import questions
from questions.model import Item

TESTS = Path(__file__).parents[1]
BANK = TESTS.parent / "questions" / "banks" / "attention"
BUILT_ON = "from reference import *\n"
FIVE = (
    "attention-weighted-sum",
    "dot-product-attention",
    "scaled-dot-product-attention",
    "multi-head-attention",
    "self-attention",
)
OF_EACH = 4
"""Right answers of an item, and as many wrong ones."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One submission and what is known of it."""

    item: Item
    name: str
    source: str
    right: bool

    @property
    def label(self) -> str:
        """For a message."""
        return f"{self.item.id}/{self.name}"


def coding_items(bank: Path = BANK) -> list[Item]:
    """The five coding items of the workshop, in order: what is measured stays what it was while the bank grows."""
    return [item for item in every_coding_item(bank) if item.id in FIVE]


def every_coding_item(bank: Path = BANK) -> list[Item]:
    """The coding items of the shipped bank, in order."""
    return [item for item in questions.load_bank(bank).items if item.kind is questions.Kind.CODING]


def the_mix(of_each: int = OF_EACH) -> list[Submission]:
    """Right: the reference and others of tests/golden.  Wrong: of the bank's misconceptions and of tests/wrong.

    All are taken at even distances through the files in the order of their names, so that nobody chose them.
    """
    chosen = []
    for item in coding_items():
        reference, golden, misconceptions, wrong = known_of(item)
        chosen += [*reference, *_spread(golden, of_each - 1)]
        chosen += _spread(misconceptions, of_each // 2) + _spread(wrong, of_each - of_each // 2)
    random.Random(2026).shuffle(chosen)
    return chosen


def known_of(item: Item) -> tuple[list[Submission], ...]:
    """All there is of an item: its reference, other right ones, the bank's misconceptions, other wrong ones."""
    assert item.reference is not None
    return (
        [Submission(item, "reference", item.reference.source, True)],
        _files("golden", item, right=True),
        [
            # Students have no reference to import from: theirs is one file.
            Submission(item, f"misconception {m.id}", m.code.source.replace(BUILT_ON, item.reference.source), False)
            for m in item.misconceptions
        ],
        _files("wrong", item, right=False),
    )


def _files(folder: str, item: Item, *, right: bool) -> list[Submission]:
    files = sorted((TESTS / folder / item.id).glob("*.py"))
    return [Submission(item, f"{folder}/{file.name}", file.read_text(encoding="utf-8-sig"), right) for file in files]


def _spread(found: list[Submission], count: int) -> list[Submission]:
    return [found[(2 * number + 1) * len(found) // (2 * count)] for number in range(count)]

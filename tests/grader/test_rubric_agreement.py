"""How far the grader agrees with people on the labelled answers, and how much it dares to decide.

Dev and held have been read while rules were mended: what is asked of them guards what was reached and is no forecast.
No text of fresh was ever read; one number, what a nought takes to be decided, was chosen on it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.rubric.report import WORTHLESS, Outcome, load, outcomes, rows
from questions import load_bank

ROOT = Path(__file__).parents[2]
ANSWERS = ROOT / "tests" / "short_answers"


@pytest.fixture(scope="module")
def found() -> dict[str, list[Outcome]]:
    bank = load_bank(ROOT / "questions" / "banks" / "attention")
    return {half: outcomes(bank, load(sorted((ANSWERS / half).glob("*.jsonl")))) for half in ("dev", "held", "fresh")}


@pytest.mark.parametrize(("half", "agreement"), [("dev", 0.98), ("held", 0.98), ("fresh", 0.95)])
def test_what_is_decided_agrees_with_people(found: dict[str, list[Outcome]], half: str, agreement: float) -> None:
    assert rows(found[half])[-1].agreement >= agreement


@pytest.mark.parametrize("half", ["dev", "held", "fresh"])
def test_six_key_points_in_ten_are_decided(found: dict[str, list[Outcome]], half: str) -> None:
    assert rows(found[half])[-1].coverage >= 0.6


@pytest.mark.parametrize("half", ["dev", "held", "fresh"])
def test_no_full_marks_for_stuffing_copying_and_orders(found: dict[str, list[Outcome]], half: str) -> None:
    """Nothing is decided in favour of an answer that earns nothing."""
    worthless = [o for o in found[half] if o.answer.kind in WORTHLESS and not any(o.answer.awards.values())]
    assert worthless
    assert [o.answer.id for o in worthless if o.decided and o.result.award > 0] == []

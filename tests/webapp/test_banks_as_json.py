"""A bank that another process has read is the bank that this one would have read, and nothing else is taken for one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from questions import load_bank
from questions.model import Bank
from webapp.authoring.banks_as_json import from_json, to_json

ROOT = Path(__file__).parents[2]


BANKS = ["questions/banks/attention", "tests/questions/documents", "tests/webapp/small_bank.md"]


@pytest.mark.parametrize("path", BANKS)
def test_a_bank_comes_back_equal(path: str) -> None:
    bank = load_bank(ROOT / path)
    assert from_json(Bank, json.loads(json.dumps(to_json(bank)))) == bank


@pytest.mark.parametrize("sent", [None, 5, "x", [], {}, [["x"]], [5] * 7])
def test_what_is_no_bank_is_refused(sent: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        from_json(Bank, sent)


def test_nothing_of_ours_reads_pickles() -> None:
    rooms = ("questions", "sandbox", "grader", "webapp")
    sources = [path for room in rooms for path in (ROOT / room).rglob("*.py") if "node_modules" not in path.parts]
    assert [path.name for path in sources if "pickle.load" in path.read_text(encoding="utf-8")] == []

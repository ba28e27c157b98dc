"""Every key, label and fence of the format is documented."""

import re
from pathlib import Path

import pytest

from questions import parse_bank
from questions.fields import BANK_KEYS, ITEM_KEYS, LIMIT_KEYS
from questions.labels import NAMES
from questions.model import Kind
from questions.parts import PYTHON_ROLES, YAML_ROLES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "bank-format.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "written",
    [
        *(f"**{key}**" for key in (*BANK_KEYS, *ITEM_KEYS)),
        *(f"`{key}`" for key in (*LIMIT_KEYS, *Kind)),
        *(f"python {role}" for role in PYTHON_ROLES),
        *(f"yaml {role}" for role in YAML_ROLES),
        *(name if not name.isascii() else name.capitalize() for name in NAMES),
    ],
)
def test_the_page_on_the_format_names_it(written):
    assert written in PAGE


def test_the_examples_on_the_page_are_banks_without_a_fault():
    examples = re.findall(r"^````markdown\n(.*?)^````$", PAGE, re.DOTALL | re.MULTILINE)
    banks = [parse_bank(example) for example in examples]
    assert [str(fault) for bank in banks for fault in bank.faults] == []
    assert [bank.id for bank in banks] == ["example", "variants"]
    (item,) = banks[0].items
    assert [reading.id for reading in item.readings] == [wrong.reading for wrong in item.misconceptions]

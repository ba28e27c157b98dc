"""Every key, label and fence of the format is documented."""

import re
from pathlib import Path

import pytest

from questions import load_bank, svg
from questions.fields import BANK_KEYS, ITEM_KEYS, LIMIT_KEYS
from questions.figures import MOST
from questions.labels import NAMES
from questions.model import Kind
from questions.parts import PYTHON_ROLES, YAML_ROLES
from questions.paths import PATH_KEYS, SECTION_KEYS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "bank-format.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "written",
    [
        *(f"**{key}**" for key in (*BANK_KEYS, *ITEM_KEYS, *PATH_KEYS, *SECTION_KEYS)),
        *(f"`{key}`" for key in (*LIMIT_KEYS, *Kind)),
        *(f"python {role}" for role in PYTHON_ROLES),
        *(f"yaml {role}" for role in YAML_ROLES),
        *(name if not name.isascii() else name.capitalize() for name in NAMES),
    ],
)
def test_the_page_on_the_format_names_it(written):
    assert written in PAGE


def test_the_page_on_the_format_lists_what_a_figure_may_hold():
    assert not [name for name in svg.ELEMENTS if f"`{name}`" not in PAGE]
    assert f"{svg.MAX_BYTES // 1024} KiB, {svg.MAX_ELEMENTS:,} elements, {svg.MAX_DEPTH} deep" in PAGE
    assert f"{svg.MAX_DRAWN:,} elements once" in PAGE
    assert f"{MOST} figures in a bank" in PAGE


def test_the_plan_of_weeks_holds_every_item_of_the_shipped_bank():
    root = Path(__file__).resolve().parents[2]
    page = (root / "docs" / "teaching.md").read_text(encoding="utf-8")
    weeks = "".join(re.findall(r"^\| \d \|.*$", page.partition("## Half a term")[2], re.MULTILINE))
    asked = {item.id for item in load_bank(root / "questions" / "banks" / "attention").items}
    assert set(re.findall(r"`([a-z-]+)`", weeks)) == asked

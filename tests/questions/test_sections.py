"""Sections over several files: an item may be a file of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

import questions
from questions.explained import explain_bank

BANK = "# 库 | Bank\n\n```yaml bank\nid: small\nlanguages: [en]\n```\n"


def item(name: str) -> str:
    rubric = "**Rubric:**\n\n- `a` (1) That\n  - yes: because\n\n**Answer:** because\n"
    return f"### {name} {{#{name}}}\n\n**Question:** Why?\n\n{rubric}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "00-bank.md": BANK, "10-first.md": f"## First\n\nWords.\n\n{item('one')}", "11-second.md": item("two"),
        "12-third.md": f"{item('three')}\n## Second\n\n{item('four')}", "13-fourth.md": item("five"),
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_file_that_begins_with_an_item_goes_on_with_the_section_before(folder: Path) -> None:
    bank = questions.load_bank(folder)
    found = [(section.title.get("en"), [each.id for each in section.items]) for section in bank.sections]
    assert found == [("First", ["one", "two", "three"]), ("Second", ["four", "five"])]
    assert {each.section.get("en") for each in bank.sections[0].items} == {"First"}
    assert bank.faults == ()
    for each in bank.items:
        again = questions.item_from_source(each.source)
        assert (again.revision, again.suite, again.section) == (each.revision, each.suite, again.section)
        assert again.section.get("en") == each.section.get("en")


@pytest.mark.parametrize(("name", "held"), [("11-second.md", ["two"]), ("12-third.md", ["three", "four"])])
def test_a_file_by_itself_holds_its_own_items(folder: Path, name: str, held: list[str]) -> None:
    bank = questions.load_bank(folder / name)
    assert [each.id for each in bank.items] == held
    assert bank.sections[0].title.get("en") == "First"
    assert bank.sections[0].path == folder / name


def test_how_it_is_read_is_explained_file_by_file(folder: Path) -> None:
    files = {each.path.name: each for each in explain_bank(folder).files}
    assert [len(section.items) for section in files["12-third.md"].sections] == [1, 1]
    assert [each.item.id for section in files["11-second.md"].sections for each in section.items] == ["two"]


def test_a_bank_whose_first_heading_is_an_item_s_has_a_section_without_a_title(tmp_path: Path) -> None:
    (tmp_path / "bank.md").write_text(BANK.split("\n\n", 1)[1] + item("one"))
    bank = questions.load_bank(tmp_path / "bank.md")
    assert [(section.title.get("en"), len(section.items)) for section in bank.sections] == [("", 1)]

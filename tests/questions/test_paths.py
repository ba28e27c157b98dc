"""What items recommend first, and a lecturer's paths through a bank: every slip is named with line and remedy."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

import questions
from questions.model import Severity
from questions.parser import parse_files
from webapp.fault_words.saying import said

HAN = re.compile("[\u4e00-\u9fff]")


def item(name: str, *wants: str) -> str:
    """A short answer that recommends others first."""
    keys = f"```yaml item\nprerequisites: [{', '.join(wants)}]\n```\n\n" if wants else ""
    asked = "**题目：** 为什么？\n**Question:** Why?\n\n"
    return (
        f"### 题 | {name} {{#{name}}}\n\n{keys}{asked}**评分：**\n\n- `a` (1) 因 | because\n  - yes: because\n\n"
        "**答案：** because 因为\n**Answer:** because\n\n"
    )


PATH = """```yaml path
id: two-weeks
title: 两周 | Two weeks
sections:
  - title: 第一周 | Week one
    items: [one, two]
  - title: 第二周 | Week two
    items:
      - three
      - four
```
"""
HEAD = "# 库 | Bank\n\n```yaml bank\nid: small\nlanguages: [zh, en]\n```\n\n"
SECTION = "## 节 | Section\n\n"
ITEMS = SECTION + item("one") + item("two", "one") + item("three", "one", "two") + item("four", "three")
TEXT = HEAD + PATH + "\n" + ITEMS


def test_a_path_is_read_with_its_sections_in_order() -> None:
    bank = questions.parse_bank(TEXT, "small.md")
    assert bank.faults == ()
    (path,) = bank.paths
    assert (path.id, path.title.get("zh"), path.title.get("en")) == ("two-weeks", "两周", "Two weeks")
    assert [(each.title.get("en"), each.items) for each in path.sections] == [
        ("Week one", ("one", "two")),
        ("Week two", ("three", "four")),
    ]


def test_a_path_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    bank = parse_files({"00-bank.md": HEAD, "01-paths.md": PATH, "10-items.md": ITEMS}, "small")
    assert bank.faults == ()
    assert [path.id for path in bank.paths] == ["two-weeks"]


SLIPS = {
    "no id": ("id: two-weeks\n", "", "title: 两周", "this path has no id"),
    "odd id": ("id: two-weeks", "id: Two Weeks", "id: Two", "must match [a-z0-9-]+"),
    "no title": ("title: 两周 | Two weeks\n", "", "id: two-weeks", "this path has no title"),
    "title in one language": ("两周 | Two weeks", "两周", "```yaml path", "missing in English"),
    "section in one language": ("第二周 | Week two", "Week two", "- title: Week two", "missing in Chinese"),
    "unknown key": ("title: 第一周 | Week one", "titel: 第一周", "titel", "did you mean 'title'"),
    "section without title": ("title: 第一周 | Week one\n    items", "items", "- items", "has no title"),
    "section without items": ("    items: [one, two]\n", "", "- title: 第一周", "has no items"),
    "no sections": (PATH[PATH.index("sections") :], "```\n", "id: two-weeks", "has no sections"),
    "sections empty": (PATH[PATH.index("sections") :], "sections: []\n```\n", "sections: []", "must be a list"),
    "a word for a section": ("  - title: 第一周 | Week one\n    items: [one, two]", "  - a", "- a", "not 'a'"),
    "no such item": ("      - four", "      - for", "      - for\n", "did you mean 'four'"),
    "item twice": ("      - four", "      - two", "      - two\n", "twice (first in line 13)"),
    "not YAML": ("[one, two]", "[one, two", "items: [one", "is not YAML"),
    "path twice": (PATH, f"{PATH}\n{PATH}", None, "is there already (small.md:8)"),
    "in a section": (SECTION, f"{SECTION}{PATH}\n", None, "below the first # heading"),
    "in an item": ("**题目：** 为什么？", f"{PATH}\n**题目：** 为什么？", None, "`yaml path` stands inside an item"),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_what_is_wrong_with_a_path_has_its_line_and_remedy_in_both_languages(name: str) -> None:
    old, new, piece, words = SLIPS[name]
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    bank = questions.parse_bank(text, "small.md")
    found = [fault for fault in bank.faults if words in fault.text and fault.severity is Severity.FAULT]
    assert found, [str(fault) for fault in bank.faults]
    assert all(HAN.search(said(fault.text, "zh").replace("中文", "").replace("题目：", "")) for fault in bank.faults)
    if piece is not None:
        assert text[: text.index(piece)].count("\n") + 1 in [fault.line for fault in found], [*map(str, bank.faults)]
        assert bank.paths == (), "what has a fault is not walked"
        assert len(bank.faults) == (2 if name == "unknown key" else 1), [*map(str, bank.faults)]


def test_an_item_before_its_prerequisite_is_a_remark() -> None:
    bank = questions.parse_bank(TEXT.replace("[one, two]", "[two, one]"), "small.md")
    assert [(fault.line, fault.severity, fault.text) for fault in bank.faults] == [
        (13, Severity.REMARK, "'two' stands before 'one' (line 13), which it recommends first: change their order")
    ]
    assert len(bank.paths) == 1
    assert HAN.search(said(bank.faults[0].text, "zh"))


def faults_of(*items: str) -> list[tuple[str | None, int, str]]:
    return [(each.item, each.line, each.text) for each in questions.parse_bank(HEAD + SECTION + "".join(items)).faults]


def test_a_prerequisite_that_nobody_wrote_is_told_with_the_nearest_name() -> None:
    (found,) = faults_of(item("attention"), item("two", "atention"))
    assert found[0] == "two"
    assert "the prerequisite 'atention' is no item of this bank; did you mean 'attention'?" in found[2]
    assert "先做的题目" in said(found[2], "zh")
    bank = questions.parse_bank(HEAD + SECTION + item("attention") + item("two", "atention"))
    assert [each.servable for each in bank.items] == [True, False]


def test_an_item_that_wants_itself_and_circles_are_named_in_full_with_their_lines() -> None:
    (found,) = faults_of(item("one", "one"))
    assert "'one' names itself" in found[2]
    text = [item("zero"), item("one", "three", "zero"), item("two", "one"), item("three", "two"), item("four", "two")]
    (found,) = faults_of(*text)
    lines = [int(number) for number in re.findall(r"item\.md:(\d+)", found[2])]
    written = (HEAD + SECTION + "".join(text)).split("\n")
    assert [written[line - 1][16:-1] for line in lines] == ["three, zero", "two", "one"]
    assert re.sub(r" \(item\.md:\d+\)", "", found[2]).endswith("circle: one → three → two → one; take one of them out")
    assert (found[0], found[1]) == ("one", lines[0])
    assert "绕成了一圈" in said(found[2], "zh")
    assert len(faults_of(item("a", "b"), item("b", "a"), item("c", "d"), item("d", "c"))) == 2


def test_an_item_by_itself_says_nothing_of_what_it_recommends() -> None:
    bank = questions.parse_bank(TEXT)
    again = questions.item_from_source(bank.items[2].source)
    assert again.prerequisites == ("one", "two")
    assert again.faults == ()


def test_part_of_a_bank_knows_the_items_of_the_other_files(tmp_path: Path) -> None:
    (tmp_path / "00-bank.md").write_text(HEAD)
    (tmp_path / "10-first.md").write_text(SECTION + item("one"))
    (tmp_path / "11-second.md").write_text(item("two", "one"))
    assert questions.load_bank(tmp_path / "11-second.md").faults == ()


def test_hundreds_of_items_in_one_knot_take_no_time() -> None:
    names = [f"item-{number}" for number in range(400)]
    text = HEAD + SECTION + "".join(item(name, *names[::4]) for name in names)
    begun = time.process_time()
    bank = questions.parse_bank(text)
    found = [fault for fault in bank.faults if "circle" in fault.text]
    assert 1 <= len(found) <= 10
    assert time.process_time() - begun < 20

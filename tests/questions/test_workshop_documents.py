"""Documents written before the format existed: sections, numbered items, 题目 / 答案 / 解析 and bare code."""

import re
from pathlib import Path

import pytest

from questions import Kind, Severity, parse_bank

STYLE = Path(__file__).parent / "documents" / "workshop.md"
TEXT = STYLE.read_text(encoding="utf-8")
PUBLISHED = sorted((Path(__file__).resolve().parents[3] / "shared").glob("000_*.txt"))


def faults_about(bank, what):
    return [fault for fault in bank.faults if what in fault.text]


def line_of(text, document=TEXT):
    return next(number for number, line in enumerate(document.split("\n"), 1) if text in line)


def test_every_item_has_its_texts_and_a_provisional_id():
    bank = parse_bank(TEXT, STYLE)
    assert [len(section.items) for section in bank.sections] == [2, 3, 0]
    assert [item.kind for item in bank.items] == [Kind.SHORT_ANSWER] * 2 + [Kind.CODING] * 3
    assert all(item.question.zh and item.answer.zh for item in bank.items)
    assert [bool(item.explanation) for item in bank.items] == [True, False, False, False, False]
    assert bank.items[0].answer.get("zh").endswith("- **批归一化：** 对每个批次。")
    assert bank.items[0].id == f"workshop-{line_of('### 1.')}"
    assert all(item.provisional and not item.servable for item in bank.items)
    assert bank.sections[2].introduction.get("zh") == "归一化很有用。"
    assert bank.languages == ("zh",)


def test_what_is_missing_to_serve_an_item_is_said_with_file_and_line():
    bank = parse_bank(TEXT, STYLE)
    for item in bank.items:
        texts = [fault.text for fault in item.faults if fault.line == item.line and fault.path == STYLE]
        wanted = ["id", "starter", "reference", "tests"] if item.kind is Kind.CODING else ["id", "rubric"]
        assert [re.match(r"the item has no (\w+)", text)[1] for text in texts] == wanted
    assert str(bank.items[0].faults[0]).startswith(f"{STYLE}:{bank.items[0].line}: the item has no id")


def test_errors_in_published_code_are_seen_without_running_it():
    bank = parse_bank(TEXT, STYLE)
    (syntax,) = faults_about(bank, "syntax error")
    assert syntax.line == line_of("self scale")
    (undefined,) = faults_about(bank, "nothing there defines")
    assert (undefined.line, "'Norm'" in undefined.text) == (line_of("return Norm"), True)


def test_code_in_two_fences_of_one_answer_is_read_as_one():
    more = "def add(values):\n    return sum(values)\n```\n\n再\n\n```python\ndef total(values):"
    text = TEXT.replace("def total(values):", more)
    bank = parse_bank(text.replace("return sum(value for", "return add(value for"), STYLE)
    assert len(faults_about(bank, "nothing there defines")) == 1
    code = bank.items[-1].answer_code
    second = next(number for number, line in enumerate(code.source.split("\n"), code.line) if "def total" in line)
    assert text.split("\n")[second - 1] == "def total(values):"


def shape(bank):
    return [(item.kind, bool(item.question), bool(item.answer), bool(item.explanation)) for item in bank.items]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: re.sub(r"\n+", "\n", text),
        lambda text: re.sub(r"(### )\d\. ", r"\1Q1) ", text),
        lambda text: re.sub(r"## [一二三]、", "## Part ", text),
        lambda text: text.replace("题目：", "Question:").replace("答案：", "Answer:").replace("解析：", "Explanation:"),
        lambda text: text.replace("：** ", "**："),
        lambda text: text.replace("：** ", "**: ").replace("**题目**", "__题目__").replace("**答案**", "  **答案**"),
        lambda text: text.replace("```python", "~~~~ python").replace("```", "~~~~"),
        lambda text: text.replace("\n\n##", "\n\n---\n\n##"),
        lambda text: text.replace("\n## ", "\n# ", 1),
    ],
    ids=[
        "crlf", "bom", "no blank lines", "other numbers", "other titles", "english labels", "colon outside",
        "ascii colon outside", "tildes", "rulers", "sections as headings of the first level",
    ],
)  # fmt: skip
def test_other_ways_to_write_the_same_document_give_the_same_items(change):
    bank = parse_bank(change(TEXT), STYLE)
    assert shape(bank) == shape(parse_bank(TEXT, STYLE))
    assert len(faults_about(bank, "syntax error")) == 1
    assert len(faults_about(bank, "nothing there defines")) == 1
    assert "---" not in bank.items[1].answer.get("zh")


def test_an_unclosed_fence_costs_one_item_and_is_named_by_its_opening_line():
    lines = TEXT.split("\n")
    opening = line_of("```python")
    del lines[line_of("return x * size")]  # the fence that closes the first code
    bank = parse_bank("\n".join(lines), STYLE)
    (fault,) = faults_about(bank, "is not closed")
    assert fault.line == opening
    assert fault.item == bank.items[2].id
    assert [item.title.get("zh") for item in bank.items] == [
        "什么是归一化",
        "何时使用",
        "写一个归一化层",
        "使用它",
        "求和",
    ]
    assert len(faults_about(bank, "nothing there defines")) == 1
    last = parse_bank(TEXT[: TEXT.index("    return sum")], STYLE)
    assert [fault.line for fault in faults_about(last, "is not closed")] == [line_of("def total") - 1]


def test_a_fence_inside_a_longer_fence_stays_code_and_one_of_the_same_length_is_reported():
    inner = "```python\nx = 1\n```\n\n### 不是题目\n\n**题目：** 也不是\n"
    text = TEXT.replace("请求和。", f"请求和。\n\n````markdown\n{inner}````\n")
    bank = parse_bank(text, STYLE)
    assert shape(bank) == shape(parse_bank(TEXT, STYLE))
    assert not faults_about(bank, "is not closed")
    broken = parse_bank(text.replace("````", "```"), STYLE)
    assert faults_about(broken, "is not closed")[0].line == line_of("```markdown", text)
    assert "````" in faults_about(broken, "is not closed")[0].text


def test_a_broken_fence_that_commonmark_closes_early_swallows_no_label_behind_it():
    text = "## 一\n\n### 二 {#b}\n\n```\n```python\nx = 1\n```\n\n**题目：** 问？\n\n**答案：** 答。"
    bank = parse_bank(text, STYLE)
    assert [fault.line for fault in faults_about(bank, "is not closed")] == [5]
    assert bank.items[0].answer.get("zh") == "答。"


def test_labels_below_a_section_and_unknown_labels_are_reported():
    bank = parse_bank("## 一\n\n**题目：** 问？\n\n### 二\n\n**问题：** 问？\n\n**Anwser:** x\n", STYLE)
    assert [fault.line for fault in faults_about(bank, "outside an item")] == [3]
    assert ["did you mean" in str(fault) for fault in bank.faults if fault.line in (7, 9)] == [True, True]


@pytest.mark.skipif(not PUBLISHED, reason="the published workshop document does not lie beside this checkout")
def test_the_published_workshop_document_parses_as_it_is():
    path = PUBLISHED[0] if PUBLISHED else Path()
    text = path.read_text(encoding="utf-8")
    bank = parse_bank(text, path)
    assert [len(section.items) for section in bank.sections if section.items] == [3, 6]
    assert [item.kind for item in bank.items] == [Kind.SHORT_ANSWER] * 3 + [Kind.CODING] * 5 + [Kind.SHORT_ANSWER]
    assert all(item.question.zh and item.answer.zh and item.provisional for item in bank.items)
    assert [bool(item.explanation) for item in bank.items] == [True] + [False] * 8
    assert [bool(item.answer_code) for item in bank.items] == [False] * 3 + [True] * 5 + [False]
    lines = text.split("\n")
    syntax = faults_about(bank, "syntax error")
    assert [lines[fault.line - 1].strip().split()[0] for fault in syntax] == ["self", "self"]
    undefined = faults_about(bank, "nothing there defines")
    assert ["= ScaledDotProductAttention(" in lines[fault.line - 1] for fault in undefined] == [True, True]
    missing = [fault for fault in bank.faults if fault.text.startswith("the item has no")]
    assert len(missing) == 9 + 3 * 5 + 4
    everything = [fault for fault in bank.faults if fault.severity is Severity.FAULT]
    assert len(everything) == len(missing) + len(syntax) + len(undefined)

"""A complete bank and everything its items must hold."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from questions import Judgement, Kind, Phrase, Severity, item_from_source, load_bank, parse_bank

COMPLETE = Path(__file__).parent / "documents" / "complete.md"
LINES = COMPLETE.read_text(encoding="utf-8").split("\n")


@pytest.fixture(scope="module")
def bank():
    return load_bank(COMPLETE)


def line_of(text):
    return next(number for number, line in enumerate(LINES, 1) if text in line)


def test_a_complete_bank_has_nothing_to_complain_about(bank):
    assert [str(fault) for fault in bank.faults] == []
    assert (bank.id, bank.languages) == ("small", ("zh", "en"))
    assert all(item.servable for item in bank.items)


def test_titles_and_introductions_are_split_by_script_and_lose_their_numbers(bank):
    assert (bank.title.get("zh"), bank.title.get("en")) == ("卷积与注意力", "Convolution and attention")
    section = bank.sections[0]
    assert section.introduction.get("zh") == "本节很短，公式是\n\n$$\ny = x + 1\n$$"
    assert section.introduction.get("en") == "This section is short."
    assert [item.title.get("zh") for item in bank.items] == ["加一", "为什么加一", "选一个", "多大"]
    assert [item.kind for item in bank.items] == [Kind.CODING, Kind.SHORT_ANSWER, Kind.CHOICE, Kind.NUMERIC]


def test_a_coding_item_carries_texts_code_and_lines(bank):
    item = bank.item("add-one")
    assert item.line == line_of("{#add-one}")
    assert item.question.get("zh") == "写一个函数 `add_one`。\n- 输入 `x`\n- 输出 `x + 1`"
    assert item.question.get("en").endswith("```python\nadd_one(1)  # 2, shown to students\n```")
    assert [hint.get("zh") for hint in item.hints] == ["用加号。"]
    assert item.starter.line == line_of("python starter") + 1
    assert item.reference.source == "def add_one(x):\n    return x + 1"
    assert item.answer_code is None
    assert (item.points, item.skills) == (4.0, ("adding",))
    assert (item.limits.seconds, item.limits.memory_mb) == (2.0, 256)
    assert len(item.shared) == 1
    assert item.shared[0].source.startswith("import torch")


def test_several_tests_fences_are_one_suite_that_keeps_the_lines_of_the_file(bank):
    item = bank.item("add-one")
    adds, integers = item.test_specs
    assert (adds.points, adds.hidden, integers.points, integers.hidden) == (3.0, False, 1.0, True)
    assert (adds.line, integers.line) == (line_of("def test_adds"), line_of("def test_integers"))
    assert integers.title.get("en") == "Integers work as well."
    in_suite = item.tests.source.split("\n")
    assert in_suite[integers.line - item.tests.line].startswith("def test_integers")


def test_a_misconception_has_the_sentence_of_its_docstring(bank):
    (wrong,) = bank.item("add-one").misconceptions
    assert (wrong.id, wrong.sentence.get("zh"), wrong.sentence.get("en")) == ("subtracts", "减了一。", "Subtracts one.")
    assert LINES[wrong.code.line - 1].startswith('"""减了一')


def test_a_reading_has_a_title_and_a_text_in_both_languages_and_is_pointed_to(bank):
    (reading,) = bank.item("add-one").readings
    assert (reading.id, reading.line) == ("number-line", line_of("**阅读"))
    assert (reading.title.get("zh"), reading.title.get("en")) == ("数轴", "The number line")
    assert reading.text.get("zh") == "向右一步，是**加一**；\n\n向左一步，是减一。"
    assert reading.text.get("en") == "To the right it is adding. `{{n}}` is code."
    assert [wrong.reading for wrong in bank.item("add-one").misconceptions] == ["number-line"]


def test_a_bank_names_its_skills(bank):
    (adding,) = bank.skills
    assert (adding.id, adding.name.get("zh"), adding.name.get("en")) == ("adding", "加法", "Adding")
    assert adding.line == line_of("adding: 加法")


def test_a_rubric_tells_patterns_from_paraphrases(bank):
    reason, style = bank.item("why-add").key_points
    assert (reason.id, reason.points, reason.description.get("en")) == ("reason", 1.5, "Because it is asked for")
    assert [rule.judgement for rule in reason.rules] == [Judgement.YES, Judgement.YES, Judgement.NO]
    assert reason.rules[0].phrases == (Phrase("题目要求", False),)
    assert reason.rules[1].phrases == (Phrase("(asked|要求)", True), Phrase("a + b|c", True))
    assert style.rules[1].phrases == (Phrase("a `tick` b", True),)
    assert bank.item("why-add").points == 2.0
    assert bank.item("why-add").answer.get("zh") == "题目要求。"
    assert bank.item("why-add").answer.get("en") == "It is asked for."


def test_options_are_split_and_a_formula_serves_both_languages(bank):
    first, second, third = bank.item("choose").options
    assert (first.right, second.right, third.right) == (True, False, True)
    assert first.text.zh.markdown == first.text.en.markdown == "$P(a|b)$"
    assert (second.text.get("zh"), second.text.get("en")) == ("二", "two")
    assert second.feedback.get("en") == "Too large."
    assert third.text.get("en") == "`a|b` as well"


def test_values_have_units_and_tolerances(bank):
    item = bank.item("how-large")
    assert [(value.amount, value.unit, value.tolerance, value.right) for value in item.values] == [
        ("{{twice}}", "cm", "0.5", True),
        ("-1e3", "m", "2%", False),
    ]
    assert item.units == (("cm", 1.0), ("m", 100.0))
    assert item.variant is not None


def without_places(value):
    """A value with every line and path taken out."""
    if isinstance(value, tuple):
        return tuple(without_places(part) for part in value)
    if hasattr(value, "__dataclass_fields__"):
        return {
            name: without_places(getattr(value, name))
            for name in value.__dataclass_fields__
            if name not in ("line", "path")
        }
    return value


def test_an_items_source_gives_the_same_item_back(bank):
    for item in bank.items:
        again = item_from_source(item.source)
        assert without_places(again) == without_places(item)
        assert item_from_source(again.source) == again


def test_a_source_with_two_items_is_refused(bank):
    with pytest.raises(ValueError, match="one item"):
        item_from_source(COMPLETE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("```", "~~~"),
        lambda text: text.replace("```", "`````"),
        lambda text: text + "\n\n\n",
    ],
    ids=["bom", "crlf", "cr", "tildes", "long fences", "blank lines"],
)
def test_how_a_file_is_saved_does_not_matter(bank, change):
    other = parse_bank(change(COMPLETE.read_text(encoding="utf-8")), COMPLETE)
    assert other.faults == ()
    assert [item.suite for item in other.items] == [item.suite for item in bank.items]
    assert [replace(item, source="", revision="") for item in other.items][1:] == [
        replace(item, source="", revision="") for item in bank.items
    ][1:]


def test_blank_lines_between_the_parts_are_not_needed(bank):
    # Only where two languages meet without labels does a blank line tell them apart.
    text = "\n".join(line for line in LINES if line.strip() and line != "This section is short.")
    text = text.replace("本节很短，公式是\n$$\ny = x + 1\n$$\n", "")
    other = parse_bank(text, COMPLETE)
    assert [fault.text for fault in other.faults if fault.severity is Severity.FAULT] == []
    assert [item.suite for item in other.items] == [item.suite for item in bank.items]


def test_a_folder_is_one_bank_in_name_order(tmp_path):
    head, _, tail = COMPLETE.read_text(encoding="utf-8").partition("### 3.")
    (tmp_path / "20-more.md").write_text("## 更多 | More\n\n### 3." + tail, encoding="utf-8")
    (tmp_path / "10-first.md").write_text(head, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("### not a bank", encoding="utf-8")
    bank = load_bank(tmp_path)
    assert bank.faults == ()
    assert [item.id for item in bank.items] == ["add-one", "why-add", "choose", "how-large"]
    assert bank.items[2].path.name == "20-more.md"
    assert len(bank.sections) == 2


def test_an_empty_folder_is_a_fault_and_a_missing_one_an_error(tmp_path):
    assert "no Markdown" in load_bank(tmp_path).faults[0].text
    with pytest.raises(OSError, match="nowhere"):
        load_bank(tmp_path / "nowhere.md")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_another_encoding_is_the_only_fault_of_a_good_file(tmp_path, encoding):
    path = tmp_path / "bank.md"
    path.write_bytes("\n".join(LINES).encode(encoding))
    found = load_bank(path)
    assert [(fault.line, fault.text) for fault in found.faults] == [(1, "this is not UTF-8: save the file as UTF-8")]
    assert found.title.get("zh") == "卷积与注意力"
    assert [item.servable for item in found.items] == [False] * 4


def test_a_file_in_no_encoding_that_fits_serves_none_of_its_items(tmp_path):
    path = tmp_path / "bank.md"
    path.write_bytes("\n".join(LINES).encode() + b"\n\ncaf\xe9")
    found = load_bank(path)
    assert "this is not UTF-8: save the file as UTF-8" in {fault.text for fault in found.faults}
    assert not any(item.servable for item in found.items)


def test_a_bank_loads_in_under_fifty_milliseconds():
    load_bank(COMPLETE)
    best = min(timed(lambda: load_bank(COMPLETE)) for _ in range(5))
    assert best < 0.05


def timed(action):
    start = time.process_time()
    action()
    return time.process_time() - start

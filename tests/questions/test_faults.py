"""Every slip an author can make is named with its line and its remedy."""

from pathlib import Path

import pytest

from questions import Severity, parse_bank

TEXT = (Path(__file__).parent / "documents" / "complete.md").read_text(encoding="utf-8")

# what is written, what it is changed into, the line that must be named (by a piece of it), words of the message
SLIPS = {
    "unknown bank key": ("languages: [zh, en]", "langauges: [zh, en]", "langauges", "did you mean 'languages'"),
    "unknown language": ("[zh, en]", "[zh, fr]", "[zh, fr]", "languages are zh and en"),
    "bad bank id": ("id: small", "id: Small Bank", "id: Small", "[a-z0-9-]+"),
    "bank not yaml": ("id: small", "id: [small", None, "is not YAML"),
    "unknown item key": ("skills: [adding]", "skils: [adding]", "skils", "did you mean 'skills'"),
    "wrong type": ("points: 4", "points: four", "points: four", "must be a number"),
    "points not the sum": ("points: 4", "points: 5", "points: 5", "add up to 4"),
    "skills a mapping": ("skills: [adding]", "skills: {a: 1}", "skills: {", "must be a word"),
    "a colon in a title": ("skills: [adding]", "papers:\n  - A 2020, One: Two", "- A 2020", "stands in quotes"),
    "too little time": ("seconds: 2", "seconds: 0.01", "seconds: 0.01", "between 0.1 and 60"),
    "too much time": ("seconds: 2", "seconds: 61", "seconds: 61", "between 0.1 and 60"),
    "too much memory": ("memory_mb: 256", "memory_mb: 9999", "memory_mb: 9999", "between 64 and 4096"),
    "half a megabyte": ("memory_mb: 256", "memory_mb: 256.5", "memory_mb: 256.5", "whole number"),
    "unknown limit": ("memory_mb: 256", "memory: 256", "memory: 256", "did you mean 'memory_mb'"),
    "key twice": ("points: 4", "points: 4\npoints: 4", None, "twice"),
    "alias": ("skills: [adding]", "skills: &a [b]\nunits: *a", "units: *a", "aliases"),
    "unknown kind": ("units: {cm", "kind: numerical\nunits: {cm", "kind: numerical", "did you mean 'numeric'"),
    "bad id": ("{#why-add}", "{#Why add}", "{#Why add}", "{#why-add}"),
    "no id": (" {#why-add}", "", "### 2.", "has no id"),
    "id twice": ("{#why-add}", "{#add-one}", "### 2.", "is taken by"),
    "no title": ("### 2. 为什么加一 | Why add one {#why-add}", "### {#why-add}", "### {#why-add}", "no title"),
    "no question": ("**题目：** 为什么？\n**Question:** Why?\n", "", "### 2.", "no question"),
    "language missing": ("**Question:** Why?\n", "", "**题目：** 为什么？", "missing in English: add **Question:**"),
    "title in one language": ("为什么加一 | Why add one", "为什么加一", "### 2.", "missing in English"),
    "second question": ("**Question:** Why?", "**Question:** Why?\n**Question:** Y?", "Y?", "a second English"),
    "no starter": ("```python starter", "```text", "### 1.", "no starter"),
    "no reference": ("```python reference", "```text", "### 1.", "no reference"),
    "no rubric": ("**评分：**", "**注意**", "### 2.", "no rubric"),
    "unknown fence": ("```python starter", "```python stater", "python stater", "did you mean 'starter'"),
    "role without a language": ("```python starter", "```starter", "```starter", "did you mean 'python starter'"),
    "misspelt language": ("```python starter", "```pyhton starter", "```pyhton", "did you mean 'python starter'"),
    "fence in a list": ("```python starter", "- x\n\n  ```python starter", "  ```python starter", "to the margin"),
    "words after a role": ("```python starter", "```python starter two", "starter two", "no meaning"),
    "two references": ("```python starter", "```python reference", None, "a second reference"),
    "nameless misconception": ("misconception subtracts", "misconception", "misconception", "has no name"),
    "odd misconception": ("misconception subtracts", "misconception Sub!", "Sub!", "[a-z0-9-]+"),
    "no sentence": ('"""减了一。 | Subtracts one.', '"""', None, "has no sentence"),
    "half a sentence": ("减了一。 | Subtracts one.", "减了一。", "减了一。", "missing in English"),
    "syntax error in tests": ("assert submission", "assert = submission", "assert = ", "syntax error"),
    "syntax error in a reference": ("    return x + 1", "    return x +", "return x +", "syntax error"),
    "undefined in tests": ("near(submission", "nearly(submission", "nearly(", "'nearly'"),
    "undefined in shared": ("torch.testing", "toch.testing", "toch.testing", "'toch'"),
    "undefined in a misconception": ("    return x - 1", "    return x - one", "x - one", "'one'"),
    "unknown fixture": ("(submission, numbers)", "(submission, nubmers)", "nubmers", "did you mean 'numbers'"),
    "skipped test": ("@pytest.mark.hidden", "@pytest.mark.skip", "@pytest.mark.skip", "does not run"),
    "points not a number": ("points(3)", "points('3')", "points('3')", "one number"),
    "negative points": ("points(3)", "points(-3)", "points(-3)", "one number"),
    "unknown mark": ("@pytest.mark.hidden", "@pytest.mark.hiden", "@pytest.mark.hiden", "did you mean 'hidden'"),
    "unknown mark of points": ("mark.points(3)", "mark.point(3)", "mark.point(3)", "did you mean 'points'"),
    "fixture not there": ("(submission, numbers)", "(submission, tmp_path)", "tmp_path", "do without it"),
    "fixture imported": ("@pytest.mark.points(3)", "import reference\nX = 3", "import ref", "fixture"),
    "test without title": ('    """整数也行。 | Integers work as well."""\n', "", "def test_integers", "has no title"),
    "test twice": ("def test_integers", "def test_adds", "reference, number", "two tests are named"),
    "shared inside an item": ("```python variant", "```python shared", "shared\ndef variant", "inside an item"),
    "no key points": ("- `reason` (1.5)", "`reason` (1.5)", "`reason` (1.5)", "belongs to no key point"),
    "points of a key point": ("(1.5)", "(many)", "(many)", "must be a number above 0"),
    "key point twice": ("`style`", "`reason`", "* `reason`", "two key points"),
    "unknown rule": ("- yes: 题目要求", "- yse: 题目要求", "yse:", "did you mean 'yes'"),
    "no yes": ("* yes: 清楚", "* half: 清楚", "`style`", "no `yes:` rule"),
    "bad pattern": ("`(asked|要求)`", "`(asked|要求`", "`(asked|要求`", "not a regular expression"),
    "reading nobody wrote": ("Reading: number-line", "Reading: numbers", '"""减了一。', "which the item does not hold"),
    "reading without id": ("**阅读（number-line）", "**阅读", "数轴", "this reading has no id"),
    "odd reading": ("（number-line）", "（Number line）", "数轴", "must match [a-z0-9-]+"),
    "reading twice": ("**Reading（ number-line", "**阅读（number-line", "The number line", "a second Chinese reading"),
    "reading in one language": ("**Reading（ number-line", "**Note（ n", "向右一步", "**Reading (number-line):**"),
    "reading without title": ("The number line\n\n", "\n\n", "**Reading", "no title"),
    "reading without text": ("To the right it is adding. `{{n}}` is code.", "", "**Reading", "no text"),
    "reading that tells": ("To the right", "```\n  return x+1  # yes\n```\nTo the right", "return x+1", "shows the"),
    "slow pattern": ("`(asked|要求)`", r"`(\w+)+asked`", r"`(\w+)+asked`", "forever"),
    "pattern of nothing": ("`(asked|要求)`", "`(asked)?`", "`(asked)?`", "empty answer"),
    "option without box": ("- [ ] 二 | two", "- 二 | two", "- 二", "has no box"),
    "option in one language": ("- [ ] 二 | two", "- [ ] 二", "- [ ] 二", "missing in English"),
    "not a number": ("-1e3 m", "lots m", "lots m", "is not a value"),
    "unknown unit": ("-1e3 m", "-1e3 km", "-1e3 km", "did you mean 'm'"),
    "bad tolerance": ("± 0.5", "± little", "± little", "tolerance"),
    "too wide a tolerance": ("+/- 2 %", "+/- 200 %", "200 %", "below 100%"),
    "unit of no size": ("m: 100", "m: 0", "m: 0", "more than 0"),
    "unknown parameter": ("Twice {{n}}", "Twice {{m}}", "Twice {{m}}", "not among what variant returns"),
    "no variant": ("```python variant", "```text", "{{n}} 的两倍", "no value"),
    "variant of another name": ("def variant", "def variants", "def variants", "defines no function"),
    "item block twice": ("points: 2\n```", "points: 2\n```\n\n```yaml item\n```", None, "a second `yaml item`"),
    "bank block in an item": ("```yaml item\nunits", "```yaml bank\nunits", "bank\nunits", "inside an item"),
    "unclosed comment": ("本节很短", "<!-- 本节很短", "<!-- 本节很短", "never closed"),
    "fence far from the margin": ("```python starter", "    ```python starter", "    ```python", "to the margin"),
    "two backticks": ("```python starter", "``python starter", "``python starter", "write three backticks"),
    "Chinese backticks": ("```python starter", "···python starter", "···python", "write three backticks"),
    "quote left open": ("skills: [adding]", 'skills: ["adding]', 'skills: ["', "a quote is opened here"),
    "bracket left open": ("skills: [adding]", "skills: [adding", "skills: [adding\n", "a [ is opened here"),
    "full-width colon": ("points: 4", "points：4", "points：4", "full-width one: write points: …"),
    "colon without space": ("points: 4", "points:4", "points:4", "a space is missing after the colon"),
    "key alone": ("limits: {seconds", "points\nlimits: {seconds", "points\nlimits", "is not YAML: a line here has no"),
    "indented tests' end": ("    return x - 1", "    if x:\n    return 1", "    return 1\n", "statement on line 100"),
    "label without text": ("**Question:** Why?", "**Question:**", "**Question:**\n\n**评分", "nothing stands below"),
    "section with an id": ("### 2.", "## 2.", "## 2.", "write ### for an item"),
    "negative tolerance": ("cm ± 0.5", "cm ± -0.5", "cm ± -0.5", "must be a number above 0"),
    "value without unit": ("-1e3 m", "-1e3", "-1e3", "has no unit, and others have"),
    "variant without argument": ("def variant(rng)", "def variant()", "def variant()", "write def variant(rng)"),
    "not text": ("本节很短", "\x00本节很短", "本节很短", "NUL"),
}  # fmt: skip


def line_of(piece, text):
    return text[: text.index(piece)].count("\n") + 1


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_named_with_line_and_remedy(name):
    old, new, piece, words = SLIPS[name]
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    bank = parse_bank(text, "small.md")
    found = [fault for fault in bank.faults if words in fault.text]
    assert found, [str(fault) for fault in bank.faults]
    assert found[0].severity is Severity.FAULT
    if piece is not None:
        assert line_of(piece, text) in [fault.line for fault in found], [str(fault) for fault in found]


def test_an_items_faults_are_the_banks_and_keep_it_from_being_served():
    for old, new, _, words in (SLIPS["slow pattern"], SLIPS["unknown fence"], SLIPS["id twice"]):
        bank = parse_bank(TEXT.replace(old, new, 1), "small.md")
        owners = [item for item in bank.items if any(words in fault.text for fault in item.faults)]
        assert len(owners) == 1
        assert not owners[0].servable
        assert set(owners[0].faults) <= set(bank.faults)


def test_broken_shared_code_keeps_every_coding_item_from_being_served():
    bank = parse_bank(TEXT.replace("def near(a, b):", "def near(a, b)", 1), "small.md")
    assert [fault.line for fault in bank.faults if "syntax error" in fault.text] == [line_of("def near", TEXT)]
    assert [item.servable for item in bank.items] == [False, True, True, True]


def test_a_text_missing_in_a_language_nobody_declared_is_a_remark():
    text = TEXT.replace("languages: [zh, en]", "languages: [zh]").replace("**Question:** Why?\n", "", 1)
    bank = parse_bank(text, "small.md")
    (remark,) = bank.faults
    assert remark.severity is Severity.REMARK
    assert "English is there for some texts but not for: the question" in remark.text
    assert bank.item("why-add").servable


def test_more_slips_that_need_more_than_one_change():
    for change, words in [
        (lambda t: t.replace("def near", "class TestX:\n    pass\n\n\ndef near"), None),
        (lambda t: t.replace("@pytest.mark.hidden", "class TestX: ...\n\n\n@pytest.mark.hidden"), "write functions"),
        (lambda t: t.replace("```python tests", "```text"), "has no tests"),
        (lambda t: t.replace("[x]", "[ ]").replace("[X]", "[ ]"), "no option is right"),
        (lambda t: t.replace("- [x] {{twice}} cm ± 0.5\n", ""), "no value is right"),
        (lambda t: t.replace("yes: 题目要求", "yes:"), "empty part"),
        (lambda t: t.replace("### 3.", "```python misconception subtracts\n1\n```\n\n### 3."), "has no misconception"),
        (lambda t: t.replace("**解析：** 加法。", "```python misconception subtracts\n'''甲 | a'''\n```"), "two misc"),
        (lambda t: t.replace("units: {cm: 1, m: 100}", "points: 2", 1).replace("points: 2\n", "", 1), "has no size"),
        (lambda t: t.replace("- [ ] 二 | two", "- [ ] $P(a|b)$"), "says the same"),
        (lambda t: t.replace("**Options:**", "**选项：**\n\n- [x] 一\n\n**Options:**"), "the same options"),
    ]:
        texts = [fault.text for fault in parse_bank(change(TEXT), "small.md").faults]
        assert any(words in text for text in texts) if words else texts == [], (words, texts)


def test_markdown_that_is_seldom_meant_gets_a_remark():
    text = TEXT.replace("**Question:** Why?", "**Question:** Why $$x$$ here?\n\n#tag")
    bank = parse_bank(text, "small.md")
    assert [(fault.line, fault.severity) for fault in bank.faults] == [
        (line_of("Why $$x$$", text), Severity.REMARK),
        (line_of("#tag", text), Severity.REMARK),
    ]


def test_tests_and_rules_that_seldom_say_what_was_meant_get_a_remark():
    near = "    near(submission.add_one(numbers), numbers + 1)"
    for old, new, words in [
        (near, f"{near}\n    numbers == 1", "write assert before it"),
        (near, f"{near}\n    torch.equal(numbers, numbers)", "write assert before it"),
        (near, f"{near}\n    return numbers == 1", "what a test returns"),
        ("yes: 题目要求", "yes: (题目|要求).*", "is read as plain text"),
        ("yes: 题目要求", "yes: 题目要求 | it is asked", "each language's words in a rule of its own"),
    ]:
        text = TEXT.replace(old, new, 1)
        assert text != TEXT
        (remark,) = parse_bank(text, "small.md").faults
        assert (remark.severity, remark.line) == (Severity.REMARK, line_of(new.split("\n")[-1].strip(), text))
        assert words in remark.text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("**Hint:** Use", "Hint: Use", "did you mean **Hint:**?"),
        ("**Hint:** Use", "**Hint** Use", "did you mean **Hint:**?"),
        ("**Hint:** Use a plus sign.", "#### Hint\n", "did you mean **Hint:**?"),
        ("**解析：** 加法", "解析：加法", "did you mean **解析:**?"),
        ("```yaml item\npoints", "```yaml\npoints", "did you mean 'yaml item'?"),
        ("```python tests\n@pytest.mark.p", "```python\n@pytest.mark.p", "did you mean 'python tests'?"),
        ("```python tests", "```python {tests}", "did you mean 'python tests'?"),
        ("### 2. ", "#### 2. ", "opens no item: write ###"),
        ("### 2. ", "###2. ", "opens no item: write ###"),
        ("**Question:** Why?", "**Question:** 为什么要加一？", "this text is Chinese"),
        ("**题目：** 为什么？", "**题目：** Why would one add it?", "this text is English"),
        ("Twice {{n}}", "Twice {n}", "write {{n}} for the variant's value"),
    ],
)
def test_what_looks_like_something_else_that_has_a_meaning_gets_a_remark_on_its_line(old, new, words):
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    found = [fault for fault in parse_bank(text, "small.md").faults if words in fault.text]
    assert [(fault.line, fault.severity) for fault in found] == [(line_of(new, text), Severity.REMARK)]


def test_a_part_that_stands_there_broken_is_not_said_to_be_missing():
    for old, new in (("- [x] $P", "- $P"), ("return {", "{")):
        texts = [fault.text for fault in parse_bank(TEXT.replace(old, new, 1), "small.md").faults]
        assert texts
        assert not any("has no options" in text or "is not among" in text for text in texts), texts


def test_what_stands_in_a_document_cannot_rule_the_terminal_that_lists_its_faults():
    marks = "\x1b[31m\x02\u202e\u200b"
    for old in ("    return x - 1", "### 2.", "points: 4", "- yes: 题目要求", "- [ ] 二 | two", "python starter"):
        for fault in parse_bank(TEXT.replace(old, f"{marks}(", 1), "small.md").faults:
            assert fault.text.isprintable(), fault.text
    for fault in parse_bank(TEXT.replace("`(asked|要求)`", "`(?P\u200d`", 1), "small.md").faults:
        assert fault.text.isprintable(), fault.text


def test_a_yaml_bomb_is_refused_at_once():
    bomb = "\n".join(
        ["a: &a [x, x]", *(f"{n}: &{n} [*{p}, *{p}]" for p, n in zip("abcdefgh", "bcdefghi", strict=True))]
    )
    for block in (bomb, "a: " + "[" * 5000, "a: !!python/object/apply:os.system [x]", "? [a]\n: b", "x" * 20_000, "\t"):
        bank = parse_bank(TEXT.replace("id: small\nlanguages: [zh, en]", block), "small.md")
        assert any("yaml bank" in fault.text for fault in bank.faults)


def test_faults_stand_in_the_order_of_the_lines():
    lines = [fault.line for fault in parse_bank(TEXT.replace("|", "/"), "small.md").faults]
    assert lines == sorted(lines)
    assert len(lines) > 5


def test_a_reading_nobody_points_to_and_skills_that_do_not_fit_get_a_remark():
    text = TEXT.replace("\n\nReading: number-line\n", "").replace("adding: 加法 | Adding", "summing: Summing")
    found = {fault.text.split(":")[0]: fault for fault in parse_bank(text, "small.md").faults}
    assert list(found) == [
        "skill 'adding' of item 'add-one' has no name",
        "skill 'summing' has no Chinese name",
        "skill 'summing' is named, and no item has it",
        "no misconception points to the reading 'number-line'",
    ]
    assert {fault.severity for fault in found.values()} == {Severity.REMARK}

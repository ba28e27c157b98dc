"""Every example of the guide to authoring and of the page on the format is read, run and proved."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.commands.check_report import print_matrix
from grader.proving import Prover
from grader.scaffold import SECTION, bank_head
from questions import parse_bank
from questions.figures import Figures
from questions.svg import faults_in, is_dark_aware

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "authoring.md").read_text(encoding="utf-8")
FORMAT = (DOCS / "bank-format.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Example:
    """A fence of a page: what stands after its marker, and in it."""

    page: str
    line: int
    info: str
    text: str


def examples(name, page):
    fence = re.compile(r"^(?P<marker>`{3,})(?P<info>[^`\n]*)\n(?P<text>.*?)^(?P=marker)$", re.DOTALL | re.MULTILINE)
    return [
        Example(name, page.count("\n", 0, found.start()) + 1, found["info"].strip(), found["text"])
        for found in fence.finditer(page)
    ]


ALL = examples("authoring.md", GUIDE) + examples("bank-format.md", FORMAT)
HEAD = bank_head("guide") + "\n" + SECTION + "\n"
STEPS = [each for each in ALL if each.info in ("markdown start", "markdown continued")]
TESTS = [each for each in ALL if each.info == "python tests"]
WALKED = re.findall(r"[a-z]+(?:-[a-z]+)+(?=[,\]\n])", next(each.text for each in ALL if each.info == "markdown path"))
CHOICE = (
    "\n\n### 题 | One {{{{#{name}}}}}\n\n**题目：** 问\n**Question:** Ask.\n\n**选项：**\n\n"
    "- [x] 甲 | a\n- [ ] 乙 | b\n  > 否 | no\n"
)
FRAMES = {
    "markdown path": bank_head("guide") + "\n{text}\n" + SECTION + "".join(CHOICE.format(name=name) for name in WALKED),
    "markdown bank": "{text}",
    "markdown item": HEAD + "{text}",
    "markdown rubric": HEAD + "### 题 | One {{#one}}\n\n**题目：** 问\n**Question:** Ask.\n\n**评分：**\n\n{text}",
    "markdown options": HEAD + "### 题 | One {{#one}}\n\n**题目：** 问\n**Question:** Ask.\n\n**选项：**\n\n{text}",
    "markdown values": HEAD
    + "### 题 | One {{#one}}\n\n```yaml item\nunits: {{MiB: 1, GiB: 1024}}\n```\n\n"
    + "**题目：** 问\n**Question:** Ask.\n\n**数值：**\n\n{text}",
}
FIGURES = {each.info.removeprefix("svg "): each.text for each in ALL if each.info.startswith("svg ")}
ALONE = [each for each in ALL if each.info in FRAMES]


@pytest.fixture(scope="module")
def prover(engine):
    with Prover(2, engine) as prover:
        yield prover


def test_no_fence_of_either_page_is_left_out():
    assert [each for each in ALL if each not in (*STEPS, *TESTS, *ALONE) and not each.info.startswith("svg ")] == []
    assert len(STEPS) >= 6
    assert len(TESTS) >= 6
    assert {each.info for each in ALONE} == set(FRAMES)


@pytest.mark.parametrize("example", ALONE, ids=lambda each: f"{each.page}:{each.line}")
def test_an_example_that_stands_alone_is_without_fault_or_remark_and_proved(example, prover):
    bank = parse_bank(FRAMES[example.info].format(text=example.text), "example.md", Figures(FIGURES))
    faults = [str(fault) for fault in bank.faults if "no answer to show" not in fault.text]
    assert faults == []
    for item in bank.items:
        assert prover.prove(item).findings == ()


def test_the_guide_s_figures_are_drawings_for_both_schemes():
    for text in FIGURES.values():
        assert faults_in(text) == []
        assert is_dark_aware(text)
    assert len(Figures(FIGURES).sound) == len(FIGURES) >= 1


def steps(count):
    """The item of the guide after so many of its steps."""
    # As `workshop new` made the file, which the guide empties below its section.
    text = f"{SECTION}\n" + "\n".join(step.text for step in STEPS[:count])
    bank = parse_bank(bank_head("my-bank") + "\n" + text, "attention-pool.md")
    return text, bank, bank.items[0]


def test_the_first_step_lacks_what_the_guide_says_it_lacks():
    said = " ".join(fault.text for fault in steps(1)[1].faults)
    assert all(f"no {part}" in said for part in ("starter", "reference", "tests"))


def test_the_first_test_proves_the_item_and_a_remark_says_how_little_that_means(prover):
    _, bank, item = steps(3)
    assert prover.prove(item).proved
    assert [fault.text for fault in bank.faults] == ["no misconception shows that the tests catch mistakes: add some"]


def test_the_mistakes_slip_through_on_the_lines_that_the_guide_shows(prover):
    _, _, item = steps(4)
    head = bank_head("my-bank").count("\n") + 1
    said = [f"my-bank/attention-pool.md:{found.line - head}: {found.text}" for found in prover.prove(item).findings]
    assert len(said) == 2
    for line in said:
        assert f"    {line}\n" in GUIDE


def test_the_finished_item_is_proved_and_its_matrix_is_the_guide_s(prover, capsys):
    _, bank, item = steps(len(STEPS))
    assert bank.faults == ()
    proof = prover.prove(item)
    assert proof.findings == ()
    print_matrix(proof)
    shown = capsys.readouterr().out.strip("\n").splitlines()
    block = GUIDE[GUIDE.index("    my-bank/attention-pool   ·") :].partition("\n\n")[0].splitlines()
    assert [line.removeprefix("    ") for line in block] == shown


ATTENTION = """### 注意力 | Attention {#attention}

**题目：** 写出 `attention`。
**Question:** Write `attention`.

```python starter
def attention(query, key, value, mask=None):
    raise NotImplementedError
```

```python reference
def attention(query, key, value, mask=None):
    scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    weights = scores.softmax(-1)
    return weights @ value, weights
```

"""
WRONG = {
    "sigmoid": ("softmax(-1)", "sigmoid()", "test_rows_are_distributions"),
    "weak": ('float("-inf")', "-10.0", "test_what_is_masked_changes_nothing"),
    "inverted": ("~mask", "mask", "test_what_is_masked_changes_nothing"),
    "ignored": ("mask is not None", "False", "test_what_is_masked_changes_nothing"),
    "first-come": ("scores.softmax(-1)", "scores.cumsum(-1).softmax(-1)", "test_the_order_of_keys_does_not_matter"),
    "detached": ("scores.softmax(-1)", "scores.detach().softmax(-1)", "test_gradients_are_right"),
    "single": ("scores.softmax(-1)", "scores.float().softmax(-1)", "test_the_type_is_kept"),
    "unscaled": (" / query.size(-1) ** 0.5", "", "test_values"),
}


def test_the_tests_of_attention_code_are_good_ones_and_each_catches_what_it_is_there_for(prover):
    reference = ATTENTION[ATTENTION.index("def attention", ATTENTION.index("reference")) :].partition("```")[0]
    mistakes = ""
    for name, (right, wrong, _) in WRONG.items():
        assert right in reference
        code = reference.replace(right, wrong)
        mistakes += f"```python misconception {name}\n'''错 {name} | Wrong {name}'''\n{code}```\n\n"
    suite = "\n".join(f"```python tests\n{each.text}```\n" for each in TESTS)
    bank = parse_bank(HEAD + ATTENTION + suite + "\n" + mistakes, "attention.md")
    assert [str(fault) for fault in bank.faults] == []
    (item,) = bank.items
    proof = prover.prove(item)
    assert [str(fault) for fault in proof.faults(item)] == []
    caught = {row.name: proof.caught_by(row) for row in proof.misconceptions}
    assert {name: test for name, (_, _, test) in WRONG.items() if test not in caught[name]} == {}
    assert {test for tests in caught.values() for test in tests} == {test.name for test in proof.tests}

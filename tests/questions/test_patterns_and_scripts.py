"""The small deciders: which patterns are safe, what parts two languages, what opens a label."""

import pytest

from questions import patterns
from questions.bilingual import language_of, split
from questions.labels import NAMES, Part, misspelt_label, read_label
from questions.rubric import split_phrases


@pytest.mark.parametrize(
    "pattern",
    [
        r"(方差|variance).{0,20}(d_k|维|dimension)",
        r"点积.{0,6}(很?大|变大)|large (dot )?products?",
        r"(饱和|saturat\w+)",
        r"(?i:√|sqrt|平方根).{0,10}d_?k?",
        r"\bself[- ]?attention\b",
        r"(?<!不)(除以|divid\w*)\s*(by)?",
        r"(?:不|没有).{0,4}归一",
        r".*方差.*",
        r"(\d+(\.\d+)?\s*%)",
        r"(query|key){2,3}",
        r"(?:(?:multiple|several|many) ){1,2}heads?",
    ],
)
def test_ordinary_patterns_are_accepted(pattern):
    assert patterns.complaint(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [r"(a+)+b", r"(\w*)*x", r"(a|ab)*c", r"(\w+\s?)+y", r"(.*)*", r"(a{1,50}){1,50}b", r".*a.*b.*c", "(", "a{2,1}", "",
     "x?", "[z-a]", "(?P<n>a)(?P<n>b)", "(?<=a+)b", "a" * 501, r"((a?){30})+b", r"(?=(a+)+)b"],
)  # fmt: skip
def test_patterns_that_break_run_forever_or_match_nothing_are_refused(pattern):
    assert patterns.complaint(pattern)


@pytest.mark.parametrize(
    ("text", "halves"),
    [
        ("注意力 | Attention", ("注意力", "Attention")),
        ("注意力 ｜ Attention", ("注意力", "Attention")),
        ("Attention|注意力", ("注意力", "Attention")),
        ("Softmax | Softmax", ("Softmax", "Softmax")),
        ("softmax 饱和，梯度消失 | Softmax saturates", ("softmax 饱和，梯度消失", "Softmax saturates")),
        ("`a|b` 的值 | The value of `a|b`", ("`a|b` 的值", "The value of `a|b`")),
        ("概率 $P(a|b)$ | Probability $P(a|b)$", ("概率 $P(a|b)$", "Probability $P(a|b)$")),
        ("甲 | 乙 | A or B", ("甲 | 乙", "A or B")),
        (
            "查询 | The query, in Chinese called 查询, is a vector",
            ("查询", "The query, in Chinese called 查询, is a vector"),
        ),
        ("Only | English", None),
        ("只有 | 中文", None),
        ("`注意 | attention`", None),
        ("| Attention", None),
        ("no bar", None),
        ("", None),
    ],
)
def test_two_languages_are_parted_by_script(text, halves):
    assert split(text) == halves


def test_the_language_of_a_text_is_its_script():
    assert [language_of(text) for text in ("除以 sqrt", "divide", "$d_k$", "`code`", "42", "")] == [
        "zh", "en", None, None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_label_is_read_however_it_is_written(name):
    for line in (
        f"**{name}：** x",
        f"**{name}:** x",
        f"**{name}**： x",
        f"__{name}__: x",
        f"  ** {name.upper()} ： **x",
    ):
        label = read_label(line)
        assert (label.part, label.language, label.rest) == (*NAMES[name], "x"), line


@pytest.mark.parametrize(
    "line",
    [
        "题目：x",
        "**题目**",
        "- **题目：** x",
        "    **题目：** x",
        "> **题目：** x",
        "**题目：x**",
        "**性能：** x",
        "`**题目：**`",
    ],
)
def test_what_only_looks_like_a_label_is_text(line):
    assert read_label(line) is None


def test_numbered_hints_are_hints_and_near_misses_are_recognised():
    assert read_label("**提示 2：** x").part is Part.HINT
    assert read_label("**Question 2:** x") is None
    assert [misspelt_label(line) for line in ("**Qestion:** x", "**参考答案：** x", "**注意：** x", "**Note:** x")] == [
        "Question", "答案", None, None,
    ]  # fmt: skip


def test_a_plus_inside_a_code_span_joins_nothing():
    assert split_phrases("`a + b` + c + ``d ` + e``") == ["`a + b`", "c", "``d ` + e``"]

"""What reading and proving find in a bank is said in Chinese on Chinese pages, names and lines as they are."""

import ast
import re
from pathlib import Path

import pytest

from questions import parse_bank
from questions.svg import faults_in
from tests.questions.test_faults import SLIPS, TEXT
from tests.questions.test_figures import HOSTILE
from webapp.fault_words.parts import PARTS
from webapp.fault_words.saying import said
from webapp.fault_words.sentences import SENTENCES

QUESTIONS = Path(__file__).parents[2] / "questions"
HAN = re.compile("[\u4e00-\u9fff]")
GAP = re.compile(r"⟨(\w+)⟩")


NOTING = ("fault", "remark", "note", "_fault")
PUT_TOGETHER = {"FORM", "remedy", "where", "told", "problem"}
"""Parts of a message that are sentences themselves; the slips have them whole."""


def written(node):
    """A text of the code with a word in each gap, or None where the text is put together elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    if isinstance(node, ast.JoinedStr) and not names & PUT_TOGETHER:
        return "".join(part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
    return None


def messages():
    for path in sorted(QUESTIONS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in NOTING:
                text = written(node.args[1]) if len(node.args) == 2 else None
                if text is not None and len(text) > 3:
                    yield pytest.param(text, id=f"{path.name}:{node.lineno}")


@pytest.mark.parametrize("text", [*messages()])
def test_every_message_of_reading_has_a_chinese_sentence(text):
    assert HAN.search(said(text, "zh").replace("中文", "").replace("题目：", "")), text


@pytest.mark.parametrize("name", SLIPS)
def test_every_slip_is_told_in_chinese(name):
    old, new, _, words = SLIPS[name]
    faults = parse_bank(TEXT.replace(old, new, 1), "small.md").faults
    for fault in faults:
        assert said(fault.text, "en") == fault.text
        assert HAN.search(said(fault.text, "zh").replace("中文", "")), fault.text
    assert words


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_what_is_wrong_with_a_figure_is_told_in_chinese(path):
    for _line, text in faults_in(path.read_text(encoding="utf-8")):
        assert HAN.search(said(f"figures/a.svg:3: {text}", "zh")), text


@pytest.mark.parametrize("table", [SENTENCES, PARTS], ids=["sentences", "parts"])
def test_both_sides_of_the_table_name_the_same(table):
    for english, chinese in table.items():
        assert set(GAP.findall(chinese)) <= set(GAP.findall(english)), english
        if not english.startswith("the fence⟨name⟩ is not closed⟨where⟩"):
            assert set(GAP.findall(english)) == set(GAP.findall(chinese)), english


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("the item has no starter: add a ```python starter fence", "缺少起始代码：请加上 ```python starter 代码块"),
        (
            "the reference has a syntax error (expected ':'): def f()",
            "参考答案有语法错误：这里少了冒号 `:`（expected ':'）：def f()",
        ),
        (
            "unknown key 'skils' in `yaml item`; did you mean 'skills'?",
            "`yaml item` 里有不认识的键 'skils'；是想写 'skills' 吗？",
        ),
        (
            "the sentence of misconception 'a' is missing in English: write 中文 | English",
            "典型错误 'a' 的说明缺英文：请写成 中文 | English",
        ),
        ("a fence for 'starter' stands outside an item: move it below a ### heading",
         "'starter' 代码块不在题目里：请移到某个 ### 标题下面"),
        ("misconception 'a' does not come to an end in its time: make it return something wrong, or remove it",
         "典型错误 'a' 在限定时间内没有运行完：请让它返回错误的结果，或删去它"),
        ("points must be a number, not 'two'", "points 应是数字，不能是 'two'"),
        ("bank/10.md:3: no option is right: mark one with [x]", "bank/10.md:3: 没有正确的选项：请用 [x] 标出"),
        ("something that nobody has put into Chinese", "something that nobody has put into Chinese"),
    ],
)  # fmt: skip
def test_names_stay_as_they_are_and_what_is_not_known_stays_english(english, chinese):
    assert said(english, "zh") == chinese
    assert said(english, "en") == english

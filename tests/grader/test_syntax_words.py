"""A beginner's syntax errors are told in words, with Python's own message beside them."""

import pytest

from grader.syntax_words import with_meaning
from grader.verdict import Raised
from grader.words import not_loaded


@pytest.mark.parametrize(
    ("source", "zh", "en"),
    [
        ("x = f(1，2)", "`，` 是中文标点", "`，` is a full-width"),
        ("class A：\n    pass", "`：` 是中文标点", "`：` is a full-width"),
        ("x = “a”", "`“` 是中文标点", "`“` is a full-width"),
        ("x = 1\u3000+ 2", "看不见的特殊字符", "an invisible special character"),
        ("x = [1, 2", "`[` 没有配对的右括号", "`[` is never closed"),
        ("x = 1)", "`)` 多了", "no opening bracket belongs to `)`"),
        ("x = (1]", "`]` 与前面的左括号不是一对", "`]` does not fit"),
        ("def f()\n    pass", "少了冒号", "a colon is missing"),
        ("x = 1\n  y = 2", "缩进多了", "indented too far"),
        ("if 1:\n    a = 1\n  b = 2", "对不齐", "lines up with no block"),
        ("def f():\nx = 1", "第 1 行之后应有缩进的代码", "line 1 has to be followed"),
        ("def f():\n\tx = 1\n        y = 2", "制表符", "tabs and spaces"),
        ("x = 'abc", "少了结尾的引号", "lacks its closing quote"),
        ("return 1", "`return` 不在函数里", "`return` stands outside"),
        ("break", "`break` 不在循环里", "`break` stands outside"),
        ("f(a b)", "少了一个逗号", "a comma may be missing"),
        ("a b", "读不懂这里", "Python cannot read this"),
    ],
)
def test_what_python_complains_of_is_said_in_words(source, zh, en):
    with pytest.raises(SyntaxError) as caught:
        compile(source, "submission", "exec")
    said = with_meaning(caught.value.msg)
    assert zh in said.zh
    assert en in said.en
    assert caught.value.msg in said.zh
    assert caught.value.msg in said.en


def test_a_complaint_nobody_foresaw_stays_as_python_says_it():
    said = not_loaded(Raised("SyntaxError", "positional argument follows keyword argument", lines=(3,)))
    assert said.zh == "第 3 行有语法错误：positional argument follows keyword argument。"
    assert said.en == "There is a syntax error on line 3: positional argument follows keyword argument."

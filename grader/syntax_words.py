"""What Python's commonest complaints about syntax mean, for who meets them for the first time."""

from __future__ import annotations

import re

from grader.verdict import Words

# The first that matches counts; `{0}` is what the pattern's group caught.
_MEANINGS: tuple[tuple[str, str, str], ...] = (
    (r"invalid character '([，。：；！？（）【】“”‘’、《》＝＋－＊／．［］｛｝＠＿])'",
     "`{0}` 是中文标点，代码里要用英文标点", "`{0}` is a full-width or typographic mark; code needs the plain one"),
    (r"invalid non-printable character U\+(?:3000|00A0|200B|FEFF)",
     "这里有一个看不见的特殊字符，请删掉，再输入普通空格",
     "an invisible special character stands here; delete it and type a plain space"),
    (r"'([(\[{])' was never closed", "`{0}` 没有配对的右括号", "`{0}` is never closed"),
    (r"unmatched '([)\]}])'", "`{0}` 多了，前面没有与它配对的左括号", "no opening bracket belongs to `{0}`"),
    (r"closing parenthesis '([)\]}])' does not match",
     "`{0}` 与前面的左括号不是一对", "`{0}` does not fit the bracket opened before it"),
    (r"expected ':'", "这里少了冒号 `:`", "a colon is missing here"),
    (r"unexpected indent", "这一行缩进多了", "this line is indented too far"),
    (r"unindent does not match", "这一行的缩进与上面哪一级都对不齐", "its indentation lines up with no block above it"),
    (r"expected an indented block after .{1,60} on line (\d{1,6})",
     "第 {0} 行之后应有缩进的代码", "line {0} has to be followed by indented code"),
    (r"inconsistent use of tabs", "缩进里混用了制表符和空格", "tabs and spaces are mixed in its indentation"),
    (r"unterminated (?:triple-quoted )?(?:f-)?string literal",
     "字符串少了结尾的引号", "a string lacks its closing quote"),
    (r"'(return|yield|await)' outside (?:async )?function",
     "`{0}` 不在函数里，请检查缩进", "`{0}` stands outside a function; check the indentation"),
    (r"'(break|continue)' (?:outside|not properly in) loop",
     "`{0}` 不在循环里，请检查缩进", "`{0}` stands outside a loop; check the indentation"),
    (r"forgot a comma", "可能少了一个逗号", "a comma may be missing"),
    (r"invalid syntax(?!\.)",
     "Python 读不懂这里；也看看上一行的括号和引号", "Python cannot read this; look at the line above too"),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), Words(zh, en)) for pattern, zh, en in _MEANINGS)


def with_meaning(message: str) -> Words:
    """Python's message, after what it means where that is known."""
    for pattern, meaning in _PATTERNS:
        match = pattern.search(message)
        if match:
            return Words(
                f"{meaning.zh.format(*match.groups())}（{message}）",
                f"{meaning.en.format(*match.groups())} ({message})",
            )
    return Words(message, message)

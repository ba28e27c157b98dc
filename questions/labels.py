"""The labels of an item (`**题目：**`, `**Question:**`, …), matched on raw lines.

CommonMark does not see `**题目：**请` as bold, and takes a label right after a list for the list's last line; so labels
are found before any Markdown rule has a say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum


class Part(StrEnum):
    """What the text below a label is."""

    QUESTION = "question"
    HINT = "hint"
    ANSWER = "answer"
    EXPLANATION = "explanation"
    RUBRIC = "rubric"
    OPTIONS = "options"
    VALUES = "values"
    READING = "reading"


NAMES: dict[str, tuple[Part, str]] = {
    "题目": (Part.QUESTION, "zh"),
    "提示": (Part.HINT, "zh"),
    "答案": (Part.ANSWER, "zh"),
    "解析": (Part.EXPLANATION, "zh"),
    "评分": (Part.RUBRIC, "zh"),
    "选项": (Part.OPTIONS, "zh"),
    "数值": (Part.VALUES, "zh"),
    "阅读": (Part.READING, "zh"),
    "question": (Part.QUESTION, "en"),
    "hint": (Part.HINT, "en"),
    "answer": (Part.ANSWER, "en"),
    "explanation": (Part.EXPLANATION, "en"),
    "rubric": (Part.RUBRIC, "en"),
    "options": (Part.OPTIONS, "en"),
    "value": (Part.VALUES, "en"),
    "values": (Part.VALUES, "en"),
    "reading": (Part.READING, "en"),
}
"""Every label, and the language of the text below it."""

_MISTAKEN = {"问题": "题目", "题干": "题目", "解答": "答案", "参考答案": "答案", "解释": "解析", "讲解": "解析"}

_LABEL = re.compile(
    r"""^\ {0,3}(?P<bold>\*\*|__)\s*(?P<name>[A-Za-z]{3,16}|[\u4e00-\u9fff]{2,6})\s*(?P<number>\d{0,2})\s*
        (?:[(（](?P<id>[^()（）]{0,100})[)）]\s*)?
        (?: [:：]\s*(?P=bold) | (?P=bold)\s*[:：] )\s*(?P<rest>.*)$""",
    re.VERBOSE,
)


_WORD = r"([A-Za-z]{4,11}|[\u4e00-\u9fff]{2})"
_ALMOST = re.compile(
    rf" {{0,3}}(?:{_WORD}\s*[:：]|(?:\*\*|__){_WORD}(?:\*\*|__)(?!\s*[:：])|\#{{4,6}}\s+{_WORD}\s*[:：]?\s*$)"
)
"""A label's word that is not bold, has no colon, or is a heading."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label as found: what follows it, in which language, the text on its own line, and an id in brackets."""

    part: Part
    language: str
    rest: str
    id: str = ""


def read_label(line: str) -> Label | None:
    """The label that opens `line`, if one does."""
    found = _LABEL.match(line) if line.lstrip(" ")[:2] in ("**", "__") else None
    known = NAMES.get(found["name"].lower()) if found else None
    if found is None or known is None or (found["number"] and known[0] is not Part.HINT):
        return None
    if found["id"] is not None and known[0] is not Part.READING:
        return None
    return Label(*known, found["rest"].strip(), (found["id"] or "").strip())


def misspelt_label(line: str) -> str | None:
    """The label that was probably meant by a bold word with a colon, or by a known word that is not."""
    if read_label(line):
        return None
    almost = _ALMOST.match(line)
    word = str(almost[almost.lastindex or 0]) if almost else ""
    if word.lower() in NAMES:
        return word.capitalize()
    found = _LABEL.match(line)
    if found is None:
        return None
    name = found["name"].lower()
    if name in _MISTAKEN:
        return _MISTAKEN[name]
    close = get_close_matches(name, [known for known in NAMES if known.isascii()], n=1, cutoff=0.8)
    return close[0].capitalize() if close else None


def like_a_label(line: str) -> str | None:
    """The bold word with a colon that opens `line`, when it is no label."""
    found = _LABEL.match(line) if line.lstrip(" ")[:2] in ("**", "__") else None
    return found["name"] if found and read_label(line) is None else None

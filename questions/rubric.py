"""A short answer's rubric: key points, and under each the rules that grant or deny it."""

from __future__ import annotations

import re

from questions import patterns
from questions.bilingual import bilingual
from questions.faults import FaultList, nearest, shown
from questions.fields import ID
from questions.lists import Entry, read_list
from questions.model import Judgement, KeyPoint, Phrase, Rule

_KEY_POINT = re.compile(r"^`(?P<id>[^`]+)`\s*[(（]\s*(?P<points>[^)）]*?)\s*[)）]\s*[:：]?\s*(?P<description>.*)$")
_RULE = re.compile(r"^(?P<word>[^\s:：`]{1,12})\s*[:：]\s*(?P<phrases>.*)$")
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_LIKE_A_PATTERN = re.compile(r"\||\\[wWsSdDbB]|\.[*+{]|\(\?")

FORM = "- `id` (2) description"


def read_rubric(lines: list[tuple[int, str]], label_line: int, faults: FaultList) -> list[KeyPoint]:
    """The key points in the numbered `lines` below a Rubric label."""
    entries, strays = read_list(lines)
    if strays:
        faults.fault(strays[0][0], f"{shown(strays[0][1])} belongs to no key point: write {FORM}")
    key_points: dict[str, KeyPoint] = {}
    for entry in entries:
        found = _KEY_POINT.match(entry.text)
        if found is None:
            faults.fault(entry.line, f"{shown(entry.text)} is not a key point: write {FORM}")
            continue
        name = found["id"].strip()
        if not ID.fullmatch(name):
            faults.fault(entry.line, f"the key point {shown(name)} must match [a-z0-9-]+")
        if name in key_points:
            faults.fault(entry.line, f"two key points are named {shown(name)}: rename one")
            continue
        key_points[name] = _key_point(name, found["points"], found["description"], entry, faults)
    if not entries:
        faults.fault(label_line, f"the rubric holds no key points: write list items like {FORM}")
    return list(key_points.values())


def _key_point(name: str, points: str, description: str, entry: Entry, faults: FaultList) -> KeyPoint:
    rules = [rule for child in entry.children if (rule := _rule(child, faults)) is not None]
    if not any(rule.judgement is Judgement.YES for rule in rules):
        faults.fault(entry.line, f"the key point {shown(name)} has no `yes:` rule, so nobody can earn it: add one")
    if not description.strip():
        faults.fault(entry.line, f"the key point {shown(name)} says nothing: describe it after its points")
    if entry.quote:
        faults.fault(entry.quote[0][0], "a key point has no quote: write rules as list items below it")
    return KeyPoint(
        name, _points(points, name, entry.line, faults), bilingual(description, entry.line), tuple(rules), entry.line
    )


def _points(text: str, name: str, line: int, faults: FaultList) -> float:
    if re.fullmatch(r"\d{1,4}(\.\d{1,4})?", text) and 0 < (points := float(text)) <= 1000:
        return points
    faults.fault(line, f"the points of key point {shown(name)} must be a number above 0, not {shown(text)}")
    return 0.0


def _rule(entry: Entry, faults: FaultList) -> Rule | None:
    found = _RULE.match(entry.text)
    word = found["word"].lower() if found else entry.text
    if found is None or word not in list(Judgement):
        faults.fault(entry.line, f"{shown(word)} opens no rule: write yes:, half: or no:; {nearest(word, Judgement)}")
        return None
    phrases = [_phrase(part, entry.line, faults) for part in split_phrases(found["phrases"])]
    if not phrases or not all(phrase.text for phrase in phrases):
        faults.fault(entry.line, f"the rule `{word}:` has an empty part: write a phrase or a `pattern`")
        return None
    return Rule(Judgement(word), tuple(phrases), entry.line)


def split_phrases(text: str) -> list[str]:
    """Parts joined by ` + `; one inside a code span joins nothing."""
    spans = [(found.start(), found.end()) for found in _SPAN.finditer(text)]
    parts, start = [], 0
    for found in re.finditer(r"\s\+\s", text):
        if not any(left < found.start() < right for left, right in spans):
            parts.append(text[start : found.start()])
            start = found.end()
    return [part.strip() for part in [*parts, text[start:]]]


def _phrase(part: str, line: int, faults: FaultList) -> Phrase:
    span = _SPAN.fullmatch(part)
    if span is None:
        if "`" in part:
            faults.remark(line, f"{shown(part)} is read as plain text: a pattern stands alone in its code span")
        elif _LIKE_A_PATTERN.search(part):
            remedy = "write a pattern as `code`, and each language's words in a rule of its own"
            faults.remark(line, f"{shown(part)} is read as plain text, its signs included: {remedy}")
        return Phrase(part.replace("`", ""), is_pattern=False)
    pattern = span[2].strip(" ") if len(span[1]) > 1 else span[2]
    if (problem := patterns.complaint(pattern)) is not None:
        faults.fault(line, f"{shown(pattern)}: {problem}")
    return Phrase(pattern, is_pattern=True)

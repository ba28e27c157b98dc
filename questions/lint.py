"""What a reader of a whole item can see to be missing or odd.  Pure: an item in, faults out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from questions.bilingual import LANGUAGES, NAMES, mostly_chinese, only_english
from questions.faults import FaultList, shown
from questions.labels import Part
from questions.model import Bilingual, Fault, Item, Kind, Passage, Skill
from questions.readings import check_readings
from questions.templates import GAP, MAX_PASSAGE, gaps_of, single_gaps_of

_VERBATIM_LINE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_INLINE_DISPLAY = re.compile(r"(?<!\\)\$\$.+?(?<!\\)\$\$")
_TAG = re.compile(r"^ {0,3}#{1,6}[^\s#]")


@dataclass(frozen=True, slots=True)
class _Text:
    """One text of an item, where it stands, and whether a page shows it as Markdown."""

    name: str
    words: Bilingual
    line: int


def item_faults(
    item: Item,
    declared: tuple[str, ...],
    *,
    lines: dict[str, int],
    labelled: frozenset[Part],
    variant_names: frozenset[str] | None,
) -> list[Fault]:
    """Everything wrong with `item` as a whole.

    `lines` are those of the keys of its `yaml item`; `labelled` are the parts that stand there, however broken;
    `variant_names` are the parameters its variant returns, when they can be seen.
    """
    faults = FaultList(item.path, item.id)
    _missing_parts(item, labelled, faults)
    _misplaced_parts(item, lines, faults)
    check_languages([(text.name, text.words, text.line) for text in _texts(item)], declared, item.line, faults)
    _hint_counts(item, declared, faults)
    check_readings(item, faults)
    for text in _texts(item):
        for passage in filter(None, (text.words.zh, text.words.en)):
            check_prose(passage, faults)
    _swapped_languages(item, faults)
    _templates(item, variant_names, faults)
    return faults.found


def check_languages(
    texts: list[tuple[str, Bilingual, int]], declared: tuple[str, ...], line: int, faults: FaultList
) -> None:
    """A text missing in a declared language is a fault of its own; elsewhere one remark names them all."""
    for name, words, at in texts:
        for language in declared:
            if words and getattr(words, language) is None:
                faults.fault(at, f"{name} is missing in {NAMES[language]}: {_remedy(name, language)}")
    for language in LANGUAGES:
        others = [name for name, words, _ in texts if words and getattr(words, language) is None]
        if language not in declared and others and len(others) < len([1 for _, words, _ in texts if words]):
            distinct = list(dict.fromkeys(others))
            listed = ", ".join(distinct[:4]) + (f" and {len(distinct) - 4} more" if len(distinct) > 4 else "")
            faults.remark(line, f"{NAMES[language]} is there for some texts but not for: {listed}")


def check_skills(
    named: tuple[Skill, ...], items: list[Item], declared: tuple[str, ...], faults: FaultList
) -> None:
    """Remarks where a bank that names its skills leaves one out, in a language or altogether, or names one in vain."""
    for skill in named:
        for language in declared:
            if getattr(skill.name, language) is None:
                faults.remark(skill.line, f"skill {shown(skill.id)} has no {NAMES[language]} name: write both")
    known = {skill.id for skill in named}
    users = {word: item.id for item in reversed(items) for word in item.skills}
    for word, user in reversed(users.items()):
        if named and word not in known:
            faults.remark(1, f"skill {shown(word)} of item '{user}' has no name: add it to skills of `yaml bank`")
    for skill in named:
        if skill.id not in users:
            faults.remark(skill.line, f"skill {shown(skill.id)} is named, and no item has it: mend its spelling")


def check_prose(passage: Passage, faults: FaultList) -> None:
    """Markdown that is legal and yet seldom what was meant."""
    if len(passage.markdown) > MAX_PASSAGE:
        faults.fault(passage.line, f"a text of more than {MAX_PASSAGE:,} characters is shown as it is: shorten it")
        return
    fenced = ""
    for number, line in enumerate(passage.markdown.split("\n"), passage.line):
        if found := _VERBATIM_LINE.match(line):
            if not fenced:
                fenced = found[1]
            elif line.strip().startswith(fenced):
                fenced = ""
            continue
        if fenced:
            continue
        if (found := _INLINE_DISPLAY.search(line)) and found[0] != line.strip():
            faults.remark(number, "$$…$$ stands inside a line: use $…$, or give the formula a line of its own")
        if _TAG.match(line):
            faults.remark(number, "a # at the start of a line without a space is text here: write '# ' or '\\#'")


def _texts(item: Item) -> Iterator[_Text]:
    yield _Text("the title", item.title, item.line)
    for name, words in (
        ("the question", item.question),
        ("the answer", item.answer),
        ("the explanation", item.explanation),
    ):
        yield _Text(name, words, _line_of(words, item.line))
    if item.hints:
        yield _Text("the first hint", item.hints[0], _line_of(item.hints[0], item.line))
    for reading in item.readings:
        yield _Text(f"the reading '{reading.id}'", reading.text, _line_of(reading.text, reading.line))
    for spec in item.test_specs:
        yield _Text(f"the title of {spec.name}", spec.title, spec.line)
    for wrong in item.misconceptions:
        line = _line_of(wrong.sentence, wrong.code.line)
        yield _Text(f"the sentence of misconception '{wrong.id}'", wrong.sentence, line)
    for point in item.key_points:
        yield _Text(f"the description of key point '{point.id}'", point.description, point.line)
    for option in item.options:
        yield _Text("an option", option.text, option.line)
    for feedback, line in _feedback(item):
        yield _Text("the feedback", feedback, _line_of(feedback, line))


def _feedback(item: Item) -> list[tuple[Bilingual, int]]:
    found = [(option.feedback, option.line) for option in item.options]
    return found + [(value.feedback, value.line) for value in item.values]


def _line_of(words: Bilingual, otherwise: int) -> int:
    passage = words.zh or words.en
    return passage.line if passage else otherwise


def _remedy(name: str, language: str) -> str:
    labels = {
        "the question": ("题目", "Question"),
        "the answer": ("答案", "Answer"),
        "the explanation": ("解析", "Explanation"),
        "the first hint": ("提示", "Hint"),
    }
    if name in labels:
        return f"add **{labels[name][language == 'en']}:**"
    if name.startswith("the reading "):
        return f"add **{('阅读', 'Reading')[language == 'en']} ({name.split(chr(39))[1]}):**"
    return "write 中文 | English"


def _missing_parts(item: Item, labelled: frozenset[Part], faults: FaultList) -> None:
    if not item.title:
        faults.fault(item.line, "the item has no title: write one after ###")
    if not item.question:
        faults.fault(item.line, "the item has no question: add **题目：** or **Question:**")
    match item.kind:
        case Kind.CODING:
            if item.starter is None:
                faults.fault(item.line, "the item has no starter: add a ```python starter fence")
            if item.reference is None:
                where = f" (the answer's code in line {item.answer_code.line} may be one)" if item.answer_code else ""
                faults.fault(item.line, f"the item has no reference: add a ```python reference fence{where}")
            if item.tests is None:
                faults.fault(item.line, "the item has no tests: add a ```python tests fence")
            if item.tests is not None and not item.misconceptions:
                faults.remark(item.line, "no misconception shows that the tests catch mistakes: add some")
            for spec in item.test_specs:
                if not spec.title:
                    remedy = "open it with a docstring 中文 | English, or rename it if it is a helper"
                    faults.fault(spec.line, f"the test {spec.name} has no title: {remedy}")
        case Kind.SHORT_ANSWER:
            if not item.key_points and Part.RUBRIC not in labelled:
                faults.fault(item.line, "the item has no rubric: add **评分：** or **Rubric:** with key points")
            if not item.answer:
                faults.remark(item.line, "the item has no answer to show afterwards: add **答案：** or **Answer:**")
        case Kind.CHOICE:
            if not item.options and Part.OPTIONS not in labelled:
                faults.fault(item.line, "the item has no options: add **选项：** or **Options:**")
        case Kind.NUMERIC:
            if not item.values and Part.VALUES not in labelled:
                faults.fault(item.line, "the item has no value: add **数值：** or **Value:**")


def _misplaced_parts(item: Item, lines: dict[str, int], faults: FaultList) -> None:
    """What the item carries although its kind has no use for it."""
    kind = item.kind
    codes = [("tests", item.tests), ("starter", item.starter), ("reference", item.reference)]
    codes += [(f"alternative '{right.id}'", right.code) for right in item.alternatives]
    codes += [(f"misconception '{wrong.id}'", wrong.code) for wrong in item.misconceptions]
    if kind is not Kind.CODING:
        for name, code in codes:
            if code is not None:
                faults.fault(code.line, f"a {kind} item has no {name}: remove it, or set kind: coding")
    if kind is not Kind.SHORT_ANSWER and item.key_points:
        faults.fault(item.key_points[0].line, f"a {kind} item has no rubric: remove it, or set kind: short-answer")
    if kind is not Kind.CHOICE and item.options:
        faults.fault(item.options[0].line, f"a {kind} item has no options: remove them, or set kind: choice")
    if kind is not Kind.NUMERIC and item.values:
        faults.fault(item.values[0].line, f"a {kind} item has no values: remove them, or set kind: numeric")
    if kind is not Kind.NUMERIC and item.units:
        faults.fault(lines.get("units", item.line), f"a {kind} item has no units: remove them")
    if kind is not Kind.CODING and "limits" in lines:
        faults.remark(lines["limits"], f"limits have no effect on a {kind} item")


def _hint_counts(item: Item, declared: tuple[str, ...], faults: FaultList) -> None:
    counts = {name: sum(getattr(hint, name) is not None for hint in item.hints) for name in LANGUAGES}
    if all(counts.values()) and counts["zh"] != counts["en"]:
        faults.remark(
            _line_of(item.hints[-1], item.line),
            f"{counts['zh']} hints in Chinese and {counts['en']} in English: readers of one get fewer",
        )


def _swapped_languages(item: Item, faults: FaultList) -> None:
    """A text below a label of the other language: what students of both read is English, or Chinese."""
    texts = [item.question, item.answer, item.explanation, *item.hints, *(reading.text for reading in item.readings)]
    for words in texts:
        if words.zh and words.zh != words.en and only_english(words.zh.markdown):
            faults.remark(words.zh.line, "this text is English and stands below a Chinese label: is it meant to?")
        if words.en and words.zh != words.en and mostly_chinese(words.en.markdown):
            faults.remark(words.en.line, "this text is Chinese and stands below an English label: is it meant to?")


def _templates(item: Item, variant_names: frozenset[str] | None, faults: FaultList) -> None:
    """`{{name}}` must name a parameter that the variant returns."""
    for name, line in dict(sorted(gaps_of(item), key=lambda place: -place[1])).items():
        if item.variant is None:
            faults.fault(line, f"{{{{{name}}}}} has no value: add a ```python variant fence that returns it")
        elif variant_names is not None and name not in variant_names:
            listed = ", ".join(sorted(variant_names))
            faults.fault(line, f"{{{{{name}}}}} is not among what variant returns ({listed})")
    for name, line in single_gaps_of(item, variant_names or frozenset()):
        faults.remark(line, f"{{{name}}} is shown as it stands: write {{{{{name}}}}} for the variant's value")
    for title in (item.title, *(reading.title for reading in item.readings)):
        for passage in filter(None, (title.zh, title.en)):
            if found := GAP.search(passage.markdown):
                faults.fault(passage.line, f"{found[0]} in a title: it is the same for everybody; move it to the text")

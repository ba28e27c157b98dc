"""The options of a choice and the values of a numeric item: `- [x] right`, `- [ ] wrong`, `> feedback`."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from questions.bilingual import NAMES, bilingual, join
from questions.faults import FaultList, nearest, shown
from questions.lists import Entry, read_list
from questions.model import Bilingual, NumericValue, Option

_BOX = re.compile(r"^\[(?P<mark>[ xX]?)\](?:\s+(?P<text>.*))?$", re.DOTALL)
_NUMBER = r"[+\-−]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?"
_VALUE = re.compile(
    rf"""^(?P<amount>{_NUMBER}|\{{\{{\s*[A-Za-z_]\w*\s*\}}\}})
         (?:\s*(?P<unit>[^\s\d±+][^\s±]*(?:\ [^\s±+]+)*?))?
         (?:\s*(?:±|\+/-|\+-)\s*(?P<tolerance>\S.*))?$""",
    re.VERBOSE,
)
_TOLERANCE = re.compile(r"(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d{1,2})?|\.\d+)\s*(?P<percent>%|％)?")

Lines = list[tuple[int, str]]


def read_options(lists: dict[str, tuple[int, Lines]], faults: FaultList) -> list[Option]:
    """The options; `lists` holds per language the label's line and the lines below it."""
    found = {
        language: [
            _option(entry, right, text, language, single=len(lists) == 1)
            for entry, right, text in _boxes(lines, label_line, "option", faults)
        ]
        for language, (label_line, lines) in lists.items()
    }
    options = next(iter(found.values()))
    for language, other in list(found.items())[1:]:
        line = lists[language][0]
        if len(other) != len(options):
            faults.fault(
                line,
                f"{NAMES[language]} has {len(other)} options where the other language has "
                f"{len(options)}: write the same options in the same order",
            )
        for mine, theirs in zip(options, other, strict=False):
            if mine.right != theirs.right:
                faults.fault(
                    theirs.line, "this option is right in one language and wrong in the other: mark both alike"
                )
        options = [
            replace(mine, text=join(mine.text, theirs.text), feedback=join(mine.feedback, theirs.feedback))
            for mine, theirs in zip(options, other, strict=False)
        ]
    _check_options(options, next(iter(lists.values()))[0], faults)
    return options


def _check_options(options: list[Option], line: int, faults: FaultList) -> None:
    if len(options) < 2:
        faults.fault(line, "a choice needs at least two options: write - [x] right and - [ ] wrong")
    elif not any(option.right for option in options):
        faults.fault(line, "no option is right: mark one with [x]")
    elif all(option.right for option in options):
        faults.remark(line, "every option is right: is one of them meant to be wrong?")
    seen: dict[str, int] = {}
    for option in options:
        text = option.text.get("zh").strip()
        if text in seen:
            faults.fault(option.line, f"this option says the same as the one in line {seen[text]}: change one")
        seen.setdefault(text, option.line)


def _option(entry: Entry, right: bool, text: str, language: str, *, single: bool) -> Option:
    said = bilingual(text, entry.line, fallback=language, neutral_serves_both=single)
    if not single and not (said.zh and said.en):
        said = _as_language(said, language)
    return Option(said, right, _feedback(entry, language), entry.line)


def _as_language(said: Bilingual, language: str) -> Bilingual:
    """The label's language wins over the script: an English list may hold an option in Chinese characters."""
    passage = said.zh or said.en
    return Bilingual(zh=passage) if language == "zh" else Bilingual(en=passage)


def read_values(
    lists: dict[str, tuple[int, Lines]], units: tuple[tuple[str, float], ...], faults: FaultList, units_line: int
) -> list[NumericValue]:
    """The values of a numeric item; where both languages list them, amounts must agree and feedback is joined."""
    found: dict[str, list[NumericValue]] = {}
    for language, (label_line, lines) in lists.items():
        boxes = _boxes(lines, label_line, "value", faults)
        read = [_value(entry, right, text, language, units, faults) for entry, right, text in boxes]
        found[language] = [value for value in read if value is not None]
    values = next(iter(found.values()))
    first = next(iter(lists.values()))[0]
    for language, other in list(found.items())[1:]:
        same = [(value.amount, value.unit, value.tolerance, value.right) for value in values]
        if [(value.amount, value.unit, value.tolerance, value.right) for value in other] != same:
            faults.fault(lists[language][0], "the values differ between the languages: write them once, or alike")
        values = [
            replace(mine, feedback=join(mine.feedback, theirs.feedback))
            for mine, theirs in zip(values, other, strict=False)
        ]
    if not any(value.right for value in values):
        faults.fault(first, "no value is right: write one like - [x] 42 ± 1%")
    if units and values and not any(value.unit for value in values):
        faults.remark(units_line, "`units` is given but no value carries one: write it after the number")
    elif any(value.unit for value in values):
        for value in values:
            if not value.unit:
                faults.fault(value.line, "this value has no unit, and others have: write one after the number")
    return values


def _value(
    entry: Entry, right: bool, text: str, language: str, units: tuple[tuple[str, float], ...], faults: FaultList
) -> NumericValue | None:
    found = _VALUE.match(text.strip("`$ "))
    if found is None:
        faults.fault(entry.line, f"{shown(text)} is not a value: write a number or {{{{name}}}}, then unit and ± 1%")
        return None
    amount, unit = found["amount"].replace("−", "-"), found["unit"] or ""
    if not amount.startswith("{") and not math.isfinite(float(amount)):
        faults.fault(entry.line, f"{shown(amount)} is too large to compare: use another unit")
    names = [name for name, _ in units]
    if unit and not names:
        faults.fault(entry.line, f"the unit {shown(unit)} has no size: add units: {{{unit}: 1}} to `yaml item`")
    elif unit and unit not in names:
        faults.fault(entry.line, f"the unit {shown(unit)} is not in `units`; {nearest(unit, names)}")
    tolerance = found["tolerance"] or ""
    if tolerance:
        read = _TOLERANCE.fullmatch(tolerance.strip())
        if read is None:
            faults.fault(entry.line, f"the tolerance {shown(tolerance)} must be a number above 0 or a percentage: ± 1%")
            tolerance = ""
        elif read["percent"] and float(read["number"]) >= 100:
            faults.fault(entry.line, f"the tolerance {shown(tolerance)} accepts zero: keep it below 100%")
        if read is not None:
            tolerance = read["number"] + ("%" if read["percent"] else "")
    return NumericValue(amount, unit, tolerance, right, _feedback(entry, language), entry.line)


def _boxes(lines: Lines, label_line: int, what: str, faults: FaultList) -> list[tuple[Entry, bool, str]]:
    entries, strays = read_list(lines)
    if not entries and len(strays) == 1 and what == "value":
        number, text = strays[0]
        return [(Entry(text, number, 0), True, text)]  # **Value:** 42 ± 1%
    if strays:
        faults.fault(strays[0][0], f"{shown(strays[0][1])} is no {what}: write - [x] right or - [ ] wrong")
    boxes = []
    for entry in entries:
        found = _BOX.match(entry.text)
        if found is None:
            faults.fault(entry.line, f"{shown(entry.text)} has no box: write - [x] for right or - [ ] for wrong")
        elif not (found["text"] or "").strip():
            faults.fault(entry.line, f"this {what} says nothing: write its text after the box")
        else:
            boxes.append((entry, found["mark"] in ("x", "X"), found["text"].strip()))
        if entry.children:
            faults.fault(entry.children[0].line, f"a list inside an {what} is not read: put it in one line")
    return boxes


def _feedback(entry: Entry, language: str) -> Bilingual:
    if not entry.quote:
        return Bilingual()
    text = "\n".join(text for _, text in entry.quote).strip()
    return bilingual(text, entry.quote[0][0], fallback=language)

"""Passages to read on, which misconceptions point to: read from an item's labels, and checked against the item.

    **Reading (softmax-rows):** Why a row of weights sums to one

    The text, in as many paragraphs as it takes.

A misconception points to one with the last line of its docstring, `Reading: softmax-rows`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from textwrap import dedent

from questions.bilingual import NAMES, in_language, join
from questions.faults import FaultList, shown
from questions.fields import ID
from questions.identity import bare
from questions.model import Code, Item, Passage, Reading
from questions.parts import Segment

_POINTER = re.compile(r"\s*Reading:(?P<id>.*)")
_FENCE = re.compile(r"^[ >]*(`{3,}|~{3,})")
_SCAFFOLD = re.compile(r"(?:from\s|import\s|class\s|def\s|super\(\)|\"\"$)")


def pointer(docstring: str) -> tuple[str, str]:
    """A misconception's docstring without its last line `Reading: id`, and that id; an empty one without the line."""
    above, _, last = docstring.rstrip().rpartition("\n")
    found = _POINTER.match(last)
    return (above, found["id"].strip()) if found else (docstring, "")


def read_readings(segments: list[Segment], faults: FaultList) -> tuple[Reading, ...]:
    """The passages below `segments`, those of one id in two languages as one, in the order of their first lines."""
    readings: dict[str, Reading] = {}
    for segment in segments:
        if segment.label is None:
            continue
        name, language = segment.label.id, segment.label.language
        if not ID.fullmatch(name):
            told = f"the id {shown(name)} of this reading must match [a-z0-9-]+" if name else "this reading has no id"
            faults.fault(segment.line, f"{told}: write it in brackets, as in **Reading (softmax-rows):**")
            continue
        found = readings.get(name)
        if found is not None and getattr(found.text, language) is not None:
            faults.fault(segment.line, f"a second {NAMES[language]} reading '{name}': join them, or rename one")
            continue
        title, text = _title_and_text(segment)
        if title is None or text is None:
            faults.fault(
                segment.line,
                f"the reading '{name}' has no {'text' if title else 'title'}: "
                "write the title on the label's own line and the text below it",
            )
        both = Reading(name, in_language(language, title), in_language(language, text), segment.line)
        if found is not None:
            both = replace(found, title=join(found.title, both.title), text=join(found.text, both.text))
        readings[name] = both
    return tuple(readings.values())


def _title_and_text(segment: Segment) -> tuple[Passage | None, Passage | None]:
    has_title = segment.label is not None and bool(segment.label.rest)
    title = Passage(segment.lines[0][1], segment.line) if has_title else None
    return title, Segment(None, segment.line, segment.lines[has_title:]).passage()


def check_readings(item: Item, faults: FaultList) -> None:
    """Pointers into nothing, passages nobody is led to, and passages that give the reference away."""
    known = {reading.id for reading in item.readings}
    for wrong in item.misconceptions:
        if wrong.reading and wrong.reading not in known:
            faults.fault(
                wrong.code.line,
                f"misconception {shown(wrong.id)} points to the reading {shown(wrong.reading)}, which the item does "
                "not hold: mend the line, or add the passage below **Reading (id):**",
            )
    wanted = {wrong.reading for wrong in item.misconceptions}
    for reading in item.readings:
        if item.misconceptions and reading.id not in wanted:
            faults.remark(reading.line, f"no misconception points to the reading '{reading.id}': no one is led to it")
        for passage in filter(None, (reading.text.zh, reading.text.en)):
            for code in _fenced(passage):
                if item.reference is not None and _gives_away(code, item.reference):
                    faults.fault(code.line, f"the reading '{reading.id}' shows the reference: explain without the fix")


def _fenced(passage: Passage) -> Iterator[Code]:
    """The code of every fence in a passage, whatever its language."""
    marker, first = "", 0
    lines: list[str] = []
    for number, line in enumerate(passage.markdown.split("\n"), passage.line):
        found = _FENCE.match(line)
        if marker and found and found[1].startswith(marker):
            yield Code("\n".join(lines), first)
            marker = ""
        elif marker:
            lines.append(line)
        elif found:
            marker, lines, first = found[1], [], number + 1


def _gives_away(code: Code, reference: Code) -> bool:
    """Whether `code` holds every line of the reference that does something; signatures and imports may be shown."""
    wanted = _doing(reference)
    return bool(wanted) and wanted <= _doing(code)


def _doing(code: Code) -> set[str]:
    flush = Code(dedent(code.source), code.line)
    lines = [line.strip() for line in (bare(flush) or "").split("\n")]
    return {"".join(line.split()) for line in lines if line and not _SCAFFOLD.match(line)}

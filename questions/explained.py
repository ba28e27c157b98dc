"""How a document was read: every label, fence and heading with what became of it, and what was left aside and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from questions.bilingual import LANGUAGES
from questions.faults import FaultList, shown
from questions.labels import Part, like_a_label
from questions.model import Bank, Bilingual, Item, Kind
from questions.outline import Fence, Heading, Outline, outline
from questions.parser import load_bank, section_in
from questions.parts import Parts, Segment, read_parts, read_role
from questions.text import read_lines

_WRITTEN_LABEL = re.compile(r"\s*(?:\*\*|__).{0,120}?(?:\*\*|__)\s*[:：]?")
_PURPOSES = {
    "bank": "names the bank",
    "item": "the item's keys",
    "path": "a course through the bank",
    "shared": "code that suites share",
    "starter": "where students begin",
    "reference": "the right answer, run by the grader",
    "tests": "the suite",
    "alternative": "another right answer",
    "misconception": "a named wrong answer",
    "variant": "draws each student's parameters",
}


@dataclass(frozen=True, slots=True)
class LabelRead:
    """A label as written, what it opens, and the lines that belong to it."""

    written: str
    part: Part
    language: str
    line: int
    last: int


@dataclass(frozen=True, slots=True)
class FenceRead:
    """A fence, its role (empty without one) and what it is used for."""

    written: str
    role: str
    purpose: str
    line: int
    last: int
    closed: bool


@dataclass(frozen=True, slots=True)
class LeftAside:
    """Something that has no meaning in a bank, or not the one that was meant."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class ItemRead:
    """An item with the parts it was made of."""

    item: Item
    last: int
    why_this_kind: str
    languages: tuple[str, ...]
    """Those that any of its texts is in."""
    labels: tuple[LabelRead, ...]
    fences: tuple[FenceRead, ...]
    left_aside: tuple[LeftAside, ...]


@dataclass(frozen=True, slots=True)
class SectionRead:
    """A `##` heading and its items; fences are those above the first item."""

    title: Bilingual
    line: int
    introduction: Bilingual
    fences: tuple[FenceRead, ...]
    items: tuple[ItemRead, ...]


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file of a bank; fences are those above its first section."""

    path: Path
    lines: int
    fences: tuple[FenceRead, ...]
    sections: tuple[SectionRead, ...]
    left_aside: tuple[LeftAside, ...]


@dataclass(frozen=True, slots=True)
class BankRead:
    """A bank, file by file."""

    bank: Bank
    files: tuple[FileRead, ...]


def explain_bank(path: Path | str) -> BankRead:
    """How the bank, or file, at `path` is read.  Raises OSError when it cannot be, and nothing else."""
    path = Path(path)
    bank = load_bank(path)
    paths = sorted(found for found in path.glob("*.md") if found.is_file()) if path.is_dir() else [path]
    return BankRead(bank, tuple(_file(found, bank) for found in paths))


def _file(path: Path, bank: Bank) -> FileRead:
    lines = read_lines(path, FaultList(path))
    document = outline(lines, FaultList(path))
    marks = [heading for heading in document.headings if heading.level <= 3]
    ends = [*(mark.line - 1 for mark in marks[1:]), len(lines)]
    last_of = {mark.line: end for mark, end in zip(marks, ends, strict=False)}
    sections = []
    for section in filter(None, (section_in(section, path) for section in bank.sections)):
        goes_on = any(item.line == section.line for item in section.items)
        own = () if goes_on else _outside(document, section.line + 1, last_of[section.line])
        read = tuple(_item(document, item, last_of[item.line]) for item in section.items)
        sections.append(SectionRead(section.title, section.line, section.introduction, own, read))
    first = next((mark.line for mark in marks if mark.level > 1), len(lines) + 1)
    aside = tuple(sorted(_aside(document, lines, marks), key=lambda each: each.line))
    return FileRead(path, len(lines), _outside(document, 1, first - 1), tuple(sections), aside)


def _aside(document: Outline, lines: list[str], marks: list[Heading]) -> Iterator[LeftAside]:
    """What stands nowhere in particular: comments, deeper headings, text above the first heading."""
    if marks:
        above = [number for number in range(1, marks[0].line) if document.text(number).strip()]
        if above:
            yield LeftAside(above[0], shown(document.text(above[0])), "text above the first heading is not shown")
    inside = False
    for number, (written, read) in enumerate(zip(lines, document.lines, strict=True), 1):
        blanked = written != read
        if blanked and not inside:
            yield LeftAside(number, shown(written.strip()), "a comment is not read")
        inside = blanked
    for heading in document.headings:
        if heading.level > 3:
            yield LeftAside(heading.line, shown(heading.text), "a heading below ### opens nothing: it is text")


def _outside(document: Outline, first: int, last: int) -> tuple[FenceRead, ...]:
    """The fences that stand above any item."""
    fences = document.fences_between(first, last).values()
    return tuple(_fence(fence, "shown as text of its section") for fence in fences)


def _fence(fence: Fence, otherwise: str) -> FenceRead:
    role = read_role(fence, FaultList(Path()))
    purpose = _PURPOSES.get(role.word, otherwise)
    return FenceRead(fence.info, role.word, purpose, fence.line, fence.end, fence.closed)


def _item(document: Outline, item: Item, last: int) -> ItemRead:
    while last > item.line and not document.text(last).strip():
        last -= 1
    parts = read_parts(document, item.line + 1, last, FaultList(item.path))
    labels = tuple(_labels(document, parts, last))
    fences = tuple(
        _fence(fence, _without_role(fence, parts, item))
        for fence in document.fences_between(item.line + 1, last).values()
    )
    aside = tuple(_in_item(document, parts, item, last))
    return ItemRead(item, last, _why_this_kind(item, parts), _languages(item), labels, fences, aside)


def _labels(document: Outline, parts: Parts, last: int) -> Iterator[LabelRead]:
    for segment in parts.segments:
        if segment.label is not None:
            end = max((number for number, text in segment.lines if text.strip()), default=segment.line)
            found = _WRITTEN_LABEL.match(document.text(segment.line))
            written = found[0].strip() if found else document.text(segment.line)[:40]
            yield LabelRead(written, segment.label.part, segment.label.language, segment.line, min(end, last))


def _without_role(fence: Fence, parts: Parts, item: Item) -> str:
    """What becomes of a fence that says nothing of its use."""
    segment = _segment_of(fence.line, parts)
    where = segment.label.part.value if segment.label else "question"
    said = f"no role: shown as code of the {where}"
    if item.answer_code is not None and fence.first == item.answer_code.line:
        said += ", and taken for the answer's code"
    return said


def _segment_of(line: int, parts: Parts) -> Segment:
    return next((segment for segment in reversed(parts.segments) if segment.line <= line), parts.segments[0])


def _in_item(document: Outline, parts: Parts, item: Item, last: int) -> Iterator[LeftAside]:
    opening = parts.segments[0].passage()
    if opening is not None and parts.labelled(Part.QUESTION):
        yield LeftAside(opening.line, shown(opening.markdown), "text above the first label is not shown")
    inside = {at for fence in document.fences_between(item.line, last).values() for at in range(fence.line, fence.end)}
    for segment in parts.segments:
        where = segment.label.part.value if segment.label else "question"
        for number, text in segment.lines:
            if number not in inside and (name := like_a_label(text)):
                yield LeftAside(number, shown(name), f"no label has this name: it is text of the {where}")


def _why_this_kind(item: Item, parts: Parts) -> str:
    code = next((word for word in ("tests", "starter", "reference") if word in parts.roles), "")
    match item.kind:
        case Kind.CODING if code:
            return f"it holds {code}"
        case Kind.CODING if item.answer_code is not None:
            return "its answer holds Python"
        case Kind.CHOICE if item.options:
            return "it holds options"
        case Kind.NUMERIC if item.values:
            return "it holds values"
        case Kind.SHORT_ANSWER if not parts.labelled(Part.RUBRIC):
            return "nothing in it says otherwise"
        case Kind.SHORT_ANSWER:
            return "it holds a rubric"
    return "its keys say so"


def _languages(item: Item) -> tuple[str, ...]:
    texts = (item.title, item.question, item.answer, item.explanation, *item.hints)
    return tuple(name for name in LANGUAGES if any(getattr(text, name) is not None for text in texts))

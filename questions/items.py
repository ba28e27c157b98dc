"""One item, put together from its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from questions import lint
from questions.bilingual import bilingual, by_paragraph
from questions.codes import ItemCode, SharedCode, check_shown, read_code
from questions.faults import FaultList, in_order, shown
from questions.fields import ID, ItemFields, item_fields
from questions.figures import Figures, Looking
from questions.identity import compose_source, revision_of, suite_of
from questions.labels import Part
from questions.model import Bilingual, Code, Item, KeyPoint, Kind, NumericValue, Option, Passage
from questions.options import read_options, read_values
from questions.outline import Heading, Outline
from questions.parts import Parts, Segment, read_parts
from questions.python_code import merged, parse
from questions.readings import read_readings
from questions.rubric import read_rubric

_NUMERALS = "一二三四五六七八九十百零〇"
_NUMBERING = re.compile(
    rf"^(?:\d+(?:\.\d+)*[.、．)）](?!\d)|\d+(?:\.\d+)+(?=\s)|[{_NUMERALS}]+[、.．]"
    rf"|第[{_NUMERALS}\d]+[题节章部分]+[:：、]?|[(（][\d{_NUMERALS}]+[)）])\s*(?=\S)"
)
ID_ATTRIBUTE = re.compile(r"\s*\{\s*#(?P<id>[^{}]*)\}\s*$")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an item takes from the places above it."""

    bank: str
    declared: tuple[str, ...]
    stem: str
    section: Bilingual
    section_heading: str
    shared: SharedCode
    figures: Figures | None
    """Those beside the bank; None where its text is taken at its word about them."""


def title_of(text: str, line: int) -> Bilingual:
    """A heading's text without its numbering, in the languages it is written in."""
    return bilingual(_NUMBERING.sub("", text.strip(), count=1), line)


def slug(text: str, otherwise: str = "bank") -> str:
    """`text` as an id."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:64].strip("-") or otherwise


def read_item(
    document: Outline, heading: Heading, last: int, raw: str, around: Surroundings, faults: FaultList
) -> Item:
    """The item below `heading`, down to line `last`; `raw` is its text as it stands in the file."""
    title_text, item_id = _title_and_id(heading, faults)
    provisional = item_id is None
    item_id = item_id or f"{around.stem}-{heading.line}"
    notes = FaultList(faults.path, item_id)
    notes.found = [replace(fault, item=item_id) for fault in faults.found]
    if provisional and not notes.found:
        notes.fault(heading.line, "the item has no id: add one to its heading, as in {#dot-product-attention}")

    parts = read_parts(document, heading.line + 1, last, notes)
    fields = _fields(parts, notes)
    code = read_code(parts, around.shared, notes)
    question, stray = _question(parts, notes)
    if stray is not None:
        notes.remark(stray.line, "this text stands above the first label and is not shown: move it below one")
    answers = parts.by_language(Part.ANSWER, notes)
    answer_code = _answer_code(answers, notes)
    kind = fields.kind or _kind(parts, code, answer_code)
    shared = around.shared if kind is Kind.CODING else SharedCode()
    rubric = parts.labelled(Part.RUBRIC)
    for extra in rubric[1:]:
        notes.fault(extra.line, "a second rubric: one serves both languages, so join them")
    key_points = read_rubric(rubric[0].lines, rubric[0].line, notes) if rubric else []
    item = Item(
        bank=around.bank,
        id=item_id,
        provisional=provisional,
        kind=kind,
        title=title_of(title_text, heading.line),
        section=around.section,
        path=faults.path,
        line=heading.line,
        points=_points(fields, kind, code, key_points, notes),
        skills=fields.skills,
        difficulty=fields.difficulty,
        prerequisites=tuple(name for name, _line in fields.prerequisites),
        prerequisite_lines=tuple(line for _name, line in fields.prerequisites),
        papers=fields.papers,
        limits=fields.limits,
        question=question,
        hints=_hints(parts, notes),
        readings=read_readings(parts.labelled(Part.READING), notes),
        answer=_passages(answers),
        explanation=_passages(parts.by_language(Part.EXPLANATION, notes)),
        starter=code.starter,
        reference=code.reference,
        tests=code.tests,
        test_specs=tuple(code.specs),
        alternatives=tuple(code.alternatives),
        misconceptions=tuple(code.misconceptions),
        shared=shared.codes,
        key_points=tuple(key_points),
        options=tuple(_options(parts, notes)),
        values=tuple(_values(parts, fields, notes)),
        units=fields.units,
        variant=code.variant,
        answer_code=answer_code,
        source=compose_source(around.bank, around.declared, around.section_heading, shared.codes, raw),
        revision="",
        suite="",
        faults=(),
    )
    _check_code_shown(parts, notes)
    _note_empty(parts, notes)
    notes.found += lint.item_faults(
        item, around.declared, lines=fields.lines, labelled=parts.labels(), variant_names=code.variant_names
    )
    notes.found += Looking(item.path, around.figures, item.id).at_item(item, around.declared)
    return replace(
        item, revision=revision_of(item.source), suite=suite_of(item), faults=in_order([*notes.found, *shared.faults])
    )


def _title_and_id(heading: Heading, faults: FaultList) -> tuple[str, str | None]:
    found = ID_ATTRIBUTE.search(heading.text)
    if found is None:
        return heading.text, None
    name, text = found["id"].strip(), heading.text[: found.start()]
    if len(name) <= 80 and ID.fullmatch(name):
        return text, name
    faults.fault(heading.line, f"the id {shown(name)} must match [a-z0-9-]+, as in {{#{slug(name, 'my-item')}}}")
    return text, None


def _fields(parts: Parts, faults: FaultList) -> ItemFields:
    for fence in parts.roles.get("bank", []):
        faults.fault(fence.line, "`yaml bank` stands inside an item: move it below the first heading")
    for fence in parts.roles.get("path", []):
        faults.fault(fence.line, "`yaml path` stands inside an item: move it below the first heading")
    fences = parts.roles.get("item", [])
    for extra in fences[1:]:
        faults.fault(extra.line, f"a second `yaml item` (the first is in line {fences[0].line}): join them")
    if not fences or not fences[0].closed:
        return ItemFields()
    return item_fields(fences[0].code.source, fences[0].code.line, faults)


def _question(parts: Parts, faults: FaultList) -> tuple[Bilingual, Passage | None]:
    """The question, and text above the first label that nobody would see."""
    labelled = parts.by_language(Part.QUESTION, faults)
    opening = parts.segments[0]
    if labelled:
        return _passages(labelled), opening.passage()
    return by_paragraph(paragraphs(opening)), None


def paragraphs(segment: Segment) -> list[Passage]:
    """A segment's paragraphs; a fence is one, whatever blank lines it holds."""
    found: list[Passage] = []
    current = Segment(None, segment.line)
    marker = ""
    for number, text in segment.lines:
        fence = re.match(r" {0,3}(`{3,}|~{3,})", text)
        if marker and fence and text.strip().startswith(marker) and not text.strip().strip(marker[0]):
            marker = ""
        elif fence and not marker:
            marker = fence[1]
        current.lines.append((number, text))
        if not text.strip() and not marker:
            found += [passage] if (passage := current.passage()) else []
            current = Segment(None, number)
    return [*found, *([passage] if (passage := current.passage()) else [])]


def _note_empty(parts: Parts, faults: FaultList) -> None:
    """Labels that promise a text and have none."""
    for part in (Part.QUESTION, Part.ANSWER, Part.EXPLANATION):
        for segment in parts.labelled(part):
            if segment.passage() is None:
                faults.fault(segment.line, "nothing stands below this label: write its text, or remove the label")


def _passages(segments: dict[str, Segment]) -> Bilingual:
    return Bilingual(*(segments[name].passage() if name in segments else None for name in ("zh", "en")))


def _hints(parts: Parts, faults: FaultList) -> tuple[Bilingual, ...]:
    """The nth hint of each language side by side."""
    hints: dict[str, list[Passage]] = {"zh": [], "en": []}
    for segment in parts.labelled(Part.HINT):
        passage = segment.passage()
        if passage is None:
            faults.fault(segment.line, "this hint is empty: write it or remove the label")
        elif segment.label:
            hints[segment.label.language].append(passage)
    pairs = []
    for number in range(max(len(hints["zh"]), len(hints["en"]))):
        pairs.append(Bilingual(*(found[number] if number < len(found) else None for found in hints.values())))
    return tuple(pairs)


def _answer_code(answers: dict[str, Segment], faults: FaultList) -> Code | None:
    """A bare Python fence under Answer; in two languages the first that holds one counts."""
    for segment in sorted(answers.values(), key=lambda segment: segment.line):
        if segment.shown:
            return merged([code for code, _ in segment.shown])
    return None


def _check_code_shown(parts: Parts, faults: FaultList) -> None:
    """Code under Answer is meant to run; elsewhere it may be a sketch, so a slip there is a remark."""
    for segment in parts.segments:
        closed = [code for code, is_closed in segment.shown if is_closed]
        if segment.label is not None and segment.label.part is Part.ANSWER:
            check_shown(closed, "the answer's code", faults)
            continue
        for code in closed:
            if not code.source.lstrip().startswith(">>>"):
                parse(code, "this example", faults, remark=True)


def _kind(parts: Parts, code: ItemCode, answer_code: Code | None) -> Kind:
    if code.tests or code.starter or code.reference or answer_code:
        return Kind.CODING
    if parts.labelled(Part.OPTIONS):
        return Kind.CHOICE
    return Kind.NUMERIC if parts.labelled(Part.VALUES) else Kind.SHORT_ANSWER


def _points(fields: ItemFields, kind: Kind, code: ItemCode, key_points: list[KeyPoint], faults: FaultList) -> float:
    """What the tests or key points add up to; elsewhere what `yaml item` says, or 1."""
    match kind:
        case Kind.CODING:
            each, what = [spec.points for spec in code.specs], "tests"
        case Kind.SHORT_ANSWER:
            each, what = [point.points for point in key_points], "key points"
        case _:
            return fields.points if fields.points is not None else 1.0
    total = round(sum(each), 6)
    if not each:
        return fields.points or 0.0
    if fields.points is not None and abs(fields.points - total) > 1e-6:
        faults.fault(
            fields.lines["points"],
            f"points is {fields.points:g}, but the {what} add up to {total:g}: make them equal or leave points out",
        )
    elif total <= 0:
        faults.fault(
            fields.lines.get("points", 0) or (code.tests.line if code.tests else key_points[0].line),
            f"the {what} add up to 0 points: give some of them points",
        )
    return total


def _lists(parts: Parts, part: Part, faults: FaultList) -> dict[str, tuple[int, list[tuple[int, str]]]]:
    found = parts.by_language(part, faults)
    return {language: (segment.line, segment.lines) for language, segment in found.items()}


def _options(parts: Parts, faults: FaultList) -> list[Option]:
    lists = _lists(parts, Part.OPTIONS, faults)
    return read_options(lists, faults) if lists else []


def _values(parts: Parts, fields: ItemFields, faults: FaultList) -> list[NumericValue]:
    lists = _lists(parts, Part.VALUES, faults)
    return read_values(lists, fields.units, faults, fields.lines.get("units", 1)) if lists else []


def section_introduction(segment: Segment) -> Bilingual:
    """Text below a section heading, gathered by language."""
    return by_paragraph(paragraphs(segment))

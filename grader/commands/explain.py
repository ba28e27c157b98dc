"""``workshop explain``: how a document was read."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from grader.commands.banks import bank_places
from grader.documents import to_json
from grader.errors import WorkshopError
from grader.proof import relative
from questions.bilingual import NAMES
from questions.explained import BankRead, FenceRead, FileRead, ItemRead, LabelRead, explain_bank
from questions.faults import shown
from questions.figures import file_of, shown_by, unpinned
from questions.model import Bilingual, Fault, Item, Severity

WIDE = 100_000
"""Lines for a pipe are not folded."""


@click.command(epilog="Example: workshop explain my-bank/coding.md")
@click.argument("path", metavar="FILE_OR_BANK", type=click.Path(path_type=Path, readable=False))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per bank instead of a tree.")
def explain(path: Path, as_json: bool) -> None:
    """Show how a document is read: items, labels, fences, lines.

    Each item with its kind, its labels with their language, its fences with their role, its tests, rubric, options or
    values; then what is missing, and what was left aside and why.  Nothing is run.  Any Markdown will do, whatever its
    name ends in.  Exit status 0, also for a document that holds no item.
    """
    try:
        banks = [explain_bank(place) for place in bank_places(path)]
    except OSError as error:
        told = f"{error.filename or path} cannot be read: {error.strerror}"
        raise WorkshopError(told, remedy="check its permissions") from error
    for read in banks:
        if as_json:
            click.echo(json.dumps(bank_record(read), ensure_ascii=False))
        else:
            width = None if sys.stdout.isatty() else WIDE
            Console(width=width, highlight=False).print(bank_tree(read))


def bank_tree(read: BankRead) -> Tree:
    """The bank as a tree of lines."""
    bank = read.bank
    items = len(bank.items)
    head = _line((f"bank {bank.id}", "bold"), (_both(bank.title), ""))
    head.append(f"  {', '.join(bank.languages)}, {items} item{'' if items == 1 else 's'}", "dim")
    tree = Tree(head)
    for path in bank.paths:
        below = tree.add(_line((f"path {path.id}", "bold"), (_both(path.title), ""), _at(path.line)))
        for part in path.sections:
            below.add(_line((_both(part.title), ""), (", ".join(part.items), "dim"), _at(part.line)))
    for file in read.files:
        branch = tree.add(_line((str(relative(file.path)), "bold"), (_count(file.lines, "line"), "dim")))
        _fences(branch, file.fences)
        for section in file.sections:
            below = branch.add(_line((_both(section.title) or "(no section)", "bold cyan"), _at(section.line)))
            if not section.items:
                below.add(_line(("no items: shown as a chapter of text", "dim")))
            _fences(below, section.fences)
            for item in section.items:
                _item(below, item, file)
        inside = [(item.item.line, item.last) for section in file.sections for item in section.items]
        aside = [each for each in file.left_aside if not any(a <= each.line <= b for a, b in inside)]
        _aside(branch, [(each.line, each.text, each.why) for each in aside])
        rest = [fault for fault in bank.faults if fault.path == file.path and not fault.item]
        _faults(branch, rest)
    if bank.figures:
        names = ", ".join(figure.name for figure in bank.figures)
        tree.add(_line(("figures", "bold"), (names, "")))
    _faults(tree, [fault for fault in bank.faults if fault.path.suffix == ".svg" and not fault.item])
    return tree


def _item(branch: Tree, read: ItemRead, file: FileRead) -> None:
    item = read.item
    name = f"{item.id} (provisional)" if item.provisional else item.id
    head = _line((name, "bold"), (_both(item.title), ""), _at(item.line, read.last))
    below = branch.add(head)
    facts = f"{item.kind}, since {read.why_this_kind}; "
    facts += f"{item.points:g} points; " if item.points else ""
    facts += " and ".join(NAMES[language] for language in read.languages) or "no language"
    facts += f"; skills {', '.join(item.skills)}" if item.skills else ""
    facts += f"; difficulty {item.difficulty}" if item.difficulty else ""
    facts += f"; recommended first: {', '.join(item.prerequisites)}" if item.prerequisites else ""
    below.add(_line((facts, "")))
    parts: list[LabelRead | FenceRead] = [*read.labels, *read.fences]
    for part in sorted(parts, key=lambda part: part.line):
        below.add(_fence(part) if isinstance(part, FenceRead) else _label(part))
    for title, lines in _contents(item):
        if lines:
            listed = below.add(_line((title, "")))
            for text, line in lines:
                listed.add(_line((text, ""), _at(line)))
    inside = [each for each in file.left_aside if item.line <= each.line <= read.last]
    aside = sorted((each.line, each.text, each.why) for each in (*read.left_aside, *inside))
    _aside(below, aside)
    _faults(below, item.faults)


def _contents(item: Item) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """What the item's parts hold, under a heading each."""
    tests = []
    for spec in item.test_specs:
        hidden = ", hidden" if spec.hidden else ""
        tests.append((f"{spec.name} ({spec.points:g}{hidden})  {_both(spec.title)}", spec.line))
    yield "tests", tests
    yield "other right answers", [(right.id, right.code.line - 1) for right in item.alternatives]
    wrong = []
    for misconception in item.misconceptions:
        to = f" -> {misconception.reading}" if misconception.reading else ""
        wrong.append((f"{misconception.id}{to}  {_both(misconception.sentence)}", misconception.code.line - 1))
    yield "misconceptions", wrong
    yield "readings", [(f"{reading.id}  {_both(reading.title)}", reading.line) for reading in item.readings]
    for point in item.key_points:
        rules = []
        for rule in point.rules:
            phrases = " + ".join(f"`{phrase.text}`" if phrase.is_pattern else phrase.text for phrase in rule.phrases)
            rules.append((f"{rule.judgement}: {phrases}", rule.line))
        yield f"key point {point.id} ({point.points:g})  {_both(point.description)}", rules
    yield "options", [(f"{_box(option.right)} {_both(option.text)}", option.line) for option in item.options]
    values = []
    for value in item.values:
        tolerance = f" ± {value.tolerance}" if value.tolerance else ""
        values.append((f"{_box(value.right)} {value.amount} {value.unit}".rstrip() + tolerance, value.line))
    yield "values", values
    yield "units", [(f"{name} = {size:g}", item.line) for name, size in item.units]
    images = [(f"{image.address}  {shown(image.alternative, 60)[1:-1]}", line) for image, line in shown_by(item)]
    yield "images", images


def _fences(branch: Tree, fences: tuple[FenceRead, ...]) -> None:
    for fence in fences:
        branch.add(_fence(fence))


def _fence(fence: FenceRead) -> Text:
    style = "magenta" if fence.role else "yellow"
    return _line((f"```{fence.written}", style), (fence.purpose, ""), _at(fence.line, fence.last))


def _label(label: LabelRead) -> Text:
    said = f"{label.part.value}, {NAMES[label.language]}"
    return _line((label.written, "green"), (said, ""), _at(label.line, label.last))


def _aside(branch: Tree, aside: list[tuple[int, str, str]]) -> None:
    if aside:
        below = branch.add(_line(("left aside", "yellow")))
        for line, text, why in aside:
            below.add(_line((text, ""), (why, ""), _at(line)))


def _faults(branch: Tree, faults: tuple[Fault, ...] | list[Fault]) -> None:
    for severity, title, style in ((Severity.FAULT, "missing or wrong", "red"), (Severity.REMARK, "remarks", "yellow")):
        found = [fault for fault in faults if fault.severity is severity]
        if found:
            below = branch.add(_line((title, style)))
            for fault in found:
                place = f"{file_of(fault.path)}: " if fault.path.suffix == ".svg" else ""
                below.add(_line((place + fault.text, ""), _at(fault.line)))


def _line(*parts: tuple[str, str]) -> Text:
    """Texts of a document side by side, unfit for ruling a terminal."""
    line = Text()
    for text, style in parts:
        if text:
            line.append("  " if line else "").append("".join(c if c.isprintable() else "\ufffd" for c in text), style)
    return line


def _at(line: int, last: int = 0) -> tuple[str, str]:
    return (f"lines {line}-{last}" if last > line else f"line {line}"), "dim"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _box(right: bool) -> str:
    return "[x]" if right else "[ ]"


def _both(text: Bilingual) -> str:
    """Both languages on one line, shortened."""
    said = dict.fromkeys(unpinned(passage.markdown) for passage in (text.zh, text.en) if passage is not None)
    return " | ".join(shown(each, 60)[1:-1] for each in said)


def bank_record(read: BankRead) -> dict[str, Any]:
    """The bank for a program."""
    bank = read.bank
    return {
        "bank": bank.id,
        "path": str(relative(bank.path)),
        "title": to_json(bank.title),
        "languages": list(bank.languages),
        "paths": [
            {
                "id": path.id,
                "title": to_json(path.title),
                "file": str(relative(path.path)),
                "line": path.line,
                "sections": to_json(path.sections),
            }
            for path in bank.paths
        ],
        "files": [_file_record(file) for file in read.files],
        "figures": [{"name": figure.name, "hash": figure.digest} for figure in bank.figures],
        "faults": [_fault_record(fault) for fault in bank.faults],
    }


def _file_record(file: FileRead) -> dict[str, Any]:
    return {
        "path": str(relative(file.path)),
        "lines": file.lines,
        "fences": to_json(file.fences),
        "left_aside": to_json(file.left_aside),
        "sections": [
            {
                "title": to_json(section.title),
                "line": section.line,
                "introduction": to_json(section.introduction),
                "fences": to_json(section.fences),
                "items": [_item_record(item) for item in section.items],
            }
            for section in file.sections
        ],
    }


def _item_record(read: ItemRead) -> dict[str, Any]:
    item = read.item
    named = ("id", "provisional", "kind", "title", "line", "points", "skills", "limits", "hints", "readings")
    placed = ("difficulty", "prerequisites", "papers")
    listed = ("test_specs", "key_points", "options", "values", "units")
    return {
        **{name: to_json(getattr(item, name)) for name in (*named, *placed, *listed)},
        "last": read.last,
        "why_this_kind": read.why_this_kind,
        "languages": list(read.languages),
        "servable": item.servable,
        "labels": to_json(read.labels),
        "fences": to_json(read.fences),
        "alternatives": [{"id": right.id, "line": right.code.line - 1} for right in item.alternatives],
        "misconceptions": [
            {"id": wrong.id, "sentence": to_json(wrong.sentence), "line": wrong.code.line - 1, "reading": wrong.reading}
            for wrong in item.misconceptions
        ],
        "images": [
            {"address": image.address, "alternative": image.alternative, "line": line} for image, line in shown_by(item)
        ],
        "left_aside": to_json(read.left_aside),
        "faults": [_fault_record(fault) for fault in item.faults],
    }


def _fault_record(fault: Fault) -> dict[str, Any]:
    place = {"file": file_of(fault.path), "line": fault.line}
    return {**place, "severity": fault.severity.value, "item": fault.item, "text": fault.text}

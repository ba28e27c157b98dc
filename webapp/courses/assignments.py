"""The assignments of a course's file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import yaml

from questions.faults import nearest, shown
from questions.fields import ID
from questions.nodes import Reader
from webapp.courses.entries import entries_of, key_of, title_of
from webapp.courses.model import AssignmentEntry, ExtensionEntry, ItemEntry
from webapp.courses.moments import UnclearTime, moment
from webapp.courses.names import Unfit, email_of, name_of
from webapp.courses.rules import (
    LONGEST_REASON,
    MAX_ASSIGNMENTS,
    MAX_ATTEMPTS,
    MAX_EXTENSIONS,
    MAX_ITEMS,
    MAX_POINTS,
    Idle,
    fits_attempts,
    fits_points,
    idle,
    out_of_order,
)

ASSIGNMENT_KEYS = {
    "key": "what the file calls it",
    "title": "as people see it",
    "opens": "when its items appear",
    "due": "until when work is in time",
    "closes": "until when late work is taken",
    "late_penalty": "what late work loses, as in 20%",
    "counts": "best or last",
    "practice": "true: unlimited attempts, answers readable, no points towards the course",
    "attempts": "how many each item allows",
    "items": "list of bank/item",
    "extensions": "list of student, due, closes",
}
ITEM_KEYS = ("item", "attempts", "points", "open")
EXTENSION_KEYS = ("student", "due", "closes", "reason")
UNLIMITED = "unlimited"
TRUTH = {"true": True, "yes": True, "false": False, "no": False}
PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)\s*[%％]", re.ASCII)
Dates = dict[str, datetime | None]


def read_assignments(reader: Reader, node: yaml.Node, zone: ZoneInfo) -> tuple[AssignmentEntry, ...]:
    """Every assignment that could be read, in order."""
    nodes = entries_of(reader, node, "assignments")
    if len(nodes) > MAX_ASSIGNMENTS:
        reader.fault(nodes[MAX_ASSIGNMENTS], f"more than {MAX_ASSIGNMENTS} assignments: split the course")
    read = [_assignment(reader, each, zone) for each in nodes[:MAX_ASSIGNMENTS]]
    known: dict[str, AssignmentEntry] = {}
    for each in read:
        if each is not None and each.key:
            if each.key in known:
                line = known[each.key].line
                text = f"the key {shown(each.key)} is in line {line} already: each assignment needs its own"
                reader.faults.fault(each.line, text)
            known.setdefault(each.key, each)
    _one_open_item(reader, known.values())
    return tuple(known.values())


def _one_open_item(reader: Reader, assignments: Iterable[AssignmentEntry]) -> None:
    entries = [item for each in assignments for item in each.items if item.is_open]
    for item in entries[1:]:
        text = f"{item.name} is open to guests, and so is the item in line {entries[0].line}: a course has at most one"
        reader.faults.fault(item.line, text)


def _assignment(reader: Reader, node: yaml.Node, zone: ZoneInfo) -> AssignmentEntry | None:
    if not isinstance(node, yaml.MappingNode):
        reader.fault(node, "an assignment is a mapping: begin it with `- key: week-1`")
        return None
    line = reader.line_of(node)
    found = reader.known(node, ASSIGNMENT_KEYS, "this assignment")
    key = key_of(reader, found, "key", line)
    title = title_of(reader, found, f"the assignment {shown(key)}" if key else "this assignment", line)
    dates = {name: _moment(reader, found.get(name), name, zone) for name in ("opens", "due", "closes")}
    _in_order(reader, found, dates)
    penalty = _penalty(reader, found.get("late_penalty"))
    if penalty and "due" not in found:
        reader.fault(
            found["late_penalty"], "late_penalty without `due`: nothing is ever late; add due, or leave it out"
        )
    practice = _truth(reader, found.get("practice"), "practice")
    attempts = _attempts(reader, found.get("attempts"))
    if practice:
        for name in ("late_penalty", "attempts", "counts"):
            if name in found:
                reader.fault(
                    found[name], f"{name} means nothing in practice, which has no limits and no marks: leave it out"
                )
    items = _items(reader, found.get("items"), attempts, practice=practice)
    extensions = _extensions(reader, found.get("extensions"), zone)
    for extension in extensions:
        _extends(reader, extension, dates)
    counts = _counts(reader, found.get("counts"))
    return AssignmentEntry(key, title, *dates.values(), penalty, counts, practice, items, extensions, line)


def _moment(reader: Reader, node: yaml.Node | None, name: str, zone: ZoneInfo) -> datetime | None:
    if node is None or (isinstance(node, yaml.ScalarNode) and node.value.strip().lower() in ("none", "null", "~")):
        return None
    text = reader.text(node, name)
    if text is None:
        return None
    try:
        return moment(text, zone)
    except UnclearTime as problem:
        reader.fault(node, f"{name} {shown(text)} {problem}")
        return None


def _in_order(reader: Reader, found: dict[str, yaml.Node], dates: Dates) -> None:
    wrong = out_of_order(**dates)
    if wrong is not None:
        line = reader.line_of(found[wrong.before])
        reader.fault(found[wrong.after], f"{wrong.after} is before {wrong.before} (line {line}): change one of them")


def _penalty(reader: Reader, node: yaml.Node | None) -> float:
    if node is None:
        return 0.0
    text = reader.text(node, "late_penalty")
    if text is None:
        return 0.0
    percent = PERCENT.fullmatch(text)
    if percent is None or float(percent[1]) > 100:
        reader.fault(node, f"late_penalty is {shown(text)}: write a share from 0% to 100%, as in 20%")
        return 0.0
    return float(percent[1]) / 100


def _counts(reader: Reader, node: yaml.Node | None) -> Literal["best", "last"]:
    if node is None or (text := reader.text(node, "counts")) is None:
        return "best"
    if text not in ("best", "last"):
        reader.fault(node, f"counts is {shown(text)}; {nearest(text, ('best', 'last'))}")
    return "last" if text == "last" else "best"


def _truth(reader: Reader, node: yaml.Node | None, name: str) -> bool:
    if node is None or (text := reader.text(node, name)) is None:
        return False
    if text.lower() not in TRUTH:
        reader.fault(node, f"{name} is {shown(text)}: write true or false")
    return TRUTH.get(text.lower(), False)


def _attempts(reader: Reader, node: yaml.Node | None, default: int | None = None) -> int | None:
    if node is None:
        return default
    if isinstance(node, yaml.ScalarNode) and node.value.strip().lower() == UNLIMITED:
        return None
    number = reader.number(node, "attempts")
    if number is None:
        return default
    if not fits_attempts(number):
        reader.fault(node, f"attempts is {number:g}: write a whole number from 1 to {MAX_ATTEMPTS:,}, or {UNLIMITED}")
        return default
    return int(number)


def _items(reader: Reader, node: yaml.Node | None, attempts: int | None, *, practice: bool) -> tuple[ItemEntry, ...]:
    nodes = entries_of(reader, node, "items")
    if len(nodes) > MAX_ITEMS:
        reader.fault(nodes[MAX_ITEMS], f"more than {MAX_ITEMS} items in one assignment: split it")
    items: dict[str, ItemEntry] = {}
    for each in nodes[:MAX_ITEMS]:
        item = _item(reader, each, attempts, practice=practice)
        if item is None:
            continue
        if item.name in items:
            reader.fault(each, f"{item.name} is in line {items[item.name].line} already: keep one")
            continue
        items[item.name] = item
    return tuple(items.values())


def _item(reader: Reader, node: yaml.Node, attempts: int | None, *, practice: bool) -> ItemEntry | None:
    fields = {"item": node} if isinstance(node, yaml.ScalarNode) else reader.known(node, ITEM_KEYS, "this item")
    if "item" not in fields:
        if isinstance(node, yaml.MappingNode):
            reader.fault(node, "which item is not said: write {item: attention/scaled-dot-product-attention}")
        return None
    name = reader.text(fields["item"], "item")
    if name is None:
        return None
    bank, _, item = name.partition("/")
    if not (ID.fullmatch(bank) and ID.fullmatch(item)):
        reader.fault(
            fields["item"], f"{shown(name)} is no item: write bank/item, as in attention/scaled-dot-product-attention"
        )
        return None
    if practice and "attempts" in fields:
        reader.fault(fields["attempts"], "attempts means nothing in practice, which has no limits: leave it out")
    points = reader.number(fields["points"], "points") if "points" in fields else None
    if points is not None and not fits_points(points):
        reader.fault(fields["points"], f"points is {points:g}: it has to be more than 0 and at most {MAX_POINTS:g}")
        points = None
    return ItemEntry(
        bank,
        item,
        None if practice else _attempts(reader, fields.get("attempts"), attempts),
        points,
        _truth(reader, fields.get("open"), "open"),
        reader.line_of(node),
    )


def _extends(reader: Reader, extension: ExtensionEntry, dates: Dates) -> None:
    for name, later in (("due", extension.due_at), ("closes", extension.closes_at)):
        match idle(dates[name], later):
            case Idle.NOTHING_THERE:
                what = f"{name}, which this assignment does not have: leave it out"
            case Idle.NOT_LATER:
                what = f"{name} to no later than it is: write a later time"
            case _:
                continue
        reader.faults.fault(extension.line, f"the extension of {extension.email} moves {what}")


def _extensions(reader: Reader, node: yaml.Node | None, zone: ZoneInfo) -> tuple[ExtensionEntry, ...]:
    nodes = entries_of(reader, node, "extensions")
    if len(nodes) > MAX_EXTENSIONS:
        reader.fault(
            nodes[MAX_EXTENSIONS], f"more than {MAX_EXTENSIONS:,} extensions: move the assignment's dates instead"
        )
    extensions: dict[str, ExtensionEntry] = {}
    for each in nodes[:MAX_EXTENSIONS]:
        extension = _extension(reader, each, zone)
        if extension is None:
            continue
        if extension.email in extensions:
            line = extensions[extension.email].line
            reader.fault(each, f"{shown(extension.email)} has an extension in line {line} already: keep one")
            continue
        extensions[extension.email] = extension
    return tuple(extensions.values())


def _extension(reader: Reader, node: yaml.Node, zone: ZoneInfo) -> ExtensionEntry | None:
    if not isinstance(node, yaml.MappingNode):
        reader.fault(node, "an extension is a mapping: write {student: li@example.org, due: 2026-12-01 23:59}")
        return None
    found = reader.known(node, EXTENSION_KEYS, "this extension")
    if "student" not in found:
        reader.fault(node, "whose extension is not said: write student: li@example.org")
        return None
    dates = {name: _moment(reader, found.get(name), name, zone) for name in ("due", "closes")}
    if "due" not in found and "closes" not in found:
        reader.fault(node, "this extension moves nothing: write due, closes or both")
    _in_order(reader, found, {"opens": None, **dates})
    text = reader.text(found["student"], "student")
    reason = reader.text(found["reason"], "reason") if "reason" in found else ""
    if text is None or reason is None:
        return None
    try:
        reason = name_of(reason, LONGEST_REASON)
        return ExtensionEntry(email_of(text), dates["due"], dates["closes"], reason, reader.line_of(node))
    except Unfit as problem:
        reader.fault(found["student"], str(problem))
        return None

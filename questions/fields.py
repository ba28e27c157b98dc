"""The keys of `yaml bank` and `yaml item`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import yaml

from questions.bilingual import LANGUAGES, bilingual
from questions.faults import FaultList, nearest, shown
from questions.model import Kind, Limits, Skill
from questions.nodes import Reader

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""An id: lower-case letters, digits, single hyphens between them."""

BANK_KEYS = {
    "id": "name of the bank in addresses and on the command line",
    "languages": "languages every text must exist in: zh, en or both",
    "skills": "what the skills that items name are called: scaling: 缩放 | Scaling",
}
ITEM_KEYS = {
    "kind": "coding, short-answer, choice or numeric; inferred when left out",
    "points": "what full marks are worth; for coding and short answers the sum of the tests or key points",
    "skills": "list of words for analytics",
    "limits": "what one submission may use: seconds, memory_mb, file_mb, output_bytes",
    "difficulty": "1 for a first step, 2 for some thought, 3 for a small project",
    "prerequisites": "ids of items of this bank that are recommended before this one",
    "papers": "list of what it comes from: authors, year, title, and where to find it",
    "units": "units a numeric answer may carry, each with its size in the unit of the first",
}
DIFFICULTIES = (1, 2, 3)
LIMIT_KEYS = {
    "seconds": (0.1, 60.0),
    "memory_mb": (64, 4096),
    "file_mb": (1, 256),
    "output_bytes": (0, 1 << 20),
}
"""Each limit with its smallest and largest value."""


@dataclass(frozen=True, slots=True)
class BankFields:
    """What `yaml bank` says; `languages` is empty when it does not say."""

    id: str | None = None
    languages: tuple[str, ...] = ()
    skills: tuple[Skill, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemFields:
    """What `yaml item` says, with the lines of what may be complained about later."""

    kind: Kind | None = None
    points: float | None = None
    skills: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    units: tuple[tuple[str, float], ...] = ()
    difficulty: int | None = None
    prerequisites: tuple[tuple[str, int], ...] = ()
    """Each with its line."""
    papers: tuple[str, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)


def bank_fields(source: str, line: int, faults: FaultList) -> BankFields:
    """Read a `yaml bank` block whose text starts on file line `line`."""
    reader = Reader(line, faults)
    found: dict[str, yaml.Node] = reader.top(source, BANK_KEYS, "yaml bank")
    name = reader.text(found["id"], "id") if "id" in found else None
    if name is not None and not ID.fullmatch(name):
        reader.fault(found["id"], f"the id {shown(name)} of the bank must match [a-z0-9-]+, as in 'attention'")
        name = None
    languages = reader.texts(found["languages"], "languages") if "languages" in found else []
    known = []
    for node, language in languages:
        if language not in LANGUAGES:
            reader.fault(node, f"unknown language {shown(language)}: languages are zh and en")
        elif language not in known:
            known.append(language)
    if "languages" in found and not languages:
        reader.fault(found["languages"], "languages is empty: write languages: [zh, en]")
    skills = []
    for skill, node in reader.mapping(found["skills"], "skills") if "skills" in found else ():
        called = reader.text(node, f"the name of skill {shown(skill)}")
        if called is not None:
            line_of = reader.line_of(node)
            skills.append(Skill(skill, bilingual(called, line_of, neutral_serves_both=True), line_of))
    return BankFields(name, tuple(known), tuple(skills))


def item_fields(source: str, line: int, faults: FaultList) -> ItemFields:
    """Read a `yaml item` block whose text starts on file line `line`."""
    reader = Reader(line, faults)
    found = reader.top(source, ITEM_KEYS, "yaml item")
    kind = points = None
    skills: list[str] = []
    units: list[tuple[str, float]] = []
    limits = Limits()
    if "kind" in found and (text := reader.text(found["kind"], "kind")) is not None:
        if text in list(Kind):
            kind = Kind(text)
        else:
            reader.fault(found["kind"], f"unknown kind {shown(text)}; {nearest(text, Kind)}")
    if "points" in found and (number := reader.number(found["points"], "points")) is not None:
        if 0 < number <= 1000:
            points = number
        else:
            reader.fault(found["points"], "points must be more than 0 and at most 1000")
    if "skills" in found:
        skills = list(dict.fromkeys(text for _, text in reader.texts(found["skills"], "skills")))
    if "limits" in found:
        limits = _limits(reader, found["limits"])
    if "units" in found:
        for name, node in reader.mapping(found["units"], "units"):
            size = reader.number(node, f"the size of unit {shown(name)}")
            if size is not None and size <= 0:
                reader.fault(node, f"the size of unit {shown(name)} must be more than 0")
            elif size is not None:
                units.append((name, size))
    difficulty = None
    if "difficulty" in found and (number := reader.number(found["difficulty"], "difficulty")) is not None:
        if number in DIFFICULTIES:
            difficulty = int(number)
        else:
            reader.fault(found["difficulty"], f"difficulty is 1, 2 or 3: {ITEM_KEYS['difficulty']}")
    lines = {key: reader.line_of(node) for key, node in found.items()}
    return ItemFields(
        kind=kind,
        points=points,
        skills=tuple(skills),
        limits=limits,
        units=tuple(units),
        difficulty=difficulty,
        prerequisites=_distinct(reader, found, "prerequisites"),
        papers=tuple(text for text, _line in _distinct(reader, found, "papers")),
        lines=lines,
    )


def _distinct(reader: Reader, found: dict[str, yaml.Node], key: str) -> tuple[tuple[str, int], ...]:
    first: dict[str, int] = {}
    for node, text in reader.texts(found[key], key) if key in found else ():
        first.setdefault(text, reader.line_of(node))
    return tuple(first.items())


def _limits(reader: Reader, node: yaml.Node) -> Limits:
    values: dict[str, float] = {}
    for key, value in reader.mapping(node, "limits"):
        if key not in LIMIT_KEYS:
            reader.fault(value, f"unknown limit {shown(key)}; {nearest(key, LIMIT_KEYS)}")
            continue
        low, high = LIMIT_KEYS[key]
        number = reader.number(value, f"the limit {key}")
        if number is None:
            continue
        if not low <= number <= high:
            reader.fault(value, f"the limit {key} is {number:g}: it must lie between {low:g} and {high:g}")
        elif key != "seconds" and number != int(number):
            reader.fault(value, f"the limit {key} must be a whole number")
        else:
            values[key] = number
    whole: Callable[[str, int], int] = lambda key, default: int(values.get(key, default))  # noqa: E731 - three uses
    default = Limits()
    return Limits(
        seconds=values.get("seconds", default.seconds),
        memory_mb=whole("memory_mb", default.memory_mb),
        file_mb=whole("file_mb", default.file_mb),
        output_bytes=whole("output_bytes", default.output_bytes),
    )

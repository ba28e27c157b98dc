"""The keys of `yaml bank` and `yaml item`, read without ever building what a hostile document asks for.

PyYAML composes the document into nodes (aliases refused, so nothing can multiply); the values are then taken from the
nodes by the type each key wants.  So `on`, `no` and `2026-01-01` mean what they say, and every complaint has a line.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import yaml

from questions.bilingual import LANGUAGES, bilingual
from questions.faults import FaultList, nearest, shown
from questions.model import Kind, Limits, Skill

MAX_CHARACTERS = 16_384
MAX_DEPTH = 10
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
    "units": "units a numeric answer may carry, each with its size in the unit of the first",
}
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
    lines: dict[str, int] = field(default_factory=dict)


class _Loader(yaml.SafeLoader):
    """Composes nodes; refuses aliases, and more levels than any block has a use for."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "anchors and aliases are not read", event.start_mark)
        if self.depth > MAX_DEPTH:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "it is nested too deeply: keys and lists suffice", mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


def bank_fields(source: str, line: int, faults: FaultList) -> BankFields:
    """Read a `yaml bank` block whose text starts on file line `line`."""
    reader = _Reader(line, faults)
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
    reader = _Reader(line, faults)
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
        limits = reader.limits(found["limits"])
    if "units" in found:
        for name, node in reader.mapping(found["units"], "units"):
            size = reader.number(node, f"the size of unit {shown(name)}")
            if size is not None and size <= 0:
                reader.fault(node, f"the size of unit {shown(name)} must be more than 0")
            elif size is not None:
                units.append((name, size))
    lines = {key: reader.line_of(node) for key, node in found.items()}
    return ItemFields(kind, points, tuple(skills), limits, tuple(units), lines)


class _Reader:
    """Takes typed values out of nodes and complains with the file's line."""

    def __init__(self, line: int, faults: FaultList) -> None:
        self.line = line
        self.faults = faults

    def line_of(self, node: yaml.Node) -> int:
        return self.line + (node.start_mark.line if node.start_mark else 0)

    def fault(self, node: yaml.Node, text: str) -> None:
        self.faults.fault(self.line_of(node), text)

    def top(self, source: str, known: dict[str, str], name: str) -> dict[str, yaml.Node]:
        """The keys of the block, unknown ones reported."""
        if len(source) > MAX_CHARACTERS:
            self.faults.fault(self.line, f"`{name}` has more than {MAX_CHARACTERS:,} characters: shorten it")
            return {}
        try:
            node = yaml.compose(source, _Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.faults.fault(self.line + (mark.line if mark else 0), f"`{name}` is not YAML: {_said(error)}")
            return {}
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            self.faults.fault(self.line, f"`{name}` is not YAML: {' '.join(str(error).split())[:120]}")
            return {}
        if node is None:
            return {}
        found = {}
        for key, value in self.mapping(node, f"`{name}`"):
            if key in known:
                found[key] = value
            else:
                self.fault(value, f"unknown key {shown(key)} in `{name}`; {nearest(key, known)}")
        return found

    def mapping(self, node: yaml.Node, what: str) -> Iterator[tuple[str, yaml.Node]]:
        """Keys and values; anything else is a fault and yields nothing."""
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, f"{what} must be `key: value` lines, not {_kind(node)}")
            return
        seen = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.fault(key, f"a key of {what} must be a word, not {_kind(key)}")
            elif key.value in seen:
                self.fault(key, f"{what} says {shown(key.value)} twice: keep one")
            else:
                seen.add(key.value)
                yield key.value, value

    def text(self, node: yaml.Node, what: str) -> str | None:
        if isinstance(node, yaml.ScalarNode) and node.value.strip():
            return str(node.value).strip()
        self.fault(node, f"{what} must be a word, not {_kind(node)}")
        return None

    def texts(self, node: yaml.Node, what: str) -> list[tuple[yaml.Node, str]]:
        """A list of words; one bare word is a list of one."""
        if not isinstance(node, yaml.SequenceNode):
            one = self.text(node, what)
            return [] if one is None else [(node, one)]
        words = [(entry, self.text(entry, f"each of {what}")) for entry in node.value]
        return [(entry, word) for entry, word in words if word is not None]

    def number(self, node: yaml.Node, what: str) -> float | None:
        if isinstance(node, yaml.ScalarNode):
            try:
                number = float(node.value)
            except ValueError:
                pass
            else:
                if math.isfinite(number) and len(node.value) < 40:
                    return number
        self.fault(node, f"{what} must be a number, not {_kind(node)}")
        return None

    def limits(self, node: yaml.Node) -> Limits:
        values: dict[str, float] = {}
        for key, value in self.mapping(node, "limits"):
            if key not in LIMIT_KEYS:
                self.fault(value, f"unknown limit {shown(key)}; {nearest(key, LIMIT_KEYS)}")
                continue
            low, high = LIMIT_KEYS[key]
            number = self.number(value, f"the limit {key}")
            if number is None:
                continue
            if not low <= number <= high:
                self.fault(value, f"the limit {key} is {number:g}: it must lie between {low:g} and {high:g}")
            elif key != "seconds" and number != int(number):
                self.fault(value, f"the limit {key} must be a whole number")
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


def _kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return shown(str(node.value)) if str(node.value).strip() else "nothing"


def _said(error: yaml.MarkedYAMLError) -> str:
    said = " ".join(str(error.problem or error.context or "unreadable").split())[:120]
    return said.replace(r"found character '\t' that cannot start any token", "a tab indents this line: use spaces")

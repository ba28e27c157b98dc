"""YAML as nodes, read without ever building what a hostile document asks for.

PyYAML composes the document into nodes (aliases and tags refused, so nothing can multiply or be anything but text); the
values are then taken from the nodes by the type each key wants.  So `on`, `no` and `2026-01-01` mean what they say, and
every complaint has a line.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

import yaml

from questions.faults import FaultList, nearest, shown

MAX_CHARACTERS = 16_384
MAX_DEPTH = 10

_FULL_WIDTH_COLON = re.compile(r"^\s*(?P<key>[A-Za-z_][\w-]{0,40})\s*：")
_COLON_WITHOUT_SPACE = re.compile(r"^\s*(?P<key>[A-Za-z_][\w-]{0,40}):[^\s:]")
_SAYINGS = {
    r"found character '\t' that cannot start any token": ("a tab indents this line: use spaces", "found"),
    "mapping values are not allowed here": (
        "a second `: ` stands in this line (put the value in quotes), or it is not indented as its neighbours",
        "found",
    ),
    "unexpected end of stream": ("a quote is opened here and never closed", "opened"),
    "expected ',' or ']'": ("a [ is opened here and never closed, or a comma is missing", "opened"),
    "expected ',' or '}'": ("a { is opened here and never closed, or a comma is missing", "opened"),
    "could not find expected ':'": ("a line here has no `: `: write key: value", "opened"),
    "expected <block end>": ("this line is not indented as its neighbours, or a quote ends too soon", "found"),
    "that cannot start any token": ("a value cannot begin with this sign: put the value in quotes", "found"),
}
"""What PyYAML says, what we say, and whether that holds where it was found or where what is broken was opened."""


class Loader(yaml.SafeLoader):
    """Composes nodes; refuses aliases, tags, and more levels than any block has a use for."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "anchors and aliases are not read", event.start_mark)
        if self.depth > MAX_DEPTH:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "it is nested too deeply: keys and lists suffice", mark)
        tag = getattr(self.peek_event(), "tag", None)  # type: ignore[no-untyped-call]
        if tag not in (None, "!"):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, f"tags such as {shown(tag)} are not read", mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


class Reader:
    """Takes typed values out of nodes and complains with the file's line."""

    def __init__(self, line: int, faults: FaultList, longest: int = MAX_CHARACTERS) -> None:
        self.line = line
        self.faults = faults
        self.longest = longest

    def line_of(self, node: yaml.Node) -> int:
        return self.line + (node.start_mark.line if node.start_mark else 0)

    def fault(self, node: yaml.Node, text: str) -> None:
        self.faults.fault(self.line_of(node), text)

    def top(self, source: str, known: Iterable[str], name: str) -> dict[str, yaml.Node]:
        """The keys of the block, unknown ones reported."""
        if len(source) > self.longest:
            self.faults.fault(self.line, f"`{name}` has more than {self.longest:,} characters: shorten it")
            return {}
        try:
            node = yaml.compose(source, Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, said = _slip_of_a_colon(source, mark.line if mark else 0) or _said(error)
            self.faults.fault(self.line + line, f"`{name}` is not YAML: {said}")
            return {}
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            before = source[: getattr(error, "position", 0)].count("\n")
            self.faults.fault(self.line + before, f"`{name}` is not YAML: {' '.join(str(error).split())[:120]}")
            return {}
        return {} if node is None else self.known(node, known, f"`{name}`")

    def known(self, node: yaml.Node, known: Iterable[str], what: str) -> dict[str, yaml.Node]:
        """The keys of a mapping and their values, unknown ones reported."""
        found = {}
        for key, value in self.mapping(node, what):
            if key in known:
                found[key] = value
            else:
                place = next(name for name, _value in node.value if name.value == key)
                self.fault(place, f"unknown key {shown(key)} in {what}; {nearest(key, known)}")
        return found

    def mapping(self, node: yaml.Node, what: str) -> Iterator[tuple[str, yaml.Node]]:
        """Keys and values; anything else is a fault and yields nothing."""
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, f"{what} must be `key: value` lines, not {kind(node)}")
            return
        seen = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.fault(key, f"a key of {what} must be a word, not {kind(key)}")
            elif key.value in seen:
                self.fault(key, f"{what} says {shown(key.value)} twice: keep one")
            else:
                seen.add(key.value)
                yield key.value, value

    def text(self, node: yaml.Node, what: str) -> str | None:
        if isinstance(node, yaml.ScalarNode) and node.value.strip():
            return str(node.value).strip()
        self.fault(node, f"{what} must be a word, not {kind(node)}")
        return None

    def texts(self, node: yaml.Node, what: str) -> list[tuple[yaml.Node, str]]:
        """A list of words; one bare word is a list of one."""
        if not isinstance(node, yaml.SequenceNode):
            one = self.text(node, what)
            return [] if one is None else [(node, one)]
        words = [(entry, self._entry(entry, f"each of {what}")) for entry in node.value]
        return [(entry, word) for entry, word in words if word is not None]

    def _entry(self, node: yaml.Node, what: str) -> str | None:
        """A word of a list; YAML takes one with a colon in it, such as a paper's title, for a key and its value."""
        if isinstance(node, yaml.MappingNode) and not node.flow_style:
            self.fault(node, f'{what} must be a word: one with a colon and a space in it stands in quotes, "…: …"')
            return None
        return self.text(node, what)

    def number(self, node: yaml.Node, what: str) -> float | None:
        if isinstance(node, yaml.ScalarNode):
            try:
                number = float(node.value)
            except ValueError:
                pass
            else:
                if math.isfinite(number) and len(node.value) < 40:
                    return number
        self.fault(node, f"{what} must be a number, not {kind(node)}")
        return None


def kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return shown(str(node.value)) if str(node.value).strip() else "nothing"


def _said(error: yaml.MarkedYAMLError) -> tuple[int, str]:
    """What is wrong and in which line, counted from 0: where something was opened rather than where the end came."""
    said = " ".join(str(error.problem or error.context or "unreadable").split())[:120]
    mark, opened = error.problem_mark or error.context_mark, error.context_mark or error.problem_mark
    for theirs, (ours, at) in _SAYINGS.items():
        if theirs in said:
            return (place.line if (place := opened if at == "opened" else mark) else 0), ours
    return (mark.line if mark else 0), said


def _slip_of_a_colon(source: str, last: int) -> tuple[int, str] | None:
    """The first line up to `last` (counted from 0) with a colon that YAML does not see as one, and what to write."""
    for number, line in enumerate(source.split("\n")[: last + 1]):
        if found := _FULL_WIDTH_COLON.match(line):
            return number, f"the colon after {shown(found['key'])} is a full-width one: write {found['key']}: …"
        if found := _COLON_WITHOUT_SPACE.match(line):
            return number, f"a space is missing after the colon: write {found['key']}: …"
    return None

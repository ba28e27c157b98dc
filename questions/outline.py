"""Where a document's headings and fences stand, found by markdown-it-py; broken fences are mended first.

An unclosed fence swallows the items below it.  `outline` notices, reports the opening line and reads on at the next
`###`, so that one slip costs one item and not the rest of the file.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from markdown_it import MarkdownIt

from questions.faults import FaultList, shown
from questions.labels import read_label

_OPENING = re.compile(r"^ {0,3}(?P<marker>`{3,}(?=[^`]*$)|~{3,})\s*(?P<info>.*?)\s*$")
_COMMENT = re.compile(r" {0,3}<!--")
_HEADING = re.compile(r"^ {0,3}#{2,3}(?:[ \t]|$)")
ROLE = re.compile(r"(?:ya?ml|py(?:thon3?)?)\s+[a-z]", re.IGNORECASE)
"""An info string that has a meaning in a bank, as opposed to code shown to students."""


@dataclass(frozen=True, slots=True)
class Heading:
    """An ATX heading outside lists and quotes."""

    level: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block outside lists and quotes; `line` to `end` are its lines with both fences, when `closed`."""

    info: str
    source: str
    line: int
    end: int
    closed: bool

    @property
    def first(self) -> int:
        """The line the source starts on."""
        return self.line + 1


@dataclass(frozen=True, slots=True)
class Outline:
    """A document's lines (comments blanked) and what stands where; `text(n)` is line n, 1-based."""

    lines: tuple[str, ...]
    headings: tuple[Heading, ...]
    fences: tuple[Fence, ...]

    def fences_between(self, first: int, last: int) -> dict[int, Fence]:
        """The fences that open on lines `first` to `last`, by that line."""
        start = bisect_left(self.fences, first, key=lambda fence: fence.line)
        stop = bisect_left(self.fences, last + 1, key=lambda fence: fence.line)
        return {fence.line: fence for fence in self.fences[start:stop]}

    def text(self, line: int) -> str:
        """Line `line` of the document."""
        return self.lines[line - 1]


def outline(lines: list[str], faults: FaultList) -> Outline:
    """Headings and fences of `lines`, with every broken fence reported."""
    mended = _mend(lines, faults)
    headings: list[Heading] = []
    fences: list[Fence] = []
    tokens = _markdown().parse("\n".join(mended.lines))
    for place, token in enumerate(tokens):
        if token.map is None:
            continue
        start = mended.origin[token.map[0]]
        if token.type == "heading_open" and token.level == 0:
            headings.append(Heading(int(token.tag[1]), tokens[place + 1].content.strip(), start))
        elif token.type == "fence":
            end = mended.origin[min(token.map[1], len(mended.lines)) - 1]
            if token.level > 0:
                if ROLE.match(token.info.strip()):
                    faults.fault(start, f"{shown(token.info)} stands in a list or quote: move it to the margin")
                continue
            closed = start not in mended.unclosed
            source = token.content.removesuffix("\n") if closed else token.content.rstrip()
            fences.append(Fence(token.info.strip(), source, start, end, closed))
    return Outline(tuple(mended.shown), tuple(headings), tuple(fences))


def _markdown() -> MarkdownIt:
    # Setext headings would make a heading of any text over `---`; comments were taken out before; inline rules and
    # link definitions are the renderer's business.
    markdown = MarkdownIt("commonmark").disable(["lheading", "html_block", "reference"])
    markdown.core.ruler.enableOnly(["normalize", "block"])
    return markdown


@dataclass(slots=True)
class _Mended:
    lines: list[str]  # what markdown-it reads: closings added
    origin: list[int]  # the file line of each of those
    shown: list[str]  # the file's own lines, comments blanked
    unclosed: set[int]


def _mend(lines: list[str], faults: FaultList) -> _Mended:
    """Close what was left open and blank comments."""
    headings = [number for number, line in enumerate(lines) if _HEADING.match(line)]
    comment_ends = [number for number, line in enumerate(lines) if "-->" in line]
    result = _Mended([], [], list(lines), set())
    at = 0
    while at < len(lines):
        line = lines[at]
        stop = at + 1
        first = line.lstrip(" ")[:1]
        if first == "<" and _COMMENT.match(line):
            stop = _comment(lines, at, comment_ends, headings, result, faults)
        elif first in ("`", "~") and (opening := _OPENING.match(line)):
            stop, closed = _fence_end(lines, at, opening, headings)
            if not closed:
                result.unclosed.add(at + 1)
                faults.fault(at + 1, _unclosed(opening, lines, stop))
        for number in range(at, stop):
            result.lines.append(result.shown[number])
            result.origin.append(number + 1)
        if at + 1 in result.unclosed and (marker := _left_open(lines[at:stop])):
            indent = len(line) - len(line.lstrip(" "))
            result.lines.append(" " * indent + marker)
            result.origin.append(stop)
        at = stop
    if not result.lines:
        result.lines, result.origin, result.shown = [""], [1], [""]
    return result


def _comment(
    lines: list[str], at: int, ends: list[int], headings: list[int], result: _Mended, faults: FaultList
) -> int:
    """Blank the comment that opens on line `at`; the index of the line after it."""
    place = bisect_left(ends, at)
    if place == len(ends):
        faults.fault(at + 1, "this comment is never closed: add -->")
        stop = _next(headings, at + 1, len(lines))
        rest = ""
    else:
        stop = ends[place] + 1
        rest = lines[stop - 1].split("-->", 1)[1].strip()
    result.shown[at:stop] = [""] * (stop - at)
    result.shown[stop - 1] = rest
    return stop


def _fence_end(lines: list[str], at: int, opening: re.Match[str], headings: list[int]) -> tuple[int, bool]:
    """The index after the fence that opens on line `at`, and whether it was closed there."""
    marker = opening["marker"]
    closing = _closing(marker)
    heading = _next(headings, at + 1, len(lines))
    for number in range(at + 1, len(lines)):
        line = lines[number]
        if closing.match(line):
            return number + 1, True
        if len(marker) == 3 and number > heading and read_label(line):
            return heading, False  # a heading and then a label: an item was swallowed
        if line.lstrip(" ").startswith(marker) and (inner := _OPENING.match(line)) and inner["info"]:
            # Another fence opens inside.  One that means something can only be the next one.
            return (number if number < heading and ROLE.match(inner["info"]) else heading), False
    return heading, False


def _closing(marker: str) -> re.Pattern[str]:
    return re.compile(rf"^ {{0,3}}{re.escape(marker[0])}{{{len(marker)},}}[ \t]*$")


def _left_open(lines: list[str]) -> str:
    """The marker of the fence that is open after `lines`: of a broken one, CommonMark may close a part."""
    marker = ""
    for line in lines:
        if marker:
            marker = "" if _closing(marker).match(line) else marker
        elif found := _OPENING.match(line):
            marker = found["marker"]
    return marker


def _unclosed(opening: re.Match[str], lines: list[str], stop: int) -> str:
    marker = opening["marker"]
    where = f" before line {stop + 1}" if stop < len(lines) else ""
    name = f" {shown(opening['info'])}" if opening["info"] else ""
    if len(marker) > 20:
        return f"the fence{name} is not closed{where}: close it with as many {marker[0]}"
    longer = marker[0] * (len(marker) + 1)
    return f"the fence{name} is not closed{where}: add {marker}, or open and close it with {longer} if it holds fences"


def _next(numbers: list[int], start: int, otherwise: int) -> int:
    place = bisect_left(numbers, start)
    return numbers[place] if place < len(numbers) else otherwise

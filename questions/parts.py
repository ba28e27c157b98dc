"""The parts of one item as they stand in the file: labelled texts, fences with a role, and what belongs to neither."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches

from questions.bilingual import NAMES
from questions.faults import FaultList, nearest, shown
from questions.fields import ID
from questions.labels import Label, Part, misspelt_label, read_label
from questions.model import Code, Passage
from questions.outline import Fence, Outline

Lines = list[tuple[int, str]]

PYTHON_ROLES = ("shared", "starter", "reference", "tests", "alternative", "misconception", "variant")
NAMED_ROLES = {"alternative": "an alternative", "misconception": "a misconception"}
"""Fences with a name of their own."""
YAML_ROLES = ("bank", "item", "path")
_WORD = re.compile(r"[A-Za-z][A-Za-z-]*")
_NEARLY_A_FENCE = re.compile(
    r"^(?P<indent>[ \t]*)(?P<marker>`{1,2}|`{3,}|~{3,}|[·｀'‘’]{2,4})\s*"
    rf"(?P<info>(?:yaml\s+(?:{'|'.join(YAML_ROLES)})|python\s+(?:{'|'.join(PYTHON_ROLES)}))\b[^`]*)$",
    re.IGNORECASE,
)
_HEADING_WITH_ID = re.compile(r"^ {0,3}#{1,6}[^#].*\{\s*#[^{}]*\}\s*$|^ {0,3}#{4,6}.*\{\s*#[^{}]*\}\s*$")
_LIKE_AN_ITEM = re.compile(r"\s*(?:kind|points|skills|limits|units):")
_LIKE_TESTS = re.compile(r"^def test\w*\(.*\bsubmission\b", re.MULTILINE)
_RULER = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}")


@dataclass(frozen=True, slots=True)
class Role:
    """What a fence is for: `python tests` is ("python", "tests", ""); code to show has no word."""

    language: str
    word: str = ""
    argument: str = ""


@dataclass(frozen=True, slots=True)
class RoleFence:
    """A fence that means something to the item."""

    argument: str
    code: Code
    closed: bool
    line: int


@dataclass(slots=True)
class Segment:
    """The text below one label (or below the heading, when `label` is None)."""

    label: Label | None
    line: int
    lines: Lines = field(default_factory=list)
    shown: list[tuple[Code, bool]] = field(default_factory=list)
    """Python fences that stay in the text, and whether each was closed."""

    def passage(self) -> Passage | None:
        """The text without blank lines and rulers around it."""
        lines = self.lines
        start, stop = 0, len(lines)
        while start < stop and not lines[start][1].strip():
            start += 1
        while stop > start and (not lines[stop - 1][1].strip() or _RULER.fullmatch(lines[stop - 1][1])):
            stop -= 1
        if start == stop:
            return None
        return Passage("\n".join(text for _, text in lines[start:stop]), lines[start][0])


@dataclass(slots=True)
class Parts:
    """Everything between two headings."""

    segments: list[Segment]
    roles: dict[str, list[RoleFence]]
    """By "item", "bank" (YAML) and the words of `PYTHON_ROLES`."""

    def labelled(self, part: Part) -> list[Segment]:
        """The segments of one kind, in order."""
        return [segment for segment in self.segments if segment.label and segment.label.part is part]

    def labels(self) -> frozenset[Part]:
        """What the labels say that stand there."""
        return frozenset(segment.label.part for segment in self.segments if segment.label)

    def by_language(self, part: Part, faults: FaultList) -> dict[str, Segment]:
        """One segment per language; a second one is a fault and not read."""
        found: dict[str, Segment] = {}
        for segment in self.labelled(part):
            language = segment.label.language if segment.label else "en"
            if language in found:
                faults.fault(
                    segment.line,
                    f"a second {NAMES[language]} {part.value} (the first is in line {found[language].line}): join them",
                )
            else:
                found[language] = segment
        return found


def read_parts(document: Outline, first: int, last: int, faults: FaultList) -> Parts:
    """The parts in lines `first` to `last` of `document`."""
    fences = document.fences_between(first, last)
    segments = [Segment(None, first)]
    roles: dict[str, list[RoleFence]] = {}
    number = first
    while number <= last:
        segment = segments[-1]
        line = document.text(number)
        if fence := fences.get(number):
            stop = min(fence.end, last)
            role = read_role(fence, faults)
            if role.word:
                code = Code(fence.source, fence.first)
                roles.setdefault(role.word, []).append(RoleFence(role.argument, code, fence.closed, fence.line))
                segment.lines.append((number, ""))
            else:
                segment.lines += [(at, document.text(at)) for at in range(number, stop + 1)]
                if not fence.closed:
                    while not segment.lines[-1][1].strip():
                        segment.lines.pop()
                    segment.lines.append((stop, re.match(r"[`~]*", line.strip())[0]))  # type: ignore[index]
                if role.language == "python":
                    segment.shown.append((Code(fence.source, fence.first), fence.closed))
            number = stop
        elif label := read_label(line):
            segments.append(Segment(label, number, [(number, label.rest)] if label.rest else []))
        else:
            if meant := misspelt_label(line):
                faults.remark(number, f"{shown(line.strip(), 24)} is not read as a label: did you mean **{meant}:**?")
            if found := _NEARLY_A_FENCE.match(line):
                _note_near_fence(found, number, faults)
            elif _HEADING_WITH_ID.match(line):
                faults.remark(number, f"{shown(line.strip())} opens no item: write ### and a space before its title")
            segment.lines.append((number, line))
        number += 1
    return Parts(segments, roles)


def _meant(language: str, word: str) -> str:
    """The role meant by ```` ```tests ```` or ```` ```pyhton tests ````, or an empty text."""
    for known, roles in (("python", PYTHON_ROLES), ("yaml", YAML_ROLES)):
        if language in roles and not word:
            return f"{known} {language}"
        if word in roles and language != known and get_close_matches(language, [known], cutoff=0.7):
            return f"{known} {word}"
    return ""


def _meant_without_role(fence: Fence, language: str, words: list[str]) -> str:
    """The role meant by ```` ```python ```` or ```` ```python {tests} ````, where what it holds leaves little doubt."""
    if language == "yaml" and not words and _LIKE_AN_ITEM.match(fence.source):
        return "yaml item"
    if language == "python" and not words and _LIKE_TESTS.search(fence.source):
        return "python tests"
    bare = words[0].strip("{}[]():.,").lower() if words else ""
    known = {"python": PYTHON_ROLES, "yaml": YAML_ROLES}.get(language, ())
    return f"{language} {bare}" if words and not _WORD.fullmatch(words[0]) and bare in known else ""


def _note_near_fence(found: re.Match[str], number: int, faults: FaultList) -> None:
    """A line that was meant to open a fence with a role, and opens none."""
    marker, info = found["marker"], found["info"]
    if len(marker) >= 3 and marker[0] in "`~":
        if len(found["indent"].expandtabs(4)) > 3:
            faults.fault(number, f"{shown(info)} is indented, and no fence: move it to the margin")
    else:
        faults.fault(number, f"{shown(found[0].strip())} opens no fence: write three backticks, ```{info[:60].strip()}")


def read_role(fence: Fence, faults: FaultList) -> Role:
    """What the words after the fence's marker say, unknown ones reported."""
    words = fence.info.split()
    language = words[0].lower() if words else ""
    language = {"py": "python", "python3": "python", "yml": "yaml"}.get(language, language)
    known = {"python": PYTHON_ROLES, "yaml": YAML_ROLES}.get(language, ())
    if meant := _meant_without_role(fence, language, words[1:]):
        faults.remark(fence.line, f"this fence has no role and is shown as it stands: did you mean '{meant}'?")
    if meant := _meant(language, words[1].lower() if len(words) > 1 else ""):
        faults.fault(fence.line, f"unknown fence {shown(fence.info)}; did you mean '{meant}'?")
    if len(words) < 2 or not known or not _WORD.fullmatch(words[1]):
        return Role(language)
    word = words[1].lower()
    if word not in known:
        faults.fault(fence.line, f"unknown fence {shown(fence.info)}; {nearest(word, known)}")
        return Role(language)
    argument = " ".join(words[2:])
    if word in NAMED_ROLES and not argument:
        faults.fault(fence.line, f"this {word} has no name: write python {word} NAME")
    elif word in NAMED_ROLES and not ID.fullmatch(argument):
        faults.fault(fence.line, f"the name {shown(argument)} of {NAMED_ROLES[word]} must match [a-z0-9-]+")
    elif word not in NAMED_ROLES and argument:
        faults.fault(fence.line, f"{shown(argument)} after '{language} {word}' has no meaning: remove it")
    return Role(language, word, argument)

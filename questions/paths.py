"""`yaml path`: a lecturer's course through a bank, sections with items in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from questions import lint
from questions.bilingual import bilingual
from questions.faults import FaultList, nearest, shown
from questions.fields import ID
from questions.model import Bilingual, Item, LearningPath, PathSection, Severity
from questions.nodes import Reader, kind

PATH_KEYS = {
    "id": "name of the path in addresses and in course files",
    "title": "what it is called, as 中文 | English",
    "sections": "its sections in order, each with a title and items",
}
SECTION_KEYS = {
    "title": "what the section is called, as 中文 | English",
    "items": "ids of items of this bank in order",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A path as its fence has it, before anybody looked at the items it names; `lines` are theirs, by section."""

    path: LearningPath
    lines: tuple[tuple[int, ...], ...]
    faults: FaultList


def read_path(source: str, line: int, faults: FaultList) -> Written:
    """The `yaml path` block whose text starts on file line `line`; what is wrong with it is noted in `faults` too."""
    own = FaultList(faults.path)
    reader = Reader(line, own)
    found = reader.top(source, PATH_KEYS, "yaml path")
    broken = bool(own.found) and not found
    name = reader.text(found["id"], "the id of a path") if "id" in found else None
    if name is not None and not ID.fullmatch(name):
        reader.fault(found["id"], f"the id {shown(name)} of the path must match [a-z0-9-]+, as in 'two-weeks'")
        name = None
    elif "id" not in found and not broken:
        own.fault(line, "this path has no id: write id: two-weeks")
    title = _title(reader, found, line, "this path", broken=broken)
    sections: list[PathSection] = []
    lines: list[tuple[int, ...]] = []
    if "sections" not in found and not broken:
        own.fault(line, "this path has no sections: write sections: and below it - title: … and items: […]")
    for node in _entries(reader, found["sections"]) if "sections" in found else ():
        section = reader.known(node, SECTION_KEYS, "a section of this path")
        if not section and not isinstance(node, yaml.MappingNode):
            continue
        at = reader.line_of(node)
        listed = reader.texts(section["items"], "items") if "items" in section else []
        if not listed:
            own.fault(at, "this section of the path has no items: write items: [first-id, second-id]")
        called = _title(reader, section, at, "this section of the path")
        sections.append(PathSection(called, tuple(name for _entry, name in listed), at))
        lines.append(tuple(reader.line_of(entry) for entry, _ in listed))
    faults.found += own.found
    return Written(LearningPath(name or "", title, tuple(sections), faults.path, line - 1), tuple(lines), own)


def _entries(reader: Reader, node: yaml.Node) -> list[yaml.Node]:
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        reader.fault(node, f"sections must be a list of - title: … and items: […], not {kind(node)}")
        return []
    return list(node.value)


def _title(
    reader: Reader, found: Mapping[str, yaml.Node], line: int, what: str, *, broken: bool = False
) -> Bilingual:
    if "title" not in found:
        if not broken:
            reader.faults.fault(line, f"{what} has no title: write title: 中文 | English")
        return Bilingual()
    text = reader.text(found["title"], "title")
    return bilingual(text, reader.line_of(found["title"]), neutral_serves_both=True) if text else Bilingual()


def sound_paths(
    written: Sequence[Written], items: Sequence[Item], declared: tuple[str, ...], noted: Mapping[Path, FaultList]
) -> tuple[LearningPath, ...]:
    """The paths that can be walked; what is wrong with any goes to the list of its file in `noted`."""
    known = {item.id: item for item in items}
    first: dict[str, LearningPath] = {}
    sound = []
    for each in written:
        path, faults = each.path, each.faults
        told = len(faults.found)
        texts = [("the path's title", path.title, path.line)]
        texts += [("the title of a section of the path", section.title, section.line) for section in path.sections]
        lint.check_languages(texts, declared, path.line, faults)
        other = first.setdefault(path.id, path) if path.id else path
        if other is not path:
            where = f"{other.path.name}:{other.line}"
            faults.fault(path.line, f"the path {shown(path.id)} is there already ({where}): choose another id")
        _check_items(each, known, faults)
        noted[path.path].found += faults.found[told:]
        if not any(fault.severity is Severity.FAULT for fault in faults.found):
            sound.append(path)
    return tuple(sound)


def _check_items(written: Written, known: Mapping[str, Item], faults: FaultList) -> None:
    places: dict[str, int] = {}
    listed = [
        (name, line)
        for section, lines in zip(written.path.sections, written.lines, strict=True)
        for name, line in zip(section.items, lines, strict=True)
    ]
    for name, line in listed:
        if name not in known:
            faults.fault(line, f"{shown(name)} is no item of this bank; {nearest(name, known)}")
        elif name in places:
            faults.fault(line, f"{shown(name)} stands in this path twice (first in line {places[name]}): keep one")
        else:
            places[name] = line
    seen: set[str] = set()
    for name, line in listed:
        for wanted in known[name].prerequisites if name in known and name not in seen else ():
            if wanted in places and wanted not in seen and wanted != name:
                faults.remark(
                    line,
                    f"{shown(name)} stands before {shown(wanted)} (line {places[wanted]}), which it recommends first: "
                    "change their order",
                )
        seen.add(name)

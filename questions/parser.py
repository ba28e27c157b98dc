"""From Markdown files to a `Bank`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from questions import lint
from questions.bilingual import LANGUAGES
from questions.codes import SharedCode
from questions.faults import FaultList, in_order
from questions.fields import BankFields, bank_fields
from questions.figures import NAME, Figures, Looking, is_name, read_figures
from questions.items import ID_ATTRIBUTE, Surroundings, read_item, section_introduction, slug, title_of
from questions.labels import Part
from questions.model import Bank, Bilingual, Fault, Item, Section, Severity
from questions.outline import Fence, Heading, Outline, outline
from questions.parts import Segment, read_parts
from questions.paths import Written, read_path, sound_paths
from questions.prerequisites import prerequisite_faults
from questions.text import NOT_UTF8, clean_lines, read_lines

ITEM_SOURCE = Path("item.md")
"""The path faults of `item_from_source` carry."""


def load_bank(path: Path | str) -> Bank:
    """The bank in the folder or file at `path`; raises OSError when it cannot be read, and nothing else.

    A folder is read as one bank, its `*.md` in name order (not those of folders inside it).  A file without `yaml bank`
    in the folder of one that has it is a part of that bank, and read as such.
    """
    path = Path(path)
    if not path.is_dir():
        file = _read(path)
        return _part(file) or _bank([file], path, slug(path.stem), read_figures(path.parent), alone=True)
    files = _files(path)
    bank = _bank([_read(found) for found in files], path, slug(path.resolve().name), read_figures(path))
    if files:
        return bank
    nothing = Fault(path, 1, "the folder holds no Markdown: add a file NAME.md with `yaml bank` and items")
    return replace(bank, faults=(nothing, *bank.faults))


def files_of(path: Path | str) -> list[Path]:
    """The files that `load_bank` reads for the bank at `path`; raises OSError when they cannot be read."""
    path = Path(path)
    if path.is_dir():
        return _files(path)
    return [path] if _part(_read(path)) is None else _files(path.parent)


def parse_files(files: Mapping[str, str], name: str) -> Bank:
    """The bank that texts are, by the names of their files; `name` is its id where it does not say one.

    Those called `figures/NAME.svg` are its figures.  Never raises for what they say.
    """
    read = []
    for file in sorted(each for each in files if not is_name(each)):
        faults = FaultList(Path(file))
        read.append(_File(faults, clean_lines(files[file], faults)))
    return _bank(read, Path(name), slug(name), Figures({each: files[each] for each in files if is_name(each)}))


def _files(folder: Path) -> list[Path]:
    return sorted(found for found in folder.glob("*.md") if found.is_file())


def _part(file: _File) -> Bank | None:
    """The bank of the folder, with the sections and faults of `file` alone; None where the file is a bank by itself."""
    path, folder = file.path, file.path.parent
    if path.suffix != ".md" or file.bank_fences:
        return None
    files = [file if found == path else _read(found) for found in _files(folder)]
    if not any(other.bank_fences for other in files):
        return None
    bank = _bank(files, path, slug(folder.resolve().name), read_figures(folder))
    sections = tuple(filter(None, (section_in(section, path) for section in bank.sections)))
    own = {item.id for section in sections for item in section.items}
    return replace(
        bank,
        sections=sections,
        faults=tuple(fault for fault in bank.faults if fault.path == path or fault.item in own),
    )


def section_in(section: Section, path: Path) -> Section | None:
    """As much of `section` as stands in the file `path`, which may continue another; None when nothing does."""
    items = tuple(item for item in section.items if item.path == path)
    if section.path == path:
        return replace(section, items=items)
    return replace(section, path=path, line=items[0].line, introduction=Bilingual(), items=items) if items else None


def parse_bank(text: str, path: Path | str = ITEM_SOURCE, figures: Figures | None = None) -> Bank:
    """The bank that `text` is, with `path` for the faults' sake; never raises for what it says."""
    faults = FaultList(Path(path))
    file = _File(faults, clean_lines(text, faults))
    return _bank([file], Path(path), slug(Path(path).stem), figures or Figures({}), alone=True)


def item_from_source(source: str) -> Item:
    """The item that an `Item.source` describes, equal to the one it came from up to path and lines.

    Raises ValueError when `source` does not hold exactly one item, which no `Item.source` does.
    """
    faults = FaultList(ITEM_SOURCE)
    items = _bank([_File(faults, clean_lines(source, faults))], ITEM_SOURCE, "item", None, whole=False).items
    if len(items) != 1:
        raise ValueError(f"an item's source holds one item, and this text holds {len(items)}")
    return items[0]


@dataclass(slots=True)
class _File:
    faults: FaultList
    lines: list[str]
    document: Outline = field(init=False)
    noted: list[Fault] = field(init=False)
    """What cleaning and outlining found, by line."""
    everywhere: list[Fault] = field(init=False)
    """Faults of the whole file, which are every item's concern."""

    def __post_init__(self) -> None:
        self.everywhere = [fault for fault in self.faults.found if fault.text == NOT_UTF8]
        self.document = outline(self.lines, self.faults)
        self.noted = sorted(self.faults.found, key=lambda fault: fault.line)

    def pin(self, figures: Figures) -> None:
        """Name the figures that are shown with their hashes."""
        self.lines = figures.pin(self.lines, self.document)
        self.document = replace(self.document, lines=tuple(figures.pin(list(self.document.lines), self.document)))

    def noted_between(self, first: int, last: int) -> list[Fault]:
        """What cleaning and outlining found on lines `first` to `last`."""
        start = bisect_left(self.noted, first, key=lambda fault: fault.line)
        return self.noted[start : bisect_left(self.noted, last + 1, key=lambda fault: fault.line)]

    @property
    def path(self) -> Path:
        return self.faults.path

    @property
    def bank_fences(self) -> list[Fence]:
        """The `yaml bank` blocks above the first section; there should be one at most."""
        first = next((h.line for h in self.document.headings if h.level in (2, 3)), len(self.lines) + 1)
        spelt = (["yaml", "bank"], ["yml", "bank"])
        return [f for f in self.document.fences if f.line < first and f.info.lower().split() in spelt]


def _read(path: Path) -> _File:
    faults = FaultList(path)
    return _File(faults, read_lines(path, faults))


@dataclass(slots=True)
class _Reading:
    """A bank while its files are read."""

    fields: BankFields
    bank: str
    figures: Figures | None
    sections: list[Section] = field(default_factory=list)
    heading: str = ""
    """The last section's, as written."""
    faults: list[Fault] = field(default_factory=list)
    shared: SharedCode = field(default_factory=SharedCode)
    """What files without items share with all files after them."""
    paths: list[Written] = field(default_factory=list)


def _bank(
    files: list[_File], path: Path, name: str, figures: Figures | None, *, whole: bool = True, alone: bool = False
) -> Bank:
    """`whole` says that all items are there: one by itself names others of its bank.  A bank that stands `alone` may
    leave the figures beside it to others; without `figures`, texts are taken at their word about them.
    """
    fields = _bank_fields(files)
    reading = _Reading(fields, fields.id or name, figures)
    title = _title(files)
    for file in files:
        if figures is not None:
            file.pin(figures)
        _read_file(file, reading)
    sections = _unique_ids(reading.sections)
    items = [item for section in sections for item in section.items]
    if whole:
        sections = _with_faults(sections, list(prerequisite_faults(items)))
        items = [item for section in sections for item in section.items]
    paths = sound_paths(reading.paths, items, fields.languages, {file.path: file.faults for file in files})
    if files:
        faults = FaultList(files[0].path)
        lint.check_languages([("the bank's title", title, 1)], fields.languages, 1, faults)
        lint.check_skills(fields.skills, items, fields.languages, faults)
        if not items:
            faults.fault(1, "no item was found: an item starts at a ### heading, below a ## section")
        reading.faults += faults.found
    everything = [fault for file in files for fault in file.faults.found] + reading.faults
    everything += [fault for item in items for fault in item.faults]
    languages = fields.languages or _languages_of(items)
    if figures is not None:
        named = {name for file in files for line in file.lines for name in NAME.findall(line)}
        everything += [fault for fault in figures.remarks(named) if not alone]
    order = [file.path for file in files]
    in_files = in_order(_attributed(everything), order)
    sound = figures.sound if figures is not None else ()
    return Bank(reading.bank, title, languages, fields.skills, path, tuple(sections), in_files, paths, sound)


def _attributed(faults: list[Fault]) -> list[Fault]:
    """A fault noted for the file and again for the item it stands in is one fault: the item's."""
    owned = {(fault.path, fault.line, fault.text) for fault in faults if fault.item is not None}
    return [fault for fault in faults if fault.item is not None or (fault.path, fault.line, fault.text) not in owned]


def _languages_of(items: list[Item]) -> tuple[str, ...]:
    """The languages questions are asked in, for a bank that does not declare any."""
    found = tuple(name for name in LANGUAGES if any(getattr(item.question, name) for item in items))
    return found or LANGUAGES


def _title(files: list[_File]) -> Bilingual:
    for file in files:
        for heading in file.document.headings:
            if heading.level == 1:
                return title_of(heading.text, heading.line)
    return Bilingual()


def _bank_fields(files: list[_File]) -> BankFields:
    """What the one `yaml bank` says; it stands before the first section of some file."""
    found: BankFields | None = None
    where = ""
    for file in files:
        for fence in file.bank_fences:
            if found is not None:
                file.faults.fault(fence.line, f"a second `yaml bank` (the first is in {where}): a bank has one")
                continue
            where = f"{file.path.name}:{fence.line}"
            found = bank_fields(fence.source, fence.first, file.faults) if fence.closed else BankFields()
    if found is None and files:
        files[0].faults.remark(
            1,
            "no `yaml bank` block: the bank takes its id from the file's name and declares no "
            "languages; add one below the first heading",
        )
    return found or BankFields()


def _read_file(file: _File, reading: _Reading) -> None:
    document = file.document
    marks = [heading for heading in document.headings if heading.level <= 3]
    ends = [*(heading.line - 1 for heading in marks[1:]), len(document.lines)] if marks else []
    shared = reading.shared
    section: Section | None = None
    heading_text = ""
    if marks and marks[0].level == 3 and reading.sections:  # the file goes on where the one before it ended
        section, heading_text = reading.sections.pop(), reading.heading
    if marks and marks[0].line > 1:
        shared = _opening(file, 1, marks[0].line - 1, shared, None, reading.paths)[1]
    elif not marks:
        shared = _opening(file, 1, len(document.lines), shared, None, reading.paths)[1]
    for mark, end in zip(marks, ends, strict=True):
        if mark.level == 3:
            if section is None:
                section = Section(Bilingual(), file.path, mark.line, Bilingual(), ())
            item = _item(file, mark, end, section, heading_text, shared, reading)
            section = replace(section, items=(*section.items, item))
            continue
        if section is not None:
            reading.sections.append(section)
        introduction, shared = _opening(file, mark.line + 1, end, shared, mark, reading.paths)
        heading_text = reading.heading = mark.text if mark.level == 2 else ""
        section = None
        if mark.level == 2:
            section = Section(title_of(mark.text, mark.line), file.path, mark.line, introduction, ())
            texts = [("the section's title", section.title, mark.line)]
            if introduction:
                texts.append(("the section's introduction", introduction, mark.line))
            lint.check_languages(texts, reading.fields.languages, mark.line, file.faults)
            looking = Looking(file.path, reading.figures)
            looking.at("the section's introduction", introduction, reading.fields.languages, mark.line)
            file.faults.found += looking.found
    if section is not None:
        reading.sections.append(section)
    if not any(mark.level == 3 for mark in marks):
        reading.shared = shared.elsewhere(file.path)


def _item(
    file: _File, mark: Heading, end: int, section: Section, heading: str, shared: SharedCode, reading: _Reading
) -> Item:
    raw = file.lines[mark.line - 1 : end]
    while raw and not raw[-1].strip():
        raw.pop()
    stem = slug(file.path.stem, "item")
    declared = reading.fields.languages
    around = Surroundings(reading.bank, declared, stem, section.title, heading, shared, reading.figures)
    item = read_item(file.document, mark, end, "\n".join(raw), around, FaultList(file.path))
    # What reading the file's outline said about these lines is the item's concern too.
    inside = [replace(f, item=item.id) for f in file.noted_between(mark.line, end)]
    return replace(item, faults=in_order([*item.faults, *inside, *file.everywhere]))


def _opening(
    file: _File, first: int, last: int, shared: SharedCode, mark: Heading | None, paths: list[Written]
) -> tuple[Bilingual, SharedCode]:
    """Text and shared code between a heading and the first item below it; a path that stands there joins `paths`."""
    parts = read_parts(file.document, first, last, file.faults)
    if mark is not None and mark.level == 2 and ID_ATTRIBUTE.search(mark.text):
        file.faults.fault(mark.line, "a ## heading opens a section, which has no id: write ### for an item")
    for fence in parts.roles.get("shared", []):
        shared = shared.extended(fence, file.faults)
    for role, fences in parts.roles.items():
        above = role in ("bank", "path")
        misplaced = not (role == "shared" or above) or (above and mark is not None and mark.level == 2)
        if role == "path" and not misplaced:
            paths += [read_path(each.code.source, each.code.line, file.faults) for each in fences if each.closed]
        for fence in fences if misplaced else ():
            remedy = "below the first # heading" if above else "below a ### heading"
            file.faults.fault(fence.line, f"a fence for '{role}' stands outside an item: move it {remedy}")
    for segment in parts.segments[1:]:
        name = segment.label.part.value if segment.label else Part.QUESTION.value
        file.faults.fault(segment.line, f"a label ({name}) stands outside an item: an item starts at a ### heading")
    opening: Segment = parts.segments[0]
    return section_introduction(opening), shared


def _with_faults(sections: list[Section], found: list[Fault]) -> list[Section]:
    """`sections` with these faults at the items they are of."""
    by_item: dict[tuple[Path, str | None], list[Fault]] = {}
    for fault in found:
        by_item.setdefault((fault.path, fault.item), []).append(fault)
    if not by_item:
        return sections
    return [
        replace(
            section,
            items=tuple(
                replace(item, faults=in_order([*item.faults, *more]))
                if (more := by_item.get((item.path, item.id)))
                else item
                for item in section.items
            ),
        )
        for section in sections
    ]


def _unique_ids(sections: list[Section]) -> list[Section]:
    """Report the second item of a name; both stay, so that either can be looked at."""
    seen: dict[str, Item] = {}
    result = []
    for section in sections:
        items = []
        for item in section.items:
            first = seen.setdefault(item.id, item)
            if first is not item:
                text = f"the id '{item.id}' is taken by {first.path.name}:{first.line}: choose another"
                again = Fault(item.path, item.line, text, Severity.FAULT, item.id)
                item = replace(item, faults=in_order([*item.faults, again]))
            items.append(item)
        result.append(replace(section, items=tuple(items)))
    return result

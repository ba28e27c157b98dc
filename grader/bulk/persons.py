"""Whose the files are, without a roster: as Canvas, Moodle and Gradescope name them, else as people do.

Who somebody is called by is the best that names say: a number, an address, else a name.  Of names that people chose the
words are left away that most of them share (`hw1`), and those that name an item.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from grader.bulk.finding import Root
from grader.bulk.found import Found, What
from grader.bulk.model import NOTHING_SAID, Whose
from grader.naming import ClueKind, Layout, Party, Roster, arrange, authoritative
from grader.naming.choosing import AGAIN, USUAL
from grader.naming.layouts import ARCHIVES, METADATA
from grader.naming.matching import squashed

NOBODY = Roster([])
FEWEST_TO_COMPARE = 3
MOST_WORDS_OF_AN_ITEM = 6
LONGEST = 200
_EMAIL = re.compile(r"[\w.+-]++@[\w-]++(?:\.[\w-]++)++")
_WORD = re.compile(r"[^\s_\-()（）\[\]【】,，+&#~.]++")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
"""A day, as folders are called after: some students' numbers look so too, and are taken for one."""
_NUMBER = re.compile(r"(?!(?:19|20)\d\d$)[A-Za-z]?\d{4,}[A-Za-z]?")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody's files."""

    key: str
    """Nobody else below the same root has it."""
    student: str
    files: tuple[Found, ...]
    whose: Whose = NOTHING_SAID
    late: bool = False
    system: bool = False
    """Whether a system named the files, so that all of them are surely this person's."""
    folder: bool = False
    """Whether it is a folder that people named: somebody's, or one with a file of each of several."""
    named: bool = True
    """Whether its own name says who it is."""

    @property
    def numbered(self) -> bool:
        """Whether it is called by a student's number or address, which no folder of several people is."""
        number = _NUMBER.fullmatch(self.student) and not _DATE.fullmatch(self.student)
        return self.named and bool(number or _EMAIL.fullmatch(self.student))

    @property
    def alone(self) -> bool:
        """Whether it is one file that people named, of which nobody knows whether it is a person's."""
        return not self.system and not self.folder and len(self.files) == 1


@dataclass(frozen=True, slots=True)
class Division:
    """The persons below a root, and which layouts its names have."""

    persons: tuple[Person, ...]
    layouts: tuple[Layout, ...]
    faults: tuple[str, ...] = ()
    """Why a file of Gradescope's about its folders could not be read, or is not believed."""

    @property
    def names(self) -> frozenset[str]:
        """Who is named by a file or a folder of their own, whatever the case."""
        return frozenset(person.student.casefold() for person in self.persons if person.named)


@dataclass(frozen=True, slots=True)
class _Around:
    """What a name stands beside: words that most have, and all names there are."""

    common: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()


class Divider:
    """Divides the files below a root among people."""

    def __init__(self, items: Iterable[str], asked: frozenset[str]) -> None:
        """`items` are names of items, `asked` those that their submissions define: both are nobody's."""
        self._asked = asked
        self._items = frozenset(map(squashed, (*items, *asked)))

    def divide(self, root: Root) -> Division:
        """Every file that has a name, by whose it is."""
        files = [each for each in root.files if not each.nameless]
        persons: list[Person] = []
        layouts: dict[Layout, None] = {}
        faults: list[str] = []
        believed = authoritative(root.metadata, (each.name for each in files if each.what is not What.OTHER))
        foreign = [each for each in root.metadata if each not in believed]
        faults += [f"{each}{METADATA} names nobody: it lies in what somebody has handed in" for each in foreign]
        for folder in believed:
            metadata = root.metadata[folder]
            own = {each.name[len(folder) :]: each for each in files if each.name.startswith(folder)}
            files = [each for each in files if not each.name.startswith(folder)]
            arrangement = arrange(own, metadata, NOBODY)
            persons += [self._of_party(each, folder, own, root.label) for each in arrangement.parties]
            layouts[Layout.GRADESCOPE] = None
            if arrangement.metadata_fault:
                faults.append(f"{folder}{METADATA} is {arrangement.metadata_fault}: nobody is named by it")
        for person, layout in self._below(files, "", root.label):
            persons.append(person)
            layouts[layout] = None
        order = {each.path: place for place, each in enumerate(root.files)}
        persons.sort(key=lambda person: order[person.files[0].path])
        return Division(tuple(persons), tuple(layouts), tuple(faults))

    def student_of(self, found: Found) -> str:
        """Who a file's own name says it is."""
        return self._student(_stem(_base(found.name)), _Around())

    def _below(self, files: Sequence[Found], within: str, label: str) -> Iterator[tuple[Person, Layout]]:
        """The persons below one folder, and below the folders in it that are exports of their own."""
        named = {each.name[len(within) :]: each for each in files}
        arrangement = arrange(named, None, NOBODY)
        if arrangement.layout is not Layout.PLAIN:
            for party in arrangement.parties:
                yield self._of_party(party, within, named, label), arrangement.layout
            return
        parties: Sequence[Party] = arrangement.parties
        if self._is_one_person(named):
            parties = [self._one_person(named, label)]
        exports = {party.key: folder for party in parties if (folder := self._export(party))}
        if len(parties) == 1 and (top := _archive_of(parties[0].paths, within)):
            exports = {parties[0].key: top}
        stems = [_called(party) for party in parties if party.key not in exports]
        around = _Around(_common(stems), frozenset(stems))
        persons: list[Person] = []
        for party in parties:
            folder = exports.get(party.key, "")
            if folder:
                inner = [named[path] for path in party.paths]
                yield from self._below(inner, within + folder, ARCHIVES.sub("", _base(folder.rstrip("/"))))
            else:
                persons.append(self._of_party(party, within, named, label, around))
        for person in _merged(persons):
            yield person, Layout.PLAIN

    def _is_one_person(self, named: dict[str, Found]) -> bool:
        """Whether the one folder that holds everything is a person's: its files are called like answers."""
        if len(named) < 2 or len({path.rpartition("/")[0] for path in named}) > 1:
            return False
        usual = {path for path in named if squashed(_stem(_base(path))) in USUAL | self._items}
        others = [found for path, found in named.items() if path not in usual and found.what is not What.OTHER]
        return bool(usual) and all(each.what is What.CODE and not each.defines & self._asked for each in others)

    def _one_person(self, named: dict[str, Found], label: str) -> Party:
        folder = next(iter(named)).rpartition("/")[0]
        return Party(_base(folder) or label, (), tuple(named))

    def _export(self, party: Party) -> str:
        """The folder of a plain party that is an item's, or in which a system named the files; empty for a person's."""
        shared = _shared(party.paths)
        if not shared:
            return ""
        if squashed(party.key) in self._items:
            return shared
        inner = arrange([path[len(shared) :] for path in party.paths], None, NOBODY)
        return shared if len(party.paths) > 1 and inner.layout is not Layout.PLAIN else ""

    def _of_party(
        self, party: Party, within: str, named: dict[str, Found], label: str, around: _Around | None = None
    ) -> Person:
        files = tuple(named[path] for path in party.paths)
        folder = not _is_file(party)
        system = around is None and not (party.clues and all(clue.kind is ClueKind.ANY for clue in party.clues))
        student = _by_clues(party) if system else self._student(_called(party), around or _Around())
        named_so = bool(student)
        whose = _whose(party) if system else NOTHING_SAID
        return Person(
            f"{within}{party.key}", student or _clean(label), files, whose, party.late, system, folder and not system,
            named_so,
        )  # fmt: skip

    def _student(self, stem: str, around: _Around) -> str:
        if email := _EMAIL.search(stem):
            return _clean(email[0])
        shorter = AGAIN.sub("", stem)
        stem = shorter if stem.endswith(")") or shorter in around.stems else stem
        every = _WORD.findall(stem)
        words = [word for word in every if word.casefold() not in around.common]
        numbers = [word for word in words if _NUMBER.fullmatch(word)]
        if numbers:
            return _clean(max(numbers, key=len))
        kept = self._without_items(words)
        return _clean(stem if len(kept) == len(every) else "_".join(kept))

    def _without_items(self, words: Sequence[str]) -> list[str]:
        plain, kept, place = [squashed(word) for word in words], [], 0
        while place < len(words):
            longest = min(len(words), place + MOST_WORDS_OF_AN_ITEM)
            ends = (end for end in range(longest, place, -1) if "".join(plain[place:end]) in self._items)
            end = next(ends, None)
            kept += [words[place]] if end is None else []
            place = end or place + 1
        return kept


def _archive_of(paths: Sequence[str], within: str) -> str:
    """The archive that is all there is in a folder: a class's export, downloaded."""
    top, slash, _rest = paths[0].partition("/")
    return top + slash if slash and not within and ARCHIVES.search(top) else ""


def _merged(persons: Iterable[Person]) -> list[Person]:
    """What one name is given to side by side is one person's: `ann.py` and `ann.ipynb`, `7001_a.py` and `7001_b.py`."""
    found: dict[str, Person] = {}
    for each in persons:
        key = each.student.casefold() if each.named else f"/{each.key}"
        if (known := found.get(key)) is not None:
            files = (*known.files, *each.files)
            each = replace(known, files=files, late=known.late or each.late, folder=False)
        found[key] = each
    return list(found.values())


def _by_clues(party: Party) -> str:
    """A number or an address; else the name with the system's own number of somebody, for there are namesakes."""
    by_kind: dict[ClueKind, str] = {}
    for clue in party.clues:
        by_kind.setdefault(clue.kind, clue.text)
    login = by_kind.get(ClueKind.ANY, "")
    sure = by_kind.get(ClueKind.NUMBER) or by_kind.get(ClueKind.EMAIL)
    if not sure and (_NUMBER.fullmatch(login) or _EMAIL.fullmatch(login)):
        sure = login
    name = by_kind.get(ClueKind.NAME, "")
    return _clean(sure or (name if name and ClueKind.FOREIGN not in by_kind else party.key))


def _whose(party: Party) -> Whose:
    said: dict[ClueKind, str] = {}
    for clue in party.clues:
        said.setdefault(clue.kind, _clean(clue.text))
    kinds = (ClueKind.NAME, ClueKind.NUMBER, ClueKind.EMAIL, ClueKind.FOREIGN)
    return Whose(*(said.get(kind, "") for kind in kinds))


def _called(party: Party) -> str:
    """What a plain party is called: its folder, or its file without the ending."""
    return _stem(party.key) if _is_file(party) else party.key


def _is_file(party: Party) -> bool:
    return len(party.paths) == 1 and _base(party.paths[0]) == party.key


def _common(stems: Iterable[str]) -> frozenset[str]:
    """Words that more than half of several names have."""
    every = [{word.casefold() for word in _WORD.findall(stem)} for stem in set(stems)]
    if len(every) < FEWEST_TO_COMPARE:
        return frozenset()
    counts = Counter(word for words in every for word in words)
    return frozenset(word for word, count in counts.items() if count * 2 > len(every))


def _shared(paths: Sequence[str]) -> str:
    """The folders that all of these are in."""
    first, *rest = [path.split("/")[:-1] for path in paths]
    count = len(first)
    for each in rest:
        count = next((place for place in range(count) if place >= len(each) or each[place] != first[place]), count)
    return "".join(f"{part}/" for part in first[:count])


def _base(path: str) -> str:
    return path.rpartition("/")[2]


def _stem(name: str) -> str:
    """A name without its ending, where it has one that files have."""
    if (short := ARCHIVES.sub("", name)) != name:
        return short
    stem, dot, ending = name.rpartition(".")
    return stem if dot and stem and ending.isalnum() and len(ending) <= 6 and not ending.isdigit() else name


def _clean(text: str) -> str:
    return " ".join(text.split())[:LONGEST]

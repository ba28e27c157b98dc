"""Finding somebody of a roster by what a file name says."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations

SHORTEST_NUMBER = 4
"""Characters from which a part of a name may be somebody's number: `hw1` says nothing of student 1."""
LIKE_ENOUGH, HELD_ENOUGH = 0.7, 0.75
"""Of pairs of letters: which share two have in common, or which share of somebody's stands in a longer name."""
MOST_SUGGESTED = 3
MOST_PARTS = 4
LONGEST_COMPARED = 64
FEWEST_HELD = 3


class ClueKind(StrEnum):
    """What a piece of a file name is."""

    NUMBER = "number"
    EMAIL = "email"
    NAME = "name"
    ANY = "any"
    FOREIGN = "foreign"
    """Another system's own number of somebody, which may look like anybody's here."""


@dataclass(frozen=True, slots=True)
class Clue:
    """A piece of a file name that may say who."""

    kind: ClueKind
    text: str


class By(StrEnum):
    """What somebody was found by."""

    NUMBER = "number"
    EMAIL = "email"
    NAME = "name"
    LOGIN = "login"
    """What stands before the @ of the address, which may look like a name: it says nothing where a name does."""


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody of the roster."""

    id: int
    name: str
    email: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Who it is; or, where nobody is sure, who it may be, the likeliest first."""

    student_id: int | None = None
    by: By | None = None
    suggestions: tuple[int, ...] = ()
    contradictory: bool = False
    """Its clues name different people."""


@dataclass(frozen=True, slots=True)
class _Hit:
    ids: frozenset[int]
    by: By


class Roster:
    """Students, and what each can be found by."""

    def __init__(self, students: Iterable[Student]) -> None:
        self.students = {each.id: each for each in students}
        self._numbers: dict[str, set[int]] = defaultdict(set)
        self._emails: dict[str, set[int]] = defaultdict(set)
        self._locals: dict[str, set[int]] = defaultdict(set)
        self._names: dict[str, set[int]] = defaultdict(set)
        self._bags: list[tuple[int, int]] = []
        self._bags_with: dict[str, list[int]] = defaultdict(list)
        for each in self.students.values():
            self._add(each)

    def _add(self, student: Student) -> None:
        email = student.email.casefold()
        local = email.partition("@")[0]
        self._emails[email].add(student.id)
        self._locals[squashed(local)].add(student.id)
        if number := squashed(student.number):
            self._numbers[number].add(student.id)
        for key in name_keys(student.name):
            self._names[key].add(student.id)
        for text in (student.name, local, student.number):
            if pairs := _pairs(text):
                for pair in pairs:
                    self._bags_with[pair].append(len(self._bags))
                self._bags.append((student.id, len(pairs)))

    def match(self, clues: Sequence[Clue]) -> Match:
        """Who these clues, all of one file, say it is."""
        hits = [hit for clue in clues for hit in self._hits(clue)]
        if any(hit.by is By.NAME for hit in hits):
            hits = [hit for hit in hits if hit.by is not By.LOGIN]
        sure = [hit for hit in hits if len(hit.ids) == 1]
        people = frozenset[int]().union(*(hit.ids for hit in sure))
        if len(people) == 1:
            [student_id] = people
            return Match(student_id, min((hit.by for hit in sure), key=list(By).index))
        if len(people) > 1:
            return Match(suggestions=tuple(sorted(people))[:MOST_SUGGESTED], contradictory=True)
        namesakes = sorted(frozenset[int]().union(*(hit.ids for hit in hits)))
        return Match(suggestions=tuple(namesakes or self._alike(clues))[:MOST_SUGGESTED])

    def knows(self, text: str) -> bool:
        """Whether a whole name is somebody's number, email or name."""
        return any(True for _hit in self._hits(Clue(ClueKind.ANY, text)))

    def _hits(self, clue: Clue) -> Iterator[_Hit]:
        key = squashed(clue.text)
        tables: list[tuple[dict[str, set[int]], str, By]] = []
        if clue.kind in (ClueKind.NUMBER, ClueKind.ANY) and (
            clue.kind is ClueKind.NUMBER or len(key) >= SHORTEST_NUMBER
        ):
            tables.append((self._numbers, key, By.NUMBER))
        if clue.kind in (ClueKind.EMAIL, ClueKind.ANY):
            tables.append((self._emails, clue.text.casefold(), By.EMAIL))
        if clue.kind is ClueKind.ANY and len(key) >= SHORTEST_NUMBER:
            tables.append((self._locals, key, By.LOGIN))
        if clue.kind in (ClueKind.NAME, ClueKind.ANY):
            tables.append((self._names, key, By.NAME))
        for table, wanted, by in tables:
            if wanted and (found := table.get(wanted)):
                yield _Hit(frozenset(found), by)

    def _alike(self, clues: Sequence[Clue]) -> list[int]:
        """Who looks like it, by pairs of letters; of parts that may be anything the whole comes first, and will do."""
        best: dict[int, float] = {}
        whole = [clue for place, clue in enumerate(clues) if place == 0 or clue.kind is not ClueKind.ANY]
        for clue in whole:
            if clue.kind is ClueKind.FOREIGN:
                best.update(dict.fromkeys(self._numbers.get(squashed(clue.text), ()), 1.0))
                continue
            wanted = _pairs(clue.text[:LONGEST_COMPARED])
            shared = Counter(bag for pair in wanted for bag in self._bags_with.get(pair, ()))
            for bag, count in shared.most_common(20):
                student_id, size = self._bags[bag]
                likeness = 2 * count / (len(wanted) + size)
                if likeness >= LIKE_ENOUGH or (count >= FEWEST_HELD and count / size >= HELD_ENOUGH):
                    best[student_id] = max(best.get(student_id, 0.0), likeness)
        return sorted(best, key=lambda student_id: (-best[student_id], student_id))


def squashed(text: str) -> str:
    """Letters and digits alone, without accents and case: what is left of a name in every system."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def name_keys(name: str) -> set[str]:
    """A name with its parts in every order, squashed: Canvas writes the family name first, Moodle the given one."""
    parts = [part for part in re.split(r"[\W_]+", name) if part]
    if len(parts) > MOST_PARTS:
        return {squashed(name), squashed("".join([*parts[-1:], *parts[:-1]]))}
    return {squashed("".join(order)) for order in permutations(parts)} - {""}


def _pairs(text: str) -> set[str]:
    """Neighbouring letters within each word, whatever the order of the words; Chinese characters also by themselves."""
    words = [squashed(word) for word in re.split(r"[\W_]+", text)]
    pairs = {word[place : place + 2] for word in words for place in range(len(word) - 1)}
    return pairs | {letter for word in words for letter in word if "一" <= letter <= "鿿"}

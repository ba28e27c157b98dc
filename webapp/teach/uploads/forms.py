"""What a form of a preview says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from webapp.teach.uploads.values import Person

FIELD = re.compile(r"(who|counts)-(\d{1,18})")
LONGEST = 320


@dataclass(frozen=True, slots=True)
class Choices:
    """Whose each file is (nobody's: None), which counts of a student's, and what nobody could be found for."""

    people: Mapping[int, int | None]
    counting: Mapping[int, int]
    unknown: tuple[str, ...]


def read_choices(form: MultiDict[str, str], people: Sequence[Person]) -> Choices:
    """The fields `who-FILE`, as typed or picked from the list, `counts-STUDENT` and `take`, a suggestion's button."""
    found = _Names(people)
    chosen: dict[int, int | None] = {}
    counting: dict[int, int] = {}
    unknown: list[str] = []
    for name, text in form.items():
        field = FIELD.fullmatch(name)
        if field is None:
            continue
        number = int(field[2])
        if field[1] == "counts":
            if text.isascii() and text.isdigit() and len(text) <= 18:
                counting[number] = int(text)
            continue
        wanted = text.strip()[:LONGEST]
        if not wanted:
            chosen[number] = None
        elif (student := found.one(wanted)) is not None:
            chosen[number] = student
        else:
            unknown.append(wanted)
    file, _, student = form.get("take", "").partition("-")
    if file.isascii() and file.isdigit() and student.isascii() and student.isdigit() and len(file + student) <= 30:
        if int(student) in {each.id for each in people}:
            chosen[int(file)] = int(student)
    return Choices(chosen, counting, tuple(dict.fromkeys(unknown)))


class _Names:
    """Students by everything that may be typed for one; what means several means nobody."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._found: dict[str, set[int]] = {}
        for each in people:
            for text in (each.label, each.email, each.number, each.name):
                if text:
                    self._found.setdefault(text.casefold(), set()).add(each.id)

    def one(self, text: str) -> int | None:
        ids = self._found.get(text.casefold(), set())
        return next(iter(ids)) if len(ids) == 1 else None

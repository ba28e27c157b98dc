"""People from a table: what spreadsheets, Canvas, Moodle and Gradescope call their columns, and what is wrong in a row.

One reading for the roster beside a course's file and for the one that is uploaded on a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from grader.csv_text import is_formula
from questions.faults import FaultList, nearest, shown
from webapp import csv_files
from webapp.courses.model import Person
from webapp.courses.names import EMAIL, Unfit, email_of, name_of
from webapp.models import Role

COLUMNS: dict[str, tuple[str, ...]] = {
    "email": ("email", "e-mail", "mail", "email address", "e-mail address", "邮箱", "电子邮箱", "邮件", "邮箱地址",
              "电子邮件", "电子邮件地址"),
    "name": ("name", "full name", "student name", "student", "姓名", "学生姓名", "名字"),
    "given": ("first name", "given name", "名"),
    "family": ("last name", "surname", "family name", "姓", "姓氏"),
    "id": ("student id", "student number", "sis user id", "sis id", "sid", "id number", "idnumber", "学号", "学生学号",
           "number", "id"),
    "role": ("role", "roles", "角色", "身份"),
    "login": ("sis login id", "login id", "username", "user name", "用户名"),
}  # fmt: skip
"""What a heading may be called, surest first: Canvas has its own `ID` beside the school's `SIS User ID`."""
ROLES = {
    Role.STUDENT: ("student", "learner", "studentenrollment", "学生", "学员"),
    Role.ASSISTANT: ("assistant", "ta", "teaching assistant", "taenrollment", "grader", "non-editing teacher",
                     "助教", "助理", "助理教师"),
    Role.INSTRUCTOR: ("instructor", "teacher", "teacherenrollment", "editingteacher", "lecturer", "教师", "老师",
                      "讲师", "主讲教师", "任课教师"),
}  # fmt: skip
SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+[0-9]+")
"""A long number as a spreadsheet shows it: its digits are lost."""
AS_TEXT = re.compile(r'="([^"]*)"')
"""How a number is kept as text on its way through Excel."""
WITH_NAME = re.compile(r"([^<>]*)<([^<>]+)>")
"""How mail programs write a person."""
HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody of a table.  What it does not say is empty or `None`."""

    email: str
    name: str
    role: Role | None
    external_id: str | None
    row: int
    line: int


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one row, and what mends it; `column` is its heading, empty when it is the row itself."""

    row: int
    line: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Roster:
    """A table as it was understood."""

    people: tuple[Listed, ...]
    problems: tuple[Problem, ...]
    columns: tuple[tuple[str, str], ...] = ()
    """Heading and what it was taken for, of those that were."""
    encoding: str = ""
    rows: int = 0


def read(data: bytes) -> Roster:
    """Everybody of a table; of its columns only an email is needed."""
    try:
        table = csv_files.read(data)
    except csv_files.NoTable as problem:
        return Roster((), (Problem(problem.row, problem.line, "", str(problem)),))
    if not table.rows:
        text = _("the roster is empty: its first line names the columns, as in email,name,id")
        return Roster((), (Problem(1, 1, "", text),), encoding=table.encoding)
    reader = _Reader(table)
    people = tuple(reader.people())
    return Roster(people, tuple(reader.problems), reader.taken(), table.encoding, len(reader.body))


def read_roster(data: bytes, faults: FaultList) -> tuple[Person, ...]:
    """The students of the table beside a course's file; its faults are noted, with their lines."""
    found = read(data)
    for problem in found.problems:
        faults.fault(problem.line, problem.text)
    return tuple(Person(each.email, each.name, Role.STUDENT, each.external_id, each.line) for each in found.people)


class _Reader:
    """One table on its way to people."""

    def __init__(self, table: csv_files.Table) -> None:
        self.problems: list[Problem] = []
        self.heading = table.rows[0].cells
        self.places = self._places(self.heading)
        self.body = table.rows[1:]
        if "email" in self.places or self.problems:
            return
        if "login" in self.places and any(EMAIL.fullmatch(_cell(row, self.places["login"])) for row in self.body):
            self.places["email"] = self.places["login"]
        elif (guessed := _without_heading(self.heading)) is not None:
            self.places, self.body, self.heading = guessed, table.rows, ()
        else:
            near = nearest(self.heading[0], ("email", "name", "id"))
            text = _(
                "no column is called email; %(near)s. The first line names the columns, as in email,name,id", near=near
            )
            self._problem(table.rows[0], "", text)

    def _places(self, heading: tuple[str, ...]) -> dict[str, int]:
        """Which column holds what.  Others are left alone: a school's table may say more than is wanted."""
        named = [" ".join(title.lower().split()) for title in heading]
        places = {}
        for field, titles in COLUMNS.items():
            for title in titles:
                if title not in named:
                    continue
                places[field] = named.index(title)
                if named.count(title) > 1:
                    text = _("the column %(title)s is there twice: keep one", title=shown(heading[places[field]]))
                    self.problems.append(Problem(1, 1, title, text))
                break
        if "family" in places and "given" not in places and "名字" in named:
            places["given"] = named.index("名字")
        if {"given", "family"} <= places.keys():
            places.pop("name", None)
        return places

    def taken(self) -> tuple[tuple[str, str], ...]:
        """Headings and what they were taken for, in the table's order."""
        known = {place: field for field, place in self.places.items() if field != "login"}
        return tuple(
            (self.heading[place] if self.heading else str(place + 1), field) for place, field in sorted(known.items())
        )

    def people(self) -> Iterator[Listed]:
        """Those whose rows are right."""
        if self.problems:
            return
        seen: dict[str, csv_files.Row] = {}
        for row in self.body:
            if _cell(row, 0).strip().lower() == "points possible":  # the second line of Canvas' gradebook
                continue
            person = self._person(row)
            if person is None:
                continue
            if person.email in seen:
                text = _(
                    "%(email)s is in line %(line)s already: keep one",
                    email=shown(person.email),
                    line=seen[person.email].line,
                )
                self._problem(row, "email", text)
                continue
            seen[person.email] = row
            yield person

    def _person(self, row: csv_files.Row) -> Listed | None:
        width = len(self.heading) or max(self.places.values()) + 1
        if self.heading and any(row.cells[width:]):
            text = _(
                "this row has %(many)s cells and the first one %(few)s: put quotation marks around a cell "
                "that holds a comma",
                many=len(row.cells),
                few=width,
            )
            return self._problem(row, "", text)
        field = "email"
        try:
            email, spoken = self._text(row, "email"), ""
            if (mail := WITH_NAME.fullmatch(email)) is not None:
                spoken, email = mail[1], mail[2]
            address = email_of(email)
            field = "name"
            name = name_of(self._name(row) or spoken)
            field = "id"
            number = name_of(self._text(row, "id"))
            if SHORTENED.fullmatch(number):
                raise Unfit(
                    _(
                        "%(text)s is a long number that the spreadsheet has shortened: set the column to text",
                        text=shown(number),
                    )
                )
            field = "role"
            return Listed(address, name, self._role(row), number or None, row.number, row.line)
        except Unfit as problem:
            return self._problem(row, field, str(problem))

    def _name(self, row: csv_files.Row) -> str:
        if "given" in self.places and "family" in self.places:
            given, family = self._text(row, "given"), self._text(row, "family")
            return f"{family}{given}" if HAN.search(family + given) else f"{given} {family}".strip()
        name = self._text(row, "name")
        if self.heading and self.heading[self.places.get("name", 0)].lower() == "student" and name.count(",") == 1:
            family, given = name.split(",")  # as Canvas sorts
            return f"{given.strip()} {family.strip()}".strip()
        return name

    def _role(self, row: csv_files.Row) -> Role | None:
        text = self._text(row, "role")
        for role, words in ROLES.items():
            if text.lower() in words:
                return role
        if text:
            raise Unfit(_("%(text)s is no role: write student, assistant or instructor", text=shown(text)))
        return None

    def _text(self, row: csv_files.Row, field: str) -> str:
        """What a row says of a field, freed of what only a spreadsheet needs."""
        if field not in self.places:
            return ""
        text = _cell(row, self.places[field])
        if (kept := AS_TEXT.fullmatch(text)) is not None:
            return kept[1]
        if text[:1] == "'":
            text = text[1:]
        if is_formula(text):
            raise Unfit(_("%(text)s looks like a formula: write the plain text", text=shown(text)))
        return text

    def _problem(self, row: csv_files.Row, field: str, text: str) -> None:
        place = self.places.get(field)
        column = self.heading[place] if self.heading and place is not None else ""
        self.problems.append(Problem(row.number, row.line, column, text))


def _cell(row: csv_files.Row, place: int) -> str:
    return row.cells[place] if place < len(row.cells) else ""


def _without_heading(first: tuple[str, ...]) -> dict[str, int] | None:
    """What stands where in a pasted list that names no columns, when its first row has an email."""
    emails = [place for place, cell in enumerate(first) if EMAIL.fullmatch(cell) or WITH_NAME.fullmatch(cell)]
    if not emails:
        return None
    places = {"email": emails[0]}
    for place, cell in enumerate(first):
        field = "id" if re.fullmatch(r"[\w-]*[0-9][\w-]*", cell) else "name"
        if place != emails[0] and cell and field not in places:
            places[field] = place
    return places

"""Students from a table: CSV as spreadsheets write it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from questions.faults import FaultList, nearest, shown
from webapp.courses.model import Person
from webapp.courses.names import Unfit, email_of, name_of
from webapp.models import Role

MAX_BYTES = 4 * 1024 * 1024
MAX_ROWS = 20_000
COLUMNS = {
    "email": "email", "e-mail": "email", "mail": "email", "邮箱": "email", "电子邮箱": "email", "邮件": "email",
    "name": "name", "姓名": "name", "名字": "name",
    "id": "id", "student id": "id", "number": "id", "学号": "id",
}  # fmt: skip
"""What a heading may be called, and what it is."""


def text_of(data: bytes) -> str:
    """The text of a table: UTF-8, or what Excel writes in China.  Raises `UnicodeDecodeError`."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030").removeprefix("\ufeff")


def read_roster(data: bytes, faults: FaultList) -> tuple[Person, ...]:
    """The students of a table with the columns email, name and id, of which only email is needed."""
    if len(data) > MAX_BYTES:
        faults.fault(1, f"the roster has more than {MAX_BYTES // 1024 // 1024} MiB: keep only email, name and id")
        return ()
    try:
        text = text_of(data)
    except UnicodeDecodeError:
        faults.fault(1, "the roster is no text: save it from the spreadsheet as CSV UTF-8")
        return ()
    if "\0" in text:
        faults.fault(1, "the roster is no text: save it from the spreadsheet as CSV UTF-8")
        return ()
    lines = _lines(text, faults)
    first = next(lines, None)
    if first is None:
        faults.fault(1, "the roster is empty: its first line names the columns, as in email,name,id")
        return ()
    columns = _columns(first[1], faults)
    return tuple(_students(lines, columns, faults)) if "email" in columns else ()


def _lines(text: str, faults: FaultList) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, each with the line it starts on."""
    head = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, [cell.strip() for cell in row]
            line = reader.line_num + 1
    except csv.Error as problem:
        faults.fault(line, f"this line is no CSV ({problem}): save the roster anew from the spreadsheet")


def _columns(heading: list[str], faults: FaultList) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, title in enumerate(heading):
        column = COLUMNS.get(title.lower())
        if column is None:
            continue  # a school's table may say more than is wanted
        if column in columns:
            faults.fault(1, f"the column {shown(title)} is there twice: keep one")
        columns.setdefault(column, place)
    if "email" not in columns:
        near = nearest(heading[0], ("email", "name", "id")) if heading else ""
        faults.fault(1, f"no column is called email; {near}. The first line names the columns, as in email,name,id")
    return columns


def _students(lines: Iterator[tuple[int, list[str]]], columns: dict[str, int], faults: FaultList) -> Iterator[Person]:
    seen: dict[str, int] = {}
    for count, (line, row) in enumerate(lines, 1):
        if count > MAX_ROWS:
            faults.fault(line, f"the roster has more than {MAX_ROWS:,} students: split the course")
            return
        cell = {column: row[place] if place < len(row) else "" for column, place in columns.items()}
        try:
            email = email_of(cell["email"])
            name = name_of(cell.get("name", ""))
            number = name_of(cell.get("id", ""))
        except Unfit as problem:
            faults.fault(line, str(problem))
            continue
        if email in seen:
            faults.fault(line, f"{shown(email)} is in line {seen[email]} already: keep one")
            continue
        seen[email] = line
        yield Person(email, name, Role.STUDENT, number or None, line)

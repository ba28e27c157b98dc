"""A course's file as values, with every fault of it; touches neither database nor clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from questions.faults import FaultList, in_order, shown
from questions.fields import ID
from questions.nodes import Reader
from webapp.courses.assignments import ASSIGNMENT_KEYS, read_assignments
from webapp.courses.entries import entries_of, key_of, title_of
from webapp.courses.model import CourseEntry, Person, Reading
from webapp.courses.names import JOIN_CODE, LONGEST_CODE, SHORTEST_CODE, Unfit, email_of, name_of
from webapp.courses.roster import read_roster
from webapp.models import Role
from webapp.zones import zone_named, zones_like

MAX_BYTES = 512 * 1024
COURSE_KEYS = {
    "course": "the key under which the file is applied again",
    "title": "as people see it, in one language or as 中文 | English",
    "zone": "where its times are thought of, as in Asia/Shanghai",
    "join_code": "what students type to join; none when only the list counts",
    "path": "the path of a bank that its map follows, as in attention/two-weeks; none for the banks' own",
    "instructors": "list of people",
    "assistants": "list of people",
    "students": "list of people",
    "roster": "a table of students beside the file, as in students.csv",
    "assignments": "list, in the order of the course page",
}
NONE = ("", "none", "null", "~")
PERSON_KEYS = ("email", "name", "id")
LISTS = (("instructors", Role.INSTRUCTOR), ("assistants", Role.ASSISTANT), ("students", Role.STUDENT))

__all__ = ["ASSIGNMENT_KEYS", "COURSE_KEYS", "PERSON_KEYS", "load", "read"]


def load(path: Path) -> Reading:
    """Read a file and the roster beside it.  Raises `OSError` when the file itself cannot be read."""
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)

    def roster(name: str) -> bytes:
        with (path.parent / name).open("rb") as table:
            return table.read(8 * 1024 * 1024)

    return read(data, path, roster)


def read(data: bytes, path: Path, roster: Callable[[str], bytes]) -> Reading:
    """`data` as a course; `roster` gives the bytes of a table by its name, or raises `OSError`."""
    faults = FaultList(path)
    found: dict[str, yaml.Node] = {}
    reader = Reader(1, faults, longest=MAX_BYTES)
    if len(data) > MAX_BYTES:
        faults.fault(1, f"the file has more than {MAX_BYTES // 1024} KiB: put students into a roster beside it")
    else:
        try:
            found = reader.top(data.decode("utf-8-sig"), COURSE_KEYS, "course file")
        except UnicodeDecodeError as problem:
            line = data[: problem.start].count(b"\n") + 1
            faults.fault(line, "the file is not UTF-8 here: save it as UTF-8")
        else:
            if not found and not faults.found:
                faults.fault(1, "nothing stands in this file: begin with `course: a-key-for-it`")
    tables: list[FaultList] = []
    course = _course(found, reader, roster, tables) if found else CourseEntry("", "", "UTC")
    everything = [fault for each in (faults, *tables) for fault in each.found]
    return Reading(course, in_order(everything, (path, *(each.path for each in tables))))


def _course(
    found: dict[str, yaml.Node], reader: Reader, roster: Callable[[str], bytes], tables: list[FaultList]
) -> CourseEntry:
    key = key_of(reader, found, "course", reader.line)
    title = title_of(reader, found, "the course", reader.line)
    zone = _zone(reader, found)
    code = _join_code(reader, found)
    people = _people(reader, found)
    people += _from_table(reader, found, roster, tables, {each.email: each for each in people})
    assignments = read_assignments(reader, found["assignments"], zone) if "assignments" in found else ()
    line = reader.line_of(found["course"]) if "course" in found else 1
    code_line = reader.line_of(found["join_code"]) if code else line
    path = _path(reader, found)
    path_line = reader.line_of(found["path"]) if path else line
    return CourseEntry(
        key,
        title,
        zone.key,
        code,
        tuple(people),
        assignments,
        path,
        line=line,
        path_line=path_line,
        code_line=code_line,
    )


def _zone(reader: Reader, found: dict[str, yaml.Node]) -> ZoneInfo:
    if "zone" not in found:
        reader.faults.fault(
            reader.line, "`zone` is missing: write where the course's times are meant, as in zone: Asia/Shanghai"
        )
        return ZoneInfo("UTC")
    text = reader.text(found["zone"], "zone")
    known = zone_named(text) if text else None
    if text and known is None:
        near = zones_like(text)
        remedy = f"did you mean '{near[0]}'?" if near else "write one as in Asia/Shanghai"
        reader.fault(found["zone"], f"no zone is called {shown(text)}; {remedy}")
    return known or ZoneInfo("UTC")


def _path(reader: Reader, found: dict[str, yaml.Node]) -> str | None:
    node = found.get("path")
    if node is None or (isinstance(node, yaml.ScalarNode) and node.value.strip().lower() in NONE):
        return None
    text = reader.text(node, "path")
    if text is None:
        return None
    halves = text.split("/")
    if len(halves) != 2 or not all(map(ID.fullmatch, halves)):
        reader.fault(node, f"path is {shown(text)}: write a bank and its path, as in attention/two-weeks, or none")
        return None
    return text


def _join_code(reader: Reader, found: dict[str, yaml.Node]) -> str | None:
    node = found.get("join_code")
    if node is None or (isinstance(node, yaml.ScalarNode) and node.value.strip().lower() in NONE):
        return None
    text = reader.text(node, "join_code")
    if text is None:
        return None
    if not (JOIN_CODE.fullmatch(text) and SHORTEST_CODE <= len(text) <= LONGEST_CODE):
        reader.fault(
            node,
            f"join_code is {shown(text)}: use {SHORTEST_CODE} to {LONGEST_CODE} lower-case letters, digits and "
            "hyphens, or none",
        )
        return None
    return text


def _people(reader: Reader, found: dict[str, yaml.Node]) -> list[Person]:
    people: dict[str, Person] = {}
    for name, role in LISTS:
        for node in entries_of(reader, found.get(name), name):
            person = _person(reader, node, role)
            if person is None:
                continue
            if (before := people.get(person.email)) is not None:
                reader.fault(
                    node, f"{shown(person.email)} is in line {before.line} already, as {before.role}: keep one"
                )
                continue
            people[person.email] = person
    return list(people.values())


def _person(reader: Reader, node: yaml.Node, role: Role) -> Person | None:
    line = reader.line_of(node)
    fields = {"email": node} if isinstance(node, yaml.ScalarNode) else reader.known(node, PERSON_KEYS, f"this {role}")
    if "email" not in fields:
        if isinstance(node, yaml.MappingNode):
            reader.fault(node, f"this {role} has no email: write {{email: li@example.org, name: 李雷}}")
        return None
    texts = {key: reader.text(value, key) for key, value in fields.items()}
    if any(text is None for text in texts.values()):
        return None
    try:
        name, number = name_of(texts.get("name") or ""), name_of(texts.get("id") or "")
        return Person(email_of(texts["email"] or ""), name, role, number or None, line)
    except Unfit as problem:
        reader.fault(node, str(problem))
        return None


def _from_table(
    reader: Reader,
    found: dict[str, yaml.Node],
    roster: Callable[[str], bytes],
    tables: list[FaultList],
    named: dict[str, Person],
) -> list[Person]:
    """The students of the roster who are not in the file's own lists as students."""
    if "roster" not in found or (text := reader.text(found["roster"], "roster")) is None:
        return []
    if Path(text).name != text or text.startswith(".") or not text.isprintable():
        reader.fault(found["roster"], f"roster is {shown(text)}: name a file beside this one, as in students.csv")
        return []
    try:
        data = roster(text)
    except OSError as problem:
        why = problem.strerror or type(problem).__name__
        reader.fault(found["roster"], f"the roster {shown(text)} cannot be read ({why}): put it beside this file")
        return []
    table = FaultList(reader.faults.path.parent / text)
    tables.append(table)
    students = []
    for person in read_roster(data, table):
        before = named.get(person.email)
        if before is None:
            students.append(person)
        elif before.role is not Role.STUDENT:
            table.fault(person.line, f"{shown(person.email)} is {before.role} in the course file: take it out of one")
    return students

"""Reading a course's file: what it says, and every fault in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from questions.faults import FaultList, in_order
from questions.model import Bank
from webapp import banks, migrating
from webapp.courses.checking import Missing, check
from webapp.courses.file import ASSIGNMENT_KEYS, COURSE_KEYS, MAX_BYTES, PERSON_KEYS, load, read
from webapp.courses.model import Reading
from webapp.courses.moments import UnclearTime, moment, written
from webapp.models import Database, Role
from webapp.settings import shipped_banks
from webapp.zones import zones_like

FILES = Path(__file__).parent / "course_files"
EXPECTED = re.compile(r"^# ((?:[\w-]+\.csv:)?\d+: .*)$", re.MULTILINE)
BERLIN = ZoneInfo("Europe/Berlin")
SMALLEST = "course: small\ntitle: Small\nzone: UTC\n"


@pytest.fixture(scope="module")
def with_banks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('banks') / 'workshop.sqlite3'}")
    migrating.upgrade(database)
    with database.writing() as session:
        loaded: list[Bank] = [banks.load(session, path, datetime.now(UTC))[0] for path in shipped_banks()]
    assert loaded
    yield database
    database.close()


def reading(text: str, roster: bytes | None = None) -> Reading:
    def table(_name: str) -> bytes:
        if roster is None:
            raise FileNotFoundError(2, "No such file or directory")
        return roster

    return read(text.encode(), Path("course.yaml"), table)


def faults_of(text: str, roster: bytes | None = None) -> list[str]:
    return [f"{each.path.name}:{each.line}: {each.text}" for each in reading(text, roster).faults]


@pytest.mark.parametrize("path", sorted(FILES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_faulty_file_is_told_all_its_faults_with_their_lines(with_banks: Database, path: Path) -> None:
    expected = EXPECTED.findall(path.read_text(encoding="utf-8"))
    assert expected, f"{path.name} says nothing about its faults"
    found = FaultList(path)
    read_ = load(path)
    found.found.extend(read_.faults)
    with with_banks.reading() as session:
        check(session, read_.course, found, Missing.REFUSE)
    said = [
        f"{'' if each.path == path else each.path.name + ':'}{each.line}: {each.text}"
        for each in in_order(found.found, (path,))
    ]
    assert said == expected


def test_there_are_enough_faulty_files() -> None:
    assert len(list(FILES.glob("*.yaml"))) >= 25


def test_a_whole_file_is_read_as_it_says(with_banks: Database) -> None:
    text = """\
course: attention-2026
title: 注意力机制 | Attention
zone: Asia/Shanghai
join_code: attention-2026
instructors: [{email: Ada@Example.org, name: Ada}]
assistants: [grace@example.org]
students:
  - {email: li@example.org, name: 李雷, id: 2026001}
assignments:
  - key: week-1
    title: First
    opens: 2026-11-01 09:00
    due: 2026-11-29T23:59
    closes: 2026-12-06 23:59:30
    late_penalty: 12.5%
    counts: last
    attempts: 20
    items:
      - attention/self-attention
      - {item: attention/attention-concept, attempts: unlimited, points: 5, open: yes}
    extensions: [{student: li@example.org, due: 2026-12-01 23:59}]
  - {key: warm-up, title: Warm-up, practice: true, items: [attention/self-attention]}
"""
    read_ = reading(text)
    assert read_.faults == ()
    course = read_.course
    assert (course.key, course.zone, course.join_code) == ("attention-2026", "Asia/Shanghai", "attention-2026")
    assert [(each.email, each.role, each.external_id) for each in course.people] == [
        ("ada@example.org", Role.INSTRUCTOR, None),
        ("grace@example.org", Role.ASSISTANT, None),
        ("li@example.org", Role.STUDENT, "2026001"),
    ]
    first, second = course.assignments
    assert first.due_at == datetime(2026, 11, 29, 15, 59, tzinfo=UTC)
    assert first.closes_at == datetime(2026, 12, 6, 15, 59, 30, tzinfo=UTC)
    assert (first.late_penalty, first.counts, first.practice) == (0.125, "last", False)
    assert [(each.name, each.attempts, each.points, each.is_open) for each in first.items] == [
        ("attention/self-attention", 20, None, False),
        ("attention/attention-concept", None, 5.0, True),
    ]
    assert first.extensions[0].due_at == datetime(2026, 12, 1, 15, 59, tzinfo=UTC)
    assert (second.practice, second.items[0].attempts) == (True, None)


def test_a_file_of_another_encoding_names_the_line() -> None:
    found = read("course: a\ntitle: 注意力\n".encode("gb18030"), Path("course.yaml"), lambda _name: b"")
    assert [(each.line, each.text) for each in found.faults] == [(2, "the file is not UTF-8 here: save it as UTF-8")]


def test_a_file_with_control_characters_names_the_line() -> None:
    assert faults_of("course: a\ntitle: \0\n")[0].startswith("course.yaml:2: `course file` is not YAML")


def test_a_file_that_is_too_large_is_not_even_parsed() -> None:
    found = read(b"a: [" + b"[" * MAX_BYTES, Path("course.yaml"), lambda _name: b"")
    assert len(found.faults) == 1
    assert "more than 512 KiB" in found.faults[0].text


def test_times_are_read_and_written_alike_on_every_hour_of_a_year() -> None:
    for hour in range(0, 366 * 24):
        at = datetime.fromtimestamp(1_767_225_600 + 3600 * hour, UTC)
        assert moment(written(at, BERLIN), BERLIN) == at


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-03-29 02:00", "write 2026-03-29 03:00"),
        ("2026-03-29 02:59", "write 2026-03-29 03:59"),
        ("2026-10-25 02:00", "2026-10-25 02:00+02:00 or 2026-10-25 02:00+01:00"),
        ("2026-10-25 02:59:59", "happens twice"),
    ],
)
def test_hours_that_clocks_skip_or_say_twice_are_asked_about(text: str, said: str) -> None:
    with pytest.raises(UnclearTime, match=re.escape(said)):
        moment(text, BERLIN)


@pytest.mark.parametrize("text", ["2026-03-29 01:59", "2026-03-29 03:00", "2026-10-25 03:00", "2026-10-25 01:59:59"])
def test_the_hours_beside_them_are_plain(text: str) -> None:
    assert written(moment(text, BERLIN), BERLIN) == text


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("email,name,id\nli@example.org,李雷,1\n", ["李雷"]),
        ("\ufeff姓名;邮箱;班级;学号\n李雷;li@example.org;3;1\n\n韩梅梅;han@example.org;3;2\n", ["李雷", "韩梅梅"]),
        ('name\temail\n"Li, Lei"\tli@example.org\n', ["Li, Lei"]),
        ('email,name\r\nli@example.org,"Li\r\nLei"\r\n', ["Li Lei"]),
        ("email\nli@example.org\n", [""]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_roster_is_read_as_spreadsheets_write_it(table: str, names: list[str], encoding: str) -> None:
    read_ = reading(SMALLEST + "roster: students.csv\n", table.encode(encoding))
    assert read_.faults == ()
    assert [each.name for each in read_.course.people] == names


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        (b"", "students.csv:1: the roster is empty"),
        (b"\x89PNG\r\n\x1a\n\0", "students.csv:3: this is no text"),
        (b"mail address;name\n", "students.csv:1: no column is called email"),
        (b"email,email\na@example.org,b@example.org\n", "students.csv:1: the column 'email' is there twice"),
        (b'email\nli@example.org\n"' + b"x" * 200_000 + b"\n", "students.csv:3: a cell is longer"),
        (b"email\n" + b"x@example.org\n" * 20_002, "students.csv:20002: the table has more than 20,000 rows"),
    ],
)
def test_a_faulty_roster_names_its_line(table: bytes, fault: str) -> None:
    assert faults_of(SMALLEST + "roster: students.csv\n", table)[0].startswith(fault)


def test_a_student_of_the_file_may_be_in_the_roster_too() -> None:
    text = SMALLEST + "students: [{email: li@example.org, name: Li}]\nroster: students.csv\n"
    read_ = reading(text, b"email,name\nli@example.org,Somebody\nhan@example.org,Han\n")
    assert read_.faults == ()
    assert [each.name for each in read_.course.people] == ["Li", "Han"]


def test_zones_are_found_by_name_and_by_city() -> None:
    assert zones_like("asia/shanghai") == ["Asia/Shanghai"]
    assert zones_like("Shanghai") == ["Asia/Shanghai"]
    assert zones_like("new york") == ["America/New_York"]
    assert zones_like("nowhere at all") == []


def test_every_key_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "courses.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert documented == set(COURSE_KEYS) | set(PERSON_KEYS) | set(ASSIGNMENT_KEYS) | {
        "item", "open", "points", "reason", "student",
    }  # fmt: skip

"""Rosters from anywhere: understood, or refused row by row; shown first, then imported whole or not at all."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from webapp.account import service as accounts
from webapp.courses import enrolling, roster
from webapp.models import Audit, Database, Membership, Role, User

ClientOf = Callable[[str | None], FlaskClient]
NEW = "email,name,student id\nli@example.org,李雷,2026001\nhan@example.org,韩梅梅,2026002\n"

TABLES = {
    "a spreadsheet": (
        "姓名;邮箱;班级;学号;角色\n李雷;Li@example.org;3;01;学生\n",
        ("li@example.org", "李雷", "01", "student"),
    ),
    "Canvas' people": (
        'Student,ID,SIS User ID,SIS Login ID,Section\n"    Points Possible",,,,\n"Lei, Li",7,01,li@example.org,A\n',
        ("li@example.org", "Li Lei", "01", None),
    ),
    "Moodle in English": (
        "First name,Surname,ID number,Institution,Email address\nLei,Li,01,,li@example.org\n",
        ("li@example.org", "Lei Li", "01", None),
    ),
    "Moodle in Chinese": (
        "名,姓氏,学号,电子邮件地址,角色\n雷,李,01,li@example.org,助教\n",
        ("li@example.org", "李雷", "01", "assistant"),
    ),
    "Gradescope": (
        "First Name,Last Name,SID,Email,Role\nLei,Li,01,li@example.org,TA\n",
        ("li@example.org", "Lei Li", "01", "assistant"),
    ),
    "pasted without headings": ("01\tli@example.org\tLi Lei\n", ("li@example.org", "Li Lei", "01", None)),
    "from a mail program": ("Li Lei <li@example.org>\n", ("li@example.org", "Li Lei", None, None)),
    "numbers kept as text": ('email,id\nli@example.org,"=""01"""\n', ("li@example.org", "", "01", None)),
}  # fmt: skip


@pytest.mark.parametrize(("table", "person"), TABLES.values(), ids=TABLES)
def test_tables_of_other_platforms_are_understood(table: str, person: tuple[str | None, ...]) -> None:
    found = roster.read(table.encode())
    assert found.problems == ()
    assert [(each.email, each.name, each.external_id, each.role) for each in found.people] == [person]


HOSTILE = {
    "nothing": (b"", 1, "", "the roster is empty"),
    "only headings": (b"email,name\n", 0, "", ""),
    "no email at all": (b"name,id\nLi,1\n", 1, "", "no column is called email"),
    "a column twice": (b"email,email\na@x.org,b@x.org\n", 1, "email", "is there twice"),
    "an email twice": (b"email\na@x.org\nA@X.org\n", 3, "email", "is in line 2 already"),
    "no email in a row": (b"email,name\n,Li\n", 2, "email", "an email is missing"),
    "no address": (b"email\nli at example\n", 2, "email", "is no email address"),
    "an address with a header in it": (b'email\n"li@x.org\r\nBcc: all@x.org"\n', 2, "email", "is no email address"),
    "a formula as a name": (b'email,name\na@x.org,"=HYPERLINK(""https://evil"")"\n', 2, "name", "looks like a formula"),
    "a formula behind blanks": (b'email,name\na@x.org," \t@SUM(1)"\n', 2, "name", "looks like a formula"),
    "a formula as a number": (b"email,id\na@x.org,+cmd|'/C calc'!A0\n", 2, "id", "looks like a formula"),
    "a shortened number": (b"email,id\na@x.org,2.026E+09\n", 2, "id", "has shortened"),
    "a name without end": (b"email,name\na@x.org," + b"x" * 101 + b"\n", 2, "name", "at most 100"),
    "a name that turns the page around": ("email,name\na@x.org,a\u202eb\n".encode(), 2, "name", "cannot be shown"),
    "a role nobody has": (b"email,role\na@x.org,root\n", 2, "role", "is no role"),
    "two roles at once": (b'email,role\na@x.org,"Student, Teacher"\n', 2, "role", "is no role"),
    "a comma without quotation marks": (b"email,name\na@x.org,Li, Lei\n", 2, "", "put quotation marks"),
    "a mark never closed": (b'email,name\na@x.org,"Li\nb@x.org,Han\n', 2, "", "never closed"),
    "NUL bytes": (b"email\na@x.org\n\0\n", 3, "", "no text"),
    "a million columns": (b"email\n" + b"," * 1_000_000, 2, "", "at most 200"),
    "a hundred MB in one line": (b"x" * 100_000_000, 1, "", "more than 4 MiB"),
    "people without number": (b"email\n" + b"".join(b"p%d@x.org\n" % n for n in range(20_001)), 20_002, "", "20,000"),
    "a workbook": (b"PK\x03\x04 email", 1, "", "a workbook"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0", 3, "", "no text"),
    "half of UTF-16": (b"\xff\xfee\0m", 1, "", "no text"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "row", "column", "said"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_wrong_is_said_with_row_column_and_remedy(data: bytes, row: int, column: str, said: str) -> None:
    found = roster.read(data)
    if not said:
        assert (found.people, found.problems) == ((), ())
        return
    assert [(each.row, each.column) for each in found.problems] == [(row, column)]
    assert said in found.problems[0].text


@pytest.mark.parametrize(("data", "row", "column", "said"), HOSTILE.values(), ids=HOSTILE)
def test_no_hostile_table_changes_anything_on_its_way(
    client_of: ClientOf, world: Any, database: Database, data: bytes, row: int, column: str, said: str
) -> None:
    answer = preview(client_of("instructor"), world, data)
    assert answer.status_code in (200, 400, 413)
    assert len(everybody(database, world)) == 4
    assert "Traceback" not in answer.text
    if said and answer.status_code != 413 and data:
        assert f'<td class="number" data-label="Row">{row}</td>' in answer.text


def preview(client: FlaskClient, world: Any, data: bytes | str) -> Any:
    address = f"/teach/courses/{world.here}/people/import?lang=en"
    if isinstance(data, str):
        return client.post(address, data={"text": data})
    return client.post(address, data={"table": (io.BytesIO(data), "roster.csv")})


def confirm(client: FlaskClient, world: Any, page: str, **more: str) -> Any:
    """Send what a preview would send."""
    from html import unescape

    plan = re.search(r'name="plan" value="(\w+)"', page)
    table = re.search(r"<textarea name=\"table\" hidden>\n(.*?)</textarea>", page, re.DOTALL)
    assert plan
    assert table
    data = {"plan": plan[1], "table": unescape(table[1]), **more}
    return client.post(f"/teach/courses/{world.here}/people/import/apply?lang=en", data=data)


def everybody(database: Database, world: Any) -> dict[str, tuple[str, str, str | None]]:
    with database.reading() as session:
        rows = session.execute(
            select(User.email, User.name, Membership.role, Membership.external_id)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.course_id == world.here)
        )
        return {email: (name, role, number) for email, name, role, number in rows}


def test_nothing_happens_before_it_is_confirmed_and_then_all_of_it(
    client_of: ClientOf, world: Any, database: Database
) -> None:
    client = client_of("instructor")
    page = preview(client, world, NEW + "owner@example.org,New Name,77\nclassmate@example.org,,\n")
    assert page.status_code == 200
    before = everybody(database, world)
    assert len(before) == 4
    done = confirm(client, world, page.text)
    assert done.status_code == 303
    after = everybody(database, world)
    assert after["li@example.org"] == ("李雷", "student", "2026001")
    assert after["owner@example.org"] == ("Owner", "student", "77")  # who has a password keeps the name they chose
    assert after["classmate@example.org"] == before["classmate@example.org"]
    with database.reading() as session:
        entries = session.scalars(select(Audit).order_by(Audit.id)).all()
        assert [each.action for each in entries] == ["member-add", "member-change"]
        assert entries[0].after["count"] == 2
        assert entries[1].after == {"external_id": "77"}
        assert {each.course_id for each in entries} == {world.here}
        user = session.scalars(select(User).where(User.email == "li@example.org")).one()
        assert user.password_hash is None
        assert session.get_one(Membership, (world.here, user.id)).joined_at is not None


def test_the_same_table_again_changes_nothing(client_of: ClientOf, world: Any, database: Database) -> None:
    client = client_of("instructor")
    confirm(client, world, preview(client, world, NEW).text)
    before = everybody(database, world)
    page = preview(client, world, NEW).text
    assert "is in the course just so" in page
    confirm(client, world, page)
    assert everybody(database, world) == before


def test_should_the_course_change_meanwhile_it_is_shown_anew(
    client_of: ClientOf, world: Any, database: Database
) -> None:
    client = client_of("instructor")
    page = preview(client, world, NEW).text
    with database.writing() as session:
        user = accounts.create(session, "li@example.org", "Li", None)
        session.add(Membership(course_id=world.here, user_id=user.id, role="student"))
    again = confirm(client, world, page)
    assert again.status_code == 409
    assert "The course has changed" in again.text
    assert "han@example.org" not in everybody(database, world)
    assert confirm(client, world, again.text).status_code == 303
    assert everybody(database, world)["li@example.org"] == ("李雷", "student", "2026001")


def test_rows_with_problems_are_left_out_only_when_one_says_so(
    client_of: ClientOf, world: Any, database: Database
) -> None:
    client = client_of("instructor")
    page = preview(client, world, NEW + "nobody,Half,3\n").text
    assert "Import the rest, without 1 row" in page
    confirm(client, world, page)
    assert {"li@example.org", "han@example.org"} <= everybody(database, world).keys()
    assert not any(name == "Half" for name, _role, _number in everybody(database, world).values())


def test_a_failure_half_way_leaves_nothing_behind(
    client_of: ClientOf, world: Any, database: Database, monkeypatch: pytest.MonkeyPatch, app: Any
) -> None:
    client = client_of("instructor")
    page = preview(client, world, NEW + "owner@example.org,,77\n").text

    def fail(*_all: Any) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(enrolling, "_change", fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert confirm(client, world, page).status_code == 500
    assert len(everybody(database, world)) == 4
    with database.reading() as session:
        assert session.scalars(select(User).where(User.email == "li@example.org")).first() is None
        assert session.scalars(select(Audit)).all() == []


def test_no_table_makes_its_bringer_more_or_takes_the_last_instructor(
    client_of: ClientOf, world: Any, database: Database
) -> None:
    table = "email,role\ninstructor@example.org,student\nowner@example.org,assistant\n"
    page = preview(client_of("instructor"), world, table).text
    assert "another instructor to change" in page
    page = preview(client_of("admin"), world, table).text
    assert "last instructor stays" in page
    confirm(client_of("admin"), world, page)
    assert everybody(database, world)["instructor@example.org"][1] == Role.INSTRUCTOR
    assert everybody(database, world)["owner@example.org"][1] == Role.ASSISTANT


def test_students_who_are_not_in_the_table_leave_only_when_ticked(
    client_of: ClientOf, world: Any, database: Database
) -> None:
    client = client_of("instructor")
    page = preview(client, world, NEW + "owner@example.org,,\n").text
    assert "the 1 student who is not in the table" in page
    confirm(client, world, page, remove_absent="yes")
    there = everybody(database, world)
    assert "classmate@example.org" not in there
    assert {"owner@example.org", "assistant@example.org", "instructor@example.org"} <= there.keys()


@pytest.mark.parametrize("table", ["", "email\n", "nonsense", "email\nnobody\n", "\0"])
def test_what_is_confirmed_without_a_preview_is_refused(
    client_of: ClientOf, world: Any, database: Database, table: str
) -> None:
    answer = client_of("instructor").post(
        f"/teach/courses/{world.here}/people/import/apply", data={"table": table, "plan": "x"}
    )
    assert answer.status_code == 400
    assert len(everybody(database, world)) == 4


def test_a_table_that_is_too_large_is_refused_in_words(client_of: ClientOf, world: Any) -> None:
    answer = preview(client_of("instructor"), world, b"x" * 9 * 1024 * 1024)
    assert answer.status_code == 413
    assert "A table may have 4 MiB" in answer.text


def test_two_thousand_people_are_imported_at_once(client_of: ClientOf, world: Any, database: Database) -> None:
    rows = "".join(f"p{number}@example.org,Person {number},{number}\n" for number in range(2000))
    client = client_of("instructor")
    page = preview(client, world, f"email,name,id\n{rows}".encode())
    assert page.status_code == 200
    assert "and 1800 more" in page.text
    assert confirm(client, world, page.text).status_code == 303
    assert len(everybody(database, world)) == 2004


def test_headings_are_named_in_the_guide() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "teaching.md").read_text(encoding="utf-8")
    for heading in ("SIS User ID", "SIS Login ID", "First name", "Surname", "ID number", "Email", "SID"):
        assert heading in guide

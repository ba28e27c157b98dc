"""Courses in the browser, and accounts of the whole server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import func, select

from webapp.account import service as accounts
from webapp.admin.cli import admin as admin_command
from webapp.courses import keeping
from webapp.models import Audit, Course, Database, Membership, User
from webapp.models.times import utc_now
from webapp.settings import Settings

ClientOf = Callable[[str | None], FlaskClient]


def course(database: Database, world: Any) -> Course:
    with database.reading() as session:
        return session.get_one(Course, world.here)


def test_an_instructor_makes_a_course_and_is_its_instructor(
    client_of: ClientOf, world: Any, database: Database
) -> None:
    client = client_of("instructor")
    assert "/teach/new-course" in client.get("/teach").text
    assert "/teach/new-course" not in client_of("assistant").get("/teach").text
    answer = client.post("/teach/new-course", data={"zh": "注意力", "en": "Attention", "zone": "shanghai"})
    assert answer.status_code == 303
    with database.reading() as session:
        made = session.scalars(select(Course).order_by(Course.id.desc())).first()
        assert made is not None
        assert (made.title, made.zone, made.key) == ("注意力 | Attention", "Asia/Shanghai", None)
        assert len(made.join_code or "") == 9
        assert session.get_one(Membership, (made.id, world.people["instructor"])).role == "instructor"
        assert session.scalars(select(Audit.action)).all() == ["course-create"]
    assert answer.headers["Location"] == f"/teach/courses/{made.id}/people"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "one of the two titles"),
        ({"zh": "一", "en": "二"}, "cannot be told apart"),
        ({"zh": "a|b"}, "no bar"),
        ({"zh": "x" * 99}, "at most 98"),
        ({"zh": "课", "zone": "Nowhere/Atlantis"}, "No time zone"),
        ({"zh": "课", "zone": ""}, "fill this in"),
        ({"zh": "课\u202e"}, "cannot be shown"),
    ],
)
def test_what_is_wrong_with_a_course_is_said(
    client_of: ClientOf, world: Any, database: Database, data: dict[str, str], said: str
) -> None:
    answer = client_of("instructor").post("/teach/new-course?lang=en", data={"zone": "UTC"} | data)
    assert answer.status_code == 400
    assert said in answer.text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Course)) == 2


def test_title_and_zone_are_changed_and_written_down(client_of: ClientOf, world: Any, database: Database) -> None:
    client, address = client_of("instructor"), f"/teach/courses/{world.here}/settings"
    assert 'value="Here"' in client.get(address).text
    data = {"zh": "这里", "en": "Here", "zone": "Europe/Berlin"}
    assert client.post(address, data=data).status_code == 303
    assert client.post(address, data=data).status_code == 303
    with database.reading() as session:
        entries = session.scalars(select(Audit)).all()
    assert [(each.before, each.after) for each in entries] == [
        ({"title": "Here", "zone": "Asia/Shanghai"}, {"title": "这里 | Here", "zone": "Europe/Berlin"})
    ]


def test_a_course_kept_by_a_file_says_so(client_of: ClientOf, world: Any, database: Database) -> None:
    with database.writing() as session:
        session.get_one(Course, world.here).key = "here-2026"
    for page in ("settings", "people"):
        assert (
            "workshop course show here-2026" in client_of("instructor").get(f"/teach/courses/{world.here}/{page}").text
        )


def test_an_archived_course_is_read_and_not_changed_and_comes_back_whole(
    client_of: ClientOf, world: Any, database: Database
) -> None:
    sent = world.send("owner")
    world.judge(share=1.0)
    instructor, owner = client_of("instructor"), client_of("owner")
    instructor.post(f"/teach/courses/{world.here}/people/code")
    code = course(database, world).join_code
    address = f"/teach/courses/{world.here}"
    assert instructor.post(f"{address}/archive").status_code == 303
    assert "Here" not in owner.get("/courses").text
    assert owner.get(f"/items/{world.coding}").status_code == 200
    assert owner.get(f"/submissions/{sent.submission_id}").status_code == 200
    refused = owner.post(
        f"/items/{world.coding}/submit", data={"content": "x = 1"}, headers={"Accept": "application/json"}
    )
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "archived")
    assert client_of("outsider").get(f"/join/{code}").status_code == 404
    for path in ("people/code", "people/add", "people/change", "people/links", "people/import", "settings"):
        assert instructor.post(f"{address}/{path}").status_code == 403, path
    assert instructor.get(f"{address}/people").status_code == 200
    assert "archived course" in instructor.get("/teach?lang=en").text
    assert "Bring the course back" in instructor.get(f"{address}/settings?lang=en").text
    assert instructor.post(f"{address}/archive", data={"back": "yes"}).status_code == 303
    assert "Here" in owner.get("/courses").text
    assert course(database, world).join_code == code
    assert owner.post(f"/items/{world.coding}/submit", data={"content": "x = 1"}).status_code == 303


def test_guests_find_nothing_of_an_archived_course(client_of: ClientOf, world: Any, database: Database) -> None:
    from webapp.models import AssignmentItem

    with database.writing() as session:
        session.get_one(AssignmentItem, world.coding).is_open = True
    client = client_of(None)
    assert client.get(f"/try/{world.coding}").status_code == 200
    with database.writing() as session:
        keeping.archive(session, world.here, world.people["instructor"], utc_now(), over=True)
    assert client.get(f"/try/{world.coding}").status_code == 404
    assert f"/try/{world.coding}" not in client.get("/").text


def test_accounts_are_found_and_administrators_made(client_of: ClientOf, world: Any, database: Database) -> None:
    client = client_of("admin")
    page = client.get("/admin?q=OWNER+example&lang=en").text
    assert "1 account" in page
    assert "owner@example.org" in page
    assert "No account has these words" in client.get("/admin?q=%25&lang=en").text
    owner = world.people["owner"]
    assert client.post(f"/admin/accounts/{owner}/administrator").status_code == 303
    assert client_of("owner").get("/admin").status_code == 200
    assert client.post(f"/admin/accounts/{owner}/administrator", data={"off": "yes"}).status_code == 303
    assert client_of("owner").get("/admin").status_code == 404
    with database.reading() as session:
        assert session.scalars(select(Audit.action).order_by(Audit.id)).all() == ["account-admin", "account-no-admin"]


def test_the_last_administrator_stays(client_of: ClientOf, world: Any, database: Database) -> None:
    admin = world.people["admin"]
    answer = client_of("admin").post(f"/admin/accounts/{admin}/administrator?lang=en", data={"off": "yes"})
    assert answer.status_code == 409
    assert "last administrator" in answer.text
    with database.reading() as session:
        assert session.get_one(User, admin).is_admin


def test_a_link_for_a_new_password_ends_the_old_sessions_once_it_is_used(
    client_of: ClientOf, world: Any, app: Any
) -> None:
    page = client_of("admin").post(f"/admin/accounts/{world.people['owner']}/link").text
    link = page.partition("/invitation/")[2].partition('"')[0]
    before = client_of("owner")
    assert before.get("/courses").status_code == 200
    data = {"name": "Owner", "password": "four other plain words"}
    assert app.test_client().post(f"/invitation/{link}", data=data).status_code == 303
    assert before.get("/courses").status_code == 302


def test_somebody_is_signed_out_everywhere(client_of: ClientOf, world: Any) -> None:
    before = client_of("owner")
    assert client_of("admin").post(f"/admin/accounts/{world.people['owner']}/sign-out").status_code == 303
    assert before.get("/courses").status_code == 302


def test_guests_are_no_accounts(client_of: ClientOf, database: Database) -> None:
    from webapp.guests import service as guests

    with database.writing() as session:
        guest = guests.begin(session, None, utc_now()).id
    client = client_of("admin")
    for act in ("administrator", "sign-out", "link"):
        assert client.post(f"/admin/accounts/{guest}/{act}").status_code == 404


def test_the_first_administrator_is_made_on_the_command_line(settings: Settings, database: Database) -> None:
    data = ["--data", str(settings.data)]
    made = CliRunner().invoke(admin_command, ["New@example.org", "--address", "https://x.example/", *data])
    assert made.exit_code == 0, made.output
    assert "https://x.example/invitation/" in made.output
    again = CliRunner().invoke(admin_command, ["owner@example.org", *data])
    assert "invitation" not in again.output
    with database.reading() as session:
        admins = session.scalars(select(User.email).where(User.is_admin).order_by(User.email)).all()
        assert admins == ["admin@example.org", "new@example.org", "owner@example.org"]
        assert accounts.authenticate(session, "new@example.org", "") is None
    for email in ("new@example.org", "owner@example.org"):
        assert CliRunner().invoke(admin_command, [email, "--off", *data]).exit_code == 0
    last = CliRunner().invoke(admin_command, ["admin@example.org", "--off", *data])
    assert "last administrator" in str(last.exception)
    assert "no email address" in str(CliRunner().invoke(admin_command, ["nobody", *data]).exception)

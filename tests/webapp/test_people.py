"""The people of a course: what instructors may do with them, and what nobody may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from webapp.account import service as accounts
from webapp.courses import membership
from webapp.courses.membership import Refused, refusals
from webapp.models import Audit, Course, Database, Membership, Role, Submission, User

ClientOf = Callable[[str | None], FlaskClient]
S, A, I = Role.STUDENT, Role.ASSISTANT, Role.INSTRUCTOR  # noqa: E741


def people(world: Any, path: str = "") -> str:
    return f"/teach/courses/{world.here}/people{path}"


def role_of(database: Database, world: Any, who: str) -> str | None:
    with database.reading() as session:
        found = session.get(Membership, (world.here, world.people[who]))
        return found.role if found else None


def actions(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Audit.action).order_by(Audit.id)))


def put(session: Session, course_id: int, email: str, role: Role = S, **more: Any) -> User:
    user = accounts.create(session, email, "", None)
    session.add(Membership(course_id=course_id, user_id=user.id, role=role, **more))
    return user


@pytest.mark.parametrize(
    ("roles", "changes", "refused"),
    [
        ({1: I, 2: S}, {2: A}, {}),
        ({1: I, 2: S}, {1: S}, {1: Refused.SELF}),
        ({1: I, 2: I}, {1: S}, {1: Refused.SELF}),
        ({1: I, 2: I}, {1: None}, {}),
        ({1: I, 2: S}, {1: None}, {1: Refused.LAST}),
        ({1: S, 2: I}, {1: I}, {1: Refused.SELF}),
        ({2: I, 3: I}, {2: S, 3: None}, {2: Refused.LAST, 3: Refused.LAST}),
        ({2: I, 3: S}, {2: S, 3: I}, {}),
        ({2: S}, {3: I}, {}),
        ({2: S}, {2: None}, {}),
    ],
)
def test_nobody_changes_their_own_role_and_an_instructor_stays(
    roles: dict[int, Role], changes: dict[int, Role | None], refused: dict[int, Refused]
) -> None:
    assert refusals(roles, changes, actor_id=1) == refused


def test_a_role_is_changed_and_written_down(client_of: ClientOf, world: Any, database: Database) -> None:
    chosen = [world.people["owner"], world.people["classmate"]]
    answer = client_of("instructor").post(people(world, "/change"), data={"user": chosen, "action": "assistant"})
    assert answer.status_code == 303
    assert (role_of(database, world, "owner"), role_of(database, world, "classmate")) == ("assistant", "assistant")
    with database.reading() as session:
        entries = session.scalars(select(Audit).order_by(Audit.id)).all()
    assert [(each.action, each.course_id, each.before, each.after) for each in entries] == [
        ("member-role", world.here, {"role": "student"}, {"role": "assistant"})
    ] * 2


def test_where_one_may_not_be_changed_none_is(client_of: ClientOf, world: Any, database: Database) -> None:
    client = client_of("instructor")
    chosen = [world.people["owner"], world.people["instructor"]]
    client.post(people(world, "/change"), data={"user": chosen, "action": "student"})
    client.post(people(world, "/change"), data={"user": chosen, "action": "remove", "sure": "yes"})
    assert role_of(database, world, "instructor") == "instructor"
    assert role_of(database, world, "owner") == "student"
    assert actions(database) == []
    assert "last instructor stays" in client.get(people(world, "?lang=en")).text


def test_leaving_is_asked_once_more_takes_nothing_and_is_undone_by_coming_back(
    client_of: ClientOf, world: Any, database: Database
) -> None:
    world.send("owner")
    world.judge(share=1.0)
    client, data = client_of("instructor"), {"user": world.people["owner"], "action": "remove"}
    asked = client.post(people(world, "/change?lang=en"), data=data)
    assert asked.status_code == 200
    assert "Nothing is lost" in asked.text
    assert role_of(database, world, "owner") == "student"
    assert client.post(people(world, "/change"), data=data | {"sure": "yes"}).status_code == 303
    assert role_of(database, world, "owner") is None
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 1
    added = client.post(people(world, "/add"), data={"email": "OWNER@example.org ", "name": "Other", "role": "student"})
    assert added.status_code == 303
    page = client.get(people(world)).text
    row = page[page.index("owner@example.org") :]
    assert '<td class="number" data-label="' in row
    with database.reading() as session:
        assert session.get_one(User, world.people["owner"]).name == "Owner"
    assert actions(database) == ["member-remove", "member-add"]


@pytest.mark.parametrize("user", ["0", "-1", "abc", "99999999999999999999", "٣", "2147483648"])
def test_who_is_no_member_is_passed_over(client_of: ClientOf, world: Any, database: Database, user: str) -> None:
    chosen = [user, str(world.people["stranger"])]
    answer = client_of("instructor").post(people(world, "/change"), data={"user": chosen, "action": "instructor"})
    assert answer.status_code == 303
    assert actions(database) == []
    with database.reading() as session:
        assert session.get(Membership, (world.here, world.people["stranger"])) is None


@pytest.mark.parametrize("action", ["", "owner", "admin", "links; drop"])
def test_an_action_nobody_offers_does_nothing(client_of: ClientOf, world: Any, database: Database, action: str) -> None:
    data = {"user": world.people["owner"], "action": action}
    assert client_of("instructor").post(people(world, "/change"), data=data).status_code == 303
    assert actions(database) == []


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        ({"email": "nobody"}, 400, "no email address"),
        ({"email": ""}, 400, "fill this in"),
        ({"email": "a@example.org", "name": "x" * 101}, 400, "at most 100"),
        ({"email": "a@example.org", "role": "admin"}, 400, ""),
        ({"email": "Owner@example.org"}, 409, "in the course already"),
    ],
)
def test_what_is_wrong_with_one_person_is_said(
    client_of: ClientOf, world: Any, database: Database, data: dict[str, str], status: int, said: str
) -> None:
    answer = client_of("instructor").post(people(world, "/add?lang=en"), data={"role": "student"} | data)
    assert answer.status_code == status
    assert said in answer.text
    assert actions(database) == []


def test_links_are_for_people_without_a_password_and_lead_in(
    client_of: ClientOf, world: Any, database: Database, app: Any
) -> None:
    with database.writing() as session:
        put(session, world.here, "new@example.org")
    client = client_of("instructor")
    page = client.post(people(world, "/links")).text
    assert page.count("/invitation/") == 1
    link = page.partition("/invitation/")[2].partition('"')[0]
    assert "new@example.org" in app.test_client().get(f"/invitation/{link}").text
    table = client.post(people(world, "/links"), data={"as": "csv"})
    assert table.mimetype == "text/csv"
    assert "new@example.org,,http://localhost/invitation/" in table.text
    with_password = client.post(
        people(world, "/change?lang=en"), data={"user": world.people["owner"], "action": "links"}
    )
    assert "/invitation/" not in with_password.text
    assert "has a password" in with_password.text


def test_no_link_leads_into_a_course_of_other_instructors(client_of: ClientOf, world: Any, database: Database) -> None:
    with database.writing() as session:
        user = put(session, world.elsewhere, "their-instructor@example.org", I)
        session.add(Membership(course_id=world.here, user_id=user.id, role=S))
        keeper = put(session, world.here, "keeper@example.org")
        keeper.is_admin = True
        chosen = {"user": [user.id, keeper.id], "action": "links"}
    page = client_of("instructor").post(people(world, "/change?lang=en"), data=chosen).text
    assert "/invitation/" not in page
    assert page.count("an administrator makes the link") == 2
    assert client_of("admin").post(people(world, "/change"), data=chosen).text.count('value="http') == 2


def test_a_new_code_ends_the_old_one_and_none_ends_both(client_of: ClientOf, world: Any, database: Database) -> None:
    client, codes = client_of("instructor"), []
    for data in ({}, {}, {"off": "yes"}):
        assert client.post(people(world, "/code"), data=data).status_code == 303
        with database.reading() as session:
            codes.append(session.get_one(Course, world.here).join_code)
    assert codes[2] is None
    assert codes[0] != codes[1]
    with database.reading() as session:
        assert [membership.with_code(session, code) for code in codes[:2]] == [None, None]
    assert actions(database) == ["course-code"] * 3


def test_the_board_shows_code_address_and_picture(client_of: ClientOf, world: Any) -> None:
    client = client_of("instructor")
    assert '<svg class="qr"' not in client.get(people(world, "/board")).text
    client.post(people(world, "/code"))
    page = client_of("assistant").get(people(world, "/board")).text
    assert "localhost/join" in page
    assert '<svg class="qr"' in page
    assert "style=" not in page


@pytest.mark.parametrize("sort", ["name", "-email", "number", "role", "-joined", "sent", "-solved", "-score", "x", ""])
def test_people_are_sorted_by_whatever_column(client_of: ClientOf, world: Any, sort: str) -> None:
    page = client_of("assistant").get(people(world, f"?sort={sort}")).text
    order = [page.index(f"{who}@example.org") for who in ("classmate", "owner")]
    assert sorted(order, reverse=sort == "-email") == order


def test_a_page_of_many_asks_as_often_as_one_of_few(
    client_of: ClientOf, world: Any, database: Database, app: Any
) -> None:
    client, asked = client_of("instructor"), []
    event.listen(
        app.extensions["workshop_database"].engine, "before_cursor_execute", lambda *all_: asked.append(all_[2])
    )
    counts = []
    for size in (5, 50):
        with database.writing() as session:
            for number in range(size):
                put(session, world.here, f"many-{size}-{number}@example.org")
        asked.clear()
        assert client.get(people(world)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_export_is_read_by_the_import(client_of: ClientOf, world: Any, database: Database) -> None:
    from webapp.courses import roster

    with database.writing() as session:
        session.get_one(User, world.people["owner"]).name = "=cmd()"
    data = client_of("assistant").get(people(world, "/export")).get_data()
    assert b"'=cmd()" in data
    found = roster.read(data)
    assert {each.email for each in found.people} == {
        "classmate@example.org", "instructor@example.org", "assistant@example.org",
    }  # fmt: skip
    assert [each.text for each in found.problems] == ["'=cmd()' looks like a formula: write the plain text"]

"""Coming in: by code, with a new account, by invitation; and what strangers cannot do with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from webapp import create_app
from webapp.account import service as accounts
from webapp.courses.inviting import token_for
from webapp.courses.names import join_code_of
from webapp.models import Audit, Course, Database, Membership, User
from webapp.models.times import utc_now
from webapp.settings import Registration, Settings, from_environment

CODE = "join-here-2026"
NEW = {"name": "Li Lei", "email": "Li@Example.org", "password": "three plain words"}
ClientOf = Callable[[str | None], FlaskClient]


@pytest.fixture(autouse=True)
def code(database: Database, world: Any) -> None:
    with database.writing() as session:
        session.get_one(Course, world.here).join_code = CODE


def listed(database: Database, world: Any, email: str = "listed@example.org") -> User:
    """Somebody whom a course's file has put on the list: no password yet."""
    with database.writing() as session:
        user = accounts.create(session, email, "On the List", None)
        session.add(Membership(course_id=world.here, user_id=user.id, role="student"))
    return user


def members(database: Database, world: Any) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(Membership.course_id == world.here)) or 0


def test_who_is_signed_in_joins_with_one_click_and_twice_is_harmless(
    client_of: ClientOf, world: Any, database: Database
) -> None:
    client = client_of("outsider")
    asked = client.post("/join", data={"code": "  JOIN－here 2026 "})
    assert (asked.status_code, asked.headers["Location"]) == (303, f"/join/{CODE}")
    page = client.get(f"/join/{CODE}?lang=en").text
    assert "Join the course" in page
    assert client.get(f"/courses/{world.here}").status_code == 404
    before = members(database, world)
    for _ in range(2):
        answer = client.post(f"/join/{CODE}")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/courses/{world.here}")
    assert members(database, world) == before + 1
    assert "You are in this course already" in client.get(f"/join/{CODE}?lang=en").text
    with database.reading() as session:
        assert session.scalars(select(Audit.action)).all() == ["course-join"]


def test_looking_at_the_link_joins_nobody(client_of: ClientOf, world: Any, database: Database) -> None:
    before = members(database, world)
    client_of("outsider").get(f"/join/{CODE}")
    assert members(database, world) == before


def test_an_instructor_who_follows_the_link_stays_one(client_of: ClientOf, world: Any, database: Database) -> None:
    client_of("instructor").post(f"/join/{CODE}")
    with database.reading() as session:
        assert session.get_one(Membership, (world.here, world.people["instructor"])).role == "instructor"


def test_somebody_new_makes_an_account_and_is_in_the_course(app: Flask, world: Any, database: Database) -> None:
    client = app.test_client()
    client.set_cookie("zone", "Europe/Berlin")
    assert "Make an account" in client.get(f"/join/{CODE}?lang=en").text
    answer = client.post(f"/join/{CODE}/account", data=NEW)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/courses/{world.here}")
    assert client.get(f"/courses/{world.here}").status_code == 200
    with database.reading() as session:
        user = session.scalars(select(User).where(User.email == "li@example.org")).one()
        assert user.password_hash.startswith("$argon2id$")
        assert (user.name, user.zone, user.locale) == ("Li Lei", "Europe/Berlin", "en")
        assert session.get_one(Membership, (world.here, user.id)).role == "student"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password": "short"}, "too short"),
        ({"password": "1234567890" * 200}, "longer than"),
        ({"password": "aaaaaaaaaaaa"}, "easily guessed"),
        ({"password": "li@example.org"}, "easily guessed"),
        ({"email": "li"}, "no email address"),
        ({"email": "li@example.org\r\nBcc: all@example.org"}, "no email address"),
        ({"email": "x" * 300 + "@example.org"}, "no email address"),
        ({"name": " "}, "fill this in"),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"name": "a\u202eb"}, "at most 100 characters"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_said_beside_the_field(
    app: Flask, world: Any, database: Database, change: dict[str, str], said: str
) -> None:
    answer = app.test_client().post(f"/join/{CODE}/account?lang=en", data=NEW | change)
    assert answer.status_code == 400
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert NEW["password"] not in answer.text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(User)) == len(world.people)


def test_nobody_takes_over_an_address_that_has_an_account_or_is_on_the_list(
    app: Flask, world: Any, database: Database
) -> None:
    listed(database, world)
    answers = [
        app.test_client().post(f"/join/{CODE}/account?lang=en", data=NEW | {"email": email})
        for email in ("OWNER@example.org", "listed@example.org")
    ]
    texts = {answer.text.replace("OWNER@example.org", "").replace("owner@example.org", "") for answer in answers}
    assert {answer.status_code for answer in answers} == {409}
    assert all("open the link you were sent" in text and "ask Instructor for it" in text for text in texts)
    alike = {answer.text.partition('role="alert"')[2].partition("</ul>")[0] for answer in answers}
    assert len(alike) == 1
    with database.reading() as session:
        assert accounts.authenticate(session, "listed@example.org", NEW["password"]) is None
        assert accounts.authenticate(session, "owner@example.org", NEW["password"]) is None


def test_a_code_that_leads_nowhere_looks_like_any_other(app: Flask, world: Any) -> None:
    texts = set()
    for wrong in ("join-here-2025", "zzzzzz", "a", "<script>", "x" * 5000, "join-here-2026-", "%00", "нет"):
        answer = app.test_client().post("/join?lang=en", data={"code": wrong})
        if answer.status_code == 200:  # longer than any code
            continue
        assert answer.status_code == 404
        texts.add(answer.text.partition('role="alert">')[2].partition("<")[0])
        assert "<script>alert" not in answer.text
    assert len(texts) == 1


@pytest.mark.parametrize("address", ["/join/zzzzzz", "/join/zzzzzz/account", "/invitation/zzzzzz"])
def test_guessing_codes_is_braked_across_all_the_ways_to_try_them(settings: Settings, world: Any, address: str) -> None:
    app = create_app({**asdict(replace(settings, code_failures_per_address=3)), "WTF_CSRF_ENABLED": False})
    client = app.test_client()
    for _ in range(3):
        assert client.post("/join", data={"code": "zzzzzz"}).status_code == 404
    assert client.post(address).status_code == 429
    assert client.get("/").status_code == 200


def test_right_codes_are_not_braked_and_new_accounts_are(settings: Settings, world: Any) -> None:
    limits = replace(settings, code_failures_per_address=2, registrations_per_hour=2)
    app = create_app({**asdict(limits), "WTF_CSRF_ENABLED": False})
    for _ in range(6):
        assert app.test_client().get(f"/join/{CODE}").status_code == 200
        assert app.test_client().post(f"/join/{CODE}/account", data=NEW | {"password": "x"}).status_code == 400
    made = [
        app.test_client().post(f"/join/{CODE}/account", data=NEW | {"email": f"a{n}@example.org"}).status_code
        for n in range(3)
    ]
    assert made == [303, 303, 429]


def test_where_registration_is_closed_only_who_has_an_account_joins(settings: Settings, world: Any) -> None:
    closed = replace(settings, registration=Registration.CLOSED)
    app = create_app({**asdict(closed), "WTF_CSRF_ENABLED": False})
    client = app.test_client()
    page = client.get(f"/join/{CODE}?lang=en")
    assert 'name="password"' not in page.text
    assert "ask Instructor for a link" in page.text
    assert client.post(f"/join/{CODE}/account", data=NEW).status_code == 403
    assert from_environment({"WORKSHOP_REGISTRATION": "Closed"}).registration is Registration.CLOSED


def test_signing_in_on_the_way_leads_back_to_the_course(app: Flask, world: Any) -> None:
    client = app.test_client()
    assert f"/sign-in?next=/join/{CODE}" in client.get(f"/join/{CODE}").text
    answer = client.post(
        f"/sign-in?next=/join/{CODE}", data={"email": "outsider@example.org", "password": "correct horse"}
    )
    assert answer.headers["Location"] == f"/join/{CODE}"


def test_forged_requests_join_nobody(settings: Settings, world: Any, database: Database) -> None:
    app = create_app(asdict(settings))
    client = app.test_client()
    before = members(database, world)
    for address in (f"/join/{CODE}", f"/join/{CODE}/account", "/join"):
        assert client.post(address, data=NEW | {"code": CODE}).status_code == 400
    with client.session_transaction() as cookie, database.reading() as session:
        cookie["_user_id"] = session.get_one(User, world.people["outsider"]).get_id()
    for address in (f"/join/{CODE}", "/account", "/account/password", "/account/sign-out-everywhere"):
        assert client.post(address, data=NEW).status_code == 400
    assert members(database, world) == before


def link_of(user: User, days: float = 1) -> str:
    return f"/invitation/{token_for(user, 'only for tests', utc_now() + timedelta(days=days))}"


def test_an_invitation_sets_the_password_once(app: Flask, world: Any, database: Database) -> None:
    link = link_of(listed(database, world))
    client = app.test_client()
    page = client.get(f"{link}?lang=en")
    assert page.status_code == 200
    assert "listed@example.org" in page.text
    assert client.post(link, data={"name": "Me", "password": "short"}).status_code == 400
    answer = client.post(link, data={"name": "Me", "password": "three plain words"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/courses")
    assert client.get(f"/courses/{world.here}").status_code == 200
    for method in ("GET", "POST"):
        again = app.test_client().open(link, method=method, data={"name": "You", "password": "four other words"})
        assert again.status_code == 404
    with database.reading() as session:
        assert accounts.authenticate(session, "listed@example.org", "three plain words") is not None


def test_an_invitation_that_expired_or_was_made_up_opens_nothing(app: Flask, world: Any, database: Database) -> None:
    user = listed(database, world)
    good = link_of(user)
    with database.reading() as session:
        other = session.get_one(User, world.people["owner"])
        swapped = link_of(other)
    # In the middle of the signature: of its last letter, the lowest two bits say nothing.
    altered = good[:-9] + ("A" if good[-9] != "A" else "B") + good[-8:]
    for bad in (link_of(user, days=-1), altered, "/invitation/" + "x" * 3000):
        assert app.test_client().get(bad).status_code == 404
    signed_elsewhere = f"/invitation/{token_for(user, 'another secret', utc_now() + timedelta(days=1))}"
    assert app.test_client().get(signed_elsewhere).status_code == 404
    assert app.test_client().get(swapped).status_code == 200  # a link for who has a password: to choose a new one
    with database.writing() as session:
        session.get_one(User, world.people["owner"]).password_hash = accounts.hasher.hash("changed meanwhile")
    assert app.test_client().get(swapped).status_code == 404


def test_a_new_password_by_invitation_ends_the_old_sessions(
    app: Flask, world: Any, database: Database, client_of: ClientOf
) -> None:
    thief = client_of("owner")
    with database.reading() as session:
        link = link_of(session.get_one(User, world.people["owner"]))
    assert thief.get("/courses").status_code == 200
    app.test_client().post(link, data={"name": "Owner", "password": "three plain words"})
    assert thief.get("/courses").status_code == 302


@pytest.mark.parametrize(
    ("typed", "code_"),
    [(" Attention 2026 ", "attention-2026"), ("ＡＴＴ－２０２６", "att-2026"), ("a_b", "a-b"), ("", "")],
)
def test_a_code_is_read_as_people_type_it(typed: str, code_: str) -> None:
    assert join_code_of(typed) == code_

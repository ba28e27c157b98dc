"""One's own account: name, language, zone, password, sessions; and times in the reader's zone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp.account import service as accounts
from webapp.models import Assignment, AssignmentItem, Database, Extension, User
from webapp.models.times import utc_now
from webapp.times_shown import parts_left

PASSWORD = "correct horse"
ClientOf = Callable[[str | None], FlaskClient]


def owner(database: Database, world: Any) -> User:
    with database.reading() as session:
        return session.get_one(User, world.people["owner"])


def test_name_language_and_zone_are_kept(client_of: ClientOf, world: Any, database: Database) -> None:
    client = client_of("owner")
    answer = client.post("/account", data={"name": "  New   Name ", "lang": "zh", "zone": "new york"})
    assert answer.status_code == 303
    assert any(cookie.startswith("lang=zh") for cookie in answer.headers.getlist("Set-Cookie"))
    kept = owner(database, world)
    assert (kept.name, kept.locale, kept.zone) == ("New Name", "zh", "America/New_York")
    assert "已保存" in client.get("/account").text
    client.post("/account", data={"name": "New Name", "lang": "en", "zone": ""})
    assert owner(database, world).zone is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"zone": "Mars/Olympus"}, "No time zone is called so"),
        ({"zone": "../../etc/passwd"}, "No time zone is called so"),
        ({"zone": "x" * 10_000}, "No time zone is called so"),
        ({"name": ""}, "fill this in"),
        ({"lang": "fr"}, "Your account"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_changes(
    client_of: ClientOf, world: Any, database: Database, change: dict[str, str], said: str
) -> None:
    answer = client_of("owner").post("/account?lang=en", data={"name": "N", "lang": "en", "zone": ""} | change)
    assert answer.status_code == 400
    assert said in answer.text
    assert owner(database, world).name == "Owner"


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(
    client_of: ClientOf, world: Any, database: Database
) -> None:
    here, elsewhere = client_of("owner"), client_of("owner")
    wrong = here.post("/account/password?lang=en", data={"old": "guess", "password": "three plain words"})
    assert wrong.status_code == 400
    assert "not your password" in wrong.text
    assert here.post("/account/password", data={"old": PASSWORD, "password": "short"}).status_code == 400
    assert here.post("/account/password", data={"old": PASSWORD, "password": "owner@example.org"}).status_code == 400
    assert elsewhere.get("/courses").status_code == 200
    assert here.post("/account/password", data={"old": PASSWORD, "password": "three plain words"}).status_code == 303
    assert here.get("/courses").status_code == 200
    assert elsewhere.get("/courses").status_code == 302
    with database.reading() as session:
        assert accounts.authenticate(session, "owner@example.org", "three plain words") is not None


def test_guessing_the_old_password_of_an_open_session_is_braked(client_of: ClientOf, world: Any) -> None:
    client = client_of("owner")
    tried = [
        client.post("/account/password", data={"old": f"guess {n}", "password": "three plain words"}).status_code
        for n in range(11)
    ]
    assert tried == [400] * 10 + [429]


def test_a_copied_session_ends_when_one_signs_out_everywhere(app: Flask, world: Any, client_of: ClientOf) -> None:
    here, copy = client_of("owner"), client_of("owner")
    assert copy.get("/courses").status_code == 200
    assert here.post("/account/sign-out-everywhere").status_code == 303
    assert copy.get("/courses").status_code == 302
    assert here.get("/courses").status_code == 200
    assert (
        app.test_client().post("/sign-in", data={"email": "owner@example.org", "password": PASSWORD}).status_code == 303
    )


def set_dates(database: Database, world: Any, **values: Any) -> None:
    with database.writing() as session:
        assignment = session.get_one(Assignment, world.assignment)
        for name, value in values.items():
            setattr(assignment, name, value)


DUE = datetime(2100, 3, 1, 15, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("account", "cookie", "shown"),
    [
        (None, None, "Mon 1 Mar 2100, 23:59"),  # the course's
        (None, "Europe/Berlin", "Mon 1 Mar 2100, 16:59"),
        ("America/New_York", "Europe/Berlin", "Mon 1 Mar 2100, 10:59"),
        (None, "../../etc/passwd", "Mon 1 Mar 2100, 23:59"),
        ("Mars/Olympus", "x" * 4000, "Mon 1 Mar 2100, 23:59"),
    ],
)
def test_times_are_in_the_zone_of_the_account_the_browser_or_the_course(
    client_of: ClientOf, world: Any, database: Database, account: str | None, cookie: str | None, shown: str
) -> None:
    set_dates(database, world, due_at=DUE)
    with database.writing() as session:
        session.get_one(User, world.people["owner"]).zone = account
    client = client_of("owner")
    if cookie:
        client.set_cookie("zone", cookie)
    for address in (f"/courses/{world.here}", f"/items/{world.coding}", "/courses"):
        if shown.endswith("23:59") and address == "/courses":
            continue  # a list of courses has no zone of its own
        page = client.get(f"{address}?lang=en").text
        assert f">{shown}</time>" in page, address
        assert 'datetime="2100-03-01T15:59:00Z"' in page


def test_a_page_warns_where_the_course_s_clock_shows_another_time(
    client_of: ClientOf, world: Any, database: Database
) -> None:
    set_dates(database, world, due_at=DUE)
    client = client_of("owner")
    assert "in your zone" not in client.get(f"/courses/{world.here}?lang=en").text
    client.set_cookie("zone", "Europe/Berlin")
    page = client.get(f"/courses/{world.here}?lang=en").text
    assert "23:59 in Asia/Shanghai is 16:59 in Europe/Berlin" in page
    client.set_cookie("zone", "Asia/Singapore")
    assert "in your zone" not in client.get(f"/courses/{world.here}?lang=en").text


def words(page: str) -> str:
    """What a page says, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ({"due_at": 2 * DAY + 4.5 * HOUR}, ["2 days 4 hours left", "Your best attempt counts."]),
        ({"due_at": 1.5 * HOUR, "counts": "last"}, ["1 hour 29 minutes left", "Your last attempt counts"]),
        ({"due_at": 20.5 * HOUR / 60}, ["20 minutes left"]),
        ({"due_at": DAY, "closes_at": 3 * DAY, "late_penalty": 0.2}, ["After that, work is late and loses 20%, until"]),
        ({"due_at": DAY, "late_penalty": 0.2}, ["After that, work is late and loses 20%."]),
        ({"due_at": DAY, "closes_at": 3 * DAY}, ["Late work is taken until", "nothing is taken off"]),
        ({"due_at": DAY, "closes_at": DAY}, ["After that nothing is taken."]),
        ({"due_at": -DAY, "closes_at": DAY, "late_penalty": 0.2}, ["Late: 20% off, until", "It was due", " left"]),
        ({"due_at": -DAY}, ["Late, and nothing is taken off"]),
        ({"closes_at": DAY}, ["Open until"]),
        ({"due_at": -2 * DAY, "closes_at": -DAY}, ["Closed"]),
    ],
)
def test_what_a_date_means_is_said_on_the_course_and_on_the_item(
    client_of: ClientOf, world: Any, database: Database, dates: dict[str, Any], said: list[str]
) -> None:
    now = utc_now()
    values = {
        name: now + value if isinstance(value, timedelta) else value
        for name, value in dates.items()
        if name != "counts"
    }
    set_dates(database, world, **values, counts=dates.get("counts", "best"))
    for address in (f"/courses/{world.here}", f"/items/{world.coding}"):
        page = words(client_of("owner").get(f"{address}?lang=en").text)
        for part in said:
            assert part in page, (address, page[:1500])


def test_an_extension_says_whose_dates_these_are(client_of: ClientOf, world: Any, database: Database) -> None:
    set_dates(database, world, due_at=DUE)
    with database.writing() as session:
        extension = Extension(assignment_id=world.assignment, user_id=world.people["owner"], due_at=DUE + DAY)
        session.add(extension)
    for address in (f"/courses/{world.here}", f"/items/{world.coding}"):
        page = words(client_of("owner").get(f"{address}?lang=en").text)
        assert "Yours is extended until Tue 2 Mar 2100, 23:59." in page
        assert "Yours is extended" not in client_of("classmate").get(f"{address}?lang=en").text


def test_chinese_pages_say_it_in_chinese(client_of: ClientOf, world: Any, database: Database) -> None:
    set_dates(database, world, due_at=utc_now() + 2 * DAY + 4.5 * HOUR, late_penalty=0.2)
    page = words(client_of("owner").get(f"/courses/{world.here}?lang=zh").text)
    assert "还剩2天4小时" in page
    assert "此后算迟交，扣 20%。以得分最高的一次为准。" in page


@pytest.mark.parametrize(
    ("seconds", "parts"),
    [
        (2 * 86400 + 4 * 3600 + 59, ((2, "day"), (4, "hour"))),
        (86399, ((23, "hour"), (59, "minute"))),
        (3600, ((1, "hour"), (0, "minute"))),
        (3599, ((59, "minute"),)),
        (300, ((5, "minute"),)),
        (299.9, ((4, "minute"), (59, "second"))),
        (-5, ((0, "minute"), (0, "second"))),
    ],
)
def test_what_is_left_is_told_in_the_units_that_matter(seconds: float, parts: tuple[tuple[int, str], ...]) -> None:
    assert parts_left(seconds) == parts


def test_practice_shows_answers_to_who_asks_and_gives_no_points(
    client_of: ClientOf, world: Any, database: Database
) -> None:
    set_dates(database, world, practice=True)
    world.send("owner")
    world.judge(share=1.0)
    student = client_of("owner")
    course = words(student.get(f"/courses/{world.here}?lang=en").text)
    assert "0 of 0 points" in course
    assert "It gives no points towards the course." in course
    assert "0 of 0 points" in words(student.get("/courses?lang=en").text)
    gradebook = words(client_of("instructor").get(f"/teach/courses/{world.here}?lang=en").text)
    assert "of 0" in gradebook
    item = client_of("classmate").get(f"/items/{world.coding}?lang=en").text
    assert "Show the answer" in item
    assert "answer-fold" in item
    assert "answer-fold" not in student.get(f"/items/{world.coding}").text  # who has solved it need not ask
    for _ in range(5):
        world.send("classmate", content=f"# {_}".encode())
        world.judge(share=0.0)
    assert client_of("classmate").get(f"/items/{world.coding}?lang=en").text.count("attempts are used") == 0


def test_practice_spoils_no_verdict(client_of: ClientOf, world: Any, database: Database) -> None:
    """The description of a key point that was missed is part of the answer."""
    set_dates(database, world, practice=True)
    world.send("owner", item_id=world.words, content=b"something else")
    claim = world.judge(share=0.0)
    page = client_of("owner").get(f"/items/{world.words}?job={claim.job_id}").text
    assert "要点" not in page.partition('id="verdict"')[2]


def test_assignments_come_in_the_order_of_the_file_and_fold_when_done(
    client_of: ClientOf, world: Any, database: Database
) -> None:
    with database.writing() as session:
        first = session.get_one(Assignment, world.assignment)
        first.position, first.closes_at = 2, utc_now() - DAY
        second = Assignment(course_id=world.here, title="Second", position=1)
        session.add(second)
        session.flush()
        pinned = session.get_one(AssignmentItem, world.words)
        session.add(
            AssignmentItem(
                assignment_id=second.id, bank_id=pinned.bank_id, item=pinned.item, revision=pinned.revision,
                position=0, points=5,
            )
        )  # fmt: skip
    page = client_of("owner").get(f"/courses/{world.here}?lang=en").text
    assert page.index("Second") < page.index("First")
    assert page.count('<details class="done">') == 1


def test_a_course_without_anything_says_what_to_expect(client_of: ClientOf, world: Any, database: Database) -> None:
    assert "Join another course with its code" in client_of("outsider").get("/courses?lang=en").text
    page = client_of("outsider").get(f"/courses/{world.elsewhere}?lang=en").text
    assert "no assignments yet" in page
    with database.writing() as session:
        accounts.create(session, "alone@example.org", "Alone", PASSWORD)
    client = client_of(None)
    client.post("/sign-in", data={"email": "alone@example.org", "password": PASSWORD})
    assert "Join a course with its code" in client.get("/courses?lang=en").text

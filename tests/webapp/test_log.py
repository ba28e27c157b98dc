"""The log: every change in a sentence, found by who, what, when and any word."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from webapp import audit
from webapp.models import Database
from webapp.teach.log.sentences import ACTIONS
from webapp.teach.log.shown import difference

ClientOf = Callable[[str | None], FlaskClient]


@pytest.fixture
def entries(world: Any, database: Database, now: datetime) -> None:
    """Three in the course, one elsewhere, one of the server."""
    owner, classmate, instructor = (world.people[who] for who in ("owner", "classmate", "instructor"))
    here = {"course_id": world.here}
    with database.writing() as session:
        subject = f"course:{world.here} user:{owner}"
        changed = {"before": {"role": "student"}, "after": {"role": "assistant"}}
        audit.note(session, now, instructor, "member-role", subject, **here, **changed)
        added = {"count": 2, "people": [{"email": "a@example.org", "role": "student"}] * 2}
        audit.note(
            session, now + timedelta(days=1), instructor, "member-add", f"course:{world.here}", **here, after=added
        )
        audit.note(
            session, now + timedelta(days=2), None, "tune-harpsichord", f"item:{world.coding}", **here,
            before={"due_at": "2026-11-28T15:59:00+00:00"}, after={"due_at": None, "text": "改一改"}, reason="因为调律",
        )  # fmt: skip
        audit.note(session, now, classmate, "course-join", f"course:{world.elsewhere}", course_id=world.elsewhere)
        audit.note(session, now, world.people["admin"], "account-admin", f"user:{owner}")


def page(client: FlaskClient, world: Any, **query: str) -> str:
    return client.get(f"/teach/courses/{world.here}/log", query_string={"lang": "en"} | query).text


def test_changes_are_said_in_sentences(client_of: ClientOf, world: Any, entries: None) -> None:
    text = page(client_of("assistant"), world)
    assert "Instructor changed the role of Owner: Student → Assistant" in text
    assert "Instructor added 2 people" in text
    assert "3 entries" in text
    assert "administrator" not in text
    assert "Instructor更改了Owner的角色：学生 → 助教" in page(client_of("assistant"), world, lang="zh")


def test_an_action_nobody_has_given_words_is_still_readable(client_of: ClientOf, world: Any, entries: None) -> None:
    text = page(client_of("assistant"), world)
    assert "The command line: tune harpsichord, the item “" in text
    assert "Reason: 因为调律" in text
    assert "<del>Sat 28 Nov, 23:59</del>" in text
    assert "<ins>改一改</ins>" in text


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("action", [*ACTIONS, "<script>alert(1)</script>"])
def test_no_entry_breaks_the_page_whatever_it_holds(
    client_of: ClientOf, world: Any, database: Database, now: datetime, action: str, lang: str
) -> None:
    strange: dict[str, Any] = {"user": "x", "role": 7, "people": [{"email": "<b>"}], "count": None, "due_at": "soon"}
    with database.writing() as session:
        for subject in (
            "",
            "item:0",
            "course:99999999999 user:-1",
            "submission:7 <script>",
            f"user:{world.people['owner']}",
        ):
            for values in (None, strange):
                audit.note(
                    session, now, None, action, subject, course_id=world.here, before=values, after=values, reason="<i>"
                )  # fmt: skip
    answer = client_of("instructor").get(f"/teach/courses/{world.here}/log?lang={lang}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<i>" not in answer.text
    assert "%(" not in answer.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 3),
        ({"who": "owner"}, 1),
        ({"who": "Instructor"}, 2),
        ({"who": "nobody at all"}, 0),
        ({"who": "%"}, 0),
        ({"action": "member-add"}, 1),
        ({"action": "no-such"}, 0),
        ({"q": "调律"}, 1),
        ({"q": "改一改"}, 1),
        ({"q": "a@example.org"}, 1),
        ({"q": "role assistant"}, 1),
        ({"q": "_"}, 1),
        ({"since": "2026-11-23"}, 2),
        ({"until": "2026-11-22"}, 1),
        ({"since": "2026-11-23", "until": "2026-11-23"}, 1),
        ({"since": "yesterday", "page": "-1"}, 3),
        ({"page": "99999999999"}, 3),
    ],
)
def test_filters_leave_what_fits(
    client_of: ClientOf, world: Any, entries: None, query: dict[str, str], found: int
) -> None:
    text = page(client_of("assistant"), world, **query)
    assert text.count('class="log-line"') == found


def test_what_concerns_a_students_work_is_found_by_their_name(
    client_of: ClientOf, world: Any, database: Database, now: datetime
) -> None:
    sent = world.send("owner")
    with database.writing() as session:
        subject = f"submission:{sent.submission_id}"
        audit.note(session, now, world.people["instructor"], "grade-again", subject, course_id=world.here)
    text = page(client_of("assistant"), world, who="owner@example")
    assert "Instructor had the submission of Owner for “" in text
    assert f'href="/teach/submissions/{sent.submission_id}"' in text


def test_administrators_see_the_whole_server(client_of: ClientOf, world: Any, entries: None) -> None:
    text = client_of("admin").get("/admin/log?lang=en").text
    assert "5 entries" in text
    assert "Admin made Owner an administrator" in text
    assert "Elsewhere" in text


def test_the_export_is_what_the_filters_leave_without_formulas(
    client_of: ClientOf, world: Any, entries: None, database: Database, now: datetime
) -> None:
    with database.writing() as session:
        audit.note(session, now, None, "course-join", "course:1", course_id=world.here, reason="=1+1")
    answer = client_of("assistant").get(f"/teach/courses/{world.here}/log.csv?lang=en&who=")
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert len(rows) == 4
    assert {row["reason"] for row in rows} == {"", "因为调律", "'=1+1"}
    assert rows[0]["what"].startswith("The command line: tune harpsichord")
    only = client_of("assistant").get(f"/teach/courses/{world.here}/log.csv?action=member-role").text
    assert len(only.splitlines()) == 2


def test_a_page_of_many_asks_as_often_as_one_of_few(
    client_of: ClientOf, world: Any, database: Database, now: datetime, app: Any
) -> None:
    client, asked, counts = client_of("instructor"), [], []
    event.listen(
        app.extensions["workshop_database"].engine, "before_cursor_execute", lambda *all_: asked.append(all_[2])
    )
    for size in (5, 250):
        with database.writing() as session:
            for number in range(size):
                subject = f"course:{world.here} user:{world.people['owner']}"
                audit.note(session, now, world.people["instructor"], f"word-{number}", subject, course_id=world.here)
        asked.clear()
        assert page(client, world, who="owner", q="user").count('class="log-line"') == min(100, size)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert "Page 3 of 3" in page(client, world, page="3")


def test_values_that_are_our_own_words_are_read_in_the_pages_language(app: Any) -> None:
    after = {"scope": "counting", "revisions": {"11": "r:1", "12": "r:2"}, "source": "override", "verdict": 7}
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        told = [(each.name, each.after) for each in difference({}, after)]
    assert told == [("哪些提交", "计分的提交"), ("版本", "r:1, r:2"), ("给分者", "手动")]

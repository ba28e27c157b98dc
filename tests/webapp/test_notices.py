"""Notices: told in one transaction, read in the reader's language, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, select

from webapp.models import Database, Membership, Notice
from webapp.notices import kinds, reading
from webapp.notices.telling import tell

UNKNOWN = "Something about your work has changed."
REGRADED = {"before": 6.0, "after": 8.0, "points": 10.0, "reason": "the <b>masks</b> were wrong"}


def told(world: Any, who: str = "owner", kind: str = "regraded", **data: Any) -> None:
    with world.database.writing() as session:
        from tests.webapp.conftest import NOW

        data = {**REGRADED, "item": world.coding, "submission": 1, **data}
        subject = f"submission:{data['submission']}"
        tell(session, NOW, world.people[who], kind, data, subject=subject, course_id=world.here)


def test_a_notice_is_read_in_the_language_of_the_page(world: Any, client_of: Callable[..., Any]) -> None:
    told(world)
    client = client_of("owner")
    english = client.get("/notices?lang=en").get_data(as_text=True)
    assert "Graded again: 6 → 8 of 10 points." in english
    assert "the &lt;b&gt;masks&lt;/b&gt; were wrong" in english
    assert "<b>masks" not in english
    chinese = client.get("/notices?lang=zh").get_data(as_text=True)
    assert "已重新评分：6 → 8 分" in chinese
    assert "加权和" in chinese


def test_what_was_shown_is_no_longer_new_and_others_notices_stay_theirs(
    world: Any, client_of: Callable[..., Any], database: Database
) -> None:
    told(world)
    told(world, "classmate", reason="secret of the classmate")
    owner = client_of("owner")
    header = owner.get("/courses").get_data(as_text=True)
    assert 'class="unread"' in header
    page = owner.get("/notices").get_data(as_text=True)
    assert 'class="is-new"' in page
    assert "secret of the classmate" not in page
    assert 'class="is-new"' not in owner.get("/notices").get_data(as_text=True)
    assert 'class="unread"' not in owner.get("/courses").get_data(as_text=True)
    with database.reading() as session:
        unread = session.scalars(select(Notice.user_id).where(Notice.read_at.is_(None))).all()
    assert unread == [world.people["classmate"]]


def test_only_what_a_page_shows_becomes_old(world: Any, client_of: Callable[..., Any], database: Database) -> None:
    for _number in range(reading.A_PAGE + 3):
        told(world)
    client = client_of("owner")
    client.get("/notices")
    with database.reading() as session:
        assert reading.unread(session, world.people["owner"]) == 3
    client.get("/notices?page=2")
    with database.reading() as session:
        assert reading.unread(session, world.people["owner"]) == 0
    assert client.get("/notices?page=999").status_code == 200


def test_every_kind_has_its_words_and_an_unknown_one_breaks_nothing(
    world: Any, client_of: Callable[..., Any], database: Database, app: Any
) -> None:
    data = {**REGRADED, "state": "granted", "answer": "yes"}
    with app.test_request_context():
        for kind in ("regraded", "override", "override-withdrawn", "request-answered"):
            assert kinds.said(kind, data).sentence not in ("", UNKNOWN)
            assert kinds.said(kind, {}).sentence == UNKNOWN
        for kind in kinds.KINDS:
            assert kinds.said(kind, {}).sentence
    with database.writing() as session:
        from tests.webapp.conftest import NOW

        row = Notice(user_id=world.people["owner"], kind="of the future", subject="x", data={}, created_at=NOW)
        session.add(row)
    assert UNKNOWN in client_of("owner").get("/notices").get_data(as_text=True)
    with database.writing() as session, pytest.raises(KeyError):
        tell(session, NOW, world.people["owner"], "misspelt", {}, subject="x")


def test_who_left_the_course_still_reads_it_but_is_led_nowhere(
    world: Any, client_of: Callable[..., Any], database: Database
) -> None:
    told(world)
    client = client_of("owner")
    assert f'href="/items/{world.coding}?submission=1#verdict"' in client.get("/notices").get_data(as_text=True)
    with database.writing() as session:
        session.delete(session.get_one(Membership, (world.here, world.people["owner"])))
    page = client.get("/notices").get_data(as_text=True)
    assert "Graded again" in page
    assert "/items/" not in page


def test_a_page_of_notices_takes_as_many_queries_as_one(
    world: Any, client_of: Callable[..., Any], database: Database, app: Any
) -> None:
    def queries() -> int:
        said: list[str] = []
        engine = app.extensions["workshop_database"].engine

        def note(*told: Any) -> None:
            said.append(told[2])

        event.listen(engine, "before_cursor_execute", note)
        client_of("owner").get("/notices")
        event.remove(engine, "before_cursor_execute", note)
        return len([each for each in said if each.startswith("SELECT")])

    told(world)
    few = queries()
    for number in range(40):
        told(world, item=(world.coding, world.words)[number % 2])
    assert queries() == few


def test_a_verdict_says_what_was_told_of_it(world: Any, client_of: Callable[..., Any]) -> None:
    sent = world.send()
    world.judge(share=0.6)
    told(world, submission=sent.submission_id)
    client = client_of("owner")
    for address in (f"/items/{world.coding}", f"/submissions/{sent.submission_id}"):
        page = client.get(address).get_data(as_text=True)
        assert "Graded again: 6 → 8 of 10 points." in page
        assert "the &lt;b&gt;masks&lt;/b&gt; were wrong" in page
    assert "Graded again" not in client_of("classmate").get(f"/items/{world.coding}").get_data(as_text=True)

"""What is done before the first visitor comes."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import select

import questions
from webapp import items, warming
from webapp.models import AssignmentItem, Database


def test_items_are_read_before_anybody_asks_for_them(app: Any, world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    items._read.cache_clear()
    warming.begin(app).join(30)
    assert items._read.cache_info().currsize == 2
    monkeypatch.setattr(questions, "item_from_source", lambda _source: pytest.fail("read again"))
    with world.database.reading() as session:
        revision = session.get_one(items.Revision, _one(session))
    assert items.item_of(revision).id


def test_a_server_without_tables_starts_all_the_same(app: Any, tmp_path: Any, caplog: pytest.LogCaptureFixture) -> None:
    app.extensions["workshop_database"] = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    warming.begin(app).join(30)
    assert "warming up" in caplog.text


def test_an_item_is_read_once_however_many_ask_at_the_same_moment(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read = questions.item_from_source
    times: list[str] = []
    monkeypatch.setattr(questions, "item_from_source", lambda source: times.append(source) or read(source))
    items._read.cache_clear()
    with world.database.reading() as session:
        revision = session.get_one(items.Revision, _one(session))
    together = threading.Barrier(8)

    def ask() -> None:
        together.wait()
        items.item_of(revision)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(times) == 1


def _one(session: Any) -> str:
    return str(session.scalars(select(AssignmentItem.revision)).first())

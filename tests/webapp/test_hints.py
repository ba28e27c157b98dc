"""Hints are opened one after the other, and what is not opened is on no page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from webapp.models import HintReveal

JSON = {"Accept": "application/json"}
FIRST, SECOND = b"Think of the shapes.", b"Multiply element by element."


def reveals(world: Any) -> list[tuple[int, int]]:
    with world.database.reading() as session:
        found = session.execute(select(HintReveal.user_id, HintReveal.number).order_by(HintReveal.number))
        return [(row.user_id, row.number) for row in found]


def test_a_hint_is_on_the_page_only_after_it_was_opened(world: Any, client_of: Callable[..., Any]) -> None:
    client, address = client_of("owner"), f"/items/{world.coding}"
    page = client.get(f"{address}?lang=en").data
    assert FIRST not in page
    assert SECOND not in page
    assert b"Open hint 1 of 2" in page
    assert b"It costs no points" in page
    opened = client.post(f"{address}/hints/1", data={})
    assert opened.headers["Location"] == f"{address}#hint-1"
    page = client.get(address).data
    assert FIRST in page
    assert SECOND not in page
    assert b"Open hint 2 of 2" in page
    assert FIRST not in client_of("classmate").get(f"{address}?lang=en").data
    assert reveals(world) == [(world.people["owner"], 1)]


def test_the_next_hint_alone_is_delivered_to_a_script(world: Any, client_of: Callable[..., Any]) -> None:
    client, address = client_of("owner"), f"/items/{world.coding}/hints"
    refused = client.post(f"{address}/2", json={}, headers=JSON)
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "hint-order")
    first = client.post(f"{address}/1?lang=en", json={}, headers=JSON).get_json()["html"].encode()
    assert FIRST in first
    assert SECOND not in first
    second = client.post(f"{address}/2?lang=en", json={}, headers=JSON).get_json()["html"].encode()
    assert FIRST in second
    assert SECOND in second
    assert b"data-hint" not in second


def test_opening_a_hint_twice_is_noted_once(world: Any, client_of: Callable[..., Any]) -> None:
    client, address = client_of("owner"), f"/items/{world.coding}/hints/1"
    assert [client.post(address, json={}, headers=JSON).status_code for _ in range(3)] == [200] * 3
    assert reveals(world) == [(world.people["owner"], 1)]


@pytest.mark.parametrize("number", ["0", "3", "99999999999", "-1", "x"])
def test_a_hint_that_is_not_there_is_not_found(world: Any, client_of: Callable[..., Any], number: str) -> None:
    client = client_of("owner")
    assert client.post(f"/items/{world.coding}/hints/{number}", data={}).status_code in (404, 405)
    assert client.post(f"/items/{world.words}/hints/1", data={}).status_code == 404
    assert reveals(world) == []


def test_what_was_typed_comes_along_with_the_form_and_is_kept(world: Any, client_of: Callable[..., Any]) -> None:
    client, address = client_of("owner"), f"/items/{world.coding}"
    client.post(f"{address}/hints/1", data={"content": "half a thought", "draft_version": "0"})
    assert b"half a thought" in client.get(address).data
    client.put(f"{address}/draft", json={"content": "from the train", "version": 1})
    got = client.post(f"{address}/hints/2?lang=en", data={"content": "older page", "draft_version": "1"})
    assert got.status_code == 409
    assert b"older page" in got.data
    assert SECOND in got.data
    assert client.get(f"{address}/draft").get_json()["content"] == "from the train"

"""Downloading an item's public tests: made from what is stored, without running anything of a bank."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

HERE = {"Accept": "text/html"}


def test_an_item_page_offers_its_public_tests_and_they_come(world: Any, client_of: Callable[..., FlaskClient]) -> None:
    client = client_of("owner")
    address = f"/items/{world.coding}/public-tests.zip"
    assert address in client.get(f"/items/{world.coding}", headers=HERE).text
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "application/zip"
    assert "filename=weighted-sum-public-tests.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert {"weighted-sum/README.md", "weighted-sum/test_public.py", "weighted-sum/weighted_sum.py"} < set(files)
    assert client.get(address).data == answer.data


def test_what_is_hidden_is_not_in_the_archive(world: Any, client_of: Callable[..., FlaskClient], database: Any) -> None:
    from webapp.items import item_of
    from webapp.models import AssignmentItem

    with database.reading() as session:
        item = item_of(session.get_one(AssignmentItem, world.coding).pinned)
    answer = client_of("owner").get(f"/items/{world.coding}/public-tests.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        text = "\n".join(archive.read(name).decode() for name in archive.namelist())
    for spec in item.test_specs:
        assert (spec.name in text) is not spec.hidden
    assert item.explanation.get("en") not in text


def test_an_answer_in_words_has_no_tests_to_take_along(world: Any, client_of: Callable[..., FlaskClient]) -> None:
    client = client_of("owner")
    assert client.get(f"/items/{world.words}/public-tests.zip").status_code == 404
    assert "public-tests.zip" not in client.get(f"/items/{world.words}", headers=HERE).text


def test_no_engine_is_loaded_for_it(world: Any, client_of: Callable[..., FlaskClient], monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    assert client_of("owner").get(f"/items/{world.coding}/public-tests.zip").status_code == 200

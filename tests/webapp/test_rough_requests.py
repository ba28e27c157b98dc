"""What browsers never send and people do: every answer is a refusal in words, none is a failure of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, url_for

from webapp import create_app
from webapp.settings import Settings

JSON = {"Accept": "application/json"}
RIGHT = {"email": "owner@example.org", "password": "correct horse"}
NO_ROW = ["0", "-1", "2147483648", "9223372036854775808", "9" * 30, "9" * 4500, "٣", "1.0", "0x1"]


@pytest.mark.parametrize("number", NO_ROW)
def test_a_number_no_row_can_have_is_not_found(app: Flask, client_of: Callable[..., Any], number: str) -> None:
    student, instructor = client_of("owner"), client_of("instructor")
    for rule in app.url_map.iter_rules():
        if not rule.rule.count("<int:"):
            continue
        address = re.sub("<int:[a-z_]+>", number, rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            for client in (student, instructor):
                got = client.open(address, method=method, headers=JSON)
                assert got.status_code == 404, (method, address[:60])


@pytest.mark.parametrize("number", NO_ROW)
def test_a_query_that_names_no_row_is_left_aside(world: Any, client_of: Callable[..., Any], number: str) -> None:
    client = client_of("owner")
    for name in ("job", "submission"):
        assert client.get(f"/items/{world.coding}?{name}={number}").status_code == 200


@pytest.mark.parametrize("number", [*NO_ROW, "²", "x"])
def test_a_form_that_ticks_or_moves_no_row_is_refused_or_changes_nothing(
    world: Any, app: Flask, client_of: Callable[..., Any], number: str
) -> None:
    known = {"course_id": world.here, "assignment_id": world.assignment, "item_id": world.coding, "bank_id": "small"}
    names = ("user", "student", "item", "assignment", "line", "submission", "after", "version", "base", "order")
    form = {**dict.fromkeys(names, number), "move": f"{number}:up", "action": "student", "what": "lines"}
    client = client_of("instructor")
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.rule.startswith("/teach") and rule.arguments <= known.keys():
            with app.test_request_context():
                address = url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})
            assert client.post(address, data=form).status_code < 500, address


@pytest.mark.parametrize(
    "body",
    ["[" * 100_000, '{"content":' * 50_000, '{"version": ' + "1" * 5000 + ', "content": "x"}', "[1]", '"x"', "1e999"],
    ids=["brackets", "objects", "digits", "list", "text", "infinity"],
)
def test_json_that_is_no_form_is_refused(world: Any, client_of: Callable[..., Any], body: str) -> None:
    client = client_of("owner")
    for method, address in (("PUT", "draft"), ("POST", "draft"), ("POST", "run"), ("POST", "submit")):
        got = client.open(
            f"/items/{world.coding}/{address}",
            method=method,
            data=body,
            content_type="application/json",
            headers=JSON,
        )
        assert (got.status_code, got.get_json()["error"]["code"]) == (400, "malformed"), (method, address)


@pytest.mark.parametrize("text", ["\ud800", "a\0b", "\U0010ffff", "x" * 100_000])
def test_any_text_may_be_a_clicks_key(world: Any, client_of: Callable[..., Any], text: str) -> None:
    client = client_of("owner")
    body = json.dumps({"content": "x", "client_key": text})
    sent = [
        client.post(f"/items/{world.coding}/run", data=body, content_type="application/json", headers=JSON)
        for _ in range(2)
    ]
    assert [each.status_code for each in sent] == [202, 202]
    assert sent[0].get_json()["job"]["id"] == sent[1].get_json()["job"]["id"]


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=b", "text/plain", ""])
def test_a_body_that_cannot_be_read_holds_nothing(world: Any, client_of: Callable[..., Any], content_type: str) -> None:
    got = client_of("owner").post(
        f"/items/{world.coding}/submit",
        data=b'--b\r\nContent-Disposition: form-data; name="content"\r\n\r\n\xff',
        content_type=content_type,
        headers=JSON,
    )
    assert (got.status_code, got.get_json()["error"]["code"]) == (400, "empty")


@pytest.mark.parametrize(
    "body",
    [RIGHT, {"email": 5, "password": "x"}, {"email": "\ud800", "password": "x"}, [1, 2], "x", {"email": None}],
    ids=lambda body: type(body).__name__ + str(len(body)),
)
def test_signing_in_takes_a_form_and_nothing_else(app: Flask, world: Any, body: Any) -> None:
    assert app.test_client().post("/sign-in", json=body).status_code == 401


def test_a_file_is_no_email(app: Flask, world: Any) -> None:
    sent = {"email": (BytesIO(b"owner@example.org"), "email.txt"), "password": RIGHT["password"]}
    assert app.test_client().post("/sign-in", data=sent).status_code == 401


@pytest.mark.parametrize(
    "way",
    [
        {"json": RIGHT | {"password": "wrong"}},
        {"data": RIGHT | {"password": "wrong", "email": " OWNER@Example.org\t"}},
        {"data": RIGHT | {"password": "wrong", "email": "ow\0ner@example.org"}},
        {
            "data": RIGHT | {"password": "wrong"},
            "headers": {"X-Forwarded-For": "192.0.2.7", "Forwarded": "for=1.2.3.4"},
        },
        {"data": RIGHT | {"password": "wrong"}, "query_string": "email=somebody@example.org"},
    ],
    ids=["json", "spelling", "nul", "headers", "query"],
)
def test_no_spelling_of_a_request_escapes_the_brake(settings: Settings, world: Any, way: dict[str, Any]) -> None:
    limited = replace(settings, sign_in_failures_per_account=3, sign_in_failures_per_address=5)
    app = create_app({**asdict(limited), "WTF_CSRF_ENABLED": False})
    for _ in range(3):
        assert app.test_client().post("/sign-in", data=RIGHT | {"password": "wrong"}).status_code == 401
    answers = [app.test_client().post("/sign-in", **way).status_code for _ in range(4)]
    assert 429 in answers
    assert app.test_client().post("/sign-in", data=RIGHT).status_code == 429


@pytest.mark.parametrize("path", ["/%5cevil.example", "/%0a/evil.example", "/%09/evil.example", "/%2fevil.example"])
def test_no_link_of_a_page_that_is_not_there_leads_to_another_site(client_of: Callable[..., Any], path: str) -> None:
    for who in (None, "owner"):
        page = client_of(who).get(path)
        assert page.status_code == 404
        links = re.findall(r'(?:href|action)="([^"]*)"', page.text)
        assert len(links) > 3
        for link in links:
            assert re.match(r"/(?![/\\\s])[!-\[\]-~]*$|#|$", link), link


@pytest.mark.parametrize(
    "path",
    [
        "..%2f..%2fsettings.py",
        "%2e%2e/settings.py",
        "%00",
        "built/%00.js",
        "built/..%2f..%2f..%2fcli.js",
        "..%5ccli.py",
    ],
)
def test_files_outside_the_static_folder_are_not_found(app: Flask, path: str) -> None:
    for encoding in ("gzip", "identity"):
        assert app.test_client().get(f"/static/{path}", headers={"Accept-Encoding": encoding}).status_code == 404

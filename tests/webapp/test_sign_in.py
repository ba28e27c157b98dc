"""Signing in and out, the language, and what every response says to the browser."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest
from flask import Flask

from webapp import create_app
from webapp.account import service
from webapp.addresses import safe_next
from webapp.models import User
from webapp.settings import Settings

RIGHT = {"email": "Owner@Example.org ", "password": "correct horse"}
WRONG = {"email": "owner@example.org", "password": "wrong"}


def test_somebody_signs_in_and_out(app: Flask, world: Any) -> None:
    client = app.test_client()
    answer = client.post("/sign-in", data=RIGHT)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/courses")
    cookie = answer.headers.getlist("Set-Cookie")[0]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert client.get("/courses").status_code == 200
    assert client.get("/sign-out").status_code == 405
    client.post("/sign-out")
    assert client.get("/courses").status_code == 302


def test_a_wrong_password_and_an_unknown_account_look_the_same(app: Flask, world: Any) -> None:
    client = app.test_client()
    wrong = client.post("/sign-in?lang=en", data=WRONG)
    unknown = client.post("/sign-in?lang=en", data=WRONG | {"email": "nobody@example.org"})
    assert wrong.status_code == unknown.status_code == 401

    def sentence(body: bytes) -> bytes:
        found = re.search(rb'role="alert">(.*?)<', body)
        assert found is not None
        return found[1]

    assert sentence(wrong.data) == sentence(unknown.data)


def test_an_unknown_account_takes_as_long_as_a_wrong_password(
    database: Any, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from argon2 import PasswordHasher

    monkeypatch.setattr(service, "hasher", PasswordHasher(time_cost=2, memory_cost=16384, parallelism=1))
    service._nobody.cache_clear()
    with database.writing() as session:
        session.get_one(User, world.people["owner"]).password_hash = service.hasher.hash("x")

    def median(email: str) -> float:
        times = []
        for _ in range(5):
            started = time.perf_counter()
            with database.reading() as session:
                assert service.authenticate(session, email, "wrong") is None
            times.append(time.perf_counter() - started)
        return statistics.median(times)

    service._nobody()
    known, unknown = median("owner@example.org"), median("nobody@example.org")
    service._nobody.cache_clear()
    assert 0.4 < known / unknown < 2.5


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "evil", "/a\nb", "/\t/evil",
        "/\\/evil", "", "http:evil",
    ],
)  # fmt: skip
def test_a_sign_in_never_leads_to_another_site(app: Flask, world: Any, target: str) -> None:
    assert safe_next(target) is None
    answer = app.test_client().post("/sign-in", data=RIGHT | {"next": target})
    assert answer.headers["Location"] == "/courses"


def test_a_sign_in_leads_where_one_wanted_to_go(app: Flask, world: Any) -> None:
    client = app.test_client()
    asked = client.get(f"/items/{world.coding}?job=1")
    page = client.get(asked.headers["Location"])
    assert f'value="/items/{world.coding}?job=1"'.encode() in page.data
    answer = client.post("/sign-in", data=RIGHT | {"next": f"/items/{world.coding}"})
    assert answer.headers["Location"] == f"/items/{world.coding}"


def test_only_failures_are_braked_and_per_account(settings: Settings, world: Any) -> None:
    limited = replace(settings, sign_in_failures_per_account=3)
    app = create_app({**asdict(limited), "WTF_CSRF_ENABLED": False})
    for _ in range(6):
        assert app.test_client().post("/sign-in", data=RIGHT).status_code == 303
    for _ in range(3):
        assert app.test_client().post("/sign-in", data=WRONG).status_code == 401
    braked = app.test_client().post("/sign-in?lang=en", data=RIGHT)
    assert braked.status_code == 429
    assert int(braked.headers["Retry-After"]) > 0
    assert b"Wait a little" in braked.data
    other = RIGHT | {"email": "classmate@example.org"}
    assert app.test_client().post("/sign-in", data=other).status_code == 303


def test_a_new_password_ends_old_sessions(world: Any, client_of: Callable[..., Any]) -> None:
    client = client_of("owner")
    assert client.get("/courses").status_code == 200
    with world.database.writing() as session:
        session.get_one(User, world.people["owner"]).password_hash = service.hasher.hash("another")
    assert client.get("/courses").status_code == 302


def test_a_session_cookie_of_rubbish_is_nobody(app: Flask, world: Any) -> None:
    for rubbish in ("", "1", "x.y", "1.0000000000000000", "²."):
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = rubbish
        assert client.get("/courses").status_code == 302


@pytest.fixture
def guarded(settings: Settings, world: Any) -> Flask:
    """The application as it is served: with tokens against forged requests."""
    return create_app(asdict(settings))


def test_a_forged_request_does_nothing(guarded: Flask, world: Any) -> None:
    client = guarded.test_client()
    assert client.post("/sign-in", data=RIGHT).status_code == 400
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/sign-in").text)
    assert token is not None
    assert client.post("/sign-in", data=RIGHT | {"csrf_token": token[1]}).status_code == 303
    item = f"/items/{world.coding}"
    for address in (f"{item}/submit", f"{item}/run", f"{item}/draft", "/sign-out", "/language"):
        assert client.post(address, data={"content": "x"}).status_code == 400, address
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get(item).text)
    assert token is not None
    headers = {"X-CSRFToken": token[1], "Accept": "application/json"}
    assert client.put(f"{item}/draft", json={"content": "x"}, headers=headers).status_code == 200
    assert client.post(f"{item}/run", json={"content": "x"}, headers=headers).status_code == 202


def test_a_script_whose_session_ended_is_told_to_sign_in(guarded: Flask, world: Any) -> None:
    answer = guarded.test_client().put(
        f"/items/{world.coding}/draft", json={"content": "x"}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 401
    assert answer.get_json()["error"]["code"] == "signed-out"
    assert answer.get_json()["error"]["sign_in"] == f"/sign-in?next=/items/{world.coding}"


def test_every_response_carries_the_policy(client_of: Callable[..., Any], world: Any) -> None:
    client, nonces = client_of("owner"), set()
    for address in ("/courses", f"/items/{world.coding}", "/nowhere", "/static/icon.svg", "/healthz"):
        answer = client.get(address)
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'nonce-")
        assert "unsafe" not in policy
        for part in ("base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'", "connect-src 'self'"):
            assert part in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        found = re.search(r"nonce-([^']+)'", policy)
        assert found is not None
        nonces.add(found[1])
        for used in re.findall(r'nonce="([^"]+)"', answer.text):
            assert used == found[1]
    assert len(nonces) == 5
    assert client.get("/courses").headers["Cache-Control"] == "no-store"
    assert "no-store" not in client.get("/static/icon.svg").headers["Cache-Control"]


def test_no_page_has_inline_styles_or_handlers(client_of: Callable[..., Any], world: Any) -> None:
    world.send()
    world.judge(share=0.6)
    for who, address in (
        ("owner", "/courses"), ("owner", f"/courses/{world.here}"), ("owner", f"/items/{world.coding}"),
        ("instructor", f"/teach/courses/{world.here}"), ("instructor", "/teach/banks"), (None, "/sign-in"),
    ):  # fmt: skip
        body = client_of(who).get(address).text
        assert not re.search(r"<[^>]+\s(style|on\w+)=", body), address
        assert all("nonce=" in tag or "json" in tag for tag in re.findall(r"<script[^>]*>", body)), address


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("GET", "/nowhere", 404), ("GET", "/sign-out", 405), ("POST", "/sign-in", 413), ("GET", "/broken", 500)],
)
def test_failures_are_pages_in_both_languages_without_a_traceback(
    settings: Settings, world: Any, lang: str, method: str, address: str, status: int
) -> None:
    app = create_app({**asdict(settings), "WTF_CSRF_ENABLED": False})

    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("a secret of ours")

    body = {"data": {"email": "x" * 2_000_000}} if status == 413 else {}
    answer = app.test_client().open(f"{address}?lang={lang}", method=method, **body)
    assert answer.status_code == status
    assert f'lang="{"zh-Hans" if lang == "zh" else "en"}"' in answer.text
    assert "a secret of ours" not in answer.text
    assert "Traceback" not in answer.text
    assert bool(re.search("[\u4e00-\u9fff]", re.sub(r"中文", "", answer.text))) == (lang == "zh")
    as_json = app.test_client().open(address, method=method, headers={"Accept": "application/json"}, **body)
    assert as_json.status_code == status
    assert as_json.get_json()["error"]["message"]


def test_the_language_is_asked_for_then_remembered_then_the_accounts_then_the_browsers(
    app: Flask, world: Any, client_of: Callable[..., Any]
) -> None:
    def of(answer: Any) -> str:
        return str(answer.headers["Content-Language"])

    client = app.test_client()
    assert of(client.get("/sign-in")) == "en"
    assert of(client.get("/sign-in", headers={"Accept-Language": "fr, zh-TW;q=0.8, en;q=0.5"})) == "zh-Hans"
    assert of(client.get("/sign-in?lang=zh")) == "zh-Hans"
    assert of(client.get("/sign-in")) == "zh-Hans"
    assert of(client.get("/sign-in?lang=xx")) == "zh-Hans"
    signed_in = client_of("owner")
    back = signed_in.post("/language", data={"lang": "zh", "next": "//evil.example"})
    assert back.headers["Location"] == "/"
    another_device = client_of("owner")
    assert of(another_device.get("/courses", headers={"Accept-Language": "en"})) == "zh-Hans"


@pytest.mark.moves_tables
def test_a_database_that_is_gone_gives_words_and_no_traceback(
    settings: Settings, world: Any, client_of: Callable[..., Any]
) -> None:
    client = client_of("owner")
    with world.database.writing() as session:
        session.connection().exec_driver_sql("ALTER TABLE users RENAME TO gone")
    answer = client.get("/courses")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "safe" in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_files_everybody_gets_carry_nobodys_session(guarded: Flask, world: Any) -> None:
    client = guarded.test_client()
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/sign-in").text)
    assert token is not None
    assert client.post("/sign-in", data=RIGHT | {"csrf_token": token[1]}).status_code == 303
    for _ in range(2):
        answer = client.get("/static/icon.svg")
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert "public" in answer.headers["Cache-Control"]


def test_an_answer_that_comes_after_the_sign_out_does_not_sign_in_again(app: Flask, world: Any) -> None:
    client = app.test_client()
    client.post("/sign-in", data=RIGHT)
    for address in ("/courses", f"/items/{world.coding}", f"/items/{world.coding}/draft", "/healthz"):
        client.get(address)
        assert "Set-Cookie" not in client.get(address).headers, address
    assert "workshop=;" in client.post("/sign-out").headers["Set-Cookie"]


@pytest.mark.parametrize("secure", [False, True])
def test_cookies_keep_to_https_where_the_operator_says_so(settings: Settings, world: Any, secure: bool) -> None:
    app = create_app({**asdict(replace(settings, secure_cookies=secure)), "WTF_CSRF_ENABLED": False})
    cookies = app.test_client().post("/sign-in?lang=zh", data=RIGHT).headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert ("Secure" in cookie) is secure
        assert "HttpOnly" in cookie


@pytest.mark.parametrize(
    ("addresses", "braked"),
    [
        (["2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::3"], True),
        (["2001:db8::1", "2001:db8:0:1::1", "2001:db8:0:2::1"], False),
        (["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.1"], True),
        (["192.0.2.1", "192.0.2.2", "192.0.2.3"], False),
        (["unknown", "unknown", "unknown"], True),
    ],
)
def test_one_network_is_one_asker(settings: Settings, world: Any, addresses: list[str], braked: bool) -> None:
    limited = replace(settings, sign_in_failures_per_address=2)
    client = create_app({**asdict(limited), "WTF_CSRF_ENABLED": False}).test_client()
    for address in addresses:
        last = client.post("/sign-in", data=WRONG, environ_base={"REMOTE_ADDR": address})
    assert (last.status_code == 429) is braked


def test_nobody_alone_can_lock_somebody_else_out(
    settings: Settings, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = replace(settings, sign_in_failures_per_account=2, sign_in_failures_per_address=1000)
    client, here = create_app({**asdict(limited), "WTF_CSRF_ENABLED": False}).test_client(), time.time()
    for minute in range(30):
        monkeypatch.setattr(time, "time", lambda minute=minute: here + 61 * minute)
        for _ in range(3):
            client.post("/sign-in", data=WRONG, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert client.post("/sign-in", data=RIGHT, environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 429
    assert client.post("/sign-in", data=RIGHT, environ_base={"REMOTE_ADDR": "192.0.2.2"}).status_code == 303

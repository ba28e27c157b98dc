"""Who may ask for what: every route × everybody.  A route that is missing here fails the test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from grader.verdict import Status
from tests.webapp import reach

TO_SCRIPTS = {reach.SIGN_IN: 401}
"""What a script gets instead of a page, besides 202 for a run or a submission."""
OWN = "the_owners_own_words"
MAY_READ = {"owner", "assistant", "instructor", "admin"}
TABLE: dict[tuple[str, str], reach.Statuses] = {}
BODY: dict[tuple[str, str], dict[str, Any]] = {}
JSON_ROUTES: set[str] = set()
for each in reach.modules():
    TABLE |= each.TABLE
    BODY |= getattr(each, "BODY", {})
    JSON_ROUTES |= getattr(each, "JSON_ROUTES", set())


def routes(app: Flask) -> set[tuple[str, str]]:
    """Every method and endpoint of the application."""
    return {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_has_its_line(app: Flask) -> None:
    assert routes(app) == set(TABLE)


def test_no_route_has_two_lines() -> None:
    assert sum(len(module.TABLE) for module in reach.modules()) == len(TABLE)


def expected(method: str, endpoint: str, who: str | None, accept: str) -> int:
    """What the table says, for a page or a script."""
    status = TABLE[method, endpoint][reach.WHO.index(who)]
    if accept == "application/json" and who is None and endpoint not in ("account.home", "account.sign_in"):
        return TO_SCRIPTS.get(status, status)
    if accept == "application/json" and endpoint in ("learn.run", "learn.submit"):
        return {303: 202}.get(status, status)
    if accept == "application/json" and endpoint == "learn.hint":
        return {303: 200}.get(status, status)
    return status


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize("who", reach.WHO, ids=lambda who: who or "signed-out")
def test_everybody_gets_what_the_table_says_and_nobody_anothers_work(
    app: Flask, world: Any, client_of: Callable[..., Any], who: str | None, accept: str
) -> None:
    sent = world.send("owner", OWN.encode())
    world.judge(status=Status.UNGRADABLE)
    values = {
        "course_id": world.here,
        "item_id": world.coding,
        "submission_id": sent.submission_id,
        "job_id": sent.job_id,
        "user_id": world.people["owner"],
        "filename": "icon.svg",
        "number": 1,
        "code": "a-code-of-no-course",
        "token": "made-up",
    }
    for module in reach.modules():
        values |= module.prepare(world) if hasattr(module, "prepare") else {}
    wrong = []
    for method, endpoint in TABLE:
        rule = next(each for each in app.url_map.iter_rules() if each.endpoint == endpoint)
        with app.test_request_context():
            address = app.url_for(endpoint, **{name: values[name] for name in rule.arguments})
        client = client_of(who)
        headers = {"Accept": "application/json" if endpoint in JSON_ROUTES else accept}
        usual: dict[str, Any] = {"data": {"content": f"x = {who!r} {endpoint}"}} if method == "POST" else {}
        body = BODY.get((method, endpoint), usual)
        got = client.open(address, method=method, headers=headers, **body)
        if got.status_code != expected(method, endpoint, who, headers["Accept"]):
            wrong.append((method, endpoint, expected(method, endpoint, who, headers["Accept"]), got.status_code))
        if got.status_code == 302 and who is None and endpoint != "account.home":
            assert got.headers["Location"].startswith("/sign-in")
        assert who in MAY_READ or OWN.encode() not in got.data, (method, endpoint)
    assert wrong == []


def test_a_student_sees_nothing_of_another_ones_work(world: Any, client_of: Callable[..., Any]) -> None:
    sent = world.send("owner", b"the_owners_own_words = 1")
    world.judge(share=0.0)
    client = client_of("classmate")
    client.put(f"/items/{world.coding}/draft", json={"content": "mine"})
    item = f"/items/{world.coding}"
    for address in (item, f"/courses/{world.here}", "/courses", f"{item}/draft"):
        assert b"the_owners_own_words" not in client.get(address).data
    for address in (f"{item}?job={sent.job_id}", f"{item}?submission={sent.submission_id}"):
        assert client.get(address).status_code == 404
    assert client_of("owner").get(f"{item}/draft").get_json()["content"] == ""


def test_somebody_who_left_the_course_sees_it_no_more(world: Any, client_of: Callable[..., Any]) -> None:
    from sqlalchemy import delete

    from webapp.models import Membership

    sent = world.send("owner")
    with world.database.writing() as session:
        session.execute(delete(Membership).where(Membership.user_id == world.people["owner"]))
    client = client_of("owner")
    assert client.get(f"/submissions/{sent.submission_id}").status_code == 404
    assert client.get(f"/items/{world.coding}").status_code == 404


def test_an_administrator_teaches_everywhere(world: Any, client_of: Callable[..., Any]) -> None:
    from webapp.models import User

    with world.database.writing() as session:
        session.get_one(User, world.people["stranger"]).is_admin = True
    sent = world.send("owner")
    client = client_of("stranger")
    assert client.get(f"/teach/courses/{world.here}").status_code == 200
    assert client.get(f"/teach/submissions/{sent.submission_id}").status_code == 200

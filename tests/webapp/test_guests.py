"""Trying an open item without an account: what a guest gets, what stays shut, what is kept and what goes again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from webapp.guests import service, sessions
from webapp.models import Assignment, AssignmentItem, Base, Draft, Job, Membership, Submission, Turn, User
from webapp.models.times import utc_now

PAGE = {"Accept": "text/html"}
SCRIPT = {"Accept": "application/json"}
SIGMOID = "def weighted_sum(q): ...  # a sigmoid"


@pytest.fixture
def opened(world: Any) -> int:
    """The coding item, open to guests."""
    with world.database.writing() as session:
        session.get_one(AssignmentItem, world.coding).is_open = True
    return world.coding


@pytest.fixture
def guest(app: Flask, opened: int) -> FlaskClient:
    """A browser with a guest session."""
    client = app.test_client()
    assert client.post(f"/try/{opened}").status_code == 303
    return client


def guests_of(world: Any) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(User).where(User.is_guest)) or 0


def test_the_first_page_shows_what_is_open_and_the_way_in(app: Flask, opened: int) -> None:
    page = app.test_client().get("/", headers={**PAGE, "Accept-Language": "zh"}).text
    assert f'action="/try/{opened}"' in page
    assert 'href="/sign-in"' in page


def test_looking_begins_nothing(app: Flask, world: Any, opened: int) -> None:
    client = app.test_client()
    for address in ("/", f"/try/{opened}", f"/items/{opened}"):
        client.get(address)
    assert client.head(f"/try/{opened}").status_code == 200
    assert client.options(f"/try/{opened}").status_code == 200
    assert guests_of(world) == 0


def test_a_guest_runs_submits_and_finds_everything_again(guest: FlaskClient, world: Any, opened: int) -> None:
    sent = guest.post(f"/items/{opened}/submit", json={"content": SIGMOID, "client_key": "k"}, headers=SCRIPT)
    assert sent.status_code == 202
    job = sent.get_json()["job"]
    assert world.judge(now=utc_now(), share=0.5) is not None
    done = guest.get(f"/jobs/{job['id']}", headers=SCRIPT).get_json()
    assert (done["done"], done["status"]) == (True, "partial")
    assert guest.post(f"/items/{opened}/run", json={"content": "x = 2"}, headers=SCRIPT).status_code == 202
    assert guest.put(f"/items/{opened}/draft", json={"content": "typing"}, headers=SCRIPT).status_code == 200
    page = guest.get(f"/items/{opened}", headers=PAGE).text
    assert "typing" in page
    assert "deleted after 7 days" in page
    assert "/sign-in?next=/items/" in page
    assert "/sign-out" not in page
    assert f"/courses/{world.here}" not in page
    assert guest.get(f"/submissions/{job['submission']}", headers=PAGE).status_code == 200
    assert guest.get(f"/submissions/{job['submission']}/download").text == SIGMOID
    assert guest.get(f"/try/{opened}").headers["Location"] == f"/items/{opened}"


def test_beginning_again_is_the_same_guest(guest: FlaskClient, world: Any, opened: int) -> None:
    assert guest.post(f"/try/{opened}").headers["Location"] == f"/items/{opened}"
    assert guests_of(world) == 1


def test_no_attempt_is_a_guests_last_and_no_answer_is_shown(guest: FlaskClient, world: Any, opened: int) -> None:
    with world.database.writing() as session:
        session.get_one(AssignmentItem, opened).max_submissions = 1
        session.get_one(Assignment, world.assignment).practice = True
    for number in range(3):
        answer = guest.post(f"/items/{opened}/submit", json={"content": f"x = {number}"}, headers=SCRIPT)
        assert answer.status_code == 202
        assert world.judge(now=utc_now(), share=1.0) is not None
    answer = guest.get(f"/jobs/{answer.get_json()['job']['id']}", headers=SCRIPT).get_json()
    assert answer["status"] == "passed"
    assert answer["fragments"]["answer"] == ""
    assert "data-attempts-left" not in answer["fragments"]["progress"]


def test_guests_are_in_no_gradebook(
    guest: FlaskClient, world: Any, opened: int, client_of: Callable[..., FlaskClient]
) -> None:
    guest.post(f"/items/{opened}/submit", json={"content": "x = 1"}, headers=SCRIPT)
    world.judge(now=utc_now())
    page = client_of("instructor").get(f"/teach/courses/{world.here}", headers=PAGE).text
    assert "owner@example.org" in page
    assert service.DOMAIN not in page


# --- What stays shut --------------------------------------------------------------------------------------------------

TO_GUESTS = {
    ("GET", "static"): 200,
    ("GET", "account.home"): 200,
    ("GET", "account.sign_in"): 200,
    ("POST", "account.sign_in"): 401,
    ("POST", "account.sign_out"): 303,
    ("POST", "account.language"): 303,
    ("GET", "operations.healthz"): 200,
    ("GET", "operations.readyz"): 200,
    ("GET", "operations.metrics"): 404,
    ("GET", "guests.trial"): 303,
    ("POST", "guests.trial"): 303,
    ("GET", "history.archive"): 200,
    ("POST", "history.comparison"): 400,
    ("GET", "history.difference"): 404,
    ("GET", "history.submissions"): 200,
    ("POST", "learn.hint"): 303,
    ("GET", "joining.code"): 200,
    ("POST", "joining.code"): 200,
    ("GET", "learn.item"): 200,
    ("POST", "learn.run"): 303,
    ("POST", "learn.submit"): 303,
    ("GET", "learn.public_tests"): 200,
    ("GET", "learn.submission"): 200,
    ("GET", "learn.download"): 200,
    ("GET", "api.job"): 200,
    ("GET", "api.draft"): 200,
    ("PUT", "api.draft"): 200,
    ("POST", "api.draft"): 200,
}
"""What answers a guest.  At every other address, those that are yet to be written included, nobody is signed in."""


def requests(app: Flask, values: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Every method, endpoint and address of the application."""
    found = []
    for rule in app.url_map.iter_rules():
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **{name: values.get(name, 1) for name in rule.arguments})
        found += [(method, rule.endpoint, address) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return found


def ask(client: FlaskClient, method: str, endpoint: str, address: str) -> Any:
    body: dict[str, Any] = {} if method == "GET" else {"data": {"content": "x = 1"}}
    if endpoint == "api.draft" and method != "GET":
        body = {"json": {"content": "x"}}
    headers = SCRIPT if endpoint in ("api.job", "api.draft") else PAGE
    return client.open(address, method=method, headers=headers, **body)


def test_every_route_is_shut_to_a_guest_but_those_named_here(
    app: Flask, guest: FlaskClient, world: Any, opened: int
) -> None:
    sent = guest.post(f"/items/{opened}/submit", json={"content": "x = 0"}, headers=SCRIPT).get_json()["job"]
    values = {
        "course_id": world.here,
        "item_id": opened,
        "job_id": sent["id"],
        "submission_id": sent["submission"],
        "user_id": world.people["owner"],
        "filename": "icon.svg",
    }
    wrong = []
    asked = sorted(requests(app, values), key=lambda request: request[1] == "account.sign_out")
    for method, endpoint, address in asked:
        got = ask(guest, method, endpoint, address)
        wanted = TO_GUESTS.get((method, endpoint))
        shut = got.status_code in (401, 404) or got.headers.get("Location", "").startswith("/sign-in")
        if got.status_code != wanted if wanted else not shut:
            wrong.append((method, endpoint, got.status_code, got.headers.get("Location")))
    assert wrong == []
    assert {endpoint for _, endpoint in TO_GUESTS} >= sessions.REACH & set(app.view_functions)


def test_another_item_or_anothers_work_is_not_there(
    app: Flask, guest: FlaskClient, world: Any, opened: int, client_of: Callable[..., FlaskClient]
) -> None:
    sent = world.send("owner", b"the_owners_own_words = 1")
    other = app.test_client()
    other.post(f"/try/{opened}")
    theirs = other.post(f"/items/{opened}/run", json={"content": "x = 7"}, headers=SCRIPT).get_json()["job"]
    for job, submission in ((sent.job_id, sent.submission_id), (theirs["id"], theirs["submission"])):
        for address in (
            f"/jobs/{job}",
            f"/submissions/{submission}",
            f"/submissions/{submission}/download",
            f"/items/{opened}?job={job}",
            f"/items/{opened}?submission={submission}",
        ):
            assert guest.get(address, headers=PAGE).status_code == 404, address
    for address in (f"/items/{world.words}", f"/items/{world.words}/draft"):
        assert guest.get(address).status_code == 404
    assert guest.put(f"/items/{world.words}/draft", json={"content": "x"}).status_code == 404
    assert guest.post(f"/items/{world.words}/submit", data={"content": "x"}).status_code == 404
    assert app.test_client().post(f"/try/{world.words}").status_code == 404


@pytest.mark.parametrize("change", ["not open yet", "closed", "no longer open to guests", "taken out", "guests=off"])
def test_what_is_shut_again_is_shut_to_guests_who_had_begun(
    app: Flask, guest: FlaskClient, world: Any, opened: int, change: str
) -> None:
    sent = guest.post(f"/items/{opened}/run", json={"content": "x = 1"}, headers=SCRIPT).get_json()["job"]
    with world.database.writing() as session:
        item = session.get_one(AssignmentItem, opened)
        match change:
            case "not open yet":
                item.assignment.opens_at = utc_now() + timedelta(hours=1)
            case "closed":
                item.assignment.closes_at = utc_now() - timedelta(hours=1)
            case "no longer open to guests":
                item.is_open = False
            case "taken out":
                item.removed_at = utc_now()
    expected = {404}
    if change == "guests=off":
        from dataclasses import replace

        app.extensions["workshop_settings"] = replace(app.extensions["workshop_settings"], guests=False)
        expected = {302, 401}
        assert f"/try/{opened}" not in app.test_client().get("/").text
    for address in (f"/items/{opened}", f"/jobs/{sent['id']}", f"/submissions/{sent['submission']}"):
        assert guest.get(address, headers=PAGE).status_code in expected
    assert app.test_client().get(f"/try/{opened}").status_code == 404
    assert app.test_client().post(f"/try/{opened}").status_code == 404


def cookie_of(client: FlaskClient) -> str:
    found = client.get_cookie("workshop-guest")
    assert found is not None
    return found.value


@pytest.mark.parametrize("forge", ["cut", "swapped", "another key", "an account", "a number", "nothing"])
def test_a_forged_cookie_is_nobody(app: Flask, guest: FlaskClient, world: Any, opened: int, forge: str) -> None:
    from itsdangerous import URLSafeSerializer

    real = cookie_of(guest)
    ours = URLSafeSerializer(str(app.secret_key), salt="workshop-guest")
    value = {
        "cut": real[:-1],
        "swapped": real[1] + real[0] + real[2:],
        "another key": URLSafeSerializer("another", salt="workshop-guest").dumps(ours.loads(real)),
        "an account": ours.dumps(["owner@example.org", []]),
        "a number": ours.dumps(7),
        "nothing": "",
    }[forge]
    client = app.test_client()
    client.set_cookie("workshop-guest", value)
    answer = client.get(f"/items/{opened}", headers=PAGE)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")


def test_nobody_signs_in_as_a_guest(app: Flask, guest: FlaskClient, world: Any) -> None:
    with world.database.reading() as session:
        found = session.scalars(select(User).where(User.is_guest)).one()
    assert found.email.endswith("@guest.invalid")
    assert session.scalar(select(Membership).where(Membership.user_id == found.id)) is None
    for password in ("", "None", " "):
        answer = app.test_client().post("/sign-in", data={"email": found.email, "password": password})
        assert answer.status_code == 401


def test_a_session_planted_before_the_trial_does_not_outlive_its_beginning(app: Flask, opened: int) -> None:
    client = app.test_client()
    with client.session_transaction() as planted:
        planted["csrf_token"] = "known to somebody else"
    client.post(f"/try/{opened}")
    with client.session_transaction() as after:
        assert after.get("csrf_token") != "known to somebody else"


def test_the_cookie_is_a_days_and_no_scripts(app: Flask, opened: int, settings: Any, world: Any) -> None:
    from dataclasses import asdict

    from webapp import create_app

    header = app.test_client().post(f"/try/{opened}").headers["Set-Cookie"]
    assert re.search("workshop-guest=.*HttpOnly.*SameSite=Lax", header)
    assert "Max-Age=86400" in header
    changed = {**asdict(settings), "secure_cookies": True, "TESTING": True, "WTF_CSRF_ENABLED": False}
    secure = create_app(changed).test_client().post(f"/try/{opened}", base_url="https://localhost")
    assert re.search("__Host-workshop-guest=.*Secure.*Path=/", secure.headers["Set-Cookie"])


def test_a_guest_session_ends_after_a_day_whatever_the_browser_keeps(
    guest: FlaskClient, world: Any, opened: int
) -> None:
    with world.database.writing() as session:
        session.scalars(select(User).where(User.is_guest)).one().created_at = utc_now() - timedelta(hours=25)
    assert guest.get(f"/items/{opened}", headers=PAGE).headers["Location"].startswith("/sign-in")
    assert guest.get(f"/try/{opened}").status_code == 200


@pytest.mark.parametrize("token", [None, "forged"])
def test_a_forged_form_begins_no_trial(settings: Any, world: Any, opened: int, token: str | None) -> None:
    from dataclasses import asdict

    from webapp import create_app

    client = create_app({**asdict(settings), "TESTING": True}).test_client()
    answer = client.post(f"/try/{opened}", data={"csrf_token": token} if token else {}, headers=PAGE)
    assert answer.status_code == 400
    assert guests_of(world) == 0
    page = client.get("/", headers=PAGE).text
    honest = re.findall('name="csrf_token" value="([^"]+)"', page)[0]
    assert client.post(f"/try/{opened}", data={"csrf_token": honest}).status_code == 303
    assert client.post(f"/items/{opened}/run", data={"content": "x", "csrf_token": "forged"}).status_code == 400


# --- What strangers may use -------------------------------------------------------------------------------------------


def test_a_thousand_sessions_from_one_address_are_ten(app: Flask, world: Any, opened: int) -> None:
    answers = [app.test_client().post(f"/try/{opened}", headers=PAGE) for _ in range(1000)]
    assert [each.status_code for each in answers].count(303) == 10
    assert guests_of(world) == 10
    refused = answers[-1]
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert "within the last hour" in refused.text
    elsewhere = app.test_client().post(f"/try/{opened}", environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert elsewhere.status_code == 303


def test_all_addresses_together_begin_so_many_an_hour(app: Flask, world: Any, opened: int) -> None:
    from dataclasses import replace

    app.extensions["workshop_settings"] = replace(app.extensions["workshop_settings"], guests_per_hour=5)
    answers = [
        app.test_client().post(f"/try/{opened}", environ_base={"REMOTE_ADDR": f"198.51.100.{n}"}).status_code
        for n in range(9)
    ]
    assert answers == [303] * 5 + [429] * 4


def test_one_who_has_begun_goes_on_though_no_more_may_begin(app: Flask, guest: FlaskClient, opened: int) -> None:
    for _ in range(12):
        app.test_client().post(f"/try/{opened}")
    assert guest.post(f"/try/{opened}").status_code == 303


def test_a_guest_sends_less_often_than_a_student(guest: FlaskClient, world: Any, opened: int) -> None:
    for number in range(6):
        sent = guest.post(f"/items/{opened}/run", json={"content": f"x = {number}"}, headers=SCRIPT)
        assert sent.status_code == 202
        world.judge(now=utc_now())
    refused = guest.post(f"/items/{opened}/run", json={"content": "x = 6"}, headers=SCRIPT)
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (429, "too-often")
    assert guest.get(f"/items/{opened}/draft", headers=SCRIPT).get_json()["content"] == "x = 6"


def test_students_are_judged_before_guests_however_many_wait(app: Flask, world: Any, opened: int) -> None:
    from webapp.queue import rows
    from webapp.queue.places import Places

    refused = None
    for n in range(25):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{n}"
        client.post(f"/try/{opened}")
        refused = client.post(f"/items/{opened}/submit", json={"content": f"x = {n}"}, headers=SCRIPT)
    assert refused is not None
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (429, "guests-busy")
    assert int(refused.headers["Retry-After"]) > 0
    assert client.get(f"/items/{opened}/draft", headers=SCRIPT).get_json()["content"] == "x = 24"
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 20
    sent = world.send("owner", now=utc_now())
    with world.database.reading() as session:
        assert Places().place(session, sent.job_id) == 1
    with world.database.writing() as session:
        assert rows.claim(session, "test", utc_now(), timedelta(seconds=10)).job_id == sent.job_id


def test_what_is_refused_to_a_guest_is_a_page_with_the_text_too(app: Flask, guest: FlaskClient, opened: int) -> None:
    from dataclasses import replace

    app.extensions["workshop_settings"] = replace(app.extensions["workshop_settings"], guest_waiting_jobs=0)
    refused = guest.post(f"/items/{opened}/submit", data={"content": "my_own_words = 1"}, headers=PAGE)
    assert refused.status_code == 429
    assert "Retry-After" in refused.headers
    assert "my_own_words = 1" in refused.text
    assert "the class goes first" in refused.text


def test_guests_together_send_so_much_an_hour(app: Flask, guest: FlaskClient, world: Any, opened: int) -> None:
    from dataclasses import replace

    app.extensions["workshop_settings"] = replace(app.extensions["workshop_settings"], guest_submissions_per_hour=2)
    codes = []
    for n in range(3):
        codes.append(guest.post(f"/items/{opened}/run", json={"content": f"x = {n}"}, headers=SCRIPT).status_code)
    assert codes == [202, 202, 429]


# --- Keeping, and forgetting ------------------------------------------------------------------------------------------


def signed_in(client: FlaskClient, who: str = "owner") -> FlaskClient:
    answer = client.post("/sign-in", data={"email": f"{who}@example.org", "password": "correct horse"})
    assert answer.status_code == 303
    return client


def draft_of(client: FlaskClient, item: int) -> Any:
    return client.get(f"/items/{item}/draft", headers=SCRIPT).get_json()


def test_what_a_guest_typed_is_offered_after_signing_in_and_taken_over(guest: FlaskClient, opened: int) -> None:
    guest.put(f"/items/{opened}/draft", json={"content": SIGMOID})
    signed_in(guest)
    assert f"/try/{opened}/keep" in guest.get(f"/items/{opened}").text
    assert "a sigmoid" in guest.get(f"/try/{opened}/keep").text
    assert draft_of(guest, opened)["content"] == ""
    assert guest.post(f"/try/{opened}/keep", data={"choice": "take", "version": "0"}).status_code == 303
    assert draft_of(guest, opened)["content"] == SIGMOID
    assert f"/try/{opened}/keep" not in guest.get(f"/items/{opened}").text


def test_what_a_guest_sent_is_offered_as_text_and_no_submission_moves(
    guest: FlaskClient, world: Any, opened: int
) -> None:
    guest.post(f"/items/{opened}/submit", data={"content": SIGMOID})
    signed_in(guest)
    guest.post(f"/try/{opened}/keep", data={"choice": "take", "version": "0"})
    assert draft_of(guest, opened)["content"] == SIGMOID
    with world.database.reading() as session:
        mine = select(Submission).where(Submission.user_id == world.people["owner"])
        assert session.scalars(mine).all() == []


def test_nothing_of_the_accounts_is_replaced_unseen(
    guest: FlaskClient, opened: int, client_of: Callable[..., FlaskClient]
) -> None:
    client_of("owner").put(f"/items/{opened}/draft", json={"content": "what I had"})
    guest.put(f"/items/{opened}/draft", json={"content": SIGMOID})
    signed_in(guest)
    shown = guest.get(f"/try/{opened}/keep").text
    assert "what I had" in re.sub("<[^>]+>", "", shown)
    client_of("owner").put(f"/items/{opened}/draft", json={"content": "typed elsewhere"})
    answer = guest.post(f"/try/{opened}/keep", data={"choice": "take", "version": "1"}, follow_redirects=True)
    assert "changed elsewhere" in answer.text
    assert "typed elsewhere" in re.sub("<[^>]+>", "", answer.text)
    assert draft_of(guest, opened)["content"] == "typed elsewhere"
    guest.post(f"/try/{opened}/keep", data={"choice": "take", "version": "2"})
    assert draft_of(guest, opened)["content"] == SIGMOID


def test_what_is_left_is_offered_no_more(guest: FlaskClient, opened: int) -> None:
    guest.put(f"/items/{opened}/draft", json={"content": SIGMOID})
    signed_in(guest)
    assert guest.post(f"/try/{opened}/keep", data={"choice": "leave"}).status_code == 303
    assert f"/try/{opened}/keep" not in guest.get(f"/items/{opened}").text
    assert draft_of(guest, opened)["content"] == ""


def test_an_account_of_another_course_is_offered_nothing(guest: FlaskClient, opened: int) -> None:
    guest.put(f"/items/{opened}/draft", json={"content": SIGMOID})
    signed_in(guest, "outsider")
    assert guest.get(f"/try/{opened}/keep").status_code == 404
    assert guest.post(f"/try/{opened}/keep", data={"choice": "take"}).status_code == 404
    assert "not in the course" in guest.get(f"/try/{opened}").text
    assert "not in the course" in guest.post(f"/try/{opened}").text


def test_signing_out_leaves_no_guest_behind(guest: FlaskClient, opened: int) -> None:
    signed_in(guest)
    guest.post("/sign-out")
    assert guest.get_cookie("workshop-guest") is None


def left(world: Any) -> dict[str, int]:
    """How many rows each table has."""
    with world.database.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def test_an_old_guest_goes_with_all_it_left(guest: FlaskClient, world: Any, opened: int, app: Flask) -> None:
    from webapp.models import HintReveal

    mine = world.send("owner", now=utc_now())
    assert world.judge(now=utc_now()) is not None
    before = left(world)
    guest_id = _guest_id(world)
    guest.put(f"/items/{opened}/draft", json={"content": SIGMOID})
    guest.post(f"/items/{opened}/submit", json={"content": "x = 1"}, headers=SCRIPT)
    guest.post(f"/items/{opened}/run", json={"content": "x = 2"}, headers=SCRIPT)
    assert world.judge(now=utc_now()) is not None
    with world.database.writing() as session:
        session.add(HintReveal(user_id=guest_id, assignment_item_id=opened, number=1, revealed_at=utc_now()))
    with world.database.writing() as session:
        assert service.forget(session, utc_now() - timedelta(days=7)) == 0
        session.get_one(User, guest_id).created_at = utc_now() - timedelta(days=8)
    assert app.test_client().post(f"/try/{opened}").status_code == 303
    assert left(world) == before  # one guest gone, one come
    with world.database.reading() as session:
        assert session.get(Submission, mine.submission_id) is not None
        assert session.scalars(select(User.created_at).where(User.is_guest)).one() > utc_now() - timedelta(days=1)
        for table in (Draft, Turn):
            assert session.scalars(select(table).where(table.user_id == guest_id)).all() == []


def _guest_id(world: Any) -> int:
    with world.database.reading() as session:
        return session.scalars(select(User.id).where(User.is_guest)).one()


def test_whatever_points_at_a_person_is_forgotten_with_a_guest(world: Any) -> None:
    """A table that is added later has to be thought of in `forget` too."""
    pointing = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in ("users", "submissions", "jobs", "verdicts") and key.parent.name != "reviewer_id"
    }
    never_a_guests = {
        *("audit", "revisions", "bank_versions", "tasks", "phrasings"),  # what people who teach have done
        *("regrades", "regrade_lines", "uploads", "upload_files"),  # what a guest has sent is in none of them
    }
    with world.database.writing() as session:
        said: list[str] = []
        event.listen(world.database.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
        service.begin(session, "en", datetime(2026, 1, 1, tzinfo=utc_now().tzinfo))
        service.forget(session, utc_now())
    deleted = {match for text in said for match in re.findall(r"DELETE FROM (\w+)", text)}
    assert pointing - never_a_guests <= deleted


def test_forgetting_is_bounded_and_the_command_forgets_all(world: Any, settings: Any) -> None:
    import os
    import subprocess
    import sys

    with world.database.writing() as session:
        for _ in range(50):
            service.begin(session, None, utc_now() - timedelta(days=8))
        service.begin(session, None, utc_now())
    with world.database.writing() as session:
        assert service.forget(session, utc_now() - timedelta(days=7)) == service.AT_A_TIME
    done = subprocess.run(
        [sys.executable, "-c", "from grader.cli import main; main()", "db", "forget-guests", "--data", settings.data],
        capture_output=True,
        text=True,
        env=dict(os.environ),
    )
    assert done.stdout == "30 guests forgotten\n", done.stderr
    assert guests_of(world) == 1

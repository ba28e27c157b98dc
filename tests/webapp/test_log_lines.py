"""Lines of the log that tell a submission's whole story, and nothing of what people sent."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from webapp import create_app
from webapp.models import Database
from webapp.operations import logs, waiting
from webapp.operations.requests import network
from webapp.settings import LogForm, LogLevel, Settings


@pytest.fixture
def written(settings: Settings) -> Iterator[Callable[..., io.StringIO]]:
    """Begin a log in memory; afterwards the log is as it was."""
    root, access = logging.getLogger(), logging.getLogger(logs.ACCESS)
    before = list(root.handlers), root.level, access.level

    def begin(form: LogForm = LogForm.JSON, level: LogLevel = LogLevel.INFO, *, access_log: bool = True) -> io.StringIO:
        stream = io.StringIO()
        logs.set_up(replace(settings, log=form, log_level=level, access_log=access_log), "test", stream)
        return stream

    yield begin
    root.handlers, level, access.level = before[0], *before[1:]
    root.setLevel(level)


FORGED = "x\n2026-01-01T00:00:00.000Z ERROR web[1] forged: \r\x1b[31m\x9b2J\u2028\x85 注意力"


@pytest.mark.parametrize("form", list(LogForm))
def test_nothing_that_is_sent_can_begin_a_line_of_its_own(written: Any, form: LogForm) -> None:
    stream = written(form)
    log = logging.getLogger("anything")
    with logs.about(job=7, item=FORGED):
        log.warning("%s", FORGED)
        try:
            raise ValueError(FORGED)
        except ValueError:
            log.exception("failed")
    lines = stream.getvalue().split("\n")[:-1]
    assert not set("\x1b\x9b\u2028") & set(stream.getvalue())
    assert stream.getvalue().count("注意力") >= 2
    if form is LogForm.JSON:
        assert [json.loads(line)["job"] for line in lines] == [7, 7]
    else:
        begun = [line for line in lines if not line.startswith("    | ")]
        assert len(begun) == 2
        assert all(re.match(r"\S+Z (WARNING|ERROR) test\[\d+\] anything: ", line) for line in begun)
        assert all(" job=7 " in line for line in begun)


def test_a_submission_can_be_followed_from_the_click_to_its_verdict(
    written: Any, world: Any, settings: Settings, client_of: Callable[..., Any], pretend: Callable[..., Any]
) -> None:
    from contextlib import contextmanager

    from webapp.queue.worker import Worker

    stream = written()
    client = client_of("owner")
    answer = client.post(f"/items/{world.coding}/submit", json={"content": "secret_code = 1"},
                         headers={"Accept": "application/json"})  # fmt: skip
    job = answer.get_json()["job"]["id"]

    class Judging:
        def grade(self, item: Any, content: bytes, *, seed: int, **_rest: Any) -> Any:
            logging.getLogger("grader.grading").info("the candidate ended")
            return pretend(item, seed)

        def variants(self, item: Any) -> list[dict[str, Any]]:
            return []

    @contextmanager
    def judge() -> Iterator[Any]:
        yield Judging()

    worker = Worker(world.database, judge, settings)
    with world.database.writing() as session:
        from webapp.queue import rows

        claimed = rows.claim(session, worker.owner, logs_now(), timedelta(seconds=10))
    from webapp.queue.heart import Heart

    worker._heart = Heart(world.database, timedelta(seconds=10), 300, worker._hands)
    assert worker._work(Judging(), claimed)

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    story = [line for line in lines if line.get("job") == job]
    assert [(line["logger"], line["message"]) for line in story] == [
        ("webapp.operations.requests", "submit: accepted"),
        ("webapp.access_log", "learn.submit"),
        ("webapp.queue.worker", "taken"),
        ("grader.grading", "the candidate ended"),
        ("webapp.queue.worker", "stored"),
    ]
    assert {line["submission"] for line in story} == {story[0]["submission"]}
    assert story[0]["request"] == story[1]["request"] == answer.headers["X-Request-Id"]
    assert story[0]["user"] == story[1]["user"] == world.people["owner"]
    assert story[-1]["status"] == "passed"
    assert 0 <= story[-1]["grading"] <= story[-1]["whole"]
    for secret in ("secret_code", "owner@example.org", "Owner"):
        assert secret not in stream.getvalue()
    assert "job" not in json.loads(_line_of(stream, client, "/courses"))


def logs_now() -> Any:
    from webapp.models.times import utc_now

    return utc_now()


def _line_of(stream: io.StringIO, client: Any, path: str) -> str:
    client.get(path)
    return stream.getvalue().splitlines()[-1]


def test_a_request_s_line_holds_no_address_no_secret_and_no_query(
    written: Any, world: Any, client_of: Callable[..., Any]
) -> None:
    stream = written(LogForm.TEXT)
    client = client_of(None)
    client.get("/invitation/a-very-secret-token?password=hunter2", environ_base={"REMOTE_ADDR": "203.0.113.77"})
    client.post("/sign-in", data={"email": "owner@example.org", "password": "hunter3"})
    client_of("owner").get(f"/items/{world.coding}?q=hunter4")
    text = stream.getvalue()
    for secret in ("a-very-secret-token", "hunter", "203.0.113.77", "owner@example.org"):
        assert secret not in text
    assert "from=203.0.113.0/24" in text
    assert "rule=/items/<int:item_id> status=200" in text
    assert f"item_id={world.coding}" in text


def test_no_line_is_written_for_requests_unless_it_is_wanted(written: Any, app: Flask) -> None:
    stream = written(access_log=False)
    app.test_client().get("/readyz")
    assert stream.getvalue() == ""


def test_asking_whether_it_is_alive_leaves_no_line(written: Any, app: Flask) -> None:
    stream = written()
    app.test_client().get("/healthz")
    assert stream.getvalue() == ""


def test_a_number_from_outside_is_taken_from_our_own_proxies_only(settings: Settings) -> None:
    given = {"X-Request-Id": "abcdef-0123456789"}
    client = create_app({**asdict(settings), "TESTING": True}).test_client()
    assert client.get("/healthz", headers=given).headers["X-Request-Id"] != given["X-Request-Id"]
    behind = create_app({**asdict(replace(settings, proxies=1)), "TESTING": True}).test_client()
    assert behind.get("/healthz", headers=given).headers["X-Request-Id"] == given["X-Request-Id"]
    for bad in ("short", "x" * 65, "two words here", "注" * 9):
        sent = {"X-Request-Id": bad.encode().decode("latin-1")}
        assert re.fullmatch(r"[0-9a-f]{16}", behind.get("/healthz", headers=sent).headers["X-Request-Id"])


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("forged\n", "unknown"),
        ("", "unknown"),
    ],
)
def test_of_an_address_only_its_network_is_kept(address: str, shown: str) -> None:
    assert network(address) == shown


def test_a_failing_statement_repeats_nothing_that_was_sent(database: Database) -> None:
    from sqlalchemy.exc import IntegrityError

    from webapp.models import User
    from webapp.models.times import utc_now

    with pytest.raises(IntegrityError) as caught, database.writing() as session:
        session.add(User(email="owner@example.org", name="Somebody Secret", created_at=utc_now()))
    assert "Somebody Secret" not in str(caught.value)


def test_what_is_known_is_asked_again_after_a_while_only() -> None:
    answers = iter(range(10))
    kept = waiting.Kept(lambda: next(answers), 60.0)
    assert [kept(), kept(), kept()] == [0, 0, 0]
    fresh = waiting.Kept(lambda: next(answers), -1.0)
    assert [fresh(), fresh()] == [1, 2]

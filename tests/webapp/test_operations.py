"""What an operator sees: health with reasons, figures of every process, lines that tell a submission's whole story."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from prometheus_client import generate_latest

from webapp import create_app
from webapp.models import Database
from webapp.operations import health, logs, waiting
from webapp.operations.health import Check, State
from webapp.operations.requests import network
from webapp.operations.scraping import registry, resident_bytes, shown
from webapp.operations.waiting import RowsCollector
from webapp.queue.carrier import carrier_of
from webapp.queue.wake import Sleeper
from webapp.settings import LogForm, LogLevel, Settings


def states(report: health.Report) -> dict[str, State]:
    return {each.name: each.state for each in report.checks}


def looked(database: Database, settings: Settings) -> health.Report:
    return health.report(database, settings, carrier_of(settings, database))


# ---- health ----------------------------------------------------------------------------------------------------------


def test_without_a_worker_it_is_degraded_and_stays_in_service(database: Database, settings: Settings) -> None:
    found = looked(database, settings)
    assert (found.state, found.status) == (State.DEGRADED, 200)
    assert states(found) == {"database": State.OK, "disk": State.OK, "workers": State.DEGRADED, "queue": State.OK}
    with Sleeper(settings.wake_folder, "somebody"):
        assert looked(database, settings).state is State.OK


def test_a_long_queue_is_told_with_its_age(world: Any, settings: Settings) -> None:
    world.send()
    found = looked(world.database, settings)
    [queue] = [each for each in found.checks if each.name == "queue"]
    assert queue.state is State.DEGRADED  # the world's time is long ago
    assert re.fullmatch(r"the oldest of 1 has waited \d+ s", queue.reason)
    assert found.waiting == 1


@pytest.mark.moves_tables
def test_older_tables_and_no_database_fail(database: Database, settings: Settings, tmp_path: Path) -> None:
    from webapp import migrating

    migrating.downgrade(database, "-1")
    [check] = [each for each in looked(database, settings).checks if each.name == "database"]
    assert check.state is State.FAILED
    gone = Database(f"sqlite:///{tmp_path}")  # a folder is no database
    found = looked(gone, settings)
    assert (found.state, found.status, found.waiting) == (State.FAILED, 503, None)
    assert str(tmp_path) not in json.dumps([asdict(each) for each in found.checks])


def test_a_carrier_that_asks_a_dead_database_is_no_crash(tmp_path: Path, settings: Settings) -> None:
    class Asking:
        def living(self) -> int:
            raise OSError("no database")

    found = health.report(Database(f"sqlite:///{tmp_path}"), settings, Asking())  # type: ignore[arg-type]
    assert (found.state, found.workers) == (State.FAILED, 0)


def test_without_a_broker_it_stays_in_service_and_says_so_without_its_address(settings: Settings) -> None:
    import socket

    assert health.broker(settings) == ()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        url = f"amqp://workshop:secret@127.0.0.1:{listening.getsockname()[1]}/x"
        assert health.broker(replace(settings, broker_url=url)) == (Check("broker", State.OK),)
    [check] = health.broker(replace(settings, broker_url=url))
    assert check.state is State.DEGRADED
    assert "secret" not in check.reason
    assert health.broker(replace(settings, broker_url="amqp://host:not-a-port/"))[0].state is State.DEGRADED


@pytest.mark.parametrize(
    ("free", "state"), [(10**12, State.OK), (100 * 2**20, State.DEGRADED), (2**20, State.FAILED)]
)
def test_a_disk_that_runs_full_is_told_before_it_is(
    monkeypatch: pytest.MonkeyPatch, database: Database, settings: Settings, free: int, state: State
) -> None:
    if settings.database_url and state is State.FAILED:
        state = State.DEGRADED  # the database is on another disk, and goes on
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _where: type("Usage", (), {"free": free}))
    assert health.disk(database, settings).state is state


def test_reasons_are_for_this_machine_and_for_who_has_the_token(settings: Settings) -> None:
    app = create_app({**asdict(settings), "TESTING": True, "metrics_token": "open sesame"})
    assert app.test_client().get("/healthz").get_json() == {"status": "ok"}
    for address in ("198.51.100.7", "2001:db8::1", "nonsense", ""):
        told = app.test_client().get("/readyz", environ_base={"REMOTE_ADDR": address})
        assert (told.status_code, told.get_json()) == (200, {"status": "degraded"}), address
    for address in ("::1", "127.8.9.1", "::ffff:127.0.0.1"):
        told = app.test_client().get("/readyz", environ_base={"REMOTE_ADDR": address})
        assert set(told.get_json()) == {"status", "workers", "waiting", "checks"}
    far = {"environ_base": {"REMOTE_ADDR": "198.51.100.7"}}
    for token, keys in (("open sesame", 4), ("open", 1), ("", 1), ("注", 1)):
        given = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
        assert len(app.test_client().get("/readyz", headers=given, **far).get_json()) == keys


def test_however_many_ask_the_database_is_asked_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(
        "webapp.operations.views.report",
        lambda *_: asked.append(1) or health.Report((Check("database", State.FAILED, "x"),), 0, None),
    )
    client = app.test_client()
    assert {client.get("/readyz").status_code for _ in range(20)} == {503}
    assert len(asked) <= 2


# ---- figures ---------------------------------------------------------------------------------------------------------


def test_the_queue_s_figures_come_from_the_rows(world: Any, settings: Settings) -> None:
    from grader.verdict import Status

    world.send("owner")
    world.judge(status=Status.UNGRADABLE)
    world.send("classmate")
    figures = RowsCollector(world.database, settings, carrier_of(settings, world.database))
    text = generate_latest(registry(figures)).decode()
    assert 'workshop_queue_length{priority="0",purpose="submit"} 1.0' in text
    assert re.search(r'workshop_queue_oldest_seconds\{priority="0",purpose="submit"\} [1-9]', text)
    for line in ("workshop_up 1.0", "workshop_workers 0.0", "workshop_ungradable_open 1.0"):
        assert line in text
    assert float(re.search(r"^workshop_database_bytes (\S+)", text, re.MULTILINE)[1]) > 10_000


def test_a_database_that_does_not_answer_is_a_figure(settings: Settings, tmp_path: Path) -> None:
    gone = Database(f"sqlite:///{tmp_path}")
    text = generate_latest(registry(RowsCollector(gone, settings, carrier_of(settings, gone)))).decode()
    assert "workshop_up 0.0" in text
    assert "workshop_disk_free_bytes" in text


def test_metrics_are_shown_for_the_token_only(settings: Settings) -> None:
    app = create_app({**asdict(settings), "TESTING": True, "metrics_token": "open sesame"})
    client = app.test_client()
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer open"}).status_code == 404
    text = client.get("/metrics", headers={"Authorization": "Bearer open sesame"}).get_data(as_text=True)
    assert 'workshop_http_requests_total{endpoint="operations.metrics",method="GET",status="4xx"}' in text


def test_what_strangers_choose_makes_no_new_figures(app: Flask) -> None:
    from webapp.operations import measures

    def lines() -> set[str]:
        text = generate_latest(measures.OWN).decode()
        return {line.rsplit(" ", 1)[0] for line in text.splitlines() if line.startswith("workshop_http")}

    client = app.test_client()
    client.open("/nowhere", method="BREW")
    before = lines()
    for number in range(30):
        client.open(f"/nowhere/{number}?x={number}", method=f"BREW{number}", headers={"Host": f"h{number}.example"})
    assert lines() == before


def test_what_is_sent_and_what_is_refused_is_counted(world: Any, client_of: Callable[..., Any]) -> None:
    from webapp.operations import measures

    def count(outcome: str) -> float:
        return measures.submissions.labels("submit", outcome)._value.get()

    before = count("accepted"), count("empty")
    client = client_of("owner")
    client.post(f"/items/{world.coding}/submit", data={"content": "x = 1"})
    client.post(f"/items/{world.coding}/submit", data={"content": " "})
    assert (count("accepted"), count("empty")) == (before[0] + 1, before[1] + 1)


def test_the_port_shows_nothing_where_none_is_wanted_and_says_when_it_is_taken(settings: Settings) -> None:
    import socket
    import urllib.request

    with shown(settings) as port:
        assert port == 0
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = replace(settings, metrics_port=taken.getsockname()[1])
        with pytest.raises(Exception, match="for the figures") as caught, shown(wanted):
            pass
        assert "WORKSHOP_METRICS_PORT" in caught.value.remedy
    with shown(wanted) as port, urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        assert b"# HELP workshop_http_requests_total" in answer.read()


FAMILY = """
import sys
from webapp.operations import measures
measures.share(sys.argv[1])
for status in sys.argv[2:]:
    measures.verdict_seconds.labels("submit", status).observe(0.3)
import os; os._exit(9)
"""


def test_one_question_shows_all_processes_and_what_the_killed_ones_had_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for place, *statuses in (("worker-1", "passed"), ("worker-2", "passed", "failed"), ("worker-1", "passed")):
        subprocess.run([sys.executable, "-c", FAMILY, place, *statuses], env=environment, check=False)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    text = generate_latest(registry()).decode()
    assert 'workshop_verdict_seconds_count{purpose="submit",status="passed"} 3.0' in text
    assert 'workshop_verdict_seconds_count{purpose="submit",status="failed"} 1.0' in text
    assert len(list(tmp_path.iterdir())) == 2  # a worker that is started again takes the place of its predecessor


def test_the_memory_of_a_process_is_its_own_or_nothing() -> None:
    assert resident_bytes(os.getpid()) > 10_000_000
    assert resident_bytes(2**22 + 1) is None


# ---- the log ---------------------------------------------------------------------------------------------------------


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


FORGED = "x\n2026-01-01T00:00:00.000Z ERROR web[1] forged: \r\x1b[31m\u2028\x85 注意力"


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
    assert "\x1b" not in stream.getvalue()
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

"""Whether a server is well, with reasons: for load balancers, containers and operators."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from webapp import create_app
from webapp.models import Database
from webapp.operations import health
from webapp.operations.health import Check, State
from webapp.queue.carrier import carrier_of
from webapp.queue.wake import Sleeper
from webapp.settings import Settings


def states(report: health.Report) -> dict[str, State]:
    return {each.name: each.state for each in report.checks}


def looked(database: Database, settings: Settings) -> health.Report:
    return health.report(database, settings, carrier_of(settings, database))


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

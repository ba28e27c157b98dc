"""Figures of every process for Prometheus, in one answer."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from prometheus_client import generate_latest

from webapp import create_app
from webapp.models import Database
from webapp.operations.scraping import registry, resident_bytes, shown
from webapp.operations.waiting import RowsCollector
from webapp.queue.carrier import carrier_of
from webapp.settings import Settings


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

"""The parts of a server as services of their own: prepared once, pages alone, and a check that tells the truth."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import timedelta
from pathlib import Path

from sandbox.service import _listen
from webapp.models import Database
from webapp.operations.probe import PULSE, pages, worker
from webapp.queue.carrier import carrier_of
from webapp.queue.heart import Heart
from webapp.settings import Settings
from webapp.tasks.hands import Hands

WORKSHOP = str(Path(sys.executable).with_name("workshop"))


def call(data: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "WORKSHOP_DATA": str(data), **variables}
    return subprocess.run([WORKSHOP, *arguments], capture_output=True, text=True, env=environment, timeout=120)


def test_pages_wait_for_nobody_but_refuse_tables_that_were_not_prepared(tmp_path: Path) -> None:
    done = call(tmp_path, "cluster", "web", "--port", "0")
    assert done.returncode == 2
    assert f"{tmp_path} holds no database" in done.stderr


def test_a_server_in_parts_is_prepared_once_and_shows_its_pages(tmp_path: Path) -> None:
    first, again = call(tmp_path, "cluster", "prepare"), call(tmp_path, "cluster", "prepare")
    assert (first.returncode, again.returncode) == (0, 0), first.stderr
    assert re.fullmatch(r"student +\S+  \S+\ninstructor +\S+  \S+\n", first.stdout)
    assert again.stdout == first.stdout
    environment = {**os.environ, "WORKSHOP_DATA": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [WORKSHOP, "cluster", "web", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as web:
        try:
            assert web.stdout is not None
            port = re.fullmatch(r"pages at port (\d+)\n", web.stdout.readline())
            assert port
            with urllib.request.urlopen(f"http://127.0.0.1:{port[1]}/sign-in", timeout=30) as page:
                assert page.status == 200
            assert pages(int(port[1])) == ""
        finally:
            web.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert web.wait(30) == 0
        assert time.monotonic() - began < 20
    assert pages(int(port[1])).startswith(f"no page at port {port[1]}")


def test_a_worker_is_well_when_its_heart_beats_and_a_sandbox_answers_it(tmp_path: Path) -> None:
    (tmp_path / "sockets").mkdir()
    sockets = f"unix:{tmp_path}/sockets"
    assert worker(tmp_path, "host") == "no worker works"
    database = Database(f"sqlite:///{tmp_path}/database")
    settings = Settings(data=tmp_path)
    hands = Hands(database, settings, "somebody", carrier_of(settings, database))
    heart = Heart(database, timedelta(seconds=0.1), 60.0, hands, sign=tmp_path / PULSE)
    heart.start()
    heart.join(1.0)
    assert worker(tmp_path, "host") == ""
    assert worker(tmp_path, sockets) == f"no sandbox answers in {tmp_path}/sockets"
    with _listen(tmp_path / "sockets" / "sandbox.sock"):
        assert worker(tmp_path, sockets) == ""
        assert worker(tmp_path, f"{sockets}/sandbox.sock") == ""
    heart.stop()
    heart.join()
    os.utime(tmp_path / PULSE, (time.time() - 50, time.time() - 50))
    assert worker(tmp_path, "host") == "the worker has been silent for 50 s"
    assert worker(tmp_path, "host", lease=60.0) == ""
    database.close()


def test_the_check_of_a_container_loads_next_to_nothing(tmp_path: Path) -> None:
    code = "import sys; from sandbox import pairing; from webapp.operations import probe\n"
    code += "print(*sorted({name.partition('.')[0] for name in sys.modules} & set(sys.argv[1:])))"
    heavy = ("click", "flask", "sqlalchemy", "torch", "http", "ssl", "logging", "asyncio", "yaml")
    done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""

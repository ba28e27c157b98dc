"""The stand-ins are real: they keep what they have said to keep, and leave nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.daemons import PREFIX, alive, belonging_to, family
from tests.services.postgresql import PostgreSQL, running_postgresql
from tests.services.rabbitmq import RabbitMQ, running_rabbitmq
from tests.services.sharing import shared

ROOT = Path(__file__).parents[2]


def rows(server: PostgreSQL) -> list[tuple]:
    return server.sql("SELECT * FROM kept", "own")


def test_a_database_outlives_a_stop_a_crash_and_a_kill(postgresql: PostgreSQL) -> None:
    with running_postgresql(fsync=True) as server:
        server.create("own")
        server.sql("CREATE TABLE kept AS SELECT 1 AS number", "own")
        server.restart()
        server.restart(crash=True)
        everything = family(server.pid)
        assert len(everything) > 3
        server.kill()
        assert not any(alive(pid) for pid in everything)
        server.start()
        assert rows(server) == [(1,)]
        folder = server.folder
    assert not folder.exists()


def test_the_product_is_no_superuser(postgresql: PostgreSQL) -> None:
    assert postgresql.sql("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = 'workshop'") == [(False, True)]


def test_a_template_is_copied(postgresql: PostgreSQL) -> None:
    import psycopg

    postgresql.create("first")
    postgresql.sql("CREATE TABLE kept AS SELECT 1 AS number", "first")
    address = postgresql.create("own", template="first").replace("+psycopg", "")
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT current_user").fetchall() == [("workshop",)]
        assert postgresql.disconnect("own") == 1
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    assert rows(postgresql) == [(1,)]
    postgresql.drop("own")
    postgresql.drop("first")


def test_a_message_outlives_a_stop_and_a_kill(broker_url: str) -> None:
    from kombu import Connection

    with running_rabbitmq() as broker:
        with Connection(broker.url()) as connection:
            connection.SimpleQueue("kept").put({"job": 1})
        broker.restart()
        everything = family(broker.pid or 0)
        broker.restart(crash=True)
        assert not any(alive(pid) for pid in everything)
        with Connection(broker.url()) as connection:
            message = connection.SimpleQueue("kept").get(timeout=10)
            assert message.payload == {"job": 1}
            message.ack()
        folder = broker.folder
        assert len(belonging_to(folder)) > 2
    assert not folder.exists()
    assert belonging_to(folder) == []


def test_each_process_of_a_run_has_a_virtual_host(rabbitmq: RabbitMQ, broker_url: str) -> None:
    from kombu import Connection

    with Connection(broker_url) as mine, Connection(rabbitmq.url("gw7")) as theirs:
        mine.SimpleQueue("same").put("mine")
        with pytest.raises(theirs.SimpleQueue("same").Empty):
            theirs.SimpleQueue("same").get(timeout=0.2)
        mine.SimpleQueue("same").queue.delete()


def test_the_last_user_ends_a_shared_service(tmp_path: Path) -> None:
    said: list[str] = []
    killed = subprocess.Popen([sys.executable, "-c", "pass"])
    killed.wait()
    (tmp_path / "it.users").write_text(f"[{killed.pid}]")
    with shared(tmp_path, "it", lambda: "started", said.append) as text:
        assert text == "started"
        assert said == []
    assert said == ["started"]


def test_what_a_killed_test_process_left_is_removed_by_the_next(postgresql: PostgreSQL) -> None:
    program = (
        "import os, sys, time\n"
        "from tests.services.postgresql import running_postgresql\n"
        "with running_postgresql() as server:\n"
        "    print(server.folder, server.pid, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    alone = {name: value for name, value in os.environ.items() if name != "PYTEST_XDIST_WORKER"}  # a run of its own
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=alone, capture_output=True, text=True)
    folder, pid = done.stdout.split()
    assert Path(folder).name.startswith(PREFIX)
    assert alive(int(pid))
    with running_postgresql():
        assert not alive(int(pid))
        assert not Path(folder).exists()

"""Grading at the socket of a real container: the same verdicts, and a fork server that may die."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import questions
from grader.grading import Engine, Grader
from grader.verdict import Status
from questions.model import Item, Kind
from sandbox.client import Connection
from sandbox.placement import Host, Socket
from tests.compose.containers import ROOT, Container
from tests.ordinary_user import command_prefix

BANK = Path(questions.__file__).parent / "banks" / "attention"
ITEMS = [item for item in questions.load_bank(BANK).items if item.kind is Kind.CODING and item.servable]

HERE = """
import os
def attention_weighted_sum(values, weights):
    {body}
"""
ODD = {
    "endless": "while True: pass",
    "memory": "x = bytearray(10**10)",
    "crash": "import ctypes; ctypes.string_at(0)",
    "exit": "os._exit(0)",
    "fork": "os.fork()",
    "abort": "os.abort()",
    "write": "open('x', 'w').write('y'); open('/etc/x', 'w')",
    "wrong": "return weights",
    "right, with a file": """open('/tmp/x', 'w').write('y')
    assert os.listdir('/tmp') == ['x'] and open('x').read() == 'y'
    os.rename('/tmp/x', '/tmp/z'); os.remove('z'); assert os.listdir() == []
    return (values * weights.unsqueeze(-1)).sum(1)""",
}


@pytest.fixture(scope="module")
def engine(container: Container) -> Iterator[Engine]:
    engine = Engine(Socket(container.path))
    yield engine
    engine.close()


@pytest.fixture
def grader(engine: Engine) -> Iterator[Grader]:
    with Grader(engine) as grader:
        yield grader


@pytest.fixture(scope="module")
def host_grader() -> Iterator[Grader]:
    with Grader(Engine(Host())) as grader:
        yield grader


@pytest.mark.parametrize("item", ITEMS, ids=[item.id for item in ITEMS])
def test_a_right_submission_of_every_coding_item_passes(grader: Grader, item: Item):
    assert item.reference is not None
    verdict = grader.grade(item, item.reference.source.encode(), seed=0)
    assert (verdict.status, verdict.score) == (Status.PASSED, item.points)


@pytest.mark.parametrize("what", ODD)
def test_an_odd_submission_ends_as_on_this_machine(grader: Grader, host_grader: Grader, what: str):
    item = next(item for item in ITEMS if item.id == "attention-weighted-sum")
    item = replace(item, limits=replace(item.limits, seconds=1))
    source = HERE.format(body=ODD[what]).encode()
    there, here = grader.grade(item, source, seed=0), host_grader.grade(item, source, seed=0)
    assert (there.status, there.score, [test.status for test in there.tests]) == (
        here.status,
        here.score,
        [test.status for test in here.tests],
    )
    assert (here.status is Status.PASSED) == what.startswith("right")


def test_a_killed_fork_server_comes_back_and_grading_goes_on(container: Container, grader: Grader):
    item = ITEMS[0]
    assert grader.grade(item, item.reference.source.encode(), seed=0).status is Status.PASSED
    os.kill(fork_server(container), signal.SIGKILL)
    assert grader.grade(item, item.reference.source.encode(), seed=0).status is Status.PASSED
    assert "the fork server ended: without a word, so it was killed" in container.logs()
    assert container.inspect()["RestartCount"] == 0


def test_it_dies_with_its_candidates_and_process_1_buries_them(container: Container):
    with Connection(container.path) as connection, connection.open(), connection.open():
        assert len(container.pids()) == 5, "service, keeper, server, two candidates"
        os.kill(fork_server(container), signal.SIGKILL)
    Connection(container.path).close()
    until = time.monotonic() + 10
    while len(container.pids()) > 3 and time.monotonic() < until:
        time.sleep(0.1)
    assert len(container.pids()) == 3
    assert "defunct" not in " ".join(container.pids().values())


def fork_server(container: Container) -> int:
    if os.geteuid():
        pytest.skip("only root may kill what runs in a container")
    children = {}
    for pid in container.pids():
        parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        children.setdefault(parent, []).append(pid)
    service = int(container.inspect()["State"]["Pid"])
    (keeper,) = children[service]
    (server,) = children[keeper]
    return server


@pytest.mark.parametrize("who", ["whoever runs the tests", "an ordinary user"])
def test_the_command_line_grades_and_checks_there(container: Container, tmp_path: Path, who: str):
    for folder in (tmp_path, *tmp_path.parents[:3]):
        if folder.stat().st_uid == os.geteuid() and not folder.stat().st_mode & stat.S_ISVTX:  # never /tmp itself
            folder.chmod(0o755)
    submission = tmp_path / "mine.py"
    submission.write_text(ITEMS[0].reference.source)
    prefix = command_prefix(ROOT) if who == "an ordinary user" else []
    environment = {**os.environ, "WORKSHOP_SANDBOX": f"unix:{container.path}", "TMPDIR": "/tmp"}
    workshop = [*prefix, sys.executable, "-c", "from grader.cli import main; main()"]
    graded = subprocess.run(
        [*workshop, "grade", ITEMS[0].id, str(submission), "--json", "--no-journal"],
        capture_output=True, text=True, cwd=ROOT, env=environment,
    )  # fmt: skip
    assert graded.returncode == 0, graded.stderr
    assert json.loads(graded.stdout)["status"] == "passed"
    doctor = subprocess.run([*workshop, "doctor", "--json"], capture_output=True, text=True, cwd=ROOT, env=environment)
    assert doctor.returncode == 0, doctor.stdout
    found = json.loads(doctor.stdout)
    assert (found["chosen"], found["readiness"]["ok"]) == ("container", True)
    findings = [finding["name"] for finding in found["readiness"]["findings"]]
    assert findings == ["socket", "hello", "candidate", "measuring"]

"""`workshop serve` as people start it: real processes, the real grader, a real browserless visit."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

from sandbox.client import Sandbox
from sandbox.model import SandboxUnavailable

HERE = Path(__file__).parent
PATIENCE = 120.0
SERVE = [sys.executable, "-c", "from webapp.cli import serve; serve()"]
RIGHT = "def weighted_sum(values, weights):\n    print('here')\n    return (values * weights).sum(-1)\n"
WRONG = "def weighted_sum(values, weights):\n    return (values * weights).mean(-1)\n"


class Visitor:
    """Signs in and sends things, as a script on a page would."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.token = ""

    def get(self, path: str, **headers: str) -> str:
        """The text of a page."""
        asked = urllib.request.Request(self.base + path, headers=headers)
        text: str = self.opener.open(asked, timeout=PATIENCE).read().decode()
        if found := re.search(r'name="csrf-token" content="([^"]+)"', text):
            self.token = found[1]
        return text

    def sign_in(self, email: str, password: str) -> str:
        """The page after the sign-in."""
        self.get("/sign-in")
        form = {"email": email, "password": password, "csrf_token": self.token}
        self.opener.open(self.base + "/sign-in", urllib.parse.urlencode(form).encode(), timeout=PATIENCE)
        return self.get("/courses")

    def send(self, item: int, purpose: str, content: str) -> dict[str, Any]:
        """The job of a run or a submission once it is done."""
        asked = urllib.request.Request(
            f"{self.base}/items/{item}/{purpose}",
            json.dumps({"content": content}).encode(),
            {"Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": self.token},
        )
        job = json.loads(self.opener.open(asked, timeout=PATIENCE).read())["job"]
        end = time.monotonic() + PATIENCE
        while not job["done"] and time.monotonic() < end:
            time.sleep(job["poll_after_ms"] / 1000)
            job = json.loads(self.get(f"/jobs/{job['id']}", Accept="application/json"))
        return dict(job)


class Serving:
    """A started server: its address and the sign-ins it printed."""

    def __init__(self, data: Path, *options: str, **environment: str) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [*SERVE, "--port", "0", "--data", str(data), *options],
            env={**os.environ, "WORKSHOP_BANKS": str(HERE / "small_bank.md"), **environment},
            stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.printed = ""
        for line in self.process.stdout:
            self.printed += line
            if "Ctrl-C" in line:
                break
        self.ready = time.monotonic() - self.started
        found = re.search(r"http://localhost:(\d+)", self.printed)
        assert found is not None, self.printed
        self.base = found[0]
        self.accounts = dict(re.findall(r"(\S+@\S+)  (\S+)", self.printed))

    def end(self, number: int = signal.SIGINT) -> int:
        """Stop it the way Ctrl-C does; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def family(self) -> set[int]:
        """The processes it has started, and theirs."""
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal():
                try:
                    parent = int((entry / "stat").read_text().rsplit(") ", 1)[1].split()[1])
                except OSError:
                    continue
                children.setdefault(parent, []).append(int(entry.name))
        found, todo = set(), [self.process.pid]
        while todo:
            todo += (new := children.get(todo.pop(), []))
            found |= set(new)
        return found


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    """A server with one worker in a folder whose name has a space."""
    server = Serving(tmp_path / "my data", "--workers", "1")
    yield server
    if server.process.poll() is None:
        server.process.kill()
        server.process.wait()


@pytest.fixture(scope="module")
def confined() -> None:
    """Skips where code cannot be confined."""
    try:
        Sandbox.start().close()
    except SandboxUnavailable as missing:
        pytest.skip(str(missing))


@pytest.mark.timeout(400)
def test_from_the_sign_in_to_a_verdict_one_can_trust(serving: Serving, confined: None) -> None:
    student = Visitor(serving.base)
    email = "student@workshop.example"
    assert "Attention Workshop" in student.sign_in(email, serving.accounts[email])
    run = student.send(1, "run", RIGHT)
    assert (run["status"], run["purpose"]) == ("passed", "run")
    wrong = student.send(1, "submit", WRONG)
    assert (wrong["status"], wrong["score"]) == ("failed", 0)
    broken = student.send(1, "submit", "def weighted_sum(:")
    assert broken["status"] == "error"
    right = student.send(1, "submit", RIGHT)
    assert (right["status"], right["score"], right["max_score"]) == ("passed", 10, 10)
    assert "the dot product explained" in right["fragments"]["answer"]
    words = student.send(2, "submit", "Because what matters contributes more.")
    assert words["status"] in ("passed", "partial", "failed")
    assert words["max_score"] == 5
    instructor = Visitor(serving.base)
    email = "instructor@workshop.example"
    instructor.sign_in(email, serving.accounts[email])
    assert "Student" in instructor.get("/teach/courses/1")


@pytest.mark.timeout(400)
def test_ctrl_c_ends_everything_and_the_second_start_is_quick_and_the_same(serving: Serving, tmp_path: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and len(serving.family()) < 3:
        time.sleep(0.05)  # web server, its child, a worker
    family = serving.family()
    assert serving.end() == 0
    time.sleep(0.2)
    assert not [pid for pid in family if Path(f"/proc/{pid}").exists()]
    again = Serving(tmp_path / "my data", "--workers", "0")
    try:
        assert again.accounts == serving.accounts
        assert again.ready < 15  # under 5 s on a quiet machine; tests share it with others
    finally:
        assert again.end(signal.SIGTERM) == 0


@pytest.mark.timeout(400)
def test_a_killed_worker_is_replaced_and_its_job_judged_at_once(tmp_path: Path) -> None:
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    server = Serving(
        tmp_path, "--workers", "1",
        PYTHONPATH=path, WORKSHOP_GRADER="sleeping_grader:opened", WORKSHOP_LEASE_SECONDS="300",
    )  # fmt: skip
    try:
        student = Visitor(server.base)
        student.sign_in("student@workshop.example", server.accounts["student@workshop.example"])
        first = student.send(1, "submit", "fine")
        assert first["status"] == "passed"
        worker = next(pid for pid in server.family() if b"webapp.queue.process" in _command(pid))
        os.kill(worker, signal.SIGKILL)
        assert student.send(1, "submit", "fine as well")["status"] == "passed"
        deadly = student.send(1, "submit", "kill")
        assert deadly["status"] == "ungradable"
        assert student.send(1, "submit", "fine again")["status"] == "passed"
    finally:
        server.end()


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_a_taken_port_is_one_line_with_the_remedy(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-c", "from grader.cli import main; main()", "serve", "--port", str(port)],
            capture_output=True, text=True, timeout=PATIENCE, cwd=tmp_path,
        )  # fmt: skip
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "--port" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1

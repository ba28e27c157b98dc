"""A fork server that is killed while it grades: no verdict is lost, none is doubled, nobody is graded for ever."""

from __future__ import annotations

import os
import random
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from grader import examiners
from grader.errors import Ungradable
from grader.examiners import ExaminerEnded, SandboxEnded
from grader.grading import ATTEMPTS, Engine, Grader
from grader.verdict import Status, TestStatus, Verdict
from sandbox.placement import Socket
from tests.compose.containers import available, running_container

RIGHT = b"def double(x):\n    return x + x\n"
LONG = b"import time\ntime.sleep(3)\ndef double(x):\n    return x + x\n"
SLOW = b"import time\ntime.sleep(0.3)\ndef double(x):\n    return x + x\n"
WRONG = b"import time\ntime.sleep(0.1)\ndef double(x):\n    return x * 3\n"
KILLS = int(os.environ.get("MONKEY_KILLS", "6"))
SEED = 7


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def fork_server(engine: Engine) -> int | None:
    """Its process id, if it runs: the keeper's only child."""
    sandbox = engine._sandbox
    found = children(sandbox._host.keeper) if sandbox is not None and sandbox.alive else []
    return found[0] if found else None


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


class Killer(threading.Thread):
    """Kills the fork server, `times` times, when a candidate has run in it for a while: half a second, or at random."""

    def __init__(self, engine: Engine, times: int, pause: Callable[[], float] = lambda: 0.5) -> None:
        super().__init__(daemon=True)
        self._engine, self._times, self._pause = engine, times, pause
        self.killed: list[int] = []
        self.done = threading.Event()

    def run(self) -> None:
        while len(self.killed) < self._times and not self.done.is_set():
            server = fork_server(self._engine)
            if server is None or server in self.killed or not children(server):
                time.sleep(0.002)
                continue
            time.sleep(self._pause())
            kill(server)
            self.killed.append(server)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with closing(Engine()) as engine:
        engine.warm()
        yield engine


def test_a_submission_whose_sandbox_ended_is_graded_again_once(engine: Engine, make_item) -> None:
    with Grader(engine) as grader:
        killer = Killer(engine, 1)
        killer.start()
        verdict = grader.grade(make_item(), LONG, seed=0)
        killer.done.set()
    assert len(killer.killed) == 1
    assert (verdict.status, verdict.score) == (Status.PASSED, 10)


def test_a_sandbox_that_ends_twice_is_a_crash_with_its_evidence(engine: Engine, make_item) -> None:
    with Grader(engine) as grader:
        killer = Killer(engine, 99)
        killer.start()
        verdict = grader.grade(make_item(), LONG, seed=3)
        killer.done.set()
        killer.join()
        assert len(killer.killed) == 2, "neither a third time nor for ever"
        assert (verdict.status, verdict.score, verdict.max_score, verdict.seed) == (Status.CRASHED, 0, 10, 3)
        assert "ended twice" in verdict.explanation.en
        assert "两次" in verdict.explanation.zh
        assert {test.status for test in verdict.tests} == {TestStatus.NOT_RUN}
        assert grader.grade(make_item(), RIGHT, seed=0).status is Status.PASSED


def test_a_monkey_that_kills_the_fork_server_costs_no_verdict(engine: Engine, make_item) -> None:
    item = make_item()
    order = random.Random(SEED)
    killer = Killer(engine, KILLS, lambda: order.uniform(0, 0.5))
    asked = Counter[str]()
    given: list[tuple[bytes, Verdict]] = []

    def work(number: int) -> None:
        with Grader(engine) as grader:
            turn = 0
            while killer.is_alive():
                content = (SLOW, WRONG, RIGHT)[(turn + number) % 3]
                turn += 1
                asked["asked"] += 1
                given.append((content, grader.grade(item, content, seed=0)))

    killer.start()
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work, number) for number in range(2)]:
            done.result(300)
    statuses = Counter(verdict.status.value for _, verdict in given)
    print(f"\n{len(killer.killed)} kills, {asked['asked']} submissions, {len(given)} verdicts: {dict(statuses)}")
    assert len(given) == asked["asked"]
    assert len(killer.killed) == KILLS
    for content, verdict in given:
        if verdict.status is Status.CRASHED:
            assert "ended twice" in verdict.explanation.en
        else:
            assert verdict.status is (Status.FAILED if content is WRONG else Status.PASSED)
    assert statuses["crashed"] <= KILLS
    assert statuses["passed"] > 0
    with Grader(engine) as grader:
        assert grader.grade(item, RIGHT, seed=0).status is Status.PASSED


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may kill what runs in a container")
def test_a_container_whose_fork_server_is_killed_loses_no_verdict_either(make_item) -> None:
    if reason := available():
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    with running_container("namespaces") as container, closing(Engine(Socket(container.path))) as engine:
        service = int(container.inspect()["State"]["Pid"])
        killed: list[int] = []
        wanted = [1]

        def kill_when_busy() -> None:
            while len(killed) < wanted[0]:
                servers = [server for keeper in children(service) for server in children(keeper)]
                candidates = [candidate for server in servers for candidate in children(server)]
                time.sleep(1)  # one of the server's own trial at its start is gone by then
                if candidates and servers[0] not in killed and candidates[0] in children(servers[0]):
                    kill(servers[0])
                    killed.append(servers[0])

        for wanted[0], status in ((1, Status.PASSED), (3, Status.CRASHED)):
            thread = threading.Thread(target=kill_when_busy, daemon=True)
            with Grader(engine) as grader:
                grader.grade(make_item(), RIGHT, seed=0)
                thread.start()
                assert grader.grade(make_item(), LONG, seed=0).status is status
                thread.join(60)
                assert len(killed) == wanted[0]
        with Grader(engine) as grader:
            assert grader.grade(make_item(), RIGHT, seed=0).status is Status.PASSED


class Script:
    """What `_judge` does in turn: an error to raise, or None for a verdict."""

    def __init__(self, grader: Grader, monkeypatch: pytest.MonkeyPatch, *errors: Exception | None) -> None:
        self.left = list(errors)
        real = grader._judge

        def judge(item, assignment):
            error = self.left.pop(0)
            if error is not None:
                raise error
            return real(item, assignment)

        monkeypatch.setattr(grader, "_judge", judge)


def ran() -> SandboxEnded:
    return SandboxEnded("the sandbox is gone", ran=True)


def idle() -> SandboxEnded:
    return SandboxEnded("the sandbox is gone", ran=False)


def ended() -> ExaminerEnded:
    return ExaminerEnded("gone")


@pytest.mark.parametrize(
    ("errors", "status", "says"),
    [
        ((ran(), None), Status.PASSED, ""),
        ((idle(), ran(), None), Status.PASSED, ""),
        ((ran(), ran()), Status.CRASHED, "sandbox itself ended twice"),
        ((ran(), idle(), ran()), Status.CRASHED, "sandbox itself ended twice"),
        ((ended(), None), Status.PASSED, ""),
        ((ended(), ran(), None), Status.PASSED, ""),
        ((ended(), ended(), None), Status.CRASHED, "run to their end on the reference"),
    ],
)
def test_endings_are_counted(errors, status, says, engine, make_item, monkeypatch) -> None:
    with Grader(engine) as grader:
        script = Script(grader, monkeypatch, *errors)
        verdict = grader.grade(make_item(), RIGHT, seed=0)
    assert verdict.status is status
    assert says in verdict.explanation.en
    assert not script.left


@pytest.mark.parametrize(
    ("errors", "raised"),
    [
        ([idle()] * ATTEMPTS, Ungradable),
        ([ended(), ended(), ended()], ExaminerEnded),
        ([ended(), idle(), ran(), *[idle()] * (ATTEMPTS - 3)], Ungradable),
    ],
)
def test_nothing_is_tried_for_ever(errors, raised, engine, make_item, monkeypatch) -> None:
    with Grader(engine) as grader:
        script = Script(grader, monkeypatch, *errors)
        with pytest.raises(raised):
            grader.grade(make_item(), RIGHT, seed=0)
    assert not script.left


def test_an_examiner_that_only_says_so_ends_no_sandbox(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.grading.ENDING_SECONDS", 0.05)
    started = engine.warm()
    assert not engine.forget_sandbox(started)
    assert engine.forget_sandbox(started - 1), "somebody has started another already"
    assert engine.alive


def test_an_answer_is_neither_waited_for_in_vain_nor_of_any_size() -> None:
    ours, theirs = socket.socketpair()
    pipe = examiners.Pipe(ours)
    theirs.sendall(b"\x00\x00\x00\x10half")
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        pipe.receive(0.2)
    assert time.monotonic() - began < 2
    with pytest.raises(TimeoutError):
        pipe.send(bytes(10**7), 0.2)
    theirs.close()
    with pytest.raises((EOFError, OSError)):
        pipe.receive(1)
    for length in (b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"\x80\x00\x00\x00"):
        ours, theirs = socket.socketpair()
        theirs.sendall(length + b"x")
        with pytest.raises(ValueError, match="a message of"):
            examiners.Pipe(ours).receive(1)

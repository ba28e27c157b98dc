"""Real worker processes, killed at any moment."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.webapp.worker_processes import PATIENCE, Process, states, until, worker_processes
from webapp.models import Database, Job, Mark, Purpose, State, Verdict
from webapp.models.times import utc_now
from webapp.queue import rows
from webapp.queue.wake import nudge
from webapp.settings import Settings, as_environment

HERE = Path(__file__).parent

Start = Callable[..., Process]


@pytest.fixture
def start(settings: Settings) -> Iterator[Start]:
    """Starts workers with the sleeping grader, and ends them."""
    with worker_processes() as starting:

        def starts(owner: str, **changes: Any) -> Process:
            changed = replace(settings, **{"grader": "sleeping_grader:opened", "lease_seconds": 1.0} | changes)
            return starting(changed, "-m", "webapp.queue.process", owner)

        yield starts


def all_done(database: Database) -> Callable[[], bool]:
    return lambda: set(states(database)) == {"done"}


def test_a_worker_that_cannot_have_its_grader_says_why_in_one_line(settings: Settings) -> None:
    told = {**os.environ, **as_environment(settings), "WORKSHOP_GRADER": "nowhere:grader"}
    command = [sys.executable, "-m", "webapp.queue.process", "one"]
    done = subprocess.run(command, env=told, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "unset WORKSHOP_GRADER" in done.stderr


def test_a_worker_grades_what_waits_and_wakes_up_at_once(
    settings: Settings, database: Database, world: Any, start: Start
) -> None:
    worker = start("one")
    until(lambda: nudge(settings.wake_folder), "a worker sleeps")
    world.send(content=b"warm", now=utc_now())
    nudge(settings.wake_folder)
    until(all_done(database), "the first verdict")
    delays = []
    for number in range(5):
        time.sleep(0.05)
        sent = world.send("classmate", b"quick %d" % number, purpose=Purpose.RUN, now=utc_now())
        started = time.monotonic()
        nudge(settings.wake_folder)

        def judged(job_id: int = sent.job_id) -> bool:
            with database.reading() as session:
                return session.get(Verdict, job_id) is not None

        until(judged, "a verdict")
        delays.append(time.monotonic() - started)
    assert min(delays) < 0.3, delays
    worker.terminate()
    assert worker.wait(PATIENCE) == 0
    assert list(settings.wake_folder.iterdir()) == []


def test_a_killed_worker_loses_nothing(database: Database, world: Any, start: Start) -> None:
    sent = world.send(content=b"sleep 30")
    quick = world.send("classmate", b"fine")
    first = start("first")

    def taken() -> bool:
        with database.reading() as session:
            return session.get_one(Job, sent.job_id).state == State.RUNNING

    until(taken, "the long job is taken")
    first.send_signal(signal.SIGKILL)
    first.wait()
    from webapp.models import Submission

    with database.reading() as session:
        assert session.get_one(Submission, sent.submission_id).content == b"sleep 30"
        assert session.get_one(Job, sent.job_id).state == State.RUNNING
    start("second")

    def taken_over() -> bool:
        with database.reading() as session:
            judged = session.get(Verdict, quick.job_id)  # before or after the other one, as the lease runs out
            return session.get_one(Job, sent.job_id).tries == 2 and judged is not None

    until(taken_over, "the second one finishes what is quick and takes over what the first one had")
    with database.reading() as session:
        assert session.get_one(Verdict, quick.job_id).status == "passed"


def test_workers_killed_at_random_moments_lose_nothing_and_judge_nothing_twice(
    database: Database, world: Any, start: Start
) -> None:
    chance = random.Random(5)
    sent = [
        world.send("owner" if number % 2 else "classmate", b"sleep 0.05 %d" % number, purpose=Purpose.RUN).job_id
        for number in range(30)
    ]
    workers = [start(f"w{number}", tries=50) for number in range(2)]
    for number in range(6):
        time.sleep(chance.uniform(0.3, 1.2))
        victim = chance.randrange(2)
        workers[victim].kill()
        workers[victim].wait()
        workers[victim] = start(f"x{number}", tries=50)
    until(all_done(database), "everything is judged")
    with database.reading() as session:
        verdicts = dict(session.execute(select(Verdict.job_id, Verdict.status)).all())
    assert sorted(verdicts) == sent
    assert set(verdicts.values()) == {"passed"}


def test_a_submission_that_kills_its_worker_each_time_is_kept_for_instructors(
    database: Database, world: Any, start: Start
) -> None:
    deadly, fine = world.send(content=b"kill"), world.send("classmate", b"fine")
    for number in range(3):
        assert start(f"w{number}").wait(PATIENCE) == -signal.SIGKILL
        with database.writing() as session:
            rows.release_owner(session, f"w{number}", utc_now(), 3)
    start("last")
    until(all_done(database), "the rest is judged")
    with database.reading() as session:
        assert session.get_one(Verdict, deadly.job_id).status == "ungradable"
        assert session.get_one(Verdict, fine.job_id).status == "passed"
        assert session.get_one(Mark, deadly.submission_id).score == 0


def test_right_answers_are_judged_before_everybody_s_endless_loops(
    database: Database, world: Any, start: Start
) -> None:
    people = list(world.people)
    loops, rights = [], []
    for number in range(8):
        into, content = ((loops, b"loop %d"), (rights, b"right %d"))[number % 2]
        into.append(world.send(people[number % 5], content % number, purpose=Purpose.RUN, now=utc_now()).job_id)
    for number in range(2):
        start(f"w{number}")
    until(all_done(database), "everything is judged")
    with database.reading() as session:
        judged = {verdict.job_id: verdict for verdict in session.scalars(select(Verdict))}
        tries = {job.id: job.tries for job in session.scalars(select(Job))}
    assert max(judged[job].created_at for job in rights) < min(judged[job].created_at for job in loops)
    assert {judged[job].status for job in loops} == {"timeout"}
    assert set(tries.values()) == {1}


def test_our_failures_are_tried_again_and_the_banks_are_not(database: Database, world: Any, start: Start) -> None:
    ours, theirs = world.send(content=b"ungradable"), world.send("classmate", b"fault")
    start("one", tries=2)
    until(all_done(database), "both are given up")
    with database.reading() as session:
        assert session.get_one(Job, ours.job_id).tries == 2
        assert "on purpose" in session.get_one(Verdict, ours.job_id).note
        assert session.get_one(Job, theirs.job_id).tries == 1
        assert session.get_one(Verdict, theirs.job_id).note == "tests end in a loop mend line 3"


def test_a_long_job_keeps_its_lease_while_its_worker_lives(database: Database, world: Any, start: Start) -> None:
    sent = world.send(content=b"sleep 2.5")
    start("one")
    until(lambda: states(database).get("running"), "the job is taken")
    start("two")
    until(all_done(database), "it is judged")
    with database.reading() as session:
        assert session.get_one(Job, sent.job_id).tries == 1


def test_a_stuck_grader_ends_its_worker(database: Database, world: Any, start: Start) -> None:
    from webapp.queue.heart import HUNG

    world.send(content=b"sleep 60")
    assert start("one", job_seconds=1.0).wait(PATIENCE) == HUNG


def test_a_worker_told_to_stop_finishes_what_it_has(database: Database, world: Any, start: Start) -> None:
    world.send(content=b"sleep 1")
    worker = start("one")
    until(lambda: states(database).get("running"), "the job is taken")
    worker.terminate()
    assert worker.wait(PATIENCE) == 0
    assert states(database) == {"done": 1}


def test_a_worker_told_to_stop_while_it_starts_leaves_nothing_behind(
    settings: Settings, start: Start, tmp_path: Path
) -> None:
    worker = start("one", grader="sleeping_grader:slowly_opened")
    until(lambda: (tmp_path / "opening").exists(), "the grader is being opened")
    worker.terminate()
    assert worker.wait(PATIENCE) == 0
    assert not (tmp_path / "opening").exists()
    assert list(settings.wake_folder.iterdir()) == []


def test_a_worker_whose_parent_died_while_it_started_ends_at_once(settings: Settings) -> None:
    """Whoever adopted it never ends, so it must know whose child it was."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    environment = {**os.environ, **as_environment(replace(settings, workers=0))}
    for command in (["webapp.queue.process", "orphan"], ["webapp.web", "--fd", "0", "--parent"]):
        child = subprocess.Popen([sys.executable, "-m", *command, str(gone.pid)], env=environment)
        assert child.wait(PATIENCE) == -signal.SIGTERM


def test_a_worker_ends_with_its_parent(settings: Settings, database: Database, tmp_path: Path) -> None:
    changed = replace(settings, grader="sleeping_grader:opened")
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess, sys, time\n"
            "child = subprocess.Popen([sys.executable, '-m', 'webapp.queue.process', 'orphan'])\n"
            "print(child.pid, flush=True)\ntime.sleep(600)",
        ],
        env={**os.environ, **as_environment(changed), "PYTHONPATH": path},
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    until(lambda: nudge(settings.wake_folder), "the worker sleeps")
    parent.kill()
    parent.wait()

    def gone() -> bool:
        try:
            return Path(f"/proc/{child}/stat").read_text().split(") ")[1][0] == "Z"
        except OSError:
            return True

    until(gone, "the worker has ended")

"""A regrade whose workers are killed at any moment changes exactly what one does that was left in peace."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.webapp.regrades import class_of, everything, revise
from webapp.backup.restoring import restore
from webapp.backup.writing import write
from webapp.models import Database, Job, Regrade, RegradeLine, Task, Verdict
from webapp.models.times import utc_now
from webapp.queue import rows
from webapp.regrading import applying, asking, grading
from webapp.regrading.applying import Choice
from webapp.regrading.asking import Scope, Wanted
from webapp.regrading.comparing import CHOSEN_AT_FIRST, Group, LineState
from webapp.settings import Settings, as_environment
from webapp.tasks import rows as tasks

HERE = Path(__file__).parent
REASON = "the mask's test was wrong"
SIZE = int(os.environ.get("REGRADED", "400"))
"""How many submissions; 5,000 take minutes."""
PATIENCE = 60.0 + SIZE / 10


class Workers:
    """Real worker processes over one data folder."""

    def __init__(self, settings: Settings) -> None:
        self.settings = replace(settings, grader="regrading_grader:opened", lease_seconds=1.0, tries=50)
        self.database = Database(settings.database)
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.started = 0

    def start(self) -> None:
        """One more."""
        self.started += 1
        owner = f"w{self.started}"
        path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
        self.running[owner] = subprocess.Popen(
            [sys.executable, "-m", "webapp.queue.process", owner],
            env={**os.environ, **as_environment(self.settings), "PYTHONPATH": path, "APPLIED_AT_A_TIME": "10"},
        )

    def kill(self) -> None:
        """The oldest, at once; what it had in hand is free as the server frees it."""
        owner, process = next(iter(self.running.items()))
        del self.running[owner]
        process.send_signal(signal.SIGKILL)
        process.wait()
        with self.database.writing() as session:
            rows.release_owner(session, owner, utc_now(), self.settings.tries)
            tasks.release_owner(session, owner, utc_now())

    def end(self) -> None:
        """All of them."""
        for process in self.running.values():
            process.kill()
            process.wait()
        self.database.close()


def until(condition: Callable[[], bool], what: str, patience: float) -> None:
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.01)


def regrade_with_processes(
    world: Any, settings: Settings, database: Database, revision: str, kills: random.Random | None, size: int
) -> dict[str, float]:
    """A whole regrade by two worker processes, which are killed again and again if `kills` says when."""
    workers, took = Workers(settings), {}
    try:
        for _each in range(2):
            workers.start()
        began = time.monotonic()
        with database.writing() as session:
            wanted = Wanted({world.coding: revision}, Scope.ALL, REASON)
            number = asking.begin(session, world.here, world.people["instructor"], wanted, utc_now()).id

        def progress() -> int:
            with database.reading() as session:
                return grading.judged(session, number, utc_now()).done

        def applied() -> int:
            with database.reading() as session:
                query = select(func.count()).where(RegradeLine.state == LineState.APPLIED)
                return session.scalar(query.where(RegradeLine.regrade_id == number)) or 0

        def settled() -> bool:
            with database.reading() as session:
                return session.get_one(Regrade, number).state == "finished"

        if kills:
            for part in (0.1, 0.4, 0.7):
                goal = part * size + kills.uniform(0, 0.2 * size)
                until(lambda goal=goal: progress() >= goal, "judging goes on", PATIENCE)
                workers.kill()
                workers.start()
        until(lambda: progress() == size, "everything is judged", PATIENCE)
        took["judging"] = time.monotonic() - began
        with database.writing() as session:
            chosen = applying.choose(
                session, number, world.people["instructor"], Choice(groups=(*CHOSEN_AT_FIRST, Group.SAME)), utc_now()
            )
        assert chosen == size
        began = time.monotonic()
        if kills:
            until(lambda: applied() > 0, "applying has begun", PATIENCE)
            for share in (0.2, 0.5):
                until(lambda share=share: applied() >= share * size, "applying goes on", PATIENCE)
                workers.kill()
                workers.start()
            for _each in range(2):
                workers.kill()
            assert not settled()
            with database.writing() as session:  # whoever did it is given up: only a start of the server helps
                for task in session.scalars(select(Task).where(Task.kind == applying.KIND)):
                    tasks.cancel(session, task, utc_now())
            applying.resume_all(database)
            for _each in range(2):
                workers.start()
        until(settled, "everything is applied", PATIENCE)
        took["applying"] = time.monotonic() - began
    finally:
        workers.end()
    return took


def killed_and_unkilled(
    world: Any, settings: Settings, database: Database, now: datetime, size: int, other: Settings
) -> dict[str, Any]:
    """The same regrade twice, on two copies of one database; asserts that both come to the same."""
    class_of(world, size, now)
    revision = revise(database, world.coding)
    second, file = Database(other.database), settings.data / "copy.zip"
    write(database, settings.data, file, lambda *_: None)
    restore(second, other.data, file, lambda *_: None)
    numbers: dict[str, Any] = {"unkilled": regrade_with_processes(world, settings, database, revision, None, size)}
    numbers["killed"] = regrade_with_processes(world, other, second, revision, random.Random(7), size)
    one, two = everything(database), everything(second)
    second.close()
    for part in one:
        assert one[part] == two[part], part
    assert len(one["lines"]) == size
    scores = [after - before for before, after in _scores(one, revision, world)]
    assert {"better": True, "worse": True, "same": True} == {
        "better": max(scores) > 0, "worse": min(scores) < 0, "same": 0 in scores,
    }  # fmt: skip
    assert len(one["notices"]) == sum(score != 0 for score in scores)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Verdict).join(Job).where(Job.batch_id < 0)) == size
    return numbers | {"changed": len(one["notices"])}


def _scores(found: dict[str, Any], revision: str, world: Any) -> list[tuple[float, float]]:
    after = {row[0]: row[2] for row in found["marks"]}
    return [(before["score"], after[number]) for number, _job, before, _state in found["lines"]]


@pytest.mark.timeout(1800)
def test_a_killed_regrade_changes_exactly_what_an_unkilled_one_does(
    world: Any, settings: Settings, database: Database, now: datetime, request: pytest.FixtureRequest
) -> None:
    other = replace(settings, data=settings.data / "other")
    if settings.database_url:
        other = replace(other, database_url=request.getfixturevalue("postgresql").create("killed_regrades"))
    print(SIZE, killed_and_unkilled(world, settings, database, now, SIZE, other))

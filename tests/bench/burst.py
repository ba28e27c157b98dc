"""A deadline: many submissions at once, half of them endless loops, through the real queue and real workers.

Measured is what a student sees: from storing a submission until its verdict is stored.
"""

from __future__ import annotations

import ast
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from questions.model import Item
from tests.bench.measuring import quantile
from tests.bench.mix import BANK, FIVE
from tests.bench.report import machine, write
from webapp import banks, migrating
from webapp.learn import sending
from webapp.learn.attempts import Pace
from webapp.models import Assignment, AssignmentItem, Course, Database, Job, Membership, Purpose, State, User, Verdict
from webapp.models.times import utc_now
from webapp.queue.wake import listening, nudge
from webapp.settings import Settings, as_environment

ROOT = Path(__file__).parents[2]
LIMIT_SECONDS = 2
PATIENCE = 900.0
WORKER = "import sys; from webapp.queue import process; sys.argv = ['', *sys.argv[1:]]; process.main()"
WITHOUT_RULE = f"from grader import first_tries; first_tries.FIRST_SECONDS = 1e9; {WORKER}"


@dataclass(frozen=True, slots=True)
class Waits:
    """How long submissions waited for their verdicts, in seconds."""

    what: str
    count: int
    median: float
    p95: float
    longest: float

    @classmethod
    def of(cls, what: str, seconds: Sequence[float]) -> Waits:
        """Of the single waits."""
        return cls(
            what,
            len(seconds),
            *(round(x, 3) for x in (statistics.median(seconds), quantile(seconds, 0.95), max(seconds))),
        )


class School:
    """A course with one student for each submission and the workshop's five coding items, two seconds each."""

    def __init__(self, folder: Path, students: int, settings: Settings | None = None) -> None:
        self.settings = settings or Settings(data=folder / "data", demo=False, secret_key="only for the bench")
        self.settings.data.mkdir()
        self.database = Database(self.settings.database)
        migrating.upgrade(self.database)
        with self.database.writing() as session:
            bank, _ = banks.load(session, _short_bank(folder), utc_now())
            course = Course(title="Bench", zone="UTC")
            session.add(course)
            session.flush()
            people = [
                User(email=f"{number}@example.org", name=f"{number}", created_at=utc_now())
                for number in range(students)
            ]
            session.add_all(people)
            session.flush()
            self._people = [user.id for user in people]
            session.add_all(Membership(course_id=course.id, user_id=user, role="student") for user in self._people)
            assignment = Assignment(course_id=course.id, title="Bench", counts="best", late_penalty=0.0)
            session.add(assignment)
            session.flush()
            self.items: list[Item] = [item for item in bank.items if item.id in FIVE]
            for position, item in enumerate(self.items):
                banks.pin(session, assignment.id, item, position, None)
            self._pinned = dict(session.execute(select(AssignmentItem.item, AssignmentItem.id)).tuples().all())

    def send(self, item: Item, source: str, student: int) -> int:
        """Store one submission; the job's id."""
        with self.database.writing() as session:
            return self._send(session, item, source, student)

    def send_all(self, wanted: Sequence[tuple[Item, str]]) -> list[int]:
        """Store a submission of each student at the same moment."""
        with self.database.writing() as session:
            return [self._send(session, item, source, student) for student, (item, source) in enumerate(wanted)]

    def _send(self, session: object, item: Item, source: str, student: int) -> int:
        sent = sending.send(
            session, user_id=self._people[student], item_id=self._pinned[item.id], content=source.encode(),
            purpose=Purpose.SUBMIT, client_key="", pace=Pace(10_000, 10_000), now=utc_now(),
        )  # fmt: skip
        return sent.job_id

    def wait(self, jobs: Sequence[int]) -> dict[int, tuple[float, str]]:
        """Seconds and status of every job, once all are done."""
        nudge(self.settings.wake_folder)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with self.database.reading() as session:
                left = session.scalar(select(func.count()).where(Job.id.in_(jobs), Job.state != State.DONE))
                if not left:
                    found = session.execute(
                        select(Job.id, Job.created_at, Verdict.created_at, Verdict.status)
                        .join(Verdict, Verdict.job_id == Job.id)
                        .where(Job.id.in_(jobs))
                    ).all()
                    return {job: (_seconds(sent, judged), status) for job, sent, judged, status in found}
            time.sleep(0.02 if len(jobs) == 1 else 0.2)
        raise RuntimeError(f"not judged within {PATIENCE:g} s")


def _seconds(sent: datetime, judged: datetime) -> float:
    return (judged - sent).total_seconds()


@contextmanager
def school(students: int, workers: int, worker: str = WORKER) -> Iterator[School]:
    """A school and its workers, warm for every item."""
    with tempfile.TemporaryDirectory(prefix="workshop-bench-") as folder, ExitStack() as ending:
        made = School(Path(folder), students)
        ending.callback(made.database.close)
        environment = {**os.environ, **as_environment(replace(made.settings, workers=workers, secret_key=""))}
        for number in range(workers):
            command = [sys.executable, "-c", worker, f"bench-{number}", str(os.getpid())]
            process = subprocess.Popen(command, env=environment, cwd=ROOT)
            ending.callback(process.wait)
            ending.callback(process.terminate)
        end = time.monotonic() + PATIENCE
        while listening(made.settings.wake_folder) < workers and time.monotonic() < end:
            time.sleep(0.1)
        for _ in range(3):  # several of each item, so that every worker has seen it
            made.wait(made.send_all([(item, reference(item)) for item in made.items for _ in range(workers)]))
        yield made


def run(*, count: int, workers: int, build: Path, rule: bool = True) -> int:
    """Measure the quiet hour, right answers at once, and the same with as many endless loops between them."""
    with school(max(count, 40), workers, WORKER if rule else WITHOUT_RULE) as made:
        rights = [(made.items[number % len(made.items)], False) for number in range(count // 2)]
        loops = [(item, True) for item, _ in rights]
        quiet = []
        for number, (item, _) in enumerate(rights[:25]):
            job = made.send(item, reference(item), number)
            quiet += [seconds for seconds, _ in made.wait([job]).values()]
        calm = made.wait(made.send_all([(item, reference(item)) for item, _ in rights]))
        burst = [*rights, *loops]
        random.Random(2026).shuffle(burst)
        jobs = made.send_all([(item, endless(item) if loop else reference(item)) for item, loop in burst])
        judged = made.wait(jobs)
    outcomes = [(loop, *judged[job]) for job, (_, loop) in zip(jobs, burst, strict=True)]
    unexpected = sorted({(loop, status) for loop, _, status in outcomes} - {(False, "passed"), (True, "timeout")})
    rows = [
        Waits.of("right, one at a time", quiet),
        Waits.of("right, all at once", [seconds for seconds, _ in calm.values()]),
        Waits.of("right, among endless loops", [seconds for loop, seconds, _ in outcomes if not loop]),
        Waits.of("the endless loops", [seconds for loop, seconds, _ in outcomes if loop]),
    ]
    print(f"{count} submissions at once, half of them endless loops of {LIMIT_SECONDS} s; {workers} workers")
    print(f"{'seconds from sent to judged':30}{'count':>7}{'median':>9}{'p95':>9}{'longest':>9}")
    for row in rows:
        print(f"{row.what:30}{row.count:7}{row.median:9.2f}{row.p95:9.2f}{row.longest:9.2f}")
    for loop, status in unexpected:
        print(f"UNEXPECTED: {'an endless loop' if loop else 'a right answer'} was {status}")
    name = "burst.json" if rule else "burst-without-rule.json"
    print(f"written: {write(build, name, {'machine': machine(), 'waits': [asdict(row) for row in rows]})}")
    return 1 if unexpected else 0


def reference(item: Item) -> str:
    """The item's right answer."""
    assert item.reference is not None
    return item.reference.source


def endless(item: Item) -> str:
    """The right answer with an endless loop where its work would begin."""
    tree = ast.parse(reference(item))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            node.body[:0] = ast.parse("while True:\n    pass").body
    return ast.unparse(tree)


def _short_bank(folder: Path) -> Path:
    copy = folder / "attention"
    shutil.copytree(BANK, copy)
    for file in copy.glob("*.md"):
        text = file.read_text(encoding="utf-8")
        file.write_text(
            re.sub(r"limits: \{seconds: \d+", f"limits: {{seconds: {LIMIT_SECONDS}", text), encoding="utf-8"
        )
    return copy

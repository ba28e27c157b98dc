"""A small deadline for real: the server's own workers on this machine, and what it cost them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from grader.first_tries import FIRST_SECONDS
from tests.bench_web import furnishing, known
from tests.bench_web.known import Known
from tests.bench_web.serving import serving
from tests.simulate.scenario import Costs, Deadline, Sent, Work, sent_by
from webapp.learn import sending
from webapp.learn.attempts import Pace
from webapp.models import Database, Job, Purpose, Submission, User, Verdict
from webapp.queue.wake import nudge
from webapp.settings import Settings

URGENCY = 36.0
"""Over its whole length a small deadline is as steep as one of 24 hours with an urgency of 1.5."""
LAST_SECONDS = 180.0
LOOPS = 0.01


@dataclass(frozen=True, slots=True)
class Judged:
    """One submission of the run, in seconds."""

    at: float
    """When it was sent."""
    student: int
    label: str
    waited: float
    """From there to the verdict."""
    judging: float
    lengthy: bool


@dataclass(frozen=True, slots=True)
class SmallRun:
    """What was measured."""

    workers: int
    judged: tuple[Judged, ...]

    def sent(self) -> list[Sent]:
        """The same night for the simulation."""
        names = [work.name for work in self.costs().works]
        return [Sent(each.at, each.student, 0, names.index(each.label)) for each in self.judged]

    def costs(self) -> Costs:
        """What judging took here: while the database did its part, too, which is therefore not counted again."""
        works = []
        for label in sorted({each.label for each in self.judged}):
            found = [each for each in self.judged if each.label == label]
            first = FIRST_SECONDS if any(each.lengthy for each in found) else 0.0
            works.append(Work(label, len(found) / len(self.judged), tuple(each.judging for each in found), first))
        return Costs(tuple(works), 0.0)


def run(workers: int, count: int, seconds: float, folder: Path) -> SmallRun:
    """Let a class of `count` send once each, ever faster until the end of `seconds`."""
    data = folder / "data"
    school = furnishing.furnish(data, count)
    furnishing.unlimited(data)
    answers = _answers()
    deadline = Deadline(count, 1, seconds / 3600, sends=1.0, urgency=URGENCY / (seconds / 3600))
    shares = Costs(tuple(Work(each.label, share, (0.0,)) for each, share in answers), 0.0)
    plan = sent_by(deadline, shares, seed=count, last_seconds=seconds)
    with serving(data, workers=workers):
        _warm(data, school, [each for each, _ in answers])
        sent = _send(data, school, [(each.at, each.student, answers[each.work][0]) for each in plan])
        left = furnishing.wait_for(data, list(sent), LAST_SECONDS)
    if left:
        raise RuntimeError(f"{left} of {len(sent)} were not judged within {LAST_SECONDS:g} s")
    return SmallRun(workers, _judged(data, sent))


def _answers() -> list[tuple[Known, float]]:
    """What they send, and how often: right and wrong programs, words, and the odd endless loop."""
    code, words = known.code(4), known.words(2)
    loop = known.broken(code[0].item)[1]
    return [
        *((each, 0.8 / len(code)) for each in code),
        *((each, (0.2 - LOOPS) / len(words)) for each in words),
        (loop, LOOPS),
    ]


def _warm(data: Path, school: furnishing.School, sent: Sequence[Known]) -> None:
    jobs = furnishing.put_in_the_queue(data, school, sent, datetime.now(UTC))
    furnishing.wait_for(data, jobs, LAST_SECONDS)


def _send(data: Path, school: furnishing.School, plan: list[tuple[float, int, Known]]) -> dict[int, tuple[int, str]]:
    """Send at the times that are planned; job → student and what it is."""
    settings = Settings(data=data)
    database = Database(settings.database)
    sent: dict[int, tuple[int, str]] = {}
    with database.reading() as session:
        users = list(session.scalars(select(User.id).where(User.email.in_(school.students)).order_by(User.id)))
    began = time.monotonic() - plan[0][0]
    for at, student, answer in plan:
        time.sleep(max(0.0, began + at - time.monotonic()))
        with database.writing(durable=True) as session:
            stored = sending.send(
                session, user_id=users[student], item_id=school.items[answer.item], content=answer.content.encode(),
                purpose=Purpose.SUBMIT, client_key="", pace=Pace(10_000, 10_000), now=datetime.now(UTC),
            )  # fmt: skip
        nudge(settings.wake_folder)
        sent[stored.job_id] = (student, _class_of(answer))
    database.close()
    return sent


def _class_of(answer: Known) -> str:
    if answer.statuses == {"timeout"}:
        return "endless loop"
    if answer.kind != "coding":
        return "words"
    return f"{answer.item}, {'right' if answer.right else 'wrong'}"


def _judged(data: Path, sent: dict[int, tuple[int, str]]) -> tuple[Judged, ...]:
    database = Database(Settings(data=data).database)
    query = (
        select(Job.id, Job.created_at, Job.heartbeat_at, Job.lengthy, Verdict.created_at, Verdict.document)
        .join(Verdict, Verdict.job_id == Job.id)
        .join(Submission, Submission.id == Job.submission_id)
        .order_by(Job.created_at, Job.id)
    )
    with database.reading() as session:
        rows = [row for row in session.execute(query).all() if row[0] in sent]
    database.close()
    end = rows[-1][1]
    found = []
    for job, created, taken, lengthy, done, document in rows:
        student, label = sent[job]
        # A heart that has beaten meanwhile has moved `heartbeat_at`: of what is lengthy the verdict knows better.
        judging = document["resources"]["wall_seconds"] if lengthy else (done - taken).total_seconds()
        at = (created - end).total_seconds()
        found.append(Judged(at, student, label, (done - created).total_seconds(), judging, lengthy))
    return tuple(found)

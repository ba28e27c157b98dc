"""Giving the submissions of a regrade their jobs, a few hundred at a time, and saying how far it is."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Job, Mark, Purpose, Regrade, RegradeLine, State, Submission, Task, Verdict
from webapp.models.times import utc_now
from webapp.queue.fairness import enqueue
from webapp.queue.states import BULK
from webapp.regrading.comparing import LineState, MarkThen
from webapp.tasks import rows as tasks
from webapp.tasks.kinds import Progress, Surroundings

KIND = "regrade-jobs"
AT_A_TIME = 250
LATELY = timedelta(seconds=30)
"""The rate is what was judged within this time."""


def have_jobs_made(session: Session, regrade: Regrade, now: datetime) -> Task:
    """Ask for the jobs of a regrade; where that is being done already, nothing more is."""
    return tasks.ask(
        session, KIND, f"regrade:{regrade.id}", now, course_id=regrade.course_id, actor_id=regrade.actor_id,
        parameters={"regrade": regrade.id},
    )  # fmt: skip


def make_jobs(around: Surroundings) -> Generator[Progress, None, dict[str, Any]]:
    """The task: jobs for the lines that have none yet."""
    regrade_id = int(around.parameters["regrade"])
    with around.database.reading() as session:
        total = _lines(session, regrade_id)
        made = total - _lines(session, regrade_id, without_job=True)
    while True:
        with around.database.writing() as session:
            found = next_jobs(session, regrade_id, utc_now())
        if not found:
            return {"jobs": made}
        around.carrier.announce(found, BULK)
        made += found
        yield made, total


def _lines(session: Session, regrade_id: int, *, without_job: bool = False) -> int:
    query = select(func.count()).select_from(RegradeLine).where(RegradeLine.regrade_id == regrade_id)
    return session.scalar(query.where(RegradeLine.job_id.is_(None)) if without_job else query) or 0


def next_jobs(session: Session, regrade_id: int, now: datetime) -> int:
    """Note the marks of some lines as they are and make their jobs, behind everybody's; how many."""
    regrade = session.scalars(select(Regrade).where(Regrade.id == regrade_id).with_for_update()).one()
    if regrade.state != "open":
        return 0
    found = session.execute(
        select(RegradeLine, Submission.user_id, Mark)
        .join(Submission, Submission.id == RegradeLine.submission_id)
        .join(Mark, Mark.submission_id == RegradeLine.submission_id)
        .where(RegradeLine.regrade_id == regrade_id, RegradeLine.job_id.is_(None), RegradeLine.state == LineState.OPEN)
        .order_by(RegradeLine.submission_id)
        .limit(AT_A_TIME)
    ).all()
    jobs = [
        Job(
            submission_id=line.submission_id,
            user_id=user_id,
            revision=line.revision,
            purpose=Purpose.REGRADE,
            batch_id=-regrade_id,
            priority=BULK,
            not_before=now,
            created_at=now,
            course_id=regrade.course_id,
        )
        for line, user_id, _mark in found
    ]
    enqueue(session, jobs, now)
    for (line, _user, mark), job in zip(found, jobs, strict=True):
        line.job_id, line.before = job.id, mark_then(mark).to_json()
    session.flush()
    return len(jobs)


def mark_then(mark: Mark) -> MarkThen:
    """A mark as a value."""
    return MarkThen(mark.score, mark.share, mark.status, mark.review, mark.source, mark.reason, mark.verdict_job_id)


@dataclass(frozen=True, slots=True)
class Judged:
    """How far the judging of a regrade is."""

    done: int
    total: int
    per_second: float | None
    jobs_made: int

    @property
    def complete(self) -> bool:
        """Whether everything has a verdict."""
        return self.done == self.total

    @property
    def seconds_left(self) -> float | None:
        """If it goes on as it did lately."""
        return (self.total - self.done) / self.per_second if self.per_second else None


def judged(session: Session, regrade_id: int, now: datetime) -> Judged:
    """Read from the rows, whoever asks and whenever."""
    total, made, done, first, lately = session.execute(
        select(
            func.count(),
            func.count(RegradeLine.job_id),
            func.count(Verdict.job_id),
            func.min(Verdict.created_at),
            func.count(Verdict.job_id).filter(Verdict.created_at > now - LATELY),
        )
        .select_from(RegradeLine)
        .outerjoin(Job, (Job.id == RegradeLine.job_id) & (Job.state == State.DONE))
        .outerjoin(Verdict, Verdict.job_id == Job.id)
        .where(RegradeLine.regrade_id == regrade_id)
    ).one()
    since = min(LATELY.total_seconds(), (now - first).total_seconds()) if first else 0.0
    return Judged(done, total, lately / since if lately and since > 0 else None, made)

"""Whether everything that was accepted came to exactly one verdict, equal to the one of a quiet run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from tests.bench_web.known import judged_alone
from tests.chaos.students import Accepted
from tests.load.checking import Stored, essence, stored
from webapp.models import Database, Job, State, Submission, Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is in the database when it is quiet again."""

    accepted: int
    rows: int
    wrong: tuple[str, ...]
    longest_seconds: float
    """From the first click to the verdict."""
    median_seconds: float
    tried_again: int
    """Jobs that were taken more than once."""


def left(database: Database) -> int:
    """How many jobs are not done."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Job).where(Job.state != State.DONE)) or 0


def outcome_of(database: Database, accepted: Sequence[Accepted]) -> Outcome:
    """Compare what students were told with what is stored, and that with a grader alone."""
    rows = stored(database)
    wrong = [*_lost(accepted, rows), *_doubled(database), *_different(accepted, rows)]
    with database.reading() as session:
        done = {job: at.timestamp() for job, at in session.execute(select(Verdict.job_id, Verdict.created_at))}
        again = session.scalar(select(func.count()).select_from(Job).where(Job.tries > 1)) or 0
    delays = sorted(done[each.job] - each.clicked for each in accepted if each.job in done)
    return Outcome(
        len(accepted), len(rows), tuple(wrong), round(delays[-1], 2) if delays else 0.0,
        round(delays[len(delays) // 2], 2) if delays else 0.0, again,
    )  # fmt: skip


def _lost(accepted: Sequence[Accepted], rows: dict[int, Stored]) -> list[str]:
    found = []
    for each in accepted:
        row = rows.get(each.job)
        if row is None:
            found.append(f"{each.student}: job {each.job} was accepted and is not there")
        elif row.content.decode() != each.answer.content:
            found.append(f"job {each.job} is not what was sent")
        elif row.document is None:
            found.append(f"job {each.job} has no verdict, it is {row.state}")
        elif row.mark is None:
            found.append(f"job {each.job} has a verdict and no mark")
    return found


def _doubled(database: Database) -> list[str]:
    """One click is one submission, and a submission has one job here and that one verdict."""
    with database.reading() as session:
        jobs = session.execute(
            select(Job.submission_id, func.count()).group_by(Job.submission_id).having(func.count() > 1)
        ).all()
        keys = session.execute(
            select(Submission.user_id, Submission.client_key, func.count())
            .group_by(Submission.user_id, Submission.client_key)
            .having(func.count() > 1)
        ).all()
    return [f"submission {number} has {count} jobs" for number, count in jobs] + [
        f"user {user} sent {key!r} once and it is stored {count} times" for user, key, count in keys
    ]


def _different(accepted: Sequence[Accepted], rows: dict[int, Stored]) -> list[str]:
    numbers = Counter(each.job for each in accepted)
    found = [f"job {job} was given to {count} clicks" for job, count in numbers.items() if count > 1]
    judged = [(each, rows[each.job]) for each in accepted if each.job in rows and rows[each.job].document is not None]
    alone = judged_alone(
        dict.fromkeys((each.answer.item, each.answer.content, row.seed, False) for each, row in judged)
    )
    for each, row in judged:
        assert row.document is not None
        quiet = alone[each.answer.item, each.answer.content, row.seed, False]
        here, there = essence(row.document), essence(quiet)
        if here != there:
            found.append(f"job {each.job} ({each.answer.label}): {here[:2]}, in a quiet run {there[:2]}")
    return found

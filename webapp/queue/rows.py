"""Taking, keeping and giving back jobs: each function is one transaction's work on the rows."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, not_, or_, select, update
from sqlalchemy.orm import Session, aliased

from webapp import variants
from webapp.marks import facts, giving, reviewing
from webapp.models import (
    AssignmentItem,
    Job,
    Mark,
    Purpose,
    Revision,
    Source,
    State,
    Submission,
    Verdict,
)
from webapp.operations import measures
from webapp.queue.fairness import claimable, enqueue, note_turn
from webapp.queue.states import GiveUp, after_failure, moves_mark

log = logging.getLogger(__name__)

WORKERS_VANISHED = "Its workers vanished or hung, each time it was tried."
WORKERS_DIED = "The worker that judged it died, each time it was tried."
_running = aliased(Job)  # to make one for each claim would cost more than the claim


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in hand: what to judge, and the proof (owner and try) that it is ours to judge."""

    job_id: int
    submission_id: int
    sent_at: datetime
    """When the job was asked for."""
    owner: str
    tries: int
    purpose: str
    revision: str
    source: str
    content: bytes
    seed: int
    lengthy: bool
    variant: Mapping[str, Any] | None = None
    """The parameters its student had, which are those of the revision it was sent for."""


def anything_waiting(session: Session, now: datetime, below: int | None = None) -> bool:
    """Whether `claim` has a chance; needs no write lock."""
    waits = exists().where(claimable(now))
    return bool(session.scalar(select(waits if below is None else waits.where(Job.priority < below))))


def claim(
    session: Session,
    owner: str,
    now: datetime,
    lease: timedelta,
    most_lengthy: int = 1,
    below: int | None = None,
    *,
    course_id: int | None = None,
    ticket: str | None = None,
) -> Claim | None:
    """Take the next job, or nothing; with `below` only one whose priority is a smaller number than that.

    With `course_id` the next one of that course, whose turn it is, or where others were quicker the next one of all:
    see `webapp.queue.fairness`.  At most `most_lengthy` of what needs longer are judged at once.  One statement decides
    and takes, passing over what another worker is taking, so two workers never get the same row.
    """
    lengthy = select(func.count()).where(_running.state == State.RUNNING, _running.lengthy)
    waiting = (
        select(Job.id)
        .where(claimable(now))
        .where(or_(not_(Job.lengthy), lengthy.scalar_subquery() < most_lengthy))
        .order_by(Job.priority, Job.behind, Job.round, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Job)
    )
    if below is not None:
        waiting = waiting.where(Job.priority < below)
    leased = {"lease_owner": owner, "lease_until": now + lease, "heartbeat_at": now, "ticket": ticket}

    def take(chosen: Select[tuple[int]]) -> Any:
        return session.execute(
            update(Job)
            .where(Job.id == chosen.scalar_subquery(), Job.state == State.WAITING)
            .values(state=State.RUNNING, tries=Job.tries + 1, **leased)
            .returning(
                Job.id, Job.tries, Job.purpose, Job.revision, Job.submission_id, Job.lengthy, Job.created_at
            )
            .execution_options(synchronize_session=False)
        ).one_or_none()

    taken = None
    if course_id is not None:
        taken = take(waiting.where(Job.course_id == course_id))
        if taken is not None:
            note_turn(session, course_id, now)
    if taken is None:
        taken = take(waiting)
    if taken is None:
        return None
    content, seed, source, number, sent_for = session.execute(
        select(Submission.content, Submission.seed, Revision.source, Submission.variant, Submission.revision)
        .join(Revision, Revision.hash == taken.revision)
        .where(Submission.id == taken.submission_id)
    ).one()
    variant = None if number is None else variants.parameters(session.get_one(Revision, sent_for), number)
    return Claim(
        taken.id,
        taken.submission_id,
        taken.created_at,
        owner,
        taken.tries,
        taken.purpose,
        taken.revision,
        source,
        content,
        seed,
        taken.lengthy,
        variant,
    )


def _ours(claimed: Claim) -> tuple[ColumnElement[bool], ...]:
    return (
        Job.id == claimed.job_id,
        Job.state == State.RUNNING,
        Job.lease_owner == claimed.owner,
        Job.tries == claimed.tries,
    )


def beat(session: Session, claimed: Claim, now: datetime, lease: timedelta) -> bool:
    """Extend the lease; False when the job is no longer ours."""
    result = session.execute(
        update(Job)
        .where(*_ours(claimed))
        .values(heartbeat_at=now, lease_until=now + lease)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    return result.one_or_none() is not None


def give_back(
    session: Session, claimed: Claim, now: datetime, delay: timedelta, *, count: bool, lengthy: bool = False
) -> bool:
    """Put a job back; `count=False` takes the try back too (nothing went wrong); `lengthy`: it needs longer."""
    result = session.execute(
        update(Job)
        .where(*_ours(claimed))
        .values(
            state=State.WAITING,
            lease_owner=None,
            lease_until=None,
            not_before=now + delay,
            tries=Job.tries if count else Job.tries - 1,
            lengthy=Job.lengthy | lengthy,
            behind=Job.behind | lengthy,
            round=Job.round + (1 if count else 0),
        )
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    return result.one_or_none() is not None


def store(session: Session, claimed: Claim, document: Mapping[str, Any], now: datetime, note: str = "") -> bool:
    """Keep the verdict and move the mark, if the job is still ours; False (and nothing kept) when it is not.

    `jobs` says whose it is, the primary key of `verdicts` that there is one: a worker that comes back from the dead
    after its lease was given to another one changes nothing.
    """
    finished = session.scalars(
        update(Job)
        .where(*_ours(claimed))
        .values(state=State.DONE, lease_owner=None, lease_until=None)
        .returning(Job)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one_or_none()
    if finished is None:
        return False
    keep(session, finished, document, now, note)
    return True


def keep(session: Session, job: Job, document: Mapping[str, Any], now: datetime, note: str) -> None:
    """Keep the verdict of a job that is done, with its line of facts, and move the mark."""
    submission_id = job.submission_id
    if document.get("review") and document.get("key_points"):
        reviewing.alone_with_item(session, submission_id)
    elif job.purpose != Purpose.RUN:
        giving.while_rules_stand(session, [submission_id])
    verdict = Verdict(
        job_id=job.id,
        status=document["status"],
        score=document["score"],
        max_score=document["max_score"],
        review=document.get("review", False),
        note=note,
        document=dict(document),
        created_at=now,
    )
    session.add(verdict)
    session.flush()
    facts.keep(session, job, verdict)
    mark = session.get(Mark, submission_id, with_for_update=True)  # somebody may be giving it by hand
    status, source = (mark.status, mark.source) if mark else (None, Source.GRADER)
    if moves_mark(job.purpose, status, source, in_regrade=job.in_regrade):
        giving.give_all(session, {submission_id: giving.of_verdict(verdict)}, now)
        if mark is not None:
            session.expire(mark)
        reviewing.follow_equal_text(session, job, verdict, now)


def _ungradable(session: Session, job: Job) -> dict[str, Any]:
    """The document of a job nobody could judge."""
    from grader.documents import verdict_to_json
    from grader.verdict import Status, Words
    from grader.verdict import Verdict as Outcome

    revision, seed, points = session.execute(
        select(Revision, Submission.seed, AssignmentItem.points)
        .select_from(Submission)
        .join(AssignmentItem, AssignmentItem.id == Submission.assignment_item_id)
        .join(Revision, Revision.hash == job.revision)
        .where(Submission.id == job.submission_id)
    ).one()
    return verdict_to_json(
        Outcome(
            item=f"{revision.bank_id}/{revision.item}",
            revision=revision.hash,
            suite=revision.suite_hash,
            grader="",
            seed=seed,
            status=Status.UNGRADABLE,
            score=0.0,
            max_score=points,
            explanation=Words("", ""),
        )
    )


def give_up(session: Session, claimed: Claim, now: datetime, note: str) -> bool:
    """Keep the verdict `ungradable` for a job in hand."""
    job = session.get_one(Job, claimed.job_id)
    return store(session, claimed, _ungradable(session, job), now, note)


def _reclaim(session: Session, condition: ColumnElement[bool], now: datetime, allowed: int, note: str) -> int:
    lost = session.scalars(
        select(Job).where(Job.state == State.RUNNING, condition).with_for_update(skip_locked=True)
    ).all()
    for job in lost:
        decision = after_failure(job.tries, allowed, at_once=True)
        log.warning(
            "its worker is gone: %s",
            "given up as ungradable" if isinstance(decision, GiveUp) else "it waits again",
            extra={"about": {"job": job.id, "submission": job.submission_id, "try": job.tries}},
        )
        job.lease_owner = job.lease_until = None
        if isinstance(decision, GiveUp):
            measures.given_up.labels("vanished").inc()
            job.state = State.DONE
            session.flush()
            keep(session, job, _ungradable(session, job), now, note)
        else:
            job.state, job.not_before = State.WAITING, now + decision.delay
            job.round += 1  # should it kill the next worker too, others have had their turns
    session.flush()
    return len(lost)


def sweep(session: Session, now: datetime, allowed: int) -> int:
    """Free every job whose lease ran out; how many there were."""
    freed = _reclaim(session, Job.lease_until < now, now, allowed, WORKERS_VANISHED)
    measures.lease_expiries.labels("job").inc(freed)
    return freed


def any_expired(session: Session, now: datetime) -> bool:
    """Whether `sweep` would find something; needs no write lock."""
    return bool(session.scalar(select(exists().where(Job.state == State.RUNNING, Job.lease_until < now))))


def release_owner(session: Session, owner: str, now: datetime, allowed: int) -> int:
    """Free at once what a worker known to be dead had in hand."""
    return _reclaim(session, Job.lease_owner == owner, now, allowed, WORKERS_DIED)


def release_ticket(session: Session, ticket: str, now: datetime, allowed: int) -> int:
    """Free at once what was taken on a ticket that came back: whoever held it is gone."""
    return _reclaim(session, Job.ticket == ticket, now, allowed, WORKERS_DIED)


def pinned_sources(session: Session, limit: int) -> list[tuple[str, str]]:
    """Revision and source of what assignments ask, the newest assignments last."""
    newest = func.max(AssignmentItem.assignment_id)
    found = session.execute(
        select(Revision.hash, Revision.source)
        .join(AssignmentItem, AssignmentItem.revision == Revision.hash)
        .group_by(Revision.hash, Revision.source)
        .order_by(newest.desc(), func.min(AssignmentItem.position).desc())
    )
    return [(revision, source) for revision, source in found][:limit][::-1]


def grade_again(session: Session, job: Job, now: datetime) -> Job:
    """A new job for a submission that could not be graded; asking twice gives the same one, also two at once."""
    session.execute(select(Job.id).where(Job.id == job.id).with_for_update()).one()
    known = session.scalar(
        select(Job).where(
            Job.submission_id == job.submission_id,
            Job.revision == job.revision,
            Job.purpose == Purpose.REGRADE,
            Job.batch_id == job.id,
        )
    )
    if known is not None:
        return known
    again = Job(
        submission_id=job.submission_id,
        user_id=job.user_id,
        revision=job.revision,
        purpose=Purpose.REGRADE,
        batch_id=job.id,
        priority=0,
        state=State.WAITING,
        not_before=now,
        created_at=now,
        course_id=job.submission.assignment_item.assignment.course_id,
    )
    enqueue(session, [again], now)
    return again

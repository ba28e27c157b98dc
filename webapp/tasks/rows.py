"""Asking for long work, and taking, keeping and giving it back: each function is one transaction's work on the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select, update
from sqlalchemy.orm import Session

from webapp.models import Task, TaskState
from webapp.models.alone import alone_with

LEASE = timedelta(minutes=2)
"""Every step that is noted renews it, and so does its worker while a step, or a job between two, takes long."""
TRIES = 3
WORKERS_DIED = "The workers that did this died each time."
OPEN = (TaskState.WAITING, TaskState.RUNNING)
UNASKED = "prove"
"""The kind of work that nobody asks for at the start of a server; it is done behind what somebody waits for."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A task in hand, and the proof (owner and try) that it is ours."""

    task_id: int
    owner: str
    tries: int
    kind: str
    subject: str
    course_id: int | None
    actor_id: int | None
    parameters: Mapping[str, Any]


def ask(
    session: Session,
    kind: str,
    subject: str,
    now: datetime,
    *,
    parameters: Mapping[str, Any] | None = None,
    course_id: int | None = None,
    actor_id: int | None = None,
) -> Task:
    """Have something done; where the same is waiting or being done already, that.  `session` is a writing one."""
    alone_with(session, "task", kind, subject)
    known = session.scalar(
        select(Task).where(Task.kind == kind, Task.subject == subject, Task.state.in_(OPEN)).with_for_update()
    )
    if known is not None:
        return known
    task = Task(
        kind=kind,
        subject=subject,
        course_id=course_id,
        actor_id=actor_id,
        parameters=dict(parameters or {}),
        created_at=now,
    )
    session.add(task)
    session.flush()
    return task


def newest(session: Session, kind: str, subject: str) -> Task | None:
    """The last time this was asked for."""
    return session.scalar(
        select(Task).where(Task.kind == kind, Task.subject == subject).order_by(Task.id.desc()).limit(1)
    )


def anything_waiting(session: Session) -> bool:
    """Whether `claim` has a chance; needs no write lock."""
    return bool(session.scalar(select(exists().where(Task.state == TaskState.WAITING))))


def claim(session: Session, owner: str, now: datetime) -> Claim | None:
    """Take the oldest task that somebody waits for, else the oldest, or nothing."""
    chosen = (
        select(Task.id)
        .where(Task.state == TaskState.WAITING)
        .order_by(and_(Task.kind == UNASKED, Task.actor_id.is_(None)), Task.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    task = session.scalar(
        update(Task)
        .where(Task.id == chosen, Task.state == TaskState.WAITING)
        .values(
            state=TaskState.RUNNING, lease_owner=owner, lease_until=now + LEASE, tries=Task.tries + 1, begun_at=now
        )
        .returning(Task)
        .execution_options(synchronize_session=False)
    )
    if task is None:
        return None
    return Claim(
        task.id, owner, task.tries, task.kind, task.subject, task.course_id, task.actor_id, dict(task.parameters)
    )


def _set(session: Session, claimed: Claim, **values: Any) -> bool:
    """Change a task that is still ours; False when it is not."""
    result = session.execute(
        update(Task)
        .where(
            Task.id == claimed.task_id,
            Task.state == TaskState.RUNNING,
            Task.lease_owner == claimed.owner,
            Task.tries == claimed.tries,
        )
        .values(**values)
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    )
    return result.one_or_none() is not None


def advance(session: Session, claimed: Claim, done: int, total: int, now: datetime) -> bool:
    """Note how far it is; False when it is no longer ours, or was cancelled."""
    return _set(session, claimed, done=done, total=total, lease_until=now + LEASE)


def keep(session: Session, claimed: Claim, now: datetime) -> bool:
    """Keep it although nothing of it is done at the moment; False when it is no longer ours."""
    return _set(session, claimed, lease_until=now + LEASE)


def finish(session: Session, claimed: Claim, result: Mapping[str, Any], now: datetime) -> bool:
    """Keep what came of it, if it is still ours."""
    ended = {"lease_owner": None, "lease_until": None, "finished_at": now}
    return _set(session, claimed, state=TaskState.DONE, result=dict(result), done=Task.total, **ended)


def end(session: Session, task_id: int, result: Mapping[str, Any], now: datetime) -> None:
    """Finish what is being done, in the transaction that did the last of it: who asks from then on asks anew."""
    task = session.get_one(Task, task_id, with_for_update=True)
    if task.state == TaskState.RUNNING:
        task.state, task.result, task.done, task.finished_at = TaskState.DONE, dict(result), task.total, now
        task.lease_owner = task.lease_until = None


def fail(session: Session, claimed: Claim, problem: str, now: datetime) -> bool:
    """Give up, and say why to whoever asked for it."""
    ended = {"lease_owner": None, "lease_until": None, "finished_at": now}
    return _set(session, claimed, state=TaskState.FAILED, problem=problem, **ended)


def give_back(session: Session, claimed: Claim) -> bool:
    """Put it back as it was found: nothing is wrong with it."""
    return _set(
        session, claimed, state=TaskState.WAITING, lease_owner=None, lease_until=None, tries=Task.tries - 1, done=0
    )


def cancel(session: Session, task: Task, now: datetime) -> None:
    """Nobody needs it any more; who does it notices at the next step that is noted."""
    if task.state in OPEN:
        task.state, task.finished_at = TaskState.CANCELLED, now
        task.lease_owner = task.lease_until = None


def _reclaim(session: Session, condition: ColumnElement[bool], now: datetime) -> int:
    lost = session.scalars(
        select(Task).where(Task.state == TaskState.RUNNING, condition).with_for_update(skip_locked=True)
    ).all()
    for task in lost:
        task.lease_owner = task.lease_until = None
        if task.tries >= TRIES:
            task.state, task.problem, task.finished_at = TaskState.FAILED, WORKERS_DIED, now
        else:
            task.state, task.done = TaskState.WAITING, 0
    session.flush()
    return len(lost)


def any_expired(session: Session, now: datetime) -> bool:
    """Whether `sweep` would find something; needs no write lock."""
    return bool(session.scalar(select(exists().where(Task.state == TaskState.RUNNING, Task.lease_until < now))))


def sweep(session: Session, now: datetime) -> int:
    """Free every task whose lease ran out; how many there were."""
    return _reclaim(session, Task.lease_until < now, now)


def release_owner(session: Session, owner: str, now: datetime) -> int:
    """Free at once what a worker known to be dead had in hand."""
    return _reclaim(session, Task.lease_owner == owner, now)

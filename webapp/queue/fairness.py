"""Whose job is next.  Nobody's loop of submissions starves a class, and no course starves another.

Everybody's jobs are given rounds when they are sent: a person's first one the round that is being served, each further
one a round later.  A claim takes the earliest round there is, so one person's flood delays that person alone.  What
comes first of all is its priority (a student who waits, before bulk work, before regrades), and that first tries go
before what needs longer (`behind`), for at most `PATIENCE`.

Workers take every second job so, whatever its course.  The other half of the jobs goes round the courses: the course
that had such a turn longest ago comes next, and within it the earliest round.  So a course of ten students never waits
for three hundred of another course, and a course of three hundred never gets less than half of what its number is
worth, however many small courses there are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, and_, exists, func, select, update
from sqlalchemy.orm import Session

from webapp.models import Course, CourseTurn, Job, State, Turn
from webapp.models.upserting import inserting, upsert_all

PATIENCE = timedelta(minutes=1)
"""How long what needs longer stands behind first tries: after that it takes its turn like everybody's."""
AT_ONCE = 1000
"""As many join a round in one go: the others a moment later."""


def enqueue(session: Session, jobs: Sequence[Job], now: datetime) -> None:
    """Store new jobs, each with its round.

    The round that is served is the earliest one that waits.  While nothing waits it is the time in milliseconds:
    later than any round that was given, since a round lasts longer than that, so what somebody did in quiet hours
    counts for nothing in the next rush.
    """
    for priority in sorted({job.priority for job in jobs}):
        own = [job for job in jobs if job.priority == priority]
        served = _served_round(session, priority, now)
        people = sorted({job.user_id for job in own})  # in one order, so that two who do this never lock each other out
        given = select(Turn.user_id, Turn.round).where(Turn.priority == priority, Turn.user_id.in_(people))
        last: dict[int, int] = dict(session.execute(given).all())
        for job in own:
            job.round = last[job.user_id] = max(served, last.get(job.user_id, 0) + 1)
        turns = [{"user_id": person, "priority": priority, "round": last[person]} for person in people]
        upsert_all(session, Turn, ["user_id", "priority"], turns)
    session.add_all(jobs)
    session.flush()


def _served_round(session: Session, priority: int, now: datetime) -> int:
    """What needs longer may be kept from its round by a rule of its own, and does not hold the rounds up."""
    earliest = session.scalar(
        select(Job.round)
        .where(claimable(now), Job.priority == priority, Job.behind.is_(False), Job.lengthy.is_(False))
        .order_by(Job.round)
        .limit(1)
    )
    return int(now.timestamp() * 1000) if earliest is None else earliest


def claimable(now: datetime) -> ColumnElement[bool]:
    """What may be taken now."""
    return and_(Job.state == State.WAITING, Job.not_before <= now)


def course_next(session: Session, now: datetime, below: int | None = None) -> int | None:
    """The course whose turn it is among those with something to take in the first priority there is."""
    head = session.execute(
        select(Job.priority, Job.behind)
        .where(claimable(now), *(() if below is None else (Job.priority < below,)))
        .order_by(Job.priority, Job.behind)
        .limit(1)
    ).one_or_none()
    if head is None:
        return None
    waits = exists().where(
        claimable(now), Job.course_id == Course.id, Job.priority == head.priority, Job.behind == head.behind
    )
    return session.scalar(
        select(Course.id)
        .outerjoin(CourseTurn, CourseTurn.course_id == Course.id)
        .where(waits)
        .order_by(CourseTurn.served_at.asc().nulls_first(), Course.id)
        .limit(1)
    )


def note_turn(session: Session, course_id: int, now: datetime) -> None:
    """A course has had its turn.  Where another worker is noting the same this moment, that will do."""
    mine = select(CourseTurn.course_id).where(CourseTurn.course_id == course_id).with_for_update(skip_locked=True)
    noted = session.execute(
        update(CourseTurn)
        .where(CourseTurn.course_id == mine.scalar_subquery())
        .values(served_at=now)
        .returning(CourseTurn.course_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if noted is None and session.get(CourseTurn, course_id) is None:  # an insert would wait for who has locked the row
        first = inserting(session, CourseTurn).values(course_id=course_id, served_at=now)
        session.execute(first.on_conflict_do_nothing(index_elements=["course_id"]))


def any_impatient(session: Session, now: datetime) -> bool:
    """Whether `take_along` would find something; needs no write lock."""
    return bool(session.scalar(select(exists().where(_impatient(now)))))


def take_along(session: Session, now: datetime) -> int:
    """What needs longer and has stood behind first tries for long enough joins the round that is served; how many.

    Of each person one does at a time, and their others a round later each: all at once would be a flood before
    everybody's.
    """
    query = select(Job.id, Job.user_id, Job.priority).where(_impatient(now)).order_by(Job.id).limit(AT_ONCE)
    waiting = session.execute(query.with_for_update(skip_locked=True)).all()
    served = {each: _served_round(session, each, now) for each in sorted({job.priority for job in waiting})}
    last = _joined(session, {job.user_id for job in waiting})
    rounds: dict[int, list[int]] = {}
    for job in waiting:
        whose = job.user_id, job.priority
        last[whose] = max(served[job.priority], last.get(whose, 0) + 1)
        rounds.setdefault(last[whose], []).append(job.id)
    for given, jobs in rounds.items():
        joining = update(Job).where(Job.id.in_(jobs)).values(behind=False, round=given)
        session.execute(joining.execution_options(synchronize_session=False))
    return len(waiting)


def _joined(session: Session, people: Collection[int]) -> dict[tuple[int, int], int]:
    """By person and priority the last round in which something that needs longer has joined, and is not yet judged."""
    found = session.execute(
        select(Job.user_id, Job.priority, func.max(Job.round))
        .where(Job.state.in_((State.WAITING, State.RUNNING)), Job.lengthy, Job.behind.is_(False))
        .where(Job.user_id.in_(people))
        .group_by(Job.user_id, Job.priority)
    )
    return {(person, priority): given for person, priority, given in found}


def _impatient(now: datetime) -> ColumnElement[bool]:
    return and_(Job.state == State.WAITING, Job.behind, Job.created_at <= now - PATIENCE)


@dataclass(frozen=True, slots=True, order=True)
class Waiting:
    """A job that waits, in the order of rounds."""

    priority: int
    behind: bool
    round: int
    job_id: int
    course_id: int | None


def order(waiting: Iterable[Waiting], served: Mapping[int, datetime]) -> list[int]:
    """The jobs as they will be taken if nobody sends anything more; `served` says when courses had their turns."""
    result: list[int] = []
    for _, found in groupby(sorted(waiting), key=lambda each: (each.priority, each.behind)):
        result += _interleaved(list(found), served)
    return result


def _interleaved(line: Collection[Waiting], served: Mapping[int, datetime]) -> list[int]:
    courses: dict[int, deque[int]] = {}
    for each in line:
        if each.course_id is not None:
            courses.setdefault(each.course_id, deque()).append(each.job_id)
    if len(courses) < 2:
        return [each.job_id for each in line]
    turns = deque(sorted(courses, key=lambda each: (each in served, served.get(each), each)))
    people = deque(each.job_id for each in line)
    taken: dict[int, None] = {}
    while people:
        if people[0] in taken:
            people.popleft()
            continue
        taken[people.popleft()] = None
        while turns:
            course = turns.popleft()
            own = courses[course]
            while own and own[0] in taken:
                own.popleft()
            if own:
                taken[own.popleft()] = None
                turns.append(course)
                break
    return list(taken)

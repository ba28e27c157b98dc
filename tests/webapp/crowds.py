"""Many people in many courses, and their jobs, stored without requests: for tests of the queue on either database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from webapp import banks, migrating
from webapp.learn import sending
from webapp.models import Assignment, AssignmentItem, Course, Database, Job, Purpose, User
from webapp.queue import fairness, rows

HERE = Path(__file__).parent
LEASE = timedelta(seconds=10)
KINDS = ("sqlite", "postgresql")
_numbers = count()


@contextmanager
def empty(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The address of an empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'workshop.sqlite3'}"
        return
    server = request.getfixturevalue("postgresql")
    name = f"crowd_{next(_numbers)}"
    yield server.create(name)
    server.drop(name)


@dataclass
class Crowd:
    """People and courses by number."""

    database: Database
    now: datetime
    items: list[int] = field(default_factory=list)
    """The item of each course."""
    courses: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)

    def make(self, courses: int, people: int) -> None:
        """With one item in each course."""
        with self.database.writing() as session:
            bank, _ = banks.load(session, HERE / "small_bank.md", self.now)
            item = banks.in_order([bank])[0]
            for number in range(courses):
                course = Course(title=f"Course {number}", zone="UTC")
                session.add(course)
                session.flush()
                assignment = Assignment(course_id=course.id, title="First")
                session.add(assignment)
                session.flush()
                banks.pin(session, assignment.id, item, 0, None)
                self.courses.append(course.id)
            users = [User(email=f"{number}@example.org", created_at=self.now) for number in range(people)]
            session.add_all(users)
            session.flush()
            self.people = [user.id for user in users]
            self.items = list(session.scalars(select(AssignmentItem.id).order_by(AssignmentItem.id)))

    def send(self, sent: Sequence[tuple[int, int]], priority: int = 0, now: datetime | None = None) -> list[int]:
        """Store a run of each (person, course); the jobs."""
        with self.database.writing() as session:
            jobs = []
            for course in sorted({course for _, course in sent}):
                item = session.get_one(AssignmentItem, self.items[course])
                own = [
                    sending.Content(self.people[person], b"x", f"{next(_numbers)}")
                    for person, of in sent
                    if of == course
                ]
                made = sending.store(
                    session, item, own, purpose=Purpose.RUN, now=now or self.now, priority=priority
                )
                jobs += [each.job_id for each in made]
            return jobs

    def claim(self, owner: str = "a", *, courses_turn: bool = False, **more: Any) -> rows.Claim | None:
        """Take the next one as a worker does."""
        course_id = None
        if courses_turn:
            with self.database.reading() as session:
                course_id = fairness.course_next(session, self.now)
        with self.database.writing() as session:
            return rows.claim(session, owner, self.now, LEASE, course_id=course_id, **more)

    def taken(self, most: int) -> list[int]:
        """The courses, by number, of the next jobs as one worker takes them."""
        found = []
        for number in range(most):
            self.now += timedelta(milliseconds=50)
            claimed = self.claim(courses_turn=bool(number % 2))
            if claimed is None:
                break
            found.append(claimed.job_id)
            self.finish(claimed)
        with self.database.reading() as session:
            of = dict(session.execute(select(Job.id, Job.course_id).where(Job.id.in_(found))).all())
        return [self.courses.index(of[job]) for job in found]

    def finish(self, claimed: rows.Claim) -> None:
        """It was judged; what came of it is not what is tested here."""
        with self.database.writing() as session:
            job = session.get_one(Job, claimed.job_id)
            job.state, job.lease_owner, job.lease_until = "done", None, None


@contextmanager
def crowd(database: Database, now: datetime, courses: int, people: int) -> Iterator[Crowd]:
    """A filled database, closed after the block."""
    migrating.upgrade(database)
    made = Crowd(database, now)
    made.make(courses, people)
    try:
        yield made
    finally:
        database.close()

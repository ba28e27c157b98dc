"""A database as it is late in a term: a class, and ten thousand submissions with their verdicts."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from tests.bench_web.known import Known
from webapp import banks, demo
from webapp.account import service as accounts
from webapp.learn import sending
from webapp.learn.attempts import Pace
from webapp.models import (
    Assignment,
    AssignmentItem,
    Course,
    Database,
    Draft,
    Job,
    Mark,
    Membership,
    Purpose,
    Role,
    State,
    Submission,
    User,
    Verdict,
)
from webapp.opening import prepared
from webapp.queue.wake import nudge
from webapp.settings import Settings, shipped_banks

PASSWORD = "the class has one password"
TERM = timedelta(days=40)
BATCH = 500
RUNS = 0.3
"""The share of what is sent that is only run."""


@dataclass(frozen=True, slots=True)
class School:
    """What is in the database, by name."""

    course: int
    assignment: int
    items: dict[str, int]
    students: tuple[str, ...]
    """Their addresses; all have `PASSWORD`."""
    instructor: str


def furnish(data: Path, students: int, database_url: str = "") -> School:
    """Tables, the demo course, and a class in it.  One hash of one password does for all: hashing it takes 0.1 s."""
    database = prepared(Settings(data=data, database_url=database_url))
    now = datetime.now(UTC)
    try:
        with database.writing() as session:
            demo.ensure(session, data, [banks.load(session, path, now)[0] for path in shipped_banks()])
            course = session.scalars(select(Course)).one()
            one_hash = accounts.hasher.hash(PASSWORD)
            emails = tuple(f"student-{number:03}@class.example" for number in range(1, students + 1))
            people = [
                User(email=email, name=f"学生 {email[8:11]} Student", password_hash=one_hash, created_at=now)
                for email in emails
            ]
            teacher = User(email="ada@class.example", name="Ada", password_hash=one_hash, created_at=now)
            session.add_all([*people, teacher])
            session.flush()
            session.add_all(Membership(course_id=course.id, user_id=user.id, role=Role.STUDENT) for user in people)
            session.add(Membership(course_id=course.id, user_id=teacher.id, role=Role.INSTRUCTOR))
            assignment = session.scalars(select(Assignment).where(Assignment.key == "workshop")).one()
            items = {row.item: row.id for row in session.scalars(select(AssignmentItem))}
            return School(course.id, assignment.id, items, emails, teacher.email)
    finally:
        database.close()


def fill(data: Path, school: School, sent: Sequence[tuple[Known, dict[str, Any]]], count: int) -> None:
    """Store `count` submissions of the class, drawn from `sent`, with the verdicts that belong to them."""
    draw = random.Random(count)
    database = Database(Settings(data=data).database)
    try:
        with database.writing() as session:
            users = list(session.scalars(select(User.id).where(User.email.in_(school.students)).order_by(User.id)))
            rows = {row.id: row for row in session.scalars(select(AssignmentItem))}
            begin = datetime.now(UTC) - TERM
            _drafts(session, users, school, begin)
            for start in range(0, count, BATCH):
                numbers = range(start, min(count, start + BATCH))
                times = [begin + TERM * ((number + draw.random()) / count) for number in numbers]
                chosen = [(draw.choice(users), *draw.choice(sent), at) for at in times]
                _store(session, school, rows, chosen, start, draw)
    finally:
        database.close()


Sent = tuple[int, Known, dict[str, Any], datetime]


def _store(
    session: Session,
    school: School,
    rows: dict[int, AssignmentItem],
    chosen: list[Sent],
    start: int,
    draw: random.Random,
) -> None:
    submissions, jobs, verdicts, marks = [], [], [], []
    for number, (user, known, document, at) in enumerate(chosen, start + 1):
        item = rows[school.items[known.item]]
        purpose = "run" if known.kind == "coding" and draw.random() < RUNS else "submit"
        shared = {"user_id": user, "revision": item.revision, "created_at": at}
        submissions.append(
            {
                "id": number, "assignment_item_id": item.id, "client_key": secrets.token_hex(16),
                "content": known.content.encode(), "seed": number % 4, **shared,
            }
        )  # fmt: skip
        jobs.append(
            {"id": number, "submission_id": number, "purpose": purpose, "state": "done", "tries": 1, "not_before": at}
            | shared
        )
        score, most = document["score"], document["max_score"]
        verdicts.append(
            {
                "job_id": number, "status": document["status"], "score": score, "max_score": most,
                "review": document["review"], "document": document, "created_at": at + timedelta(seconds=1),
            }
        )  # fmt: skip
        if purpose == "submit":
            points = item.points * score / most if most else 0.0
            marks.append({"submission_id": number, "verdict_job_id": number, "score": points, "source": "grader"})
    for table, values in ((Submission, submissions), (Job, jobs), (Verdict, verdicts), (Mark, marks)):
        session.execute(insert(table), values)


def _drafts(session: Session, users: list[int], school: School, at: datetime) -> None:
    session.execute(
        insert(Draft),
        [
            {"user_id": user, "assignment_item_id": item, "content": "# a draft\n" * 40, "version": 3, "saved_at": at}
            for user in users
            for item in list(school.items.values())[:2]
        ],
    )


def put_in_the_queue(data: Path, school: School, sent: Sequence[Known], now: datetime) -> list[int]:
    """Let the class send these, one student each, without a request; the jobs' numbers."""
    database = Database(Settings(data=data).database)
    try:
        with database.writing() as session:
            users = list(session.scalars(select(User.id).where(User.email.in_(school.students)).order_by(User.id)))
            jobs = [
                sending.send(
                    session, user_id=users[number % len(users)], item_id=school.items[known.item],
                    content=known.content.encode(), purpose=Purpose.SUBMIT, client_key="", pace=Pace(10_000, 10_000),
                    now=now,
                ).job_id
                for number, known in enumerate(sent)
            ]  # fmt: skip
        nudge(Settings(data=data).wake_folder)
        return jobs
    finally:
        database.close()


def unlimited(data: Path, database_url: str = "") -> None:
    """Take the limits on attempts away: who measures sends more often than a student may."""
    database = Database(Settings(data=data, database_url=database_url).database)
    with database.writing() as session:
        session.execute(update(AssignmentItem).values(max_submissions=None))
    database.close()


def wait_for(data: Path, jobs: Sequence[int], seconds: float) -> int:
    """Until all of these are judged; how many are not after that time."""
    database = Database(Settings(data=data).database)
    end = time.monotonic() + seconds
    try:
        while True:
            with database.reading() as session:
                left = session.scalar(
                    select(func.count()).select_from(Job).where(Job.id.in_(jobs), Job.state != State.DONE)
                )
            if not left or time.monotonic() > end:
                return left or 0
            time.sleep(0.2)
    finally:
        database.close()

"""A course as large as a gradebook has to bear: 2,000 students × 40 items, with a standing for nearly every pair."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from tests.bench_web.furnishing import PASSWORD
from webapp import banks
from webapp.account import service as accounts
from webapp.models import (
    Assignment,
    AssignmentItem,
    Course,
    ItemStanding,
    Membership,
    Role,
    Submission,
    User,
)
from webapp.models.times import utc_now
from webapp.opening import prepared
from webapp.settings import Settings, shipped_banks

TITLE = "大课 | Gradebook of a large course"
INSTRUCTOR = "noether@gradebook.example"
ASSIGNMENTS = 8
FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高"
GIVEN = "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超霞平刚"
BATCH = 2000
TRIED = 0.9
"""The share of cells in which something was sent."""


@dataclass(frozen=True, slots=True)
class Large:
    """The course, somebody who teaches it (with `PASSWORD`), and its cells."""

    course: int
    instructor: str
    items: tuple[int, ...]
    students: tuple[int, ...]


def furnish(data: Path, students: int = 2000, items: int = 40) -> Large:
    """Make the course beside whatever there is in `data`, by statements over thousands of rows."""
    database = prepared(Settings(data=data))
    draw = random.Random(5)
    try:
        with database.writing() as session:
            course = Course(title=TITLE, zone="Asia/Shanghai")
            session.add(course)
            session.flush()
            everybody = people(session, course.id, students, draw)
            asked = _items(session, course.id, items)
            session.flush()
            rows = {item.id: item for item in asked}
            _cells(session.connection(), rows, everybody, draw)
            return Large(course.id, INSTRUCTOR, tuple(rows), tuple(everybody))
    finally:
        database.close()


def people(session: Session, course_id: int, students: int, draw: random.Random) -> list[int]:
    """The course's students; `INSTRUCTOR` teaches them."""
    now, one_hash = utc_now(), accounts.hasher.hash(PASSWORD)
    session.execute(
        insert(User),
        [
            {
                "email": f"u{number:05}@gradebook.example",
                "name": draw.choice(FAMILY) + "".join(draw.sample(GIVEN, draw.choice((1, 2)))),
                "created_at": now,
            }
            for number in range(students)
        ],
    )
    found = list(session.scalars(select(User.id).where(User.email.like("u%@gradebook.example")).order_by(User.id)))
    teacher = User(email=INSTRUCTOR, name="Emmy Noether", password_hash=one_hash, created_at=now)
    session.add(teacher)
    session.flush()
    session.add(Membership(course_id=course_id, user_id=teacher.id, role=Role.INSTRUCTOR))
    session.execute(
        insert(Membership),
        [
            {"course_id": course_id, "user_id": user, "role": Role.STUDENT, "external_id": f"2026{place:06}"}
            for place, user in enumerate(found)
        ],
    )
    return found


def _items(session: Session, course_id: int, count: int) -> list[AssignmentItem]:
    """The bank's items again and again, each under a name of its own: an item stands once in an assignment."""
    now = utc_now()
    bank = banks.load(session, shipped_banks()[0], now)[0]
    source = [each for each in banks.in_order([bank]) if each.servable]
    asked = []
    for number in range(ASSIGNMENTS):
        assignment = Assignment(
            course_id=course_id, title=f"第{number + 1}周 | Week {number + 1}", position=number,
            due_at=now - timedelta(days=50 - 7 * number), practice=number == ASSIGNMENTS - 1,
        )  # fmt: skip
        session.add(assignment)
        session.flush()
        for place in range(count // ASSIGNMENTS):
            item = source[(number * 5 + place) % len(source)]
            asked.append(banks.pin(session, assignment.id, item, place, 10))
    return asked


def _cells(connection: Connection, items: dict[int, AssignmentItem], people: list[int], draw: random.Random) -> None:
    """Submissions without their jobs, and the standings that would follow from them."""
    now = datetime.now(UTC)
    sent, kept = [], []
    for number, (user, item) in enumerate(_tried(people, items, draw), 1):
        status = draw.choices(("passed", "partial", "failed", "waiting"), (60, 25, 13, 2))[0]
        score = {"passed": item.points, "partial": draw.choice((0.25, 0.5, 2 / 3)) * item.points, "failed": 0.0}
        sent.append(
            {
                "id": 10_000_000 + number, "assignment_item_id": item.id, "user_id": user, "revision": item.revision,
                "client_key": f"g{number}", "content": b"# what was sent\n" * 60, "seed": number % 4, "created_at": now,
            }
        )  # fmt: skip
        kept.append(
            {
                "assignment_item_id": item.id, "user_id": user, "submission_id": 10_000_000 + number,
                "score": score.get(status), "status": status, "used": draw.randint(1, 6),
                "pending": int(status == "waiting"), "review": draw.random() < 0.01, "late": draw.random() < 0.05,
                "changed_at": now - timedelta(days=1),
            }
        )  # fmt: skip
    for start in range(0, len(sent), BATCH):
        connection.execute(insert(Submission), sent[start : start + BATCH])
        connection.execute(insert(ItemStanding), kept[start : start + BATCH])


def _tried(
    people: list[int], items: dict[int, AssignmentItem], draw: random.Random
) -> Iterator[tuple[int, AssignmentItem]]:
    for user in people:
        for item in items.values():
            if draw.random() < TRIED:
                yield user, item

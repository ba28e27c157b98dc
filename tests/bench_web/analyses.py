"""What a large class has sent, to be analysed: 2,000 students, thirteen items, eight attempts, 200,000 verdicts."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from questions import Item, Kind
from tests.bench_web.gradebooks import BATCH, INSTRUCTOR, people
from tests.bench_web.server_times import ServerTimes, timed
from tests.bench_web.visiting import Visitor
from webapp import banks
from webapp.models import (
    Assignment,
    AssignmentItem,
    Course,
    Fact,
    ItemStanding,
    Job,
    Mark,
    Purpose,
    State,
    Submission,
    Verdict,
)
from webapp.models.times import utc_now
from webapp.opening import prepared
from webapp.settings import Settings, shipped_banks

GOAL_MS = 2000.0
ATTEMPTS = 8
FIRST = 20_000_000
"""The number of the first submission and job, beyond those of anything else."""


@dataclass(frozen=True, slots=True)
class Analysed:
    """The course, its one assignment, and the item with the most to say."""

    course: int
    assignment: int
    item: int
    instructor: str
    verdicts: int


@dataclass(frozen=True, slots=True, order=True)
class Attempt:
    """One submission, the better the larger."""

    share: float
    number: int
    """Its own, and that of its job."""
    user: int
    at: datetime

    @property
    def status(self) -> str:
        return "passed" if self.share == 1 else "partial" if self.share else "failed"


def furnish(data: Path, students: int = 2000) -> Analysed:
    """Make the course in `data`: every item of the shipped bank, solved by the able ones, mistakes named."""
    database, draw = prepared(Settings(data=data)), random.Random(3)
    try:
        with database.writing() as session:
            course = Course(title="大课 | Large course", zone="Asia/Shanghai")
            session.add(course)
            session.flush()
            assignment = Assignment(course_id=course.id, title="第一周 | Week 1", position=0)
            session.add(assignment)
            session.flush()
            bank = banks.load(session, shipped_banks()[0], utc_now())[0]
            asked = [each for each in banks.in_order([bank]) if each.servable]
            rows = [(banks.pin(session, assignment.id, item, place, None), item) for place, item in enumerate(asked)]
            able = {user: draw.gauss(0, 1) for user in people(session, course.id, students, draw)}
            number = FIRST
            for row, item in rows:
                number = _attempts(session, row, item, able, number, draw)
            most = max(rows, key=lambda pair: len(pair[1].test_specs))[0]
            return Analysed(course.id, assignment.id, most.id, INSTRUCTOR, number - FIRST)
    finally:
        database.close()


def _attempts(
    session: Session, row: AssignmentItem, item: Item, able: dict[int, float], number: int, draw: random.Random
) -> int:
    """Everybody's attempts at one item; the next free number."""
    hard, now = draw.gauss(0, 0.7), utc_now()
    sent: dict[type, list[dict[str, Any]]] = {
        table: [] for table in (Submission, Job, Verdict, Mark, Fact, ItemStanding)
    }
    for user, ability in able.items():
        began, mine = now - timedelta(days=14 * draw.random()), []
        for tried in range(ATTEMPTS):
            chance = 1 / (1 + math.exp(hard - ability - tried * 0.4 + 1))
            share = 1.0 if draw.random() < chance else round(draw.random() * 0.8 * chance, 2)
            at = began + timedelta(minutes=tried * draw.randrange(3, 60))
            mine.append(Attempt(share, number + tried, user, at))
        number += ATTEMPTS
        for table, values in (found for each in mine for found in _rows(row, item, each, draw)):
            sent[table].append(values)
        best = max(mine)
        sent[ItemStanding].append(
            {
                "assignment_item_id": row.id, "user_id": user, "submission_id": best.number,
                "score": best.share * row.points, "status": best.status, "used": ATTEMPTS, "pending": 0,
                "review": False, "late": False, "changed_at": now,
            }
        )  # fmt: skip
    for table, rows in sent.items():
        for start in range(0, len(rows), BATCH):
            session.execute(insert(table), rows[start : start + BATCH])
    return number


def _rows(row: AssignmentItem, item: Item, sent: Attempt, draw: random.Random) -> Iterator[tuple[type, dict[str, Any]]]:
    """An attempt with its verdict, mark and line."""
    here = {"assignment_item_id": row.id, "user_id": sent.user, "revision": row.revision}
    known = [each.id for each in item.misconceptions]
    named = draw.choice(["", "", known[0], draw.choice(known)]) if known and sent.share < 1 else ""
    yield Submission, {
        **here, "id": sent.number, "client_key": f"a{sent.number}", "content": b"x", "seed": sent.number % 4,
        "created_at": sent.at,
    }  # fmt: skip
    yield Job, {
        "id": sent.number, "submission_id": sent.number, "user_id": sent.user, "revision": row.revision,
        "purpose": Purpose.SUBMIT, "batch_id": 0, "priority": 0, "lengthy": False, "state": State.DONE, "tries": 1,
        "not_before": sent.at, "created_at": sent.at,
    }  # fmt: skip
    yield Verdict, {
        "job_id": sent.number, "status": sent.status, "score": sent.share * item.points, "max_score": item.points,
        "review": False, "note": "", "document": {}, "created_at": sent.at,
    }  # fmt: skip
    yield Mark, {
        "submission_id": sent.number, "verdict_job_id": sent.number, "score": sent.share * row.points,
        "share": sent.share, "status": sent.status, "review": False, "source": "grader", "reason": "",
        "changed_at": sent.at,
    }  # fmt: skip
    yield Fact, {
        **here, "job_id": sent.number, "submission_id": sent.number, "status": sent.status, "share": sent.share,
        "outcomes": _outcomes(item, sent.share, draw), "misconceptions": named, "seconds": 0.05, "sent_at": sent.at,
    }  # fmt: skip


def _outcomes(item: Item, share: float, draw: random.Random) -> str:
    """As `Fact.outcomes` has them."""
    if item.kind is Kind.CHOICE:
        return str(draw.randrange(len(item.options)))
    good, bad = ("1", "0") if item.kind is Kind.SHORT_ANSWER else (".", "F")
    parts = item.key_points if item.kind is Kind.SHORT_ANSWER else item.test_specs
    return "".join(good if draw.random() < max(share, 0.2) or share == 1 else bad for _ in parts)


def measured(visitor: Visitor, large: Analysed, each: int) -> list[ServerTimes]:
    """The three pages of item analysis, `each` times by turns."""
    asked = {
        "course": f"/teach/courses/{large.course}/analysis",
        "assignment": f"/teach/assignments/{large.assignment}/analysis",
        "item": f"/teach/items/{large.item}/analysis",
    }
    return timed(visitor, asked, each)

"""What the database knows of somebody's work in some courses, as the values the rules of progress take.

However many items and submissions there are, the number of queries is the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from questions.model import Bilingual, Kind
from webapp.items import item_of
from webapp.learn import records
from webapp.learn.attempts import FREE_STATUSES, Attempt, Dates, Standing, Window
from webapp.learn.scheduling import Effort, Work
from webapp.marks import reviewing
from webapp.marks.reviewing import DecidedPoints
from webapp.models import (
    Assignment,
    AssignmentItem,
    Bank,
    Course,
    Decision,
    Draft,
    Job,
    Mark,
    Purpose,
    Source,
    Submission,
    Verdict,
)

STARTER_COMPARED = 8192
"""Characters of a draft that are compared with the starter, to tell what somebody typed from what stood there."""


@dataclass(frozen=True, slots=True)
class Face:
    """What is shown of an item in a list, and what the rules ask of it."""

    title: Bilingual
    skills: tuple[str, ...]
    starter: str
    kind: Kind
    section: Bilingual
    difficulty: int | None
    prerequisites: tuple[str, ...]

    @property
    def runs(self) -> bool:
        """Whether it can be run without being submitted."""
        return self.kind is Kind.CODING


@dataclass(frozen=True, slots=True)
class Sent:
    """One submission or run, in whatever state."""

    submission_id: int
    item_id: int
    at: datetime
    run: bool
    status: str | None
    score: float
    max_score: float
    review: bool
    judged_job: int
    judged_at: datetime | None
    again: bool
    """Whether the verdict that counts is that of a repeated judging."""
    mark: float | None
    free: bool

    @property
    def is_final(self) -> bool:
        """Whether it says what somebody can do: not before an instructor has looked at what is doubtful."""
        return self.status is not None and self.status not in FREE_STATUSES and not self.review


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that lies before somebody: the items they may see, in order, and what they have sent."""

    works: tuple[Work, ...]
    items: Mapping[int, AssignmentItem]
    assignments: Mapping[int, Assignment]
    faces: Mapping[int, Face]
    """By item."""
    dates: Mapping[int, Dates]
    """By assignment, those not open yet included."""
    sent: tuple[Sent, ...]


@dataclass(frozen=True, slots=True)
class Checks:
    """What a verdict says of its tests or key points: how many there were, and passed; `missed` are titles of tests
    that are not hidden."""

    total: int = 0
    passed: int = 0
    missed: tuple[Any, ...] = ()


def desk(session: Session, user_id: int, courses: Sequence[Course], now: datetime) -> Desk:
    """What somebody has before them in `courses`.  Of an assignment that is not open yet only its dates are known."""
    assignments = records.assignments_of(session, [course.id for course in courses])
    place = {course.id: number for number, course in enumerate(courses)}
    assignments.sort(key=lambda each: place[each.course_id])
    dates = records.dates_of(session, assignments, user_id)
    shown = [each for each in assignments if dates[each.id].window(now) is not Window.NOT_OPEN]
    items = records.items_of(session, [each.id for each in shown])
    faces = _faces(session, items)
    sent = _sent(session, user_id)
    drafts = _drafts(session, user_id, faces)
    by_item: dict[int, list[Sent]] = {}
    for each in sent:
        by_item.setdefault(each.item_id, []).append(each)
    standings = {item.id: records.standing_of(item, _attempts(by_item.get(item.id, []))) for item in items}
    wanted = _recommended(items, faces, standings)
    works = []
    for order, item in enumerate(items):
        mine = by_item.get(item.id, [])
        drafted, last = drafts.get(item.id), max((each.at for each in mine), default=None)
        works.append(
            Work(
                item_id=item.id,
                order=order,
                points=item.points,
                skills=faces[item.id].skills,
                dates=dates[item.assignment_id],
                window=dates[item.assignment_id].window(now),
                late_penalty=item.assignment.late_penalty,
                runs=faces[item.id].runs,
                standing=standings[item.id],
                efforts=tuple(_effort(each) for each in mine if each.is_final),
                draft_at=drafted if drafted and (last is None or drafted > last) else None,
                after=wanted[item.id],
                missing=tuple(each for each in wanted[item.id] if not standings[each].solved),
            )
        )
    return Desk(
        works=tuple(works),
        items={item.id: item for item in items},
        assignments={each.id: each for each in assignments},
        faces=faces,
        dates=dates,
        sent=sent,
    )


def _attempts(sent: Iterable[Sent]) -> list[Attempt]:
    return [
        Attempt(each.submission_id, each.at, each.status, each.mark, each.review, each.free)
        for each in sent
        if not each.run
    ]


def _recommended(
    items: Sequence[AssignmentItem], faces: Mapping[int, Face], standings: Mapping[int, Standing]
) -> dict[int, tuple[int, ...]]:
    """What is recommended before each item, as far as its course asks it; where twice, what is solved comes first."""
    asked: dict[tuple[int, str, str], int] = {}
    for item in items:
        name = (item.assignment.course_id, item.bank_id, item.item)
        known = asked.setdefault(name, item.id)
        if standings[item.id].solved and not standings[known].solved:
            asked[name] = item.id
    return {
        item.id: tuple(
            asked[name]
            for each in faces[item.id].prerequisites
            if (name := (item.assignment.course_id, item.bank_id, each)) in asked and each != item.item
        )
        for item in items
    }


def _effort(sent: Sent) -> Effort:
    share = min(1.0, max(0.0, sent.score / sent.max_score)) if sent.max_score > 0 else 0.0
    return Effort(sent.at, sent.judged_job, sent.run, share, sent.status == "passed")


@lru_cache(maxsize=4096)
def _kept(revision: str) -> dict[str, Face]:
    """Where the face of a revision is kept once it is known: reading items' sources costs more than all else here."""
    return {}


def _faces(session: Session, items: Iterable[AssignmentItem]) -> dict[int, Face]:
    pinned = {item.id: item.revision for item in items}
    unknown = {revision for revision in pinned.values() if not _kept(revision)}
    for revision, stored in records.revisions(session, unknown).items():
        asked = item_of(stored)
        _kept(revision)[revision] = Face(
            title=asked.title,
            skills=asked.skills,
            starter=asked.starter.source if asked.starter else "",
            kind=asked.kind,
            section=asked.section,
            difficulty=asked.difficulty,
            prerequisites=asked.prerequisites,
        )
    return {item: _kept(revision)[revision] for item, revision in pinned.items()}


def _sent(session: Session, user_id: int) -> tuple[Sent, ...]:
    """Everything somebody has sent, oldest first."""
    counting = case((Job.purpose == Purpose.SUBMIT, Mark.verdict_job_id), else_=Job.id)
    found = session.execute(
        select(
            Submission.id,
            Submission.assignment_item_id,
            Submission.created_at,
            Job.id.label("job"),
            Job.purpose,
            Verdict.job_id,
            case((Job.purpose == Purpose.SUBMIT, Mark.status), else_=Verdict.status).label("status"),
            case((Job.purpose == Purpose.SUBMIT, Mark.share * Verdict.max_score), else_=Verdict.score).label("score"),
            Verdict.max_score,
            Mark.review,
            Verdict.created_at.label("judged_at"),
            Mark.score.label("mark"),
            Submission.free,
        )
        .join(Job, (Job.submission_id == Submission.id) & Job.purpose.in_([Purpose.SUBMIT, Purpose.RUN]))
        .outerjoin(Mark, Mark.submission_id == Submission.id)
        .outerjoin(Verdict, Verdict.job_id == counting)
        .where(Submission.user_id == user_id)
        .order_by(Submission.id, Job.id)
    )
    return tuple(
        Sent(
            submission_id=row.id,
            item_id=row.assignment_item_id,
            at=row.created_at,
            run=row.purpose == Purpose.RUN,
            status=row.status,
            score=row.score or 0.0,
            max_score=row.max_score or 0.0,
            review=bool(row.review),
            judged_job=row.job_id or row.job,
            judged_at=row.judged_at,
            again=row.job_id is not None and row.job_id != row.job,
            mark=row.mark if row.purpose == Purpose.SUBMIT else None,
            free=row.free,
        )
        for row in found
    )


def _drafts(session: Session, user_id: int, faces: Mapping[int, Face]) -> dict[int, datetime]:
    """When drafts were saved that hold more than what stood there from the start."""
    found = session.execute(
        select(Draft.assignment_item_id, Draft.saved_at, func.substr(Draft.content, 1, STARTER_COMPARED)).where(
            Draft.user_id == user_id
        )
    )
    return {
        item: saved_at
        for item, saved_at, content in found
        if item in faces and content.strip() and content.strip() != faces[item].starter[:STARTER_COMPARED].strip()
    }


def checks_of(session: Session, jobs: Collection[int]) -> dict[int, Checks]:
    """What the verdicts of `jobs` say of their tests, and of their key points as people decided them."""
    found = session.execute(
        select(
            Verdict.job_id,
            Job.submission_id,
            Verdict.document["suite"].label("suite"),
            Verdict.document["tests"].label("tests"),
            Verdict.document["key_points"].label("key_points"),
            Mark.source,
        )
        .join(Job, Job.id == Verdict.job_id)
        .outerjoin(Mark, Mark.verdict_job_id == Verdict.job_id)
        .where(Verdict.job_id.in_(sorted(jobs)))
    ).all()
    moved = {row.submission_id for row in found if row.key_points and row.source not in (None, Source.GRADER)}
    decided = reviewing.in_force(session, moved)
    return {
        row.job_id: _checks(
            row.tests or [],
            row.key_points or [],
            decided.get((row.submission_id, row.suite or ""), {}) if row.submission_id in moved else {},
        )
        for row in found
    }


def _checks(
    tests: Sequence[Mapping[str, Any]], key_points: Sequence[Mapping[str, Any]], decided: DecidedPoints
) -> Checks:
    missed = [test["title"] for test in tests if test["status"] != "passed" and not test.get("hidden")]
    awards = [decided[each["id"]].award if each["id"] in decided else each["award"] for each in key_points]
    passed = sum(test["status"] == "passed" for test in tests) + sum(award >= 1 for award in awards)
    return Checks(len(tests) + len(key_points), passed, tuple(missed))


def skill_names(session: Session, banks: Collection[str]) -> dict[str, Any]:
    """What banks call their skills; of two names for one skill the first bank's."""
    names: dict[str, Any] = {}
    for (named,) in session.execute(select(Bank.report["skills"]).where(Bank.id.in_(sorted(banks))).order_by(Bank.id)):
        names = {**(named or {}), **names}
    return names


def decided(session: Session, user_id: int, since: datetime) -> list[tuple[int, datetime]]:
    """The submissions somebody has decided since then, each with when, the newest first."""
    at = func.max(Decision.created_at)
    found = session.execute(
        select(Decision.submission_id, at)
        .join(Submission, Submission.id == Decision.submission_id)
        .where(Submission.user_id == user_id, Decision.created_at > since, Decision.undone_at.is_(None))
        .group_by(Decision.submission_id)
        .order_by(at.desc())
    )
    return [(submission, when) for submission, when in found]

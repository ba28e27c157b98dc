"""What item analysis wants of a verdict, kept in a line: documents are fifty times as long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.marks.giving import share_of
from webapp.models import Fact, Job, Purpose, Submission, User, Verdict

LETTERS = {"passed": ".", "failed": "F", "error": "E", "not-run": "-"}
AT_A_TIME = 500


def award_letter(award: float) -> str:
    """What stands for a key point that was made, half made or missed."""
    return "1" if award >= 1 else "h" if award > 0 else "0"


def outcomes(document: Mapping[str, Any]) -> str:
    """A verdict's tests or key points, one letter each (see `Fact.outcomes`)."""
    if tests := document.get("tests"):
        return "".join(LETTERS.get(test["status"], "-") for test in tests)
    if points := document.get("key_points"):
        return "".join(award_letter(each["award"]) for each in points)
    return " ".join(map(str, document.get("chosen") or ()))


class Sent(Protocol):
    """What a line says of a submission: a `Submission`, or a row of these columns."""

    @property
    def id(self) -> int: ...
    @property
    def assignment_item_id(self) -> int: ...
    @property
    def user_id(self) -> int: ...
    @property
    def created_at(self) -> datetime: ...


def fact(submission: Sent, revision: str, verdict: Verdict) -> Fact:
    """The line of a verdict on `submission`."""
    document = verdict.document
    return Fact(
        job_id=verdict.job_id,
        submission_id=submission.id,
        assignment_item_id=submission.assignment_item_id,
        user_id=submission.user_id,
        revision=revision,
        status=verdict.status,
        share=share_of(verdict.score, verdict.max_score),
        outcomes=outcomes(document),
        misconceptions=" ".join(each["misconception"] for each in document.get("diagnosis") or ()),
        seconds=float((document.get("resources") or {}).get("cpu_seconds") or 0.0),
        sent_at=submission.created_at,
    )


def keep(session: Session, job: Job, verdict: Verdict) -> None:
    """Keep the line of a fresh verdict.  Runs have none, and neither has what a guest tries."""
    if job.purpose == Purpose.RUN:
        return
    sent = session.execute(
        select(Submission.id, Submission.assignment_item_id, Submission.user_id, Submission.created_at, User.is_guest)
        .join(User, User.id == Submission.user_id)
        .where(Submission.id == job.submission_id)
    ).one()
    if not sent.is_guest:
        session.add(fact(sent, job.revision, verdict))


def _judged(*columns: Any) -> Select[Any]:
    """Verdicts that have lines, or should."""
    return (
        select(*columns)
        .select_from(Verdict)
        .join(Job, Job.id == Verdict.job_id)
        .join(Submission, Submission.id == Job.submission_id)
        .join(User, User.id == Submission.user_id)
        .where(Job.purpose != Purpose.RUN, User.is_guest.is_(False))
    )


def missing(session: Session) -> bool:
    """Whether there are verdicts without a line.  `complete` comes to the oldest last."""
    oldest = session.scalar(_judged(Verdict.job_id).order_by(Verdict.job_id).limit(1))
    return oldest is not None and session.get(Fact, oldest) is None


def complete(session: Session) -> int:
    """Add the lines of the newest verdicts that have none, at most `AT_A_TIME`; how many those were."""
    query = _judged(Submission, Job.revision, Verdict).outerjoin(Fact, Fact.job_id == Verdict.job_id)
    query = query.where(Fact.job_id.is_(None)).order_by(Verdict.job_id.desc()).limit(AT_A_TIME)
    found = session.execute(query).all()
    session.add_all(fact(submission, revision, verdict) for submission, revision, verdict in found)
    session.flush()
    return len(found)

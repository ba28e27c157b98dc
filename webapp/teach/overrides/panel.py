"""What counts for a submission and why, beside its verdict on an instructor's page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.marks.giving import points_for, sent_columns, share_of
from webapp.models import Audit, Mark, RegradeRequest, Source, Submission, User, Verdict

CHANGES = ("override", "override-withdrawn", "regrade-applied", "reviewed", "review-undone")
MOST_CHANGES = 20


@dataclass(frozen=True, slots=True)
class Change:
    """One time somebody moved this mark."""

    action: str
    actor: str
    at: datetime
    before: float
    after: float
    reason: str


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A student's request about it."""

    id: int
    text: str
    state: str
    created_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form held that was not taken, and why not."""

    problem: str = ""
    points: str = ""
    reason: str = ""
    answer: str = ""


NOTHING_TYPED = Typed()


@dataclass(frozen=True, slots=True)
class MarkingPanel:
    """The mark of one submission; `by_grader` is what the grader's verdict alone would give."""

    submission_id: int
    course_id: int
    item_id: int
    points: float
    late: bool
    score: float | None = None
    status: str = ""
    source: str = ""
    reason: str = ""
    by_grader: float | None = None
    changes: tuple[Change, ...] = ()
    requests: tuple[RequestRow, ...] = ()
    can_mark: bool = False
    can_regrade: bool = False
    typed: Typed = NOTHING_TYPED

    @property
    def overridden(self) -> bool:
        """Whether an override counts now."""
        return self.source == Source.OVERRIDE


def marking_panel(session: Session, submission: Submission, *, can_mark: bool, can_regrade: bool) -> MarkingPanel:
    """The panel of a submission; one without a mark has neither form nor requests."""
    sent = session.execute(sent_columns().where(Submission.id == submission.id)).one()
    late = points_for(sent, 1.0, Source.GRADER) < points_for(sent, 1.0, Source.OVERRIDE)
    bare = MarkingPanel(
        submission_id=submission.id,
        course_id=submission.assignment_item.assignment.course_id,
        item_id=submission.assignment_item_id,
        points=submission.assignment_item.points,
        late=late,
    )
    mark = session.get(Mark, submission.id)
    if mark is None:
        return bare
    verdict = session.get_one(Verdict, mark.verdict_job_id)
    return replace(
        bare,
        score=mark.score,
        status=mark.status,
        source=mark.source,
        reason=mark.reason,
        by_grader=points_for(sent, share_of(verdict.score, verdict.max_score), Source.GRADER),
        changes=_changes(session, submission.id),
        requests=_requests(session, submission.id),
        can_mark=can_mark,
        can_regrade=can_regrade,
    )


def _changes(session: Session, submission_id: int) -> tuple[Change, ...]:
    found = session.execute(
        select(Audit, User.name, User.email)
        .outerjoin(User, User.id == Audit.actor_id)
        .where(Audit.subject == f"submission:{submission_id}", Audit.action.in_(CHANGES))
        .order_by(Audit.id.desc())
        .limit(MOST_CHANGES)
    )
    return tuple(
        Change(
            line.action,
            name or email or "",
            line.at,
            (line.before or {}).get("score", 0.0),
            (line.after or {}).get("score", 0.0),
            line.reason,
        )
        for line, name, email in found
    )


def _requests(session: Session, submission_id: int) -> tuple[RequestRow, ...]:
    found = session.execute(
        select(RegradeRequest, User.name, User.email)
        .outerjoin(User, User.id == RegradeRequest.answered_by_id)
        .where(RegradeRequest.submission_id == submission_id, RegradeRequest.state != "withdrawn")
        .order_by(RegradeRequest.id.desc())
    )
    return tuple(
        RequestRow(each.id, each.text, each.state, each.created_at, each.answer, name or email or "", each.answered_at)
        for each, name, email in found
    )

"""The lines of a regrade beside the marks that count now, in one query however many there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select
from sqlalchemy.orm import Session, aliased

from webapp.marks.giving import points_for, sent_columns
from webapp.models import Fact, Mark, RegradeLine, Source, Submission, User, Verdict
from webapp.models.searching import alphabetical
from webapp.regrading.comparing import CLOSE, Group, LineState, MarkThen, NewVerdict, group_of


@dataclass(frozen=True, slots=True)
class Line:
    """One submission of a regrade: how it was marked, how it is now, and what the new verdict would make of it."""

    submission_id: int
    user_id: int
    item_id: int
    name: str
    email: str
    sent_at: datetime
    revision: str
    state: LineState
    before: MarkThen | None
    now: MarkThen | None
    new: NewVerdict | None
    old_diagnosis: str
    new_diagnosis: str
    settled_at: datetime | None

    @property
    def group(self) -> Group:
        """How the new verdict compares."""
        return group_of(self.state, self.before, self.now, self.new)

    @property
    def shown(self) -> MarkThen | None:
        """The mark that the new verdict is compared with: until it is settled the present one."""
        return self.before if self.state in (LineState.APPLIED, LineState.LEFT) else self.now

    @property
    def difference(self) -> float | None:
        """Points gained or lost; what is not judged or could not be has none."""
        if self.new is None or self.shown is None or self.new.status == "ungradable":
            return None
        found = self.new.points - self.shown.score
        return 0.0 if abs(found) < CLOSE else found


def lines_of(session: Session, regrade_id: int, submission_ids: Collection[int] | None = None) -> list[Line]:
    """The lines of a regrade, by student and submission; or those of some submissions."""
    query = _query(regrade_id)
    if submission_ids is not None:
        query = query.where(RegradeLine.submission_id.in_(submission_ids))
    query = query.order_by(alphabetical(User.name), alphabetical(User.email), Submission.id)
    return [_line(row) for row in session.execute(query)]


def _query(regrade_id: int) -> Select[Any]:
    old, new = aliased(Fact), aliased(Fact)
    return (
        sent_columns()
        .add_columns(
            RegradeLine.revision,
            RegradeLine.state,
            RegradeLine.before,
            RegradeLine.settled_at,
            User.name,
            User.email,
            Mark.score.label("mark_score"),
            Mark.share,
            Mark.status,
            Mark.review,
            Mark.source,
            Mark.reason,
            Mark.verdict_job_id,
            Verdict.job_id.label("new_job"),
            Verdict.status.label("new_status"),
            Verdict.score.label("new_score"),
            Verdict.max_score.label("new_max"),
            Verdict.review.label("new_review"),
            old.misconceptions.label("old_diagnosis"),
            new.misconceptions.label("new_diagnosis"),
        )
        .join(RegradeLine, RegradeLine.submission_id == Submission.id)
        .join(User, User.id == Submission.user_id)
        .outerjoin(Mark, Mark.submission_id == Submission.id)
        .outerjoin(Verdict, Verdict.job_id == RegradeLine.job_id)
        .outerjoin(new, new.job_id == RegradeLine.job_id)
        .outerjoin(old, old.job_id == RegradeLine.before["verdict"].as_integer())
        .where(RegradeLine.regrade_id == regrade_id)
    )


def _line(row: Row[Any]) -> Line:
    return Line(
        submission_id=row.id,
        user_id=row.user_id,
        item_id=row.assignment_item_id,
        name=row.name,
        email=row.email,
        sent_at=row.created_at,
        revision=row.revision,
        state=LineState(row.state),
        before=MarkThen.from_json(row.before) if row.before else None,
        now=(
            MarkThen(row.mark_score, row.share, row.status, row.review, row.source, row.reason, row.verdict_job_id)
            if row.verdict_job_id is not None
            else None
        ),
        new=_new(row),
        old_diagnosis=row.old_diagnosis or "",
        new_diagnosis=row.new_diagnosis or "",
        settled_at=row.settled_at,
    )


def _new(row: Row[Any]) -> NewVerdict | None:
    if row.new_job is None:
        return None
    given = NewVerdict(row.new_job, row.new_status, row.new_score, row.new_max, row.new_review, 0.0)
    points = points_for(row, given.share, Source.GRADER)
    return NewVerdict(row.new_job, row.new_status, row.new_score, row.new_max, row.new_review, points)


def differences(lines: Sequence[Line]) -> list[float]:
    """The differences of those that have one."""
    return [each.difference for each in lines if each.difference is not None]

"""The requests of a course, and answering one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.items import item_of
from webapp.languages import say
from webapp.learn import records
from webapp.models import Assignment, AssignmentItem, Mark, RegradeRequest, Submission, User
from webapp.models.searching import contains
from webapp.notices.telling import tell
from webapp.refusals import Refusal
from webapp.second_look.asking import RequestState

A_PAGE = 100
SHOWN = (RequestState.OPEN, RequestState.GRANTED, RequestState.DECLINED, RequestState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A request in the list."""

    id: int
    submission_id: int
    name: str
    title: str
    status: str
    score: float
    points: float
    text: str
    state: str
    created_at: datetime
    answered_by: str


@dataclass(frozen=True, slots=True)
class Inbox:
    """The requests in one state."""

    state: str
    words: str
    counts: Mapping[str, int]
    rows: tuple[InboxRow, ...]
    found: int
    page: int
    pages: int


def _of_course(course_id: int, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(RegradeRequest)
        .join(Submission, Submission.id == RegradeRequest.submission_id)
        .join(AssignmentItem, AssignmentItem.id == Submission.assignment_item_id)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .join(User, User.id == Submission.user_id)
        .where(Assignment.course_id == course_id)
    )


def inbox(session: Session, course_id: int, state: str, words: str, page: int, lang: str) -> Inbox:
    """The requests of a course in one state: those that wait oldest first, answered ones newest first."""
    shown = RequestState(state) if state in SHOWN else RequestState.OPEN
    counts = {
        each: count
        for each, count in session.execute(
            _of_course(course_id, RegradeRequest.state, func.count()).group_by(RegradeRequest.state)
        )
    }
    query = _of_course(course_id, RegradeRequest.id).where(RegradeRequest.state == shown)
    query = query.where(contains(words, User.name, User.email, RegradeRequest.text, AssignmentItem.item))
    found = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-found // A_PAGE))
    page = min(page, pages)
    order = RegradeRequest.id.asc() if shown is RequestState.OPEN else RegradeRequest.id.desc()
    chosen = query.order_by(order).limit(A_PAGE).offset((page - 1) * A_PAGE)
    return Inbox(
        state=shown.value,
        words=words,
        counts={each.value: counts.get(each.value, 0) for each in SHOWN},
        rows=_rows(session, course_id, list(session.scalars(chosen)), lang),
        found=found,
        page=page,
        pages=pages,
    )


def _rows(session: Session, course_id: int, numbers: list[int], lang: str) -> tuple[InboxRow, ...]:
    found = {
        row.RegradeRequest.id: row
        for row in session.execute(
            _of_course(course_id, RegradeRequest, User.name, User.email, AssignmentItem, Mark)
            .outerjoin(Mark, Mark.submission_id == Submission.id)
            .where(RegradeRequest.id.in_(numbers))
        )
    }
    revisions = records.revisions(session, {row.AssignmentItem.revision for row in found.values()})
    people = {row.RegradeRequest.answered_by_id for row in found.values()} - {None}
    names = {
        number: name or email
        for number, name, email in session.execute(select(User.id, User.name, User.email).where(User.id.in_(people)))
    }
    rows = []
    for row in (found[number] for number in numbers):
        asked, item, mark = row.RegradeRequest, row.AssignmentItem, row.Mark
        rows.append(
            InboxRow(
                id=asked.id,
                submission_id=asked.submission_id,
                name=row.name or row.email,
                title=say(item_of(revisions[item.revision]).title, lang),
                status=mark.status if mark else "",
                score=mark.score if mark else 0.0,
                points=item.points,
                text=asked.text,
                state=asked.state,
                created_at=asked.created_at,
                answered_by=names.get(asked.answered_by_id or 0, ""),
            )
        )
    return tuple(rows)


def answer(session: Session, request_id: int, actor_id: int, state: RequestState, text: str, now: datetime) -> None:
    """Answer a request and tell its student.  Raises `Refusal` where it is not open (any more)."""
    asked = session.scalars(select(RegradeRequest).where(RegradeRequest.id == request_id).with_for_update()).one()
    if asked.state != RequestState.OPEN:
        message = _("This request is not open any more: it was answered or withdrawn meanwhile.")
        raise Refusal("answered", message, HTTPStatus.CONFLICT)
    asked.state, asked.answer, asked.answered_by_id, asked.answered_at = state, text, actor_id, now
    submission = session.get_one(Submission, asked.submission_id)
    item = submission.assignment_item
    course_id, subject = item.assignment.course_id, f"submission:{submission.id}"
    audit.note(
        session, now, actor_id, f"request-{state}", subject, course_id=course_id, before={"request": asked.text},
        after={"answer": text},
    )  # fmt: skip
    data = {"item": item.id, "submission": submission.id, "state": state.value, "answer": text}
    tell(session, now, submission.user_id, "request-answered", data, subject=subject, course_id=course_id)

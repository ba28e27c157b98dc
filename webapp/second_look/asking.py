"""When a student may ask for another look, and what becomes of asking: rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.models import AssignmentItem, Course, Mark, RegradeRequest, Submission
from webapp.notices import reading
from webapp.notices.reading import NoticeView
from webapp.refusals import Refusal

LONGEST_TEXT = 2000


class RequestState(StrEnum):
    """What became of a request."""

    OPEN = "open"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as its student sees it."""

    text: str
    state: RequestState
    created_at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What people have to do with one submission: what its student was told, asked and may ask."""

    submission_id: int
    told: tuple[NoticeView, ...] = ()
    requests: tuple[RequestView, ...] = ()
    can_ask: bool = False

    @property
    def open(self) -> bool:
        """Whether a request waits for its answer."""
        return any(each.state is RequestState.OPEN for each in self.requests)


def may_ask(mark: Mark | None, requests: tuple[RequestView, ...], *, over: bool) -> bool:
    """Whether another look can be asked for: at a mark that counts and could be better, once at a time.

    Where it is `over`, in practice and in a course that was archived, points count no more.
    """
    if mark is None or over or (mark.share >= 1 and not mark.review):
        return False
    return all(each.state is not RequestState.OPEN for each in requests)


def second_look(session: Session, user_id: int, submission_id: int, item: AssignmentItem) -> SecondLook:
    """What stands beside the verdict of a student's own submission."""
    requests = requests_of(session, submission_id)
    told = reading.beside(session, user_id, submission_id)
    if requests:  # their answers are shown with them
        told = tuple(each for each in told if each.kind != "request-answered")
    mark = session.get(Mark, submission_id)
    return SecondLook(submission_id, told, requests, may_ask(mark, requests, over=_is_over(session, item)))


def _is_over(session: Session, item: AssignmentItem) -> bool:
    course = session.get_one(Course, item.assignment.course_id)
    return item.assignment.practice or course.archived_at is not None


def requests_of(session: Session, submission_id: int) -> tuple[RequestView, ...]:
    """All requests about a submission, the newest first; those that were withdrawn are forgotten."""
    found = session.scalars(
        select(RegradeRequest)
        .where(RegradeRequest.submission_id == submission_id, RegradeRequest.state != RequestState.WITHDRAWN)
        .order_by(RegradeRequest.id.desc())
    )
    return tuple(
        RequestView(each.text, RequestState(each.state), each.created_at, each.answer, each.answered_at)
        for each in found
    )


def cleaned(text: str) -> str:
    """What was typed, as it is kept.  Raises `Refusal` for nothing and for too much."""
    text = text.replace("\r\n", "\n").replace("\0", "�").strip()
    if not text:
        raise Refusal("empty", _("Say in a sentence or two what should be looked at again."), HTTPStatus.BAD_REQUEST)
    if len(text) > LONGEST_TEXT:
        message = _(
            "This has %(number)s characters; at most %(most)s are taken. Shorten it and send it again.",
            number=f"{len(text):,}",
            most=f"{LONGEST_TEXT:,}",
        )
        raise Refusal("too-large", message, HTTPStatus.BAD_REQUEST)
    return text


def ask(session: Session, submission_id: int, user_id: int, text: str, now: datetime) -> None:
    """Keep a request.  Raises `Refusal` where there is nothing to look at again, or somebody is about to."""
    submission = session.scalars(select(Submission).where(Submission.id == submission_id).with_for_update()).one()
    item = submission.assignment_item
    mark = session.get(Mark, submission_id)
    if not may_ask(mark, requests_of(session, submission_id), over=_is_over(session, item)):
        message = _("For this submission another look cannot be asked for now.")
        raise Refusal("no-second-look", message, HTTPStatus.CONFLICT)
    session.add(RegradeRequest(submission_id=submission_id, text=text, created_at=now))
    audit.note(
        session,
        now,
        user_id,
        "request",
        f"submission:{submission_id}",
        course_id=item.assignment.course_id,
        reason=text,
    )


def withdraw(session: Session, submission_id: int, user_id: int, now: datetime) -> bool:
    """Take the open request back; False where there is none (any more)."""
    found = session.scalar(
        select(RegradeRequest)
        .where(RegradeRequest.submission_id == submission_id, RegradeRequest.state == RequestState.OPEN)
        .with_for_update()
    )
    if found is None:
        return False
    found.state = RequestState.WITHDRAWN
    course_id = session.get_one(Submission, submission_id).assignment_item.assignment.course_id
    audit.note(session, now, user_id, "request-withdrawn", f"submission:{submission_id}", course_id=course_id)
    return True

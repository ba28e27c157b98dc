"""Guests' rows: who may try what, how a guest begins, what of it an account may keep, and how all of it goes again."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session, joinedload

from webapp.guests.values import Keeping, OpenItem
from webapp.items import item_of
from webapp.languages import say
from webapp.learn import sending
from webapp.learn.attempts import Dates, Window
from webapp.models import (
    Assignment,
    AssignmentItem,
    Course,
    Decision,
    Draft,
    Extension,
    Fact,
    HintReveal,
    ItemStanding,
    Job,
    Mark,
    Membership,
    Notice,
    RegradeRequest,
    Submission,
    Turn,
    User,
    Verdict,
)

DOMAIN = "guest.invalid"
"""No address of it can exist (RFC 2606)."""
LIFE = timedelta(days=1)
"""How long a guest session lasts."""
AT_A_TIME = 20
"""Guests forgotten while a new one waits for the first page."""


def is_open(item: AssignmentItem, now: datetime) -> bool:
    """Whether guests may try `item`: it is open to them, and its assignment is to its students."""
    assignment = item.assignment
    there = item.removed_at is None and assignment.removed_at is None
    window = Dates(assignment.opens_at, assignment.due_at, assignment.closes_at).window(now)
    return item.is_open and there and window in (Window.OPEN, Window.LATE)


def open_item(session: Session, item_id: int, lang: str, now: datetime) -> OpenItem | None:
    """The item, if guests may try it now."""
    item = session.get(AssignmentItem, item_id)
    if item is None or not is_open(item, now):
        return None
    course = session.get_one(Course, item.assignment.course_id)
    return _shown(item, course, lang) if course.archived_at is None else None


def open_items(session: Session, lang: str, now: datetime) -> list[OpenItem]:
    """What guests may try now, course by course."""
    found = session.execute(
        select(AssignmentItem, Course)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .join(Course, Course.id == Assignment.course_id)
        .options(joinedload(AssignmentItem.assignment), joinedload(AssignmentItem.pinned))
        .where(AssignmentItem.is_open, Course.archived_at.is_(None))
        .order_by(Course.id, Assignment.position, Assignment.id, AssignmentItem.position, AssignmentItem.id)
    )
    return [_shown(item, course, lang) for item, course in found if is_open(item, now)]


def _shown(item: AssignmentItem, course: Course, lang: str) -> OpenItem:
    asked = item_of(item.pinned)
    return OpenItem(item.id, say(asked.title, lang), course.id, say(course.title, lang), asked.kind, item.points)


def begin(session: Session, locale: str | None, now: datetime) -> User:
    """A new guest.  Nobody can sign in as one: it has no password, and its address can get no mail."""
    guest = User(
        email=f"{secrets.token_hex(16)}@{DOMAIN}",
        name="",
        password_hash=None,
        locale=locale,
        is_guest=True,
        created_at=now,
    )
    session.add(guest)
    session.flush()
    return guest


def guest_with(session: Session, email: str, now: datetime) -> User | None:
    """The guest of that address, while its session lasts."""
    found = session.scalar(select(User).where(User.email == email, User.is_guest))
    return found if found is not None and found.created_at > now - LIFE else None


def written(session: Session, user_id: int, item_id: int) -> str:
    """What somebody typed or sent last for an item; empty when that was nothing."""
    draft = session.get(Draft, (user_id, item_id))
    sent = session.scalar(
        select(Submission)
        .where(Submission.user_id == user_id, Submission.assignment_item_id == item_id)
        .order_by(Submission.id.desc())
        .limit(1)
    )
    if sent is not None and (draft is None or sent.created_at > draft.saved_at):
        return sent.content.decode("utf-8", "replace").replace("\r\n", "\n")
    return draft.content if draft is not None else ""


def keeping(session: Session, guest_id: int, user_id: int, item: AssignmentItem, lang: str) -> Keeping | None:
    """What of a guest's work an account may take over; nothing when the account has the same."""
    theirs, mine = written(session, guest_id, item.id), written(session, user_id, item.id)
    if not theirs.strip() or theirs == mine:
        return None
    asked = item_of(item.pinned)
    version = sending.draft_of(session, user_id, item.id).version
    return Keeping(item.id, say(asked.title, lang), asked.kind, theirs, mine, version)


def forget(session: Session, before: datetime, at_most: int = AT_A_TIME) -> int:
    """Delete guests that began before `before`, with all they left; how many there were.

    `session` is a writing one.  What points at something goes before what it points at.
    """
    old = select(User.id).where(User.is_guest, User.created_at < before).order_by(User.id).limit(at_most)
    people = list(session.scalars(old))
    if not people:
        return 0
    submissions: Select[tuple[int]] = select(Submission.id).where(Submission.user_id.in_(people))
    jobs: Select[tuple[int]] = select(Job.id).where(Job.submission_id.in_(submissions))
    for statement in (
        delete(Decision).where(Decision.submission_id.in_(submissions)),
        delete(RegradeRequest).where(RegradeRequest.submission_id.in_(submissions)),
        delete(Notice).where(Notice.user_id.in_(people)),
        delete(ItemStanding).where(ItemStanding.user_id.in_(people)),
        delete(Fact).where(Fact.user_id.in_(people)),
        delete(Mark).where(Mark.submission_id.in_(submissions)),
        delete(Verdict).where(Verdict.job_id.in_(jobs)),
        delete(Job).where(Job.submission_id.in_(submissions)),
        delete(Submission).where(Submission.user_id.in_(people)),
        delete(Draft).where(Draft.user_id.in_(people)),
        delete(HintReveal).where(HintReveal.user_id.in_(people)),
        delete(Turn).where(Turn.user_id.in_(people)),
        delete(Extension).where(Extension.user_id.in_(people)),
        delete(Membership).where(Membership.user_id.in_(people)),
        delete(User).where(User.id.in_(people), User.is_guest),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    return len(people)

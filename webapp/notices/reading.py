"""What somebody was told: how much of it is new, all of it, and what belongs beside one verdict."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from webapp.items import item_of
from webapp.languages import say
from webapp.learn import records
from webapp.models import AssignmentItem, Course, Membership, Notice
from webapp.notices.kinds import said

A_PAGE = 50
MOST_COUNTED = 99
BESIDE = 20
"""As many are shown beside one verdict, the newest."""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice as its person reads it; `item_id` and `submission_id` are 0 where it leads nowhere."""

    id: int
    kind: str
    sentence: str
    quote: str
    created_at: datetime
    is_new: bool
    title: str = ""
    course_title: str = ""
    course_id: int = 0
    item_id: int = 0
    submission_id: int = 0


@dataclass(frozen=True, slots=True)
class NoticesPage:
    """A page of notices, the newest first."""

    notices: tuple[NoticeView, ...]
    page: int
    pages: int


def unread(session: Session, user_id: int) -> int:
    """How many somebody has not seen yet; no more than `MOST_COUNTED` are counted."""
    new = select(Notice.id).where(Notice.user_id == user_id, Notice.read_at.is_(None)).limit(MOST_COUNTED)
    return session.scalar(select(func.count()).select_from(new.subquery())) or 0


def notices_page(session: Session, user_id: int, lang: str, page: int) -> NoticesPage:
    """All that somebody was told, in a constant number of queries."""
    total = session.scalar(select(func.count()).select_from(Notice).where(Notice.user_id == user_id)) or 0
    pages = max(1, -(-total // A_PAGE))
    page = min(max(1, page), pages)
    found = session.scalars(
        select(Notice)
        .where(Notice.user_id == user_id)
        .order_by(Notice.id.desc())
        .limit(A_PAGE)
        .offset((page - 1) * A_PAGE)
    ).all()
    return NoticesPage(_views(session, user_id, found, lang), page, pages)


def _views(session: Session, user_id: int, found: Sequence[Notice], lang: str) -> tuple[NoticeView, ...]:
    """The views of notices; one leads to its item only while its person may go there."""
    items = {
        each.id: each
        for each in session.scalars(
            select(AssignmentItem)
            .where(AssignmentItem.id.in_({int(each.data.get("item", 0)) for each in found}))
            .options(joinedload(AssignmentItem.assignment))
        )
    }
    revisions = records.revisions(session, {item.revision for item in items.values()})
    courses = {
        each.id: each
        for each in session.scalars(select(Course).where(Course.id.in_({each.course_id for each in found})))
    }
    mine = set(session.scalars(select(Membership.course_id).where(Membership.user_id == user_id)))
    views = []
    for each in found:
        words = said(each.kind, each.data)
        item, course = items.get(int(each.data.get("item", 0))), courses.get(each.course_id or 0)
        reachable = course is not None and course.id in mine
        there = item is not None and item.removed_at is None and item.assignment.removed_at is None and reachable
        views.append(
            NoticeView(
                id=each.id,
                kind=each.kind,
                sentence=words.sentence,
                quote=words.quote,
                created_at=each.created_at,
                is_new=each.read_at is None,
                title=say(item_of(revisions[item.revision]).title, lang) if item else "",
                course_title=say(course.title, lang) if course else "",
                course_id=course.id if course and reachable else 0,
                item_id=item.id if item and there else 0,
                submission_id=int(each.data.get("submission", 0)) if there else 0,
            )
        )
    return tuple(views)


def beside(session: Session, user_id: int, submission_id: int) -> tuple[NoticeView, ...]:
    """What a student was told of one submission, the newest first."""
    found = session.scalars(
        select(Notice)
        .where(Notice.user_id == user_id, Notice.subject == f"submission:{submission_id}")
        .order_by(Notice.id.desc())
        .limit(BESIDE)
    )
    views = []
    for each in found:
        words = said(each.kind, each.data)
        views.append(NoticeView(each.id, each.kind, words.sentence, words.quote, each.created_at, each.read_at is None))
    return tuple(views)


def mark_read(session: Session, user_id: int, numbers: Collection[int], now: datetime) -> None:
    """Somebody has seen these notices of theirs."""
    session.execute(
        update(Notice)
        .where(Notice.user_id == user_id, Notice.read_at.is_(None), Notice.id.in_(numbers))
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )

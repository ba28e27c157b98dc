"""What somebody has sent for one item: all of it, how the score went, what changed, all of it to take away."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from grader.shown_text import text_of
from questions.model import Kind
from webapp import variants
from webapp.access import Place
from webapp.items import item_of
from webapp.languages import say
from webapp.learn import answers, records
from webapp.learn.attempts import Attempt, Dates, Standing
from webapp.learn.edits import Difference, compare
from webapp.learn.score_chart import Chart, chart_of
from webapp.learn.values import HistoryRow
from webapp.models import Draft, Job, Mark, Purpose, Revision, Submission, Verdict

NEWEST = 5
"""How many submissions the item's own page lists."""
A_PAGE = 50
ARCHIVE_BYTES = 32 * 1024 * 1024
"""Code that cannot be loaded costs no attempt, so there may be any number of submissions."""


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """All submissions of an item, a page at a time."""

    item_id: int
    course_id: int
    course_title: str
    item_title: str
    points: float
    counts: str
    rows: tuple[HistoryRow, ...]
    total: int
    page: int
    pages: int
    with_runs: bool
    has_draft: bool
    has_starter: bool
    chart: Chart | None
    chosen: tuple[str, str]
    """What a comparison starts with."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two texts: `kind` is submission, run, draft or starter."""

    kind: str
    key: str
    number: int | None
    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class DifferencePage:
    """Two texts beside each other."""

    item_id: int
    course_id: int
    course_title: str
    item_title: str
    before: Side
    after: Side
    difference: Difference


def rows_of(
    session: Session,
    user_id: int,
    item_id: int,
    attempts: Sequence[Attempt],
    mine: Standing,
    dates: Dates,
    *,
    limit: int,
    offset: int = 0,
    with_runs: bool = False,
    shown: int = 0,
    keep: Sequence[int] = (),
) -> tuple[HistoryRow, ...]:
    """Submissions, newest first; those in `keep` are among them however old they are."""
    counting = mine.counting.submission_id if mine.counting else 0
    numbers = {each.submission_id: place for place, each in enumerate(attempts, 1)}
    purposes = [Purpose.SUBMIT, Purpose.RUN] if with_runs else [Purpose.SUBMIT]
    judged = case((Job.purpose == Purpose.RUN, Job.id), else_=Mark.verdict_job_id)
    found = session.execute(
        select(
            Submission.id,
            Submission.created_at,
            Job.id.label("job_id"),
            Job.purpose,
            case((Job.purpose == Purpose.RUN, Verdict.status), else_=Mark.status).label("status"),
            case((Job.purpose == Purpose.RUN, Verdict.score), else_=Mark.share * Verdict.max_score).label("score"),
            Verdict.max_score,
            Mark.review,
            Mark.score.label("points"),
            Mark.verdict_job_id,
            Submission.sent_by_id,
        )
        .join(Job, and_(Job.submission_id == Submission.id, Job.purpose.in_(purposes)))
        .outerjoin(Mark, Mark.submission_id == Submission.id)
        .outerjoin(Verdict, Verdict.job_id == judged)
        .where(Submission.user_id == user_id, Submission.assignment_item_id == item_id)
        .order_by(Submission.id.in_([each for each in keep if each]).desc(), Submission.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    return tuple(
        HistoryRow(
            id=row.id,
            created_at=row.created_at,
            purpose=row.purpose,
            number=numbers.get(row.id),
            status=row.status,
            score=row.score,
            max_score=row.max_score,
            points=row.points,
            job_id=row.verdict_job_id or row.job_id,
            counts=row.id == counting,
            review=bool(row.review),
            late=row.purpose != Purpose.RUN and dates.is_late(row.created_at),
            selected=row.id == shown,
            handed_in=row.sent_by_id is not None,
        )
        for row in sorted(found, key=lambda row: -row.id)
    )


def newest(
    session: Session,
    user_id: int,
    item_id: int,
    attempts: Sequence[Attempt],
    mine: Standing,
    dates: Dates,
    shown: int,
) -> tuple[HistoryRow, ...]:
    """What the item's own page lists: the newest, the one that counts and the one whose verdict is shown."""
    counting = mine.counting.submission_id if mine.counting else 0
    return rows_of(session, user_id, item_id, attempts, mine, dates, limit=NEWEST, shown=shown, keep=(counting, shown))


def history_page(session: Session, place: Place, lang: str, page: int, *, with_runs: bool) -> HistoryPage:
    """One page of somebody's own history of an item."""
    item, user = place.item, place.user
    asked = item_of(item.pinned)
    dates = records.dates_for(session, place.assignment, user.id)
    attempts = records.attempts_at(session, user.id, item.id)
    mine = records.standing_of(item, attempts, guest=user.is_guest)
    total = len(attempts) + (_runs(session, user.id, item.id) if with_runs else 0)
    pages = max(1, -(-total // A_PAGE))
    page = min(max(1, page), pages)
    rows = rows_of(
        session,
        user.id,
        item.id,
        attempts,
        mine,
        dates,
        limit=A_PAGE,
        offset=(page - 1) * A_PAGE,
        with_runs=with_runs,
    )
    has_draft = session.get(Draft, (user.id, item.id)) is not None
    newest = [str(row.id) for row in rows[:2]]
    older = newest[1] if len(newest) > 1 else "starter" if asked.starter else "draft"
    return HistoryPage(
        item_id=item.id,
        course_id=place.course.id,
        course_title=say(place.course.title, lang),
        item_title=say(asked.title, lang),
        points=item.points,
        counts=place.assignment.counts,
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        with_runs=with_runs,
        has_draft=has_draft,
        has_starter=asked.starter is not None,
        chart=chart_of(attempts, mine, dates, item.points),
        chosen=(older, newest[0] if newest else "draft"),
    )


def _runs(session: Session, user_id: int, item_id: int) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(Submission)
            .join(Job, and_(Job.submission_id == Submission.id, Job.purpose == Purpose.RUN))
            .where(Submission.user_id == user_id, Submission.assignment_item_id == item_id)
        )
        or 0
    )


def typed_here(place: Place, content: str, lang: str) -> str:
    """What somebody is typing, as lines that can be compared: of a choice the options, not their numbers."""
    asked = item_of(place.item.pinned)
    known = variants.parameters_for(asked, place.item.pinned, place.user.id, place.item.id)
    return answers.as_text(asked, content, lang, known)


def side(session: Session, place: Place, key: str, numbers: Sequence[int], lang: str) -> Side | None:
    """A text by what an address calls it: a submission's number, `draft` or `starter`.  One's own only."""
    if key == "draft":
        draft = session.get(Draft, (place.user.id, place.item.id))
        if draft is None:
            return None
        return Side("draft", key, None, draft.saved_at, typed_here(place, draft.content, lang))
    if key == "starter":
        starter = item_of(place.item.pinned).starter
        return Side("starter", key, None, None, starter.source) if starter else None
    if not key.isascii() or not key.isdigit() or len(key) > 18:
        return None
    found = session.get(Submission, int(key))
    if found is None or found.user_id != place.user.id or found.assignment_item_id != place.item.id:
        return None
    number = numbers.index(found.id) + 1 if found.id in numbers else None
    revision = session.get_one(Revision, found.revision)
    known = variants.parameters(revision, found.variant)
    text = answers.as_text(item_of(revision), text_of(found.content), lang, known)
    return Side("submission" if number else "run", str(found.id), number, found.created_at, text)


def difference_page(session: Session, place: Place, lang: str, before: str, after: str) -> DifferencePage | None:
    """Two of somebody's own texts beside each other; None when one of them is not there."""
    numbers = [each.submission_id for each in records.attempts_at(session, place.user.id, place.item.id)]
    left, right = (side(session, place, key, numbers, lang) for key in (before, after))
    if left is None or right is None:
        return None
    return DifferencePage(
        item_id=place.item.id,
        course_id=place.course.id,
        course_title=say(place.course.title, lang),
        item_title=say(item_of(place.item.pinned).title, lang),
        before=left,
        after=right,
        difference=compare(left.text, right.text),
    )


def archive(session: Session, place: Place) -> bytes:
    """Every submission as a file, the newest first until it is enough; named by number and moment, nothing else."""
    suffix = "py" if item_of(place.item.pinned).kind is Kind.CODING else "txt"
    sent = session.execute(
        select(Submission.created_at, Submission.content)
        .join(Job, and_(Job.submission_id == Submission.id, Job.purpose == Purpose.SUBMIT))
        .where(Submission.user_id == place.user.id, Submission.assignment_item_id == place.item.id)
        .order_by(Submission.id.desc())
        .execution_options(yield_per=50)
    )
    number = len(records.attempts_at(session, place.user.id, place.item.id))
    packed, size = io.BytesIO(), 0
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        for created_at, content in sent:
            size += len(content)
            if size > ARCHIVE_BYTES:
                break
            at = created_at.astimezone(UTC)
            entry = zipfile.ZipInfo(f"{number:04d}-{at:%Y%m%dT%H%M%SZ}.{suffix}", at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            files.writestr(entry, content)
            number -= 1
    return packed.getvalue()

"""Taking what a student sends: stored before anything else happens to it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import Unauthorized

import grader
from grader.choices import is_multiple, read_chosen
from questions.model import Item, Kind
from webapp import variants
from webapp.items import item_of
from webapp.learn import records
from webapp.learn.attempts import Pace, Refused, Standing, Wait, Window, may_send, may_submit
from webapp.marks import standings
from webapp.models import AssignmentItem, Course, Draft, Job, Purpose, Submission, User
from webapp.models.upserting import upsert
from webapp.queue.fairness import enqueue
from webapp.refusals import Refusal

CODE_BYTES = 64 * 1024
TEXT_BYTES = 20_000
ANSWER_BYTES = 1000
"""Of a choice or a number."""
DRAFT_BYTES = 256 * 1024
BEHIND_STUDENTS = 1
"""The priority of a guest's job, and of what is handed in for a whole class."""
SOON = 10
"""Seconds after which some of the guests' jobs that wait are done."""


def content_limit(kind: Kind) -> int:
    """How many bytes one submission may have."""
    return {Kind.CODING: CODE_BYTES, Kind.SHORT_ANSWER: TEXT_BYTES}.get(kind, ANSWER_BYTES)


def new_key() -> str:
    """A key for the next click."""
    return secrets.token_urlsafe(12)


def click(client_key: str, purpose: Purpose, item_id: int, content: bytes) -> str:
    """What makes two requests the same click: the page's key *and* what was sent.

    The key alone would not do: a page reached by the back button still holds it, with other text in the editor.
    """
    digest = hashlib.sha256(content)
    digest.update(f"\0{client_key or new_key()}\0{purpose}\0{item_id}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Sent:
    """What `send` stored, or had stored for the same click before."""

    job_id: int
    submission_id: int


def send(
    session: Session,
    *,
    user_id: int,
    item_id: int,
    content: bytes,
    purpose: Purpose,
    client_key: str,
    pace: Pace,
    now: datetime,
    teaches: bool = False,
) -> Sent:
    """Store a submission and its job, or raise `Refusal`.

    `session` is a writing one.
    """
    key = click(client_key, purpose, item_id, content)
    guest = _one_at_a_time(session, user_id)
    known = session.execute(
        select(Job.id, Submission.id)
        .join(Submission, Submission.id == Job.submission_id)
        .where(Submission.user_id == user_id, Submission.client_key == key, Job.purpose == purpose)
    ).first()
    if known is not None:
        return Sent(*known)
    item = session.get_one(AssignmentItem, item_id)
    if session.get_one(Course, item.assignment.course_id).archived_at is not None:
        raise refusal(Refused.ARCHIVED)
    _check_content(content, item_of(item.pinned), purpose)
    dates = records.dates_for(session, item.assignment, user_id)
    window = dates.window(now)
    if purpose is Purpose.SUBMIT and not teaches:
        mine = records.standing_of(item, records.attempts_at(session, user_id, item_id), guest=guest)
        refused = may_submit(window, mine)
        if refused is not None:
            raise refusal(refused, mine)
    elif window is Window.NOT_OPEN and not teaches:
        raise refusal(Refused.NOT_OPEN)
    recent = records.recent_times(session, user_id, now - timedelta(minutes=1), pace.per_minute)
    wait = may_send(recent, records.unfinished_jobs(session, user_id), pace, now)
    if wait is not None:
        raise slow_down(wait)
    if guest and records.waiting_jobs_of_guests(session) >= pace.waiting_of_guests:
        raise guests_busy(SOON)
    priority = BEHIND_STUDENTS if guest else 0
    [sent] = store(session, item, [Content(user_id, content, key)], purpose=purpose, now=now, priority=priority)
    if purpose is Purpose.SUBMIT and not guest:
        standings.refresh(session, {(user_id, item.id)}, now)
    return sent


@dataclass(frozen=True, slots=True)
class Content:
    """Something to store: whose, what, and the key that makes a second sending the same one."""

    user_id: int
    content: bytes
    key: str


def store(
    session: Session,
    item: AssignmentItem,
    sent: Sequence[Content],
    *,
    purpose: Purpose,
    now: datetime,
    priority: int = 0,
    sent_by_id: int | None = None,
    free: bool = False,
) -> list[Sent]:
    """The rows of submissions and their jobs; whether they may be sent, and what follows, is the caller's.

    Raises `Refusal` while it is not known which variant of the item its students have.
    """
    asked = item_of(item.pinned)
    if variants.are_missing(asked, item.pinned):
        raise preparing()
    submissions = [
        Submission(
            assignment_item_id=item.id,
            user_id=each.user_id,
            revision=item.revision,
            client_key=each.key,
            content=each.content,
            variant=variants.number_for(asked, item.pinned, each.user_id, item.id),
            seed=secrets.randbelow(grader.SEEDS),
            created_at=now,
            sent_by_id=sent_by_id,
            free=free,
        )
        for each in sent
    ]
    session.add_all(submissions)
    session.flush()
    jobs = [
        Job(
            submission_id=each.id,
            user_id=each.user_id,
            revision=item.revision,
            purpose=purpose,
            priority=priority,
            not_before=now,
            created_at=now,
            course_id=item.assignment.course_id,
        )
        for each in submissions
    ]
    enqueue(session, jobs, now)
    return [Sent(job.id, job.submission_id) for job in jobs]


def _one_at_a_time(session: Session, user_id: int) -> bool:
    """Decide a person's requests one by one: two windows give no attempt more, and no draft replaces another unseen.

    SQLite has one writer anyway; elsewhere the person's row is locked.  Whether the person is a guest.  Raises
    `Unauthorized` for who was deleted since the request began: nothing of theirs may come after that.
    """
    there = select(User.is_guest).where(User.id == user_id, User.erased_at.is_(None))
    guest = session.scalar(there.with_for_update())
    if guest is None:
        raise Unauthorized
    return guest


def _check_content(content: bytes, asked: Item, purpose: Purpose) -> None:
    kind, size = asked.kind, len(content)
    if purpose is Purpose.RUN and kind is not Kind.CODING:
        raise Refusal("nothing-to-run", _("Only code can be run. Submit your answer instead."), HTTPStatus.CONFLICT)
    if not content.strip() or (kind is Kind.NUMERIC and not content.split(b"\n")[0].strip()):
        if kind is Kind.CHOICE:
            message = _("Nothing is chosen yet.")
        else:
            message = _("There is nothing to send yet: the field is empty.")
        raise Refusal("empty", message, HTTPStatus.BAD_REQUEST)
    if size > content_limit(kind):
        raise Refusal("too-large", _too_large(kind, size), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if kind is Kind.CHOICE:
        chosen = read_chosen(content.decode("utf-8", "replace"), len(asked.options))
        if not chosen or (len(chosen) > 1 and not is_multiple(asked)):
            message = _("What was sent is not among the options. Choose again.")
            raise Refusal("no-such-option", message, HTTPStatus.BAD_REQUEST)


def _too_large(kind: Kind, size: int) -> str:
    match kind:
        case Kind.CODING:
            return _(
                "Your code has %(size)s bytes; at most 65,536 (64 KiB) are taken. Remove data or comments and send it "
                "again. Your text is kept as a draft.",
                size=f"{size:,}",
            )
        case Kind.SHORT_ANSWER:
            return _(
                "Your answer has %(size)s bytes; at most 20,000 are taken, some 6,600 Chinese characters. Shorten it "
                "and send it again. Your text is kept as a draft.",
                size=f"{size:,}",
            )
    return _("Your answer is longer than any answer to this item can be. Shorten it and send it again.")


def preparing() -> Refusal:
    """The item has numbers of its own for each student, and they are not drawn yet."""
    message = _(
        "This item is being prepared: everybody gets numbers of their own, and they are being drawn. Come back in a "
        "minute; what you write is kept."
    )
    return Refusal(str(Refused.PREPARING), message, HTTPStatus.CONFLICT)


def why_not(refused: Refused, mine: Standing | None = None) -> str:
    """One sentence for the person."""
    match refused:
        case Refused.NOT_OPEN:
            return _("This assignment is not open yet.")
        case Refused.CLOSED:
            return _("This assignment is closed. You can still run code and read your verdicts.")
        case Refused.ARCHIVED:
            return _("This course is archived: what is in it can be read, and nothing is run or submitted any more.")
        case Refused.PENDING:
            return _("Your last attempts are still being judged. One that turns out to be free gives you another.")
        case _:
            used = mine.used if mine else 0
            return ngettext("Your only attempt is used.", "All %(num)d attempts are used.", used)


def refusal(refused: Refused, mine: Standing | None = None) -> Refusal:
    """A rule's no."""
    return Refusal(str(refused), why_not(refused, mine), HTTPStatus.CONFLICT)


def slow_down(wait: Wait) -> Refusal:
    """The brake's no."""
    if wait.reason is Refused.TOO_MANY_WAITING:
        message = _(
            "Several of your submissions are still waiting for their verdicts. Send this one when they have come. "
            "Your text is kept as a draft."
        )
    else:
        message = ngettext(
            "You are sending very fast. Try again in %(num)d second. Your text is kept as a draft.",
            "You are sending very fast. Try again in %(num)d seconds. Your text is kept as a draft.",
            wait.seconds,
        )
    return Refusal(str(wait.reason), message, HTTPStatus.TOO_MANY_REQUESTS, wait.seconds)


def guests_busy(seconds: int) -> Refusal:
    """No grader's time is left for guests just now; students never get this."""
    message = _(
        "Many people are trying this right now, and the class goes first. Your text is kept; send it again in a moment."
    )
    return Refusal(str(Refused.GUESTS_BUSY), message, HTTPStatus.TOO_MANY_REQUESTS, seconds)


@dataclass(frozen=True, slots=True)
class DraftText:
    """A draft as it was at one moment."""

    content: str = ""
    version: int = 0
    saved_at: datetime | None = None


def draft_of(session: Session, user_id: int, item_id: int) -> DraftText:
    """What somebody is typing."""
    found = session.get(Draft, (user_id, item_id))
    return DraftText() if found is None else DraftText(found.content, found.version, found.saved_at)


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft after a write: its version, and what somebody else had written meanwhile."""

    version: int
    saved_at: datetime
    overwritten: DraftText | None = None


class DraftConflict(Exception):
    """Somebody else has saved since; nothing was written."""

    def __init__(self, other: DraftText) -> None:
        super().__init__("the draft has changed")
        self.other = other


def save_draft(
    session: Session,
    user_id: int,
    item_id: int,
    content: str,
    now: datetime,
    version: int | None = None,
    *,
    only_if_unchanged: bool = False,
) -> Saved:
    """Keep what is being typed.  The last write wins, and what it overwrote unseen is handed back."""
    content = content.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8").replace("\0", "�")
    if len(content.encode("utf-8")) > DRAFT_BYTES:
        raise Refusal("too-large", _("A draft may have at most 256 KiB."), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    _one_at_a_time(session, user_id)
    before = draft_of(session, user_id, item_id)
    unchanged = before.content == content and before.saved_at is not None
    overwrites = before.saved_at is not None and version is not None and before.version != version and not unchanged
    if overwrites and only_if_unchanged:
        raise DraftConflict(before)
    if unchanged and before.saved_at is not None:
        return Saved(before.version, before.saved_at)
    number = before.version + 1
    upsert(
        session,
        Draft,
        {"user_id": user_id, "assignment_item_id": item_id},
        {"content": content, "version": number, "saved_at": now},
    )
    return Saved(number, now, before if overwrites else None)

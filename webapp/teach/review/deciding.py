"""Deciding what the grader was not sure of, for every answer with the same text, and taking that back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from grader.shown_text import text_of
from webapp import audit
from webapp.languages import say
from webapp.marks import reviewing
from webapp.marks.reviewing import Decided
from webapp.marks.same_text import digest
from webapp.models import (
    Assignment,
    AssignmentItem,
    Decision,
    Job,
    Mark,
    Notice,
    Phrasing,
    Purpose,
    Source,
    Submission,
    User,
    Verdict,
)
from webapp.notices.telling import tell
from webapp.refusals import Refusal
from webapp.regrading.comparing import MarkThen
from webapp.regrading.grading import mark_then
from webapp.teach.review import phrasings, waiting
from webapp.teach.review.waiting import groups

REVIEWED, UNDONE = "reviewed", "review-undone"


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody says of one key point; `phrase` are words offered to the bank, if any."""

    award: float
    evidence: str = ""
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """An answer as it is: what the grader suggests, and what people have said of its text."""

    submission: Submission
    mark: Mark
    verdict: Verdict
    text: str
    digest: str
    suite: str
    known: Mapping[str, Decided]

    @property
    def seen(self) -> str:
        """Which acts decided this text; empty where none did.  An equal answer that came since makes no difference."""
        return " ".join(sorted({each.act for each in self.known.values()}))

    @property
    def key_points(self) -> list[Mapping[str, Any]]:
        """The key points of the verdict document, as the grader judged them."""
        return list(self.verdict.document["key_points"])


def before(session: Session, submission_id: int) -> Before | None:
    """An answer that can be read; None for what has no key points, or no verdict yet."""
    mark = session.get(Mark, submission_id, populate_existing=True)
    if mark is None:
        return None
    verdict = session.get_one(Verdict, mark.verdict_job_id)
    if not verdict.document.get("key_points"):
        return None
    submission = session.get_one(Submission, submission_id)
    text = text_of(submission.content)
    text_digest, suite = digest(text), verdict.document.get("suite", "")
    known = reviewing.decided_before(session, submission.assignment_item_id, text_digest, suite)
    return Before(submission, mark, verdict, text, text_digest, suite, known)


def decide(
    session: Session,
    submission_id: int,
    reviewer_id: int,
    choices: Mapping[str, Choice],
    seen: str,
    now: datetime,
    *,
    lang: str = "en",
) -> int:
    """Decide an answer and every one with the same text; how many there were.

    Raises `Refusal` where somebody else has it before them or has decided meanwhile, where an override counts, and
    where a doubtful key point is left open; then nothing has changed.
    """
    reviewing.alone_with_item(session, submission_id)
    found = before(session, submission_id)
    if found is None:
        raise Refusal("nothing-to-read", _("There is nothing to decide here."), HTTPStatus.CONFLICT)
    _refuse_others(session, found, reviewer_id, seen, now)
    points = {each["id"]: each for each in found.key_points}
    wanted = {key: choice for key, choice in choices.items() if key in points}
    left = [each for each in found.key_points if each["review"] and each["id"] not in wanted]
    if left:
        named = say(left[0].get("description") or {}, lang) or left[0]["id"]
        raise Refusal(
            "undecided", _("Decide every key point that is in doubt first: “%(point)s”.", point=named),
            HTTPStatus.BAD_REQUEST,
        )  # fmt: skip
    made = {
        key: choice
        for key, choice in wanted.items()
        if points[key]["review"] or key in found.known or choice.award != points[key]["award"]
    }
    members = members_of(session, found)
    act = secrets.token_hex(8)
    for member in members:
        session.add_all(
            Decision(
                submission_id=member,
                key_point=key,
                award=choice.award,
                reviewer_id=reviewer_id,
                evidence=choice.evidence,
                created_at=now,
                act=act,
                digest=found.digest,
                suite=found.suite,
                followed=member != submission_id,
            )
            for key, choice in made.items()
        )
    session.flush()
    _move(session, members, reviewer_id, REVIEWED, now)
    item = found.submission.assignment_item
    phrasings.offer(
        session, item, submission_id, reviewer_id, {key: (each.award, each.phrase) for key, each in made.items()}, now
    )
    waiting.release(session, item.id, found.digest, reviewer_id)
    return len(members)


def _refuse_others(session: Session, found: Before, reviewer_id: int, seen: str, now: datetime) -> None:
    if found.mark.source == Source.OVERRIDE:
        message = _("Somebody has given this answer's points by hand; that stays. Nothing was changed.")
        raise Refusal("overridden", message, HTTPStatus.CONFLICT)
    if found.seen != seen:
        newest = max(found.known.values(), key=lambda each: each.id) if found.known else None
        message = (
            _("%(name)s has decided this answer meanwhile. Yours was not kept; what counts is shown now.",
              name=_name(session, newest.reviewer_id))
            if newest is not None
            else _("A decision on this answer was taken back meanwhile. Yours was not kept; what counts is shown now.")
        )  # fmt: skip
        raise Refusal("decided-meanwhile", message, HTTPStatus.CONFLICT)
    other = waiting.holder(session, found.submission.assignment_item_id, found.digest, now)
    if other is not None and other.reviewer_id != reviewer_id:
        message = _(
            "%(name)s has this answer before them at the moment. Nothing was changed.",
            name=_name(session, other.reviewer_id),
        )
        raise Refusal("held", message, HTTPStatus.CONFLICT)


def _name(session: Session, user_id: int) -> str:
    user = session.get_one(User, user_id)
    return user.name or user.email


def members_of(session: Session, found: Before) -> list[int]:
    """Every answer of the item with this text that was judged by the same rubric and is not overridden."""
    item = found.submission.assignment_item
    scope = waiting.Scope(item.assignment.course_id, item_id=item.id)
    alike = {n for each in groups(session, scope) if each.digest == found.digest for n in each.submission_ids}
    alike |= set(
        session.scalars(
            select(Decision.submission_id)
            .join(Submission, Submission.id == Decision.submission_id)
            .where(
                Submission.assignment_item_id == item.id,
                Decision.digest == found.digest,
                Decision.suite == found.suite,
                Decision.undone_at.is_(None),
            )
        )
    )
    rows = session.execute(
        select(Mark.submission_id, Verdict.document)
        .join(Verdict, Verdict.job_id == Mark.verdict_job_id)
        .where(Mark.submission_id.in_(alike), Mark.source != Source.OVERRIDE)
    )
    same = {row.submission_id for row in rows if row.document.get("suite", "") == found.suite}
    return sorted(same | {found.submission.id})


def _move(session: Session, members: list[int], actor_id: int, action: str, now: datetime) -> None:
    """Let the marks follow, write that down, tell the students."""
    query = select(Mark).where(Mark.submission_id.in_(members)).order_by(Mark.submission_id)
    then = {mark.submission_id: mark_then(mark) for mark in session.scalars(query.with_for_update())}
    reviewing.settle(session, members, now)
    moved = session.scalars(query.execution_options(populate_existing=True))
    after = {mark.submission_id: mark_then(mark) for mark in moved}
    rows = session.execute(
        select(Submission, AssignmentItem, Assignment.course_id)
        .join(AssignmentItem, AssignmentItem.id == Submission.assignment_item_id)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .where(Submission.id.in_(members))
        .order_by(Submission.id)
    ).all()
    for submission, item, course_id in rows:
        old, new = then[submission.id], after[submission.id]
        if old == new and action == UNDONE:
            continue
        audit.note(
            session,
            now,
            actor_id,
            action,
            f"submission:{submission.id}",
            course_id=course_id,
            before=old.to_json(),
            after=new.to_json(),
        )
        _tell(session, submission, item, course_id, action, old, new, now)


def _tell(
    session: Session,
    submission: Submission,
    item: AssignmentItem,
    course_id: int,
    action: str,
    old: MarkThen,
    new: MarkThen,
    now: datetime,
) -> None:
    """A notice for the student; of what is undone before it was read nothing is left."""
    subject = f"submission:{submission.id}"
    if action == UNDONE:
        unread = session.scalars(
            select(Notice)
            .where(Notice.subject == subject, Notice.kind == REVIEWED, Notice.read_at.is_(None))
            .order_by(Notice.id.desc())
        ).first()
        if unread is not None:
            session.delete(unread)
            return
    if old.source == Source.OVERRIDE:
        return
    data = {
        "item": item.id,
        "submission": submission.id,
        "before": old.score,
        "after": new.score,
        "points": item.points,
    }
    tell(session, now, submission.user_id, action, data, subject=subject, course_id=course_id)


def undo(session: Session, course_id: int, reviewer_id: int, now: datetime) -> int | None:
    """Take back what a reviewer decided last in a course; the answer it was, or None where there is nothing to undo.

    Raises `Refusal` where somebody has decided the same text again since.
    """
    last = session.scalar(
        select(Decision)
        .join(Submission, Submission.id == Decision.submission_id)
        .join(AssignmentItem, AssignmentItem.id == Submission.assignment_item_id)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .where(
            Assignment.course_id == course_id,
            Decision.reviewer_id == reviewer_id,
            Decision.undone_at.is_(None),
            Decision.followed.is_(False),
            Decision.act != "",
        )
        .order_by(Decision.id.desc())
        .limit(1)
    )
    if last is None:
        return None
    reviewing.alone_with_item(session, last.submission_id)
    item_id = session.get_one(Submission, last.submission_id).assignment_item_id
    known = reviewing.decided_before(session, item_id, last.digest, last.suite)
    newer = [each for each in known.values() if each.act != last.act and each.id > last.id]
    if newer:
        message = _(
            "%(name)s has decided this answer again since; nothing was undone.",
            name=_name(session, max(newer, key=lambda each: each.id).reviewer_id),
        )
        raise Refusal("decided-since", message, HTTPStatus.CONFLICT)
    members = sorted(set(session.scalars(select(Decision.submission_id).where(Decision.act == last.act))))
    session.execute(update(Decision).where(Decision.act == last.act).values(undone_at=now))
    session.execute(
        delete(Phrasing).where(
            Phrasing.submission_id == last.submission_id,
            Phrasing.reviewer_id == reviewer_id,
            Phrasing.created_at == last.created_at,
            Phrasing.state == "offered",
        )
    )
    _move(session, members, reviewer_id, UNDONE, now)
    waiting.hold(session, item_id, last.digest, reviewer_id, now)
    return last.submission_id


def is_readable(session: Session, submission: Submission) -> bool:
    """Whether there is something to decide at a submission at all: neither practice nor a guest's, nor a run."""
    if submission.assignment_item.assignment.practice or submission.user.is_guest:
        return False
    judged = select(Job.id).where(Job.submission_id == submission.id, Job.purpose != Purpose.RUN).limit(1)
    return session.scalar(judged) is not None

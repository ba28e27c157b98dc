"""What people decided on key points that the grader was not sure of, and the marks that follow from it.

Decisions are rows, the newest of a key point counts.  A mark by review is always worked out from the verdict and the
decisions in force, so taking some of them back restores what was before.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from grader.shown_text import text_of
from webapp.marks import giving
from webapp.marks.giving import Given
from webapp.marks.same_text import digest
from webapp.models import AssignmentItem, Decision, Job, Mark, Source, Submission, Verdict

AWARDS = (0.0, 0.5, 1.0)
"""What a key point can be given: no, half, yes."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What counts for one key point, and who said so."""

    id: int
    award: float
    reviewer_id: int
    evidence: str
    created_at: datetime
    followed: bool
    act: str


DecidedPoints = Mapping[str, Decided]
"""By key point."""
AllDecided = Mapping[tuple[int, str], DecidedPoints]
"""By submission and the rubric they were made by."""


def with_decisions(document: Mapping[str, Any], decided: DecidedPoints) -> dict[str, Any]:
    """A short answer's verdict as people decided it: awards, points, score, status and what still waits."""
    points = [_as_decided(each, decided.get(each["id"])) for each in document["key_points"]]
    moved = sum(new["points"] - old["points"] for new, old in zip(points, document["key_points"], strict=True))
    score, most = round(document["score"] + moved, 6), document["max_score"]
    full = most > 0 and math.isclose(score, most, abs_tol=1e-6)
    return {
        **document,
        "key_points": points,
        "score": score,
        "status": "passed" if full else "partial" if score > 0 else "failed",
        "review": any(each["review"] for each in points),
    }


def _as_decided(point: Mapping[str, Any], decided: Decided | None) -> dict[str, Any]:
    if decided is None:
        return dict(point)
    award = decided.award
    return {**point, "award": award, "points": point["max_points"] * award, "review": False, "decided": True}


def given_by(verdict: Verdict, decided: DecidedPoints) -> Given:
    """The mark that a verdict and the decisions on it make."""
    if not decided:
        return giving.of_verdict(verdict)
    document = with_decisions(verdict.document, decided)
    share = giving.share_of(document["score"], document["max_score"])
    return Given(verdict.job_id, share, document["status"], Source.REVIEW, document["review"])


def in_force(session: Session, submission_ids: Collection[int]) -> AllDecided:
    """The decisions that count."""
    return _by_submission(session, select(Decision).where(Decision.submission_id.in_(submission_ids)))


def in_force_at(session: Session, item_id: int) -> AllDecided:
    """The same of everything that was sent to an item."""
    here = select(Decision).join(Submission, Submission.id == Decision.submission_id)
    return _by_submission(session, here.where(Submission.assignment_item_id == item_id))


def _by_submission(session: Session, query: Select[tuple[Decision]]) -> AllDecided:
    found: dict[tuple[int, str], dict[str, Decided]] = defaultdict(dict)
    for row in session.scalars(query.where(Decision.undone_at.is_(None)).order_by(Decision.id)):
        found[row.submission_id, row.suite][row.key_point] = _decided(row)
    return found


def _decided(row: Decision) -> Decided:
    return Decided(row.id, row.award, row.reviewer_id, row.evidence, row.created_at, row.followed, row.act)


def as_read(session: Session, submission: Submission, verdict: Verdict) -> Mapping[str, Any]:
    """A short answer's verdict document with what people decided of it, where that is what counts.

    A mark that a regrade has given since is the grader's, and so is what its verdict says.
    """
    mark = session.get(Mark, submission.id)
    if mark is None or mark.source == Source.GRADER or mark.verdict_job_id != verdict.job_id:
        return verdict.document
    found = in_force(session, [submission.id]).get((submission.id, verdict.document.get("suite", "")), {})
    return read_document(verdict.document, found, text_of(submission.content))


def read_document(document: Mapping[str, Any], found: DecidedPoints, text: str) -> Mapping[str, Any]:
    """A verdict document with the decisions on it, and the passages of `text` that reviewers marked."""
    if not found or not document.get("key_points"):
        return document
    document = with_decisions(document, found)
    points = [_with_evidence(each, found.get(each["id"]), text) for each in document["key_points"]]
    return {**document, "key_points": points}


def _with_evidence(point: Mapping[str, Any], decided: Decided | None, text: str) -> Mapping[str, Any]:
    """The passage that a reviewer marked instead of what the grader found, where it stands in the text as it is."""
    start = text.find(decided.evidence) if decided is not None and decided.evidence else -1
    return point if start < 0 or decided is None else {**point, "evidence": [[start, start + len(decided.evidence)]]}


def decided_before(session: Session, item_id: int, text_digest: str, suite: str) -> dict[str, Decided]:
    """What was decided on this text, for whichever submission of the item, by key point."""
    rows = session.scalars(
        select(Decision)
        .join(Submission, Submission.id == Decision.submission_id)
        .where(
            Submission.assignment_item_id == item_id,
            Decision.digest == text_digest,
            Decision.suite == suite,
            Decision.undone_at.is_(None),
        )
        .order_by(Decision.id)
    )
    found: dict[str, Decision] = {}
    for row in rows:
        newest = found.get(row.key_point)
        if newest is None or (row.created_at, row.id) >= (newest.created_at, newest.id):
            found[row.key_point] = row
    return {key_point: _decided(row) for key_point, row in found.items()}


def alone_with_item(session: Session, submission_id: int) -> None:
    """Let nobody else decide answers to this item, or follow decisions on them, before this is stored.

    Two who have not seen each other would both be kept, or a fresh answer would miss a decision on its text.  Taken
    before marks and people are locked, by everybody.  SQLite has one writer anyway.
    """
    giving.while_rules_stand(session, [submission_id])
    item = select(Submission.assignment_item_id).where(Submission.id == submission_id).scalar_subquery()
    session.execute(select(AssignmentItem.id).where(AssignmentItem.id == item).with_for_update(key_share=True)).all()


def follow_equal_text(session: Session, job: Job, verdict: Verdict, now: datetime) -> bool:
    """Settle a fresh submission as an equal text was decided before; whether there was one.

    Done in the transaction that stores the verdict, so its student never sees it wait, and no page that only shows
    something writes.
    """
    if not _follow(session, job.submission_id, verdict, now):
        return False
    settle(session, [job.submission_id], now)
    return True


def _follow(session: Session, submission_id: int, verdict: Verdict, now: datetime) -> bool:
    """Take over what was decided on an equal text, where that leaves nothing in doubt."""
    document = verdict.document
    if not verdict.review or not document.get("key_points"):
        return False
    sent = session.get_one(Submission, submission_id)
    text_digest, suite = digest(text_of(sent.content)), document.get("suite", "")
    known = decided_before(session, sent.assignment_item_id, text_digest, suite)
    doubtful = {each["id"] for each in document["key_points"] if each["review"]}
    if not doubtful <= known.keys():
        return False
    own = in_force(session, [submission_id]).get((submission_id, suite), {})
    for key_point, decided in known.items():
        if key_point in own and own[key_point].act == decided.act:
            continue
        session.add(
            Decision(
                submission_id=sent.id,
                key_point=key_point,
                award=decided.award,
                reviewer_id=decided.reviewer_id,
                evidence=decided.evidence,
                created_at=now,
                act=decided.act,
                digest=text_digest,
                suite=suite,
                followed=True,
            )
        )
    session.flush()
    return True


def settle(session: Session, submission_ids: Collection[int], now: datetime) -> None:
    """Give these submissions the marks that their verdicts and the decisions in force make; overrides stay."""
    found = session.execute(
        select(Mark, Verdict)
        .join(Verdict, Verdict.job_id == Mark.verdict_job_id)
        .where(Mark.submission_id.in_(submission_ids), Mark.source != Source.OVERRIDE)
    ).all()
    decided = in_force(session, submission_ids)
    given = {
        mark.submission_id: given_by(verdict, decided.get((mark.submission_id, verdict.document.get("suite", "")), {}))
        for mark, verdict in found
    }
    giving.give_all(session, given, now)


def as_decided_now(session: Session, submission_id: int, given: Given, now: datetime) -> Given:
    """`given` as the decisions in force have it: what an override covered may have been decided or undone since.

    An equal text that was decided meanwhile passed it by; that is made up for here.
    """
    verdict = session.get_one(Verdict, given.verdict_job_id)
    if given.source != Source.REVIEW and not given.review:
        return given
    _follow(session, submission_id, verdict, now)
    decided = in_force(session, [submission_id]).get((submission_id, verdict.document.get("suite", "")), {})
    return replace(given_by(verdict, decided), reason=given.reason)


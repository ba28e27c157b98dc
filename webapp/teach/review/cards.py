"""What the pages of the review queue show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.model import KeyPoint
from webapp import variants
from webapp.items import item_of
from webapp.languages import say
from webapp.marks.reviewing import AWARDS
from webapp.models import (
    Assignment,
    AssignmentItem,
    Course,
    Decision,
    Mark,
    ReviewHold,
    Revision,
    Source,
    Submission,
    User,
    Verdict,
)
from webapp.presentation import Passage, clauses, marked
from webapp.teach.review import deciding, phrasings, waiting
from webapp.teach.review.waiting import Scope
from webapp.variants import filled_prose

Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One item with something to read, or with something that was read."""

    item_id: int
    assignment_id: int
    bank_id: str
    item: str
    title: str
    assignment: str
    answers: int
    texts: int
    held: int
    decided: int
    offered: int


@dataclass(frozen=True, slots=True)
class CardPoint:
    """One key point of the answer that is read."""

    id: str
    number: int
    description: str
    max_points: float
    suggested: float
    confidence: int
    """In percent."""
    doubtful: bool
    chosen: float | None
    """What people have decided, or of what the grader is sure."""
    decided_by: str
    passage: str
    """The words it rests on, as they can be offered to the bank."""
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One answer to be read, which stands for every one with the same text."""

    submission_id: int
    item_id: int
    course_id: int
    title: str
    assignment: str
    question_html: Markup
    passages: tuple[Passage, ...]
    text: str
    points: tuple[CardPoint, ...]
    equal: int
    """How many answers have this text and are decided with it, this one among them."""
    overridden: bool
    seen: str
    held_by: str
    held_until: datetime | None

    @property
    def open(self) -> int:
        """Key points nobody has decided."""
        return sum(each.chosen is None for each in self.points)


def queue_rows(session: Session, course: Course, scope: Scope, lang: str, now: datetime) -> tuple[QueueRow, ...]:
    """The items of a course with short answers that wait or were read."""
    groups = waiting.groups(session, scope)
    decided = waiting.decided_by_item(session, course.id)
    offered = phrasings.offered_counts(session, course.id)
    items = session.execute(
        select(AssignmentItem, Assignment, Revision)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .join(Revision, Revision.hash == AssignmentItem.revision)
        .where(Assignment.course_id == course.id)
        .order_by(Assignment.id, AssignmentItem.position)
    ).all()
    held = {
        (each.assignment_item_id, each.digest)
        for each in session.scalars(
            select(ReviewHold).where(
                ReviewHold.assignment_item_id.in_([item.id for item, *_rest in items]), ReviewHold.until > now
            )
        )
    }
    rows = []
    for item, assignment, revision in items:
        mine = [each for each in groups if each.item_id == item.id]
        if scope.assignment_id not in (None, assignment.id) or not (mine or item.id in decided):
            continue
        rows.append(
            QueueRow(
                item_id=item.id,
                assignment_id=assignment.id,
                bank_id=item.bank_id,
                item=item.item,
                title=say(item_of(revision).title, lang),
                assignment=say(assignment.title, lang),
                answers=sum(len(each.submission_ids) for each in mine),
                texts=len(mine),
                held=sum((item.id, each.digest) in held for each in mine),
                decided=decided.get(item.id, 0),
                offered=offered.get(item.id, 0),
            )
        )
    return tuple(rows)


def nearest(award: float) -> float:
    """The award a person could give that is nearest to what the grader suggests."""
    return min(AWARDS, key=lambda each: abs(each - award))


def card(session: Session, submission_id: int, reviewer_id: int, lang: str, now: datetime) -> Card | None:
    """An answer as it is read; None for what has no key points."""
    found = deciding.before(session, submission_id)
    if found is None:
        return None
    submission, item = found.submission, found.submission.assignment_item
    asked = item_of(session.get_one(Revision, submission.revision))
    known = variants.parameters(session.get_one(Revision, submission.revision), submission.variant)
    people = _people(session, {each.reviewer_id for each in found.known.values()})
    rubric = {point.id: point for point in asked.key_points}
    points = []
    for number, each in enumerate(found.key_points, 1):
        said = found.known.get(each["id"])
        suggested = nearest(each["award"])
        point = rubric.get(each["id"])
        points.append(
            CardPoint(
                id=each["id"],
                number=number,
                description=say(each.get("description") or {}, lang) or each["id"],
                max_points=each["max_points"],
                suggested=suggested,
                confidence=round(100 * each.get("confidence", 0)),
                doubtful=each["review"],
                chosen=said.award if said else None if each["review"] else suggested,
                decided_by=people.get(said.reviewer_id, "") if said else "",
                passage=_passage(each.get("evidence") or [], found.text, said.evidence if said else ""),
                rules=_rules(point) if point else (),
            )
        )
    other = waiting.holder(session, item.id, found.digest, now)
    theirs = other if other is not None and other.reviewer_id != reviewer_id else None
    return Card(
        submission_id=submission_id,
        item_id=item.id,
        course_id=item.assignment.course_id,
        title=say(asked.title, lang),
        assignment=say(item.assignment.title, lang),
        question_html=filled_prose(say(asked.question, lang), known),
        passages=tuple(marked(found.text, [_spans(each) for each in found.key_points])),
        text=found.text,
        points=tuple(points),
        equal=len(deciding.members_of(session, found)),
        overridden=found.mark.source == Source.OVERRIDE,
        seen=found.seen,
        held_by=next(iter(_people(session, {theirs.reviewer_id}).values())) if theirs else "",
        held_until=theirs.until if theirs else None,
    )


def _spans(point: object) -> Spans:
    return [(start, end) for start, end in point.get("evidence") or []]  # type: ignore[attr-defined]


def _people(session: Session, numbers: set[int]) -> dict[int, str]:
    found = session.execute(select(User.id, User.name, User.email).where(User.id.in_(numbers)))
    return {number: name or email for number, name, email in found}


def _passage(evidence: list[list[int]], text: str, chosen: str) -> str:
    """The words a key point rests on: what a reviewer marked, else its evidence in whole clauses, else a short text."""
    if chosen:
        return chosen
    spans = clauses(((start, end) for start, end in evidence), text)
    words = " ".join(text[start:end].strip() for start, end in spans) or (text if len(text) <= 120 else "")
    return phrasings.as_phrase(words)


def _rules(point: KeyPoint) -> tuple[str, ...]:
    """The item's own phrasings for a key point, plain ones as they are, patterns as patterns."""
    return tuple(
        f"{rule.judgement.value}: {' + '.join(each.text for each in rule.phrases)}" for rule in point.rules
    )


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """Who decided what of a submission."""

    description: str
    award: float
    suggested: float
    name: str
    at: datetime
    evidence: str
    followed: bool


@dataclass(frozen=True, slots=True)
class ReviewPanel:
    """What people decided of a submission, for its page; `readable`: whether one can decide there at all."""

    submission_id: int
    decided: tuple[DecidedRow, ...]
    waits: bool
    readable: bool


def review_panel(session: Session, submission: Submission, lang: str) -> ReviewPanel | None:
    """The panel of a submission; None for what has no key points."""
    mark = session.get(Mark, submission.id)
    verdict = session.get(Verdict, mark.verdict_job_id) if mark else None
    if mark is None or verdict is None or not verdict.document.get("key_points"):
        return None
    suite = verdict.document.get("suite", "")
    points = {each["id"]: each for each in verdict.document["key_points"]}
    rows = session.execute(
        select(Decision, User.name, User.email)
        .join(User, User.id == Decision.reviewer_id)
        .where(Decision.submission_id == submission.id, Decision.suite == suite, Decision.undone_at.is_(None))
        .order_by(Decision.id)
    ).all()
    newest = {row.Decision.key_point: row for row in rows if row.Decision.key_point in points}
    return ReviewPanel(
        submission.id,
        tuple(
            DecidedRow(
                say(points[key].get("description") or {}, lang) or key,
                row.Decision.award,
                nearest(points[key]["award"]),
                row.name or row.email,
                row.Decision.created_at,
                row.Decision.evidence,
                row.Decision.followed,
            )
            for key, row in newest.items()
        ),
        mark.review,
        deciding.is_readable(session, submission),
    )

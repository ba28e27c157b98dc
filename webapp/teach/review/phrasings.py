"""Words in which students made or missed a key point, as reviewers decided: offered to the bank, taken, dismissed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from questions.model import Judgement
from webapp import audit
from webapp.models import Assignment, AssignmentItem, Phrasing
from webapp.models.upserting import inserting

LONGEST = 300
"""Characters of a phrasing: about two sentences."""
JUDGEMENTS = {1.0: Judgement.YES, 0.5: Judgement.HALF, 0.0: Judgement.NO}


class PhrasingState(StrEnum):
    """What became of a phrasing."""

    OFFERED = "offered"
    TAKEN = "taken"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Taken:
    """Words that somebody took for the bank."""

    key_point: str
    judgement: Judgement
    text: str

    @property
    def line(self) -> str:
        """As a line of the bank's rubric, below its key point."""
        return f"{self.judgement.value}: {self.text}"


def as_phrase(text: str) -> str:
    """`text` as a paraphrase in a rubric: one line, without what the format gives a meaning (`` ` `` and ` + `)."""
    words = "".join(sign for sign in text.replace("`", "") if sign.isprintable() or sign.isspace()).split()
    return " ".join(word for word in words if word != "+")[:LONGEST].strip(" -*>")


def offer(
    session: Session,
    item: AssignmentItem,
    submission_id: int,
    reviewer_id: int,
    phrases: Mapping[str, tuple[float, str]],
    now: datetime,
) -> None:
    """Offer words to the bank of `item`: award and text by key point.  What was offered before stays as it is."""
    for key_point, (award, text) in phrases.items():
        phrase = as_phrase(text)
        if phrase:
            values = {
                "bank_id": item.bank_id,
                "item": item.item,
                "key_point": key_point,
                "judgement": JUDGEMENTS[award].value,
                "text": phrase,
                "submission_id": submission_id,
                "reviewer_id": reviewer_id,
                "created_at": now,
            }
            session.execute(inserting(session, Phrasing).values(**values).on_conflict_do_nothing())


def taken(session: Session, bank_id: str, item: str) -> tuple[Taken, ...]:
    """The phrasings of an item that were taken and wait to be written into its rubric, the oldest first."""
    rows = session.scalars(
        select(Phrasing)
        .where(Phrasing.bank_id == bank_id, Phrasing.item == item, Phrasing.state == PhrasingState.TAKEN)
        .order_by(Phrasing.id)
    )
    return tuple(Taken(row.key_point, Judgement(row.judgement), row.text) for row in rows)


def of_item(session: Session, bank_id: str, item: str) -> Sequence[Phrasing]:
    """Every phrasing of an item, key point by key point as they were offered."""
    return session.scalars(
        select(Phrasing).where(Phrasing.bank_id == bank_id, Phrasing.item == item).order_by(Phrasing.id)
    ).all()


def offered_counts(session: Session, course_id: int) -> dict[int, int]:
    """How many phrasings wait for an answer, by item of a course."""
    found = session.execute(
        select(AssignmentItem.id, func.count())
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .join(Phrasing, (Phrasing.bank_id == AssignmentItem.bank_id) & (Phrasing.item == AssignmentItem.item))
        .where(Assignment.course_id == course_id, Phrasing.state == PhrasingState.OFFERED)
        .group_by(AssignmentItem.id)
    )
    return dict(found.all())


def put(session: Session, phrasing_id: int, state: PhrasingState, actor_id: int, now: datetime) -> Phrasing | None:
    """Take a phrasing, dismiss it, or offer it again; None where there is none."""
    row = session.get(Phrasing, phrasing_id, with_for_update=True)
    if row is None or row.state == state:
        return row
    audit.note(
        session,
        now,
        actor_id,
        f"phrasing-{state.value}",
        f"bank:{row.bank_id} bank-item:{row.item}",
        before={"state": row.state},
        after={"state": state.value, "key_point": row.key_point, "judgement": row.judgement, "text": row.text},
    )
    row.state = state
    return row


def contradictions(rows: Sequence[Phrasing]) -> dict[int, tuple[str, ...]]:
    """Phrasings of a key point whose words are also offered for another judgement, by number: which judgements."""
    said: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in rows:
        if row.state != PhrasingState.DISMISSED:
            said[row.key_point, row.text.casefold()][row.judgement] = row.id
    return {
        number: tuple(other for other in found if other != judgement)
        for found in said.values()
        if len(found) > 1
        for judgement, number in found.items()
    }

"""Comparing a class's submissions as long work (`webapp.tasks`)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from sqlalchemy import select

from grader.shown_text import text_of
from grader.similarity import Language, compare
from questions.model import Item, Kind
from webapp.items import item_of
from webapp.models import AssignmentItem, ItemStanding, Submission
from webapp.tasks.kinds import Progress, Surroundings
from webapp.teach.similarity.values import to_json

KIND = "similarity"
COMPARED = {Kind.CODING: Language.PYTHON, Kind.SHORT_ANSWER: Language.PROSE}
"""Kinds of items whose submissions are compared, and as what."""


def subject(item_id: int) -> str:
    """What the work on an item is asked for as."""
    return f"assignment-item:{item_id}"


def handed_out(asked: Item) -> tuple[str, ...]:
    """What everybody was given."""
    texts = [each.get(lang) for each in (asked.question, *asked.hints) for lang in ("zh", "en")]
    return tuple(text for text in (asked.starter.source if asked.starter else "", *texts) if text)


def comparison(around: Surroundings) -> Generator[Progress, None, dict[str, Any]]:
    """Compare what counts of everybody at one item."""
    item_id = int(around.parameters["item_id"])
    with around.database.reading() as session:
        asked = item_of(session.get_one(AssignmentItem, item_id).pinned)
        sources = {
            number: text_of(content)
            for number, content in session.execute(
                select(Submission.id, Submission.content)
                .join(ItemStanding, ItemStanding.submission_id == Submission.id)
                .where(ItemStanding.assignment_item_id == item_id)
                .order_by(Submission.id)
            )
        }
    report = yield from compare(sources, handed_out(asked), COMPARED[asked.kind])
    return to_json(report)

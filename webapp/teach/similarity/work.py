"""Comparing a class's submissions as long work (`webapp.tasks`)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from sqlalchemy import func, select

from grader.shown_text import text_of
from grader.similarity import COMPARED, compare, handed_out
from webapp.items import item_of
from webapp.models import AssignmentItem, ItemStanding, Submission
from webapp.tasks.kinds import Progress, Surroundings
from webapp.teach.similarity.values import to_json

KIND = "similarity"


def subject(item_id: int) -> str:
    """What the work on an item is asked for as."""
    return f"assignment-item:{item_id}"


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
                .where(ItemStanding.assignment_item_id == item_id, func.length(Submission.content) > 0)
                .order_by(Submission.id)
            )
        }
    report = yield from compare(sources, handed_out(asked), COMPARED[asked.kind])
    return to_json(report)

"""Hints are opened one after the other, and which were is kept: it tells a teacher where the text was not enough."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from questions.model import Item
from webapp.languages import say
from webapp.learn.values import HintsView
from webapp.models import HintReveal
from webapp.models.upserting import upsert
from webapp.refusals import Refusal
from webapp.variants import Parameters, filled_prose


def opened(session: Session, user_id: int, item_id: int) -> int:
    """How many hints of an item somebody has opened."""
    return (
        session.scalar(
            select(func.max(HintReveal.number)).where(
                HintReveal.user_id == user_id, HintReveal.assignment_item_id == item_id
            )
        )
        or 0
    )


def open_hint(session: Session, user_id: int, item_id: int, number: int, now: datetime) -> None:
    """Note that hint `number` was opened; a second time changes nothing.  Raises `Refusal` before its turn.

    `session` is a writing one.
    """
    so_far = opened(session, user_id, item_id)
    if number > so_far + 1:
        raise Refusal("hint-order", _("Open the hints one after the other."), HTTPStatus.CONFLICT)
    if number > so_far:
        upsert(
            session,
            HintReveal,
            {"user_id": user_id, "assignment_item_id": item_id, "number": number},
            {"revealed_at": now},
        )


def hints_view(asked: Item, so_far: int, lang: str, known: Parameters | None) -> HintsView:
    """The opened hints of an item and whether there is another; what is not opened stays here."""
    total = len(asked.hints)
    shown = tuple(filled_prose(say(hint, lang), known) for hint in asked.hints[:so_far])
    return HintsView(shown, total, len(shown) + 1 if len(shown) < total else None)

"""Which items' submissions are compared, as what, and what counts for nothing because everybody was given it."""

from __future__ import annotations

from grader.similarity.tokens import Language
from questions.model import Item, Kind

COMPARED = {Kind.CODING: Language.PYTHON, Kind.SHORT_ANSWER: Language.PROSE}
"""Kinds of items whose submissions are compared, and as what."""


def handed_out(asked: Item) -> tuple[str, ...]:
    """What everybody was given."""
    texts = [each.get(lang) for each in (asked.question, *asked.hints) for lang in ("zh", "en")]
    return tuple(text for text in (asked.starter.source if asked.starter else "", *texts) if text)

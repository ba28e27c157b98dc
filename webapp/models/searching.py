"""Looking for what somebody typed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true

LONGEST = 200
MOST_WORDS = 10


def contains(text: str, *columns: Any) -> ColumnElement[bool]:
    """Whether each word of `text` is in one of the columns, capitals or not; `%` and `_` are letters like others."""
    words = text[:LONGEST].split()[:MOST_WORDS]
    return and_(true(), *(or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words))

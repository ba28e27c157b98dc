"""Looking for what somebody typed, and the order in which people read what was found."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import ColumnElement, and_, func, or_, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal

LONGEST = 200
MOST_WORDS = 10


def contains(text: str, *columns: Any) -> ColumnElement[bool]:
    """Whether each word of `text` is in one of the columns, capitals or not; `%` and `_` are letters like others."""
    words = text[:LONGEST].split()[:MOST_WORDS]
    return and_(true(), *(or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words))


class _InOrder(ColumnElement[str]):
    """Text by its code points; PostgreSQL alone would sort as the language of its installation does."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[str]) -> None:
        self.column = column
        self.type = column.type

    _traverse_internals: ClassVar[Any] = [("column", InternalTraversal.dp_clauseelement)]


@compiles(_InOrder)
def _plain(element: _InOrder, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.column, **options))


@compiles(_InOrder, "postgresql")
def _by_code_points(element: _InOrder, compiler: Any, **options: Any) -> str:
    return f'({compiler.process(element.column, **options)}) COLLATE "C"'


def alphabetical(column: Any) -> ColumnElement[str]:
    """For `order_by`: names and titles in the same order on both databases, capitals beside small letters."""
    return _InOrder(func.lower(column))

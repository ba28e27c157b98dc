"""Telling somebody something, in the transaction that does it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.models import Notice
from webapp.notices.kinds import KINDS


def tell(
    session: Session,
    now: datetime,
    user_id: int,
    kind: str,
    data: Mapping[str, Any],
    *,
    subject: str,
    course_id: int | None = None,
) -> None:
    """Leave a notice for somebody.

    `kind` is one of `KINDS`; `subject` says which row it is about (e.g. "submission:7"), and a submission's notices are
    also shown beside its verdict.  `data` is what its sentence needs, as JSON can hold it.
    """
    if kind not in KINDS:
        raise KeyError(kind)
    session.add(
        Notice(user_id=user_id, course_id=course_id, kind=kind, subject=subject, data=dict(data), created_at=now)
    )

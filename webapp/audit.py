"""Writing down who changed what, how it was before, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.models import Audit


def note(
    session: Session,
    now: datetime,
    actor_id: int | None,
    action: str,
    subject: str,
    *,
    course_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Add a line to the log, in the same transaction as the change itself.

    `action` is a word of `webapp.teach.log`'s list (e.g. "override"), `subject` says which row (e.g. "submission:7").
    """
    session.add(
        Audit(
            at=now,
            actor_id=actor_id,
            action=action,
            subject=subject,
            before=before,
            after=after,
            course_id=course_id,
            reason=reason,
        )
    )

"""What changes a course: told to whoever asked for it, and written down for whoever asks later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from webapp.models import Audit


class Sign(StrEnum):
    """What became of something."""

    ADDED = "+"
    CHANGED = "~"
    REMOVED = "-"
    KEPT = "="
    """It stays as it is although the file or a bank says otherwise."""


class Origin(StrEnum):
    """Where a change comes from; the log's actions begin with it."""

    FILE = "course-file"
    PAGE = "course-page"


ACTIONS = {Sign.ADDED: "add", Sign.CHANGED: "change", Sign.REMOVED: "remove"}
Words = dict[str, tuple[str, Callable[[Any], str]]]
"""What a field is called, and how its value reads; a field without a name is changed without a word."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of what was done."""

    sign: Sign
    what: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.sign} {self.what}" + (f": {self.detail}" if self.detail else "")


@dataclass(slots=True)
class Ledger:
    """Notes changes as they are made, with rows for the log."""

    session: Session
    now: datetime
    actor_id: int | None = None
    course_id: int | None = None
    origin: Origin = Origin.FILE
    changes: list[Change] = field(default_factory=list)
    rows: list[Audit] = field(default_factory=list)

    def note(
        self,
        sign: Sign,
        what: str,
        detail: str = "",
        *,
        subject: str = "",
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        """Say it; what has a subject is also written into the log."""
        self.changes.append(Change(sign, what, detail))
        if subject:
            row = Audit(
                at=self.now,
                actor_id=self.actor_id,
                action=f"{self.origin}-{ACTIONS[sign]}",
                subject=subject,
                before=before,
                after=after,
                course_id=self.course_id,
            )
            self.session.add(row)
            self.rows.append(row)

    def set(self, row: Any, values: dict[str, Any], what: str, subject: str, words: Words) -> None:
        """Give `row` these values and note which are new; `words` says what a field is called and how it reads."""
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not changed:
            return
        details = []
        for name, value in changed.items():
            called, read = words.get(name, (name, str))
            old, new = (("none" if each is None else read(each)) for each in (getattr(row, name), value))
            if called:
                details.append(f"{called} {old} → {new}")
        before = {name: _plain(getattr(row, name)) for name in changed}
        for name, value in changed.items():
            setattr(row, name, value)
        after = {name: _plain(value) for name, value in changed.items()}
        if details:
            self.note(Sign.CHANGED, what, ", ".join(details), subject=subject, before=before, after=after)


def _plain(value: Any) -> Any:
    """As JSON can hold it."""
    return value.isoformat() if isinstance(value, datetime) else value

"""What the log's pages are given; see docs/web.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look for.  What is empty holds for everything."""

    who: str = ""
    action: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def query(self) -> dict[str, str]:
        """As an address has it."""
        told = {
            "who": self.who,
            "action": self.action,
            "q": self.text,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
        }
        return {name: text for name, text in told.items() if text}


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that was changed."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry."""

    id: int
    at: datetime
    sentence: str
    reason: str
    differences: tuple[Difference, ...]
    people: tuple[str, ...]
    """Those who were added together."""
    url: str
    course: str


@dataclass(frozen=True, slots=True)
class Log:
    """One page of what was looked for, the newest first."""

    lines: tuple[Line, ...]
    total: int
    page: int
    pages: int
    actions: tuple[tuple[str, str], ...]
    """Every action there is, with its word."""

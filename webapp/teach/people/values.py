"""What the pages about people are given; see docs/web.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from webapp.models import Role


class Column(StrEnum):
    """What people can be sorted by."""

    NAME = "name"
    EMAIL = "email"
    NUMBER = "number"
    ROLE = "role"
    JOINED = "joined"
    SENT = "sent"
    SOLVED = "solved"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the course.  `solved` and `score` are of what counts; staff has neither."""

    user_id: int
    name: str
    email: str
    external_id: str
    role: Role
    has_password: bool
    joined_at: datetime | None
    sent_at: datetime | None
    solved: int
    score: float


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody, and what there is to be solved."""

    people: tuple[Person, ...]
    items: int
    points: float

    @property
    def without_password(self) -> int:
        """How many have not followed their invitation yet."""
        return sum(not each.has_password for each in self.people)

    def count(self, role: str) -> int:
        """How many have that role."""
        return sum(each.role == role for each in self.people)


@dataclass(frozen=True, slots=True)
class Kept:
    """A course as its people's pages need it: how one comes in, and whether a file keeps it."""

    id: int
    title: str
    zone: str
    join_code: str | None
    join_url: str
    key: str | None
    archived_at: datetime | None

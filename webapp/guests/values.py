"""What the pages of guests are given."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An item that anybody may try."""

    id: int
    title: str
    course_id: int
    course_title: str
    kind: str
    points: float


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a guest wrote beside what the account has, before the one replaces the other."""

    item_id: int
    item_title: str
    kind: str
    written: str
    """The guest's."""
    mine: str
    """The account's; empty when it has written nothing yet."""
    version: int
    """Of the account's draft as shown here."""

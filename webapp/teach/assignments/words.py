"""Changes of a course in the reader's language, out of what the log keeps of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from flask_babel import gettext as _

from grader.numbers_shown import number
from webapp.languages import say
from webapp.times_shown import day_and_clock

SHOWN = (
    "title", "opens_at", "due_at", "closes_at", "late_penalty", "counts", "practice", "points", "max_submissions",
    "is_open", "revision", "reason", "position",
)  # fmt: skip
"""Fields of a change in the order they are told."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One field of a change: what it is called, how it was, how it is."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """How a change is put into words: in which language, on which clocks, seen from when."""

    lang: str
    locale: Locale
    zone: ZoneInfo
    now: datetime

    def time(self, at: datetime) -> str:
        """A time on the course's clocks."""
        return day_and_clock(at, self.zone, self.now, self.locale)

    def label(self, name: str) -> str:
        """What a field is called."""
        return {
            "title": _("Title"),
            "opens_at": _("Opens"),
            "due_at": _("Due"),
            "closes_at": _("Closes"),
            "late_penalty": _("Late penalty"),
            "counts": _("What counts"),
            "practice": _("Practice"),
            "points": _("Points"),
            "max_submissions": _("Attempts"),
            "is_open": _("Open to guests"),
            "revision": _("Revision"),
            "reason": _("Reason"),
            "position": _("Place"),
        }[name]

    def value(self, name: str, value: Any) -> str:
        """How a field's value reads."""
        match name, value:
            case "max_submissions", None:
                return _("any number")
            case _other, None | "":
                return _("none")
            case (("opens_at" | "due_at" | "closes_at"), str() | datetime()):
                at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
                return self.time(at)
            case "late_penalty", _share:
                return f"{number(100 * float(value))}%"
            case "counts", "last":
                return _("the last attempt")
            case "counts", _best:
                return _("the best attempt")
            case (("practice" | "is_open"), _truth):
                return _("yes") if value else _("no")
            case "points", _points:
                return number(float(value))
            case "position", _place:
                return str(int(value) + 1)
            case "revision", _hash:
                return str(value)[:12]
            case "title", _title:
                return say(str(value), self.lang)
        return str(value)

    def details(self, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[Detail, ...]:
        """The fields of a change that say something."""
        before, after = before or {}, after or {}
        return tuple(
            Detail(self.label(name), self.value(name, before.get(name)), self.value(name, after.get(name)))
            for name in SHOWN
            if name in before and name in after
        )


def in_a_line(details: Sequence[Detail]) -> str:
    """A change on one line."""
    return _(", ").join(
        _("%(label)s: %(before)s → %(after)s", label=each.label, before=each.before, after=each.after)
        for each in details
    )

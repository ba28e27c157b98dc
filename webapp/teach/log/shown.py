"""Values of an entry as people read them, and the way to what it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from webapp.languages import locale, zone
from webapp.models.people import Role
from webapp.teach.log.names import number
from webapp.teach.log.values import Difference
from webapp.teach.people.words import role_word
from webapp.times_shown import day_and_clock

LONGEST = 300
FIELDS: dict[str, Callable[[], str]] = {
    "title": lambda: _("title"),
    "zone": lambda: _("time zone"),
    "path": lambda: _("path of the map"),
    "join_code": lambda: _("join code"),
    "role": lambda: _("role"),
    "name": lambda: _("name"),
    "external_id": lambda: _("student number"),
    "opens_at": lambda: _("opens"),
    "due_at": lambda: _("due"),
    "closes_at": lambda: _("closes"),
    "late_penalty": lambda: _("late penalty"),
    "points": lambda: _("points"),
    "max_submissions": lambda: _("attempts"),
    "revision": lambda: _("revision"),
    "position": lambda: _("place"),
    "score": lambda: _("score"),
    "share": lambda: _("share"),
    "status": lambda: _("status"),
    "note": lambda: _("note"),
    "key": lambda: _("key in the file"),
    "item": lambda: _("item"),
    "request": lambda: _("request"),
    "answer": lambda: _("answer"),
    "reason": lambda: _("reason"),
    "review": lambda: _("to be read"),
    "source": lambda: _("given by"),
    "files": lambda: _("files"),
    "free": lambda: _("costs no attempt"),
    "scope": lambda: _("which submissions"),
    "submissions": lambda: _("submissions"),
    "revisions": lambda: _("revisions"),
}
WORDS: dict[str, dict[str, Callable[[], str]]] = {
    "scope": {
        "counting": lambda: _("those that count"),
        "all": lambda: _("all"),
        "ungradable": lambda: _("what could not be graded"),
        "student": lambda: _("one student's"),
        "one": lambda: _("a single one"),
    },
    "status": {
        "passed": lambda: _("passed"),
        "partial": lambda: _("partial"),
        "failed": lambda: _("failed"),
    },
    "source": {
        "grader": lambda: _("the grader"),
        "review": lambda: _("review"),
        "override": lambda: _("hand"),
    },
}
"""Values that are words of ours."""
LEFT_OUT = frozenset({"user", "student", "user_id", "verdict"})
"""The sentence names whom it concerns, and a verdict's number says nothing to anybody."""


def difference(before: dict[str, Any] | None, after: dict[str, Any] | None) -> tuple[Difference, ...]:
    """What was changed, value by value."""
    old, new = before or {}, after or {}
    told = [
        Difference(FIELDS[name]() if name in FIELDS else name.replace("_", " "), _value(name, old), _value(name, new))
        for name in dict.fromkeys([*old, *new])
        if name not in LEFT_OUT
    ]
    return tuple(each for each in told if each.before or each.after)


def _value(name: str, values: dict[str, Any]) -> str:
    value = values.get(name)
    if value is None or value == "":
        return ""
    if name == "role" and value in list(Role):
        return role_word(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str) and value in WORDS.get(name, {}):
        return WORDS[name][value]()
    text = ", ".join(map(str, value.values())) if isinstance(value, dict) else str(value)
    if name.endswith("_at"):
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return text[:LONGEST]
        if at.tzinfo is not None:
            return day_and_clock(at, zone(), at, locale())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def link(course_id: int | None, named: dict[str, str], user_id: int) -> str:
    """Where an entry's subject can be looked at; empty when nowhere."""
    if submission := number(named.get("submission")):
        return url_for("teach.submission", submission_id=submission)
    if course_id and user_id:
        return url_for("teach.student", course_id=course_id, user_id=user_id)
    return ""

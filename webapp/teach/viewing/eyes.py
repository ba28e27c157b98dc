"""Whose eyes a page is seen through, and where its links lead meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import flask
from flask import Flask, g
from flask import session as cookie

from webapp.models import User

KEY = "seeing"
LASTS = timedelta(hours=1)
SEEN = {
    "learn.today": "viewing.today",
    "learn.courses": "viewing.course",
    "learn.course": "viewing.course",
    "learn.course_map": "viewing.course_map",
    "learn.item": "viewing.item",
    "learn.submission": "viewing.submission",
    "history.submissions": "viewing.history",
    "history.difference": "viewing.difference",
}
"""The pages of students that can be looked at, and where."""
READERS = frozenset({"account", "own", "static", "teach", "viewing"})
"""Parts of the site that are the reader's own also there.  What else is not in `SEEN` leads to a page that says no."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """Whose they are, and in which course."""

    course_id: int
    user_id: int
    name: str
    email: str


def begin(viewer: User, course_id: int, user_id: int, now: datetime) -> None:
    """Remember in this session that looking has begun, and was noted.  It gives no right to anything."""
    cookie[KEY] = [viewer.id, course_id, user_id, int(now.timestamp())]


def begun(viewer: User, course_id: int, user_id: int, now: datetime) -> bool:
    """Whether this session's own person has begun to look at just this, less than an hour ago."""
    match cookie.get(KEY):
        case [viewer.id, int(course), int(user), int(at)] if (course, user) == (course_id, user_id):
            return 0 <= now.timestamp() - at + 1 <= LASTS.total_seconds()
    return False


def end() -> bool:
    """Stop looking; whether somebody had been."""
    return cookie.pop(KEY, None) is not None


def address(endpoint: str, **values: Any) -> str:
    """`url_for` for templates; on a page seen through somebody's eyes every link stays there or leads nowhere."""
    eyes: Eyes | None = g.get("eyes")
    if eyes is None:
        return flask.url_for(endpoint, **values)
    where = {"course_id": eyes.course_id, "user_id": eyes.user_id}
    if endpoint in SEEN:
        return flask.url_for(SEEN[endpoint], **(values | where))
    if endpoint.partition(".")[0] in READERS:
        return flask.url_for(endpoint, **values)
    return flask.url_for("viewing.nothing", **where)


def set_up(app: Flask) -> None:
    """Give templates `eyes`, and addresses that know of them."""
    app.jinja_env.globals["url_for"] = address
    app.context_processor(lambda: {"eyes": g.get("eyes")})

"""What the pages of one taught course have in common: its name, and the way from each to the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext as _

from webapp.access import Right, may
from webapp.languages import language, say
from webapp.models import Course

SETTINGS = "courses.settings"
"""What an archived course is brought back by."""
TABS: tuple[tuple[str, Right, Callable[[], str]], ...] = (
    ("teach.course", Right.SEE, lambda: _("Gradebook")),
    ("assignments.overview", Right.SEE, lambda: _("Assignments")),
    ("people.roster", Right.SEE, lambda: _("People")),
    ("review.queue", Right.SEE, lambda: _("Review")),
    ("requests.inbox", Right.SEE, lambda: _("Requests")),
    ("analysis.assignments", Right.SEE, lambda: _("Analysis")),
    ("similarity.assignments", Right.SEE, lambda: _("Similarity")),
    ("uploads.overview", Right.MARK, lambda: _("Uploads")),
    ("regrades.overview", Right.MANAGE, lambda: _("Regrades")),
    ("log.course", Right.SEE, lambda: _("Log")),
    (SETTINGS, Right.MANAGE, lambda: _("Settings")),
)
"""Endpoints that take `course_id` alone; those that this program has are shown to who may open them."""


@dataclass(frozen=True, slots=True)
class Tab:
    """The way to one page of a course."""

    url: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """A course's name and its pages, for `_course_head.html`."""

    course_id: int
    title: str
    tabs: tuple[Tab, ...]


def frame(course: Course) -> Frame:
    """The frame around a page of `course`, for the current person."""
    here = request.endpoint or ""
    tabs = tuple(
        Tab(url_for(endpoint, course_id=course.id), label(), _same_part(here, endpoint))
        for endpoint, right, label in TABS
        if endpoint in current_app.view_functions and may(course.id, right, even_archived=endpoint == SETTINGS)
    )
    return Frame(course.id, say(course.title, language()), tabs)


def _same_part(here: str, endpoint: str) -> bool:
    part = endpoint.partition(".")[0]
    if endpoint == "teach.course":
        return here in ("teach.course", "teach.student")
    return here == endpoint if part == "teach" else here.partition(".")[0] == part

"""The log of a course; administrators see that of the whole server by the same two functions."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_login import login_required

from webapp import access, csv_files
from webapp.addresses import row_number
from webapp.languages import language, say, zone
from webapp.teach.frame import frame
from webapp.teach.log import service
from webapp.teach.log.values import Filters

log = Blueprint("log", __name__, url_prefix="/teach/courses/<int:course_id>")


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if date.min.year < found.year < date.max.year else None  # midnight there is on no calendar elsewhere


def filters_asked() -> Filters:
    """What the address asks for; what makes no sense in it is not asked."""
    asked = request.args
    return Filters(
        who=asked.get("who", "")[:100],
        action=asked.get("action", "")[:100],
        text=asked.get("q", "")[:200],
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
    )


def page(course_id: int | None, **more: Any) -> str:
    """One page of what was looked for; without a course, of everything."""
    filters = filters_asked()
    number = request.args.get("page", 1, type=row_number)
    found = service.page(access.reading(), course_id, filters, number, language(), zone())
    return render_template("teach/log/log.html", log=found, filters=filters, **more)


def table(course_id: int | None, name: str) -> Any:
    """All of what was looked for, as a file."""
    return csv_files.attachment(service.table(access.reading(), course_id, filters_asked(), language(), zone()), name)


@log.get("/log")
@login_required
def course(course_id: int) -> Any:
    """What was changed in a course."""
    found = access.taught_course_or_404(course_id)
    export = url_for("log.course_table", course_id=course_id, **filters_asked().query)
    return page(course_id, frame=frame(found), export=export, endpoint="log.course", values={"course_id": course_id})


@log.get("/log.csv")
@login_required
def course_table(course_id: int) -> Any:
    """The same as a table."""
    found = access.taught_course_or_404(course_id)
    return table(course_id, f"{say(found.title, language())}-log.csv")

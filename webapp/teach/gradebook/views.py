"""What the gradebook's page fetches: everything at once, what has changed since, one cell's submission, a file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, request, url_for
from flask_login import current_user, login_required

from webapp import access
from webapp.csv_files import attachment
from webapp.languages import language, say
from webapp.models import ItemStanding
from webapp.models.times import utc_now
from webapp.security import limiter
from webapp.teach.gradebook import choosing, compact, exports, forms, reading, words

gradebook = Blueprint("gradebook", __name__, url_prefix="/teach/courses/<int:course_id>")
LONGEST_ABSENCE = timedelta(hours=12)
"""After that a page asks for everything again."""


def _person() -> str:
    return str(current_user.get_id())


@gradebook.get("/gradebook.json")
@login_required
def whole(course_id: int) -> Any:
    """All cells, for the page's script."""
    found = access.taught_course_or_404(course_id)
    session, now = access.reading(), utc_now()
    parts = reading.parts(session, found.id, language())
    people = reading.people(session, found.id)
    cells = reading.coded(session, [column.id for part in parts for column in part.columns])
    answer = Response(compact.whole(parts, people, cells, language(), now), mimetype="application/json")
    answer.cache_control.no_store = True
    return answer


@gradebook.get("/gradebook/changes")
@login_required
def changes(course_id: int) -> Any:
    """The cells written since a moment; `again` where a page has to fetch everything."""
    found = access.taught_course_or_404(course_id)
    session, now = access.reading(), utc_now()
    text = request.args.get("since", "")
    since = compact.moment(int(text)) if text.isascii() and text.isdecimal() and len(text) < 15 else None
    if since is None or not now - LONGEST_ABSENCE < since < now:
        return jsonify(again=True)
    parts = reading.parts(session, found.id, language())
    people = reading.people(session, found.id)
    cells = reading.changed(session, [column.id for part in parts for column in part.columns], since)
    if len(cells) > reading.MOST_CHANGES or compact.shape(parts, people) != request.args.get("shape"):
        return jsonify(again=True)
    return jsonify(compact.changes(people, cells, now))


@gradebook.get("/items/<int:item_id>/students/<int:user_id>")
@login_required
def cell(course_id: int, item_id: int, user_id: int) -> Any:
    """To the submission that counts now, or else the newest."""
    item, course = access.taught_item_or_404(item_id)
    if course.id != course_id:
        abort(404)
    access.student_or_404(course, user_id)
    standing = access.reading().get(ItemStanding, (item.id, user_id))
    if standing is None or standing.submission_id is None:
        abort(404)
    return redirect(url_for("teach.submission", submission_id=standing.submission_id))


@gradebook.get("/gradebook.csv")
@login_required
@limiter.limit("30 per minute", key_func=_person)
def export(course_id: int) -> Any:
    """What is on the page, as a file."""
    found = access.taught_course_or_404(course_id)
    chosen = choosing.choice(request.args)
    names, typed = words.groups(), words.typed()
    sheet = reading.sheet(access.reading(), found, language())
    people = choosing.shown_people(sheet.people, sheet.parts, sheet.cells, chosen, typed)
    asked = forms.asked(request.args, choosing.shown_parts(sheet.parts, chosen), tuple(people))
    rows = exports.rows(asked, sheet.cells, sheet.parts, lambda cell: words.of_cell(cell, names))
    name = f"{say(found.title, language())[:80]} {asked.layout} {utc_now():%Y-%m-%d}.csv"
    return attachment(rows, name, marked=request.args.get("mark") == "1")

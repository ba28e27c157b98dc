"""Students' own dates for an assignment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required
from sqlalchemy import select

from webapp import access
from webapp.access import Right
from webapp.addresses import row_number, row_numbers
from webapp.languages import language, say, zone
from webapp.learn.attempts import Dates
from webapp.models import Assignment, Course, Extension
from webapp.models.times import utc_now
from webapp.teach.assignments import extensions, fault_words, pages, service
from webapp.teach.assignments.service import Changed
from webapp.teach.assignments.settings import Faults, clock_text, twice
from webapp.teach.assignments.views import assignments, confirmation, found_or_404, speaker
from webapp.teach.frame import frame

FIELDS = ("due", "due_offset", "closes", "closes_offset", "reason", "who")


@assignments.get("/<int:assignment_id>/extensions")
@login_required
def extended(course_id: int, assignment_id: int) -> Any:
    """Who has own dates; `?for=` puts one student's into the form."""
    course, row = found_or_404(course_id, assignment_id, Right.SEE)
    number = request.args.get("for", type=row_number)
    found = access.reading().get(Extension, (row.id, number)) if number else None
    text = dict.fromkeys(FIELDS, "")
    if found is not None:
        for name, at in (("due", found.due_at), ("closes", found.closes_at)):
            text[name], text[f"{name}_offset"] = clock_text(at, service.zone_of(course))
        text["reason"] = found.reason
    return _page(course, row, text=text, chosen=frozenset({number} if number else ()))


def _page(
    course: Course,
    row: Assignment,
    status: int = 200,
    *,
    text: Mapping[str, str] | None = None,
    faults: Faults | None = None,
    chosen: frozenset[int] = frozenset(),
    problem: str = "",
) -> Any:
    session, speaks = access.reading(), speaker(course)
    rows = session.scalars(select(Extension).where(Extension.assignment_id == row.id)).all()
    text = text or dict.fromkeys(FIELDS, "")
    html = render_template(
        "teach/assignments/extensions.html",
        frame=frame(course),
        course_id=course.id,
        assignment_id=row.id,
        title=say(row.title, language()),
        zone=pages.zone_shown(course, speaks, zone().key),
        dates=pages.dates_shown(Dates(row.opens_at, row.due_at, row.closes_at), speaks),
        lines=pages.extensions(session, course, row, speaks),
        students=sorted(extensions.students(session, course.id), key=lambda each: each.id not in chosen),
        base=json.dumps({str(each.user_id): extensions.as_shown(each) for each in rows}),
        text=text,
        twice={name: twice(text[name], speaks.zone) for name in ("due", "closes")},
        faults=faults or {},
        chosen=chosen,
        may_edit=access.may(course.id, Right.MANAGE),
        problem=problem,
    )
    return make_response(html, status)


def _base() -> dict[str, Sequence[str]]:
    try:
        found = json.loads(request.form.get("base", "")[:500_000])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


@assignments.post("/<int:assignment_id>/extensions")
@login_required
def extend(course_id: int, assignment_id: int) -> Any:
    """Give students later dates, one or many at once."""
    course, row = found_or_404(course_id, assignment_id)
    known = extensions.students(access.reading(), course.id)
    ticked = set(row_numbers(request.form.getlist("student")))
    named, unclear = extensions.named(request.form.get("who", ""), known)
    chosen = frozenset((ticked & {each.id for each in known}) | named)
    text = {name: request.form.get(name, "")[:200_000].strip() for name in FIELDS}
    given, faults = extensions.decided(text, chosen, row, course)
    if unclear:
        faults["who"] = fault_words.unclear_people(unclear[:10])
    if given is None or unclear or request.form.get("edit"):
        return _page(course, row, 400 if faults else 200, text=text, faults=faults, chosen=chosen)
    session = access.reading()
    if request.form.get("confirmed") != "yes":
        found = extensions.foreseen(session, row, given)
        if found.anything:
            speaks = speaker(course)
            moved = [
                f"{label}: {speaks.time(at)}"
                for label, at in ((_("Due"), given.due_at), (_("Closes"), given.closes_at))
                if at
            ]
            count = ngettext("Extension for %(num)s student", "Extension for %(num)s students", len(chosen))
            back = url_for("assignments.extended", course_id=course_id, assignment_id=assignment_id)
            return confirmation(course, say(row.title, language()), [count, *moved], found, row.id, back)
    actor_id, base = access.me().id, _base()
    access.close_reading()
    try:
        with access.database().writing(durable=True) as writing:
            ledger = service.ledger_for(writing, course, utc_now(), actor_id)
            marks = extensions.give(ledger, course, assignment_id, given, base)
    except Changed:
        problem = _("Somebody else has given one of them other dates meanwhile: see the list. Nothing was changed.")
        return _page(*found_or_404(course_id, assignment_id), 409, text=text, chosen=chosen, problem=problem)
    _tell(ngettext("%(num)s student has later dates.", "%(num)s students have later dates.", len(chosen)), marks)
    return redirect(url_for("assignments.extended", course_id=course_id, assignment_id=assignment_id), 303)


@assignments.post("/<int:assignment_id>/extensions/<int:user_id>/remove")
@login_required
def end_extension(course_id: int, assignment_id: int, user_id: int) -> Any:
    """Take somebody's own dates back; what marks become is shown first."""
    course, row = found_or_404(course_id, assignment_id)
    session = access.reading()
    if request.form.get("confirmed") != "yes":
        given = extensions.Given((user_id,), None, None, "")
        found = extensions.foreseen(session, row, given)
        if found.anything:
            back = url_for("assignments.extended", course_id=course_id, assignment_id=assignment_id)
            lines = [_("The extension is taken back")]
            return confirmation(course, say(row.title, language()), lines, found, row.id, back)
    actor_id = access.me().id
    access.close_reading()
    try:
        with access.database().writing(durable=True) as writing:
            ledger = service.ledger_for(writing, course, utc_now(), actor_id)
            marks = extensions.take_back(ledger, course, assignment_id, user_id)
    except Changed:
        problem = _("There is no such extension any more.")
        return _page(*found_or_404(course_id, assignment_id), 409, problem=problem)
    _tell(_("The extension is taken back."), marks)
    return redirect(url_for("assignments.extended", course_id=course_id, assignment_id=assignment_id), 303)


def _tell(sentence: str, marks: int) -> None:
    if marks:
        sentence += " " + ngettext("%(num)s mark follows.", "%(num)s marks follow.", marks)
    flash(sentence, "success")

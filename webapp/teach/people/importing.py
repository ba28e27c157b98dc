"""A whole list of people from a table: first what it would do, then, confirmed, all of it at once.

The preview carries the table along, as it was understood; what was confirmed is worked out anew under the lock, and
shown once more should the course have changed meanwhile.  Nothing of it lies on the server in between.
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required

from grader.csv_text import written
from webapp import access, csv_files
from webapp.access import Right
from webapp.courses import enrolling, roster
from webapp.courses.enrolling import Fate, Plan
from webapp.courses.roster import Problem, Roster
from webapp.models import Course
from webapp.models.times import utc_now
from webapp.teach.frame import frame
from webapp.teach.people.forms import TableForm
from webapp.teach.people.views import kept, people
from webapp.teach.people.words import why_refused

SHOWN = 200
"""Rows of each part of a preview; of the rest it says how many there are."""


@people.get("/import")
@login_required
def import_table(course_id: int) -> Any:
    """Asks for the table."""
    return _asking(access.taught_course_or_404(course_id, Right.MANAGE), TableForm(formdata=None))


def _asking(course: Course, form: TableForm, problem: str = "", status: int = 200) -> Any:
    page = render_template(
        "teach/people/import.html", frame=frame(course), course=kept(course), form=form, problem=problem
    )
    return page, status


@people.post("/import")
@login_required
def import_preview(course_id: int) -> Any:
    """What the table would do; nothing is done."""
    course = access.taught_course_or_404(course_id, Right.MANAGE)
    form = TableForm()
    data = form.table.data.read(csv_files.MAX_BYTES + 1) if form.table.data else b""
    if not data:
        text = form.text.data or ""
        data = text.encode("utf-8", "replace")
    if not data.strip():
        return _asking(course, form, _("There is nothing yet: choose a file or paste some rows."), 400)
    return _preview(course, roster.read(data))


def _preview(course: Course, found: Roster, *, moved: bool = False) -> Any:
    planned = enrolling.plan(access.reading(), course.id, found.people, access.me().id)
    problems = [*found.problems, *(_refusal(person, why) for person, why in planned.refused)]
    page = render_template(
        "teach/people/preview.html",
        frame=frame(course),
        course=kept(course),
        found=found,
        plan=planned,
        added=planned.of(Fate.ADDED),
        changed=planned.of(Fate.CHANGED),
        left=planned.of(Fate.LEFT),
        problems=sorted(problems, key=lambda each: each.row),
        carried=_carried(found),
        moved=moved,
        most=SHOWN,
    )
    return page, 409 if moved else 200 if planned.people or not problems else 400


def _refusal(person: enrolling.Person, why: Any) -> Problem:
    return Problem(person.row, person.row, _("Role"), why_refused(why))


def _carried(found: Roster) -> str:
    """Those whose rows are right, as a table that is read again."""
    rows = [[each.email, each.name, each.external_id or "", each.role or ""] for each in found.people]
    return written([["email", "name", "student id", "role"], *rows])


@people.post("/import/apply")
@login_required
def import_apply(course_id: int) -> Any:
    """Do what was shown, all of it or nothing."""
    course = access.taught_course_or_404(course_id, Right.MANAGE)
    found = roster.read(request.form.get("table", "").encode("utf-8", "replace"))
    if not found.people or found.problems:
        return _asking(course, TableForm(formdata=None), _("There is nobody to add. Choose the table again."), 400)
    actor_id, shown = access.me().id, request.form.get("plan", "")
    remove_absent = request.form.get("remove_absent") == "yes"
    access.close_reading()
    with access.database().writing(durable=True) as session:
        planned = enrolling.plan(session, course_id, found.people, actor_id)
        if planned.digest == shown:
            enrolling.carry_out(session, course_id, planned, actor_id, utc_now(), remove_absent=remove_absent)
    if planned.digest != shown:
        return _preview(access.taught_course_or_404(course_id, Right.MANAGE), found, moved=True)
    flash(_done(planned, remove_absent=remove_absent), "success")
    return redirect(url_for("people.roster", course_id=course_id), 303)


def _done(planned: Plan, *, remove_absent: bool) -> str:
    added, changed = len(planned.of(Fate.ADDED)), len(planned.of(Fate.CHANGED))
    gone = len(planned.absent) if remove_absent else 0
    said = [
        ngettext("%(num)s person added.", "%(num)s people added.", added) if added else "",
        ngettext("%(num)s person changed.", "%(num)s people changed.", changed) if changed else "",
        ngettext("%(num)s person has left the course.", "%(num)s people have left the course.", gone) if gone else "",
    ]
    return " ".join(text for text in said if text) or _("Nothing had to be changed.")

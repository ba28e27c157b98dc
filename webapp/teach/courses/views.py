"""Making a course in the browser, and what there is to settle about one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from questions.bilingual import language_of, split
from webapp import access
from webapp.access import Right
from webapp.account.zone_choices import zone_choices
from webapp.courses import keeping
from webapp.languages import browser_zone, language, say
from webapp.learn import records
from webapp.learn.routes import Route, declared
from webapp.models import Course
from webapp.models.times import utc_now
from webapp.teach.courses.forms import CourseForm
from webapp.teach.frame import frame
from webapp.teach.people.views import kept

courses = Blueprint("courses", __name__, url_prefix="/teach")


@courses.route("/new-course", methods=["GET", "POST"])
@login_required
def new() -> Any:
    """Make a course; whoever makes it is its instructor."""
    access.making_courses_or_404()
    form = CourseForm()
    if request.method == "GET":
        form.zone.data = access.me().zone or browser_zone() or "UTC"
    if not form.validate_on_submit():
        page = render_template("teach/courses/new.html", form=form, zones=zone_choices(language()))
        return page, 400 if request.method == "POST" else 200
    actor_id = access.me().id
    access.close_reading()
    with access.database().writing(durable=True) as session:
        course = keeping.create(session, form.title, form.zone.data or "UTC", actor_id, utc_now())
    flash(_("The course is made, and you are its instructor. Next, bring its people in."), "success")
    return redirect(url_for("people.roster", course_id=course.id), 303)


def _halves(title: str) -> dict[str, str]:
    halves = split(title)
    if halves is not None:
        return {"zh": halves[0], "en": halves[1]}
    return {"zh": title, "en": ""} if language_of(title) == "zh" else {"zh": "", "en": title}


@courses.route("/courses/<int:course_id>/settings", methods=["GET", "POST"])
@login_required
def settings(course_id: int) -> Any:
    """Title, zone, and whether it is over."""
    course = access.taught_course_or_404(course_id, Right.MANAGE, even_archived=request.method == "GET")
    form = (
        CourseForm()
        if request.method == "POST"
        else CourseForm(formdata=None, zone=course.zone, **_halves(course.title))
    )
    if not form.validate_on_submit():
        return _settings_page(course, form, 400 if request.method == "POST" else 200)
    actor_id, path = access.me().id, _path_asked(course)
    access.close_reading()
    with access.database().writing(durable=True) as session:
        keeping.change(session, course_id, form.title, form.zone.data or "UTC", path, actor_id, utc_now())
    flash(_("Saved."), "success")
    return redirect(url_for("courses.settings", course_id=course_id), 303)


def _offered(course: Course) -> list[Route]:
    """The paths of the banks that the course uses."""
    session = access.reading()
    rows = records.items_of(session, [each.id for each in records.assignments_of(session, [course.id])])
    return declared(session, {row.bank_id for row in rows})


def _path_asked(course: Course) -> str | None:
    """What the form says, as far as there is such a path; a form without the field leaves it as it is."""
    wanted = request.form.get("path", course.path or "")
    known = {route.name for route in _offered(course)} | {course.path}
    return (wanted if wanted in known else course.path) if wanted else None


def _settings_page(course: Course, form: CourseForm, status: int) -> Any:
    page = render_template(
        "teach/courses/settings.html",
        frame=frame(course),
        course=kept(course),
        form=form,
        zones=zone_choices(language()),
        paths=[(route.name, say(route.title, language())) for route in _offered(course)],
        path=course.path or "",
    )
    return page, status


@courses.post("/courses/<int:course_id>/archive")
@login_required
def archive(course_id: int) -> Any:
    """End the course, or (`back`) take it up again."""
    access.taught_course_or_404(course_id, Right.MANAGE, even_archived=True)
    actor_id, over = access.me().id, request.form.get("back") != "yes"
    access.close_reading()
    with access.database().writing(durable=True) as session:
        keeping.archive(session, course_id, actor_id, utc_now(), over=over)
    if over:
        flash(_("The course is archived. Students no longer see it in their lists; nothing of it is lost."), "success")
    else:
        flash(_("The course is back."), "success")
    return redirect(url_for("courses.settings", course_id=course_id), 303)

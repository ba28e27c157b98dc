"""Looking at a course as one of its students does.

Each page asks on its own for the right to manage the course, for the student's place in it and for the notice in the
session that looking has begun.  All of them read; the reading session cannot write.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from sqlalchemy import exists, select

from grader.shown_text import text_of
from webapp import access, audit
from webapp.access import Place, Right
from webapp.addresses import row_number
from webapp.languages import language, locale, zone
from webapp.learn import course_map as charts
from webapp.learn import history, overview, pages, progress
from webapp.models import AssignmentItem, Course, Job, Membership, Role, Submission, User
from webapp.models.times import utc_now
from webapp.refusals import Refusal
from webapp.security import limiter
from webapp.teach.frame import frame
from webapp.teach.viewing import eyes

viewing = Blueprint("viewing", __name__, url_prefix="/teach/courses/<int:course_id>/students/<int:user_id>/view")


def student_or_404(course_id: int, user_id: int) -> tuple[Course, User]:
    """A course one manages and a student of it; refused where they instruct another course or keep the server."""
    course = access.taught_course_or_404(course_id, Right.MANAGE)
    session = access.reading()
    member = session.get(Membership, (course.id, user_id))
    if member is None or member.role != Role.STUDENT or member.user.is_guest:
        abort(404)
    instructs = select(exists().where(Membership.user_id == user_id, Membership.role == Role.INSTRUCTOR))
    if member.user.is_admin or session.scalar(instructs):
        sentence = _("Only the pages of people who neither teach nor keep the server can be looked at.")
        raise Refusal("not-to-be-seen", sentence, HTTPStatus.FORBIDDEN)
    return course, member.user


def seen(course_id: int, user_id: int) -> tuple[Course, User]:
    """The same once looking has begun; before that, the page where it begins."""
    course, user = student_or_404(course_id, user_id)
    if not eyes.begun(access.me(), course_id, user_id, utc_now()):
        abort(redirect(url_for("viewing.start", course_id=course_id, user_id=user_id)))
    g.eyes = eyes.Eyes(course_id, user_id, user.name, user.email)
    return course, user


def place_or_404(course: Course, user: User, item_id: int) -> Place:
    """An item of the course, open to the student: what is not there for them is not there."""
    item = access.reading().get(AssignmentItem, item_id)
    if item is None or item.removed_at is not None or item.assignment.removed_at is not None:
        abort(404)
    if item.assignment.course_id != course.id:
        abort(404)
    return access.opened(Place(item, item.assignment, course, Role.STUDENT, user))


def submission_or_404(course: Course, user: User, submission_id: int) -> tuple[Submission, Place]:
    """A submission of the student in this course."""
    found = access.reading().get(Submission, submission_id)
    if found is None or found.user_id != user.id:
        abort(404)
    return found, place_or_404(course, user, found.assignment_item_id)


@viewing.get("")
@login_required
def start(course_id: int, user_id: int) -> Any:
    """What is going to be seen, and the button that begins."""
    course, user = student_or_404(course_id, user_id)
    name = user.name or user.email
    return render_template(
        "teach/viewing/start.html", frame=frame(course), course_id=course.id, user_id=user.id, name=name
    )


@viewing.post("")
@login_required
def begin(course_id: int, user_id: int) -> Any:
    """Note who looks at whose pages, and begin."""
    course, user = student_or_404(course_id, user_id)
    viewer, now = access.me(), utc_now()
    with access.database().writing() as session:
        audit.note(session, now, viewer.id, "view-as", f"user:{user.id}", course_id=course.id)
    eyes.begin(viewer, course_id, user_id, now)
    return redirect(url_for("viewing.course", course_id=course_id, user_id=user_id), 303)


@viewing.post("/end")
@login_required
def end(course_id: int, user_id: int) -> Any:
    """Stop looking."""
    course, user = student_or_404(course_id, user_id)
    if eyes.end():
        viewer_id = access.me().id
        with access.database().writing() as session:
            audit.note(session, utc_now(), viewer_id, "view-as-end", f"user:{user.id}", course_id=course.id)
    flash(_("You see your own pages again."), "success")
    return redirect(url_for("teach.student", course_id=course_id, user_id=user_id), 303)


@viewing.get("/course")
@login_required
def course(course_id: int, user_id: int) -> Any:
    """The course's page."""
    found, user = seen(course_id, user_id)
    session, lang, now = access.reading(), language(), utc_now()
    page = overview.course(session, found, Role.STUDENT, user, lang, now, zone(), locale())
    step = progress.next_step(session, user, found, lang, now, zone())
    return render_template("learn/course.html", course=page, step=step)


@viewing.get("/map")
@login_required
def course_map(course_id: int, user_id: int) -> Any:
    """The course's map."""
    found, user = seen(course_id, user_id)
    wanted = request.args.get("path", "")
    page = charts.course_map(access.reading(), user, found, language(), utc_now(), zone(), wanted=wanted)
    return render_template("learn/map.html", page=page)


@viewing.get("/today")
@login_required
def today(course_id: int, user_id: int) -> Any:
    """What to do next and what is known of their skills, of this course alone.  Their last visit stays theirs."""
    found, user = seen(course_id, user_id)
    sort = request.args.get("sort", "")
    page = progress.today(access.reading(), user, [found], language(), utc_now(), zone(), sort=sort)
    return render_template("learn/today.html", page=page)


def _job(course: Course, user: User, item_id: int) -> Job | None:
    """The judging an address asks for, one of the student's at this item."""
    session = access.reading()
    if number := request.args.get("job", type=row_number):
        job = session.get(Job, number)
        sent = submission_or_404(course, user, job.submission_id)[0] if job is not None else None
    elif number := request.args.get("submission", type=row_number):
        sent = submission_or_404(course, user, number)[0]
        job = pages.job_that_counts(session, sent)
    else:
        return None
    if job is None or sent is None or sent.assignment_item_id != item_id or not access.is_told(job):
        abort(404)
    return job


@viewing.get("/items/<int:item_id>")
@login_required
def item(course_id: int, user_id: int, item_id: int) -> Any:
    """An item with their draft, their verdicts and the hints that they have opened."""
    found, user = seen(course_id, user_id)
    place = place_or_404(found, user, item_id)
    page = pages.item_page(access.reading(), place, language(), utc_now(), _job(found, user, item_id))
    if number := request.args.get("load", type=row_number):
        wanted, there = submission_or_404(found, user, number)
        if there.item.id != item_id:
            abort(404)
        page = replace(page, loaded=text_of(wanted.content))
    return render_template("learn/item.html", page=page)


@viewing.get("/submissions/<int:submission_id>")
@login_required
def submission(course_id: int, user_id: int, submission_id: int) -> Any:
    """One of their submissions."""
    found, user = seen(course_id, user_id)
    sent, place = submission_or_404(found, user, submission_id)
    page = pages.submission_page(access.reading(), sent, place.course, language(), utc_now())
    return render_template("learn/submission.html", submission=page)


@viewing.get("/items/<int:item_id>/history", endpoint="history")
@login_required
def sent(course_id: int, user_id: int, item_id: int) -> Any:
    """All they have sent for an item."""
    found, user = seen(course_id, user_id)
    place = place_or_404(found, user, item_id)
    number = request.args.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 1
    with_runs = request.args.get("runs", "") == "1"
    shown = history.history_page(access.reading(), place, language(), page, with_runs=with_runs)
    return render_template("learn/history.html", history=shown)


@viewing.get("/items/<int:item_id>/diff")
@login_required
@limiter.limit("30 per minute", key_func=lambda: str(current_user.get_id()))
def difference(course_id: int, user_id: int, item_id: int) -> Any:
    """Two of their texts beside each other."""
    found, user = seen(course_id, user_id)
    place = place_or_404(found, user, item_id)
    before, after = request.args.get("from", ""), request.args.get("to", "")
    page = history.difference_page(access.reading(), place, language(), before, after)
    if page is None:
        abort(404)
    return render_template("learn/diff.html", page=page)


@viewing.route("/nothing", methods=["GET", "POST", "PUT"])
@login_required
def nothing(course_id: int, user_id: int) -> Any:
    """Where everything leads that a student can do and who only looks cannot."""
    _course, user = seen(course_id, user_id)
    name = user.name or user.email
    sentence = _("You look at the pages of %(name)s. Here nothing can be sent, opened or changed.", name=name)
    raise Refusal("only-looking", sentence, HTTPStatus.FORBIDDEN)

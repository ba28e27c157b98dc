"""Instructors' pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from webapp import access
from webapp.authoring.pages import shelf
from webapp.languages import language
from webapp.models import Role
from webapp.models.times import utc_now
from webapp.teach import service
from webapp.teach.frame import frame
from webapp.teach.gradebook import pages, words
from webapp.teach.gradebook import student as student_page
from webapp.teach.gradebook.choosing import choice
from webapp.teach.gradebook.ways import links_for
from webapp.teach.overrides.panel import NOTHING_TYPED, Typed, marking_panel
from webapp.teach.review.cards import review_panel
from webapp.teach.ways import ways

teach = Blueprint("teach", __name__, url_prefix="/teach")


@teach.get("")
@login_required
def courses() -> Any:
    """The courses one teaches."""
    access.teaching_or_404()
    found = service.courses(access.reading(), access.taught_course_ids(), language())
    return render_template(
        "teach/courses.html",
        courses=[each for each in found if each.archived_at is None],
        archived=[each for each in found if each.archived_at is not None],
        makes=access.makes_courses(),
    )


@teach.get("/courses/<int:course_id>")
@login_required
def course(course_id: int) -> Any:
    """The gradebook: students × items."""
    found = access.taught_course_or_404(course_id)
    session = access.reading()
    ungradable = service.ungradable_count(session, found.id)
    page = pages.page(session, found, choice(request.args), language(), ungradable)
    return render_template(
        "teach/gradebook/course.html", frame=frame(found), page=page, groups=words.groups(), typed=words.typed()
    )


@teach.get("/courses/<int:course_id>/students/<int:user_id>")
@login_required
def student(course_id: int, user_id: int) -> Any:
    """One student: every item, and what was sent."""
    found = access.taught_course_or_404(course_id)
    user = access.student_or_404(found, user_id)
    page = student_page.page(access.reading(), found, user, language())
    return render_template(
        "teach/gradebook/student.html",
        frame=frame(found),
        page=page,
        links=links_for(page),
        may_extend=page.role == Role.STUDENT and access.may(found.id, access.Right.MANAGE),
    )


@teach.get("/submissions/<int:submission_id>")
@login_required
def submission(submission_id: int) -> Any:
    """One submission of a student."""
    return submission_page(submission_id)


def submission_page(submission_id: int, typed: Typed = NOTHING_TYPED) -> str:
    """The page of a submission; `typed` is what a form on it held that was not taken."""
    found, course_ = access.taught_submission_or_404(submission_id)
    session = access.reading()
    can_repeat, can_regrade = (access.may(course_.id, right) for right in (access.Right.MARK, access.Right.MANAGE))
    page = service.submission(session, found, course_, language(), utc_now(), can_repeat=can_repeat)
    marking = marking_panel(session, found, can_mark=access.may_mark(found, course_), can_regrade=can_regrade)
    return render_template(
        "teach/submission.html",
        ways=ways(found.assignment_item),
        submission=page,
        marking=replace(marking, typed=typed),
        reviewed=review_panel(session, found, language()),
    )


@teach.get("/jobs")
@login_required
def jobs() -> Any:
    """What could not be graded."""
    access.teaching_or_404()
    found, waiting = service.ungradable(access.reading(), access.taught_course_ids(), language())
    return render_template("teach/jobs.html", jobs=found, waiting=waiting)


@teach.post("/jobs/<int:job_id>/again")
@login_required
def grade_again(job_id: int) -> Any:
    """Back into the queue."""
    access.taught_job_or_404(job_id, access.Right.MARK)
    actor_id = access.me().id
    with access.database().writing(durable=True) as session:
        service.grade_again(session, job_id, actor_id, utc_now())
    access.carrier().announce()
    flash(_("It is in the queue again."), "success")
    return redirect(url_for("teach.jobs"), 303)


@teach.get("/banks")
@login_required
def banks() -> Any:
    """The banks, and how their items are."""
    access.teaching_or_404()
    found = shelf(access.reading(), language())
    return render_template("teach/banks.html", banks=found, writes=access.writes_banks())

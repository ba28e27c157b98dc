"""The inbox of requests, and the answer to one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from webapp import access
from webapp.addresses import row_number
from webapp.languages import language
from webapp.models import RegradeRequest
from webapp.models.times import utc_now
from webapp.refusals import Refusal
from webapp.second_look.asking import LONGEST_TEXT, RequestState
from webapp.teach.appeals import service
from webapp.teach.frame import frame
from webapp.teach.overrides.panel import Typed
from webapp.teach.views import submission_page

requests = Blueprint("requests", __name__, url_prefix="/teach")


@requests.get("/courses/<int:course_id>/requests")
@login_required
def inbox(course_id: int) -> Any:
    """What waits for an answer, and what was answered."""
    course = access.taught_course_or_404(course_id)
    page = service.inbox(
        access.reading(),
        course.id,
        request.args.get("state", ""),
        request.args.get("q", "")[:200].strip(),
        request.args.get("page", default=1, type=row_number),
        language(),
    )
    return render_template("teach/appeals/inbox.html", frame=frame(course), page=page)


def _decision(form: Any) -> tuple[RequestState, str]:
    text = form.get("answer", "").replace("\r\n", "\n").replace("\0", "�").strip()
    decision = form.get("decision", "")
    if decision not in (RequestState.GRANTED, RequestState.DECLINED):
        message = _("Say whether you agree or leave the points as they are.")
    elif not text:
        message = _("Write a sentence to the student.")
    elif len(text) > LONGEST_TEXT:
        message = _("The answer has more than %(number)s characters. Shorten it.", number=f"{LONGEST_TEXT:,}")
    else:
        return RequestState(decision), text
    raise Refusal("answer", message, HTTPStatus.BAD_REQUEST)


@requests.post("/requests/<int:request_id>/answer")
@login_required
def answer(request_id: int) -> Any:
    """Agree, and go on to change the points; or leave them, with words."""
    asked = access.reading().get(RegradeRequest, request_id)
    if asked is None:
        abort(404)
    submission_id = asked.submission_id
    _submission, course = access.marked_submission_or_404(submission_id)
    course_id, actor_id = course.id, access.me().id
    access.close_reading()
    try:
        state, text = _decision(request.form)
        with access.database().writing(durable=True) as session:
            service.answer(session, request_id, actor_id, state, text, utc_now())
    except Refusal as refusal:
        typed = Typed(problem=refusal.message, answer=request.form.get("answer", ""))
        return submission_page(submission_id, typed=typed), refusal.status
    if state is RequestState.GRANTED:
        flash(_("The student is told that you agree. Now change the points, or grade it again."), "success")
        return redirect(url_for("teach.submission", submission_id=submission_id, _anchor="marking"), 303)
    flash(_("The student is told."), "success")
    return redirect(url_for("requests.inbox", course_id=course_id), 303)

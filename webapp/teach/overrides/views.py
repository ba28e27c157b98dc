"""Changing points by hand."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from webapp import access
from webapp.models.times import utc_now
from webapp.refusals import Refusal
from webapp.teach.overrides import service
from webapp.teach.overrides.panel import Typed
from webapp.teach.regrades.forms import cleaned_reason
from webapp.teach.views import submission_page

overrides = Blueprint("overrides", __name__, url_prefix="/teach/submissions/<int:submission_id>/override")


def _done(submission_id: int, message: str) -> Any:
    flash(message, "success")
    return redirect(url_for("teach.submission", submission_id=submission_id, _anchor="marking"), 303)


@overrides.post("")
@login_required
def give(submission_id: int) -> Any:
    """An own judgement, with a reason."""
    access.marked_submission_or_404(submission_id)
    points, reason = request.form.get("points", "")[:40], request.form.get("reason", "")
    actor_id = access.me().id
    access.close_reading()
    try:
        cleaned = cleaned_reason(reason)
        with access.database().writing(durable=True) as session:
            service.override(session, submission_id, actor_id, points, cleaned, utc_now())
    except Refusal as refusal:
        typed = Typed(problem=refusal.message, points=points, reason=reason)
        return submission_page(submission_id, typed=typed), refusal.status
    return _done(submission_id, _("These points count now, and the student is told."))


@overrides.post("/withdraw")
@login_required
def withdraw(submission_id: int) -> Any:
    """Back to what the grader or the reviewers gave."""
    access.marked_submission_or_404(submission_id)
    actor_id, reason = access.me().id, request.form.get("reason", "").strip()
    access.close_reading()
    try:
        cleaned = cleaned_reason(reason) if reason else ""
        with access.database().writing(durable=True) as session:
            service.withdraw(session, submission_id, actor_id, cleaned, utc_now())
    except Refusal as refusal:
        return submission_page(submission_id, typed=Typed(problem=refusal.message, reason=reason)), refusal.status
    return _done(submission_id, _("The override is taken back, and the student is told."))

"""The page on which a student asks for another look."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from webapp import access
from webapp.items import item_of
from webapp.languages import language, say
from webapp.models import Mark, Submission
from webapp.models.times import utc_now
from webapp.refusals import Refusal
from webapp.second_look import asking
from webapp.security import limiter

second_look = Blueprint("second_look", __name__)


def _back(submission: Submission) -> str:
    return url_for("learn.item", item_id=submission.assignment_item_id, submission=submission.id, _anchor="verdict")


def _page(submission: Submission, text: str = "", problem: str = "", status: int = HTTPStatus.OK) -> Any:
    item = submission.assignment_item
    look = asking.second_look(access.reading(), access.me().id, submission.id, item)
    page = render_template(
        "learn/second_look.html",
        submission_id=submission.id,
        item_title=say(item_of(item.pinned).title, language()),
        mark=access.reading().get(Mark, submission.id),
        points=item.points,
        sent_at=submission.created_at,
        look=look,
        text=text,
        problem=problem,
        longest=asking.LONGEST_TEXT,
        back=_back(submission),
    )
    return page, status


@second_look.get("/submissions/<int:submission_id>/request")
@login_required
def ask(submission_id: int) -> Any:
    """The form."""
    return _page(access.own_submission_or_404(submission_id))


@second_look.post("/submissions/<int:submission_id>/request")
@login_required
@limiter.limit("30 per hour", key_func=lambda: f"second look {access.me().id}")
def send(submission_id: int) -> Any:
    """Keep what was written."""
    submission = access.own_submission_or_404(submission_id)
    typed, user_id = request.form.get("text", ""), access.me().id
    try:
        text = asking.cleaned(typed)
        with access.database().writing(durable=True) as session:
            asking.ask(session, submission_id, user_id, text, utc_now())
    except Refusal as refusal:
        access.close_reading()
        return _page(access.own_submission_or_404(submission_id), typed, refusal.message, refusal.status)
    flash(_("Your request is with the instructors. Their answer comes as a notice."), "success")
    return redirect(_back(submission), 303)


@second_look.post("/submissions/<int:submission_id>/request/withdraw")
@login_required
def withdraw(submission_id: int) -> Any:
    """Take it back."""
    submission = access.own_submission_or_404(submission_id)
    user_id = access.me().id
    with access.database().writing() as session:
        done = asking.withdraw(session, submission_id, user_id, utc_now())
    flash(_("Your request is withdrawn.") if done else _("There is no open request any more."), "success")
    return redirect(_back(submission), 303)

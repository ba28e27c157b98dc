"""One's own data, and for administrators anybody's: looked at, taken away, deleted."""

from __future__ import annotations

import tempfile
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import login_required

from webapp import access, audit
from webapp.admin import service as accounts
from webapp.courses.names import normal_email
from webapp.models import User
from webapp.models.times import utc_now
from webapp.personal import erasing, exporting
from webapp.refusals import Refusal
from webapp.security import limiter

personal = Blueprint("personal", __name__)


def _me() -> User:
    """The person signed in; guests have nothing but what goes by itself."""
    if access.me().is_guest:
        abort(404)
    return access.me()


@personal.get("/account/data")
@login_required
def mine() -> Any:
    """What is kept, and what one may ask for."""
    return render_template("account/data.html", kept=erasing.plan(access.reading(), _me()))


@personal.get("/account/data.zip")
@login_required
@limiter.limit("6 per hour", key_func=lambda: f"data {access.me().id}")
def archive() -> Any:
    """All of it."""
    return _archive(_me())


def _archive(user: User) -> Response:
    packed = tempfile.TemporaryFile()
    with access.database().reading() as session:
        exporting.export(session, session.get_one(User, user.id), utc_now(), packed)
    size = packed.tell()
    packed.seek(0)
    response = send_file(packed, "application/zip", as_attachment=True, download_name=f"workshop-data-{user.id}.zip")
    response.content_length = size
    return response


@personal.post("/account/data/deletion")
@login_required
@limiter.limit("20 per hour", key_func=lambda: f"deletion {access.me().id}")
def deletion() -> Any:
    """Ask an administrator to delete it, or (`withdraw`) no longer."""
    user_id, asks = _me().id, request.form.get("withdraw") != "yes"
    access.close_reading()
    with access.database().writing(durable=True) as session:
        session.get_one(User, user_id).erasure_asked_at = utc_now() if asks else None
    if asks:
        flash(_("Your wish is noted. An administrator decides on it; until then everything stays as it is."), "success")
    else:
        flash(_("Your wish is taken back. Nothing was deleted."), "success")
    return redirect(url_for("personal.mine"), 303)


def _account_or_404(user_id: int) -> User:
    access.administrator_or_404()
    user = accounts.account(access.reading(), user_id)
    if user is None:
        abort(404)
    return user


def _page(user: User, *, wrong: bool = False) -> tuple[str, int]:
    shown = render_template(
        "admin/person.html",
        user=user,
        lost=erasing.plan(access.reading(), user),
        needed=_why(erasing.needed(access.reading(), user), user.id),
        wrong=wrong,
    )
    return shown, 400 if wrong else 200


def _why(code: str, user_id: int) -> str:
    """Why somebody cannot be deleted now; empty where they can."""
    if user_id == access.me().id:
        return _("This is your own account: another administrator has to delete it.")
    if code == "last-administrator":
        return _("This is the last administrator: make somebody else one first.")
    if code == "last-instructor":
        return _("A course would have no instructor left: make somebody else one first, or archive the course.")
    return ""


@personal.get("/admin/accounts/<int:user_id>/data")
@login_required
def person(user_id: int) -> Any:
    """What is kept of somebody, and what deleting it would take."""
    return _page(_account_or_404(user_id))


@personal.get("/admin/accounts/<int:user_id>/data.zip")
@login_required
@limiter.limit("60 per hour", key_func=lambda: f"data {access.me().id}")
def person_archive(user_id: int) -> Any:
    """All of it, to be handed to whom it is about; the log says that it was taken."""
    user, actor_id = _account_or_404(user_id), access.me().id
    with access.database().writing(durable=True) as session:
        audit.note(session, utc_now(), actor_id, "account-export", f"user:{user_id}")
    return _archive(user)


@personal.post("/admin/accounts/<int:user_id>/erase")
@login_required
def erase(user_id: int) -> Any:
    """Delete it; field `email` has to be the account's."""
    user, actor_id = _account_or_404(user_id), access.me().id
    if normal_email(request.form.get("email", "")) != user.email:
        return _page(user, wrong=True)
    if why := _why(erasing.needed(access.reading(), user), user_id):
        raise Refusal("needed", why, HTTPStatus.CONFLICT)
    access.close_reading()
    with access.database().writing(durable=True) as session:
        erasing.erase(session, user_id, actor_id, utc_now())
    access.database().empty_log()
    flash(_("It is deleted. What the class is counted by stays, without a name."), "success")
    return redirect(url_for("admin.accounts"), 303)

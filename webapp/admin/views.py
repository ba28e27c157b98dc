"""Pages for administrators.  To everybody else there is nothing here."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from webapp import access
from webapp.account.sessions import begin_session
from webapp.addresses import row_number
from webapp.admin import service
from webapp.courses.inviting import Maker
from webapp.languages import language
from webapp.models import User
from webapp.models.times import utc_now
from webapp.teach.log.views import filters_asked, table
from webapp.teach.log.views import page as log_page

admin = Blueprint("admin", __name__, url_prefix="/admin")


@admin.get("")
@login_required
def accounts() -> Any:
    """Who has an account."""
    access.administrator_or_404()
    query, only = request.args.get("q", ""), request.args.get("admins") == "yes"
    page = request.args.get("page", 1, type=row_number)
    asking = request.args.get("deletion") == "yes"
    found = service.found(access.reading(), query, page, admins=only, asking=asking)
    wishes = service.asking(access.reading())
    return render_template("admin/accounts.html", found=found, query=query, only=only, asking=asking, wishes=wishes)


def _account_or_404(user_id: int) -> User:
    access.administrator_or_404()
    user = service.account(access.reading(), user_id)
    if user is None:
        abort(404)
    return user


def _back() -> Any:
    return redirect(url_for("admin.accounts", q=request.form.get("q") or None), 303)


@admin.post("/accounts/<int:user_id>/administrator")
@login_required
def administrator(user_id: int) -> Any:
    """Let somebody keep the server, or (`off`) no longer."""
    user = _account_or_404(user_id)
    name, actor_id, on = user.name or user.email, access.me().id, request.form.get("off") != "yes"
    access.close_reading()
    with access.database().writing(durable=True) as session:
        service.set_administrator(session, user_id, actor_id, utc_now(), on=on)
    if on:
        flash(_("%(name)s is an administrator now.", name=name), "success")
    else:
        flash(_("%(name)s is no longer an administrator.", name=name), "success")
    return redirect(url_for("account.home"), 303) if user_id == actor_id else _back()


@admin.post("/accounts/<int:user_id>/sign-out")
@login_required
def sign_out(user_id: int) -> Any:
    """End every session of somebody."""
    user = _account_or_404(user_id)
    name, actor_id = user.name or user.email, access.me().id
    access.close_reading()
    with access.database().writing(durable=True) as session:
        ended = service.sign_out(session, user_id, actor_id, utc_now())
    if user_id == actor_id:
        begin_session(ended)
    flash(_("Every session of %(name)s has ended.", name=name), "success")
    return _back()


@admin.post("/accounts/<int:user_id>/link")
@login_required
def link(user_id: int) -> Any:
    """A link by which somebody chooses a password, their first or a new one."""
    user = _account_or_404(user_id)
    maker = Maker.of(current_app.config["SECRET_KEY"], request.url_root, utc_now())
    made, actor_id, first = maker.invitation(user), access.me().id, user.password_hash is None
    access.close_reading()
    with access.database().writing(durable=True) as session:
        service.note_link(session, user_id, actor_id, utc_now())
    return render_template("admin/link.html", made=made, first=first)


@admin.get("/courses")
@login_required
def courses() -> Any:
    """Every course of the server."""
    access.administrator_or_404()
    return render_template("admin/courses.html", courses=service.courses(access.reading(), language()))


@admin.get("/log")
@login_required
def log() -> Any:
    """What was changed anywhere."""
    access.administrator_or_404()
    export = url_for("admin.log_table", **filters_asked().query)
    return log_page(None, frame=None, export=export, endpoint="admin.log", values={})


@admin.get("/log.csv")
@login_required
def log_table() -> Any:
    """The same as a table."""
    access.administrator_or_404()
    return table(None, "log.csv")

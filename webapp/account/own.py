"""One's own account: name, language, time zone, password, sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_required
from sqlalchemy.orm import Session

from webapp import languages
from webapp.access import close_reading, database, me, reading
from webapp.account import service
from webapp.account.forms import AccountForm, PasswordForm
from webapp.account.sessions import begin_session
from webapp.account.zone_choices import zone_choices
from webapp.models import User
from webapp.security import limiter
from webapp.zones import zones_like

own = Blueprint("own", __name__)


def _page(form: AccountForm | None = None, password: PasswordForm | None = None, status: int = 200) -> Any:
    user = me()
    chosen = user.locale or languages.language()
    form = form or AccountForm(formdata=None, name=user.name, lang=chosen, zone=user.zone or "")
    page = render_template(
        "account/account.html",
        form=form,
        password=password or PasswordForm(formdata=None),
        has_password=user.password_hash is not None,
        zones=zone_choices(languages.language()),
        zone_now=languages.zone().key,
    )
    return page, status


@own.get("/account")
@login_required
def page() -> Any:
    """What there is to choose."""
    return _page()


@own.post("/account")
@login_required
def save() -> Any:
    """Keep name, language and zone."""
    form = AccountForm()
    if not form.validate_on_submit():
        return _page(form=form, status=400)
    wanted = (form.zone.data or "").strip()
    zone = zones_like(wanted)[0] if wanted else None
    user_id, lang = me().id, form.lang.data
    close_reading()
    with database().writing() as writing:
        service.change(writing, user_id, form.name.data or "", lang, zone)
    response = make_response(redirect(url_for("own.page"), 303))
    languages.keep(response, lang)
    languages.speak(lang)
    flash(_("Saved."), "success")
    return response


def _end_sessions(change: Callable[[Session], User]) -> None:
    """Make a change that ends all sessions, and go on with a new one here."""
    close_reading()
    with database().writing(durable=True) as writing:
        user = change(writing)
    begin_session(user)


def _refused(response: Response) -> bool:
    return response.status_code == 400


@own.post("/account/password")
@login_required
@limiter.limit("10 per minute; 30 per hour", key_func=lambda: f"password {me().id}", deduct_when=_refused)
def password() -> Any:
    """Choose another password; every other session ends."""
    form = PasswordForm()
    form.email = me().email
    user_id = me().id
    if not form.validate_on_submit():
        return _page(password=form, status=400)
    if not service.is_password(reading(), user_id, form.old.data or ""):
        form.old.errors = [*form.old.errors, _("This is not your password as it is now.")]
        return _page(password=form, status=400)
    made = service.Hashed.of(form.password.data or "")
    _end_sessions(lambda writing: service.set_password(writing, user_id, made))
    flash(_("Your password is changed. Wherever else you were signed in, you are signed out."), "success")
    return redirect(url_for("own.page"), 303)


@own.post("/account/sign-out-everywhere")
@login_required
def sign_out_everywhere() -> Any:
    """End every session of this account except the one that asks."""
    user_id = me().id
    _end_sessions(lambda writing: service.end_sessions(writing, user_id))
    flash(_("Everywhere else you are signed out now, copied sessions included."), "success")
    return redirect(url_for("own.page"), 303)

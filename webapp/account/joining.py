"""Coming in: by a course's code, with a new account, by a personal link."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from webapp import languages
from webapp.access import close_reading, database, me, reading, settings
from webapp.account import service
from webapp.account.forms import CodeForm, InvitationForm, RegistrationForm
from webapp.account.sessions import begin_session
from webapp.courses import membership
from webapp.courses.inviting import invited
from webapp.courses.names import join_code_of
from webapp.languages import language, say
from webapp.models import Course, User
from webapp.models.times import utc_now
from webapp.security import limiter
from webapp.settings import Registration

joining = Blueprint("joining", __name__)


def _led_nowhere(response: Response) -> bool:
    return response.status_code == 404


def _wrong_codes() -> str:
    return f"{settings().code_failures_per_address} per minute"


guessing = limiter.shared_limit(_wrong_codes, scope="codes", deduct_when=_led_nowhere)
"""One brake for codes and invitations, wherever they are tried."""


def _cost_a_hash(response: Response) -> bool:
    return response.status_code in (303, 409)


def _registrations() -> str:
    return f"{settings().registrations_per_hour} per hour"


def _registrations_by_code() -> str:
    return f"{2 * settings().registrations_per_hour} per hour"


def _by_code() -> str:
    return f"join {join_code_of(str((request.view_args or {}).get('code', '')))}"


def _unknown(typed: str) -> Any:
    """The same for every code that leads nowhere: mistyped, taken back, never there."""
    form = CodeForm(data={"code": typed[:80]})
    problem = _("No course has this code. Check it letter by letter, or ask your instructor for the link.")
    return render_template("account/join.html", form=form, problem=problem), 404


@joining.route("/join", methods=["GET", "POST"])
@guessing
def code() -> Any:
    """Ask for a code, and lead to its course."""
    form = CodeForm()
    if form.validate_on_submit():
        typed = join_code_of(form.code.data or "")
        if membership.with_code(reading(), typed) is None:
            return _unknown(form.code.data or "")
        return redirect(url_for("joining.course", code=typed), 303)
    return render_template("account/join.html", form=form, problem=None)


@joining.route("/join/<code>", methods=["GET", "POST"])
@guessing
def course(code: str) -> Any:
    """The link for the blackboard: one click for who is signed in, two ways to go on for who is not."""
    found = membership.with_code(reading(), join_code_of(code))
    if found is None:
        return _unknown(code)
    if not current_user.is_authenticated:
        if request.method == "POST":
            return redirect(url_for("account.sign_in", next=url_for("joining.course", code=found.join_code)), 303)
        return _register_page(found, RegistrationForm())
    if request.method == "POST":
        with database().writing(durable=True) as writing:
            membership.join(writing, found.id, me().id, utc_now())
        flash(_("You are in the course."), "success")
        return redirect(url_for("learn.course", course_id=found.id), 303)
    inside = membership.is_member(reading(), found.id, me().id)
    return render_template("account/join_course.html", course=_shown(found), inside=inside)


def _shown(found: Course) -> dict[str, Any]:
    return {"id": found.id, "title": say(found.title, language()), "code": found.join_code}


def _register_page(found: Course, form: RegistrationForm, taken: bool = False, status: int = 200) -> Any:
    closed = settings().registration == Registration.CLOSED
    whom = membership.instructors(reading(), found.id) if taken or closed else []
    page = render_template(
        "account/register.html", course=_shown(found), form=form, taken=taken, closed=closed, whom=whom
    )
    return page, status


@joining.post("/join/<code>/account")
@guessing
@limiter.limit(_registrations, deduct_when=_cost_a_hash)
@limiter.limit(_registrations_by_code, key_func=_by_code, deduct_when=_cost_a_hash)
def register(code: str) -> Any:
    """Make an account with a course's code, and join."""
    found = membership.with_code(reading(), join_code_of(code))
    if found is None:
        return _unknown(code)
    if current_user.is_authenticated:
        return redirect(url_for("joining.course", code=found.join_code), 303)
    form = RegistrationForm()
    if settings().registration == Registration.CLOSED:
        return _register_page(found, form, status=403)
    if not form.validate_on_submit():
        return _register_page(found, form, status=400)
    made = service.Hashed.of(form.password.data or "")  # before the database is asked: both answers take as long
    zone = languages.browser_zone()
    close_reading()
    with database().writing(durable=True) as writing:
        user = service.register(writing, form.email.data or "", form.name.data or "", made, language(), zone)
        if user is not None:
            membership.join(writing, found.id, user.id, utc_now())
    if user is None:
        return _register_page(found, form, taken=True, status=409)
    begin_session(user)
    flash(_("Your account is made, and you are in the course."), "success")
    return redirect(url_for("learn.course", course_id=found.id), 303)


def _invited(session_: Session, token: str) -> User | None:
    return invited(session_, token, current_app.config["SECRET_KEY"], utc_now())


@joining.route("/invitation/<token>", methods=["GET", "POST"])
@guessing
def invitation(token: str) -> Any:
    """Choose the first password, or a new one, by a personal link."""
    user = _invited(reading(), token)
    if user is None:
        return render_template("account/invitation_over.html"), 404
    form = InvitationForm(name=user.name)
    form.email = user.email
    if not form.validate_on_submit():
        page = render_template("account/invitation.html", form=form, email=user.email, first=user.password_hash is None)
        return page, 400 if request.method == "POST" else 200
    made = service.Hashed.of(form.password.data or "")
    close_reading()
    with database().writing(durable=True) as writing:
        user = _invited(writing, token)  # once more under the lock: a link is for one use
        if user is None:
            return render_template("account/invitation_over.html"), 404
        service.take_up(writing, user, form.name.data or "", made)
    begin_session(user)
    flash(_("Your password is set, and you are signed in."), "success")
    return redirect(url_for("learn.courses"), 303)

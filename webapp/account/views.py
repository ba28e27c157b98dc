"""Pages for everybody: sign in, sign out, language."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, logout_user

from webapp import languages
from webapp.access import database, me, reading
from webapp.account import service
from webapp.account.forms import SignInForm
from webapp.account.sessions import begin_session
from webapp.addresses import safe_next
from webapp.courses.names import normal_email
from webapp.guests.views import landing
from webapp.models import User
from webapp.refusals import wants_json
from webapp.security import asker, limiter

account = Blueprint("account", __name__)
login_manager = LoginManager()
login_manager.session_protection = None  # it binds to the address, and a phone's changes with every cell


@login_manager.user_loader
def load_user(session_id: str) -> User | None:
    """The account of this request."""
    return service.with_session_id(reading(), session_id)


@login_manager.unauthorized_handler
def unauthorized() -> Any:
    """Ask to sign in, and remember where to."""
    asked_for_page = request.method == "GET" and not wants_json()
    sign_in = url_for("account.sign_in", next=request.full_path.rstrip("?") if asked_for_page else _page_before())
    if wants_json():
        message = _("Your session has ended. Sign in again; your text is kept.")
        return make_response(
            jsonify({"error": {"code": "signed-out", "message": message, "retry_after": None, "sign_in": sign_in}}), 401
        )
    return redirect(sign_in)


def _page_before() -> str | None:
    """The item page a form or script spoke for."""
    if request.endpoint in ("learn.run", "learn.submit", "api.draft"):
        return url_for("learn.item", **(request.view_args or {}))
    return None


@account.get("/")
def home() -> Any:
    """The way in: to one's courses, or to what anybody may see."""
    return redirect(url_for("learn.courses")) if current_user.is_authenticated else landing()


def _failed(response: Response) -> bool:
    return response.status_code == 401


def _account_here() -> str:
    return f"{normal_email(request.form.get('email', ''))[:320]} {asker()}"


def _account_anywhere() -> str:
    return normal_email(request.form.get("email", ""))[:320]


def _per_address() -> str:
    return f"{current_app.extensions['workshop_settings'].sign_in_failures_per_address} per minute"


def _per_account() -> str:
    """Less an hour than the brake for all addresses together, so that nobody alone can lock somebody else out."""
    failures = current_app.extensions["workshop_settings"].sign_in_failures_per_account
    return f"{failures} per minute; {6 * failures} per hour"


def _per_account_anywhere() -> str:
    return f"{20 * current_app.extensions['workshop_settings'].sign_in_failures_per_account} per hour"


@account.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(_per_address, methods=["POST"], deduct_when=_failed)
@limiter.limit(_per_account, methods=["POST"], key_func=_account_here, deduct_when=_failed)
@limiter.limit(_per_account_anywhere, methods=["POST"], key_func=_account_anywhere, deduct_when=_failed)
def sign_in() -> Any:
    """Only failures count towards the limits, so a class behind one address gets in."""
    target = safe_next(request.values.get("next"))
    if current_user.is_authenticated:
        return redirect(target or url_for("learn.courses"))
    form = SignInForm(request.form)  # and nothing else: the brakes count by what stands there
    if request.method == "GET":
        form.next.data = target or ""
        return render_template("account/sign_in.html", form=form, problem=None)
    if form.validate_on_submit():
        user = service.authenticate(reading(), form.email.data or "", form.password.data or "")
        if user is not None:
            begin_session(user)
            return redirect(target or url_for("learn.courses"), 303)
    form.next.data = target or ""
    form.password.data = ""
    problem = _("Email and password do not match. Check both; capital letters count in the password.")
    return render_template("account/sign_in.html", form=form, problem=problem), 401


@account.post("/sign-out")
def sign_out() -> Any:
    """End the session; drafts stay."""
    logout_user()
    session.clear()
    return redirect(url_for("account.sign_in"), 303)


@account.post("/language")
def language() -> Any:
    """Switch the language here, and for the account."""
    lang = languages.chosen(request.form.get("lang")) or "en"
    if current_user.is_authenticated:
        with database().writing() as writing:
            service.set_locale(writing, me().id, lang)
    response = redirect(safe_next(request.form.get("next")) or url_for("account.home"), 303)
    languages.keep(response, lang)
    return response

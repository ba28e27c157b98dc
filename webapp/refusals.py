"""Saying no: a typed refusal, and pages or JSON for every way a request can fail, in both languages."""

from __future__ import annotations

import logging
import math
import time
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, TooManyRequests

from webapp.models.passing import DatabaseAway, DatabaseBusy, passing
from webapp.security import limiter

log = logging.getLogger(__name__)

BUSY_SECONDS = 5
LAST_WORDS = (
    "Something on our side failed. What you submitted earlier is safe; try again in a moment.\n"
    "我们这边出了问题。此前提交的内容都在，请稍后再试。\n"
)
AWAY_WORDS = (
    "The workshop is being started anew. What you submitted earlier is safe; go back and try again in a moment.\n"
    "系统正在重新启动。此前提交的内容都在，请返回，稍后再试。\n"
)
"""As it is: whoever asks, and in which language, only the database knows."""


class Refusal(Exception):
    """Something a person may not do now: a stable code, a sentence for them, the HTTP status, seconds to wait."""

    def __init__(
        self, code: str, message: str, status: HTTPStatus, retry_after: int | None = None, **more: Any
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.status, self.retry_after, self.more = code, message, status, retry_after, more


def busy() -> Refusal:
    """Others have been writing all the time; nothing was stored."""
    return Refusal(
        "busy",
        _("Very many people are sending now, so this was not stored. What you wrote is still here: send it again."),
        HTTPStatus.SERVICE_UNAVAILABLE,
        BUSY_SECONDS,
    )


def away() -> Refusal:
    """The database does not answer; nothing was stored."""
    return Refusal(
        "away",
        _("The workshop is being started anew, so this was not stored. What you wrote is still here: send it again."),
        HTTPStatus.SERVICE_UNAVAILABLE,
        BUSY_SECONDS,
    )


def wants_json() -> bool:
    """Whether the asker prefers JSON to a page."""
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def refusal_json(refusal: Refusal) -> Response:
    """The refusal as docs/web.md describes it."""
    response = jsonify(
        {
            "error": {"code": refusal.code, "message": refusal.message, "retry_after": refusal.retry_after},
            **refusal.more,
        }
    )
    response.status_code = refusal.status
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _words(code: int) -> tuple[str, str]:
    """Title and sentence for a status: what happened, what it means, what to do."""
    return {
        400: (_("This request cannot be read"), _("Something in it is missing or malformed. Go back and try again.")),
        401: (_("Please sign in"), _("This page needs to know who you are.")),
        403: (_("This is not allowed"), _("Your account may not do that.")),
        404: (_("There is nothing here"), _("The address is mistyped, or what it names is not yours to see.")),
        405: (_("That does not work here"), _("This address cannot be used in that way. Go back and use the buttons.")),
        413: (_("That is too large"), _("Nothing was stored. Send less: at most 64 KiB of code or 20 kB of text.")),
        415: (_("This request cannot be read"), _("It is in a form this address does not take.")),
        429: (_("Too many requests"), _("Nothing is lost. Wait a little, then try again.")),
        500: (
            _("Something on our side failed"),
            _("What you submitted earlier is safe. Try again; if it happens again, tell your instructor when it did."),
        ),
        503: (_("Not available right now"), _("The service is starting or busy. Try again in a moment.")),
    }.get(code, (_("This did not work"), _("Go back and try again.")))


def failure(code: int, name: str, *, title: str = "", text: str = "", retry_after: int | None = None) -> Response:
    """A whole response for status `code`, as JSON or as a page."""
    standard_title, standard_text = _words(code)
    if wants_json():
        body = {"error": {"code": name, "message": text or standard_text, "retry_after": retry_after}}
        response = jsonify(body)
    else:
        page = render_template(
            "errors/error.html",
            code=code,
            title=title or standard_title,
            text=text or standard_text,
            back=url_for("account.home"),
        )
        response = make_response(page)
    response.status_code = code
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def set_up(app: Flask) -> None:
    """Answer every failure in words, never with a traceback."""

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Response:
        if wants_json():
            return refusal_json(refusal)
        return failure(refusal.status, refusal.code, text=refusal.message, retry_after=refusal.retry_after)

    @app.errorhandler(DatabaseBusy)
    def crowded(error: DatabaseBusy) -> Response:
        if not isinstance(error, DatabaseAway):
            return refused(busy())
        log.warning("%s %s: the database does not answer", request.method, request.url_rule)
        if wants_json():
            return refusal_json(away())
        response = make_response((AWAY_WORDS, 503, {"Content-Type": "text/plain; charset=utf-8"}))
        response.headers["Retry-After"] = str(BUSY_SECONDS)
        return response

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> Any:
        if not current_user.is_authenticated and request.blueprint not in ("account", "guests", "joining"):
            return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return failure(
            400,
            "csrf",
            title=_("This page has expired"),
            text=_("You signed in or out since it was opened, so nothing was done. Go back, reload and try again."),
        )

    @app.errorhandler(TooManyRequests)
    def hurried(_error: TooManyRequests) -> Response:
        met = limiter.current_limit
        seconds = max(1, math.ceil(met.reset_at - time.time())) if met is not None else 60
        if request.endpoint != "guests.trial":
            return failure(429, "too-often", retry_after=seconds)
        return failure(
            429,
            "guests-busy",
            title=_("Too many trials for now"),
            text=_("Many people have begun one within the last hour. Try again later, or sign in."),
            retry_after=seconds,
        )

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Any:
        if error.code is None or error.code < 400:
            return error
        response = failure(error.code, HTTPStatus(error.code).phrase.lower().replace(" ", "-"))
        for name, value in error.get_headers():
            if name.lower() in ("allow", "retry-after"):
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        if (soon := passing(error)) is not None:
            return crowded(soon)
        log.exception("%s %s", request.method, request.url_rule)  # an address may hold an invitation's secret
        try:
            return failure(500, "internal")
        except Exception:  # the page of the failure failed too, e.g. without a database
            log.exception("while showing the failure")
            return make_response((LAST_WORDS, 500, {"Content-Type": "text/plain; charset=utf-8"}))

"""A guest's session: a cookie of its own, and the few addresses where a guest is anybody at all.

Everywhere else a guest is a visitor who has not signed in, so a route that nobody thought of here lets no guest in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Flask, Request, Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeSerializer

from webapp import access
from webapp.guests import service
from webapp.models import User
from webapp.models.times import utc_now

REACH = frozenset(
    {
        "api.draft",
        "api.job",
        "history.archive",
        "history.comparison",
        "history.difference",
        "history.submissions",
        "learn.download",
        "learn.hint",
        "learn.item",
        "learn.public_tests",
        "learn.run",
        "learn.submission",
        "learn.submit",
    }
)
"""The endpoints at which a guest counts as signed in."""
MOST_SETTLED = 50


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the cookie says: which guest (by its random address, as numbers of rows are given out again), and the items
    whose text an account has taken over or left."""

    email: str
    settled: tuple[int, ...] = ()


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="workshop-guest")


def _name() -> str:
    """With the prefix browsers take no such cookie from a neighbouring host, nor one sent without encryption."""
    return "__Host-workshop-guest" if current_app.config["SESSION_COOKIE_SECURE"] else "workshop-guest"


def ticket() -> Ticket | None:
    """What this request's cookie says, if we signed it."""
    try:
        email, settled = _signer().loads(request.cookies.get(_name(), ""))
        return Ticket(str(email), tuple(int(number) for number in settled))
    except (BadSignature, TypeError, ValueError):
        return None


def current_guest() -> User | None:
    """Whose guest session comes with this request, at whatever address."""
    if "guest" not in g:
        shown = ticket() if access.settings().guests else None
        g.guest = service.guest_with(access.reading(), shown.email, utc_now()) if shown else None
    return g.guest  # type: ignore[no-any-return]


def hand_out(response: Response, shown: Ticket) -> None:
    """Send the cookie.  It ends with the guest's day by itself; `service.guest_with` does not trust that."""
    response.set_cookie(
        _name(),
        _signer().dumps([shown.email, shown.settled[-MOST_SETTLED:]]),
        max_age=int(service.LIFE.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def settle(response: Response, item_id: int) -> None:
    """Offer the text of this item no more."""
    shown = ticket()
    if shown is not None:
        hand_out(response, replace(shown, settled=(*shown.settled, item_id)))


def drop(response: Response) -> None:
    """End the guest session in this browser."""
    response.delete_cookie(_name(), httponly=True, samesite="Lax", secure=current_app.config["SESSION_COOKIE_SECURE"])


def load_guest(asked: Request) -> User | None:
    """The guest, where nobody is signed in and a guest may be."""
    return current_guest() if asked.endpoint in REACH else None


def set_up(app: Flask) -> None:
    """Let guests in where they may be; who signs out leaves nothing of one behind for whoever sits down next."""
    app.login_manager.request_loader(load_guest)  # type: ignore[attr-defined]

    @app.after_request
    def leave(response: Response) -> Response:
        if request.endpoint == "account.sign_out" and response.status_code < 400 and _name() in request.cookies:
            drop(response)
        return response

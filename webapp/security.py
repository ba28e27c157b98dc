"""What every response says to the browser, sessions, tokens against forged requests, brakes on guessing passwords."""

from __future__ import annotations

import secrets
from ipaddress import IPv6Network, ip_address

from flask import Flask, Response, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_limiter import Limiter

from webapp.forgery import Forgery


def asker() -> str:
    """Who asks, as far as an address tells: of IPv6 the network, because the other half is the asker's to choose."""
    text = request.remote_addr or ""
    try:
        address = ip_address(text)
    except ValueError:  # a reverse proxy may pass on anything
        return text
    if address.version == 4:
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((int(address) >> 64 << 64, 64)))


def from_this_machine() -> bool:
    """Whether a program of this machine asks; behind a reverse proxy only `WORKSHOP_PROXIES` makes that true."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


csrf = Forgery()
limiter = Limiter(key_func=asker, strategy="moving-window")

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
DRAWN = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For a bank's figure, should somebody open it by itself: in `<img>` nothing in it runs or is fetched anyway."""
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Frame-Options": "DENY",
}


def csp_nonce() -> str:
    """This response's nonce."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    return str(g.csp_nonce)


SHARED = frozenset({"static", "figures.figure"})
"""What is the same for everybody, whoever asks and whether or not they have signed in."""


def _is_asset(response: Response) -> bool:
    return request.endpoint in SHARED and response.status_code < 400


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions, which files that are the same for everybody leave alone: caches may keep and share those."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie when something in it has changed."""
        if not _is_asset(response):
            super().save_session(app, session, response)


def set_up(app: Flask) -> None:
    """Put the headers on everything that leaves, errors included."""
    app.session_interface = Sessions()
    csrf.init_app(app)
    limiter.init_app(app)

    @app.after_request
    def protect(response: Response) -> Response:
        drawn = _is_asset(response) and request.endpoint == "figures.figure"
        response.headers["Content-Security-Policy"] = DRAWN if drawn else POLICY.format(nonce=csp_nonce())
        for name, value in FIXED.items():
            response.headers[name] = value
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if _is_asset(response):
            if drawn or "/built/" in request.path:  # at their addresses lies the same for ever
                response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            # Pages are somebody's own: neither a shared cache nor the next person's back button may show them.
            response.headers["Cache-Control"] = "no-store"
        return response

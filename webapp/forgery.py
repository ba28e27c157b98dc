"""The token against forged requests, written differently on every page.

Pages are compressed, and a page's compressed length tells whether a guess that it also shows repeats something on it
(BREACH).  A token that never looks the same twice cannot be guessed piece by piece.
"""

from __future__ import annotations

import binascii
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from flask import Flask
from flask_wtf.csrf import CSRFProtect, generate_csrf

MARK = "m."
"""What a masked token begins with; Flask-WTF's own begins with a quote in base 64."""


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def masked(token: str) -> str:
    """`token` under a one-time pad that goes with it."""
    plain = token.encode()
    pad = secrets.token_bytes(len(plain))
    return MARK + urlsafe_b64encode(pad + _xor(pad, plain)).decode()


def unmasked(text: str) -> str:
    """The token that `masked` was given; anything else comes back as it is, to be refused by its signature."""
    if not text.startswith(MARK):
        return text
    try:
        both = urlsafe_b64decode(text.removeprefix(MARK))
        half = len(both) // 2
        return _xor(both[:half], both[half:]).decode()
    except (binascii.Error, ValueError):
        return text


def csrf_token() -> str:
    """What a page carries."""
    return masked(generate_csrf())


class Forgery(CSRFProtect):  # type: ignore[misc,unused-ignore]
    """Flask-WTF's protection, which reads masked tokens."""

    def init_app(self, app: Flask) -> None:
        """Protect `app`, and give its templates masked tokens only."""
        super().init_app(app)
        app.jinja_env.globals["csrf_token"] = csrf_token
        app.context_processor(lambda: {"csrf_token": csrf_token})

    def _get_csrf_token(self) -> str | None:
        token = super()._get_csrf_token()
        return unmasked(token) if token else None

"""Beginning a session."""

from __future__ import annotations

from flask import session
from flask_login import login_user

from webapp.models import User


def begin_session(user: User) -> None:
    """Sign `user` in here; nothing that was planted in the session before outlives it."""
    kept = {name: session[name] for name in ("_flashes",) if name in session}
    session.clear()
    session.update(kept)
    session.permanent = True
    login_user(user)

"""Accounts and their passwords."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.courses.names import normal_email
from webapp.models import User
from webapp.models.times import utc_now

hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """A hash to compare with when there is no such account, so that the answer takes as long."""
    return hasher.hash("nobody has this password")


def authenticate(session: Session, email: str, password: str) -> User | None:
    """The account, if the password is its own."""
    user = session.scalar(select(User).where(User.email == normal_email(email)))
    known = user.password_hash if user is not None else None
    try:
        hasher.verify(known or _nobody(), password)
    except (Argon2Error, InvalidHashError):
        return None
    return user if known else None


def with_session_id(session: Session, session_id: str) -> User | None:
    """The account a session remembers; nobody when its password has changed since."""
    number, _, _ = session_id.partition(".")
    if not number.isdecimal():
        return None
    user = session.get(User, int(number))
    return user if user is not None and user.get_id() == session_id else None


def create(
    session: Session, email: str, name: str, password: str | None, locale: str | None = None, zone: str | None = None
) -> User:
    """A new account; without a password nobody can sign in to it until an invitation was followed."""
    user = User(
        email=normal_email(email),
        name=name,
        password_hash=None if password is None else hasher.hash(password),
        locale=locale,
        zone=zone,
        created_at=utc_now(),
    )
    session.add(user)
    session.flush()
    return user


def set_locale(session: Session, user_id: int, locale: str) -> None:
    """Remember the language for all of somebody's devices."""
    session.get_one(User, user_id).locale = locale

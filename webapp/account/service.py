"""Accounts and their passwords."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.courses.names import normal_email
from webapp.models import User
from webapp.models.alone import alone_with
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


@dataclass(frozen=True, slots=True)
class Hashed:
    """A password that can be kept.  It is made before a transaction begins: it takes a tenth of a second."""

    text: str

    @classmethod
    def of(cls, password: str) -> Hashed:
        """`password` as argon2 keeps it."""
        return cls(hasher.hash(password))


def create(
    session: Session,
    email: str,
    name: str,
    password: str | Hashed | None,
    locale: str | None = None,
    zone: str | None = None,
) -> User:
    """A new account; without a password nobody can sign in to it until an invitation was followed."""
    user = User(
        email=normal_email(email),
        name=name,
        password_hash=Hashed.of(password).text if isinstance(password, str) else password.text if password else None,
        locale=locale,
        zone=zone,
        created_at=utc_now(),
    )
    session.add(user)
    session.flush()
    return user


def register(session: Session, email: str, name: str, password: Hashed, locale: str, zone: str | None) -> User | None:
    """A new account for whoever asks; nothing when the address has one, with a password or without.

    Who knows a course's code must not become somebody its instructor has put on the list.
    """
    address = normal_email(email)
    alone_with(session, "address", address)  # two clicks are one account
    if session.scalar(select(User.id).where(User.email == address)) is not None:
        return None
    return create(session, address, name, password, locale, zone)


def take_up(session: Session, user: User, name: str, password: Hashed) -> None:
    """Make an account its holder's own, by their invitation."""
    user.name = name
    user.password_hash = password.text


def is_password(session: Session, user_id: int, password: str) -> bool:
    """Whether this is somebody's password."""
    user = session.get_one(User, user_id)
    return authenticate(session, user.email, password) is not None


def set_password(session: Session, user_id: int, password: Hashed) -> User:
    """Another password; every session made with the old one ends."""
    user = session.get_one(User, user_id)
    user.password_hash = password.text
    return user


def end_sessions(session: Session, user_id: int) -> User:
    """End every session of somebody, wherever its cookie has got to."""
    user = session.get_one(User, user_id)
    user.session_key = secrets.token_hex(8)
    return user


def change(session: Session, user_id: int, name: str, locale: str, zone: str | None) -> None:
    """Name, language and zone as somebody chose them; no zone means the browser's."""
    user = session.get_one(User, user_id)
    user.name, user.locale, user.zone = name, locale, zone


def set_locale(session: Session, user_id: int, locale: str) -> None:
    """Remember the language for all of somebody's devices."""
    session.get_one(User, user_id).locale = locale

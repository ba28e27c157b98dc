"""Personal links by which somebody sets their first password, or a new one: signed, expiring, for one use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.courses.names import normal_email
from webapp.models import Course, Membership, User

LONGEST_TOKEN = 500


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link for one person."""

    email: str
    name: str
    link: str
    expires_at: datetime


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret, salt="invitation", signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"}
    )


def _state(user: User) -> str:
    """What a used link no longer agrees with: the password as it is now, and whose it is."""
    parts = (user.email, user.password_hash or "", user.session_key)
    return sha256("\n".join(parts).encode()).hexdigest()[:24]


def token_for(user: User, secret: str, expires_at: datetime) -> str:
    """What a link carries."""
    return str(_signer(secret).dumps([user.id, int(expires_at.timestamp()), _state(user)]))


def invited(session: Session, token: str, secret: str, now: datetime) -> User | None:
    """Whose link this is; nobody's when it was made up, has expired or was used."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        number, expires, state = _signer(secret).loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    user = session.get(User, number)
    if user is None or user.is_guest or now.timestamp() > expires or _state(user) != state:
        return None
    return user


def invitations(
    session: Session, course: Course, secret: str, now: datetime, days: int, base: str, email: str | None = None
) -> list[Invitation]:
    """Links for everybody in `course` without a password; or for `email` alone, whoever that is there."""
    query = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.course_id == course.id, User.is_guest.is_(False))
        .order_by(User.name, User.id)
    )
    if email is None:
        query = query.where(User.password_hash.is_(None))
    else:
        query = query.where(User.email == normal_email(email))
    expires_at = now + timedelta(days=days)
    return [
        Invitation(user.email, user.name, f"{base}/invitation/{token_for(user, secret, expires_at)}", expires_at)
        for user in session.scalars(query)
    ]


def rows_of(found: list[Invitation]) -> list[list[str]]:
    """The links as a table, its heading first."""
    heading = ["email", "name", "link", "expires"]
    return [heading, *([each.email, each.name, each.link, f"{each.expires_at:%Y-%m-%d %H:%MZ}"] for each in found)]

"""Personal links by which somebody sets their first password, or a new one: signed, expiring, for one use."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.courses.names import normal_email
from webapp.models import Course, Membership, User
from webapp.models.searching import alphabetical

LONGEST_TOKEN = 500
DAYS = 14
"""How long a link works, if nobody says otherwise."""


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


@dataclass(frozen=True, slots=True)
class Maker:
    """What every link has in common: whose server it leads to, and until when."""

    secret: str
    base: str
    expires_at: datetime

    @classmethod
    def of(cls, secret: str, base: str, now: datetime, days: int = DAYS) -> Maker:
        """For links that work for `days`."""
        return cls(secret, base.rstrip("/"), now + timedelta(days=days))

    def invitation(self, user: User) -> Invitation:
        """The link for one person."""
        link = f"{self.base}/invitation/{token_for(user, self.secret, self.expires_at)}"
        return Invitation(user.email, user.name, link, self.expires_at)


def invitations(session: Session, course: Course, maker: Maker, email: str | None = None) -> list[Invitation]:
    """Links for everybody in `course` without a password; or for `email` alone, whoever that is there."""
    query = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.course_id == course.id, User.is_guest.is_(False))
        .order_by(alphabetical(User.name), User.id)
    )
    if email is None:
        query = query.where(User.password_hash.is_(None))
    else:
        query = query.where(User.email == normal_email(email))
    return [maker.invitation(user) for user in session.scalars(query)]


def rows_of(found: Sequence[Invitation]) -> list[list[str]]:
    """The links as a table, its heading first."""
    heading = ["email", "name", "link", "expires"]
    return [heading, *([each.email, each.name, each.link, f"{each.expires_at:%Y-%m-%d %H:%MZ}"] for each in found)]


class NoLink(StrEnum):
    """Why somebody gets no link from a course's page."""

    TAKEN_UP = "taken-up"
    """They have a password, and whoever holds a link becomes them: a new one is for an administrator to hand out."""
    ELSEWHERE = "elsewhere"
    """They belong to a course that is not the asker's, and the link would lead into it as well."""


@dataclass(frozen=True, slots=True)
class Links:
    """Links for people of a course, and who gets none."""

    found: tuple[Invitation, ...]
    none: tuple[tuple[User, NoLink], ...]


def links_for(
    session: Session,
    course_id: int,
    user_ids: Collection[int] | None,
    managed: Collection[int] | None,
    maker: Maker,
) -> Links:
    """Links for these people of a course, or for all there who lack a password.

    `managed` are the courses that the asker keeps; none means all of them, as for an administrator.
    """
    query = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.course_id == course_id, User.is_guest.is_(False))
        .order_by(alphabetical(User.name), User.id)
    )
    people = list(session.scalars(query.where(User.password_hash.is_(None)) if user_ids is None else query))
    if user_ids is not None:
        people = [each for each in people if each.id in set(user_ids)]
    foreign = _of_other_courses(session, course_id, managed) if managed is not None else set()
    found, none = [], []
    for user in people:
        if user.password_hash is not None:
            none.append((user, NoLink.TAKEN_UP))
        elif managed is not None and (user.is_admin or user.id in foreign):
            none.append((user, NoLink.ELSEWHERE))
        else:
            found.append(maker.invitation(user))
    return Links(tuple(found), tuple(none))


def _of_other_courses(session: Session, course_id: int, managed: Collection[int]) -> set[int]:
    """People of a course who are also in one that is not managed."""
    here = select(Membership.user_id).where(Membership.course_id == course_id)
    query = select(Membership.user_id).where(Membership.user_id.in_(here), Membership.course_id.not_in(managed))
    return set(session.scalars(query))

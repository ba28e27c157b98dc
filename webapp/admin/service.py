"""Accounts of the whole server, as their keepers see and change them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.account import service as accounts
from webapp.courses.names import normal_email
from webapp.languages import say
from webapp.models import Course, Membership, Role, User
from webapp.models.searching import alphabetical, contains
from webapp.refusals import Refusal

A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody with an account."""

    id: int
    name: str
    email: str
    created_at: datetime
    is_admin: bool
    has_password: bool
    asked_at: datetime | None
    """Since when they wish to be deleted."""
    courses: int


@dataclass(frozen=True, slots=True)
class Accounts:
    """One page of those that were looked for."""

    rows: tuple[Account, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course of the server."""

    id: int
    key: str | None
    title: str
    students: int
    instructors: int
    archived_at: datetime | None


def found(session: Session, query: str, page: int, *, admins: bool = False, asking: bool = False) -> Accounts:
    """Accounts whose name or email has these words, by name; `asking` for deletion, only those who do."""
    wanted = and_(User.is_guest.is_(False), User.erased_at.is_(None), contains(query, User.name, User.email))
    if admins:
        wanted &= User.is_admin
    if asking:
        wanted &= User.erasure_asked_at.is_not(None)
    total = session.scalar(select(func.count()).select_from(User).where(wanted)) or 0
    pages = max(1, -(-total // A_PAGE))
    page = min(max(1, page), pages)
    courses = select(func.count()).where(Membership.user_id == User.id).scalar_subquery()
    rows = session.execute(
        select(
            User.id, User.name, User.email, User.created_at, User.is_admin, User.password_hash.is_not(None),
            User.erasure_asked_at, courses,
        )
        .where(wanted)
        .order_by(alphabetical(User.name), User.id)
        .limit(A_PAGE)
        .offset((page - 1) * A_PAGE)
    ).all()
    return Accounts(tuple(Account(*row) for row in rows), total, page, pages)


def asking(session: Session) -> int:
    """How many wish to be deleted."""
    return session.scalar(select(func.count()).select_from(User).where(User.erasure_asked_at.is_not(None))) or 0


def courses(session: Session, lang: str) -> list[CourseRow]:
    """Every course, archived ones last."""

    def count(role: Role) -> ColumnElement[int]:
        return select(func.count()).where(Membership.course_id == Course.id, Membership.role == role).scalar_subquery()

    rows = session.execute(
        select(Course.id, Course.key, Course.title, count(Role.STUDENT), count(Role.INSTRUCTOR), Course.archived_at)
        .order_by(Course.archived_at.is_not(None), alphabetical(Course.title), Course.id)
    )  # fmt: skip
    return [CourseRow(number, key, say(title, lang), *rest) for number, key, title, *rest in rows]


def account(session: Session, user_id: int) -> User | None:
    """Somebody's account; guests have none, and a deleted one is nobody's."""
    user = session.get(User, user_id)
    return user if user is not None and not user.is_guest and user.erased_at is None else None


def set_administrator(session: Session, user_id: int, actor_id: int | None, now: datetime, *, on: bool) -> None:
    """Let somebody keep the server, or no longer; one administrator always stays.  `session` is a writing one."""
    user = session.get_one(User, user_id)
    if user.is_admin == on:
        return
    admins = list(session.scalars(select(User.id).where(User.is_admin).with_for_update()))
    if not on and admins == [user_id]:
        raise Refusal(
            "last-administrator",
            _("This is the last administrator: make somebody else one first. Nothing was changed."),
            HTTPStatus.CONFLICT,
        )
    user.is_admin = on
    audit.note(session, now, actor_id, "account-admin" if on else "account-no-admin", f"user:{user_id}")


def sign_out(session: Session, user_id: int, actor_id: int, now: datetime) -> User:
    """End every session of somebody."""
    user = accounts.end_sessions(session, user_id)
    audit.note(session, now, actor_id, "account-sign-out", f"user:{user_id}")
    return user


def note_link(session: Session, user_id: int, actor_id: int, now: datetime) -> None:
    """Write down that a link for a new password was made."""
    audit.note(session, now, actor_id, "account-link", f"user:{user_id}")


def with_email(session: Session, email: str) -> User | None:
    """The account of an address."""
    return session.scalar(
        select(User).where(User.email == normal_email(email), User.is_guest.is_(False), User.erased_at.is_(None))
    )

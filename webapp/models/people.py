"""Who takes part: accounts, courses and who is what in which."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import CheckConstraint, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base


class Role(StrEnum):
    """What somebody is in a course."""

    STUDENT = "student"
    ASSISTANT = "assistant"
    INSTRUCTOR = "instructor"

    @property
    def teaches(self) -> bool:
        """Whether this role sees the work of others."""
        return self is not Role.STUDENT


class User(Base):
    """An account.  `email` is kept in lower case."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str | None]
    locale: Mapped[str | None]
    zone: Mapped[str | None]
    is_admin: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_guest: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Somebody who tries an open item without an account: no password, no membership, one session."""
    session_key: Mapped[str] = mapped_column(default="", server_default="")
    """Part of what every session remembers; drawn anew it ends them all."""
    created_at: Mapped[datetime]
    erasure_asked_at: Mapped[datetime | None]
    """Since when they wish that what is kept of them is deleted."""
    erased_at: Mapped[datetime | None]
    """Since when this account is nobody's: the row holds together what is counted, and names no one."""

    memberships: Mapped[list[Membership]] = relationship(back_populates="user")

    # What Flask-Login asks of an account.
    is_active = True
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        """What a session remembers: a new password or session key ends all sessions made with the old one."""
        return f"{self.id}.{sha256(((self.password_hash or '') + self.session_key).encode()).hexdigest()[:16]}"


class Course(Base):
    """A course; its zone is where its due times are thought of."""

    __tablename__ = "courses"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None]
    """What a course's file calls it; the file is applied again under the same key."""
    title: Mapped[str]
    zone: Mapped[str] = mapped_column(default="UTC")
    join_code: Mapped[str | None] = mapped_column(unique=True)
    archived_at: Mapped[datetime | None]
    """Since when it is over: hidden from students' lists, to be read and not to be changed."""
    path: Mapped[str | None]
    """The path of a bank that its map follows, as `bank/path`; nothing: the banks' own."""

    memberships: Mapped[list[Membership]] = relationship(back_populates="course")

    __table_args__ = (Index(None, "key", unique=True),)


class Membership(Base):
    """Somebody in a course."""

    __tablename__ = "memberships"

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[str]
    external_id: Mapped[str | None]
    joined_at: Mapped[datetime | None]
    """Nothing for who was in it before that was written down."""

    course: Mapped[Course] = relationship(back_populates="memberships")
    user: Mapped[User] = relationship(back_populates="memberships")

    __table_args__ = (
        CheckConstraint("role IN ('student', 'assistant', 'instructor')", name="role"),
        Index(None, "user_id"),
    )

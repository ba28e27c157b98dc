"""Who is in a course: joining it by a code."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.courses.names import JOIN_CODE, LONGEST_CODE
from webapp.models import Audit, Course, Membership, Role, User


def with_code(session: Session, code: str) -> Course | None:
    """The course of a code as `join_code_of` gives it.

    The lookup is by an index and says nothing about codes that are near.
    """
    if len(code) > LONGEST_CODE or not JOIN_CODE.fullmatch(code):
        return None
    return session.scalar(select(Course).where(Course.join_code == code))


def is_member(session: Session, course_id: int, user_id: int) -> bool:
    """Whether somebody is in a course, as whatever."""
    return session.get(Membership, (course_id, user_id)) is not None


def join(session: Session, course_id: int, user_id: int, now: datetime) -> None:
    """Make somebody a student of a course; who is in it already stays what they are.  `session` is a writing one."""
    session.execute(select(User.id).where(User.id == user_id).with_for_update())  # two clicks are one joining
    if is_member(session, course_id, user_id):
        return
    session.add(Membership(course_id=course_id, user_id=user_id, role=Role.STUDENT))
    after = {"user": user_id, "role": Role.STUDENT.value}
    session.add(
        Audit(at=now, actor_id=user_id, action="course-join", subject=f"course:{course_id}", before=None, after=after)
    )


def instructors(session: Session, course_id: int) -> list[str]:
    """The names of those whom one may ask about a course."""
    found = session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.course_id == course_id, Membership.role == Role.INSTRUCTOR)
        .order_by(User.id)
        .limit(5)
    )
    return [user.name or user.email for user in found]

"""Who is in a course and as what: joining by a code, being put in, changing roles, leaving.

Leaving takes nothing away: what somebody sent stays with their account, and is theirs again when they come back.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.courses.names import JOIN_CODE, LONGEST_CODE
from webapp.models import Course, Membership, Role, User


def with_code(session: Session, code: str) -> Course | None:
    """The course of a code as `join_code_of` gives it; an archived one takes nobody in.

    The lookup is by an index and says nothing about codes that are near.
    """
    if len(code) > LONGEST_CODE or not JOIN_CODE.fullmatch(code):
        return None
    return session.scalar(select(Course).where(Course.join_code == code, Course.archived_at.is_(None)))


def is_member(session: Session, course_id: int, user_id: int) -> bool:
    """Whether somebody is in a course, as whatever."""
    return session.get(Membership, (course_id, user_id)) is not None


def join(session: Session, course_id: int, user_id: int, now: datetime) -> None:
    """Make somebody a student of a course; who is in it already stays what they are.  `session` is a writing one."""
    session.execute(select(User.id).where(User.id == user_id).with_for_update())  # two clicks are one joining
    if is_member(session, course_id, user_id):
        return
    enrol(session, course_id, user_id, Role.STUDENT, None, now)
    after = {"user": user_id, "role": Role.STUDENT.value}
    audit.note(session, now, user_id, "course-join", f"course:{course_id}", course_id=course_id, after=after)


def enrol(
    session: Session, course_id: int, user_id: int, role: Role, external_id: str | None, now: datetime
) -> Membership:
    """Put somebody into a course who is not in it."""
    member = Membership(course_id=course_id, user_id=user_id, role=role, external_id=external_id, joined_at=now)
    session.add(member)
    end_older_links(session, user_id, role)
    return member


def end_older_links(session: Session, user_id: int, role: Role) -> None:
    """Links for a first password that were made before somebody may teach lead nowhere from then on.

    Who made one for a student of their own course must not come by it to what others let that person teach.
    """
    if role.teaches and (user := session.get_one(User, user_id)).password_hash is None:
        user.session_key = secrets.token_hex(8)


def name_for(user: User, name: str) -> str:
    """What somebody is called once a list says `name`: who has a password keeps the name they chose."""
    return name if name and (user.password_hash is None or not user.name) else user.name


class Refused(StrEnum):
    """Why somebody's place in a course may not be changed."""

    SELF = "self"
    """Nobody changes their own role: neither up, nor down by mistake."""
    LAST = "last"
    """A course is never without an instructor."""


def refusals(roles: Mapping[int, Role], changes: Mapping[int, Role | None], actor_id: int) -> dict[int, Refused]:
    """Which of `changes` may not be, by person.  `roles` is everybody as they are now; no role means out."""
    found = {
        user_id: Refused.SELF
        for user_id, role in changes.items()
        if user_id == actor_id and role is not None and role is not roles.get(user_id)
    }
    kept = {user_id: changes.get(user_id, role) if user_id not in found else role for user_id, role in roles.items()}
    kept |= {user_id: role for user_id, role in changes.items() if user_id not in roles}
    if Role.INSTRUCTOR in roles.values() and Role.INSTRUCTOR not in kept.values():
        for user_id, role in roles.items():
            if role is Role.INSTRUCTOR and kept[user_id] is not Role.INSTRUCTOR:
                found[user_id] = Refused.LAST
    return found


def roles_in(session: Session, course_id: int) -> dict[int, Role]:
    """Everybody of a course and what they are.  In a writing session the list is locked until its end."""
    query = select(Membership).where(Membership.course_id == course_id).order_by(Membership.user_id)
    return {each.user_id: Role(each.role) for each in session.scalars(query.with_for_update())}


def change(
    session: Session, course_id: int, user_ids: Collection[int], role: Role | None, actor_id: int, now: datetime
) -> dict[int, Refused]:
    """Give people of a course a role, or take them out with none; done for all or, where any is refused, for nobody.

    Who is not in the course is passed over.  `session` is a writing one.
    """
    roles = roles_in(session, course_id)
    wanted = {user_id: role for user_id in sorted(set(user_ids)) if user_id in roles and roles[user_id] is not role}
    refused = refusals(roles, wanted, actor_id)
    if refused:
        return refused
    for user_id in wanted:
        member = session.get_one(Membership, (course_id, user_id))
        before = {"role": member.role, "external_id": member.external_id}
        subject = f"course:{course_id} user:{user_id}"
        if role is None:
            session.delete(member)
            audit.note(session, now, actor_id, "member-remove", subject, course_id=course_id, before=before)
            continue
        member.role = role
        end_older_links(session, user_id, role)
        changed = {"before": {"role": before["role"]}, "after": {"role": role.value}}
        audit.note(session, now, actor_id, "member-role", subject, course_id=course_id, **changed)
    return {}


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

"""A course as its instructors keep it on pages: made, named, given a join code, archived and brought back."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.courses import membership
from webapp.models import Course, Role

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Those that nobody at the back of a lecture hall takes for another."""


def new_code(session: Session) -> str:
    """A code that no course has, in two halves that can be read aloud."""
    while True:
        letters = "".join(secrets.choice(LETTERS) for _ in range(8))
        code = f"{letters[:4]}-{letters[4:]}"
        if session.scalar(select(Course.id).where(Course.join_code == code)) is None:
            return code


def create(session: Session, title: str, zone: str, actor_id: int, now: datetime) -> Course:
    """A new course whose instructor is whoever makes it.  It has a join code, and no file keeps it."""
    course = Course(title=title, zone=zone, join_code=new_code(session))
    session.add(course)
    session.flush()
    membership.enrol(session, course.id, actor_id, Role.INSTRUCTOR, None, now)
    after = {"title": title, "zone": zone}
    audit.note(session, now, actor_id, "course-create", f"course:{course.id}", course_id=course.id, after=after)
    return course


def change(
    session: Session, course_id: int, title: str, zone: str, path: str | None, actor_id: int, now: datetime
) -> None:
    """Another title, zone or path.  Times of assignments are moments and stay; only how they are said changes."""
    course = session.get_one(Course, course_id)
    wanted = {"title": title, "zone": zone, "path": path}
    before = {name: getattr(course, name) for name, value in wanted.items() if getattr(course, name) != value}
    if not before:
        return
    course.title, course.zone, course.path = title, zone, path
    after = {name: wanted[name] for name in before}
    subject = f"course:{course_id}"
    audit.note(session, now, actor_id, "course-change", subject, course_id=course_id, before=before, after=after)


def set_code(session: Session, course_id: int, actor_id: int, now: datetime, *, on: bool) -> str | None:
    """A new join code, or none; the old one stops to work at once, and who is in the course stays."""
    course = session.get_one(Course, course_id)
    before, course.join_code = course.join_code, new_code(session) if on else None
    codes = {"before": {"join_code": before}, "after": {"join_code": course.join_code}}
    audit.note(session, now, actor_id, "course-code", f"course:{course_id}", course_id=course_id, **codes)
    return course.join_code


def archive(session: Session, course_id: int, actor_id: int, now: datetime, *, over: bool) -> None:
    """End a course or take it up again; nothing of it is lost either way."""
    course = session.get_one(Course, course_id)
    if (course.archived_at is not None) == over:
        return
    course.archived_at = now if over else None
    action = "course-archive" if over else "course-restore"
    audit.note(session, now, actor_id, action, f"course:{course_id}", course_id=course_id)

"""The course everybody finds after the first start, with one student and one instructor."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.model import Bank, Kind
from webapp import banks
from webapp.account import service as accounts
from webapp.models import Assignment, Course, Membership, Role, User
from webapp.settings import private_file

TITLE = "注意力编程工作坊 | Attention Workshop"
ASSIGNMENT = "工作坊 | Workshop"
JOIN_CODE = "attention-workshop"
ATTEMPTS = {Kind.CODING: 20, Kind.SHORT_ANSWER: 10}
PEOPLE = (
    ("student@workshop.example", "Student 学生", Role.STUDENT),
    ("instructor@workshop.example", "Instructor 老师", Role.INSTRUCTOR),
)


@dataclass(frozen=True, slots=True)
class Account:
    """A sign-in that may be printed: it exists for trying things out."""

    email: str
    password: str
    role: Role


def accounts_of(folder: Path) -> tuple[Account, ...]:
    """The demo sign-ins of this installation: drawn once, kept in `demo-accounts`, readable by the owner only."""
    text = private_file(
        folder / "demo-accounts",
        lambda: "".join(f"{email} {secrets.token_urlsafe(9)}\n" for email, _name, _role in PEOPLE),
    )
    passwords = dict(line.split(" ", 1) for line in text.splitlines() if " " in line)
    return tuple(Account(email, passwords[email], role) for email, _name, role in PEOPLE if email in passwords)


def ensure(session: Session, folder: Path, loaded: list[Bank]) -> tuple[Account, ...]:
    """Make the course, the accounts and the assignment if they are missing; doing it again changes nothing."""
    known = accounts_of(folder)
    names = {email: name for email, name, _role in PEOPLE}
    course = session.scalar(select(Course).where(Course.join_code == JOIN_CODE))
    if course is None:
        course = Course(title=TITLE, zone="Asia/Shanghai", join_code=JOIN_CODE)
        session.add(course)
        session.flush()
    for account in known:
        user = session.scalar(select(User).where(User.email == account.email))
        if user is None:
            user = accounts.create(session, account.email, names[account.email], account.password)
        if session.get(Membership, (course.id, user.id)) is None:
            session.add(Membership(course_id=course.id, user_id=user.id, role=account.role))
    assignment = session.scalar(select(Assignment).where(Assignment.course_id == course.id).order_by(Assignment.id))
    if assignment is None:
        assignment = Assignment(course_id=course.id, title=ASSIGNMENT, late_penalty=0.0, counts="best")
        session.add(assignment)
        session.flush()
    for position, item in enumerate(banks.in_order(loaded)):
        banks.pin(session, assignment.id, item, position, ATTEMPTS[item.kind])
    return known

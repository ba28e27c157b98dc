"""A course as the database has it, all of it in a handful of queries."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Assignment, AssignmentItem, Course, Extension, Membership, Submission, User


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the course."""

    user: User
    membership: Membership


@dataclass(frozen=True, slots=True)
class Present:
    """What there is: rows by what a file calls them.  What was taken out is among them."""

    course: Course
    members: dict[str, Member]
    assignments: dict[str, Assignment]
    items: dict[tuple[int, str], AssignmentItem]
    """By assignment and `bank/item`."""
    extensions: dict[tuple[int, int], Extension]
    """By assignment and user."""
    submissions: dict[int, int]
    """How many there are, by item."""

    def items_of(self, assignment: Assignment) -> list[AssignmentItem]:
        """The items of an assignment that are not taken out, in order."""
        found = [item for (number, _), item in self.items.items() if number == assignment.id and not item.removed_at]
        return sorted(found, key=lambda item: (item.position, item.id))

    def sent_to(self, assignment: Assignment) -> int:
        """How many submissions an assignment has."""
        return sum(self.submissions.get(item.id, 0) for item in self.items_of(assignment))


def item_name(item: AssignmentItem) -> str:
    """As a file writes it."""
    return f"{item.bank_id}/{item.item}"


def course_named(session: Session, key: str) -> Course | None:
    """The course of that key."""
    return session.scalar(select(Course).where(Course.key == key))


def present(session: Session, course: Course) -> Present:
    """Everything of `course` that a file speaks of."""
    members = session.execute(
        select(User, Membership)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.course_id == course.id)
        .order_by(User.id)
    ).all()
    assignments = session.scalars(
        select(Assignment).where(Assignment.course_id == course.id).order_by(Assignment.position, Assignment.id)
    ).all()
    numbers = [each.id for each in assignments]
    items = session.scalars(select(AssignmentItem).where(AssignmentItem.assignment_id.in_(numbers))).all()
    extensions = session.scalars(select(Extension).where(Extension.assignment_id.in_(numbers))).all()
    sent = session.execute(
        select(Submission.assignment_item_id, func.count())
        .where(Submission.assignment_item_id.in_([item.id for item in items]))
        .group_by(Submission.assignment_item_id)
    ).all()
    return Present(
        course,
        {user.email: Member(user, membership) for user, membership in members},
        {each.key or f"#{each.id}": each for each in assignments},
        {(item.assignment_id, item_name(item)): item for item in items},
        {(each.assignment_id, each.user_id): each for each in extensions},
        {number: count for number, count in sent},
    )

"""What is asked: banks, the revisions of their items, and the assignments that pin them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base


class Bank(Base):
    """A bank as it was read last; `report` says what it held and what was wrong with it.

    Its keeper is the `folder` it was read from, until somebody saves it in the browser: then the `workshop` keeps it,
    and what the folder holds no longer replaces it unasked.
    """

    __tablename__ = "banks"

    id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    keeper: Mapped[str] = mapped_column(default="folder", server_default="folder")
    report: Mapped[dict[str, Any]]
    loaded_at: Mapped[datetime]


class BankVersion(Base):
    """All files of a bank, as they were after one saving; `number` counts from 1.  `files` maps names to text, those
    of figures (`figures/NAME.svg`) among them.
    """

    __tablename__ = "bank_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[str] = mapped_column(ForeignKey("banks.id"))
    number: Mapped[int]
    files: Mapped[dict[str, Any]]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    message: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("bank_id", "number"),)


class Figure(Base):
    """A drawing that texts of banks show, under the hash by which they name it; it never changes and is never taken
    out.
    """

    __tablename__ = "figures"

    digest: Mapped[str] = mapped_column(primary_key=True)
    svg: Mapped[str]
    created_at: Mapped[datetime]


class Revision(Base):
    """One item's whole source, under its hash.  Old ones stay, so that what was graded can be read and graded again."""

    __tablename__ = "revisions"

    hash: Mapped[str] = mapped_column(primary_key=True)
    suite_hash: Mapped[str]
    bank_id: Mapped[str] = mapped_column(ForeignKey("banks.id"))
    item: Mapped[str]
    source: Mapped[str]
    proof: Mapped[dict[str, Any] | None]
    """What proving it found (`grader.proof`), once somebody or something has proved it."""
    variants: Mapped[list[Any] | None] = mapped_column(deferred=True)
    """The parameters of its variants, by their number; nothing of the bank is run to show one."""
    created_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    message: Mapped[str] = mapped_column(default="")

    __table_args__ = (Index(None, "bank_id", "item"),)


class Assignment(Base):
    """Ordered items with dates.  `counts` says which submission counts; `late_penalty` is the share lost when late.

    In `practice` attempts are unlimited and answers may be read at any time.  What was taken out of its course has
    `removed_at`: nobody is shown it, what was sent stays, and putting it back brings everything back.
    """

    __tablename__ = "assignments"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    key: Mapped[str | None]
    """What its course's file calls it."""
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    practice: Mapped[bool] = mapped_column(default=False, server_default=false())
    title: Mapped[str]
    opens_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    late_penalty: Mapped[float] = mapped_column(default=0.0, server_default="0")
    counts: Mapped[str] = mapped_column(default="best", server_default="best")
    removed_at: Mapped[datetime | None]

    items: Mapped[list[AssignmentItem]] = relationship(
        back_populates="assignment", order_by="AssignmentItem.position, AssignmentItem.id"
    )

    __table_args__ = (
        CheckConstraint("counts IN ('best', 'last')", name="counts"),
        CheckConstraint("late_penalty >= 0 AND late_penalty <= 1", name="late_penalty"),
        Index(None, "course_id", "key", unique=True),
    )


class AssignmentItem(Base):
    """An item in an assignment, at a pinned revision.  No `max_submissions` means unlimited."""

    __tablename__ = "assignment_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    bank_id: Mapped[str] = mapped_column(ForeignKey("banks.id"))
    item: Mapped[str]
    revision: Mapped[str] = mapped_column(ForeignKey("revisions.hash"))
    position: Mapped[int]
    points: Mapped[float]
    max_submissions: Mapped[int | None]
    is_open: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether guests may try it."""
    removed_at: Mapped[datetime | None]

    assignment: Mapped[Assignment] = relationship(back_populates="items")
    pinned: Mapped[Revision] = relationship()

    __table_args__ = (
        UniqueConstraint("assignment_id", "bank_id", "item"),
        CheckConstraint("max_submissions IS NULL OR max_submissions > 0", name="max_submissions"),
        Index(None, "revision"),
    )


class Extension(Base):
    """One student's own dates for an assignment; a missing one keeps the assignment's.  `reason` is for who teaches."""

    __tablename__ = "extensions"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="", server_default="")

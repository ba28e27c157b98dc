"""What instructors do beside judging: long work, reviews, regrades, uploads, and what students are told of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base


class TaskState(StrEnum):
    """Where long work is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Task(Base):
    """Long work that somebody asked for and may leave: proving an item, comparing a class's submissions.

    Workers do it a step at a time between jobs; see `webapp.tasks`.  `done` of `total` steps are done.
    """

    __tablename__ = "tasks"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    """What it is about, e.g. `revision:sha256…` or `assignment-item:7`; of each kind and subject one waits at most."""
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    parameters: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default=TaskState.WAITING, server_default="waiting")
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    result: Mapped[dict[str, Any] | None]
    problem: Mapped[str] = mapped_column(default="", server_default="")
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="state"),
        CheckConstraint("(state = 'running') = (lease_owner IS NOT NULL)", name="lease"),
        Index(None, "kind", "subject"),
        Index(
            "ix_tasks_open",
            "id",
            sqlite_where=text("state IN ('waiting', 'running')"),
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
    )


class Notice(Base):
    """Something a student is told: a mark that changed, a request that was answered.  `data` is what it says."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"))
    kind: Mapped[str]
    subject: Mapped[str]
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "user_id", "read_at"),)


class ReviewHold(Base):
    """That somebody has an answer before them, so that nobody else is given it (or one equal to it) meanwhile."""

    __tablename__ = "review_holds"

    assignment_item_id: Mapped[int] = mapped_column(ForeignKey("assignment_items.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    """Of the answer's text as it is compared with others."""
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    until: Mapped[datetime]


class Phrasing(Base):
    """Words in which students made, half made or missed a key point, as a reviewer decided: offered to the bank."""

    __tablename__ = "phrasings"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[str] = mapped_column(ForeignKey("banks.id"))
    item: Mapped[str]
    key_point: Mapped[str]
    judgement: Mapped[str]
    text: Mapped[str]
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    state: Mapped[str] = mapped_column(default="offered", server_default="offered")
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("bank_id", "item", "key_point", "judgement", "text"),
        CheckConstraint("judgement IN ('yes', 'half', 'no')", name="judgement"),
        CheckConstraint("state IN ('offered', 'taken', 'dismissed')", name="state"),
    )


class RegradeRequest(Base):
    """A student's wish that somebody looks at a verdict again, and what became of it."""

    __tablename__ = "regrade_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    text: Mapped[str]
    state: Mapped[str] = mapped_column(default="open", server_default="open")
    created_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="", server_default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'granted', 'declined', 'withdrawn')", name="state"),
        Index(None, "submission_id"),
        Index(
            "ix_regrade_requests_open",
            "submission_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )


class Regrade(Base):
    """Submissions of a course graded once more, at a chosen revision.  Nothing counts before somebody applies it.

    It is `open` while it is graded and while somebody decides, `applying` while lines are `chosen`.
    """

    __tablename__ = "regrades"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str]
    """As the students concerned may read it."""
    scope: Mapped[str]
    """Which submissions were asked for: see `webapp.regrading.asking.Scope`."""
    state: Mapped[str] = mapped_column(default="open", server_default="open")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'applying', 'finished', 'cancelled')", name="state"),
        Index(None, "course_id"),
    )


class RegradeLine(Base):
    """One submission of a regrade: its mark when it was asked for, and what became of it.

    One is `overtaken` whose mark changed before it could be applied; `before` is then that newer mark.
    """

    __tablename__ = "regrade_lines"

    regrade_id: Mapped[int] = mapped_column(ForeignKey("regrades.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    revision: Mapped[str] = mapped_column(ForeignKey("revisions.hash"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id"))
    before: Mapped[dict[str, Any] | None]
    """The mark as it was: see `webapp.regrading.comparing.MarkThen`."""
    state: Mapped[str] = mapped_column(default="open", server_default="open")
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'chosen', 'applied', 'overtaken', 'left')", name="state"),
        Index(None, "submission_id"),
        Index(None, "job_id"),
    )


class Upload(Base):
    """Files that somebody hands in for students: first matched and shown, then, once confirmed, submitted."""

    __tablename__ = "uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    assignment_item_id: Mapped[int] = mapped_column(ForeignKey("assignment_items.id"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]
    layout: Mapped[str]
    """Whose file names they are: canvas, moodle, gradescope or plain."""
    fitting: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many of the names fit the layout."""
    left_out: Mapped[list[Any]]
    """What was not taken: path and code of the reason, and how many there were besides."""
    free: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it costs its students no attempt."""
    state: Mapped[str] = mapped_column(default="preview", server_default="preview")
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('preview', 'confirmed', 'discarded')", name="state"),
        Index(None, "course_id"),
    )


class UploadFile(Base):
    """One file of an upload, whose it seems to be and why, or what is wrong with it."""

    __tablename__ = "upload_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("uploads.id"))
    path: Mapped[str]
    content: Mapped[bytes]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    matched_by: Mapped[str] = mapped_column(default="", server_default="")
    suggested: Mapped[list[Any]]
    """Numbers of who it may be, the likeliest first."""
    chosen: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether it is the one that counts of its student's files."""
    late: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether its name says that it was late where it came from."""
    remarks: Mapped[list[Any]]
    """Codes of what there is to say of it, each with its numbers."""
    problem: Mapped[str] = mapped_column(default="", server_default="")
    """Why it cannot be graded; empty when it can."""
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"))

    __table_args__ = (Index(None, "upload_id"), Index(None, "submission_id"))

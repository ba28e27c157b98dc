"""What was sent and how it was judged: submissions, jobs, verdicts, marks, decisions, drafts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DDL, BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, event, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.asked import AssignmentItem
from webapp.models.base import Base
from webapp.models.people import User


class Purpose(StrEnum):
    """Why something is judged.  Only `submit` can cost an attempt."""

    RUN = "run"
    SUBMIT = "submit"
    REGRADE = "regrade"


class State(StrEnum):
    """Where a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


class Submission(Base):
    """What a student sent, byte for byte.  The database refuses to change it."""

    __tablename__ = "submissions"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_item_id: Mapped[int] = mapped_column(ForeignKey("assignment_items.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    revision: Mapped[str] = mapped_column(ForeignKey("revisions.hash"))
    client_key: Mapped[str]
    content: Mapped[bytes]
    variant: Mapped[int | None]
    seed: Mapped[int]
    created_at: Mapped[datetime]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """Who handed it in for its student; nobody where that was the student."""
    free: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it costs no attempt, as who handed it in chose."""

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    assignment_item: Mapped[AssignmentItem] = relationship()
    jobs: Mapped[list[Job]] = relationship(back_populates="submission", order_by="Job.id")

    __table_args__ = (
        UniqueConstraint("user_id", "client_key"),
        Index(None, "assignment_item_id", "user_id"),
        Index(None, "user_id", "created_at"),
    )


WAITS: dict[str, Any] = {
    "sqlite_where": text("state = 'waiting'"),
    "postgresql_where": text("state = 'waiting'"),
}
"""What an index holds only while it waits stays small and quick, however many were judged."""


class Job(Base):
    """One judging of one submission.  The row is the truth; messages only say that it is there."""

    __tablename__ = "jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    """Whose submission it is, kept here so that taking turns needs no join."""
    revision: Mapped[str] = mapped_column(ForeignKey("revisions.hash"))
    purpose: Mapped[str]
    batch_id: Mapped[int] = mapped_column(default=0, server_default="0")
    """0 for a student's own; for a repeated judging the job it repeats, and where a regrade asked for it that one's
    number, negative.  Never NULL, which no constraint compares."""
    priority: Mapped[int] = mapped_column(default=0, server_default="0")
    lengthy: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a first try's little processor time was not enough for it."""
    behind: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it stands behind all first tries; see `webapp.queue.fairness`, as for `round` and `course_id`."""
    round: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"))
    """Nothing for what was sent before courses took turns."""
    state: Mapped[str] = mapped_column(default=State.WAITING, server_default="waiting")
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    ticket: Mapped[str | None]
    """The message that made its worker take it; when that message comes back, the worker is gone."""
    heartbeat_at: Mapped[datetime | None]
    """When its worker took it, or last said that it is still at it."""
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    not_before: Mapped[datetime]
    created_at: Mapped[datetime]

    submission: Mapped[Submission] = relationship(back_populates="jobs")
    verdict: Mapped[Verdict | None] = relationship(back_populates="job")

    @property
    def in_regrade(self) -> bool:
        """Whether it belongs to a regrade: its verdict counts only once somebody has applied it."""
        return self.batch_id < 0

    __table_args__ = (
        UniqueConstraint("submission_id", "revision", "purpose", "batch_id"),
        CheckConstraint("purpose IN ('run', 'submit', 'regrade')", name="purpose"),
        CheckConstraint("state IN ('waiting', 'running', 'done')", name="state"),
        CheckConstraint("(state = 'running') = (lease_owner IS NOT NULL)", name="lease"),
        Index("ix_jobs_waiting", "priority", "behind", "round", "id", **WAITS),
        Index("ix_jobs_waiting_in_course", "course_id", "priority", "behind", "round", "id", **WAITS),
        Index(
            "ix_jobs_behind",
            "created_at",
            sqlite_where=text("state = 'waiting' AND behind"),
            postgresql_where=text("state = 'waiting' AND behind"),
        ),
        Index(
            "ix_jobs_running",
            "lease_until",
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
        Index(None, "user_id", "state"),
    )


class Turn(Base):
    """The round that somebody's newest job of one priority was given; their next one comes a round later."""

    __tablename__ = "turns"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    priority: Mapped[int] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(BigInteger)


class CourseTurn(Base):
    """When a job of a course was taken because it was that course's turn."""

    __tablename__ = "course_turns"

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    served_at: Mapped[datetime]


class Presence(Base):
    """A worker that is there, and when it last said so.  Those of `workshop serve` are known by their pipes instead."""

    __tablename__ = "workers"

    name: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


class Verdict(Base):
    """The one outcome of a job.  `note` is for instructors: why it could not be graded."""

    __tablename__ = "verdicts"

    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id"), primary_key=True, autoincrement=False)
    status: Mapped[str]
    score: Mapped[float]
    max_score: Mapped[float]
    review: Mapped[bool] = mapped_column(default=False, server_default=false())
    note: Mapped[str] = mapped_column(default="", server_default="")
    document: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]

    job: Mapped[Job] = relationship(back_populates="verdict")

    __table_args__ = (
        Index(
            "ix_verdicts_ungradable",
            "job_id",
            sqlite_where=text("status = 'ungradable'"),
            postgresql_where=text("status = 'ungradable'"),
        ),
    )


class Source(StrEnum):
    """Who gave a mark."""

    GRADER = "grader"
    REVIEW = "review"
    """People have decided key points that the grader was not sure of."""
    OVERRIDE = "override"
    """An instructor's own judgement, with a reason.  Nothing replaces it but another one."""


class Mark(Base):
    """What counts now for a submission.

    `share` is what it earned of the item's points; `score` is that in the assignment's points, with the share for
    lateness taken off.  `status` and `review` are the verdict's until somebody has decided otherwise.
    """

    __tablename__ = "marks"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True, autoincrement=False)
    verdict_job_id: Mapped[int] = mapped_column(ForeignKey("verdicts.job_id"))
    score: Mapped[float]
    share: Mapped[float] = mapped_column(default=0.0, server_default="0")
    status: Mapped[str] = mapped_column(default="", server_default="")
    review: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a part of it waits to be read by somebody."""
    source: Mapped[str]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    """Why it is not the grader's, as its student may read it."""
    changed_at: Mapped[datetime | None]

    verdict: Mapped[Verdict] = relationship()

    __table_args__ = (
        Index(None, "verdict_job_id"),
        Index(
            "ix_marks_review",
            "submission_id",
            sqlite_where=text("review"),
            postgresql_where=text("review"),
        ),
    )


class Decision(Base):
    """What an instructor decided on one key point of one short answer."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    key_point: Mapped[str]
    award: Mapped[float]
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    evidence: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    act: Mapped[str] = mapped_column(default="", server_default="")
    """What was decided with one stroke, and is undone with one, has the same."""
    digest: Mapped[str] = mapped_column(default="", server_default="")
    """Of the text as it is compared with others: see `webapp.marks.same_text`."""
    suite: Mapped[str] = mapped_column(default="", server_default="")
    """Of the verdict's key points; to those of another rubric it says nothing."""
    followed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether an equal text was read, and not this one."""
    undone_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("award >= 0 AND award <= 1", name="award"),
        Index(None, "submission_id"),
        Index(None, "digest"),
        Index(None, "act"),
    )


class Draft(Base):
    """What somebody is typing.  `version` grows with every write."""

    __tablename__ = "drafts"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    assignment_item_id: Mapped[int] = mapped_column(ForeignKey("assignment_items.id"), primary_key=True)
    content: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]


class HintReveal(Base):
    """That somebody has opened a hint; `number` counts from 1."""

    __tablename__ = "hint_reveals"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    assignment_item_id: Mapped[int] = mapped_column(ForeignKey("assignment_items.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    revealed_at: Mapped[datetime]


class Audit(Base):
    """Who changed what, and how it was before."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str]
    subject: Mapped[str]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"))
    """The course it concerns; none for banks and accounts."""
    reason: Mapped[str] = mapped_column(default="", server_default="")

    __table_args__ = (Index(None, "subject"), Index(None, "course_id", "at"))


_SAME = ("id", "assignment_item_id", "user_id", "revision", "variant", "seed", "created_at", "sent_by_id", "free")
FROZEN_ON_SQLITE = f"""
CREATE TRIGGER submissions_are_immutable BEFORE UPDATE ON submissions
WHEN NOT (
  length(NEW.content) = 0 AND {" AND ".join(f"NEW.{name} IS OLD.{name}" for name in _SAME)}
  AND EXISTS (SELECT 1 FROM users WHERE users.id = OLD.user_id AND users.erased_at IS NOT NULL)
)
BEGIN SELECT RAISE(ABORT, 'a submission never changes'); END
"""  # noqa: S608 (names of columns of ours)
"""What was sent may be emptied, and only that, once its author has been deleted."""
FROZEN_ON_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN
  IF length(NEW.content) = 0 AND {" AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _SAME)}
    AND EXISTS (SELECT 1 FROM users WHERE users.id = OLD.user_id AND users.erased_at IS NOT NULL)
  THEN RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a submission never changes';
END $$ LANGUAGE plpgsql;
CREATE OR REPLACE TRIGGER submissions_are_immutable BEFORE UPDATE ON submissions
FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""  # noqa: S608
event.listen(Submission.__table__, "after_create", DDL(FROZEN_ON_SQLITE).execute_if(dialect="sqlite"))
event.listen(Submission.__table__, "after_create", DDL(FROZEN_ON_POSTGRESQL).execute_if(dialect="postgresql"))

"""What is worked out from submissions and verdicts and kept, so that pages over a whole class need not read them all.

Everything here can be made anew from the rest; `webapp.marks` does, whenever something it depends on changes.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base


class ItemStanding(Base):
    """Where one person is with one item: what `webapp.learn.attempts.standing` says of their attempts."""

    __tablename__ = "standings"

    assignment_item_id: Mapped[int] = mapped_column(ForeignKey("assignment_items.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"))
    """The submission that counts, or else the newest."""
    score: Mapped[float | None]
    status: Mapped[str]
    """passed, partial, failed or waiting."""
    used: Mapped[int]
    """Attempts that cost one."""
    pending: Mapped[int]
    review: Mapped[bool] = mapped_column(default=False, server_default=false())
    late: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether that submission was sent after its student's due date."""
    changed_at: Mapped[datetime]

    # SQLite keeps such a table in the order of its key: all cells of an item are read in a third of the time.
    __table_args__ = (
        Index(None, "assignment_item_id", "changed_at"),
        Index(None, "user_id"),
        {"sqlite_with_rowid": False},
    )


class Fact(Base):
    """What item analysis wants of one verdict, in a line instead of a document.  Runs have none."""

    __tablename__ = "facts"

    job_id: Mapped[int] = mapped_column(ForeignKey("verdicts.job_id"), primary_key=True, autoincrement=False)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    assignment_item_id: Mapped[int] = mapped_column(ForeignKey("assignment_items.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    revision: Mapped[str] = mapped_column(ForeignKey("revisions.hash"))
    status: Mapped[str]
    share: Mapped[float]
    outcomes: Mapped[str]
    """One letter a test, in the order of the revision's suite: `.` passed, `F` failed, `E` error, `-` not run.

    Of a short answer one a key point: `1`, `h` (half) or `0`; of choice and number what the verdict says was chosen."""
    misconceptions: Mapped[str]
    """Ids of the known mistakes that were named, with blanks between them."""
    seconds: Mapped[float]
    sent_at: Mapped[datetime]

    __table_args__ = (Index(None, "assignment_item_id", "sent_at"), Index(None, "submission_id"))

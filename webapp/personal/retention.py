"""What goes by itself when it is old, a little at a time, so that nobody waits for it.

How long each kind is kept is the operator's choice (`WORKSHOP_KEEP_…_DAYS`, 0 for ever).  What was submitted for points
is in none of them: it goes with its author (`webapp.personal.erasing`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Delete, Select, and_, delete, exists, func, select, tuple_
from sqlalchemy.orm import Session

from webapp.models import (
    Audit,
    Base,
    Database,
    Draft,
    Fact,
    Job,
    Mark,
    Notice,
    Purpose,
    State,
    Submission,
    Upload,
    UploadFile,
    Verdict,
)
from webapp.models.times import utc_now
from webapp.settings import Settings

AT_A_TIME = 200
LOOKED_EVERY_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows that go when they are old, and how many days the settings keep them."""

    name: str
    table: type[Base]
    old: Callable[[datetime], ColumnElement[bool]]
    """Whether a row is older than that."""
    days: Callable[[Settings], int]


def _old_run(before: datetime) -> ColumnElement[bool]:
    """A run that is over.  Who looks at its page has had all this time to."""
    other = and_(Job.submission_id == Submission.id, (Job.purpose != Purpose.RUN) | (Job.state != State.DONE))
    return and_(
        Submission.created_at < before,
        ~exists().where(other),
        ~exists().where(Fact.submission_id == Submission.id),
        ~exists().where(Mark.submission_id == Submission.id),
    )


def _old_file(before: datetime) -> ColumnElement[bool]:
    """A file of an upload that is over, or that nobody confirmed; what was made of it is a submission."""
    return UploadFile.upload_id.in_(select(Upload.id).where(Upload.created_at < before))


KINDS = (
    Kind("runs", Submission, _old_run, lambda settings: settings.keep_runs_days),
    Kind("drafts", Draft, lambda before: Draft.saved_at < before, lambda settings: settings.keep_drafts_days),
    Kind("uploads", UploadFile, _old_file, lambda settings: settings.keep_uploads_days),
    Kind("notices", Notice, lambda before: Notice.read_at < before, lambda settings: settings.keep_notices_days),
    Kind("log", Audit, lambda before: Audit.at < before, lambda settings: settings.keep_log_days),
)


def count(session: Session, kind: Kind, before: datetime) -> int:
    """How many would go."""
    return session.scalar(select(func.count()).select_from(kind.table).where(kind.old(before))) or 0


def step(session: Session, kind: Kind, before: datetime) -> int:
    """Let some go, the oldest first; how many.  `session` is a writing one."""
    key = list(kind.table.__table__.primary_key.columns)
    found = session.execute(select(*key).where(kind.old(before)).order_by(*key).limit(AT_A_TIME)).all()
    if not found:
        return 0
    chosen = key[0].in_([row[0] for row in found]) if len(key) == 1 else tuple_(*key).in_([tuple(row) for row in found])
    for statement in (*_before(kind, [row[0] for row in found]), delete(kind.table).where(chosen)):
        session.execute(statement.execution_options(synchronize_session=False))
    return len(found)


def _before(kind: Kind, numbers: list[Any]) -> Iterable[Delete]:
    """What points at these goes before them."""
    if kind.table is not Submission:
        return
    jobs: Select[tuple[int]] = select(Job.id).where(Job.submission_id.in_(numbers))
    yield delete(Verdict).where(Verdict.job_id.in_(jobs))
    yield delete(Job).where(Job.submission_id.in_(numbers))


class Forgetting:
    """A worker's part of it: once an hour a look, and then a step at a time while nobody waits."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings
        self._looked = time.monotonic()  # not at once: a server that is started has other things to do
        self._left: list[Kind] = []

    def step(self) -> bool:
        """Do one step; False when there is nothing to do now."""
        if not self._left:
            if time.monotonic() - self._looked < LOOKED_EVERY_SECONDS:
                return False
            self._looked = time.monotonic()
            self._left = [each for each in KINDS if each.days(self._settings)]
            if not self._left:
                return False
        kind = self._left[-1]
        before = utc_now() - timedelta(days=kind.days(self._settings))
        with self._database.reading() as session:
            found = bool(session.scalar(select(exists(select(kind.table).where(kind.old(before))))))
        if found:
            with self._database.writing() as session:
                found = step(session, kind, before) == AT_A_TIME
        if not found:
            self._left.pop()
        return True

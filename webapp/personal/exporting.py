"""Everything that is kept of one person, as an archive: JSON for programs, their files, and a page to read.

It is written to a file piece by piece, so that a long history takes no more memory than a short one, and no reader of
the database waits for a slow download.  Verdicts are as their student sees them: of a hidden test title and outcome.
Names in the archive are made of row numbers and the letters of item names, whatever those hold.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import IO, Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from questions.model import Kind
from webapp.items import item_of
from webapp.languages import say
from webapp.models import (
    Assignment,
    AssignmentItem,
    Audit,
    Course,
    Decision,
    Draft,
    Extension,
    HintReveal,
    Job,
    Mark,
    Membership,
    Notice,
    Phrasing,
    Purpose,
    RegradeRequest,
    Submission,
    User,
    Verdict,
)
from webapp.personal import page

A_BATCH = 50
SAFE = re.compile(r"[^A-Za-z0-9_-]+")
UNSAID = ("seed", "revision", "suite", "grader")
"""Of a verdict's document: with these and the item's tests the inputs of hidden ones could be drawn again."""
Row = Mapping[str, Any]


def export(session: Session, user: User, now: datetime, to: IO[bytes]) -> None:
    """Write the archive.  `session` is a reading one: all of it is of one moment."""
    items = _items(session, user.id)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as files:
        _add(files, "account.json", _json(_account(user)), now)
        memberships = list(_memberships(session, user.id))
        _add(files, "courses.json", _json(memberships), now)
        for name, rows in _lists(session, user.id, items):
            _write(files, f"{name}.json", _array(rows), now)
        _write(files, "submissions.json", _array(_submissions(session, user.id, items)), now)
        for submission, suffix, item in _sent(session, user.id, items):
            name = f"submissions/{submission.id:08d}-{SAFE.sub('-', item)[:60]}.{suffix}"
            _add(files, name, submission.content, submission.created_at)
        for draft, suffix, item in _drafts(session, user.id, items):
            name = f"drafts/{draft.assignment_item_id:08d}-{SAFE.sub('-', item)[:60]}.{suffix}"
            _add(files, name, draft.content.encode("utf-8", "replace"), draft.saved_at)
        for job, verdict in _verdicts(session, user.id):
            _add(files, f"verdicts/{job.id:08d}.json", _json(shown(verdict.document)), verdict.created_at)
        lines = page.lines(user, memberships, _submissions(session, user.id, items), now)
        _write(files, "index.html", (line.encode("utf-8", "replace") for line in lines), now)


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, max(at.astimezone(UTC).timetuple()[:6], (1980, 1, 1, 0, 0, 0)))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _add(files: zipfile.ZipFile, name: str, content: bytes, at: datetime) -> None:
    files.writestr(_entry(name, at), content)


def _write(files: zipfile.ZipFile, name: str, parts: Iterable[bytes], at: datetime) -> None:
    with files.open(_entry(name, at), "w", force_zip64=True) as file:
        for part in parts:
            file.write(part)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain).encode("utf-8", "replace") + b"\n"


def _array(rows: Iterable[Row]) -> Iterator[bytes]:
    """A JSON array, a row at a time."""
    before = b"[\n"
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False, default=_plain).encode("utf-8", "replace")
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def _plain(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def _account(user: User) -> Row:
    return {
        "email": user.email,
        "name": user.name,
        "language": user.locale,
        "time_zone": user.zone,
        "administrator": user.is_admin,
        "has_password": user.password_hash is not None,
        "since": user.created_at,
        "deletion_asked_for": user.erasure_asked_at,
    }


class _Item:
    """What an item is called, and of what kind its answers are."""

    __slots__ = ("assignment", "course", "name", "suffix", "title")

    def __init__(self, item: AssignmentItem, assignment: Assignment, course: Course, lang: str) -> None:
        asked = item_of(item.pinned)
        self.name, self.title = item.item, say(asked.title, lang)
        self.assignment, self.course = say(assignment.title, lang), say(course.title, lang)
        self.suffix = "py" if asked.kind is Kind.CODING else "txt"


def _items(session: Session, user_id: int) -> dict[int, _Item]:
    """What this person has had to do with: some hundred items at most, however often they sent."""
    lang = "zh" if (session.get_one(User, user_id).locale or "").startswith("zh") else "en"
    theirs = or_(
        *(
            AssignmentItem.id.in_(select(table.assignment_item_id).where(table.user_id == user_id).distinct())
            for table in (Submission, Draft, HintReveal)
        )
    )
    found = session.execute(
        select(AssignmentItem, Assignment, Course)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .join(Course, Course.id == Assignment.course_id)
        .where(theirs)
    )
    return {item.id: _Item(item, assignment, course, lang) for item, assignment, course in found}


def _memberships(session: Session, user_id: int) -> Iterator[Row]:
    query = (
        select(Course.title, Membership.role, Membership.external_id, Membership.joined_at)
        .join(Course, Course.id == Membership.course_id)
        .where(Membership.user_id == user_id)
        .order_by(Course.id)
    )
    for title, role, number, joined in session.execute(query):
        yield {"course": title, "role": role, "student_number": number, "joined_at": joined}


def _rows(session: Session, query: Select[Any]) -> Iterator[Any]:
    return iter(session.execute(query.execution_options(yield_per=A_BATCH)))


def _submissions(session: Session, user_id: int, items: Mapping[int, _Item]) -> Iterator[Row]:
    query = (
        select(
            Submission.id, Submission.assignment_item_id, Submission.created_at, Submission.variant,
            Submission.sent_by_id, Submission.free, Job.id.label("job_id"), Job.purpose, Job.state, Verdict.status,
            Verdict.score, Verdict.max_score, Mark.score.label("mark"), Mark.source, Mark.reason,
        )
        .join(Job, (Job.submission_id == Submission.id) & Job.purpose.in_((Purpose.RUN, Purpose.SUBMIT)))
        .outerjoin(Verdict, Verdict.job_id == Job.id)
        .outerjoin(Mark, Mark.submission_id == Submission.id)
        .where(Submission.user_id == user_id)
        .order_by(Submission.id)
    )  # fmt: skip
    for row in _rows(session, query):
        item = items[row.assignment_item_id]
        yield {
            "submission": row.id,
            "course": item.course,
            "assignment": item.assignment,
            "item": item.title,
            "sent_at": row.created_at,
            "purpose": row.purpose,
            "variant": row.variant,
            "handed_in_by_staff": row.sent_by_id is not None,
            "costs_no_attempt": row.free,
            "state": row.state,
            "status": row.status,
            "score": row.score,
            "of": row.max_score,
            "points": row.mark,
            "given_by": row.source,
            "reason": row.reason or "",
            "file": f"submissions/{row.id:08d}-{SAFE.sub('-', item.name)[:60]}.{item.suffix}",
            "verdict": f"verdicts/{row.job_id:08d}.json" if row.status else None,
        }


def _sent(session: Session, user_id: int, items: Mapping[int, _Item]) -> Iterator[tuple[Submission, str, str]]:
    query = select(Submission).where(Submission.user_id == user_id).order_by(Submission.id)
    for (submission,) in _rows(session, query):
        item = items[submission.assignment_item_id]
        yield submission, item.suffix, item.name
        session.expunge(submission)


def _drafts(session: Session, user_id: int, items: Mapping[int, _Item]) -> Iterator[tuple[Draft, str, str]]:
    for draft in session.scalars(select(Draft).where(Draft.user_id == user_id)):
        item = items[draft.assignment_item_id]
        yield draft, item.suffix, item.name


def _verdicts(session: Session, user_id: int) -> Iterator[tuple[Job, Verdict]]:
    """Those their student may see: of a regrade only one that counts."""
    query = (
        select(Job, Verdict)
        .join(Verdict, Verdict.job_id == Job.id)
        .outerjoin(Mark, Mark.verdict_job_id == Job.id)
        .where(Job.user_id == user_id, or_(Job.purpose != Purpose.REGRADE, Mark.submission_id.is_not(None)))
        .order_by(Job.id)
    )
    for job, verdict in _rows(session, query):
        yield job, verdict
        session.expunge(verdict)
        session.expunge(job)


def shown(document: Mapping[str, Any]) -> Row:
    """A verdict's document as its student may have it."""
    tests = [_shown_test(test, place) for place, test in enumerate(document.get("tests") or (), 1)]
    named = {old["name"]: new["name"] for old, new in zip(document.get("tests") or (), tests, strict=True)}
    said: Row = {name: value for name, value in document.items() if name not in UNSAID}
    return {
        **said,
        "tests": tests,
        "diagnosis": [
            {**found, "tests": [named.get(name, name) for name in found["tests"]]}
            for found in document.get("diagnosis") or ()
        ],
        "key_points": [_shown_point(point) for point in document.get("key_points") or ()],
    }


def _shown_point(point: Row) -> Row:
    """What is still missing is for the pages to tell, once it is no help any more."""
    return point if point["award"] >= 1 else {name: value for name, value in point.items() if name != "description"}


def _shown_test(test: Row, place: int) -> Row:
    if not test.get("hidden"):
        return test
    open_ = {name: test.get(name) for name in ("title", "status", "hidden", "points", "max_points")}
    return {"name": f"hidden-{place}", **open_}


def _lists(session: Session, user_id: int, items: Mapping[int, _Item]) -> Iterator[tuple[str, Iterable[Row]]]:
    """The short lists.  What others wrote for each other about them (reasons of dates, of entries) is in none."""
    sent = select(Submission.id).where(Submission.user_id == user_id)
    yield "hints", (
        {"item": items[each.assignment_item_id].title, "number": each.number, "opened_at": each.revealed_at}
        for each in session.scalars(select(HintReveal).where(HintReveal.user_id == user_id))
    )
    yield "dates", (
        {"assignment": title, "due_at": own.due_at, "closes_at": own.closes_at}
        for own, title in session.execute(
            select(Extension, Assignment.title)
            .join(Assignment, Assignment.id == Extension.assignment_id)
            .where(Extension.user_id == user_id)
        )
    )
    yield "notices", (
        {"kind": each.kind, "says": each.data, "at": each.created_at, "read_at": each.read_at}
        for each in session.scalars(select(Notice).where(Notice.user_id == user_id).order_by(Notice.id))
    )
    yield "requests", (
        {"submission": each.submission_id, "text": each.text, "state": each.state, "at": each.created_at,
         "answer": each.answer, "answered_at": each.answered_at}
        for each in session.scalars(
            select(RegradeRequest).where(RegradeRequest.submission_id.in_(sent)).order_by(RegradeRequest.id)
        )
    )  # fmt: skip
    yield "reviews", (
        {"submission": each.submission_id, "key_point": each.key_point, "award": each.award, "at": each.created_at,
         "undone_at": each.undone_at}
        for each in session.scalars(
            select(Decision).where(Decision.submission_id.in_(sent)).order_by(Decision.id)
        )
    )  # fmt: skip
    yield "phrasings", (
        {"submission": each.submission_id, "text": each.text, "state": each.state, "at": each.created_at}
        for each in session.scalars(select(Phrasing).where(Phrasing.submission_id.in_(sent)).order_by(Phrasing.id))
    )
    yield "log", (
        {"at": each.at, "action": each.action, "subject": each.subject}
        for each in session.scalars(
            select(Audit)
            .where(or_(Audit.actor_id == user_id, Audit.subject.contains(f"user:{user_id}")))
            .order_by(Audit.id)
            .execution_options(yield_per=500)
        )
        if each.actor_id == user_id or f"user:{user_id}" in each.subject.split()
    )

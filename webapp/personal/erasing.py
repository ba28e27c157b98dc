"""Deleting a person: everything that says who they are or what they wrote goes, and what a class is counted by stays.

`plan` says beforehand what will be lost.  `erase` does all of it in one transaction, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Delete,
    Select,
    Table,
    Update,
    cast,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy import String as Text
from sqlalchemy.orm import Session, aliased

from grader.errors import WorkshopError
from webapp import audit
from webapp.models import (
    Audit,
    Base,
    Course,
    Decision,
    Draft,
    Extension,
    Fact,
    HintReveal,
    ItemStanding,
    Job,
    Mark,
    Membership,
    Notice,
    Phrasing,
    RegradeLine,
    RegradeRequest,
    ReviewHold,
    Role,
    State,
    Submission,
    Task,
    Turn,
    UploadFile,
    User,
    Verdict,
)
from webapp.personal.holdings import WORDS

DOMAIN = "deleted.invalid"
"""No address of it can exist (RFC 2606)."""
SHORTEST_NAME = 2
"""A name of one letter cannot be told from a word."""
PROGRAMS = re.compile("[a-z][a-z_-]*")
"""How our own words in a document look.  Somebody may be called `score`, and a document without one is broken."""
TELLING = re.compile(r"[ @\d\u3400-\u9fff]")
"""What a name, address or number has that says whose a file is: somebody called `py` would have everybody's deleted."""
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


class CannotErase(WorkshopError):
    """Somebody is needed where they are."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be lost, and what stays without a name."""

    user_id: int
    name: str
    email: str
    courses: int
    submissions: int
    """Emptied: they were judged, and counted."""
    runs: int
    drafts: int
    marks: int
    notices: int
    requests: int
    phrasings: int
    """Words of theirs that were offered to a bank and not taken."""
    done_for_others: int
    """Entries of the log about what they did; they stay, without a name."""


def plan(session: Session, user: User) -> Plan:
    """Look at what there is."""

    def count(table: type[Base], *conditions: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0

    sent = count(Submission, Submission.user_id == user.id)
    counted = session.scalar(select(func.count()).select_from(_counted(user.id).subquery())) or 0
    return Plan(
        user_id=user.id,
        name=user.name,
        email=user.email,
        courses=count(Membership, Membership.user_id == user.id),
        submissions=counted,
        runs=sent - counted,
        drafts=count(Draft, Draft.user_id == user.id),
        marks=count(Mark, Mark.submission_id.in_(_sent(user.id))),
        notices=count(Notice, Notice.user_id == user.id),
        requests=count(RegradeRequest, RegradeRequest.submission_id.in_(_sent(user.id))),
        phrasings=count(Phrasing, Phrasing.submission_id.in_(_sent(user.id)), Phrasing.state != "taken"),
        done_for_others=count(Audit, Audit.actor_id == user.id),
    )


_Sent = aliased(Submission)
"""Under another name, so that it can stand within statements on submissions."""
_JUDGED = exists().where(Fact.submission_id == _Sent.id)


def _sent(user_id: int) -> Select[tuple[int]]:
    return select(_Sent.id).where(_Sent.user_id == user_id)


def _counted(user_id: int) -> Select[tuple[int]]:
    """Submissions that figures of a class are made of."""
    return _sent(user_id).where(_JUDGED)


def needed(session: Session, user: User) -> str:
    """Why somebody cannot go yet, for who wants to delete them; empty where they can."""
    if user.is_admin and session.scalar(select(func.count()).select_from(User).where(User.is_admin)) == 1:
        return "last-administrator"
    another = aliased(Membership)
    other = exists().where(
        another.course_id == Course.id, another.role == Role.INSTRUCTOR, another.user_id != user.id
    )
    alone = (
        select(Course.id)
        .join(Membership, Membership.course_id == Course.id)
        .where(Membership.user_id == user.id, Membership.role == Role.INSTRUCTOR, Course.archived_at.is_(None), ~other)
    )
    return "last-instructor" if session.scalar(alone.limit(1)) is not None else ""


REMEDIES = {
    "last-administrator": "make somebody else an administrator first: workshop admin EMAIL",
    "last-instructor": "make somebody else an instructor of their course first, or archive it",
}


def erase(session: Session, user_id: int, actor_id: int | None, now: datetime) -> Plan:
    """Delete what is kept of somebody; what was lost.  `session` is a writing one.

    Raises `CannotErase`, and nothing is done, while they are the last administrator or a course's last instructor.
    """
    # A worker that stores a verdict holds its job, then its person: in that order here too, so that it is done or not.
    unfinished = select(Job.id).where(Job.user_id == user_id, Job.state != State.DONE).order_by(Job.id)
    session.execute(unfinished.with_for_update()).all()
    user = session.scalars(select(User).where(User.id == user_id).with_for_update()).one()
    if user.erased_at is not None or user.is_guest:
        raise CannotErase("there is nobody to delete", remedy="see /admin for the accounts there are")
    if why := needed(session, user):
        raise CannotErase(f"{user.email} cannot be deleted: {why.replace('-', ' ')}", remedy=REMEDIES[why])
    lost = plan(session, user)
    _shred_on_disk(session)
    struck = _struck_out(session, user)
    _forget_account(session, user, now)
    for statement in _removals(user_id):
        session.execute(statement.execution_options(synchronize_session=False))
    _empty_verdicts(session, user_id)
    for change in _emptyings(user_id):
        session.execute(change.execution_options(synchronize_session=False))
    _empty_pairs(session, user_id)
    _silence_log(session, user_id)
    _strike_out(session, struck)
    audit.note(session, now, actor_id, "account-erase", f"user:{user_id}")
    session.expire_all()
    return lost


def _shred_on_disk(session: Session) -> None:
    """SQLite leaves what was deleted in its file until the space is used again; here it writes zeros over it.

    PostgreSQL's own cleaning (autovacuum) does the same in its time.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete = ON")


def _forget_account(session: Session, user: User, now: datetime) -> None:
    user.email = f"deleted-{user.id}@{DOMAIN}"
    user.name, user.password_hash, user.locale, user.zone, user.session_key = "", None, None, None, ""
    user.is_admin, user.erased_at, user.erasure_asked_at = False, now, None
    session.flush()


def _removals(user_id: int) -> list[Delete]:
    """What goes, what points at something before what it points at."""
    sent = _sent(user_id)
    lost = sent.where(~_JUDGED)
    its = aliased(Job)
    jobs = select(its.id).where(
        its.submission_id.in_(sent),
        or_(its.submission_id.in_(lost), its.state != State.DONE),
    )
    return [
        delete(Draft).where(Draft.user_id == user_id),
        delete(HintReveal).where(HintReveal.user_id == user_id),
        delete(Extension).where(Extension.user_id == user_id),
        delete(Turn).where(Turn.user_id == user_id),
        delete(Notice).where(Notice.user_id == user_id),
        delete(ReviewHold).where(ReviewHold.reviewer_id == user_id),
        delete(UploadFile).where(or_(UploadFile.user_id == user_id, UploadFile.submission_id.in_(sent))),
        delete(RegradeRequest).where(RegradeRequest.submission_id.in_(sent)),
        delete(Phrasing).where(Phrasing.submission_id.in_(sent), Phrasing.state != "taken"),
        delete(RegradeLine).where(or_(RegradeLine.submission_id.in_(lost), RegradeLine.job_id.in_(jobs))),
        delete(Decision).where(Decision.submission_id.in_(lost)),
        delete(Mark).where(Mark.submission_id.in_(lost)),
        delete(Verdict).where(Verdict.job_id.in_(jobs)),
        delete(Job).where(Job.id.in_(jobs)),
        delete(ItemStanding).where(ItemStanding.submission_id.in_(lost)),
        delete(Submission).where(Submission.id.in_(lost)),
        delete(Membership).where(Membership.user_id == user_id),
    ]


def _emptyings(user_id: int) -> list[Update]:
    """What stays for its numbers, without words."""
    sent = _sent(user_id)
    return [
        update(Submission)
        .where(Submission.user_id == user_id)
        .values(content=b"", client_key=literal("deleted-") + cast(Submission.id, Text)),
        update(Mark).where(Mark.submission_id.in_(sent)).values(reason="", review=False),
        update(Decision).where(Decision.submission_id.in_(sent)).values(evidence="", digest=""),
        update(Phrasing).where(Phrasing.submission_id.in_(sent)).values(submission_id=None),
        update(ItemStanding).where(ItemStanding.user_id == user_id).values(review=False, pending=0),
    ]


def _empty_verdicts(session: Session, user_id: int) -> None:
    """Of a verdict status and score stay; the document is one without tests, so that whatever reads it still can."""
    judged = select(Verdict).join(Job, Job.id == Verdict.job_id).where(Job.submission_id.in_(_sent(user_id)))
    for verdict in session.scalars(judged.execution_options(yield_per=200)):
        kept = {name: verdict.document.get(name) for name in ("item", "revision", "suite")}
        verdict.document = empty_document(verdict.status, verdict.score, verdict.max_score, kept)
        verdict.note, verdict.review = "", False
    lines = select(RegradeLine).where(RegradeLine.submission_id.in_(_sent(user_id)))
    for line in session.scalars(lines):
        if line.before and line.before.get("reason"):
            line.before = line.before | {"reason": ""}
    session.flush()


def empty_document(status: str, score: float, max_score: float, kept: dict[str, Any]) -> dict[str, Any]:
    """A verdict that says how it ended and nothing of what was sent."""
    from grader.documents import verdict_to_json
    from grader.verdict import Status
    from grader.verdict import Verdict as Outcome

    named = {name: str(kept.get(name) or "") for name in ("item", "revision", "suite")}
    return verdict_to_json(
        Outcome(**named, grader="", seed=0, status=Status(status), score=score, max_score=max_score)
    )


def _empty_pairs(session: Session, user_id: int) -> None:
    """Comparisons of a class quote what two have in common: pairs with this person's work go."""
    gone = set(session.scalars(_sent(user_id)))
    for task in session.scalars(select(Task).where(Task.kind == "similarity", Task.result.is_not(None))):
        result = task.result or {}
        pairs = [pair for pair in result.get("pairs", ()) if not gone.intersection(pair[:2])]
        clusters = [[each for each in cluster if each not in gone] for cluster in result.get("clusters", ())]
        task.result = result | {"pairs": pairs, "clusters": [each for each in clusters if len(each) > 1]}
    session.flush()


def _silence_log(session: Session, user_id: int) -> None:
    """Entries about this person, or about what they sent, keep what was done and when."""
    gone = {f"submission:{number}" for number in session.scalars(_sent(user_id))}
    own = f"user:{user_id}"
    named_within = (_text(session, column).contains(str(user_id)) for column in (Audit.before, Audit.after))
    marked = or_(Audit.subject.contains(own), Audit.subject.contains("submission:"), *named_within)
    said = or_(Audit.reason != "", Audit.before.is_not(None), Audit.after.is_not(None))
    for entry in session.scalars(select(Audit).where(marked, said).execution_options(yield_per=500)):
        named = set(entry.subject.split())
        if own in named or named & gone or _concerns(entry, user_id):
            entry.reason, entry.before, entry.after = "", None, None
    session.flush()


def _concerns(entry: Audit, user_id: int) -> bool:
    return any(
        values.get(key) == user_id
        for values in (entry.before, entry.after)
        if values
        for key in ("user", "student", "user_id")
    )


Strike = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Struck:
    """What is looked for in what others wrote, how it is taken out there, and what surely means this person."""

    words: tuple[str, ...]
    strike: Strike
    tells: Callable[[str], bool]


def _struck_out(session: Session, user: User) -> _Struck:
    """What to look for in what others wrote, and how it is taken out there: email, name, student numbers."""
    numbers = session.scalars(select(Membership.external_id).where(Membership.user_id == user.id))
    words = [user.email, *(each for each in (user.name, *numbers) if each and len(each) >= SHORTEST_NAME)]
    instead = f"deleted-{user.id}"
    patterns = [re.compile(re.escape(each) if HAN.search(each) else _whole(each), re.IGNORECASE) for each in words]
    sure = [pattern for word, pattern in zip(words, patterns, strict=True) if TELLING.search(word)]

    def strike(text: str) -> str:
        for pattern in patterns:
            text = pattern.sub(instead, text)
        return text

    return _Struck(tuple(words), strike, lambda text: any(pattern.search(text) for pattern in sure))


def _whole(word: str) -> str:
    return rf"(?<![^\W_]){re.escape(word)}(?![^\W_])"


def _strike_out(session: Session, struck: _Struck) -> None:
    strike = struck.strike
    for place in WORDS:
        table_name, _, column_name = place.partition(".")
        table = Base.metadata.tables[table_name]
        column = table.c[column_name]
        for key, value in _holding(session, table, column, struck.words):
            changed = strike(value) if isinstance(value, str) else _deep(value, strike)
            if changed == value:
                continue
            if table_name == "upload_files" and struck.tells(value):
                # Nobody was found for it, and by its name it is this person's.
                session.execute(delete(table).where(*_is(table, key), table.c.submission_id.is_(None)))
            session.execute(update(table).where(*_is(table, key)).values({column_name: changed}))


def _holding(session: Session, table: Table, column: Any, words: tuple[str, ...]) -> list[tuple[tuple[Any, ...], Any]]:
    """Rows whose text has one of the words; JSON is kept with other letters than ASCII's written as numbers."""
    text = _text(session, column)
    forms = {form for word in words for form in (word, word.encode("unicode_escape").decode("ascii"))}
    looked = or_(*(text.icontains(form, autoescape=True) for form in forms))
    found = session.execute(select(*table.primary_key.columns, column).where(looked))
    return [(tuple(row[:-1]), row[-1]) for row in found]


def _text(session: Session, column: Any) -> Any:
    """A column as it is written, also where it is JSON."""
    if not isinstance(column.type, JSON):
        return column
    return type_coerce(column, Text) if session.get_bind().dialect.name == "sqlite" else cast(column, Text)


def _is(table: Table, key: tuple[Any, ...]) -> list[ColumnElement[bool]]:
    return [part == value for part, value in zip(table.primary_key.columns, key, strict=True)]


def _deep(value: Any, strike: Strike) -> Any:
    """A document's texts struck out, but for what looks like a word of our own, which only as somebody's `name` is."""
    if isinstance(value, str):
        return value if PROGRAMS.fullmatch(value) else strike(value)
    if isinstance(value, dict):
        named = {"name": strike(value["name"])} if isinstance(value.get("name"), str) else {}
        return {_deep(key, strike): _deep(inner, strike) for key, inner in value.items()} | named
    return [_deep(inner, strike) for inner in value] if isinstance(value, list) else value

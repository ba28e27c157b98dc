"""Finding entries of the log, a page at a time and in a constant number of queries."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, or_, select, true
from sqlalchemy.orm import Session

from grader.csv_text import Cell
from webapp.models import Audit, Submission, User
from webapp.models.searching import contains
from webapp.teach.log.names import Names, names_of, number, parts, person_in
from webapp.teach.log.sentences import TELLS_ALL, action_word, sentence
from webapp.teach.log.shown import difference, link
from webapp.teach.log.values import Filters, Line, Log

A_PAGE = 100
MOST_PEOPLE = 50
"""How many of those whose names fit are looked for."""
LONGEST_EXPORT = 50_000
AT_A_TIME = 500


def page(session: Session, course_id: int | None, filters: Filters, number_: int, lang: str, zone: ZoneInfo) -> Log:
    """One page; without a course, of everything on the server."""
    wanted = _wanted(session, course_id, filters, zone)
    total = session.scalar(select(func.count()).select_from(Audit).where(wanted)) or 0
    pages = max(1, -(-total // A_PAGE))
    number_ = min(max(1, number_), pages)
    entries = session.scalars(_newest(wanted).limit(A_PAGE).offset((number_ - 1) * A_PAGE)).all()
    names = names_of(session, entries, lang)
    lines = tuple(_line(entry, names, lang, named=course_id is None) for entry in entries)
    return Log(lines, total, number_, pages, _actions(session, course_id))


def table(
    session: Session, course_id: int | None, filters: Filters, lang: str, zone: ZoneInfo
) -> Iterator[Sequence[Cell]]:
    """What was looked for as a table, its heading first."""
    yield ["at", "who", "action", "what", "subject", "before", "after", "reason", "course"]
    wanted = _wanted(session, course_id, filters, zone)
    for start in range(0, LONGEST_EXPORT, AT_A_TIME):
        entries = session.scalars(_newest(wanted).limit(AT_A_TIME).offset(start)).all()
        names = names_of(session, entries, lang)
        for entry in entries:
            yield [
                f"{entry.at:%Y-%m-%dT%H:%M:%SZ}",
                names.people.get(entry.actor_id or 0, ("", ""))[1],
                entry.action,
                sentence(entry, names),
                entry.subject,
                _json(entry.before),
                _json(entry.after),
                entry.reason,
                names.courses.get(entry.course_id or 0, ""),
            ]
        if len(entries) < AT_A_TIME:
            return


def _json(values: dict[str, Any] | None) -> str:
    return json.dumps(values, ensure_ascii=False) if values else ""


def _newest(wanted: ColumnElement[bool]) -> Select[tuple[Audit]]:
    return select(Audit).where(wanted).order_by(Audit.at.desc(), Audit.id.desc())


def _actions(session: Session, course_id: int | None) -> tuple[tuple[str, str], ...]:
    query = select(Audit.action).distinct()
    if course_id is not None:
        query = query.where(Audit.course_id == course_id)
    return tuple(sorted(((each, action_word(each)) for each in session.scalars(query)), key=lambda pair: pair[1]))


def _wanted(session: Session, course_id: int | None, filters: Filters, zone: ZoneInfo) -> ColumnElement[bool]:
    wanted: list[ColumnElement[bool]] = [true()] if course_id is None else [Audit.course_id == course_id]
    if filters.who.strip():
        wanted.append(_of_people(session, filters.who))
    if filters.action:
        wanted.append(Audit.action == filters.action)
    wanted += [_says(word) for word in filters.text[:200].split()[:10]]
    if filters.since:
        wanted.append(Audit.at >= datetime.combine(filters.since, time(), zone))
    if filters.until:
        wanted.append(Audit.at < datetime.combine(filters.until + timedelta(days=1), time(), zone))
    return and_(*wanted)


def _says(word: str) -> ColumnElement[bool]:
    """Whether an entry says this anywhere.  Values are kept as JSON, in which other letters than Latin are escaped."""
    escaped = json.dumps(word)[1:-1]
    plain = [column.icontains(word, autoescape=True) for column in (Audit.subject, Audit.action, Audit.reason)]
    values = [
        cast(column, String).icontains(text, autoescape=True)
        for column in (Audit.before, Audit.after)
        for text in {word, escaped}
    ]
    return or_(*plain, *values)


def _of_people(session: Session, text: str) -> ColumnElement[bool]:
    """Entries by, or about, people with these words in name or email."""
    fits = contains(text, User.name, User.email)
    found = session.execute(select(User.id, User.email).where(fits).order_by(User.id).limit(MOST_PEOPLE)).all()
    ids = [user_id for user_id, _email in found]
    about: list[ColumnElement[bool]] = []
    for user_id, email in found:
        about += [Audit.subject == f"user:{user_id}", Audit.subject.endswith(f" user:{user_id}", autoescape=True)]
        for column in (Audit.before, Audit.after):
            told = cast(column, String)
            about += [told.contains(f'"user": {user_id}{end}', autoescape=True) for end in (",", "}")]
            about.append(told.contains(json.dumps(email), autoescape=True))
    sent = select(literal("submission:") + cast(Submission.id, String)).where(Submission.user_id.in_(ids))
    return or_(Audit.actor_id.in_(ids), Audit.subject.in_(sent), *about)


def _line(entry: Audit, names: Names, lang: str, *, named: bool) -> Line:
    people = (entry.after or {}).get("people") if entry.action == "member-add" else None
    added = tuple(str(each.get("email", "")) for each in people) if isinstance(people, list) else ()
    return Line(
        id=entry.id,
        at=entry.at,
        sentence=sentence(entry, names),
        reason=entry.reason,
        differences=() if entry.action in TELLS_ALL else difference(entry.before, entry.after),
        people=added if len(added) > 1 else (),
        url=link(entry.course_id, parts(entry.subject), number(person_in(entry))),
        course=names.courses.get(entry.course_id or 0, "") if named else "",
    )

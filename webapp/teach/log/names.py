"""What the rows that a log speaks of are called, all of a page's at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp.addresses import LARGEST_NUMBER
from webapp.items import item_of
from webapp.languages import say
from webapp.models import Assignment, AssignmentItem, Audit, Course, Submission, User

PART = re.compile(r"([a-z][a-z-]*):(\S+)")
PEOPLE = ("user", "student", "user_id")
"""What an entry's values call a person."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A submission: whose, and for what."""

    user_id: int
    item_id: int


@dataclass(frozen=True, slots=True)
class Names:
    """What there is, by its number."""

    people: dict[int, tuple[str, str]]
    """Name and email."""
    courses: dict[int, str]
    assignments: dict[int, str]
    items: dict[int, str]
    submissions: dict[int, Sent]

    def person(self, user_id: int | None) -> str:
        """What somebody is called; empty for nobody."""
        name, email = self.people.get(user_id or 0, ("", ""))
        return name or email


def parts(subject: str) -> dict[str, str]:
    """What a subject names: `course:1 user:5` is a course and a person."""
    return dict(PART.findall(subject))


def number(text: Any) -> int:
    """A row's number, or nought."""
    if isinstance(text, int) and not isinstance(text, bool):
        return text if 0 < text <= LARGEST_NUMBER else 0
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 10 else 0


def person_in(entry: Audit) -> int:
    """Whom an entry concerns besides its actor, as far as it says so itself."""
    named = parts(entry.subject)
    if "user" in named:
        return number(named["user"])
    for values in (entry.after, entry.before):
        for key in PEOPLE:
            if values and number(values.get(key)):
                return number(values[key])
    return 0


def names_of(session: Session, entries: Iterable[Audit], lang: str) -> Names:
    """The names of everything these entries speak of, in one query for each kind of thing."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        for kind, found in _numbers(entry):
            wanted[kind].add(found)
    submissions = {
        number_: Sent(user_id, item_id)
        for number_, user_id, item_id in session.execute(
            select(Submission.id, Submission.user_id, Submission.assignment_item_id).where(
                Submission.id.in_(wanted["submission"])
            )
        )
    }
    wanted["user"] |= {each.user_id for each in submissions.values()}
    wanted["item"] |= {each.item_id for each in submissions.values()}
    people = session.execute(select(User.id, User.name, User.email).where(User.id.in_(wanted["user"])))
    courses = session.execute(select(Course.id, Course.title).where(Course.id.in_(wanted["course"])))
    titles = session.execute(select(Assignment.id, Assignment.title).where(Assignment.id.in_(wanted["assignment"])))
    items = session.scalars(
        select(AssignmentItem).where(AssignmentItem.id.in_(wanted["item"])).options(joinedload(AssignmentItem.pinned))
    )
    return Names(
        people={user_id: (name, email) for user_id, name, email in people},
        courses={course_id: say(title, lang) for course_id, title in courses},
        assignments={assignment_id: say(title, lang) for assignment_id, title in titles},
        items={each.id: say(item_of(each.pinned).title, lang) for each in items},
        submissions=submissions,
    )


def _numbers(entry: Audit) -> Iterator[tuple[str, int]]:
    for kind, text in parts(entry.subject).items():
        if found := number(text):
            yield kind.removeprefix("assignment-") if kind == "assignment-item" else kind, found
    if entry.actor_id:
        yield "user", entry.actor_id
    if found := person_in(entry):
        yield "user", found
    if entry.course_id:
        yield "course", entry.course_id

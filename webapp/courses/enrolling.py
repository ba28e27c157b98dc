"""Bringing a list of people into a course: first what would become of everybody, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.courses import membership
from webapp.courses.membership import Refused
from webapp.courses.roster import Listed
from webapp.models import Membership, Role, User
from webapp.models.searching import alphabetical

AT_A_TIME = 5000
"""Addresses asked for in one query: a database takes only so many values."""


class Fate(StrEnum):
    """What becomes of somebody on the list."""

    ADDED = "added"
    CHANGED = "changed"
    LEFT = "left"
    """They are in the course just so."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as they would be, and as they are; a change is where the two differ."""

    row: int
    user_id: int | None
    email: str
    fate: Fate
    name: str
    role: Role
    external_id: str | None
    name_before: str = ""
    role_before: Role | None = None
    external_id_before: str | None = None
    keeps_name: bool = False
    """The list has another name than the one its holder chose."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A student of the course who is not on the list."""

    user_id: int
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying a list does."""

    people: tuple[Person, ...]
    refused: tuple[tuple[Person, Refused], ...]
    absent: tuple[Absent, ...]
    digest: str = field(compare=False)
    """Stands for all of it: what was shown is what is done, or it is shown anew."""

    def of(self, fate: Fate) -> list[Person]:
        """Those with that fate."""
        return [each for each in self.people if each.fate is fate]


def plan(session: Session, course_id: int, listed: Sequence[Listed], actor_id: int) -> Plan:
    """What would become of everybody on the list, in a constant number of queries for a list of usual length."""
    emails = [each.email for each in listed]
    accounts = {user.email: user for user in _accounts(session, emails)}
    members = {
        member.user_id: (user, member)
        for user, member in session.execute(
            select(User, Membership)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.course_id == course_id)
            .order_by(alphabetical(User.name), User.id)
        )
    }
    people = []
    for each in listed:
        user = accounts.get(each.email)
        member = members[user.id][1] if user is not None and user.id in members else None
        people.append(_person(each, user, member))
    roles = {user_id: Role(member.role) for user_id, (_user, member) in members.items()}
    changes: dict[int, Role | None] = {
        each.user_id: each.role for each in people if each.user_id is not None and each.role is not each.role_before
    }
    why = membership.refusals(roles, changes, actor_id)
    named = set(emails)
    absent = tuple(
        Absent(user.id, user.email, user.name)
        for user, member in members.values()
        if member.role == Role.STUDENT and user.email not in named
    )
    allowed = tuple(each for each in people if each.user_id not in why)
    refused = tuple((each, why[each.user_id]) for each in people if each.user_id is not None and each.user_id in why)
    content = repr(([replace(each, row=0) for each in allowed], absent))
    digest = sha256(content.encode("utf-8", "replace")).hexdigest()[:32]
    return Plan(allowed, refused, absent, digest)


def _accounts(session: Session, emails: Sequence[str]) -> Iterator[User]:
    for start in range(0, len(emails), AT_A_TIME):
        part = emails[start : start + AT_A_TIME]
        yield from session.scalars(select(User).where(User.email.in_(part), User.is_guest.is_(False)))


def _person(listed: Listed, user: User | None, member: Membership | None) -> Person:
    name = membership.name_for(user, listed.name) if user is not None else listed.name
    common = {"row": listed.row, "email": listed.email, "name": name}
    if member is None or user is None:
        return Person(
            **common,
            user_id=user.id if user is not None else None,
            fate=Fate.ADDED,
            role=listed.role or Role.STUDENT,
            external_id=listed.external_id,
            name_before=user.name if user is not None else "",
        )
    role = listed.role or Role(member.role)
    external_id = listed.external_id or member.external_id
    same = (name, role, external_id) == (user.name, member.role, member.external_id)
    return Person(
        **common,
        user_id=user.id,
        fate=Fate.LEFT if same else Fate.CHANGED,
        role=role,
        external_id=external_id,
        name_before=user.name,
        role_before=Role(member.role),
        external_id_before=member.external_id,
        keeps_name=bool(listed.name) and listed.name != name,
    )


def carry_out(
    session: Session, course_id: int, planned: Plan, actor_id: int, now: datetime, *, remove_absent: bool = False
) -> None:
    """Do what was planned in this very transaction."""
    new = {
        each.email: User(email=each.email, name=each.name, created_at=now)
        for each in planned.people
        if each.user_id is None
    }
    session.add_all(new.values())
    session.flush()
    added = planned.of(Fate.ADDED)
    for each in added:
        user = new.get(each.email) or session.get_one(User, each.user_id)
        user.name = each.name
        membership.enrol(session, course_id, user.id, each.role, each.external_id, now)
    if added:
        people = [{"email": each.email, "role": each.role.value} for each in added]
        after = {"count": len(people), "people": people}
        audit.note(session, now, actor_id, "member-add", f"course:{course_id}", course_id=course_id, after=after)
    for each in planned.of(Fate.CHANGED):
        _change(session, course_id, each, actor_id, now)
    if remove_absent:
        gone = [each.user_id for each in planned.absent]
        membership.change(session, course_id, gone, None, actor_id, now)
    session.flush()


def _change(session: Session, course_id: int, person: Person, actor_id: int, now: datetime) -> None:
    assert person.user_id is not None
    user, member = session.get_one(User, person.user_id), session.get_one(Membership, (course_id, person.user_id))
    fields = (
        ("name", user.name, person.name),
        ("role", member.role, person.role.value),
        ("external_id", member.external_id, person.external_id),
    )
    changed = [each for each in fields if each[1] != each[2]]
    user.name, member.role, member.external_id = person.name, person.role, person.external_id
    if person.role is not person.role_before:
        membership.end_older_links(session, user.id, person.role)
    audit.note(
        session,
        now,
        actor_id,
        "member-change",
        f"course:{course_id} user:{user.id}",
        course_id=course_id,
        before={name: old for name, old, _new in changed},
        after={name: new for name, _old, new in changed},
    )

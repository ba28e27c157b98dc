"""What the forms of regrades bring, checked against the course.  Raises `Refusal` with what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from webapp.addresses import row_number, row_numbers
from webapp.courses.names import normal_email
from webapp.models import Membership, Submission, User
from webapp.refusals import Refusal
from webapp.regrading.applying import Choice
from webapp.regrading.asking import Scope, Wanted
from webapp.regrading.comparing import CHOOSABLE, Group
from webapp.teach.regrades.values import Filters

LONGEST_REASON = 1000
LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A form for a new regrade, as it was typed."""

    item_ids: tuple[int, ...]
    revisions: dict[int, str]
    scope: str = Scope.COUNTING
    reason: str = ""
    student: str = ""
    submission_id: int | None = None


def _numbers(form: MultiDict[str, str], name: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(row_numbers(form.getlist(name))))


def read_asked(form: MultiDict[str, str]) -> Asked:
    """Whatever came, form or address."""
    items = _numbers(form, "item")
    return Asked(
        item_ids=items,
        revisions={item: form.get(f"revision_{item}", "") for item in items if form.get(f"revision_{item}")},
        scope=form.get("scope", Scope.COUNTING),
        reason=form.get("reason", "")[: 4 * LONGEST_REASON],
        student=form.get("student", "")[:400],
        submission_id=form.get("submission", type=row_number),
    )


def _refuse(message: str) -> Refusal:
    return Refusal("regrade", message, HTTPStatus.BAD_REQUEST)


def cleaned_reason(text: str, longest: int = LONGEST_REASON) -> str:
    """A reason that students will read."""
    text = text.replace("\r\n", "\n").replace("\0", "�").strip()
    if not text:
        raise _refuse(_("Give a reason; the students concerned read it."))
    if len(text) > longest:
        raise _refuse(_("The reason has more than %(number)s characters. Shorten it.", number=f"{longest:,}"))
    return text


def wanted_of(session: Session, course_id: int, asked: Asked, revisions: dict[int, str]) -> Wanted:
    """What a form asks for; `revisions` are those of the items of this course that it names."""
    if not revisions or set(revisions) != set(asked.item_ids):
        raise _refuse(_("Choose at least one item of this course."))
    if asked.scope not in list(Scope):
        raise _refuse(_("Choose which submissions are graded again."))
    scope, user_id = Scope(asked.scope), None
    if scope is Scope.STUDENT:
        user_id = session.scalar(
            select(User.id)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.course_id == course_id, User.email == normal_email(asked.student))
        )
        if user_id is None:
            raise _refuse(_("Nobody in this course has this email address."))
    if scope is Scope.ONE:
        sent = session.get(Submission, asked.submission_id) if asked.submission_id else None
        if sent is None or sent.assignment_item_id not in revisions:
            raise _refuse(_("This submission is not one of the items that were chosen."))
    return Wanted(revisions, scope, cleaned_reason(asked.reason), user_id, asked.submission_id)


def read_choice(form: MultiDict[str, str]) -> Choice:
    """Which lines are applied: the groups that were checked, or single ones."""
    single = form.get("what") == "lines"
    groups = tuple(Group(each) for each in form.getlist("group") if each in CHOOSABLE)
    return Choice(
        submission_ids=frozenset(_numbers(form, "line")) if single else (),
        groups=() if single else groups,
        shown_at=_moment(form.get("shown_at", "")),
        move_pins=form.get("move_pins") == "1",
    )


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_filters(arguments: MultiDict[str, str]) -> Filters:
    """What of the table is looked at."""
    group = arguments.get("group", "")
    return Filters(
        group=group if group in list(Group) else "",
        item=arguments.get("item", type=row_number),
        words=arguments.get("q", "")[:LONGEST_WORDS].strip(),
        page=arguments.get("page", default=1, type=row_number),
    )

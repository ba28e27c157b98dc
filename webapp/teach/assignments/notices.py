"""Telling students that their dates have moved: in words, beside what else they are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.languages import language, locale, say, zone
from webapp.learn.attempts import Dates
from webapp.marks.foreseeing import own_dates
from webapp.models import Assignment, AssignmentItem, ItemStanding
from webapp.models.times import utc_now
from webapp.notices.kinds import Said
from webapp.notices.telling import tell
from webapp.times_shown import day_and_clock

MOVED, EXTENDED = "dates-moved", "dates-extended"


def tell_of_dates(session: Session, row: Assignment, before: Dates, now: datetime) -> int:
    """Tell whoever has begun an assignment that its dates are others for them now than `before`; how many that were."""
    after = Dates(row.opens_at, row.due_at, row.closes_at)
    if before == after:
        return 0
    own = own_dates(session, row.id)
    begun = session.scalars(
        select(ItemStanding.user_id)
        .join(AssignmentItem, AssignmentItem.id == ItemStanding.assignment_item_id)
        .where(AssignmentItem.assignment_id == row.id)
        .distinct()
        .order_by(ItemStanding.user_id)
    )
    told = 0
    for user_id in begun:
        mine = own.get(user_id, (None, None))
        was, now_is = before.extended(*mine), after.extended(*mine)
        if (was.due_at, was.closes_at) != (now_is.due_at, now_is.closes_at):
            _tell(session, MOVED, row, user_id, now_is, now)
            told += 1
    return told


def tell_of_extension(session: Session, row: Assignment, user_id: int, dates: Dates, now: datetime) -> None:
    """Tell somebody which dates are theirs now."""
    _tell(session, EXTENDED, row, user_id, dates, now)


def _tell(session: Session, kind: str, row: Assignment, user_id: int, dates: Dates, now: datetime) -> None:
    data = {
        "assignment": row.title,
        "due": dates.due_at.isoformat() if dates.due_at else None,
        "closes": dates.closes_at.isoformat() if dates.closes_at else None,
    }
    tell(session, now, user_id, kind, data, subject=f"assignment:{row.id}", course_id=row.course_id)


def dates_moved(data: Mapping[str, Any]) -> Said:
    """For everybody who has begun."""
    title = say(data["assignment"], language())
    return Said(_("The dates of “%(title)s” have moved: %(dates)s.", title=title, dates=_dates(data)))


def dates_extended(data: Mapping[str, Any]) -> Said:
    """For one student."""
    title = say(data["assignment"], language())
    return Said(_("Your own dates for “%(title)s” are now: %(dates)s.", title=title, dates=_dates(data)))


def _dates(data: Mapping[str, Any]) -> str:
    """Both dates on the reader's clocks."""

    def when(name: str) -> str:
        return day_and_clock(datetime.fromisoformat(data[name]), zone(), utc_now(), locale())

    told = [_("due %(time)s", time=when("due")) if data["due"] else _("no due date")]
    if data["closes"]:
        told.append(_("closes %(time)s", time=when("closes")))
    return _(", ").join(told)

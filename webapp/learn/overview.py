"""The pages of courses: how far one is, in all of them and item by item."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.model import Item
from webapp.items import item_of
from webapp.languages import say
from webapp.learn import records, values
from webapp.learn.attempts import Dates, Standing, Window, total
from webapp.models import Assignment, AssignmentItem, Course, Draft, Membership, Role, User
from webapp.models.searching import alphabetical
from webapp.times_shown import two_clocks
from webapp.zones import zone_named

MANY_ITEMS = 24
"""A course with more of them shows at once what somebody is at."""


def dates_view(assignment: Assignment, dates: Dates, window: Window) -> values.DatesView:
    """An assignment's dates as they apply to somebody."""
    return values.DatesView(
        state=window,
        opens_at=dates.opens_at,
        due_at=dates.due_at,
        closes_at=dates.closes_at,
        extended=dates.is_extended,
        late_penalty=assignment.late_penalty,
        counts=assignment.counts,
        practice=assignment.practice,
    )


def courses(session: Session, user: User, lang: str, now: datetime) -> list[values.CourseCard]:
    """The courses somebody takes part in, with how far they are."""
    mine = session.execute(
        select(Course, Membership.role)
        .join(Membership, Membership.course_id == Course.id)
        .where(Membership.user_id == user.id, Course.archived_at.is_(None))
        .order_by(alphabetical(Course.title), Course.id)
    ).all()
    assignments = records.assignments_of(session, [course.id for course, _ in mine])
    dates = records.dates_of(session, assignments, user.id)
    items = records.items_of(session, [each.id for each in assignments])
    attempts = records.attempts_by_item(session, [item.id for item in items], [user.id])
    standings = {item.id: records.standing_of(item, attempts.get((user.id, item.id), [])) for item in items}
    result = []
    for course, role in mine:
        own = [each for each in assignments if each.course_id == course.id]
        numbers = {each.id for each in own if not each.practice}
        here = [item for item in items if item.assignment_id in numbers]
        result.append(
            values.CourseCard(
                id=course.id,
                title=say(course.title, lang),
                role=role,
                items=len(here),
                solved=sum(standings[item.id].solved for item in here),
                score=total(standings[item.id] for item in here),
                points=sum(item.points for item in here),
                teaches=Role(role).teaches,
                deadline=_deadline(own, dates, here, standings, lang, now),
            )
        )
    return result


def _deadline(
    assignments: Sequence[Assignment],
    dates: dict[int, Dates],
    items: Collection[AssignmentItem],
    standings: dict[int, Standing],
    lang: str,
    now: datetime,
) -> values.Deadline | None:
    """The nearest time by which something unsolved is wanted."""
    wanted = {item.assignment_id for item in items if not standings[item.id].solved}
    found = []
    for each in assignments:
        window, turn = dates[each.id].window(now), dates[each.id].next_turn(now)
        if each.id in wanted and turn is not None and window in (Window.OPEN, Window.LATE):
            found.append(values.Deadline(say(each.title, lang), turn, window))
    return min(found, key=lambda deadline: deadline.at, default=None)


def course(
    session: Session, found: Course, role: Role, user: User, lang: str, now: datetime, zone: ZoneInfo, locale: Locale
) -> values.CoursePage:
    """A course with its assignments.  What is not open yet shows its title and date to students, not its items.

    Times are read in `zone`; where the course means another, the page says so.
    """
    assignments = records.assignments_of(session, [found.id])
    items = records.items_of(session, [each.id for each in assignments])
    revisions = records.revisions(session, {item.revision for item in items})
    attempts = records.attempts_by_item(session, [item.id for item in items], [user.id])
    drafts = set(
        session.scalars(
            select(Draft.assignment_item_id).where(
                Draft.user_id == user.id, Draft.assignment_item_id.in_([item.id for item in items]), Draft.content != ""
            )
        )
    )
    views = []
    dates_of = records.dates_of(session, assignments, user.id)
    for assignment in assignments:
        dates = dates_of[assignment.id]
        window = dates.window(now)
        here = [item for item in items if item.assignment_id == assignment.id]
        listed = [] if window is Window.NOT_OPEN and not role.teaches else here
        standings = [records.standing_of(item, attempts.get((user.id, item.id), [])) for item in listed]
        lines = tuple(
            _row(item, item_of(revisions[item.revision]), mine, item.id in drafts, lang)
            for item, mine in zip(listed, standings, strict=True)
        )
        solved = sum(mine.solved for mine in standings)
        done = window is Window.CLOSED or (bool(lines) and solved == len(lines))
        begun = any(line.status != "new" or line.has_draft for line in lines)
        views.append(
            values.AssignmentView(
                id=assignment.id,
                title=say(assignment.title, lang),
                dates=dates_view(assignment, dates, window),
                score=sum(line.score or 0.0 for line in lines),
                points=sum(item.points for item in here),
                solved=solved,
                items=lines,
                folded=done and len(assignments) > 1,
                waits=not done and not begun,
            )
        )
    views = _with_little_open(views)
    counted = [view for view in views if not view.dates.practice]
    return values.CoursePage(
        id=found.id,
        title=say(found.title, lang),
        role=role,
        teaches=role.teaches,
        zone_note=_zone_note(dates_of.values(), found.zone, zone, now, locale),
        score=sum(view.score for view in counted),
        points=sum(view.points for view in counted),
        assignments=tuple(views),
    )


def _with_little_open(views: list[values.AssignmentView]) -> list[values.AssignmentView]:
    """Of a long course what nobody has begun is folded, but for the first of it and what has a date."""
    if sum(len(view.items) for view in views) <= MANY_ITEMS:
        return views
    waiting = [view for view in views if view.waits]
    kept = {view.id for view in waiting if view.dates.due_at or view.dates.closes_at}
    if all(view.folded or view.waits for view in views):
        kept |= {view.id for view in waiting[:1]}
    return [replace(view, folded=True) if view.waits and view.id not in kept else view for view in views]


def _row(item: AssignmentItem, asked: Item, mine: Standing, has_draft: bool, lang: str) -> values.ItemRow:
    return values.ItemRow(
        id=item.id,
        title=say(asked.title, lang),
        section=say(asked.section, lang),
        kind=asked.kind,
        points=item.points,
        score=mine.score,
        status=mine.status,
        attempts_used=mine.used,
        attempts_left=mine.left,
        has_draft=has_draft,
        review=bool(mine.counting and mine.counting.review),
    )


def _zone_note(
    dates: Iterable[Dates], course_zone: str, zone: ZoneInfo, now: datetime, locale: Locale
) -> values.ZoneNote | None:
    """The next time of the course on both clocks, where the reader's shows another than the course's."""
    there = zone_named(course_zone)
    turn = min((at for each in dates if (at := each.next_turn(now))), default=None)
    clocks = two_clocks(turn, there, zone, locale) if turn and there else None
    return values.ZoneNote(clocks[0], course_zone, clocks[1], zone.key) if clocks else None

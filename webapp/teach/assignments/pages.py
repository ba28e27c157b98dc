"""The pages of assignments, gathered in a constant number of queries each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import case, distinct, func, or_, select
from sqlalchemy.orm import Session

from webapp.courses.changes import ACTIONS, Origin, Sign
from webapp.courses.present import item_name
from webapp.items import item_of
from webapp.languages import say
from webapp.learn import records
from webapp.learn.attempts import Dates
from webapp.marks.foreseeing import Foreseen
from webapp.models import (
    Assignment,
    AssignmentItem,
    Audit,
    Course,
    Extension,
    ItemStanding,
    Membership,
    Role,
    Submission,
    User,
)
from webapp.models.searching import alphabetical
from webapp.teach.assignments import pins, values
from webapp.teach.assignments.service import zone_of
from webapp.teach.assignments.settings import ItemText
from webapp.teach.assignments.words import Speaker
from webapp.times_shown import two_clocks
from webapp.zones import zone_named

CHANGES = 30
"""As many of the newest changes are shown with an assignment."""
MOST_MOVED = 100
UNDOABLE = frozenset(
    {
        "title", "opens_at", "due_at", "closes_at", "late_penalty", "counts", "practice",
        "points", "max_submissions", "is_open",
    }
)  # fmt: skip


def zone_shown(course: Course, speaker: Speaker, here: str) -> values.Zone:
    """The course's zone, and what its clocks show now; `here` is the reader's zone."""
    mine = zone_named(here)
    both = two_clocks(speaker.now, speaker.zone, mine, speaker.locale) if mine else None
    clocks = speaker.time(speaker.now.replace(second=0))
    return values.Zone(zone_of(course).key, clocks, f"{both[1]} ({here})" if both else "")


def clock(at: datetime | None, speaker: Speaker) -> values.Clock | None:
    """A time as the pages show it."""
    return values.Clock(at, speaker.time(at), at < speaker.now) if at else None


def dates_shown(dates: Dates, speaker: Speaker) -> values.DatesShown:
    """Dates, and where now lies between them."""
    return values.DatesShown(
        dates.window(speaker.now),
        clock(dates.opens_at, speaker),
        clock(dates.due_at, speaker),
        clock(dates.closes_at, speaker),
    )


def students_of(session: Session, course_id: int) -> int:
    """How many students a course has."""
    query = select(func.count()).where(Membership.course_id == course_id, Membership.role == Role.STUDENT)
    return session.scalar(query) or 0


def overview(session: Session, course: Course, speaker: Speaker, here: str, *, may_edit: bool) -> values.Overview:
    """The assignments of a course, in order."""
    found = records.assignments_of(session, [course.id])
    items = records.items_of(session, [each.id for each in found])
    latest = pins.latest_of(session, items)
    begun = dict(
        session.execute(
            select(AssignmentItem.assignment_id, func.count(distinct(ItemStanding.user_id)))
            .join(ItemStanding, ItemStanding.assignment_item_id == AssignmentItem.id)
            .where(AssignmentItem.assignment_id.in_([each.id for each in found]))
            .group_by(AssignmentItem.assignment_id)
        ).all()
    )
    extensions = dict(
        session.execute(
            select(Extension.assignment_id, func.count())
            .where(Extension.assignment_id.in_([each.id for each in found]))
            .group_by(Extension.assignment_id)
        ).all()
    )
    lines = []
    for row in found:
        own = [item for item in items if item.assignment_id == row.id]
        lines.append(
            values.Line(
                id=row.id,
                key=row.key or "",
                title=say(row.title, speaker.lang),
                dates=dates_shown(Dates(row.opens_at, row.due_at, row.closes_at), speaker),
                practice=row.practice,
                late_penalty=row.late_penalty,
                counts=row.counts,
                items=len(own),
                points=sum(item.points for item in own),
                begun=begun.get(row.id, 0),
                extensions=extensions.get(row.id, 0),
                newer=sum(item.id in latest and latest[item.id].hash != item.revision for item in own),
            )
        )
    return values.Overview(
        course_id=course.id,
        key=course.key or "",
        zone=zone_shown(course, speaker, here),
        students=students_of(session, course.id),
        lines=tuple(lines),
        taken_out=_assignments_taken_out(session, course.id, speaker),
        may_edit=may_edit,
    )


def _assignments_taken_out(session: Session, course_id: int, speaker: Speaker) -> tuple[values.TakenOut, ...]:
    sent = func.count(Submission.id)
    found = session.execute(
        select(Assignment.id, Assignment.title, Assignment.removed_at, sent)
        .outerjoin(AssignmentItem, AssignmentItem.assignment_id == Assignment.id)
        .outerjoin(Submission, Submission.assignment_item_id == AssignmentItem.id)
        .where(Assignment.course_id == course_id, Assignment.removed_at.is_not(None))
        .group_by(Assignment.id)
        .order_by(Assignment.removed_at.desc())
    )
    return tuple(values.TakenOut(number, say(title, speaker.lang), count, at) for number, title, at, count in found)


def shown(
    session: Session,
    course: Course,
    row: Assignment,
    speaker: Speaker,
    here: str,
    *,
    may_edit: bool,
    texts: Mapping[int, ItemText] | None = None,
    order: Sequence[int] = (),
) -> values.Shown:
    """An assignment; `texts` and `order` are what somebody has typed and not saved yet."""
    everything = session.scalars(
        select(AssignmentItem)
        .where(AssignmentItem.assignment_id == row.id)
        .order_by(AssignmentItem.position, AssignmentItem.id)
    ).all()
    items = [each for each in everything if each.removed_at is None]
    places = {number: place for place, number in enumerate(order)}
    items.sort(key=lambda item: places.get(item.id, len(places)))
    revisions = records.revisions(session, {each.revision for each in everything})
    titles = {each.id: say(item_of(revisions[each.revision]).title, speaker.lang) for each in everything}
    sent = _sent(session, everything)
    begun = _begun(session, everything)
    latest = pins.latest_of(session, items)
    lines = []
    for item in items:
        asked = item_of(revisions[item.revision])
        text = (texts or {}).get(item.id)
        lines.append(
            values.ItemLine(
                id=item.id,
                name=item_name(item),
                title=titles[item.id],
                kind=asked.kind,
                points=text.points if text else f"{item.points:g}",
                attempts=text.attempts if text else str(item.max_submissions or ""),
                is_open=text.is_open if text else item.is_open,
                bank_points=asked.points,
                begun=begun.get(item.id, 0),
                submissions=sent.get(item.id, 0),
                newer=pins.newer(revisions[item.revision], latest.get(item.id), sent.get(item.id, 0)),
                revision=item.revision,
            )
        )
    return values.Shown(
        id=row.id,
        course_id=course.id,
        key=row.key or "",
        title=say(row.title, speaker.lang),
        zone=zone_shown(course, speaker, here),
        dates=dates_shown(Dates(row.opens_at, row.due_at, row.closes_at), speaker),
        practice=row.practice,
        items=tuple(lines),
        taken_out=tuple(
            values.TakenOut(each.id, titles[each.id], sent.get(each.id, 0), each.removed_at)
            for each in everything
            if each.removed_at is not None
        ),
        students=students_of(session, course.id),
        begun=_people_begun(session, row.id),
        submissions=sum(sent.get(item.id, 0) for item in items),
        extensions=session.scalar(select(func.count()).where(Extension.assignment_id == row.id)) or 0,
        changes=changes(session, course, row, everything, titles, speaker),
        may_edit=may_edit,
    )


def _sent(session: Session, items: Iterable[AssignmentItem]) -> dict[int, int]:
    """How many submissions there are, by item."""
    query = (
        select(Submission.assignment_item_id, func.count())
        .where(Submission.assignment_item_id.in_([item.id for item in items]))
        .group_by(Submission.assignment_item_id)
    )
    return dict(session.execute(query).all())


def _begun(session: Session, items: Iterable[AssignmentItem]) -> dict[int, int]:
    """How many people have tried each item."""
    query = (
        select(ItemStanding.assignment_item_id, func.count())
        .where(ItemStanding.assignment_item_id.in_([item.id for item in items]))
        .group_by(ItemStanding.assignment_item_id)
    )
    return dict(session.execute(query).all())


def _people_begun(session: Session, assignment_id: int) -> int:
    query = (
        select(func.count(distinct(ItemStanding.user_id)))
        .join(AssignmentItem, AssignmentItem.id == ItemStanding.assignment_item_id)
        .where(AssignmentItem.assignment_id == assignment_id)
    )
    return session.scalar(query) or 0


def changes(
    session: Session,
    course: Course,
    row: Assignment,
    items: Sequence[AssignmentItem],
    titles: Mapping[int, str],
    speaker: Speaker,
) -> tuple[values.ChangeLine, ...]:
    """The newest changes of an assignment, its items and its extensions, from pages and files."""
    subject = f"assignment:{row.id}"
    of_items = {f"item:{each.id}": each for each in items}
    actions = [f"{origin}-{action}" for origin in Origin for action in ACTIONS.values()]
    found = session.execute(
        select(Audit, User)
        .outerjoin(User, User.id == Audit.actor_id)
        .where(
            Audit.course_id == course.id,
            Audit.action.in_(actions),
            or_(Audit.subject == subject, Audit.subject.like(f"{subject} user:%"), Audit.subject.in_(list(of_items))),
        )
        .order_by(Audit.id.desc())
        .limit(CHANGES)
    ).all()
    students = _named(session, (audit.subject for audit, _actor in found))
    return tuple(_change(audit, actor, row, of_items, titles, students, speaker) for audit, actor in found)


def _named(session: Session, subjects: Iterable[str]) -> dict[str, str]:
    """The names of those whom subjects like `assignment:7 user:3` are about, by their number."""
    numbers = {subject.partition(" user:")[2] for subject in subjects} - {""}
    found = session.scalars(select(User).where(User.id.in_([int(number) for number in numbers])))
    return {str(user.id): user.name or user.email for user in found}


def _change(
    audit: Audit,
    actor: User | None,
    row: Assignment,
    items: Mapping[str, AssignmentItem],
    titles: Mapping[int, str],
    students: Mapping[str, str],
    speaker: Speaker,
) -> values.ChangeLine:
    sign = next(sign for sign, action in ACTIONS.items() if audit.action.endswith(f"-{action}"))
    item, student = items.get(audit.subject), audit.subject.partition(" user:")[2]
    target = item if item is not None else row
    return values.ChangeLine(
        id=audit.id,
        at=audit.at,
        who=(actor.name or actor.email) if actor else "",
        sign=sign,
        about=titles[item.id] if item is not None else students.get(student, ""),
        extension=bool(student),
        details=speaker.details(audit.before, audit.after),
        undoable=sign is Sign.CHANGED and not student and can_undo(audit, target),
    )


def can_undo(audit: Audit, target: Assignment | AssignmentItem) -> bool:
    """Whether everything that was changed is still as it was changed to."""
    before, after = audit.before or {}, audit.after or {}
    fields = set(before) & set(after)
    if not fields or not fields <= UNDOABLE | {"position"} or not fields & UNDOABLE:
        return False
    return all(_plain(getattr(target, name, None)) == after[name] for name in fields & UNDOABLE)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def preview(session: Session, foreseen: Foreseen, items: Sequence[AssignmentItem], speaker: Speaker) -> values.Preview:
    """What a change would do to marks, with the names of those it concerns."""
    shown_rows = sorted(foreseen.moved, key=lambda each: -abs((each.after or 0) - (each.before or 0)))[:MOST_MOVED]
    people = {
        user.id: user.name or user.email
        for user in session.scalars(select(User).where(User.id.in_({each.user_id for each in shown_rows})))
    }
    revisions = records.revisions(session, {item.revision for item in items})
    titles = {item.id: say(item_of(revisions[item.revision]).title, speaker.lang) for item in items}
    differences = [(each.after or 0) - (each.before or 0) for each in foreseen.moved]
    return values.Preview(
        marks=foreseen.marks,
        students=foreseen.students,
        up=sum(each > 0 for each in differences),
        down=sum(each < 0 for each in differences),
        rows=tuple(
            values.MovedRow(people[each.user_id], titles[each.item_id], each.before, each.after) for each in shown_rows
        ),
        more=len(foreseen.moved) - len(shown_rows),
    )


def extensions(session: Session, course: Course, row: Assignment, speaker: Speaker) -> tuple[values.ExtensionLine, ...]:
    """Everybody's own dates for an assignment, by name; with who gave them, as far as the log knows."""
    found = session.execute(
        select(Extension, User)
        .join(User, User.id == Extension.user_id)
        .where(Extension.assignment_id == row.id)
        .order_by(alphabetical(case((User.name == "", User.email), else_=User.name)), User.id)
    ).all()
    given = {
        audit.subject: (audit.at, actor.name or actor.email if actor else "")
        for audit, actor in session.execute(
            select(Audit, User)
            .outerjoin(User, User.id == Audit.actor_id)
            .where(Audit.course_id == course.id, Audit.subject.like(f"assignment:{row.id} user:%"))
            .order_by(Audit.id)
        )
    }
    usual = Dates(row.opens_at, row.due_at, row.closes_at)
    lines = []
    for extension, user in found:
        at, by = given.get(f"assignment:{row.id} user:{user.id}", (None, ""))
        lines.append(
            values.ExtensionLine(
                user_id=user.id,
                name=user.name,
                email=user.email,
                due=clock(extension.due_at, speaker),
                closes=clock(extension.closes_at, speaker),
                reason=extension.reason,
                idle=not usual.extended(extension.due_at, extension.closes_at).is_extended,
                by=by,
                at=at,
            )
        )
    return tuple(lines)

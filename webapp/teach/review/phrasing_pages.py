"""What the page of an item's phrasings shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.items import item_of
from webapp.languages import say
from webapp.models import Bank, Phrasing, Revision, User
from webapp.tasks import rows as tasks
from webapp.tasks.values import TaskView, task_view
from webapp.teach.review import phrasings, trying
from webapp.teach.review.phrasings import PhrasingState, Taken
from webapp.teach.review.trying import Tried


@dataclass(frozen=True, slots=True)
class PhrasingRow:
    """One phrasing; `tried` is what it would do, None where nobody has tried it."""

    id: int
    judgement: str
    text: str
    state: str
    name: str
    created_at: datetime
    submission_id: int | None
    tried: Tried | None
    otherwise: tuple[str, ...]
    """Judgements for which the same words are offered too."""


@dataclass(frozen=True, slots=True)
class PointRows:
    """The phrasings of one key point; `lines` are those taken, as the bank's format writes them."""

    key_point: str
    description: str
    gone: bool
    """Whether the bank's item has no such key point (any more)."""
    rows: tuple[PhrasingRow, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhrasingPage:
    """Everything offered for one item."""

    bank_id: str
    bank_title: str
    item: str
    title: str
    points: tuple[PointRows, ...]
    task: TaskView | None


def page(session: Session, bank_id: str, item: str, lang: str, now: datetime) -> PhrasingPage | None:
    """The page of an item's phrasings; None where there is no such item with key points."""
    bank = session.get(Bank, bank_id)
    revision = session.scalar(
        select(Revision)
        .where(Revision.bank_id == bank_id, Revision.item == item)
        .order_by(Revision.created_at.desc())
        .limit(1)
    )
    if bank is None or revision is None or not item_of(revision).key_points:
        return None
    asked = item_of(revision)
    found = phrasings.of_item(session, bank_id, item)
    task = tasks.newest(session, trying.KIND, trying.subject(bank_id, item))
    effects = {int(key): Tried(*value) for key, value in ((task.result if task else None) or {}).items()}
    people = {
        number: name or email
        for number, name, email in session.execute(
            select(User.id, User.name, User.email).where(User.id.in_({each.reviewer_id for each in found}))
        )
    }
    otherwise = phrasings.contradictions(found)
    described = {point.id: say(point.description, lang) for point in asked.key_points}
    order = [*described, *dict.fromkeys(each.key_point for each in found if each.key_point not in described)]
    return PhrasingPage(
        bank_id=bank_id,
        bank_title=say(bank.report["title"], lang),
        item=item,
        title=say(asked.title, lang),
        points=tuple(
            _point(key, described.get(key, ""), mine, effects, people, otherwise)
            for key in order
            if (mine := [each for each in found if each.key_point == key])
        ),
        task=task_view(task, now) if task else None,
    )


def _point(
    key: str,
    description: str,
    found: list[Phrasing],
    effects: dict[int, Tried],
    people: dict[int, str],
    otherwise: dict[int, tuple[str, ...]],
) -> PointRows:
    order = {PhrasingState.OFFERED: 0, PhrasingState.TAKEN: 1, PhrasingState.DISMISSED: 2}
    rows = sorted(found, key=lambda each: (order[PhrasingState(each.state)], each.id))
    return PointRows(
        key,
        description or key,
        not description,
        tuple(
            PhrasingRow(
                each.id,
                each.judgement,
                each.text,
                each.state,
                people.get(each.reviewer_id, ""),
                each.created_at,
                each.submission_id,
                effects.get(each.id),
                otherwise.get(each.id, ()),
            )
            for each in rows
        ),
        tuple(
            Taken(each.key_point, phrasings.Judgement(each.judgement), each.text).line
            for each in rows
            if each.state == PhrasingState.TAKEN
        ),
    )

"""What the pages on similarity show, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import abort
from markupsafe import escape
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grader.csv_text import Cell
from grader.shown_text import text_of, visible
from grader.similarity import COMPARED, Language, Marked, handed_out, marked_lines, stretches
from questions.model import Item
from webapp.items import item_of
from webapp.languages import say
from webapp.learn import records
from webapp.models import AssignmentItem, Course, ItemStanding, Submission, Task, TaskState, User
from webapp.presentation import coloured_lines
from webapp.tasks import rows as tasks
from webapp.tasks.values import task_view
from webapp.teach.similarity.values import ItemPage, ItemRow, ListedLine, PairRow, Person, SidePage, pairs_of
from webapp.teach.similarity.work import KIND, subject


def compared_item(item: AssignmentItem) -> Item:
    """What an item asks; 404 when its submissions are of a kind that is not compared."""
    asked = item_of(item.pinned)
    if asked.kind not in COMPARED:
        abort(404)
    return asked


def item_rows(session: Session, course: Course, lang: str) -> list[ItemRow]:
    """The items of a course whose submissions can be compared."""
    assignments = {each.id: each for each in records.assignments_of(session, [course.id])}
    items = records.items_of(session, assignments)
    revisions = records.revisions(session, {item.revision for item in items})
    numbers = [item.id for item in items]
    people: dict[int, int] = dict(
        session.execute(
            select(ItemStanding.assignment_item_id, func.count())
            .where(ItemStanding.assignment_item_id.in_(numbers))
            .group_by(ItemStanding.assignment_item_id)
        ).all()
    )
    done, busy = _done(session, numbers), _busy(session, numbers)
    return [
        ItemRow(
            id=item.id,
            title=say(item_of(revisions[item.revision]).title, lang),
            assignment=say(assignments[item.assignment_id].title, lang),
            people=people.get(item.id, 0),
            compared_at=done[subject(item.id)].finished_at if subject(item.id) in done else None,
            pairs=len((done[subject(item.id)].result or {})["pairs"]) if subject(item.id) in done else None,
            busy=subject(item.id) in busy,
        )
        for item in items
        if item_of(revisions[item.revision]).kind in COMPARED
    ]


def _done(session: Session, numbers: Collection[int]) -> Mapping[str, Task]:
    """The newest comparison of each item."""
    newest = (
        select(func.max(Task.id))
        .where(Task.kind == KIND, Task.state == TaskState.DONE, Task.subject.in_([subject(each) for each in numbers]))
        .group_by(Task.subject)
    )
    return {task.subject: task for task in session.scalars(select(Task).where(Task.id.in_(newest)))}


def _busy(session: Session, numbers: Collection[int]) -> frozenset[str]:
    return frozenset(
        session.scalars(
            select(Task.subject).where(
                Task.kind == KIND,
                Task.state.in_(tasks.OPEN),
                Task.subject.in_([subject(each) for each in numbers]),
            )
        )
    )


def item_page(session: Session, item: AssignmentItem, lang: str, now: datetime) -> ItemPage:
    """One item's newest comparison, and the one that is under way."""
    asked = compared_item(item)
    done = _done(session, [item.id]).get(subject(item.id))
    result: Mapping[str, Any] = (done.result if done else None) or {"pairs": [], "clusters": [], "compared": 0}
    newest = tasks.newest(session, KIND, subject(item.id))
    pairs = pairs_of(result)
    people = _people(session, {number for pair in pairs for number in (pair.first, pair.second)}, item.id)
    standing = select(func.count()).select_from(ItemStanding).where(ItemStanding.assignment_item_id == item.id)
    later = standing.where(ItemStanding.changed_at > done.created_at) if done else standing
    shown = newest if newest is not None and newest.state not in (TaskState.DONE, TaskState.CANCELLED) else None
    return ItemPage(
        id=item.id,
        title=say(asked.title, lang),
        kind=asked.kind,
        people=session.scalar(standing) or 0,
        compared=result["compared"],
        compared_at=done.finished_at if done else None,
        outdated=session.scalar(later) or 0,
        rows=tuple(
            PairRow(people[pair.first], people[pair.second], pair)
            for pair in pairs
            if pair.first in people and pair.second in people
        ),
        clusters=tuple(
            tuple(people[number] for number in members if number in people)
            for members in result["clusters"]
            if len(members) > 2
        ),
        left_out=result.get("left_out", 0),
        task=task_view(shown, now) if shown else None,
    )


def _people(session: Session, submissions: Collection[int], item_id: int) -> dict[int, Person]:
    """Whose these submissions of an item are, by their number."""
    found = session.execute(
        select(Submission.id, Submission.user_id, Submission.created_at, User.name, User.email, ItemStanding.score)
        .join(User, User.id == Submission.user_id)
        .outerjoin(
            ItemStanding,
            (ItemStanding.user_id == Submission.user_id)
            & (ItemStanding.assignment_item_id == Submission.assignment_item_id),
        )
        .where(Submission.id.in_(submissions), Submission.assignment_item_id == item_id)
    )
    return {row.id: Person(row.user_id, row.name or row.email, row.id, row.created_at, row.score) for row in found}


def side_page(session: Session, item: AssignmentItem, first: int, second: int, lang: str) -> SidePage:
    """Two submissions of an item side by side; 404 when one is not of this item."""
    asked = compared_item(item)
    people = _people(session, {first, second}, item.id)
    if len(people) != 2:
        abort(404)
    language = COMPARED[asked.kind]
    texts = [text_of(session.get_one(Submission, number).content) for number in (first, second)]
    found = stretches(texts[0], texts[1], handed_out(asked), language)
    done = _done(session, [item.id]).get(subject(item.id))
    known = pairs_of(done.result) if done and done.result else ()
    both = {first, second}
    return SidePage(
        item_id=item.id,
        title=say(asked.title, lang),
        people=(people[first], people[second]),
        lines=(
            _listed(texts[0], language, marked_lines(found, 0)),
            _listed(texts[1], language, marked_lines(found, 1)),
        ),
        stretches=sum(not each.given for each in found),
        pair=next((pair for pair in known if {pair.first, pair.second} == both), None),
    )


def _listed(text: str, language: Language, marks: Mapping[int, Marked]) -> tuple[ListedLine, ...]:
    """A text's lines, each with the stretch it belongs to."""
    lines = (
        coloured_lines(text) if language is Language.PYTHON else [escape(visible(line)) for line in text.split("\n")]
    )
    unmarked = Marked(0, False, False)
    found = ((place, html, marks.get(place, unmarked)) for place, html in enumerate(lines, 1))
    return tuple(ListedLine(place, html, mark.stretch, mark.begins, mark.given) for place, html, mark in found)


def pair_rows(page: ItemPage) -> list[Sequence[Cell]]:
    """The listed pairs as a table to take along, the most telling first."""
    head = (
        "first",
        "second",
        "rank",
        "structure",
        "wording",
        "identical",
        "renamed",
        "shared names",
        "shared comments",
    )
    return [
        head,
        *(
            (
                row.first.name,
                row.second.name,
                row.pair.rank,
                row.pair.structure,
                row.pair.wording,
                int(row.pair.identical),
                int(row.pair.renamed),
                " ".join(row.pair.names),
                "; ".join(row.pair.comments),
            )
            for row in page.rows
        ),
    ]

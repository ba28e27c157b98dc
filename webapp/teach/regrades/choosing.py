"""What can be graded once more, and at which revision."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.banks import can_serve
from webapp.items import item_of
from webapp.languages import say
from webapp.learn import records
from webapp.learn.edits import compare
from webapp.models import Assignment, AssignmentItem, Bank, Revision, Submission, User
from webapp.regrading import asking
from webapp.regrading.asking import Scope
from webapp.teach.regrades.values import Counts, ItemChoice, ItemPlan, RevisionView

MOST_REVISIONS = 50

Key = tuple[str, str]
"""Bank and item."""


def newest_revisions(session: Session, bank_ids: Collection[str]) -> dict[Key, str]:
    """The revision at which each item stands in its bank now; of what the bank keeps back none."""
    found: dict[Key, str] = {}
    for bank in session.scalars(select(Bank).where(Bank.id.in_(bank_ids))):
        for each in bank.report["items"]:
            if each["servable"]:
                found[bank.id, each["id"]] = each["revision"]
    return found


def choices(session: Session, course_id: int, lang: str) -> list[ItemChoice]:
    """The items of a course, each with its pinned and its newest revision, in a constant number of queries."""
    items = asking.course_items(session, course_id)
    newest = newest_revisions(session, {item.bank_id for item, _ in items})
    wanted = {item.revision for item, _ in items} | {
        newest[key] for item, _ in items if (key := (item.bank_id, item.item)) in newest
    }
    revisions = records.revisions(session, wanted)
    authors = names_of(session, {each.author_id for each in revisions.values()})
    counts = counts_of(session, [item.id for item, _ in items])
    found = []
    for item, assignment in items:
        latest = newest.get((item.bank_id, item.item), item.revision)
        latest = latest if latest in revisions else item.revision
        found.append(_choice(item, assignment, revisions, latest, authors, counts, lang))
    return found


def _choice(
    item: AssignmentItem,
    assignment: Assignment,
    revisions: Mapping[str, Revision],
    newest: str,
    authors: Mapping[int, str],
    counts: Mapping[int, Counts],
    lang: str,
) -> ItemChoice:
    pinned = revisions[item.revision]
    return ItemChoice(
        id=item.id,
        title=say(item_of(pinned).title, lang),
        assignment_id=assignment.id,
        assignment_title=say(assignment.title, lang),
        pinned=view_of(pinned, pinned, newest, authors),
        newest=view_of(revisions[newest], pinned, newest, authors),
        counts=counts.get(item.id, Counts()),
    )


def view_of(revision: Revision, pinned: Revision, newest: str, authors: Mapping[int, str]) -> RevisionView:
    """A revision beside the pinned one."""
    return RevisionView(
        hash=revision.hash,
        created_at=revision.created_at,
        author=authors.get(revision.author_id or 0, ""),
        message=revision.message,
        is_pinned=revision.hash == pinned.hash,
        is_newest=revision.hash == newest,
        same_suite=revision.suite_hash == pinned.suite_hash,
    )


def names_of(session: Session, user_ids: Collection[int | None]) -> dict[int, str]:
    """What people are called."""
    found = session.execute(
        select(User.id, User.name, User.email).where(User.id.in_([each for each in user_ids if each]))
    )
    return {number: name or email for number, name, email in found}


def counts_of(session: Session, item_ids: Sequence[int]) -> dict[int, Counts]:
    """How many submissions each scope takes of each item."""
    found: dict[str, dict[int, int]] = {}
    for scope in (Scope.COUNTING, Scope.ALL, Scope.UNGRADABLE):
        query = asking.submissions_of(session, item_ids, scope)
        counted = query.with_only_columns(Submission.assignment_item_id, func.count())
        found[scope] = {item: count for item, count in session.execute(counted.group_by(Submission.assignment_item_id))}
    return {
        item: Counts(*(found[scope].get(item, 0) for scope in (Scope.COUNTING, Scope.ALL, Scope.UNGRADABLE)))
        for item in item_ids
    }


def revisions_of(session: Session, item: AssignmentItem) -> list[Revision]:
    """Those of an item that students may be given, the newest first."""
    found = session.scalars(
        select(Revision)
        .where(Revision.bank_id == item.bank_id, Revision.item == item.item)
        .order_by(Revision.created_at.desc(), Revision.hash)
        .limit(MOST_REVISIONS)
    ).all()
    if all(each.hash != item.revision for each in found):
        found = [*found, item.pinned]
    return [each for each in found if each.hash == item.revision or can_serve(item_of(each))]


def plan(session: Session, item: AssignmentItem, choice: ItemChoice, wanted: str | None) -> ItemPlan:
    """What grading an item at a revision means; without one, or with one that is not its own, at the newest."""
    known = {each.hash: each for each in revisions_of(session, item)}
    newest = choice.newest.hash if choice.newest.hash in known else item.revision
    chosen = known.get(wanted or "", known[newest])
    authors = names_of(session, {each.author_id for each in known.values()})
    pinned = known[item.revision]
    views = {each.hash: view_of(each, pinned, newest, authors) for each in known.values()}
    return ItemPlan(
        choice=choice,
        revisions=tuple(views.values()),
        chosen=views[chosen.hash],
        difference=compare(pinned.source, chosen.source),
        variants_differ=(pinned.variants or []) != (chosen.variants or []),
    )

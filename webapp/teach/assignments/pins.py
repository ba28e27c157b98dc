"""Which revision of an item an assignment asks, whether its bank has a newer one, and what moving there means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from webapp.courses import rows
from webapp.courses.changes import Ledger
from webapp.courses.checking import servable
from webapp.items import item_of
from webapp.learn.edits import Difference, compare
from webapp.learn.records import revisions
from webapp.marks.giving import alone_with_rules, follow
from webapp.models import AssignmentItem, Revision
from webapp.teach.assignments.service import sent_to


class Newer(StrEnum):
    """What taking the bank's revision of an item would mean."""

    SAME = "same"
    """It is the one that is asked."""
    TEXT = "text"
    """Only its text is other: what marks depend on is the same."""
    FREE = "free"
    """It is judged otherwise, but nobody has sent anything."""
    REGRADE = "regrade"
    """It is judged otherwise, and what was sent would have to be graded again."""
    GONE = "gone"
    """The bank has it no more, or cannot serve it."""

    @property
    def at_once(self) -> bool:
        """Whether it can be taken without grading anything again."""
        return self in (Newer.TEXT, Newer.FREE)


def newer(pinned: Revision, latest: Revision | None, sent: int) -> Newer:
    """What moving from one revision to the other would mean where `sent` submissions are there."""
    if latest is None:
        return Newer.GONE
    if latest.hash == pinned.hash:
        return Newer.SAME
    if latest.suite_hash == pinned.suite_hash:
        return Newer.TEXT
    return Newer.REGRADE if sent else Newer.FREE


def latest_of(session: Session, items: list[AssignmentItem]) -> dict[int, Revision]:
    """The revision that the bank of each item has now, where it has one that can be served."""
    banks = servable(session)
    wanted = {item.id: banks.get(item.bank_id, {}).get(item.item) for item in items}
    found = revisions(session, {each for each in wanted.values() if each})
    return {number: found[revision] for number, revision in wanted.items() if revision in found}


@dataclass(frozen=True, slots=True)
class Move:
    """From the revision that is asked to the bank's."""

    before: Revision
    after: Revision
    means: Newer
    difference: Difference
    points_before: float
    points_after: float


def move_of(session: Session, item: AssignmentItem) -> Move | None:
    """What is other in the bank; None when nothing is, or the bank has the item no more."""
    latest = latest_of(session, [item]).get(item.id)
    if latest is None or latest.hash == item.revision:
        return None
    return Move(
        item.pinned,
        latest,
        newer(item.pinned, latest, sent_to(session, [item.id])),
        compare(item.pinned.source, latest.source),
        item_of(item.pinned).points,
        item_of(latest).points,
    )


def take(ledger: Ledger, course_id: int, item_id: int, revision: str) -> bool:
    """Ask the bank's `revision` from now on, where that can be had at once; points that were the item's own follow it.

    False, and nothing done, where the bank has another one by now or something would have to be graded again.
    """
    session = ledger.session
    alone_with_rules(session, course_id)
    item = session.get_one(AssignmentItem, item_id, with_for_update=True)
    latest = latest_of(session, [item]).get(item.id)
    if latest is None or latest.hash != revision:
        return False
    if not newer(item.pinned, latest, sent_to(session, [item_id])).at_once:
        return False
    was, now_is = item_of(item.pinned).points, item_of(latest).points
    rows.move_pin(ledger, item, item.assignment, revision)
    if item.points == was:
        rows.change_item(ledger, item, item.assignment, {"points": now_is})
    session.flush()
    follow(session, course_id, ledger.now, assignment_id=item.assignment_id)
    return True

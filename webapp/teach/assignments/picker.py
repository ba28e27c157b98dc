"""Choosing items from the banks: what there is, what is proved, what is asked in this course already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.documents import NotThatDocument
from grader.proof import proof_from_json
from questions.model import Kind
from webapp.courses.checking import servable
from webapp.languages import say
from webapp.models import Assignment, AssignmentItem, Bank, Revision
from webapp.teach.assignments.values import Choice

MOST = 500
LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Shelf:
    """A bank with those of its items that were searched for."""

    id: str
    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for: words, all of which occur, and a kind of item."""

    text: str = ""
    kind: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Search:
        """Out of an address."""
        kind = query.get("kind", "")
        return cls(query.get("q", "")[:LONGEST_SEARCH].strip(), kind if kind in set(Kind) else "")

    def finds(self, *texts: str) -> bool:
        """Whether every word stands somewhere in these texts."""
        whole = "\n".join(texts).casefold()
        return all(word in whole for word in self.text.casefold().split())


def shelves(session: Session, row: Assignment, search: Search, lang: str) -> tuple[Shelf, ...]:
    """The banks and what of them fits a search, at most `MOST` items."""
    banks = session.scalars(select(Bank).order_by(Bank.id)).all()
    asked = _asked(session, row, lang)
    wanted = [each["revision"] for bank in banks for each in bank.report["items"] if each["kind"] == Kind.CODING]
    proofs = dict(session.execute(select(Revision.hash, Revision.proof).where(Revision.hash.in_(wanted))).all())
    left, found = MOST, []
    for bank in banks:
        names = bank.report.get("skills", {})
        title = say(bank.report["title"], lang) or bank.id
        fitting = []
        for each in bank.report["items"]:
            skills = [name for name in each.get("skills", ())]
            told = tuple(say(names[skill], lang) if skill in names else skill for skill in skills)
            texts = [each["id"], *each["title"].values(), *skills, *told, f"{each['points']:g}", bank.id, title]
            if (search.kind and each["kind"] != search.kind) or not search.finds(*texts):
                continue
            fitting.append(_choice(bank, each, told, proofs, asked, row, lang))
        if fitting and left > 0:
            found.append(Shelf(bank.id, title, tuple(fitting[:left])))
            left -= len(fitting)
    return tuple(found)


def _choice(
    bank: Bank,
    each: Mapping[str, Any],
    skills: tuple[str, ...],
    proofs: Mapping[str, Any],
    asked: Mapping[tuple[str, str], Sequence[tuple[int, str]]],
    row: Assignment,
    lang: str,
) -> Choice:
    places = asked.get((bank.id, each["id"]), ())
    return Choice(
        value=f"{bank.id}/{each['id']}/{each['revision']}",
        name=f"{bank.id}/{each['id']}",
        title=say(each["title"], lang) or each["id"],
        kind=each["kind"],
        points=each["points"],
        skills=skills,
        servable=bool(each["servable"]),
        proved=_proved(proofs.get(each["revision"])) if each["kind"] == Kind.CODING else True,
        faults=tuple(fault["text"] for fault in each["faults"] if fault["severity"] == "fault"),
        asked=any(number == row.id for number, _title in places),
        elsewhere=tuple(title for number, title in places if number != row.id),
    )


def _proved(document: Any) -> bool | None:
    """What the proof of a revision says; None where there is none yet."""
    if document is None:
        return None
    try:
        return proof_from_json(document).proved
    except NotThatDocument:
        return None


def _asked(session: Session, row: Assignment, lang: str) -> dict[tuple[str, str], list[tuple[int, str]]]:
    """Which assignments of the course ask each item."""
    found: dict[tuple[str, str], list[tuple[int, str]]] = {}
    rows = session.execute(
        select(AssignmentItem.bank_id, AssignmentItem.item, Assignment.id, Assignment.title)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .where(
            Assignment.course_id == row.course_id,
            Assignment.removed_at.is_(None),
            AssignmentItem.removed_at.is_(None),
        )
        .order_by(Assignment.position, Assignment.id)
    )
    for bank, item, number, title in rows:
        found.setdefault((bank, item), []).append((number, say(title, lang)))
    return found


def chosen(session: Session, values: Sequence[str]) -> tuple[list[tuple[str, str, str]], list[str]]:
    """The items that a form names, each (bank, item, revision), and the names of those that cannot be had as shown.

    What a bank cannot serve, or has changed since the page was opened, is among the latter.
    """
    there = servable(session)
    fit, unfit = [], []
    for value in dict.fromkeys(values[:MOST]):
        bank, _slash, rest = value.partition("/")
        item, _slash, revision = rest.partition("/")
        if revision and there.get(bank, {}).get(item) == revision:
            fit.append((bank, item, revision))
        else:
            unfit.append(f"{bank}/{item}"[:150])
    return fit, unfit

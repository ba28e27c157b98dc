"""Banks and their items for the pages: states, use and marks, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session, defer

from webapp.authoring import proofs
from webapp.authoring.places import Place, found_at
from webapp.authoring.values import BankItem, BankPage, BankRow, FaultView, ItemState, ProofPage, counted
from webapp.courses.checking import servable
from webapp.items import item_of
from webapp.languages import say
from webapp.models import Assignment, AssignmentItem, Bank, BankVersion, ItemStanding, Revision, Task
from webapp.tasks import rows
from webapp.tasks.values import task_view
from webapp.teach.regrades.choosing import names_of

Report = Mapping[str, Any]


def shelf(session: Session, lang: str) -> list[BankRow]:
    """All banks in short."""
    banks = session.scalars(select(Bank).order_by(Bank.id)).all()
    wanted = [each["revision"] for bank in banks for each in bank.report["items"]]
    found = session.execute(
        select(Revision.hash, Revision.proof["findings"]).where(Revision.hash.in_(wanted))
    ).all()
    clean = {revision: _without_faults(findings) for revision, findings in found if findings is not None}
    tasks = _tasks(session, wanted)
    result = []
    for bank in banks:
        items = bank.report["items"]
        states = (_state(each, clean.get(each["revision"]), tasks.get(each["revision"])) for each in items)
        result.append(
            BankRow(
                id=bank.id,
                title=say(bank.report["title"], lang) or bank.id,
                source=bank.source,
                keeper=bank.keeper,
                loaded_at=bank.loaded_at,
                states=counted(states),
                total=len(items),
                faults=len(bank.report["faults"]),
            )
        )
    return result


def _without_faults(findings: Iterable[Mapping[str, Any]]) -> bool:
    return not any(found.get("severity") == "fault" for found in findings)


def _state(each: Report, proved: bool | None, task: Task | None) -> ItemState:
    """What is known of an item: `proved` is None without a proof."""
    if not each["servable"]:
        return ItemState.KEPT_BACK
    if proved is not None:
        return ItemState.PROVED if proved else ItemState.FAULTY
    return ItemState.PROVING if task is not None and task.state in rows.OPEN else ItemState.UNPROVED


def _tasks(session: Session, revisions: Collection[str]) -> dict[str, Task]:
    """The newest work of proving each revision."""
    newest = (
        select(func.max(Task.id))
        .where(Task.kind == proofs.KIND, Task.subject.in_([proofs.subject(each) for each in revisions]))
        .group_by(Task.subject)
    )
    return {task.subject.partition(":")[2]: task for task in session.scalars(select(Task).where(Task.id.in_(newest)))}


@dataclass(frozen=True, slots=True)
class _Use:
    """How an item is used."""

    assignments: int = 0
    courses: int = 0
    older: int = 0
    people: int = 0
    attempts: int = 0
    mean: float | None = None


def _uses(session: Session, bank_id: str, current: Mapping[str, str]) -> dict[str, _Use]:
    asked = session.execute(
        select(AssignmentItem.item, AssignmentItem.revision, Assignment.course_id)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .where(AssignmentItem.bank_id == bank_id, AssignmentItem.removed_at.is_(None), Assignment.removed_at.is_(None))
    ).all()
    share = ItemStanding.score / func.nullif(AssignmentItem.points, 0)
    marks = {
        item: (people, attempts or 0, mean)
        for item, people, attempts, mean in session.execute(
            select(AssignmentItem.item, func.count(), cast(func.sum(ItemStanding.used), Integer), func.avg(share))
            .join(ItemStanding, ItemStanding.assignment_item_id == AssignmentItem.id)
            .where(AssignmentItem.bank_id == bank_id)
            .group_by(AssignmentItem.item)
        )
    }
    found = {}
    for item in {each.item for each in asked} | set(marks):
        own = [each for each in asked if each.item == item]
        people, attempts, mean = marks.get(item, (0, 0, None))
        older = sum(each.revision != current.get(item, each.revision) for each in own)
        found[item] = _Use(len(own), len({each.course_id for each in own}), older, people, attempts, mean)
    return found


def page(session: Session, bank: Bank, lang: str, now: datetime, managed: Collection[int]) -> BankPage:
    """One bank; `managed` are the courses that whoever looks keeps."""
    reports = bank.report["items"]
    wanted = [each["revision"] for each in reports]
    revisions = {each.hash: each for each in session.scalars(select(Revision).where(Revision.hash.in_(wanted)))}
    version = session.scalar(
        select(BankVersion)
        .where(BankVersion.bank_id == bank.id)
        .options(defer(BankVersion.files))
        .order_by(BankVersion.number.desc())
        .limit(1)
    )
    authors = names_of(session, {each.author_id for each in (*revisions.values(), version) if each is not None})
    tasks = _tasks(session, wanted)
    uses = _uses(session, bank.id, {each["id"]: each["revision"] for each in reports if each["servable"]})
    items = tuple(
        _item(each, revisions.get(each["revision"]), tasks.get(each["revision"]), uses, authors, lang, now)
        for each in reports
    )
    return BankPage(
        id=bank.id,
        title=say(bank.report["title"], lang) or bank.id,
        source=bank.source,
        keeper=bank.keeper,
        loaded_at=bank.loaded_at,
        version=version.number if version else 0,
        author=authors.get(version.author_id, "") if version else "",
        message=version.message if version else "",
        saved_at=version.created_at if version else None,
        faults=tuple(bank.report["faults"]),
        items=items,
        movable=len(movable(session, bank, managed)),
    )


def _item(
    each: Report,
    revision: Revision | None,
    task: Task | None,
    uses: Mapping[str, _Use],
    authors: Mapping[int | None, str],
    lang: str,
    now: datetime,
) -> BankItem:
    proof = proofs.read(revision.proof) if revision else None
    use = uses.get(each["id"], _Use())
    faults = tuple(FaultView(**fault) for fault in each["faults"])
    if proof is not None and revision is not None:
        found = found_at(proof, item_of(revision), Place.read(each))
        faults += tuple(fault for fault in found if (fault.line, fault.text) not in {(f.line, f.text) for f in faults})
    return BankItem(
        id=each["id"],
        title=say(each["title"], lang) or each["id"],
        kind=each["kind"],
        points=each["points"],
        file=each.get("file", ""),
        line=each["line"],
        revision=each["revision"],
        state=_state(each, proof.proved if proof else None, task),
        servable=each["servable"],
        variants=each["servable"] and each.get("variants", False),
        faults=faults,
        tests=len(proof.tests) if proof else 0,
        caught=sum(bool(proof.caught_by(row)) for row in proof.misconceptions) if proof else 0,
        misconceptions=len(proof.misconceptions) if proof else 0,
        task=task_view(task, now) if task is not None and proof is None else None,
        assignments=use.assignments,
        courses=use.courses,
        older=use.older,
        people=use.people,
        attempts=use.attempts,
        mean=use.mean,
        changed_at=revision.created_at if revision else None,
        author=authors.get(revision.author_id, "") if revision else "",
        message=revision.message if revision else "",
    )


def movable(session: Session, bank: Bank, managed: Collection[int]) -> list[AssignmentItem]:
    """Items in assignments of these courses that ask an older revision and that nobody has worked on."""
    newest = servable(session).get(bank.id, {})
    worked = select(ItemStanding.assignment_item_id).where(ItemStanding.assignment_item_id == AssignmentItem.id)
    found = session.scalars(
        select(AssignmentItem)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .where(
            AssignmentItem.bank_id == bank.id,
            AssignmentItem.removed_at.is_(None),
            Assignment.course_id.in_(managed),
            ~worked.exists(),
        )
        .order_by(AssignmentItem.id)
    )
    return [item for item in found if newest.get(item.item, item.revision) != item.revision]


def proof_page(
    session: Session, bank: Bank, item: str, wanted: str, lang: str, now: datetime
) -> ProofPage | None:
    """What proving an item found: of the revision `wanted`, else of the one the bank has now."""
    report = next((each for each in bank.report["items"] if each["id"] == item), None)
    current = report["revision"] if report else ""
    revision = session.scalar(
        select(Revision).where(
            Revision.hash == (wanted or current), Revision.bank_id == bank.id, Revision.item == item
        )
    )
    if revision is None:
        return None
    asked = item_of(revision)
    is_current = revision.hash == current
    place = Place.read(report) if report and is_current else Place.of(asked)
    proof = proofs.read(revision.proof)
    task = rows.newest(session, proofs.KIND, proofs.subject(revision.hash)) if proof is None else None
    return ProofPage(
        bank_id=bank.id,
        bank_title=say(bank.report["title"], lang) or bank.id,
        item=item,
        title=say(asked.title, lang) or item,
        kind=asked.kind.value,
        revision=revision.hash,
        current=is_current,
        matrix=proofs.matrix(proof, asked, place, lang) if proof else None,
        task=task_view(task, now) if task else None,
    )

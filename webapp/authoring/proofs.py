"""Having items proved: long work on a revision, or on text that nobody has saved yet; and what it found, as a table."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from grader.documents import NotThatDocument
from grader.proof import CAUGHT, Proof, Role, Row, proof_from_json, proof_to_json
from grader.verdict import TestStatus
from questions.model import Item
from webapp.authoring.places import Place, found_at
from webapp.authoring.values import Matrix, MatrixColumn, MatrixRow
from webapp.items import item_from, item_of
from webapp.languages import say
from webapp.models import Bank, Revision, Task
from webapp.tasks import rows
from webapp.tasks.kinds import Progress, Surroundings

if TYPE_CHECKING:
    from grader.grading import Grader

KIND, DRAFT = "prove", "prove-draft"
DRAFTS_KEPT = timedelta(hours=12)


def subject(revision: str) -> str:
    """What the work of proving a revision is about."""
    return f"revision:{revision}"


def ask(session: Session, revisions: Iterable[str], now: datetime, actor_id: int | None = None) -> int:
    """Have revisions proved that are not; how many were asked for.  Somebody's wish goes before nobody's."""
    wanted = list(revisions)
    found = session.scalars(select(Revision.hash).where(Revision.hash.in_(wanted), _has_no_proof()))
    asked = 0
    for revision in sorted(found, key=wanted.index):
        task = rows.ask(session, KIND, subject(revision), now, actor_id=actor_id)
        task.actor_id = task.actor_id or actor_id
        asked += 1
    return asked


def _has_no_proof() -> Any:
    return Revision.proof["revision"].as_string().is_(None)


def ask_for_all(session: Session, now: datetime) -> int:
    """Have everything proved that the banks hold now and nobody has proved: a server does it while nobody waits."""
    wanted = [
        each["revision"]
        for report in session.scalars(select(Bank.report).order_by(Bank.id))
        for each in report["items"]
        if each["servable"]
    ]
    return ask(session, wanted, now)


def prove(around: Surroundings) -> Generator[Progress, None, dict[str, Any]]:
    """Long work: a revision is proved, and its proof kept with it."""
    revision_hash = around.subject.partition(":")[2]
    with around.database.reading() as session:
        item = item_of(session.get_one(Revision, revision_hash))
    proof = yield from _proved(item, around)
    with around.database.writing() as session:
        session.get_one(Revision, revision_hash).proof = proof_to_json(proof)
    return {"proved": proof.proved}


def prove_draft(around: Surroundings) -> Generator[Progress, None, dict[str, Any]]:
    """Long work: an item is proved as somebody has typed it; nothing of it is kept but the proof."""
    source = str(around.parameters["source"])
    proof = yield from _proved(item_from(around.subject, source), around)
    return {"proof": proof_to_json(proof)}


def _proved(item: Item, around: Surroundings) -> Generator[Progress, None, Proof]:
    from grader.proving import prove_in_steps

    yield 0, 1
    return (yield from prove_in_steps(item, cast("Grader", around.judge)))


def ask_for_draft(session: Session, bank_id: str, item: Item, actor_id: int, now: datetime) -> Task:
    """Have an item proved that is not saved."""
    session.execute(delete(Task).where(Task.kind == DRAFT, Task.finished_at < now - DRAFTS_KEPT))
    named = hashlib.sha256(f"{bank_id} {actor_id} {item.source}".encode()).hexdigest()[:32]
    parameters = {"bank": bank_id, "source": item.source, "place": Place.of(item).as_json()}
    return rows.ask(session, DRAFT, f"draft:{named}", now, parameters=parameters, actor_id=actor_id)


def read(document: Any) -> Proof | None:
    """The proof of a stored document; None where there is none, or one of another version of the grader."""
    try:
        return proof_from_json(document) if document else None
    except NotThatDocument:
        return None


def matrix(proof: Proof, asked: Item, place: Place, lang: str) -> Matrix:
    """A proof as a table; `asked` is its item, read from its own source."""
    titles = {spec.name: say(spec.title, lang) for spec in asked.test_specs}
    columns = tuple(
        MatrixColumn(
            name=test.name,
            title=titles.get(test.name, ""),
            points=test.points,
            hidden=test.hidden,
            line=place.of_line(asked, test.line)[1],
            caught=sum(row.results[number] in CAUGHT for row in proof.misconceptions),
            idle=test.name in proof.idle,
        )
        for number, test in enumerate(proof.tests)
    )
    lines = tuple(_row(proof, row, asked, place) for row in proof.rows)
    return Matrix(proof.proved, columns, lines, found_at(proof, asked, place), proof.seconds)


def _row(proof: Proof, row: Row, asked: Item, place: Place) -> MatrixRow:
    caught = proof.caught_by(row)
    return MatrixRow(
        role=row.role.value,
        name=row.name,
        line=0 if row.role is Role.UNIVERSAL else place.of_line(asked, row.line)[1],
        status=row.status.value,
        cells=tuple(map(_cell, row.results)),
        alone=caught[0] if len(caught) == 1 else "",
        caught=len(caught),
    )


def _cell(status: TestStatus) -> str:
    if status in CAUGHT:
        return "caught"
    return "passed" if status is TestStatus.PASSED else "not-run"

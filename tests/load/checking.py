"""Whether everything that was sent came to its right verdict, by the database, by the class and by a grader alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from tests.bench_web.known import Key, Known, judged_alone
from tests.bench_web.serving import Running
from tests.load.plan import Accepted, Outcome, Plan
from webapp.models import AssignmentItem, Database, Job, Mark, Submission, Verdict

MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Stored:
    """A job as the database has it."""

    submission: int
    content: bytes
    seed: int
    purpose: str
    state: str
    document: dict[str, Any] | None
    mark: float | None
    points: float


def stored(database: Database) -> dict[int, Stored]:
    """Every job."""
    query = (
        select(
            Job.id, Submission.id, Submission.content, Submission.seed, Job.purpose, Job.state, Verdict.document,
            Mark.score, AssignmentItem.points,
        )
        .join(Submission, Submission.id == Job.submission_id)
        .join(AssignmentItem, AssignmentItem.id == Submission.assignment_item_id)
        .outerjoin(Verdict, Verdict.job_id == Job.id)
        .outerjoin(Mark, Mark.submission_id == Submission.id)
    )  # fmt: skip
    with database.reading() as session:
        return {row[0]: Stored(*row[1:]) for row in session.execute(query)}


def complaints(
    plan: Plan, outcome: Outcome, known: list[Known], rows: dict[int, Stored], running: Running
) -> list[str]:
    """What is not as it has to be; empty when all is well."""
    wrong = [*_grouped(outcome.faults), *_of_the_log(running)]
    if not outcome.accepted:
        wrong.append("nothing was accepted")
    accepted = {each.job: each for each in outcome.accepted}
    if len(accepted) != len(outcome.accepted):
        wrong.append("two requests that were accepted have the same job")
    wrong += [f"job {job} was never done: {row.state}" for job, row in rows.items() if row.document is None]
    alone = judged_alone(dict.fromkeys(key for _, key, _ in _compared(plan, known, accepted, rows)))
    for job, each in accepted.items():
        if job not in rows:
            wrong.append(f"{each.student}: job {job} was accepted and is lost")
            continue
        wrong += [f"job {job} ({known[each.answer].label}): {fault}" for fault in _of_one(plan, known, each, rows[job])]
    for job, key, document in _compared(plan, known, accepted, rows):
        if essence(document) != essence(alone[key]):
            label = known[accepted[job].answer].label
            wrong.append(f"job {job} ({label}): {essence(document)[:2]}, alone {essence(alone[key])[:2]}")
    return wrong


def _of_one(plan: Plan, known: list[Known], each: Accepted, row: Stored) -> Iterator[str]:
    """What is wrong with one that was accepted."""
    expected = known[each.answer]
    if row.submission != each.submission or row.content.decode() != plan.answers[each.answer].content:
        yield "is not what was sent"
    if each.status is None:
        yield "its student saw no verdict in time"
    if row.document is None:
        return
    status, score = row.document["status"], row.document["score"]
    if status not in expected.statuses and not (each.purpose == "run" and not expected.right):
        yield f"is {status} and has to be {' or '.join(sorted(expected.statuses))}"
    if each.status is not None and (each.status, each.score) != (status, score):
        yield f"its student saw {each.status} {each.score}, stored is {status} {score}"
    if each.purpose == "submit":
        share = score / row.document["max_score"]
        if row.mark is None or abs(row.mark - share * row.points) > 1e-6:
            yield f"its mark is {row.mark}, its verdict {score} of {row.document['max_score']}"
    elif row.mark is not None:
        yield "a run has a mark"


def _compared(
    plan: Plan, known: list[Known], accepted: dict[int, Accepted], rows: dict[int, Stored]
) -> Iterator[tuple[int, Key, dict[str, Any]]]:
    """What a grader alone has to agree with.  An endless loop is the same everywhere, and would take too long."""
    for job, each in accepted.items():
        row = rows.get(job)
        if row is None or row.document is None or known[each.answer].statuses == {"timeout"}:
            continue
        answer = plan.answers[each.answer]
        yield job, (answer.item_name, answer.content, row.seed, row.purpose == "run"), row.document


def essence(document: dict[str, Any]) -> tuple[Any, ...]:
    """Of a verdict: what must not depend on how busy the machine was."""
    tests = tuple((test["name"], test["status"]) for test in document["tests"])
    points = tuple((point["id"], point["award"]) for point in document["key_points"])
    return document["status"], document["score"], tests, points


def _of_the_log(running: Running) -> Iterator[str]:
    text = running.complaints()
    for word in ("locked", "Traceback", "Error", "ended with status", "no grading"):
        if word in text:
            yield f"the server's log says {word!r}, {text.count(word)} times; it ends: {text[-600:]}"
            return


def _grouped(faults: list[str]) -> Iterator[str]:
    for text, times in Counter(faults).most_common(MOST_SHOWN):
        yield f"{times} × {text}"


def waits(database: Database) -> tuple[list[float], list[float], list[float]]:
    """Seconds in the queue, seconds of judging, and when verdicts came (seconds since the first was sent)."""
    with database.reading() as session:
        begun = session.scalar(select(func.min(Job.created_at)))
        found = session.execute(
            select(Job.created_at, Job.heartbeat_at, Verdict.created_at).join(Verdict, Verdict.job_id == Job.id)
        ).all()
    waited = [(taken - sent).total_seconds() for sent, taken, _ in found if taken is not None]
    judged = [(done - taken).total_seconds() for _, taken, done in found if taken is not None]
    return waited, judged, [(done - begun).total_seconds() for _, _, done in found if begun is not None]

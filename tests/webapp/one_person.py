"""One person with something in every table that can have it, and what of them is still there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select

from webapp import audit
from webapp.models import (
    Base,
    Database,
    Decision,
    Draft,
    Extension,
    HintReveal,
    Job,
    Mark,
    Membership,
    Notice,
    Phrasing,
    Purpose,
    Regrade,
    RegradeLine,
    RegradeRequest,
    ReviewHold,
    Revision,
    Submission,
    Task,
    Upload,
    UploadFile,
    User,
    Verdict,
)
from webapp.personal.holdings import ABOUT

EMAIL, NAME, NUMBER, HAN = "owner@example.org", "Zephyrine Quill", "S-2026-0417", "诸葛清溪"
MINE = "mark_of_my_own_words"
"""In everything that the person wrote."""
TRACES = (EMAIL, NAME, NUMBER, MINE)


def columns() -> Iterator[tuple[str, sa.Column[Any]]]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            yield f"{table.name}.{column.name}", column


def fill(world: Any, now: Any) -> dict[str, Any]:
    """Something of the person in every table that can have it, done by the program where that is easy."""
    me, other, teacher = (world.people[who] for who in ("owner", "classmate", "instructor"))
    with world.database.writing() as session:
        session.get_one(User, me).name = NAME
        session.get_one(Membership, (world.here, me)).external_id = NUMBER
    sent = world.send("owner", f"# {MINE}".encode())
    world.judge(share=0.5)
    words = world.send("owner", f"{MINE} in words".encode(), item_id=world.words)
    world.judge(share=1.0, review=True)
    run = world.send("owner", f"# {MINE} run".encode(), purpose=Purpose.RUN)
    world.judge()
    theirs = world.send("classmate", b"# somebody else's")
    world.judge(share=1.0)
    waiting = world.send("owner", f"# {MINE} waits".encode())
    with world.database.writing() as session:
        verdict = session.get_one(Verdict, sent.job_id)
        verdict.document = verdict.document | {"output": {"text": f"{MINE} {EMAIL}", "truncated": False}}
        verdict.note = MINE
        session.get_one(Mark, sent.submission_id).reason = f"for {NAME}"
        common = {"created_at": now}
        revision = session.get_one(Submission, sent.submission_id).revision
        bank = session.get_one(Revision, revision).bank_id
        again = Job(
            submission_id=sent.submission_id, user_id=me, revision=revision, purpose="regrade", batch_id=-1,
            not_before=now, **common,
        )  # fmt: skip
        regrade = Regrade(course_id=world.here, actor_id=teacher, reason=f"{NAME} asked", scope="all", **common)
        upload = Upload(
            course_id=world.here, assignment_item_id=world.coding, actor_id=teacher, name=f"of {NAME}.zip",
            layout="canvas", left_out=[[f"{NUMBER}/x.exe", "binary"]], **common,
        )  # fmt: skip
        session.add_all([again, regrade, upload])
        session.flush()
        session.add_all(
            [
                Draft(user_id=me, assignment_item_id=world.coding, content=MINE, saved_at=now),
                HintReveal(user_id=me, assignment_item_id=world.coding, number=1, revealed_at=now),
                Extension(assignment_id=world.assignment, user_id=me, reason=f"{NAME} is ill"),
                Extension(assignment_id=world.assignment, user_id=other, reason=f"like {NAME.upper()}, see {EMAIL}"),
                Notice(user_id=me, kind="mark", subject="", data={"by": MINE}, **common),
                Notice(user_id=other, kind="mark", subject="", data={"by": [NAME, {"to": EMAIL}]}, **common),
                Decision(
                    submission_id=words.submission_id, key_point="p", award=1, reviewer_id=teacher, evidence=MINE,
                    digest="d", **common,
                ),
                Decision(submission_id=theirs.submission_id, key_point="p", award=1, reviewer_id=me, **common),
                ReviewHold(assignment_item_id=world.words, digest="d", reviewer_id=me, until=now),
                RegradeRequest(submission_id=sent.submission_id, text=MINE, answered_by_id=teacher, **common),
                RegradeRequest(
                    submission_id=theirs.submission_id, text=f"like {NAME}", answered_by_id=me, **common
                ),
                RegradeLine(
                    regrade_id=regrade.id, submission_id=words.submission_id, revision=revision,
                    before={"score": 1.0, "reason": MINE},
                ),
                RegradeLine(
                    regrade_id=regrade.id, submission_id=sent.submission_id, revision=revision, job_id=again.id,
                    before=None,
                ),
                UploadFile(
                    upload_id=upload.id, path=f"{NUMBER}.py", content=MINE.encode(), user_id=me, suggested=[],
                    remarks=[], submission_id=sent.submission_id,
                ),
                UploadFile(upload_id=upload.id, path=f"{NAME}.py", content=MINE.encode(), suggested=[], remarks=[]),
                Task(
                    kind="similarity", subject=f"assignment-item:{world.coding}", actor_id=me, parameters={},
                    state="done", **common,
                    result={
                        "compared": 2, "left_out": 0, "clusters": [[sent.submission_id, theirs.submission_id]],
                        "pairs": [[sent.submission_id, theirs.submission_id, 1, 1, 1, True, [MINE], [MINE]]],
                    },
                ),
            ]
        )  # fmt: skip
        for state, text in (("offered", f"{MINE} offered"), ("taken", "softmax makes weights")):
            session.add(
                Phrasing(
                    bank_id=bank, item="why", key_point="p", judgement="yes", text=text, state=state,
                    submission_id=words.submission_id, reviewer_id=me, **common,
                )
            )  # fmt: skip
        audit.note(session, now, me, "request", f"submission:{sent.submission_id}", after={"request": MINE})
        audit.note(session, now, teacher, "member-role", f"course:{world.here} user:{me}", before={"name": NAME})
        audit.note(session, now, teacher, "extension", "assignment:1", after={"user": me, "why": MINE}, reason=MINE)
        audit.note(session, now, teacher, "member-add", f"course:{world.here}", after={"people": [{"email": EMAIL}]})
        audit.note(session, now, me, "override", f"submission:{theirs.submission_id}", reason="a typing error")
    return {"sent": sent, "words": words, "run": run, "theirs": theirs, "waiting": waiting}


def everything(database: Database) -> str:
    """All that is in the database, as one text."""
    found = []
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                for column, value in zip(table.columns, row, strict=True):
                    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
                    shown = json.dumps(text, ensure_ascii=False, default=str)
                    found.append(f"{table.name}.{column.name}={shown}")
    return "\n".join(found)


def traces(text: str) -> list[str]:
    return [line for line in text.splitlines() if any(each.lower() in line.lower() for each in TRACES)]


def tables_about(database: Database, user_id: int) -> set[str]:
    """Tables with a row that points at the person, or at what they sent."""
    ids: dict[str, set[Any]] = {"users": {user_id}, "submissions": set(), "jobs": set(), "verdicts": set()}
    with database.reading() as session:
        ids["submissions"] = set(session.scalars(select(Submission.id).where(Submission.user_id == user_id)))
        ids["jobs"] = set(session.scalars(select(Job.id).where(Job.user_id == user_id)))
        ids["verdicts"] = set(session.scalars(select(Verdict.job_id).where(Verdict.job_id.in_(ids["jobs"]))))
        return {
            name
            for name, column in columns()
            for key in column.foreign_keys
            if key.column.table.name in ABOUT
            and session.scalar(
                select(func.count()).select_from(column.table).where(column.in_(ids[key.column.table.name]))
            )
        }


def pointing_nowhere(session: Any) -> list[Any]:
    """Rows that point at what is gone; PostgreSQL looks at each statement's end, SQLite is asked."""
    connection = session.connection()
    return connection.exec_driver_sql("PRAGMA foreign_key_check").all() if connection.dialect.name == "sqlite" else []

"""A class with submissions, and a second revision of what they answer: what tests of regrades begin with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from grader.documents import verdict_to_json
from questions import item_from_source
from tests.webapp.regrading_grader import RegradingGrader
from webapp.items import item_from
from webapp.marks import facts, giving
from webapp.models import (
    AssignmentItem,
    Audit,
    Database,
    Fact,
    ItemStanding,
    Job,
    Mark,
    Membership,
    Notice,
    Regrade,
    RegradeLine,
    Revision,
    State,
    Submission,
    User,
    Verdict,
)

AT_A_TIME = 500


def revise(database: Database, item_id: int, old: str = "the dot product", new: str = "the scalar product") -> str:
    """Another revision of an item, as saving its bank would store it; returns its hash."""
    with database.writing() as session:
        item = session.get_one(AssignmentItem, item_id)
        source = item.pinned.source.replace(old, new)
        assert source != item.pinned.source
        found = item_from_source(source)
        session.add(
            Revision(
                hash=found.revision,
                suite_hash=found.suite,
                bank_id=item.bank_id,
                item=item.item,
                source=source,
                proof=None,
                created_at=item.pinned.created_at + timedelta(days=1),
                author_id=None,
                message="mended",
            )
        )
        return found.revision


def class_of(world: Any, count: int, now: Any) -> list[int]:
    """`count` students with a judged submission each, made in a few statements; the submissions' numbers."""
    numbers: list[int] = []
    grader = RegradingGrader()
    for start in range(0, count, AT_A_TIME):
        with world.database.writing() as session:
            item = session.get_one(AssignmentItem, world.coding)
            asked = item_from(item.revision, item.pinned.source)
            places = range(start, min(count, start + AT_A_TIME))
            users = [
                User(email=f"s{place}@example.org", name=f"Student {place:04d}", password_hash=None, created_at=now)
                for place in places
            ]
            session.add_all(users)
            session.flush()
            session.add_all(Membership(course_id=world.here, user_id=user.id, role="student") for user in users)
            sent = [
                Submission(
                    assignment_item_id=item.id, user_id=user.id, revision=item.revision, client_key="k",
                    content=b"text %d" % place, seed=place, created_at=now,
                )
                for user, place in zip(users, places, strict=True)
            ]  # fmt: skip
            session.add_all(sent)
            session.flush()
            jobs = [
                Job(
                    submission_id=each.id, user_id=each.user_id, revision=each.revision, purpose="submit",
                    state=State.DONE, tries=1, not_before=now, created_at=now,
                )
                for each in sent
            ]  # fmt: skip
            session.add_all(jobs)
            session.flush()
            given = {}
            for each, job in zip(sent, jobs, strict=True):
                judged = grader.grade(asked, each.content, seed=each.seed, scope=None)
                verdict = Verdict(
                    job_id=job.id, status=judged.status.value, score=judged.score, max_score=judged.max_score,
                    document=verdict_to_json(judged), created_at=now,
                )  # fmt: skip
                session.add(verdict)
                session.flush()
                session.add(facts.fact(each, job.revision, verdict))
                given[each.id] = giving.of_verdict(verdict)
            giving.give_all(session, given, now)
            numbers += [each.id for each in sent]
    return numbers


def everything(database: Database) -> dict[str, Any]:
    """All that a regrade changes, without when; two runs that came to the same have equal ones."""
    with database.reading() as session:

        def rows(*columns: Any) -> list[tuple[Any, ...]]:
            return sorted((tuple(row) for row in session.execute(select(*columns))), key=repr)

        return {
            "marks": rows(
                Mark.submission_id, Mark.verdict_job_id, Mark.score, Mark.share, Mark.status, Mark.source, Mark.reason
            ),
            "standings": rows(
                ItemStanding.user_id, ItemStanding.submission_id, ItemStanding.score, ItemStanding.status,
                ItemStanding.used, ItemStanding.pending,
            ),
            "verdicts": rows(Verdict.job_id, Verdict.status, Verdict.score),
            "facts": rows(Fact.job_id, Fact.submission_id, Fact.share),
            "jobs": rows(Job.id, Job.submission_id, Job.revision, Job.purpose, Job.batch_id, Job.state),
            "notices": rows(Notice.user_id, Notice.kind, Notice.subject, Notice.data),
            "audit": rows(Audit.actor_id, Audit.action, Audit.subject, Audit.before, Audit.after, Audit.reason),
            "lines": rows(RegradeLine.submission_id, RegradeLine.job_id, RegradeLine.before, RegradeLine.state),
            "regrades": rows(Regrade.id, Regrade.state),
        }  # fmt: skip

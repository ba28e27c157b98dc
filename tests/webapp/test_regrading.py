"""Regrades: nothing counts before it is applied, and nobody's mark is moved unseen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from grader.verdict import Status
from tests.webapp.conftest import NOW
from tests.webapp.regrades import class_of, revise
from webapp.marks import giving
from webapp.models import (
    AssignmentItem,
    Audit,
    Database,
    Job,
    Mark,
    Notice,
    Purpose,
    Regrade,
    RegradeLine,
    Source,
    State,
)
from webapp.models.times import utc_now
from webapp.queue import rows
from webapp.queue.carrier import carrier_of
from webapp.regrading import applying, asking, comparing, grading
from webapp.regrading.applying import Choice
from webapp.regrading.asking import Scope, Wanted
from webapp.regrading.comparing import CHOSEN_AT_FIRST, Group, LineState, MarkThen, NewVerdict
from webapp.regrading.lines import lines_of
from webapp.settings import Settings
from webapp.tasks import hands
from webapp.tasks import rows as tasks

REASON = "the mask's test was wrong"


def begin(world: Any, revision: str, scope: Scope = Scope.ALL, **more: Any) -> int:
    """A regrade of the coding item with its jobs made."""
    with world.database.writing() as session:
        wanted = Wanted({world.coding: revision}, scope, REASON, **more)
        number = asking.begin(session, world.here, world.people["instructor"], wanted, NOW).id
        while grading.next_jobs(session, number, NOW):
            pass
    return number


def choose(world: Any, number: int, **choice: Any) -> int:
    with world.database.writing() as session:
        return applying.choose(session, number, world.people["instructor"], Choice(**choice), utc_now())


def apply_all(world: Any, number: int) -> int:
    done = 0
    while True:
        with world.database.writing() as session:
            if not (some := applying.apply_some(session, number, utc_now())):
                return done
            done += some


def mark(world: Any, submission_id: int) -> Mark:
    with world.database.reading() as session:
        return session.get_one(Mark, submission_id)


def groups(world: Any, number: int) -> dict[int, Group]:
    with world.database.reading() as session:
        return {line.submission_id: line.group for line in lines_of(session, number)}


@pytest.fixture
def sent(world: Any) -> Any:
    """A submission that got 6 of 10."""
    sent = world.send()
    world.judge(share=0.6)
    return sent


def test_nothing_counts_before_it_is_applied_and_then_once(world: Any, sent: Any, database: Database) -> None:
    number = begin(world, revise(database, world.coding))
    before = mark(world, sent.submission_id)
    world.judge()
    assert mark(world, sent.submission_id).verdict_job_id == before.verdict_job_id
    assert groups(world, number) == {sent.submission_id: Group.BETTER}
    assert choose(world, number, groups=CHOSEN_AT_FIRST) == 1
    assert choose(world, number, groups=CHOSEN_AT_FIRST) == 0  # the other tab
    assert (apply_all(world, number), apply_all(world, number)) == (1, 0)
    assert choose(world, number, submission_ids=[sent.submission_id]) == 0
    now = mark(world, sent.submission_id)
    assert (now.score, now.status, now.source) == (10, "passed", "grader")
    with database.reading() as session:
        notice = session.scalars(select(Notice)).one()
        assert notice.data | {"item": 0} == {
            "item": 0, "submission": sent.submission_id, "before": 6, "after": 10, "points": 10, "reason": REASON,
        }  # fmt: skip
        applied = session.scalars(select(Audit).where(Audit.action == "regrade-applied")).one()
        assert (applied.before["score"], applied.after["score"], applied.reason) == (6, 10, REASON)
        assert session.get_one(Regrade, number).state == "finished"


def test_what_is_chosen_just_when_the_last_mark_was_moved_is_applied_too(
    world: Any, sent: Any, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = world.send("classmate")
    world.judge(share=0.6)
    number = begin(world, revise(database, world.coding))
    world.judge()
    world.judge()
    assert choose(world, number, submission_ids=[sent.submission_id]) == 1
    finish = tasks.finish

    def finish_late(session: Any, claimed: tasks.Claim, *rest: Any) -> bool:
        if claimed.kind == applying.KIND:
            choice = Choice(submission_ids=[other.submission_id])
            applying.choose(session, number, world.people["instructor"], choice, utc_now())
        return finish(session, claimed, *rest)

    monkeypatch.setattr(tasks, "finish", finish_late)
    monkeypatch.setattr(hands, "LOOKED_EVERY_SECONDS", 0.0)
    worker = hands.Hands(database, settings, "one", carrier_of(settings, database))
    while worker.step(None):  # type: ignore[arg-type]
        pass
    assert mark(world, other.submission_id).score == 10
    with database.reading() as session:
        assert session.get_one(Regrade, number).state == "finished"


def test_it_is_judged_with_the_same_seed_at_the_chosen_revision_behind_every_student(
    world: Any, sent: Any, database: Database
) -> None:
    revision = revise(database, world.coding)
    begin(world, revision)
    later = world.send("classmate", b"later")
    first, second = world.judge(), world.judge()
    assert first.job_id == later.job_id
    assert second.revision == revision
    from webapp.models import Submission

    with database.reading() as session:
        assert second.seed == session.get_one(Submission, sent.submission_id).seed


def test_even_what_could_not_be_graded_waits_until_it_is_applied(world: Any, database: Database) -> None:
    sent = world.send()
    world.judge(status=Status.UNGRADABLE)
    number = begin(world, revise(database, world.coding), Scope.UNGRADABLE)
    world.judge(share=0.6)
    assert mark(world, sent.submission_id).status == "ungradable"
    assert groups(world, number) == {sent.submission_id: Group.GRADED}
    choose(world, number, groups=[Group.GRADED])
    apply_all(world, number)
    assert (mark(world, sent.submission_id).status, mark(world, sent.submission_id).score) == ("partial", 6)


def test_what_cannot_be_graded_now_is_never_applied(world: Any, sent: Any, database: Database) -> None:
    number = begin(world, revise(database, world.coding))
    world.judge(status=Status.UNGRADABLE)
    assert groups(world, number) == {sent.submission_id: Group.UNGRADABLE}
    assert choose(world, number, submission_ids=[sent.submission_id], groups=list(Group)) == 0
    assert mark(world, sent.submission_id).score == 6


def override(world: Any, sent: Any, share: float = 0.9) -> None:
    with world.database.writing() as session:
        given = giving.Given(sent.job_id, share, "partial", Source.OVERRIDE, reason="by hand")
        giving.give(session, sent.submission_id, given, utc_now())


def test_what_a_person_decided_is_replaced_only_when_it_is_chosen_itself(
    world: Any, sent: Any, database: Database
) -> None:
    override(world, sent)
    number = begin(world, revise(database, world.coding))
    world.judge()
    assert groups(world, number) == {sent.submission_id: Group.HELD}
    assert choose(world, number, groups=CHOSEN_AT_FIRST) == 0
    assert choose(world, number, submission_ids=[sent.submission_id]) == 1
    apply_all(world, number)
    assert (mark(world, sent.submission_id).source, mark(world, sent.submission_id).score) == ("grader", 10)


def test_a_mark_that_changed_since_is_shown_and_not_overwritten_unseen(
    world: Any, sent: Any, database: Database
) -> None:
    number = begin(world, revise(database, world.coding))
    world.judge()
    seen = utc_now()
    override(world, sent)
    assert groups(world, number) == {sent.submission_id: Group.CHANGED}
    assert choose(world, number, groups=CHOSEN_AT_FIRST) == 0
    assert choose(world, number, submission_ids=[sent.submission_id]) == 0
    assert choose(world, number, submission_ids=[sent.submission_id], shown_at=seen) == 0  # shown before the override
    assert choose(world, number, submission_ids=[sent.submission_id], shown_at=utc_now()) == 1
    override(world, sent, 0.8)  # and once more, after it was chosen
    apply_all(world, number)
    assert (mark(world, sent.submission_id).source, mark(world, sent.submission_id).share) == ("override", 0.8)
    assert groups(world, number) == {sent.submission_id: Group.CHANGED}
    with database.reading() as session:
        line = session.scalars(select(RegradeLine)).one()
        assert (line.state, line.before["share"]) == (LineState.OVERTAKEN, 0.8)
        assert session.get_one(Regrade, number).state == "open"
        assert session.scalars(select(Notice)).all() == []


def test_dates_that_move_are_no_conflict_and_lateness_is_taken_off_as_it_is_now(
    world: Any, sent: Any, database: Database, now: datetime
) -> None:
    number = begin(world, revise(database, world.coding))
    world.judge()
    with database.writing() as session:
        assignment = session.get_one(AssignmentItem, world.coding).assignment
        assignment.due_at, assignment.late_penalty = now - timedelta(days=1), 0.5
        session.flush()
        giving.follow(session, world.here, now)
    assert groups(world, number) == {sent.submission_id: Group.BETTER}
    choose(world, number, groups=[Group.BETTER])
    apply_all(world, number)
    assert mark(world, sent.submission_id).score == 5


def test_some_none_or_all_can_be_applied_and_the_rest_is_left(world: Any, database: Database, now: datetime) -> None:
    numbers = class_of(world, 12, now)
    number = begin(world, revise(database, world.coding))
    before = {each: mark(world, each).score for each in numbers}
    share = iter([0.0, 0.6, 1.0] * 4)
    while world.judge(share=next(share, 1.0)):
        pass
    assert choose(world, number, submission_ids=numbers[:2]) == 2
    assert apply_all(world, number) == 2
    with database.writing() as session:
        assert applying.finish(session, number, world.people["instructor"], utc_now()) == 10
        assert applying.finish(session, number, world.people["instructor"], utc_now()) is None
    after = {each: mark(world, each).score for each in numbers}
    assert {each: after[each] for each in numbers[2:]} == {each: before[each] for each in numbers[2:]}
    assert choose(world, number, groups=list(Group)) == 0


def test_it_cannot_be_applied_before_everything_is_judged(world: Any, database: Database, now: datetime) -> None:
    class_of(world, 3, now)
    number = begin(world, revise(database, world.coding))
    world.judge()
    assert choose(world, number, groups=list(Group)) == 0
    with database.writing() as session:
        assert applying.finish(session, number, world.people["instructor"], utc_now()) is None


def test_called_off_nothing_waits_any_more_and_nothing_can_be_applied(
    world: Any, database: Database, now: datetime
) -> None:
    class_of(world, 5, now)
    number = begin(world, revise(database, world.coding))
    world.judge()
    taken = None
    with database.writing() as session:
        taken = rows.claim(session, "busy", NOW, timedelta(seconds=60))
    assert taken is not None
    with database.writing() as session:
        assert asking.cancel(session, number, world.people["instructor"], utc_now())
        assert not asking.cancel(session, number, world.people["instructor"], utc_now())
    with database.reading() as session:
        left = session.execute(select(Job.state, func.count()).where(Job.batch_id < 0).group_by(Job.state)).all()
        assert dict(left) == {State.DONE: 1, State.RUNNING: 1}
    world.judge()
    assert choose(world, number, groups=list(Group)) == 0
    with database.writing() as session:
        assert grading.next_jobs(session, number, utc_now()) == 0


def test_scopes_take_whom_they_say(world: Any, database: Database) -> None:
    worse = world.send(content=b"worse")
    world.judge(share=0.0)
    best = world.send(content=b"best")
    world.judge(share=0.6)
    broken = world.send("classmate", b"broken")
    world.judge(status=Status.UNGRADABLE)
    world.send(content=b"only a run", purpose=Purpose.RUN)
    world.judge()
    world.send(content=b"not judged yet")

    def found(scope: Scope, **more: Any) -> set[int]:
        with database.reading() as session:
            return set(session.scalars(asking.submissions_of(session, [world.coding], scope, **more)))

    assert found(Scope.ALL) == {worse.submission_id, best.submission_id, broken.submission_id}
    assert found(Scope.COUNTING) == {best.submission_id}
    assert found(Scope.UNGRADABLE) == {broken.submission_id}
    assert found(Scope.STUDENT, user_id=world.people["owner"]) == {worse.submission_id, best.submission_id}
    assert found(Scope.ONE, submission_id=worse.submission_id) == {worse.submission_id}
    wanted = Wanted({world.words: "x"}, Scope.ALL, REASON)
    with database.writing() as session, pytest.raises(asking.NothingToRegrade):
        asking.begin(session, world.here, world.people["instructor"], wanted, utc_now())


def test_pins_move_when_asked_and_the_log_says_so(world: Any, sent: Any, database: Database) -> None:
    revision = revise(database, world.coding)
    number = begin(world, revision)
    world.judge()
    choose(world, number, groups=CHOSEN_AT_FIRST, move_pins=True)
    with database.reading() as session:
        assert session.get_one(AssignmentItem, world.coding).revision == revision
        line = session.scalars(select(Audit).where(Audit.action == "pin")).one()
        assert line.after == {"revision": revision}


def test_a_student_cannot_look_at_a_verdict_that_was_not_applied(
    world: Any, sent: Any, database: Database, client_of: Callable[..., Any]
) -> None:
    number = begin(world, revise(database, world.coding))
    job = world.judge().job_id
    client = client_of("owner")
    addresses = (f"/jobs/{job}", f"/items/{world.coding}?job={job}")
    for address in addresses:
        assert client.get(address, headers={"Accept": "application/json, text/html;q=0.5"}).status_code == 404
    choose(world, number, groups=CHOSEN_AT_FIRST)
    apply_all(world, number)
    for address in (*addresses, f"/items/{world.coding}"):
        assert client.get(address, headers={"Accept": "application/json, text/html;q=0.5"}).status_code == 200
    assert f'data-job="{job}"' in client.get(f"/items/{world.coding}").get_data(as_text=True)


THEN = MarkThen(6.0, 0.6, "partial", False, "grader", "", 1)


@pytest.mark.parametrize(
    ("state", "before", "now", "new", "group"),
    [
        ("open", None, THEN, None, Group.WAITING),
        ("open", THEN, THEN, ("passed", 10.0), Group.BETTER),
        ("open", THEN, THEN, ("partial", 5.0), Group.WORSE),
        ("open", THEN, THEN, ("timeout", 6.0), Group.SAME),
        ("open", THEN, THEN, ("ungradable", 0.0), Group.UNGRADABLE),
        ("open", THEN, replace(THEN, share=0.7), ("passed", 10.0), Group.CHANGED),
        ("open", THEN, replace(THEN, score=3.0), ("passed", 10.0), Group.BETTER),
        ("open", replace(THEN, source="review"), replace(THEN, source="review"), ("passed", 10.0), Group.HELD),
        ("overtaken", THEN, THEN, ("passed", 10.0), Group.CHANGED),
        ("applied", THEN, replace(THEN, share=1.0), ("passed", 10.0), Group.BETTER),
        ("open", replace(THEN, status="ungradable"), replace(THEN, status="ungradable"), ("failed", 0.0), Group.GRADED),
    ],
)
def test_groups(state: str, before: Any, now: Any, new: Any, group: Group) -> None:
    judged = NewVerdict(2, new[0], new[1], 10.0, False, new[1]) if new else None
    assert comparing.group_of(LineState(state), before, now, judged) is group


def test_the_distribution_counts_everything_once_and_keeps_nought_apart() -> None:
    found = comparing.distribution([0, 0, 1e-9, 0.5, 1, 1.5, -0.25, -3, 10])
    assert sum(each.count for each in found) == 9
    assert [each.count for each in found if each.nought] == [3]
    assert len(found) <= comparing.MOST_BINS + 1
    assert {(each.low, each.high): each.count for each in found if each.count and not each.nought} == {
        (-3.0, -2.0): 1, (-1.0, 0.0): 1, (0.0, 1.0): 2, (1.0, 2.0): 1, (9.0, 10.0): 1,
    }  # fmt: skip
    assert comparing.distribution([]) == ()
    assert [each.count for each in comparing.distribution([0.0])] == [1]
    for many in ([1000.0, -1000.0], [0.01], [-7.3] * 3):
        assert sum(each.count for each in comparing.distribution(many)) == len(many)

"""Nobody's loop of submissions starves a class, and no course starves another: on rows, in both databases."""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import event, insert, select, text

from tests.webapp.crowds import KINDS, LEASE, Crowd, crowd, empty
from webapp.models import Course, CourseTurn, Database, Job, State, Submission
from webapp.queue import fairness, rows
from webapp.queue.fairness import Waiting
from webapp.queue.places import Places

Gather = Callable[..., Crowd]


@pytest.fixture(params=KINDS)
def gather(request: pytest.FixtureRequest, tmp_path: Path, now: datetime) -> Iterator[Gather]:
    """Makes a crowd, on each database in turn."""
    with ExitStack() as ending:

        def made(courses: int, people: int) -> Crowd:
            address = ending.enter_context(empty(request.param, request, tmp_path))
            return ending.enter_context(crowd(Database(address), now, courses, people))

        yield made


def test_a_small_course_does_not_wait_for_a_large_one(gather: Gather) -> None:
    large, small = range(300), range(300, 310)
    people = gather(2, 310)
    people.send([(person, 0) for person in large])
    people.send([(person, 1) for person in small])
    assert Counter(people.taken(44)) == {0: 34, 1: 10}


def test_a_large_course_gets_half_of_what_its_number_is_worth_beside_many_small_ones(gather: Gather) -> None:
    people = gather(11, 300)
    people.send([(person, 0) for person in range(200)])
    people.send([(person, 1 + person % 10) for person in range(200, 300)])
    served = Counter(people.taken(100))
    assert served[0] >= 100 * (200 / 300) / 2
    assert min(served[course] for course in range(1, 11)) >= 4


def test_those_who_send_in_a_loop_get_as_much_as_those_who_send_now_and_then(gather: Gather) -> None:
    """Person 0 always has six on their way, everybody else one, and each verdict is followed by another click."""
    people = gather(1, 12)
    people.send([(0, 0)] * 6 + [(person, 0) for person in range(1, 12)])
    served: Counter[int] = Counter()
    for _ in range(120):
        people.now += timedelta(milliseconds=50)
        claimed = people.claim()
        assert claimed is not None
        with people.database.reading() as session:
            person = people.people.index(session.get_one(Job, claimed.job_id).user_id)
        served[person] += 1
        people.finish(claimed)
        people.send([(person, 0)], now=people.now)
    assert max(served.values()) - min(served.values()) <= 1


def test_what_was_sent_in_quiet_hours_counts_for_nothing_in_the_next_rush(gather: Gather, now: datetime) -> None:
    people = gather(1, 2)
    for _ in range(50):
        people.now += timedelta(milliseconds=100)
        people.send([(0, 0)], now=people.now)
        assert people.taken(1)
    people.now += timedelta(seconds=1)
    [busy] = people.send([(0, 0)], now=people.now)
    [fresh] = people.send([(1, 0)], now=people.now)
    first, second = people.claim(), people.claim()
    assert first is not None
    assert second is not None
    assert [first.job_id, second.job_id] == [busy, fresh]


def test_a_student_who_waits_comes_before_uploads_and_these_before_regrades(gather: Gather) -> None:
    people = gather(2, 3)
    regrade = people.send([(0, 0)] * 3, priority=2)
    upload = people.send([(1, 0)] * 2, priority=1)
    waits = people.send([(2, 1)])
    order = []
    for number in range(6):
        claimed = people.claim(courses_turn=bool(number % 2))
        assert claimed is not None
        order.append(claimed.job_id)
    assert order == [*waits, *upload, *regrade]


def test_places_are_those_in_which_jobs_are_taken(gather: Gather) -> None:
    chance = random.Random(3)
    people = gather(4, 20)
    jobs = people.send([(chance.randrange(20), min(chance.randrange(7), 3)) for _ in range(60)])
    with people.database.reading() as session:
        places = Places()
        expected = sorted(jobs, key=lambda job: places.place(session, job))
    taken = []
    for number in range(60):
        people.now += timedelta(milliseconds=50)
        claimed = people.claim(courses_turn=bool(number % 2))
        assert claimed is not None
        taken.append(claimed.job_id)
    assert taken == expected


def test_eight_workers_take_everything_once_and_none_goes_away_empty_handed(gather: Gather) -> None:
    people = gather(5, 40)
    jobs = people.send([(number % 40, number % 5) for number in range(240)])
    taken: list[list[int]] = [[] for _ in range(8)]
    empty_handed: list[int] = []

    def work(worker: int) -> None:
        for number in range(30):
            claimed = people.claim(f"w{worker}", courses_turn=bool(number % 2))
            if claimed is None:
                empty_handed.append(worker)
            else:
                taken[worker].append(claimed.job_id)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert empty_handed == []
    assert sorted(job for own in taken for job in own) == sorted(jobs)


def ten_thousand(people: Crowd) -> None:
    """Waiting, of everybody and in every course; and as many that were judged."""
    [first] = people.send([(0, 0)])
    with people.database.writing() as session:
        job = session.get_one(Job, first)
        sent = session.get_one(Submission, job.submission_id)
        columns = {c.key: getattr(sent, c.key) for c in Submission.__table__.columns if c.key != "id"}
        session.execute(
            insert(Submission), [columns | {"client_key": f"many {number}"} for number in range(20_000)]
        )
        ids = session.scalars(select(Submission.id).where(Submission.client_key.like("many %"))).all()
        own = {c.key: getattr(job, c.key) for c in Job.__table__.columns if c.key != "id"}
        made = [
            own | {
                "submission_id": each, "user_id": people.people[number % 200], "round": job.round + number // 200,
                "course_id": people.courses[number % 50], "state": State.WAITING if number % 2 else State.DONE,
            }
            for number, each in enumerate(ids)
        ]  # fmt: skip
        session.execute(insert(Job), made)
    with people.database.writing() as session:
        session.execute(text("ANALYZE"))


def test_among_ten_thousand_waiting_a_claim_looks_at_a_few(gather: Gather) -> None:
    people = gather(100, 200)
    ten_thousand(people)
    said: list[tuple[str, object]] = []
    event.listen(
        people.database.engine, "before_cursor_execute",
        lambda _c, _cursor, statement, parameters, *_rest: said.append((statement, parameters)),
    )  # fmt: skip
    with people.database.reading() as session:
        assert rows.anything_waiting(session, people.now)
        course = fairness.course_next(session, people.now)
    assert course is not None
    with people.database.writing() as session:
        assert rows.claim(session, "a", people.now, LEASE, course_id=course) is not None
        assert rows.claim(session, "a", people.now, LEASE) is not None
    people.send([(5, 5)])
    asked = [(statement, parameters) for statement, parameters in said if re.match("SELECT|UPDATE|WITH", statement)]
    for statement, parameters in asked:
        if "jobs" in statement and "count" not in statement.split("FROM")[0]:
            assert looked_at(people.database, statement, parameters) < 400, statement


def looked_at(database: Database, statement: str, parameters: object) -> int:
    """How many rows of `jobs` a statement touches; on SQLite a twentieth of the instructions that it takes."""
    with database.engine.execution_options(workshop_writes="NORMAL").connect() as connection:
        if database.engine.dialect.name == "sqlite":
            steps = count()
            driver = connection.connection.dbapi_connection
            driver.set_progress_handler(lambda: next(steps) < 0, 20)  # type: ignore[union-attr]
            connection.exec_driver_sql(statement, parameters).all()
            driver.set_progress_handler(None, 0)  # type: ignore[union-attr]
            connection.rollback()
            return next(steps)
        explained = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).scalar_one()
        connection.rollback()
        return sum(_touched(explained[0]["Plan"]))


def _touched(plan: dict) -> Iterator[int]:
    if plan.get("Relation Name") == "jobs" and plan["Node Type"] != "ModifyTable":
        yield (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    for each in plan.get("Plans", ()):
        yield from _touched(each)


def test_looking_up_places_takes_a_small_share_of_the_time_however_long_the_queue_is(now: datetime) -> None:
    moment = 0.0
    looks = 0

    class Queue:
        def execute(self, _query: object) -> Queue:
            nonlocal looks, moment
            looks += 1
            moment += 0.1
            return self

        def all(self) -> list:
            return [] if looks % 2 == 0 else [(0, False, 1, 7, 1), (0, False, 2, 8, 1)]

    places = Places(lambda: moment)
    for _ in range(100):
        assert places.place(Queue(), 8) == 2  # type: ignore[arg-type]
        assert places.place(Queue(), 9) == 3  # type: ignore[arg-type]
        moment += 0.5
    assert looks / 2 * 0.2 / moment < 0.025


def test_the_order_goes_round_the_courses_from_the_one_that_waited_longest(now: datetime) -> None:
    line = [Waiting(0, False, 1, number, course) for number, course in enumerate([1, 1, 1, 1, 2, 3])]
    assert fairness.order(line, {1: now, 2: now - timedelta(1)}) == [0, 5, 1, 4, 2, 3]
    assert fairness.order([Waiting(0, True, 1, 1, 1), Waiting(2, False, 0, 2, 1), *line[5:]], {}) == [5, 1, 2]


def test_a_course_that_is_served_at_this_very_moment_is_noted_by_one_of_two(gather: Gather) -> None:
    people = gather(1, 1)
    course = people.courses[0]
    for number in range(2):
        with people.database.writing() as session:
            fairness.note_turn(session, course, people.now + timedelta(seconds=number))
    with people.database.reading() as session:
        assert session.get_one(CourseTurn, course).served_at == people.now + timedelta(seconds=1)
        assert session.get(Course, course) is not None
    if people.database.engine.dialect.name == "sqlite":
        return
    with people.database.writing() as session, people.database.writing() as other:
        fairness.note_turn(session, course, people.now + timedelta(seconds=2))
        fairness.note_turn(other, course, people.now + timedelta(seconds=3))  # waits for nobody

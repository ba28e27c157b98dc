"""Item analysis: the figures, what stands out, and how much it asks of the database."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from grader.verdict import Status
from webapp.models import AssignmentItem, Database, Fact, Membership, Verdict
from webapp.teach.analysis import service, statistics
from webapp.teach.analysis.findings import Finding, Seen, first_of, notable
from webapp.teach.analysis.statistics import Sent

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def sent(user: int, outcomes: str = "", status: str = "failed", hours: float = 0, **more: Any) -> Sent:
    """One submission."""
    values = {"revision": "r", "share": 0.0, "misconceptions": ()} | more
    return Sent(user_id=user, outcomes=outcomes, status=status, at=START + timedelta(hours=hours), **values)


def test_discrimination_is_the_correlation_with_the_rest():
    people = range(40)
    rest = [number / 40 for number in people]
    assert statistics.discrimination([float(number >= 20) for number in people], rest) == pytest.approx(0.866, abs=0.01)
    assert statistics.discrimination([float(number < 20) for number in people], rest) == pytest.approx(-0.866, abs=0.01)
    noise = random.Random(1)
    one, other = ([noise.random() for _ in range(4000)] for _ in range(2))
    assert abs(statistics.discrimination(one, other) or 1) < 0.05


def test_few_people_and_equal_ones_have_no_discrimination():
    assert statistics.discrimination([0.0, 1.0] * 4, [0.0, 1.0] * 4) is None
    assert statistics.discrimination([1.0] * 50, list(range(50))) is None
    assert statistics.discrimination(list(range(50)), [2.0] * 50) is None


def test_full_marks_are_in_the_last_tenth_and_nothing_in_the_first():
    assert statistics.histogram([0.0, 0.05, 0.1, 0.3, 0.999, 1.0]) == (2, 1, 0, 1, 0, 0, 0, 0, 0, 2)


def test_what_it_took_ends_with_the_first_full_marks():
    people = statistics.by_person(
        [sent(1, hours=3, status="passed"), sent(1), sent(1, hours=1), sent(1, hours=5, status="passed"), sent(2)]
    )
    (effort,) = statistics.efforts(people)
    assert (effort.attempts, effort.seconds) == (3, 3 * 3600)


def test_tests_are_counted_once_for_each_person_first_and_last():
    mine = [sent(1, "FF.-"), sent(1, "..F-", hours=1), sent(2, "F...", hours=2), sent(2, "xx", hours=3, revision="old")]
    counts = statistics.test_counts(statistics.by_person(mine), "r", 4)
    assert [(each.people, each.failed_first, each.failed_last) for each in counts] == [
        (2, 2, 1),
        (2, 1, 0),
        (2, 0, 1),
        (1, 0, 0),
    ]


def test_a_test_nobody_fails_or_everybody_fails_is_told_only_of_enough_people():
    def counts(people: int) -> Any:
        return statistics.test_counts(statistics.by_person(sent(number, ".F") for number in range(people)), "r", 2)

    assert [(each.nobody_fails, each.everybody_fails) for each in counts(9)] == [(False, False), (False, False)]
    assert [(each.nobody_fails, each.everybody_fails) for each in counts(10)] == [(True, False), (False, True)]


def test_periods_are_days_then_weeks_without_gaps():
    days = statistics.periods([sent(1), sent(2, hours=24 * 3, misconceptions=("a", "b"))], UTC)
    assert [(each.submissions, dict(each.made)) for each in days] == [(1, {}), (0, {}), (0, {}), (1, {"a": 1, "b": 1})]
    weeks = statistics.periods([sent(1, hours=24), sent(2, hours=24 * 60)], UTC)
    assert [(weeks[1].start - weeks[0].start).days, weeks[0].start.weekday(), len(weeks)] == [7, 0, 9]
    assert statistics.periods([], UTC) == ()


def test_a_day_is_one_on_the_courses_clocks():
    evening, night = sent(1, hours=6), sent(2, hours=8)  # 23:00 and 1:00 in Shanghai
    assert [each.submissions for each in statistics.periods([evening, night], UTC)] == [2]
    days = statistics.periods([evening, night], ZoneInfo("Asia/Shanghai"))
    assert [(each.start.day, each.submissions) for each in days] == [(2, 1), (3, 1)]


def test_options_are_counted_first_and_last():
    people = statistics.by_person([sent(1, "1 3"), sent(1, "3", hours=1), sent(2, "9 2")])
    assert statistics.chosen(people, 3) == ((1, 0), (1, 1), (1, 1))


@pytest.mark.parametrize(
    ("seen", "finding"),
    [
        (Seen(1, 100, 0.5, 0.4, "sigmoid", 52), Finding.MISTAKE),
        (Seen(1, 100, 0.5, -0.3), Finding.BACKWARDS),
        (Seen(1, 100, 0.5, 0.4, unmet=1), Finding.UNMET),
        (Seen(1, 100, 0.1, 0.4), Finding.HARD),
        (Seen(1, 100, 0.99, 0.1), Finding.EASY),
        (Seen(1, 100, 0.6, 0.4, unpicked=2), Finding.UNPICKED),
        (Seen(1, 100, 0.6, 0.4, "sigmoid", 10), None),
        (Seen(1, 9, 0.0, None, "sigmoid", 9), None),
        (Seen(1, 0, None), None),
    ],
)
def test_what_stands_out(seen: Seen, finding: Finding | None):
    found = notable(seen)
    assert (found.finding if found else None) == finding


def test_the_classes_commonest_mistake_comes_first():
    items = [Seen(1, 50, 0.99), Seen(2, 50, 0.5, mistake="a", mistaken=15), Seen(3, 50, 0.5, mistake="b", mistaken=30)]
    assert [each.item_id for each in first_of(items)] == [3, 2, 1]


@pytest.fixture
def classroom(world: Any) -> Callable[[int], None]:
    """`classroom(30)`: so many more students have sent one wrong and then one right submission."""

    def fill(number: int) -> None:
        from webapp.account import service as accounts

        with world.database.writing() as session:
            for each in range(len(world.people), len(world.people) + number):
                user = accounts.create(session, f"s{each}@example.org", f"Student {each}", "three plain words")
                session.add(Membership(course_id=world.here, user_id=user.id, role="student"))
                world.people[f"s{each}"] = user.id
        names = [name for name in world.people if name.startswith("s") and name[1:].isdigit()][-number:]
        for place, name in enumerate(names):
            world.send(name, b"wrong")
            world.judge(share=0.4 if place % 2 else 0.0)
            if place % 3:
                world.send(name, b"right")
                world.judge()

    return fill


def test_the_pages_say_what_the_class_did(world: Any, classroom: Any, client_of: Callable[..., Any]) -> None:
    classroom(30)
    with world.database.writing() as session:
        for fact in session.query(Fact).filter(Fact.status == "failed"):
            fact.misconceptions = "column-weights"
    client = client_of("assistant")
    page = client.get(f"/teach/assignments/{world.assignment}/analysis").text
    assert "What to look at first" in page
    assert "50% of those who tried it (15 of 30) make one mistake" in page
    item = client.get(f"/teach/items/{world.coding}/analysis").text
    assert "data-plot" in item
    assert "67%" in item
    assert client.get(f"/teach/courses/{world.here}/analysis").text.count('class="row is-plain"') == 1


def test_what_cost_no_attempt_is_in_no_figure(world: Any, client_of: Callable[..., Any]) -> None:
    world.send("classmate", b"def f(:")
    world.judge(status=Status.ERROR)
    world.send("owner", b"def f(:")
    world.judge(status=Status.ERROR)
    world.send("owner", b"right")
    world.judge()
    page = client_of("instructor").get(f"/teach/items/{world.coding}/analysis").text
    assert "<dt>Students</dt><dd>1</dd>" in page
    assert "<dt>Submissions</dt><dd>1</dd>" in page
    assert "With the first attempt: 1. Not solved yet: 0." in page


def test_the_pages_of_an_item_lead_to_each_other(world: Any, client_of: Callable[..., Any]) -> None:
    sent = world.send("owner", b"words", item_id=world.words)
    world.judge()
    analysis = f"/teach/items/{world.words}/analysis"
    similarity = f"/teach/items/{world.words}/similarity"
    asked = f"/teach/courses/{world.here}/assignments/{world.assignment}/items/{world.words}"
    again = f"/teach/courses/{world.here}/regrades/new?item={world.words}"
    instructor, assistant = client_of("instructor"), client_of("assistant")
    for page in (analysis, similarity, asked, f"/teach/submissions/{sent.submission_id}"):
        ways = instructor.get(page).text.partition('<nav class="ways"')[2].partition("</nav>")[0]
        for way in {analysis, similarity, asked, again} - {page}:
            assert f'href="{way}"' in ways
            assert instructor.get(way).status_code == 200
        assert "/teach/phrasings/" in ways
        ways = assistant.get(page).text.partition('<nav class="ways"')[2].partition("</nav>")[0]
        assert again not in ways
        assert "/teach/phrasings/" not in ways


def test_items_without_submissions_have_pages_too(world: Any, client_of: Callable[..., Any]) -> None:
    client = client_of("instructor")
    for address in (
        f"/teach/courses/{world.here}/analysis",
        f"/teach/assignments/{world.assignment}/analysis",
        f"/teach/items/{world.coding}/analysis",
        f"/teach/items/{world.words}/analysis",
    ):
        assert client.get(address).status_code == 200


def test_a_mistake_that_the_item_no_longer_names_goes_by_its_id(world: Any, classroom: Any, client_of: Any) -> None:
    classroom(1)
    with world.database.writing() as session:
        session.query(Fact).first().misconceptions = "gone<script>"
    page = client_of("instructor").get(f"/teach/items/{world.coding}/analysis").text
    assert "gone&lt;script&gt;" in page
    assert "gone<script>" not in page


def test_verdicts_that_no_longer_count_are_left_out(world: Any, database: Database, now: datetime) -> None:
    from webapp.marks import giving
    from webapp.models import Job, Purpose

    sent_ = world.send()
    world.judge(share=0.0)
    with database.writing() as session:
        session.add(
            Job(
                submission_id=sent_.submission_id,
                user_id=world.people["owner"],
                revision=session.get_one(Job, sent_.job_id).revision,
                purpose=Purpose.REGRADE,
                batch_id=-1,
                not_before=now,
                created_at=now,
            )
        )
    again = world.judge(share=1.0)
    with database.reading() as session:
        page = service.item_analysis(session, session.get_one(AssignmentItem, world.coding), "en", UTC)
        assert (page.submissions, page.line.mean, page.unsolved) == (1, 0.0, 1)
    with database.writing() as session:
        giving.give(session, sent_.submission_id, giving.of_verdict(session.get_one(Verdict, again.job_id)), now)
    with database.reading() as session:
        page = service.item_analysis(session, session.get_one(AssignmentItem, world.coding), "en", UTC)
        assert (page.submissions, page.line.mean, page.unsolved) == (1, 1.0, 0)


def test_pages_take_as_many_queries_for_many_as_for_few(world: Any, app: Any, classroom: Any, client_of: Any) -> None:
    asked: list[str] = []
    engine = app.extensions["workshop_database"].engine
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    client = client_of("instructor")
    counts = []
    for number in (3, 30):
        classroom(number)
        counts.append([])
        for address in (
            f"/teach/courses/{world.here}/analysis",
            f"/teach/assignments/{world.assignment}/analysis",
            f"/teach/items/{world.coding}/analysis",
        ):
            asked.clear()
            assert client.get(address).status_code == 200
            counts[-1].append(len(asked))
    assert counts[0] == counts[1]


def test_the_letters_of_a_fact_are_in_the_order_of_the_items_tests(world: Any) -> None:
    from webapp.items import item_of

    world.send()
    world.judge(share=0.4)
    with world.database.reading() as session:
        fact = session.query(Fact).one()
        item = session.get_one(AssignmentItem, world.coding)
        names = [spec.name for spec in item_of(item.pinned).test_specs]
        document = session.query(Verdict).one().document
        assert [test["name"] for test in document["tests"]] == names
        assert len(fact.outcomes) == len(names)

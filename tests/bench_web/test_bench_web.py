"""What the benchmark leans on: the furnished database, every route, its tables.  Never how long anything takes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from tests.bench_web import analyses, clicks, furnishing, gradebooks, pages, report
from tests.bench_web.addresses import Page
from tests.bench_web.addresses import pages as every_page
from tests.bench_web.clicks import PARTS, Click
from tests.bench_web.gradebook_times import Opening, Scrolling
from tests.bench_web.known import broken, code, words
from tests.bench_web.pages import PageTimes
from tests.bench_web.server_times import ServerTimes
from tests.bench_web.weight import Visit
from webapp import create_app
from webapp.models import Database, Fact, ItemStanding, Job, Mark, Submission, Verdict
from webapp.settings import Settings

DOCUMENT = {
    "status": "partial", "score": 3.0, "max_score": 6.0, "review": False,
    "tests": [], "key_points": [], "diagnosis": [],
}  # fmt: skip


def test_a_furnished_course_has_as_many_submissions_as_asked_for_each_with_its_verdict(tmp_path: Path) -> None:
    school = furnishing.furnish(tmp_path, 7)
    sent = [(known, DOCUMENT) for known in (*code(1), *words(1))]
    furnishing.fill(tmp_path, school, sent, 60)
    database = Database(Settings(data=tmp_path).database)
    with database.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in (Submission, Job, Verdict)]
        submitted = session.scalar(select(func.count()).select_from(Job).where(Job.purpose == "submit"))
        assert session.scalar(select(func.count()).select_from(Mark)) == submitted
    database.close()
    assert counts == [60, 60, 60]
    assert 0 < submitted < 60
    jobs = furnishing.put_in_the_queue(tmp_path, school, broken("self-attention"), datetime.now(UTC))
    assert furnishing.wait_for(tmp_path, jobs, 0) == 2


def test_a_large_course_has_a_standing_for_nearly_every_student_and_item(tmp_path: Path) -> None:
    large = gradebooks.furnish(tmp_path, 6, 16)
    assert (len(large.students), len(large.items)) == (6, 16)
    database = Database(Settings(data=tmp_path).database)
    with database.reading() as session:
        standings = session.scalars(select(ItemStanding)).all()
        shown = {each.submission_id for each in standings}
        assert shown == set(session.scalars(select(Submission.id)))
    database.close()
    assert 60 < len(standings) < 96


def test_a_class_to_be_analysed_has_a_line_for_each_of_its_verdicts(tmp_path: Path) -> None:
    large = analyses.furnish(tmp_path, 3)
    database = Database(Settings(data=tmp_path).database)
    with database.reading() as session:
        kept = (Submission, Verdict, Fact, Mark)
        counts = [session.scalar(select(func.count()).select_from(table)) for table in kept]
        tried = session.scalar(select(func.count()).select_from(ItemStanding))
    database.close()
    assert counts == [large.verdicts] * 4
    assert tried is not None
    assert large.verdicts == tried * analyses.ATTEMPTS


def test_every_route_is_a_page_or_is_named_as_missing(tmp_path: Path) -> None:
    furnishing.furnish(tmp_path, 1)
    app = create_app({"data": tmp_path})
    values = {"item_id": 1, "course_id": 1, "submission_id": 1, "job_id": 1}
    found = list(every_page(app, values, pages.NO_PAGES, {"learn.item": "?job=1"}))
    assert Page("learn.item", "/items/1?job=1") in found
    assert [each for each in found if isinstance(each, str) and each.startswith("teach.student")]


def test_what_is_sent_is_half_right_and_names_what_it_expects() -> None:
    known = code(2)
    assert sum(each.right for each in known) * 2 == len(known) == 20
    assert {each.kind for each in words(1)} == {"short-answer"}
    assert [sorted(each.statuses) for each in broken("self-attention")] == [["error"], ["timeout"]]


def test_the_tables_say_what_missed_its_goal() -> None:
    parts = dict.fromkeys(PARTS, 60.0)
    rows = clicks.summed_up([Click("coding submit right", "x", "passed", 360.0, 380.0, 2, parts)])
    assert [row.what for row in rows] == ["coding submit", "coding submit right"]
    assert rows[0].over_ideal == 1.2
    printed = report.click_table(rows)
    printed += report.page_table([PageTimes("a.b", 1.0, 51.0, 1.0, 9), PageTimes("c.d", 1.0, 49.0, 1.0, 9)], ["e: why"])
    printed += report.weight_table([Visit("item, next visit", 16 * 1024, 1, (("1", 16 * 1024),))])
    times = [ServerTimes("page", 1.0, 401.0, 1.0, 9), ServerTimes("all cells", 1.0, 399.0, 1.0, 9)]
    printed += report.gradebook_table(times, Opening(1.0, 2.0), [Scrolling("down", 9, 16.7, 16.7, 40.0, 1, 0)])
    printed += report.analysis_table([ServerTimes("item", 1.0, 2001.0, 1.0, 9)], 200_000)
    assert [line.split()[0] for line in printed if line.endswith("MISSED") or "MISSED " in line] == [
        "coding",
        "a.b",
        "item,",
        "page",
        "item",
    ]

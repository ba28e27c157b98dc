"""The assignment editor: what it changes, what it refuses, whom it asks first, and that files say the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from webapp.courses.applying import apply
from webapp.courses.file import read
from webapp.courses.showing import shown_course
from webapp.marks import standings
from webapp.models import (
    Assignment,
    AssignmentItem,
    Audit,
    Bank,
    Course,
    Database,
    Extension,
    ItemStanding,
    Mark,
    Membership,
    Notice,
    Revision,
    User,
)
from webapp.models.times import utc_now

SHANGHAI = ZoneInfo("Asia/Shanghai")
Form = dict[str, Any]


@contextmanager
def queries(app: Flask) -> Iterator[list[str]]:
    """The statements that an application's database is asked meanwhile."""
    engine, said = app.extensions["workshop_database"].engine, []

    def note(*told: Any) -> None:
        said.append(told[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def teacher(client_of: Callable[..., FlaskClient]) -> FlaskClient:
    return client_of("instructor")


@pytest.fixture
def home(world: Any) -> str:
    return f"/teach/courses/{world.here}/assignments"


@pytest.fixture
def place(world: Any, home: str) -> str:
    return f"{home}/{world.assignment}"


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return unescape(found[1])


def form(client: FlaskClient, place: str, **changes: str) -> Form:
    """The settings' form as the page has it, with some fields typed anew."""
    page = client.get(place).get_data(as_text=True)
    texts = {"title_zh": "", "title_en": "First", "opens": "", "due": "", "closes": "", "late_penalty": ""}
    return texts | {"counts": "best", "base": hidden(page, "base")} | changes


def items_form(client: FlaskClient, place: str, world: Any, **changes: Any) -> Form:
    """The items' form as the page has it."""
    page = client.get(place).get_data(as_text=True)
    part = page[page.index("/items/settings") :]
    fields: Form = {"item": [str(world.coding), str(world.words)], "base": hidden(part, "base")}
    for number, points in ((world.coding, "10"), (world.words, "5")):
        fields |= {f"points-{number}": points, f"attempts-{number}": "3"}
    return fields | changes


def row(database: Database, number: int) -> Assignment:
    with database.reading() as session:
        return session.get_one(Assignment, number)


def agrees(database: Database, course_id: int) -> list[str]:
    """What applying the course's own file would change; nothing, if pages and files agree."""
    from pathlib import Path

    with database.writing() as session:
        course = session.get_one(Course, course_id)
        course.key = course.key or "here"
        for each in session.scalars(select(Assignment).where(Assignment.course_id == course_id)):
            each.key = each.key or f"a-{each.id}"
    with database.writing() as session:
        text = shown_course(session, session.get_one(Course, course_id))
        found = read(text.encode(), Path("course.yaml"), lambda _name: b"")
        assert found.faults == (), text
        return [str(change) for change in apply(session, found.course, utc_now())[1] if change.sign != "="]


def late_marks(world: Any, database: Database, now: datetime) -> None:
    """Two students have full marks, sent a day after what will become the due date."""
    for who in ("owner", "classmate"):
        world.send(who)
        world.judge()


DUE = "2026-11-21T20:00"
"""In the course's zone, a day before everything is sent."""


def test_a_new_assignment_has_a_title_in_both_languages_and_a_key_of_its_own(
    teacher: FlaskClient, home: str, world: Any, database: Database
) -> None:
    for _time in range(2):
        answer = teacher.post(home, data={"title_zh": "第二周", "title_en": "Week two"})
        assert answer.status_code == 303
    with database.reading() as session:
        made = session.scalars(select(Assignment).order_by(Assignment.id.desc())).first()
        assert (made.title, made.key, made.position) == ("第二周 | Week two", "week-two-2", 2)
        audit = session.scalars(select(Audit).order_by(Audit.id.desc())).first()
        assert (audit.action, audit.course_id, audit.actor_id) == (
            "course-page-add",
            world.here,
            world.people["instructor"],
        )
    assert "第二周" in teacher.get(home, headers={"Accept-Language": "zh"}).get_data(as_text=True)
    assert agrees(database, world.here) == []


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({}, "title in at least one language"),
        ({"title_zh": "Week"}, "other language"),
        ({"title_zh": "Week", "title_en": "Two"}, "cannot be told apart"),
        ({"title_en": "x" * 201}, "at most 200 characters"),
        ({"title_en": "a\u202eb"}, "all visible"),
    ],
)
def test_a_title_that_nobody_could_read_is_refused(teacher: FlaskClient, home: str, texts: Form, said: str) -> None:
    answer = teacher.post(home, data=texts)
    assert (answer.status_code, said in answer.get_data(as_text=True)) == (400, True)


def test_saving_says_what_changed_writes_it_down_and_can_be_undone(
    teacher: FlaskClient, place: str, world: Any, database: Database
) -> None:
    answer = teacher.post(place, data=form(teacher, place, due="2026-12-01T23:59"), follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert "Saved: Due: none → Tue 1 Dec, 23:59" in page
    assert row(database, world.assignment).due_at == datetime(2026, 12, 1, 23, 59, tzinfo=SHANGHAI)
    with database.reading() as session:
        audit = session.scalars(select(Audit).order_by(Audit.id.desc())).first()
    assert (audit.before, audit.after) == ({"due_at": None}, {"due_at": "2026-12-01T15:59:00+00:00"})
    assert f"/undo/{audit.id}" in page
    assert teacher.post(f"{place}/undo/{audit.id}").status_code == 303
    assert row(database, world.assignment).due_at is None
    assert teacher.post(f"{place}/undo/{audit.id}").status_code == 409  # it was changed again since
    assert agrees(database, world.here) == []


def test_marks_that_would_change_are_shown_first_and_change_with_the_date(
    teacher: FlaskClient, place: str, world: Any, database: Database, now: datetime
) -> None:
    late_marks(world, database, now)
    typed = form(teacher, place, due=DUE, late_penalty="20")
    page = teacher.post(place, data=typed).get_data(as_text=True)
    assert "2 marks would change" in page
    assert "0 rise, 2 fall" in page
    assert "Owner" in page
    assert row(database, world.assignment).due_at is None
    # Going on with the form brings every typed text along.
    assert 'value="2026-11-21T20:00"' in teacher.post(place, data=typed | {"edit": "yes"}).get_data(as_text=True)
    answer = teacher.post(place, data=typed | {"confirmed": "yes"}, follow_redirects=True)
    assert "2 marks follow." in answer.get_data(as_text=True)
    with database.reading() as session:
        assert session.scalars(select(Mark.score)).all() == [8.0, 8.0]
        assert set(session.scalars(select(ItemStanding.score))) == {8.0}
        before = [(each.user_id, each.score, each.late) for each in session.scalars(select(ItemStanding))]
    with database.writing() as session:
        standings.rebuild(session, utc_now())
    with database.reading() as session:
        assert [(each.user_id, each.score, each.late) for each in session.scalars(select(ItemStanding))] == before
    assert agrees(database, world.here) == []


def test_whoever_has_begun_is_told_that_the_dates_have_moved(
    teacher: FlaskClient, client_of: Callable[..., FlaskClient], place: str, world: Any, database: Database
) -> None:
    world.send("owner")
    teacher.post(place, data=form(teacher, place, due="2026-12-01T23:59"))
    with database.reading() as session:
        notice = session.scalars(select(Notice)).one()
        assert (notice.user_id, notice.kind) == (world.people["owner"], "dates-moved")
    assert "The dates of “First” have moved: due" in client_of("owner").get("/notices").get_data(as_text=True)
    # With later dates of one's own, the move is none.
    teacher.post(
        f"{place}/extensions", data={"student": world.people["owner"], "due": "2026-12-20T23:59", "base": "{}"}
    )
    with database.reading() as session:
        told = len(session.scalars(select(Notice)).all())
    teacher.post(place, data=form(teacher, place, due="2026-12-02T23:59"))
    with database.reading() as session:
        assert len(session.scalars(select(Notice)).all()) == told == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"opens": "2026-12-02T00:00", "due": "2026-12-01T00:00"}, "due before it opens"),
        ({"due": "2026-12-02T00:00", "closes": "2026-12-01T00:00"}, "close before it is due"),
        ({"late_penalty": "20"}, "Without a due date nothing is late"),
        ({"due": "2026-12-02T00:00", "late_penalty": "120"}, "from 0 to 100 percent"),
        ({"due": "tomorrow"}, "This is no time"),
        ({"due": "2026-12-02"}, "time of day is missing"),
        ({"due": "1999-12-02T00:00"}, "between 2000 and 2200"),
        ({"due": "2026-02-30T00:00"}, "This is no time"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    teacher: FlaskClient, place: str, world: Any, database: Database, changes: Form, said: str
) -> None:
    answer = teacher.post(place, data=form(teacher, place, title_zh="新题目", **changes))
    page = answer.get_data(as_text=True)
    assert (answer.status_code, said in page, "新题目" in page) == (400, True, True)
    assert row(database, world.assignment).title == "First"


@pytest.fixture
def in_berlin(database: Database, world: Any) -> None:
    with database.writing() as session:
        session.get_one(Course, world.here).zone = "Europe/Berlin"


@pytest.mark.usefixtures("in_berlin")
def test_a_time_that_does_not_exist_or_exists_twice_is_said(
    teacher: FlaskClient, place: str, world: Any, database: Database
) -> None:
    page = teacher.post(place, data=form(teacher, place, due="2027-03-28T02:30")).get_data(as_text=True)
    assert "does not exist in Europe/Berlin" in page
    assert "2027-03-28 03:30" in page
    twice = form(teacher, place, due="2026-10-25T02:30")
    page = teacher.post(place, data=twice).get_data(as_text=True)
    assert "happens twice in Europe/Berlin" in page
    assert 'name="due_offset" value="+02:00"' in page
    assert teacher.post(place, data=twice | {"due_offset": "+01:00"}).status_code == 303
    assert row(database, world.assignment).due_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    # The form says the same again, so that saving it changes nothing.
    again = form(teacher, place, due="2026-10-25T02:30", due_offset="+01:00")
    assert "Nothing to change" in teacher.post(place, data=again, follow_redirects=True).get_data(as_text=True)
    assert agrees(database, world.here) == []


def test_two_instructors_at_once_never_overwrite_each_other_unseen(
    teacher: FlaskClient, client_of: Callable[..., FlaskClient], place: str, world: Any, database: Database
) -> None:
    mine = form(teacher, place, due="2026-12-05T23:59")
    other = client_of("admin")
    other.post(place, data=form(other, place, title_en="Renamed", due="2026-12-01T12:00"))
    answer = teacher.post(place, data=mine)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Admin has changed this since you opened the page" in page
    assert "Tue 1 Dec, 12:00" in page  # theirs
    assert "Sat 5 Dec, 23:59" in page  # mine
    assert 'value="2026-12-05T23:59"' in page  # what was typed stays
    assert 'value="Renamed"' in page  # what was not touched is as they have saved it
    assert row(database, world.assignment).due_at == datetime(2026, 12, 1, 12, 0, tzinfo=SHANGHAI)
    merged = form(teacher, place, title_en="Renamed", due="2026-12-05T23:59")
    assert teacher.post(place, data=merged).status_code == 303


def test_a_race_behind_the_check_is_caught_in_the_transaction(world: Any, database: Database) -> None:
    from webapp.teach.assignments import service
    from webapp.teach.assignments.settings import Plan, plan_of

    with database.writing() as session:
        course, found = session.get_one(Course, world.here), session.get_one(Assignment, world.assignment)
        plan = plan_of(found, service.items_of(session, found.id))
        found.title = "Meanwhile"
        session.flush()
        ledger = service.ledger_for(session, course, utc_now(), world.people["instructor"])
        with pytest.raises(service.Changed):
            service.save(ledger, course, found.id, Plan(plan.settings, plan.items), service.Base(plan.settings))


def test_points_attempts_order_and_openness_are_saved_together(
    teacher: FlaskClient, place: str, world: Any, database: Database
) -> None:
    world.send("owner")
    world.judge()
    typed = items_form(teacher, place, world, item=[str(world.words), str(world.coding)])
    typed |= {f"points-{world.coding}": "4.5", f"attempts-{world.coding}": "", f"open-{world.coding}": "yes"}
    assert "1 mark would change" in teacher.post(f"{place}/items/settings", data=typed).get_data(as_text=True)
    page = teacher.post(f"{place}/items/settings", data=typed | {"confirmed": "yes"}, follow_redirects=True).get_data(
        as_text=True
    )
    assert "1 mark follows." in page
    with database.reading() as session:
        coding, words = session.get_one(AssignmentItem, world.coding), session.get_one(AssignmentItem, world.words)
        assert (coding.points, coding.max_submissions, coding.is_open, coding.position) == (4.5, None, True, 1)
        assert words.position == 0
        assert session.scalars(select(Mark.score)).one() == 4.5
    assert agrees(database, world.here) == []


def test_moving_an_item_without_scripts_keeps_what_was_typed_and_saves_nothing(
    teacher: FlaskClient, place: str, world: Any, database: Database
) -> None:
    typed = items_form(teacher, place, world, move=f"{world.words}:up") | {f"points-{world.coding}": "7"}
    page = teacher.post(f"{place}/items/settings", data=typed).get_data(as_text=True)
    assert page.index(f'name="item" value="{world.words}"') < page.index(f'name="item" value="{world.coding}"')
    assert 'value="7"' in page
    assert "Not saved yet." in page
    with database.reading() as session:
        assert session.get_one(AssignmentItem, world.words).position == 1


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("points", "0", "More than 0"),
        ("points", "1e3", "More than 0"),
        ("points", "", "More than 0"),
        ("attempts", "0", "whole number from 1"),
        ("attempts", "2.5", "whole number from 1"),
        ("attempts", "九", "whole number from 1"),
    ],
)
def test_points_and_attempts_that_cannot_be_are_said(
    teacher: FlaskClient, place: str, world: Any, field: str, text: str, said: str
) -> None:
    typed = items_form(teacher, place, world) | {f"{field}-{world.coding}": text}
    answer = teacher.post(f"{place}/items/settings", data=typed)
    assert (answer.status_code, said in answer.get_data(as_text=True)) == (400, True)


def test_a_course_has_one_item_open_to_guests(teacher: FlaskClient, home: str, place: str, world: Any) -> None:
    typed = items_form(teacher, place, world) | {f"open-{world.coding}": "yes"}
    assert teacher.post(f"{place}/items/settings", data=typed | {f"open-{world.words}": "yes"}).status_code == 400
    assert teacher.post(f"{place}/items/settings", data=typed).status_code == 303
    teacher.post(f"{place}/duplicate")
    copy = f"{home}/{world.assignment + 1}"
    page = teacher.get(copy).get_data(as_text=True)
    numbers = re.findall(r'name="item" value="(\d+)"', page)
    fields = {"item": numbers, "base": hidden(page[page.index("/items/settings") :], "base")}
    for number in numbers:
        fields |= {f"points-{number}": "5", f"attempts-{number}": ""}
    answer = teacher.post(f"{copy}/items/settings", data=fields | {f"open-{numbers[0]}": "yes", "confirmed": "yes"})
    assert "at most one item open to guests" in answer.get_data(as_text=True)


def test_two_instructors_at_the_items_see_both(
    teacher: FlaskClient, client_of: Callable[..., FlaskClient], place: str, world: Any
) -> None:
    mine = items_form(teacher, place, world) | {f"points-{world.coding}": "6"}
    other = client_of("admin")
    other.post(f"{place}/items/settings", data=items_form(other, place, world) | {f"points-{world.words}": "9"})
    answer = teacher.post(f"{place}/items/settings", data=mine)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "9 points" in page, 'value="6"' in page) == (409, True, True)


def test_practice_drops_what_means_nothing_there(
    teacher: FlaskClient, place: str, world: Any, database: Database
) -> None:
    world.send("owner")
    world.judge()
    teacher.post(
        place, data=form(teacher, place, due="2026-12-01T00:00", late_penalty="10", counts="last", confirmed="yes")
    )
    typed = form(teacher, place, due="2026-12-01T00:00", late_penalty="10", counts="last", practice="yes")
    page = teacher.post(place, data=typed).get_data(as_text=True)
    assert "What counts would change" in page
    teacher.post(place, data=typed | {"confirmed": "yes"})
    found = row(database, world.assignment)
    assert (found.practice, found.late_penalty, found.counts) == (True, 0.0, "best")
    with database.reading() as session:
        assert set(session.scalars(select(AssignmentItem.max_submissions))) == {None}
    assert agrees(database, world.here) == []


def test_assignments_are_put_into_another_order_unless_the_list_has_changed(
    teacher: FlaskClient, home: str, world: Any, database: Database
) -> None:
    teacher.post(home, data={"title_en": "Second"})
    first, second = str(world.assignment), str(world.assignment + 1)
    shown = {"base": f"{first},{second}", "assignment": [first, second]}
    assert teacher.post(f"{home}/order", data=shown | {"move": f"{second}:up"}).status_code == 303
    assert teacher.post(f"{home}/order", data=shown | {"move": f"{first}:down"}).status_code == 409
    with database.reading() as session:
        order = session.scalars(select(Assignment.id).order_by(Assignment.position)).all()
    assert order == [int(second), int(first)]
    assert agrees(database, world.here) == []


def test_what_is_taken_out_says_what_stays_and_comes_back_whole(
    teacher: FlaskClient, client_of: Callable[..., FlaskClient], home: str, place: str, world: Any, database: Database
) -> None:
    world.send("owner")
    world.judge()
    assert "1 submission of 1 student stay here" in teacher.get(place).get_data(as_text=True)
    assert "Its 1 submission stays" in teacher.get(f"{place}/items/{world.coding}").get_data(as_text=True)
    teacher.post(f"{place}/items/{world.coding}/remove")
    student = client_of("owner")
    assert student.get(f"/items/{world.coding}").status_code == 404
    teacher.post(f"{place}/items/{world.coding}/restore")
    assert student.get(f"/items/{world.coding}").status_code == 200
    teacher.post(f"{place}/remove")
    assert student.get(f"/items/{world.coding}").status_code == 404
    assert "1 submission kept" in teacher.get(home).get_data(as_text=True)
    teacher.post(f"{place}/restore")
    assert student.get(f"/items/{world.coding}").status_code == 200
    assert agrees(database, world.here) == []


def test_a_copy_has_the_items_but_no_dates_extensions_or_submissions(
    teacher: FlaskClient, place: str, world: Any, database: Database
) -> None:
    world.send("owner")
    teacher.post(place, data=form(teacher, place, title_zh="第一周", due="2026-12-01T23:59", late_penalty="10"))
    assert teacher.post(f"{place}/duplicate").status_code == 303
    with database.reading() as session:
        copy = session.get_one(Assignment, world.assignment + 1)
        assert (copy.title, copy.due_at, copy.late_penalty) == ("第一周（副本） | First (copy)", None, 0.0)
        assert [(item.item, item.points, item.max_submissions) for item in copy.items] == [
            ("weighted-sum", 10.0, 3),
            ("why", 5.0, 3),
        ]
    assert agrees(database, world.here) == []


# Banks


def change_bank(database: Database, *, text: bool, tests: bool) -> str:
    """Load the small bank with one item changed; its new revision."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from webapp import banks

    source = (Path(__file__).parent / "small_bank.md").read_text(encoding="utf-8")
    source = source.replace("Write `weighted_sum", "Please write `weighted_sum") if text else source
    source = source.replace(".item() == 3\n\n\n@", ".item() == 3.0\n\n\n@") if tests else source
    with TemporaryDirectory() as folder:
        path = Path(folder) / "small_bank.md"
        path.write_text(source, encoding="utf-8")
        with database.writing() as session:
            bank, _loaded = banks.load(session, path, utc_now())
            return next(item.revision for item in bank.items if item.id == "weighted-sum")


def test_a_newer_text_is_taken_at_once_and_newer_tests_ask_for_a_regrade(
    teacher: FlaskClient, place: str, world: Any, database: Database
) -> None:
    world.send("owner")
    world.judge()
    item = f"{place}/items/{world.coding}"
    newer = change_bank(database, text=True, tests=False)
    page = teacher.get(item).get_data(as_text=True)
    assert "The bank has a newer text" in page
    assert "<mark>Please</mark>" in page or "Please" in page
    assert "newer text in the bank" in teacher.get(place).get_data(as_text=True)
    assert teacher.post(f"{item}/pin", data={"revision": "made up"}).status_code == 409
    assert teacher.post(f"{item}/pin", data={"revision": newer}).status_code == 303
    with database.reading() as session:
        assert session.get_one(AssignmentItem, world.coding).revision == newer
    newest = change_bank(database, text=True, tests=True)
    page = teacher.get(item).get_data(as_text=True)
    assert "moving means a regrade" in page
    assert teacher.post(f"{item}/pin", data={"revision": newest}).status_code == 409
    with database.reading() as session:
        assert session.get_one(AssignmentItem, world.coding).revision == newer


def test_newer_tests_are_taken_while_nobody_has_sent_anything(
    teacher: FlaskClient, place: str, world: Any, database: Database
) -> None:
    newest = change_bank(database, text=False, tests=True)
    assert teacher.post(f"{place}/items/{world.coding}/pin", data={"revision": newest}).status_code == 303
    with database.reading() as session:
        assert session.get_one(AssignmentItem, world.coding).revision == newest


def test_the_picker_searches_marks_and_refuses(teacher: FlaskClient, home: str, world: Any, database: Database) -> None:
    teacher.post(home, data={"title_en": "Second"})
    picker = f"{home}/{world.assignment + 1}/items"
    with database.writing() as session:
        bank = session.get_one(Bank, "small")
        report = {**bank.report, "items": [dict(each) for each in bank.report["items"]]}
        report["items"][0]["skills"] = ["softmax"]
        report["items"][1]["servable"] = False
        report["items"][1]["faults"] = [{"text": "bank.md:9: <b>no answer</b>", "line": 9, "severity": "fault"}]
        bank.report = report
        revision = {each["id"]: each["revision"] for each in report["items"]}
    page = teacher.get(picker).get_data(as_text=True)
    assert "not proved here yet" in page
    assert "also in: First" in page
    assert "Kept back" in page
    assert "&lt;b&gt;no answer" in page
    assert f'value="small/why/{revision["why"]}"' not in page
    for query, found in (("q=加权", 1), ("q=softmax", 1), ("q=10", 1), ("kind=coding", 1), ("q=nothing", 0)):
        text = teacher.get(f"{picker}?{query}").get_data(as_text=True)
        assert text.count('<code class="small">small/weighted-sum') == found, query
    refused = teacher.post(picker, data={"item": [f"small/why/{revision['why']}"]})
    assert refused.status_code == 409
    assert "small/why cannot be served" in refused.get_data(as_text=True)
    added = teacher.post(picker, data={"item": [f"small/weighted-sum/{revision['weighted-sum']}"]})
    assert added.status_code == 303
    stale = teacher.post(picker, data={"item": ["small/weighted-sum/0000"]})
    assert stale.status_code == 409
    with database.reading() as session:
        assert len(session.scalars(select(AssignmentItem)).all()) == 3


# Extensions


def extend(client: FlaskClient, place: str, **fields: Any) -> Any:
    page = client.get(f"{place}/extensions").get_data(as_text=True)
    base = hidden(page, "base") if 'name="base"' in page else "{}"
    return client.post(f"{place}/extensions", data={"base": base} | fields)


def test_an_extension_for_many_shows_the_marks_first_and_they_follow(
    teacher: FlaskClient, place: str, world: Any, database: Database, now: datetime
) -> None:
    late_marks(world, database, now)
    teacher.post(place, data=form(teacher, place, due=DUE, late_penalty="50", confirmed="yes"))
    fields = {"who": "owner@example.org\nClassmate", "due": "2026-11-25T12:00", "reason": "ill"}
    assert "2 marks would change" in extend(teacher, place, **fields).get_data(as_text=True)
    assert extend(teacher, place, **fields, confirmed="yes").status_code == 303
    with database.reading() as session:
        assert set(session.scalars(select(Mark.score))) == {10.0}
        given = session.scalars(select(Extension)).all()
        assert {each.reason for each in given} == {"ill"}
        audit = session.scalars(select(Audit).order_by(Audit.id.desc())).first()
        assert (audit.subject, audit.after["reason"]) == (
            f"assignment:{world.assignment} user:{world.people['classmate']}",
            "ill",
        )
    assert agrees(database, world.here) == []
    back = f"{place}/extensions/{world.people['owner']}/remove"
    assert "1 mark would change" in teacher.post(back).get_data(as_text=True)
    assert teacher.post(back, data={"confirmed": "yes"}).status_code == 303
    with database.reading() as session:
        assert sorted(session.scalars(select(Mark.score))) == [5.0, 10.0]
    assert teacher.post(back).status_code == 409
    assert agrees(database, world.here) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"due": "2026-11-20T12:00"}, "not later than for everybody"),
        ({"closes": "2026-12-20T12:00"}, "never closes"),
        ({}, "Give a later due date"),
        ({"due": "2026-12-20T12:00", "who": "nobody@example.org"}, "nobody@example.org"),
        ({"due": "2026-12-20T12:00", "who": "instructor@example.org"}, "instructor@example.org"),
        ({"due": "2026-12-20T12:00", "who": "outsider@example.org"}, "outsider@example.org"),
        ({"due": "2026-12-20T12:00", "student": ""}, "Choose at least one student"),
        ({"due": "2026-12-20T12:00", "reason": "x" * 501}, "one line of at most 500"),
    ],
)
def test_an_extension_that_cannot_be_is_refused_with_the_reason(
    teacher: FlaskClient, place: str, world: Any, database: Database, fields: Form, said: str
) -> None:
    teacher.post(place, data=form(teacher, place, due=DUE))
    answer = extend(teacher, place, **({"student": str(world.people["owner"])} | fields))
    assert (answer.status_code, said in answer.get_data(as_text=True)) == (400, True)
    with database.reading() as session:
        assert session.scalars(select(Extension)).all() == []


def test_the_student_an_extension_is_for_stands_first_and_is_ticked(
    teacher: FlaskClient, place: str, world: Any
) -> None:
    teacher.post(place, data=form(teacher, place, due=DUE))
    for name in ("owner", "classmate"):
        page = teacher.get(f"{place}/extensions?for={world.people[name]}").get_data(as_text=True)
        first = page.partition('<ul class="tick-list">')[2].partition("</li>")[0]
        assert f'value="{world.people[name]}" checked' in first
        to_form = f'{place}/extensions?for={world.people[name]}#give"'
        assert to_form in teacher.get(f"/teach/courses/{world.here}/students/{world.people[name]}").text


def test_two_extensions_for_one_student_at_once_are_noticed(
    teacher: FlaskClient, client_of: Callable[..., FlaskClient], place: str, world: Any, database: Database
) -> None:
    teacher.post(place, data=form(teacher, place, due=DUE))
    owner = str(world.people["owner"])
    extend(client_of("admin"), place, student=owner, due="2026-12-20T12:00")
    answer = teacher.post(f"{place}/extensions", data={"base": "{}", "student": owner, "due": "2026-12-01T12:00"})
    assert answer.status_code == 409
    with database.reading() as session:
        found = session.scalars(select(Extension)).one()
    assert found.due_at == datetime(2026, 12, 20, 12, tzinfo=SHANGHAI)


# The file, and how much a page costs


def test_the_file_is_what_the_command_prints(teacher: FlaskClient, home: str, world: Any, database: Database) -> None:
    assert teacher.get(f"{home}/course.yaml").status_code == 404
    assert teacher.post(f"{home}/key", data={"key": "Not A Key"}).status_code == 400
    assert teacher.post(f"{home}/key", data={"key": "here-2026"}).status_code == 303
    answer = teacher.get(f"{home}/course.yaml")
    with database.reading() as session:
        assert answer.get_data(as_text=True) == shown_course(session, session.get_one(Course, world.here))
    assert "here-2026.yaml" in answer.headers["Content-Disposition"]
    assert "assignments:\n  - key: first" in answer.get_data(as_text=True)
    assert agrees(database, world.here) == []


def test_an_assistant_reads_and_changes_nothing(
    client_of: Callable[..., FlaskClient], home: str, place: str, world: Any
) -> None:
    assistant = client_of("assistant")
    for address in (home, place, f"{place}/items/{world.coding}", f"{place}/extensions"):
        page = assistant.get(address).get_data(as_text=True)
        assert 'method="post" action="/teach' not in page, address
        assert '<button name="move"' not in page
    assert assistant.post(place, data={"title_en": "Mine"}).status_code == 403


@pytest.mark.parametrize("page", ["", "/{assignment}", "/{assignment}/extensions", "/{assignment}/items"])
def test_a_page_asks_a_constant_number_of_queries(
    teacher: FlaskClient, home: str, world: Any, database: Database, page: str
) -> None:
    address = home + page.format(assignment=world.assignment)
    teacher.get(address)
    with queries(teacher.application) as few:
        teacher.get(address)
    with database.writing() as session:
        revision = session.scalars(select(Revision)).first()
        for number in range(50):
            made = Assignment(course_id=world.here, key=f"many-{number}", title=f"Many {number}", position=number)
            user = User(email=f"s{number}@example.org", name=f"S {number}", created_at=utc_now())
            session.add_all([made, user])
            session.flush()
            session.add(
                AssignmentItem(
                    assignment_id=made.id, bank_id="small", item="why", revision=revision.hash, position=0, points=1
                )
            )
            session.add(Membership(course_id=world.here, user_id=user.id, role="student"))
            later = utc_now() + timedelta(days=2)
            session.add(Extension(assignment_id=world.assignment, user_id=user.id, due_at=later))
    with queries(teacher.application) as many:
        teacher.get(address)
    assert len(many) <= len(few) + 1

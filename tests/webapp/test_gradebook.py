"""The gradebook: who is shown in which order, what a script gets, what is exported, one student's page."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from sqlalchemy import event, select

from webapp.marks import giving
from webapp.models import Assignment, AssignmentItem, ItemStanding, Membership, Role, User
from webapp.models.times import utc_now
from webapp.teach.gradebook import choosing, compact, exports
from webapp.teach.gradebook.codes import LETTERS
from webapp.teach.gradebook.exports import Asked, Detail, Layout
from webapp.teach.gradebook.values import Cell, Column, Group, Part, Person

ClientOf = Callable[..., Any]
FIRST = Part(1, "Week 1", False, (Column(11, "Sums", 10.0), Column(12, "Means (3)", 5.0)))
SECOND = Part(2, "Practice", True, (Column(21, "Freely", 4.0),))
PARTS = (FIRST, SECOND)
ADA = Person(1, "Ada", "ada@example.org", "0042")
LATE = Person(2, "Late Li", "li@example.org", "")
NOBODY = Person(3, "", "=cmd@example.org", "7")
PEOPLE = (ADA, LATE, NOBODY)
TYPED = {
    "late": Group.LATE,
    "to be read": Group.UNREAD,
    "迟交": Group.LATE,
    "failed": Group.FAILED,
    "not started": Group.NEW,
}


def cell(item: int, user: int, status: str, score: float | None, *, review: bool = False, late: bool = False) -> Cell:
    return Cell(item, user, 100 * item + user, status, score, review, late, 2)


CELLS = {
    1: {11: cell(11, 1, "passed", 10.0, late=True), 12: cell(12, 1, "failed", 0.0), 21: cell(21, 1, "passed", 4.0)},
    2: {11: cell(11, 2, "partial", 20 / 3, review=True), 12: cell(12, 2, "waiting", None)},
}


def found(query: str) -> list[int]:
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    return [each.id for each in choosing.shown_people(PEOPLE, PARTS, CELLS, choosing.choice(asked), TYPED)]


# ---- who is shown, and in which order ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [1, 2, 3]),
        ("order=down", [3, 2, 1]),
        ("q=ADA", [1]),
        ("q=0042", [1]),
        ("q=example li", [2]),
        ("q=late", [1, 2]),  # somebody's state, somebody's name
        ("q=late failed", [1]),
        ("q=迟交", [1]),
        ("q=to be read", [2]),
        ("q=not started", [2, 3]),  # of practice, and of everything
        ("q=not started&assignment=1", [3]),
        ("state=waiting", [2]),
        ("state=late", [1]),
        ("state=to-be-read&q=ada", []),
        ("state=passed&assignment=2", [1]),
        ("sort=total", [3, 2, 1]),
        ("sort=total&order=down", [1, 2, 3]),
        ("sort=i12", [3, 2, 1]),  # never tried, waiting, nought
        ("sort=i12&order=down", [1, 2, 3]),
        ("sort=a1&order=down", [1, 2, 3]),
        ("sort=a2&order=down", [1, 2, 3]),
        ("sort=email", [3, 1, 2]),
        ("sort=number", [1, 3, 2]),
        ("sort=number&order=down", [3, 1, 2]),  # who has none is last either way
        ("sort=i99&assignment=99&state=odd&page=-1", [1, 2, 3]),
    ],
)
def test_students_are_found_and_put_in_order(query: str, ids: list[int]) -> None:
    assert found(query) == ids


def test_an_address_says_what_it_asks_for_and_nothing_usual() -> None:
    asked = choosing.choice(
        {"q": " a b ", "state": "late", "assignment": "3", "sort": "i4", "order": "down", "page": "2"}
    )
    assert choosing.choice({name: str(value) for name, value in asked.query().items()}) == asked
    assert choosing.Choice().query() == {}
    assert (asked.by("i4").down, asked.by("name").down, asked.by("total").down) == (False, False, True)


def test_totals_leave_practice_out_and_averages_who_has_no_points() -> None:
    assert choosing.total(CELLS[1], PARTS) == 10.0
    assert choosing.subtotal(CELLS[1], SECOND) == 4.0
    tally = choosing.tally(FIRST.columns[1], PEOPLE, CELLS)
    assert (tally.mean, tally.solved) == (0.0, 0.0)
    tally = choosing.tally(FIRST.columns[0], PEOPLE, CELLS)
    assert (tally.mean, tally.solved) == (pytest.approx(25 / 3), pytest.approx(1 / 3))


def test_chinese_names_come_in_the_order_of_their_sounds() -> None:
    from webapp.teach.gradebook.reading import by_name

    assert sorted(["王伟", "Zoe", "李娜", "陈超", "anna", "张敏"], key=by_name) == [
        "anna",
        "Zoe",
        "陈超",
        "李娜",
        "王伟",
        "张敏",
    ]


# ---- the page ------------------------------------------------------------------------------------------------------


def join(world: Any, count: int) -> list[int]:
    """Students who have done something: every other one a right submission's standing."""
    with world.database.writing() as session:
        people = [User(email=f"s{n:03}@many.example", name=f"S{n:03}", created_at=utc_now()) for n in range(count)]
        session.add_all(people)
        session.flush()
        for number, user in enumerate(people):
            session.add(Membership(course_id=world.here, user_id=user.id, role=Role.STUDENT, external_id=f"{number}"))
            if number % 2:
                session.add(
                    ItemStanding(
                        assignment_item_id=world.coding, user_id=user.id, submission_id=None, score=float(number % 10),
                        status="partial", used=1, pending=0, late=number % 3 == 0, changed_at=utc_now(),
                    )
                )  # fmt: skip
        return [user.id for user in people]


def names(text: str) -> list[str]:
    return re.findall(r'<th scope="row" class="is-name"><a href="[^"]+">([^<]+)</a>', text)


def test_the_page_is_complete_without_scripts(world: Any, client_of: ClientOf) -> None:
    sent = world.send()
    world.judge(share=0.6)
    join(world, 60)
    client = client_of("assistant")
    address = f"/teach/courses/{world.here}?lang=en"
    first = client.get(address).text
    assert len(names(first)) == 50
    assert "62 students" in first
    assert "page 1 of 2" in first
    assert f'href="/teach/courses/{world.here}?page=2"' in first
    assert names(client.get(address + "&page=2").text)[-1] == "S059"
    best = client.get(address + "&sort=total&order=down").text
    assert names(best)[0] == "S009"
    assert 'aria-sort="descending"' in best
    mine = client.get(address + "&q=owner").text
    assert names(mine) == ["Owner"]
    assert (
        f'<a href="/teach/submissions/{sent.submission_id}"><span class="hidden-visually">partial: </span>6</a>' in mine
    )
    assert "1 of 62 students" in mine
    assert len(names(client.get(address + "&q=late").text)) == 10
    assert names(client.get(address + f"&sort=i{world.coding}&order=down&state=not-started&q=Owner").text) == ["Owner"]
    assert names(client.get(address + "&q=nobody").text) == []


def test_averages_are_of_whom_is_shown(world: Any, client_of: ClientOf) -> None:
    world.send()
    world.judge(share=0.6)
    world.send("classmate")
    world.judge()
    client = client_of("instructor")
    address = f"/teach/courses/{world.here}?lang=en"
    foot = client.get(address).text.split("<tfoot>")[1]
    assert '<td class="is-item">8</td>' in foot
    assert '<td class="is-item">50%</td>' in foot
    foot = client.get(address + "&q=classmate").text.split("<tfoot>")[1]
    assert '<td class="is-item">10</td>' in foot
    assert '<td class="is-item">100%</td>' in foot


def test_a_name_is_text_and_nothing_else(world: Any, client_of: ClientOf) -> None:
    with world.database.writing() as session:
        session.get_one(User, world.people["owner"]).name = "<script>alert(1)</script>"
        session.get_one(Assignment, world.assignment).title = "</script><img src=x onerror=y>"
    client = client_of("instructor")
    for path in ("", f"/students/{world.people['owner']}"):
        text = client.get(f"/teach/courses/{world.here}{path}").text
        assert "<script>alert" not in text
        assert "<img" not in text
    assert "<img" not in client.get(f"/teach/courses/{world.here}/gradebook.json").get_json()["parts"][0]["html"]


# ---- what the script gets ------------------------------------------------------------------------------------------


def decoded(document: dict[str, Any]) -> dict[tuple[int, int], tuple[str, float | None]]:
    items = [item[0] for part in document["parts"] for item in part["items"]]
    cells = {}
    for item, column in zip(items, document["cells"], strict=True):
        points = iter(column["p"])
        for person, letter in zip(document["people"], column["s"], strict=True):
            if letter != "-":
                cells[item, person[0]] = (letter, next(points))
        assert next(points, "end") == "end"
    return cells


def test_all_cells_are_letters_and_points(world: Any, client_of: ClientOf) -> None:
    world.send()
    world.judge(share=0.6)
    world.send("classmate")
    with world.database.writing() as session:
        session.get_one(Assignment, world.assignment).due_at = utc_now() - timedelta(days=900)
        session.flush()
        giving.follow(session, world.here, utc_now())
    answer = client_of("instructor").get(f"/teach/courses/{world.here}/gradebook.json")
    assert answer.headers["Cache-Control"] == "no-store"
    document = answer.get_json()
    assert [person[1] for person in document["people"]] == ["Classmate", "Owner"]
    assert decoded(document) == {
        (world.coding, world.people["owner"]): (LETTERS[3 + 5], 6),
        (world.coding, world.people["classmate"]): (LETTERS[1 + 5], None),
    }


def test_only_what_changed_is_told_and_all_anew_where_rows_are_others(world: Any, client_of: ClientOf) -> None:
    client = client_of("instructor")
    whole = client.get(f"/teach/courses/{world.here}/gradebook.json").get_json()
    address = f"/teach/courses/{world.here}/gradebook/changes?since={whole['at']}&shape={whole['shape']}"
    assert client.get(address).get_json()["cells"] == []
    world.send(now=utc_now())
    world.judge(utc_now())
    told = client.get(address).get_json()
    assert told["cells"] == [[world.coding, world.people["owner"], LETTERS[4], 10.0]]
    assert told["at"] > whole["at"]
    later = f"/teach/courses/{world.here}/gradebook/changes?since={told['at']}&shape={whole['shape']}"
    assert client.get(later).get_json()["cells"] == told["cells"]  # what is stored late must not be missed
    much_later = compact.stamp(utc_now() - timedelta(hours=13))
    for query in ("", "since=x", f"since={much_later}&shape={whole['shape']}", f"since={whole['at']}&shape=other",
                  "since=99999999999999", f"since={whole['at']}"):  # fmt: skip
        assert client.get(f"/teach/courses/{world.here}/gradebook/changes?{query}").get_json() == {"again": True}, query
    join(world, 1)
    assert client.get(address).get_json() == {"again": True}


def test_a_cell_leads_to_what_counts_now(world: Any, client_of: ClientOf) -> None:
    best = world.send()
    world.judge(share=0.6)
    world.send(content=b"worse")
    world.judge(share=0.0)
    client = client_of("assistant")
    address = f"/teach/courses/{world.here}/items/{world.coding}/students/{world.people['owner']}"
    assert client.get(address).headers["Location"] == f"/teach/submissions/{best.submission_id}"
    for wrong in (
        f"/teach/courses/{world.elsewhere}/items/{world.coding}/students/{world.people['owner']}",
        f"/teach/courses/{world.here}/items/{world.coding}/students/{world.people['classmate']}",
        f"/teach/courses/{world.here}/items/{world.coding}/students/{world.people['outsider']}",
        f"/teach/courses/{world.here}/items/9999/students/{world.people['owner']}",
    ):
        assert client.get(wrong).status_code == 404, wrong


def test_the_same_number_of_queries_for_five_and_for_fifty(world: Any, client_of: ClientOf, app: Any) -> None:
    here = f"/teach/courses/{world.here}"

    def count(address: str) -> int:
        client, statements = client_of("instructor"), []
        engine = app.extensions["workshop_database"].engine

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            assert client.get(address).status_code in (200, 302), address
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    world.send()
    world.judge()
    addresses = [
        here,
        f"{here}?sort=total&order=down",
        f"{here}?state=late",
        f"{here}?q=owner",
        f"{here}/gradebook.json",
    ]
    addresses += [f"{here}/gradebook.csv?layout={layout}" for layout in Layout]
    addresses += [f"{here}/gradebook/changes?since={compact.stamp(utc_now())}&shape=x"]
    addresses += [f"{here}/students/{world.people['owner']}"]
    join(world, 5)
    with world.database.writing() as session:
        session.get_one(AssignmentItem, world.words).max_submissions = None
    before = {address: count(address) for address in addresses}
    with world.database.writing() as session:
        for number in range(6):
            session.add(Assignment(course_id=world.here, title=f"Later {number}", counts="best", late_penalty=0.0))
        for user in session.scalars(select(User).where(User.email.like("%@many.example"))):
            user.email = f"old-{user.email}"
    for number in range(20):
        world.send(content=b"%d" % number, item_id=world.words)
        world.judge(share=0.2)
    join(world, 50)
    assert {address: count(address) for address in addresses} == before


# ---- files ---------------------------------------------------------------------------------------------------------


def rows(layout: Layout, **changes: Any) -> list[list[Any]]:
    asked = Asked(layout, PARTS, PEOPLE, False, False, frozenset(Detail))
    naming = lambda cell: cell.status if cell else "new"  # noqa: E731
    return list(exports.rows(replace(asked, **changes), CELLS, PARTS, naming))


def test_canvas_is_given_what_its_importer_reads() -> None:
    """Of `lib/gradebook_importer.rb`: the first names, the row of points, a number in brackets is an assignment's."""
    head, most, ada, late, nobody = rows(Layout.CANVAS)
    assert head == [
        "Student", "ID", "SIS User ID", "SIS Login ID", "Section",
        "Week 1: Sums", "Week 1: Means [3]", "Practice: Freely",
    ]  # fmt: skip
    assert "Points Possible" in most[0]
    assert most[5:] == [10, 5, 4]
    assert ada == ["Ada", None, "0042", "ada@example.org", None, 10, 0, 4]
    assert late == ["Late Li", None, None, "li@example.org", None, 6.666667, None, None]
    assert nobody[0] == "=cmd@example.org"
    assert {len(row) for row in (head, most, ada, late, nobody)} == {8}


def test_a_column_there_may_be_an_assignment() -> None:
    head, most, ada, late, nobody = rows(Layout.CANVAS, by_assignment=True)
    assert (head[5:], most[5:], ada[5:], nobody[5:]) == (["Week 1", "Practice"], [15, 4], [10, 4], [None, None])
    assert late[5:] == [6.666667, None]


def test_names_that_another_gradebook_would_misread_are_written_otherwise() -> None:
    columns = tuple(Column(number, title, 1.0) for number, title in enumerate(("Final Score", "x (12)", "x [12]", "x")))
    parts = (Part(1, "W", False, columns), Part(2, "W", False, columns[3:]))
    assert rows(Layout.CANVAS, parts=parts)[0][5:] == ["W: Final-Score", "W: x [12]", "W: x [12] #2", "W: x", "W: x #2"]


def test_moodle_is_given_nobody_it_could_take_for_another_student() -> None:
    by_email = rows(Layout.MOODLE)
    assert by_email[0][:3] == ["Email address", "Full name", "Week 1: Sums"]
    assert by_email[2] == ["li@example.org", "Late Li", 6.666667, "-", "-"]
    by_number = rows(Layout.MOODLE, by_number=True)
    assert [row[0] for row in by_number] == ["ID number", "0042", "7"]


def test_statistics_have_a_row_for_every_student_and_item() -> None:
    head, *lines = rows(Layout.LONG)
    assert len(lines) == 9
    first = dict(zip(head, lines[0], strict=True))
    assert first["status"] == "passed"
    assert (first["points"], first["max_points"], first["percent"], first["late"], first["attempts"]) == (
        10,
        10,
        100,
        1,
        2,
    )
    last = dict(zip(head, lines[-1], strict=True))
    assert (last["status"], last["points"], last["practice"], last["submission_id"]) == ("not-started", None, 1, None)


def table(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def test_what_is_shown_is_exported_and_no_cell_computes(world: Any, client_of: ClientOf) -> None:
    with world.database.writing() as session:
        session.get_one(User, world.people["owner"]).name = '=HYPERLINK("https://evil.example")'
    world.send()
    world.judge(share=0.6)
    client = client_of("assistant")
    address = f"/teach/courses/{world.here}/gradebook.csv?lang=en"
    answer = client.get(address + "&with=percent&with=status&with=attempts&with=late&mark=1")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    head, mine, other = table(answer)
    assert head[:6] == ["Student", "Email", "Student number", "Total", "Total, out of", "Total, percent"]
    assert mine[0] == '\'=HYPERLINK("https://evil.example")'
    assert mine[3:7] == ["6", "15", "40", "6"]
    assert mine[7:12] == ["6", "60", "partial", "1", "0"]
    assert (other[0], other[7], other[9]) == ("Classmate", "", "not started")
    assert not client.get(address).data.startswith(b"\xef\xbb\xbf")
    assert [row[0] for row in table(client.get(address + "&q=classmate"))] == ["Student", "Classmate"]
    assert len(table(client.get(address + f"&item={world.words}"))[0]) == 8
    assert len(table(client.get(address + f"&layout=canvas&item={world.coding}"))[0]) == 6
    assert (
        table(client.get(address + "&layout=odd&item=x&item=99999999999999999999"))[0] == table(client.get(address))[0]
    )


def test_practice_is_not_sent_to_another_gradebook_unasked(world: Any, client_of: ClientOf) -> None:
    with world.database.writing() as session:
        session.get_one(Assignment, world.assignment).practice = True
    client = client_of("instructor")
    address = f"/teach/courses/{world.here}/gradebook.csv?layout=canvas"
    assert len(table(client.get(address))[0]) == 5
    assert len(table(client.get(f"{address}&item={world.coding}"))[0]) == 6
    page = client.get(f"/teach/courses/{world.here}").text
    assert not re.search(r'name="item" value="\d+" checked', page)


# ---- one student ---------------------------------------------------------------------------------------------------


def test_a_student_s_page_has_every_item_and_their_own_dates(world: Any, client_of: ClientOf) -> None:
    from webapp.models import Extension

    now = utc_now()
    with world.database.writing() as session:
        session.get_one(Assignment, world.assignment).due_at = now - timedelta(days=900)
        session.add(
            Extension(assignment_id=world.assignment, user_id=world.people["classmate"], due_at=now + timedelta(days=9))
        )
    for who in ("owner", "classmate"):
        world.send(who)
        world.judge(share=0.6)
    client = client_of("instructor")

    def page(who: str) -> str:
        text = client.get(f"/teach/courses/{world.here}/students/{world.people[who]}?lang=en").text
        return " ".join(re.sub(r"<[^>]+>", " ", text.split("<main")[1]).split())

    assert "6 of 15" in page("owner")
    assert "1 of 3 late" in page("owner")
    assert "Not started 0 of 3" in page("owner")
    assert "extended" not in page("owner")
    assert "extended" in page("classmate")
    assert "1 of 3 late" not in page("classmate")


def test_what_a_student_sent_of_an_item_taken_out_is_no_column(world: Any, client_of: ClientOf) -> None:
    world.send()
    world.judge()
    with world.database.writing() as session:
        session.get_one(AssignmentItem, world.coding).removed_at = utc_now()
    client = client_of("instructor")
    document = client.get(f"/teach/courses/{world.here}/gradebook.json").get_json()
    assert len(document["cells"]) == 1
    assert "of 5" in client.get(f"/teach/courses/{world.here}?lang=en").text

"""Pages on similarity: what they say, whom they show, and how many queries they take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from webapp.models import Database, Membership, Task
from webapp.models.times import utc_now
from webapp.queue.carrier import carrier_of
from webapp.settings import Settings
from webapp.tasks import hands

COPIED = """
def weighted_sum(weights, values):
    accumulated_rows = []
    for row_of_weights in weights:  # walk through the rows by hand
        mixed = 0
        for share, vector in zip(row_of_weights, values):
            mixed = mixed + share * vector
        accumulated_rows.append(mixed)
    return torch.stack(accumulated_rows)
"""
OTHERS = [
    "def weighted_sum(weights, values):\n    return weights @ values\n",
    "def weighted_sum(weights, values):\n    return torch.einsum('ij,jk->ik', weights, values)\n",
    "import numpy\n\n\ndef weighted_sum(weights, values):\n    return torch.matmul(weights.float(), values.float())\n",
]


@pytest.fixture
def compared(world: Any, database: Database, settings: Settings, client_of: Callable[..., Any]) -> Callable[[], Any]:
    """Asks for a comparison as the instructor and does it; gives back the page's client."""

    def compare() -> Any:
        client = client_of("instructor")
        address = f"/teach/items/{world.coding}/similarity"
        assert client.post(address).headers["Location"] == address
        worker = hands.Hands(database, settings, "test", carrier_of(settings, database))
        while worker.step(None):  # type: ignore[arg-type]
            pass
        return client

    return compare


def people(world: Any, number: int) -> list[str]:
    """More students of the course, by name."""
    from webapp.account import service as accounts

    with world.database.writing() as session:
        for each in range(number):
            user = accounts.create(session, f"s{each}@example.org", f"Student {each}", "three plain words")
            session.add(Membership(course_id=world.here, user_id=user.id, role="student"))
            world.people[f"s{each}"] = user.id
    return [f"s{each}" for each in range(number)]


def test_a_copy_is_listed_with_what_only_both_have(world: Any, compared: Any) -> None:
    for who, text in zip(people(world, 3), OTHERS, strict=True):
        world.send(who, text.encode())
    world.send("owner", COPIED.encode())
    world.send("classmate", COPIED.replace("mixed", "total").encode())
    client = compared()
    page = client.get(f"/teach/items/{world.coding}/similarity").text
    assert "Owner · Classmate" in page
    assert "accumulated_rows" in page
    assert "walk through the rows by hand" in page
    assert "Student 1" not in page
    listed = client.get(f"/teach/courses/{world.here}/similarity").text
    assert f"/teach/items/{world.coding}/similarity" in listed
    table = client.get(f"/teach/items/{world.coding}/similarity.csv")
    assert table.mimetype == "text/csv"
    assert table.text.count("\n") == 2


def test_side_by_side_marks_what_both_have_and_escapes_what_they_wrote(world: Any, client_of: Any) -> None:
    first = world.send("owner", (COPIED + "print('<script>alert(1)</script>')\n").encode()).submission_id
    second = world.send("classmate", ("# <b>mine</b>\n" + COPIED).encode()).submission_id
    page = client_of("assistant").get(f"/teach/items/{world.coding}/similarity/{first}/{second}").text
    assert page.count('href="#s1-1"') == page.count('href="#s0-1"') == 1
    assert "<script>alert" not in page
    assert "<b>mine" not in page
    assert page.count('class="line shared"') > 12


def test_a_submission_of_another_item_or_nobodys_is_not_compared(world: Any, client_of: Any) -> None:
    mine = world.send("owner", b"x = 1").submission_id
    other = world.send("classmate", b"words", item_id=world.words).submission_id
    client = client_of("instructor")
    for second in (other, 9999, mine):
        assert client.get(f"/teach/items/{world.coding}/similarity/{mine}/{second}").status_code == 404


def test_runs_and_submissions_that_do_not_count_are_left_out(world: Any, database: Database, compared: Any) -> None:
    from webapp.models import Purpose

    world.send("owner", COPIED.encode(), purpose=Purpose.RUN)
    world.send("classmate", COPIED.encode())
    compared()
    with database.reading() as session:
        task = session.query(Task).one()
        assert task.result is not None
        assert task.result["compared"] == 1


def test_asking_twice_is_asking_once(world: Any, database: Database, client_of: Any) -> None:
    for _ in range(3):
        client_of("instructor").post(f"/teach/items/{world.coding}/similarity")
    with database.reading() as session:
        assert session.query(Task).count() == 1


def test_the_pages_take_as_many_queries_for_many_as_for_few(
    world: Any, database: Database, app: Any, compared: Any
) -> None:
    engine = app.extensions["workshop_database"].engine
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    def queries(client: Any, address: str) -> int:
        asked.clear()
        assert client.get(address).status_code == 200
        return len(asked)

    counts = []
    for students in (people(world, 20)[:3], people_again(world)):
        for who in students:
            world.send(who, COPIED.encode(), now=utc_now())
        client = compared()
        counts.append(
            [
                queries(client, f"/teach/items/{world.coding}/similarity"),
                queries(client, f"/teach/courses/{world.here}/similarity"),
            ]
        )
    assert counts[0] == counts[1]


def people_again(world: Any) -> list[str]:
    """The students that have sent nothing yet."""
    return [f"s{number}" for number in range(3, 20)]

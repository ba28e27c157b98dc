"""The pages of regrades: what can be chosen, what is refused, what is shown, and whom it is kept from."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event, func, select

from tests.webapp.regrades import class_of, revise
from tests.webapp.test_regrading import REASON, apply_all, begin, choose
from webapp.models import AssignmentItem, Database, Mark, Regrade, Revision
from webapp.regrading.comparing import CHOSEN_AT_FIRST


@pytest.fixture
def sent(world: Any) -> Any:
    """A submission that got 6 of 10."""
    sent = world.send()
    world.judge(share=0.6)
    return sent


@pytest.fixture
def teacher(client_of: Callable[..., Any]) -> Any:
    return client_of("instructor")


def ask(client: Any, world: Any, revision: str, **changes: Any) -> Any:
    form = {"item": world.coding, f"revision_{world.coding}": revision, "scope": "all", "reason": REASON} | changes
    return client.post(f"/teach/courses/{world.here}/regrades/new", data=form)


def regrades(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Regrade)) or 0


def test_from_the_choice_to_the_applied_marks(world: Any, sent: Any, teacher: Any, database: Database) -> None:
    revision = revise(database, world.coding)
    base = f"/teach/courses/{world.here}/regrades"
    assert "Weighted sum" in teacher.get(f"{base}/new").get_data(as_text=True)
    plan = teacher.get(f"{base}/new?item={world.coding}&revision_{world.coding}={revision}").get_data(as_text=True)
    assert "scalar" in plan  # what the chosen revision changes
    answer = ask(teacher, world, revision, reason="<script>alert(1)</script>")
    assert answer.status_code == 303
    address = answer.headers["Location"]
    number = int(address.rpartition("/")[2])
    progress = teacher.get(f"{address}/progress").get_json()
    assert (progress["open"], progress["stage"]) == (True, "grading")
    page = teacher.get(address).get_data(as_text=True)
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    from tests.webapp.conftest import NOW
    from webapp.regrading import grading

    with database.writing() as session:
        grading.next_jobs(session, number, NOW)
    world.judge()
    assert "More points" in teacher.get(address).get_data(as_text=True)
    form = {"what": "groups", "group": [str(each) for each in CHOSEN_AT_FIRST], "move_pins": "1"}
    for _tab in range(2):
        assert teacher.post(f"{address}/apply", data=form).status_code == 303
    assert apply_all(world, number) == 1
    with database.reading() as session:
        assert session.get_one(Mark, sent.submission_id).score == 10
        assert session.get_one(AssignmentItem, world.coding).revision == revision
    assert "applied" in teacher.get(address).get_data(as_text=True)
    student = teacher.get(f"/teach/submissions/{sent.submission_id}").get_data(as_text=True)
    assert "Regrade applied" in student


def test_a_table_is_filtered_paged_and_taken_away_without_formulas(
    world: Any, teacher: Any, database: Database, now: datetime
) -> None:
    class_of(world, 5, now)
    with database.writing() as session:
        from webapp.models import User

        session.scalars(select(User).where(User.email == "s3@example.org")).one().name = "=1+1"
    number = begin(world, revise(database, world.coding))
    while world.judge():
        pass
    address = f"/teach/courses/{world.here}/regrades/{number}"
    page = teacher.get(f"{address}?q=student+0002").get_data(as_text=True)
    assert "Student 0002" in page
    assert "Student 0001" not in page
    rows = list(csv.reader(io.StringIO(teacher.get(f"{address}/table.csv").get_data(as_text=True).lstrip("\ufeff"))))
    assert len(rows) == 6
    assert "=1+1" not in {cell for row in rows for cell in row}
    assert teacher.get(f"{address}?group=nonsense&item=0&page=999&q=%00").status_code == 200


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"reason": "  "}, 400),
        ({"reason": "x" * 1001}, 400),
        ({"scope": "everything"}, 400),
        ({"scope": "student", "student": "nobody@example.org"}, 400),
        ({"scope": "student", "student": "stranger@example.org"}, 400),
        ({"scope": "ungradable"}, 400),
        ({"scope": "one", "submission": "999"}, 400),
        ({"scope": "one"}, 400),
        ({"item": []}, 400),
        ({"item": "999"}, 404),
        ({"item": "-1"}, 400),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_typed(
    world: Any, sent: Any, teacher: Any, database: Database, changes: dict[str, Any], status: int
) -> None:
    revision = revise(database, world.coding)
    answer = ask(teacher, world, revision, **changes)
    assert answer.status_code == status
    assert regrades(database) == 0


def test_revisions_of_other_items_and_ones_kept_back_are_not_taken(
    world: Any, sent: Any, teacher: Any, database: Database
) -> None:
    with database.writing() as session:
        other = session.get_one(AssignmentItem, world.words).revision
        pinned = session.get_one(AssignmentItem, world.coding).pinned
        session.add(
            Revision(
                hash="sha256:broken", suite_hash="x", bank_id=pinned.bank_id, item=pinned.item, proof=None,
                source=pinned.source.replace("```python reference", "```python nothing"), created_at=pinned.created_at,
                author_id=None, message="",
            )
        )  # fmt: skip
    for revision in (other, "sha256:broken", "sha256:none", ""):
        assert ask(teacher, world, revision).status_code == 404
    assert regrades(database) == 0


def test_submissions_and_regrades_of_other_courses_are_not_there(
    world: Any, sent: Any, client_of: Callable[..., Any], teacher: Any, database: Database
) -> None:
    revision = revise(database, world.coding)
    stranger = client_of("stranger")
    form = {"item": world.coding, f"revision_{world.coding}": revision, "scope": "all", "reason": REASON}
    assert stranger.post(f"/teach/courses/{world.elsewhere}/regrades/new", data=form).status_code == 404
    assert stranger.get(f"/teach/courses/{world.elsewhere}/regrades/new?item={world.coding}").status_code == 404
    number = begin(world, revision)
    for path in ("", "/progress", "/table.csv"):
        assert stranger.get(f"/teach/courses/{world.elsewhere}/regrades/{number}{path}").status_code == 404
    for path in ("apply", "finish", "cancel", "resume"):
        assert stranger.post(f"/teach/courses/{world.elsewhere}/regrades/{number}/{path}").status_code == 404
    world.judge()
    foreign = {"what": "lines", "line": ["999", "-1", "x"], "shown_at": "nonsense"}
    assert teacher.post(f"/teach/courses/{world.here}/regrades/{number}/apply", data=foreign).status_code == 303
    assert apply_all(world, number) == 0


def test_what_was_given_up_can_be_gone_on_with(world: Any, sent: Any, teacher: Any, database: Database) -> None:
    from webapp.models import Task
    from webapp.models.times import utc_now
    from webapp.tasks import rows as tasks

    number = begin(world, revise(database, world.coding))
    world.judge()
    choose(world, number, groups=CHOSEN_AT_FIRST)
    with database.writing() as session:
        for task in session.scalars(select(Task)):
            tasks.cancel(session, task, utc_now())
    address = f"/teach/courses/{world.here}/regrades/{number}"
    assert "it was interrupted" in teacher.get(address).get_data(as_text=True)
    assert teacher.post(f"{address}/resume").status_code == 303
    assert "it was interrupted" not in teacher.get(address).get_data(as_text=True)


def test_pages_take_as_many_queries_for_fifty_as_for_five(
    world: Any, client_of: Callable[..., Any], database: Database, app: Any, now: datetime
) -> None:
    engine = app.extensions["workshop_database"].engine
    revision = revise(database, world.coding)

    def queries(path: str) -> int:
        said: list[str] = []

        def note(*told: Any) -> None:
            said.append(told[2])

        event.listen(engine, "before_cursor_execute", note)
        assert client_of("instructor").get(path).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(said)

    base = f"/teach/courses/{world.here}"
    counts = []
    for size, several in ((5, 1), (50, 6)):
        class_of_more(world, size, now)
        for _each in range(several):
            number = begin(world, revision)
        while world.judge():
            pass
        paths = (f"{base}/regrades/{number}", f"{base}/regrades", f"{base}/regrades/new", f"{base}/requests")
        request_all(world, now)
        counts.append([queries(path) for path in paths])
    assert counts[0] == counts[1]


def class_of_more(world: Any, size: int, now: datetime) -> None:
    """A class of its own for each call."""
    from webapp.models import User

    class_of(world, size, now)
    with world.database.writing() as session:
        for user in session.scalars(
            select(User).where(User.email.like("s%@example.org"), User.email.not_like("stra%"))
        ):
            user.email = f"of-{size}-{user.email}"


def request_all(world: Any, now: datetime) -> None:
    """Everybody asks."""
    from webapp.models import RegradeRequest

    with world.database.writing() as session:
        known = set(session.scalars(select(RegradeRequest.submission_id)))
        marks = session.scalars(select(Mark.submission_id)).all()
        session.add_all(
            RegradeRequest(submission_id=each, text="x", created_at=now) for each in marks if each not in known
        )

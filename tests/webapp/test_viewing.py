"""Looking through a student's eyes: exactly what they see, and not a right more than one had before."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from webapp.models import (
    Assignment,
    AssignmentItem,
    Audit,
    Base,
    Course,
    Database,
    HintReveal,
    Membership,
    Notice,
    Purpose,
    Revision,
    User,
)
from webapp.models.times import utc_now
from webapp.teach.viewing import eyes

Client = Callable[[str | None], FlaskClient]
PAGES = ("course", "map", "today", "items/{item}", "items/{item}/history", "items/{item}/diff?from=starter&to=starter")


def view(world: Any, who: str = "owner") -> str:
    return f"/teach/courses/{world.here}/students/{world.people[who]}/view"


@pytest.fixture
def looking(client_of: Client, world: Any) -> FlaskClient:
    """The instructor, looking through the owner's eyes."""
    client = client_of("instructor")
    assert client.post(view(world)).headers["Location"] == f"{view(world)}/course"
    return client


def contents(database: Database) -> dict[str, int]:
    """How many rows each table has, and what could be touched besides."""
    with database.reading() as session:
        counts = {
            name: session.scalar(select(func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()
        }
        counts["unread"] = session.scalar(select(func.count()).where(Notice.read_at.is_(None)))
    return counts


def prose(page: str) -> str:
    """What is on a page below its banner, without what is drawn anew each time."""
    main = page[page.index('<main id="main"') : page.index("</main>")]
    main = re.sub(r'(name="(csrf_token|client_key)" value=)"[^"]*"', r"\1", main)
    main = re.sub(r'(nonce|href|action|formaction|data-[a-z-]+|title)="[^"]*"', "", main)
    main = re.sub(r"<script.*?</script>", "", main, flags=re.DOTALL)
    main = re.sub(r"(split|signature):\d+|<p[^>]* hidden>.*?</p>", "", main)
    for attribute in (" readonly", " disabled", " download"):
        main = main.replace(attribute, "")
    main = re.sub(r"<p[^>]*>\s*<a\s*>(Public tests|Download as)[^<]*</a>\s*</p>", "", main)
    main = re.sub(r"<a\s*(aria-label=\"Download[^\"]*\")?\s*>(Download all \(zip\)|Download)</a>", "", main)
    return re.sub(r"\s+", " ", re.sub(r"\s+<", "<", main))


def test_the_pages_are_those_that_the_student_sees(
    looking: FlaskClient, client_of: Client, world: Any, database: Database
) -> None:
    owner = client_of("owner")
    owner.post(f"/items/{world.coding}/hints/1")
    owner.put(f"/items/{world.coding}/draft", json={"content": "half_a_thought = 1"})
    sent = world.send("owner", b"sent_by_the_owner = 1")
    world.judge(share=0.5)
    world.send("owner", b"run_by_the_owner = 1", purpose=Purpose.RUN)
    pairs = {
        f"/courses/{world.here}": "course",
        "/today": "today",
        f"/items/{world.coding}": f"items/{world.coding}",
        f"/items/{world.coding}?job={sent.job_id}": f"items/{world.coding}?job={sent.job_id}",
        f"/items/{world.words}": f"items/{world.words}",
        f"/items/{world.coding}/history?runs=1": f"items/{world.coding}/history?runs=1",
        f"/items/{world.coding}/diff?from=starter&to=draft": f"items/{world.coding}/diff?from=starter&to=draft",
        f"/submissions/{sent.submission_id}": f"submissions/{sent.submission_id}",
    }
    owner.get("/today")
    for theirs, seen in pairs.items():
        mine = looking.get(f"{view(world)}/{seen}").get_data(as_text=True)
        assert "You see the pages of Owner." in mine
        expected = prose(owner.get(theirs).get_data(as_text=True))
        if seen != "today":  # whose news are since a visit that only the student's own browser knows
            assert re.sub(r" aria-current=\S+", "", prose(mine)) == re.sub(r" aria-current=\S+", "", expected), seen
    page = looking.get(f"{view(world)}/items/{world.coding}").get_data(as_text=True)
    assert "Think of the shapes" in page  # the hint that was opened, and only that
    assert "readonly aria-describedby" in page
    assert "Multiply element by element" not in page
    for secret in ("secret_of_the_reference", "secret_of_the_tests", "secret_of_the_misconception"):
        assert secret not in page


def test_nothing_is_noted_but_that_one_looked(
    looking: FlaskClient, client_of: Client, world: Any, database: Database
) -> None:
    sent = world.send("owner")
    world.judge()
    with database.writing() as session:
        session.add(
            Notice(
                user_id=world.people["owner"],
                course_id=world.here,
                kind="dates-moved",
                subject="assignment:1",
                data={"assignment": "First", "due": None, "closes": None},
                created_at=utc_now(),
            )
        )
    before = contents(database)
    for page in PAGES:
        assert looking.get(f"{view(world)}/{page.format(item=world.coding)}").status_code == 200, page
    looking.get(f"{view(world)}/submissions/{sent.submission_id}")
    for method in ("get", "post", "put"):
        assert getattr(looking, method)(f"{view(world)}/nothing", json={"content": "x"}).status_code == 403
    for page in PAGES:
        for method in ("post", "put", "patch", "delete"):
            assert getattr(looking, method)(f"{view(world)}/{page.format(item=world.coding)}").status_code == 405
    assert contents(database) == before
    with database.reading() as session:
        audit = session.scalars(select(Audit).where(Audit.action == "view-as")).one()
        assert (audit.actor_id, audit.subject, audit.course_id) == (
            world.people["instructor"],
            f"user:{world.people['owner']}",
            world.here,
        )


def test_no_link_and_no_form_leaves_the_students_pages(looking: FlaskClient, world: Any) -> None:
    sent = world.send("owner")
    world.judge(share=0.5)
    addresses = [f"{view(world)}/{page.format(item=world.coding)}" for page in PAGES]
    addresses.append(f"{view(world)}/submissions/{sent.submission_id}")
    allowed = (view(world), "/static/", "/account", "/sign-out", "#", "/language")
    for address in addresses:
        page = looking.get(address).get_data(as_text=True)
        found = re.findall(r'(?:href|action|formaction|data-[a-z-]*url|data-hint|data-load)="([^"]+)"', page)
        strays = [each for each in found if not each.startswith(allowed) and each != "/"]
        assert strays == [], address
        assert "item-" not in "".join(re.findall(r'<script[^>]*src="([^"]+)"', page))


def test_what_a_student_may_not_see_yet_is_not_seen_through_their_eyes(
    looking: FlaskClient, world: Any, database: Database
) -> None:
    with database.writing() as session:
        session.get_one(Assignment, world.assignment).opens_at = utc_now() + timedelta(days=1)
    assert looking.get(f"{view(world)}/items/{world.coding}").status_code == 403
    assert "Weighted sum" not in looking.get(f"{view(world)}/course").get_data(as_text=True)
    with database.writing() as session:
        session.get_one(Assignment, world.assignment).opens_at = None
        session.get_one(AssignmentItem, world.coding).removed_at = utc_now()
    assert looking.get(f"{view(world)}/items/{world.coding}").status_code == 404


@pytest.mark.parametrize(
    ("viewer", "whom", "status"),
    [
        ("instructor", "instructor", 404),
        ("instructor", "assistant", 404),
        ("instructor", "outsider", 404),
        ("instructor", "admin", 404),
        ("instructor", "stranger", 404),
        ("assistant", "owner", 403),
        ("stranger", "owner", 404),
        ("owner", "classmate", 404),
        ("owner", "owner", 404),
        ("admin", "owner", 303),
        (None, "owner", 302),
    ],
)
def test_who_may_look_through_whose_eyes(
    client_of: Client, world: Any, viewer: str | None, whom: str, status: int
) -> None:
    client = client_of(viewer)
    assert client.post(view(world, whom)).status_code == status
    for page in PAGES:
        seen = client.get(f"{view(world, whom)}/{page.format(item=world.coding)}").status_code
        assert seen == (200 if status == 303 else 302 if viewer is None else status), page


@pytest.mark.parametrize("what", ["administrator", "instructor elsewhere", "left the course", "teaches here now"])
def test_eyes_that_become_off_limits_close_at_once(
    looking: FlaskClient, world: Any, database: Database, what: str
) -> None:
    owner = world.people["owner"]
    with database.writing() as session:
        member = session.get_one(Membership, (world.here, owner))
        match what:
            case "administrator":
                session.get_one(User, owner).is_admin = True
            case "instructor elsewhere":
                session.add(Membership(course_id=world.elsewhere, user_id=owner, role="instructor"))
            case "left the course":
                session.delete(member)
            case _:
                member.role = "assistant"
    expected = 403 if what in ("administrator", "instructor elsewhere") else 404
    for page in PAGES:
        assert looking.get(f"{view(world)}/{page.format(item=world.coding)}").status_code == expected


def test_who_no_longer_manages_the_course_looks_no_longer(looking: FlaskClient, world: Any, database: Database) -> None:
    with database.writing() as session:
        session.get_one(Membership, (world.here, world.people["instructor"])).role = "assistant"
    assert looking.get(f"{view(world)}/course").status_code == 403


def test_another_course_of_the_same_student_is_not_seen(
    looking: FlaskClient, client_of: Client, world: Any, database: Database
) -> None:
    with database.writing() as session:
        session.add(Membership(course_id=world.elsewhere, user_id=world.people["owner"], role="student"))
        revision = session.scalars(select(Revision)).first()
        assignment = Assignment(course_id=world.elsewhere, title="Secret elsewhere")
        session.add(assignment)
        session.flush()
        item = AssignmentItem(
            assignment_id=assignment.id,
            bank_id="small",
            item=revision.item,
            revision=revision.hash,
            position=0,
            points=1,
        )
        session.add(item)
        session.flush()
        item_id = item.id
    sent = world.send("owner", b"sent_elsewhere = 1", item_id=item_id)
    world.judge()
    for page in PAGES:
        text = looking.get(f"{view(world)}/{page.format(item=world.coding)}").get_data(as_text=True)
        assert "Secret elsewhere" not in text, page
        assert "sent_elsewhere" not in text, page
    base = view(world)
    for address in (
        f"{base}/items/{item_id}",
        f"{base}/items/{item_id}/history",
        f"{base}/submissions/{sent.submission_id}",
        f"{base}/items/{world.coding}?submission={sent.submission_id}",
        f"{base}/items/{world.coding}?job={sent.job_id}",
        f"{base}/items/{world.coding}?load={sent.submission_id}",
        f"{base}/items/{world.coding}/diff?from=starter&to={sent.submission_id}",
        base.replace(f"courses/{world.here}", f"courses/{world.elsewhere}") + "/course",
    ):
        assert looking.get(address).status_code == 404, address


def test_another_students_work_is_not_seen_through_these_eyes(looking: FlaskClient, world: Any) -> None:
    sent = world.send("classmate", b"sent_by_the_classmate = 1")
    world.judge()
    base = view(world)
    for address in (
        f"{base}/submissions/{sent.submission_id}",
        f"{base}/items/{world.coding}?submission={sent.submission_id}",
        f"{base}/items/{world.coding}?job={sent.job_id}",
        f"{base}/items/{world.coding}?load={sent.submission_id}",
        f"{base}/items/{world.coding}/diff?from=starter&to={sent.submission_id}",
    ):
        assert looking.get(address).status_code == 404, address
    # Having begun with one student is no beginning with another.
    assert looking.get(f"{view(world, 'classmate')}/course").status_code == 302


def test_looking_changes_nothing_of_who_one_is(looking: FlaskClient, world: Any, database: Database) -> None:
    assert "Owner" not in looking.get("/account").get_data(as_text=True)
    assert looking.get(f"/teach/courses/{world.here}").status_code == 200
    looking.put(f"/items/{world.coding}/draft", json={"content": "the instructor's own"})
    looking.post(f"/items/{world.coding}/hints/1")
    with database.reading() as session:
        assert session.scalars(select(HintReveal.user_id)).all() == [world.people["instructor"]]
    assert "the instructor&#39;s own" not in looking.get(f"{view(world)}/items/{world.coding}").get_data(as_text=True)


def test_it_ends_when_stopped_with_the_sign_out_and_by_itself(
    looking: FlaskClient, client_of: Client, app: Flask, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins = view(world)
    assert looking.post(f"{view(world)}/end").status_code == 303
    assert looking.get(f"{view(world)}/course").headers["Location"] == begins
    looking.post(begins)
    assert looking.get(f"{view(world)}/course").status_code == 200
    monkeypatch.setattr("webapp.teach.viewing.views.utc_now", lambda: utc_now() + eyes.LASTS + timedelta(minutes=1))
    assert looking.get(f"{view(world)}/course").headers["Location"] == begins
    monkeypatch.undo()
    looking.post(begins)
    looking.post("/sign-out")
    assert looking.get(f"{view(world)}/course").headers["Location"].startswith("/sign-in")
    with looking.session_transaction() as cookie:
        assert eyes.KEY not in cookie


@pytest.mark.parametrize(
    "planted", [True, "x", [], [4], ["4", "1", "1", "9"], {"4": 1}, [4, 1, 1, None], [7, 1, 1, 2**31]]
)
def test_what_somebody_else_left_in_a_session_begins_nothing(client_of: Client, world: Any, planted: Any) -> None:
    client = client_of("instructor")
    with client.session_transaction() as cookie:
        cookie[eyes.KEY] = planted
    assert client.get(f"{view(world)}/course").headers["Location"] == view(world)


def test_a_looker_in_the_wrong_course_finds_nothing(looking: FlaskClient, world: Any, database: Database) -> None:
    with database.writing() as session:
        session.add(Course(title="Third", zone="UTC"))
    assert looking.get(f"{view(world)}/course".replace(f"courses/{world.here}", "courses/3")).status_code == 404

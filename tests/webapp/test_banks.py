"""Banks in the database: revisions, pins, the demo course."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from questions.model import Kind
from webapp import banks, demo
from webapp.account import service as accounts
from webapp.models import AssignmentItem, Bank, Course, Database, Membership, Revision, User

HERE = Path(__file__).parent
SMALL = HERE / "small_bank.md"


def copy_of(folder: Path, *changes: tuple[str, str]) -> Path:
    text = SMALL.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "bank.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_loading_twice_adds_nothing(database: Database, now: datetime) -> None:
    with database.writing() as session:
        _bank, loaded = banks.load(session, SMALL, now)
    assert (loaded.servable, loaded.new_revisions, loaded.faults) == (2, 0, ())


def test_a_changed_item_is_a_new_revision_and_the_old_one_stays(
    database: Database, now: datetime, tmp_path: Path
) -> None:
    changed = copy_of(tmp_path, ("Why weigh?", "Why weigh at all?"))
    with database.writing() as session:
        _bank, loaded = banks.load(session, changed, now)
        assert loaded.new_revisions == 1
        assert session.scalar(select(func.count()).select_from(Revision)) == 3


def test_a_pin_moves_only_while_nobody_has_sent_anything(
    database: Database, world: Any, now: datetime, tmp_path: Path
) -> None:
    world.send()  # for the coding item only
    changed = copy_of(tmp_path, ("Why weigh?", "Why weigh at all?"), ("Think of the shapes.", "Think of shapes."))
    with database.writing() as session:
        bank, _loaded = banks.load(session, changed, now)
        for position, item in enumerate(banks.in_order([bank])):
            banks.pin(session, world.assignment, item, position, 3)
    with database.reading() as session:
        revisions = {item.id: item.revision for item in bank.items}
        assert session.get_one(AssignmentItem, world.words).revision == revisions["why"]
        assert session.get_one(AssignmentItem, world.coding).revision != revisions["weighted-sum"]


def test_an_item_with_faults_is_reported_and_not_stored(
    database: Database, now: datetime, tmp_path: Path, client_of: Callable[..., Any], world: Any
) -> None:
    broken = copy_of(tmp_path, ("id: small", "id: broken"), ("@pytest.mark.points(6)\n", ""))
    with database.writing() as session:
        _bank, loaded = banks.load(session, broken, now)
    assert loaded.servable == 1
    assert loaded.faults
    assert all(":" in fault for fault in loaded.faults)
    with database.reading() as session:
        item = session.get_one(Bank, "broken").report["items"][0]
    assert item["servable"] is False
    page = client_of("instructor").get("/teach/banks/broken?lang=en").text
    fault = next(each for each in item["faults"] if each["severity"] == "fault")
    assert max(re.findall(r"[a-z ]+", fault["text"]), key=len) in page


def test_every_kind_of_item_is_served(now: datetime, database: Database) -> None:
    with database.writing() as session:
        bank, loaded = banks.load(session, HERE / "answers_bank.md", now)
    assert (loaded.items, loaded.servable) == (5, 5)
    assert {item.kind for item in bank.items} == set(Kind) - {Kind.SHORT_ANSWER}


def test_the_demo_course_is_made_once(database: Database, now: datetime, tmp_path: Path) -> None:
    seen = []
    for _ in range(2):
        with database.writing() as session:
            bank, _loaded = banks.load(session, SMALL, now)
            seen.append(demo.ensure(session, tmp_path, [bank]))
    assert seen[0] == seen[1]
    assert stat.S_IMODE((tmp_path / "demo-accounts").stat().st_mode) == 0o600
    with database.reading() as session:
        course = session.scalars(select(Course).where(Course.title == demo.TITLE)).one()
        roles = session.scalars(select(Membership.role).where(Membership.course_id == course.id)).all()
        assert sorted(roles) == ["instructor", "student"]
        assert session.scalar(select(func.count()).select_from(AssignmentItem)) == 4
        for account in seen[0]:
            found = accounts.authenticate(session, account.email, account.password)
            assert isinstance(found, User)


def test_two_installations_have_different_passwords(tmp_path: Path) -> None:
    first, second = (demo.accounts_of(tmp_path / name) for name in ("a", "b"))
    assert {each.password for each in first}.isdisjoint(each.password for each in second)


@pytest.mark.parametrize("name", ["a b", "50%", "who?#", "注意力"])
def test_a_data_folder_may_be_called_anything(tmp_path: Path, name: str) -> None:
    from webapp import migrating
    from webapp.settings import Settings

    settings = Settings(data=tmp_path / name)
    database = Database(settings.database)
    migrating.upgrade(database)
    database.close()
    assert (tmp_path / name / "workshop.sqlite3").exists()

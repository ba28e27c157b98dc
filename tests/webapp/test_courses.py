"""Applying a course's file: what is made, moved, kept and written down."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from webapp.account import service as accounts
from webapp.courses.cli import course as commands
from webapp.models import (
    Assignment,
    AssignmentItem,
    Audit,
    Bank,
    Course,
    Database,
    Extension,
    Mark,
    Membership,
    Revision,
    Submission,
    User,
)

FILE = """\
course: here
title: 这里 | Here
zone: Asia/Shanghai
join_code: join-here
instructors: [{email: instructor@example.org, name: Ignored}]
students:
  - {email: owner@example.org, id: "7"}
  - {email: newcomer@example.org, name: New Comer}
assignments:
  - key: week-1
    title: First week
    due: 2026-11-22 23:59
    closes: 2026-11-30 23:59
    late_penalty: 20%
    attempts: 3
    items:
      - small/weighted-sum
      - {item: small/why, attempts: 5}
  - key: warm-up
    title: Warm-up
    practice: true
    items: [small/why]
"""

Apply = Callable[..., Result]


@pytest.fixture
def apply(settings: Any, tmp_path: Path, database: Database) -> Apply:
    """`apply(text, "--dry-run")` applies a file to the database of the test, and wants it to end with `code`."""

    def run(text: str, *options: str, code: int = 0) -> Result:
        path = tmp_path / "course.yaml"
        path.write_text(text, encoding="utf-8")
        result = CliRunner().invoke(commands, ["apply", str(path), "--data", str(settings.data), *options])
        assert result.exit_code == code, result.output + repr(result.exception)
        return result

    return run


@pytest.fixture
def show(settings: Any) -> Callable[[], str]:
    def run() -> str:
        result = CliRunner().invoke(commands, ["show", "here", "--data", str(settings.data)])
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


def lines(result: Result) -> list[str]:
    return result.stdout.splitlines()


def everything(database: Database) -> dict[str, list[Any]]:
    """All rows that a file may touch."""
    with database.reading() as session:
        return {
            table.__tablename__: [tuple(row) for row in session.execute(select(table.__table__))]
            for table in (Course, User, Membership, Assignment, AssignmentItem, Extension, Audit, Mark)
        }


def item_named(database: Database, name: str, key: str = "week-1") -> AssignmentItem:
    with database.reading() as session:
        return session.scalars(
            select(AssignmentItem).join(Assignment).where(AssignmentItem.item == name, Assignment.key == key)
        ).one()


def test_a_file_makes_a_course_and_again_changes_nothing(apply: Apply, database: Database, world: Any) -> None:
    first = lines(apply(FILE))
    assert first == [
        "+ course here: 这里 | Here",
        "+ instructor instructor@example.org: Ignored",
        "+ student owner@example.org",
        "+ student newcomer@example.org: New Comer",
        "+ assignment week-1: First week",
        "+ item small/weighted-sum of week-1: 10 points, 3 attempts",
        "+ item small/why of week-1: 5 points, 5 attempts",
        "+ assignment warm-up: Warm-up",
        "+ item small/why of warm-up: 5 points, unlimited attempts",
    ]
    before = everything(database)
    again = apply(FILE)
    assert lines(again) == []
    assert "nothing to change" in again.stderr
    assert everything(database) == before


def test_a_dry_run_says_the_same_and_changes_nothing(apply: Apply, database: Database, world: Any) -> None:
    before = everything(database)
    tried = apply(FILE, "--dry-run")
    assert everything(database) == before
    assert lines(tried) == lines(apply(FILE))


def test_practice_with_an_item_that_is_graded_too_is_told(apply: Apply, world: Any) -> None:
    told = (
        "course.yaml:22: note: small/why is practice here, so students can read its answer while it is graded in week-1"
    )
    assert told in apply(FILE).stderr
    assert told in apply(FILE, "--dry-run").stderr
    assert "note:" not in apply(FILE.replace("      - {item: small/why, attempts: 5}\n", "")).stderr


def test_a_file_with_one_fault_changes_nothing_at_all(apply: Apply, database: Database, world: Any) -> None:
    before = everything(database)
    result = apply(FILE.replace("small/why]", "small/wy]").replace("20%", "a fifth"), code=1)
    assert everything(database) == before
    assert "course.yaml:14: late_penalty" in result.stderr
    assert "course.yaml:22: the bank small has no item 'wy'; did you mean 'why'?" in result.stderr
    assert "2 faults; nothing was changed" in result.stderr


def test_what_a_file_changed_is_moved_said_and_written_down(apply: Apply, database: Database, world: Any) -> None:
    apply(FILE)
    changed = (
        FILE.replace("2026-11-22 23:59", "2026-11-24 23:59").replace("20%", "25%").replace("attempts: 5", "points: 4")
    ).replace("title: Warm-up", "title: Practice")
    assert lines(apply(changed)) == [
        "~ assignment week-1: due 2026-11-22 23:59 → 2026-11-24 23:59, late penalty 20% → 25%",
        "~ item small/why of week-1: points 5 → 4, attempts 5 → 3",
        "~ assignment warm-up: title Warm-up → Practice",
    ]
    with database.reading() as session:
        row = session.scalars(select(Audit).order_by(Audit.id.desc()).limit(3)).all()[-1]
    assert row.action == "course-file-change"
    assert row.before == {"due_at": "2026-11-22T15:59:00+00:00", "late_penalty": 0.2}
    assert row.after == {"due_at": "2026-11-24T15:59:00+00:00", "late_penalty": 0.25}


def test_assignments_and_items_follow_the_order_of_the_file(apply: Apply, database: Database, world: Any) -> None:
    document = yaml.safe_load(FILE.replace("23:59", '23:59"').replace("2026-11", '"2026-11'))
    apply(FILE)
    document["assignments"].reverse()
    document["assignments"][1]["items"].reverse()
    apply(yaml.safe_dump(document, allow_unicode=True))
    with database.reading() as session:
        keys = session.scalars(select(Assignment.key).where(Assignment.key.is_not(None)).order_by(Assignment.position))
        assert keys.all() == ["warm-up", "week-1"]
    assert item_named(database, "why").position < item_named(database, "weighted-sum").position


def send(world: Any, database: Database, **changes: Any) -> None:
    world.send("owner", item_id=item_named(database, "weighted-sum").id, **changes)
    world.judge()


def test_an_item_with_submissions_goes_only_when_one_says_so_and_comes_back_whole(
    apply: Apply, database: Database, world: Any, client_of: Callable[..., Any]
) -> None:
    apply(FILE)
    send(world, database)
    item = item_named(database, "weighted-sum").id
    without = FILE.replace("      - small/weighted-sum\n", "")
    before = everything(database)
    refused = apply(without, code=1)
    assert "course.yaml:10: small/weighted-sum has 1 submission and is not in 'week-1'" in refused.stderr
    assert "--remove" in refused.stderr
    assert everything(database) == before

    removed = lines(apply(without, "--remove"))
    assert "- item small/weighted-sum of week-1: hidden; what was sent stays (1 submission)" in removed[-1]
    student = client_of("owner")
    assert student.get(f"/items/{item}").status_code == 404
    with database.reading() as session:
        course = session.scalars(select(Course.id).where(Course.key == "here")).one()
        assert session.scalar(select(func.count()).select_from(Submission)) == 1
    assert f"/items/{item}" not in student.get(f"/courses/{course}").text

    assert any("back again" in line for line in lines(apply(FILE)))
    assert student.get(f"/items/{item}").status_code == 200
    assert f"/items/{item}" in student.get(f"/courses/{course}").text


def test_an_item_nobody_has_answered_goes_by_itself(apply: Apply, database: Database, world: Any) -> None:
    apply(FILE)
    gone = lines(apply(FILE.replace("      - small/weighted-sum\n", "")))
    assert "- item small/weighted-sum of week-1" in gone


def test_an_assignment_with_submissions_is_not_dropped_by_renaming_it(
    apply: Apply, database: Database, world: Any
) -> None:
    apply(FILE)
    send(world, database)
    refused = apply(FILE.replace("key: week-1", "key: week-one"), code=1)
    assert "course.yaml:1: the assignment 'week-1' has 1 submission and is not in the file" in refused.stderr


def test_people_missing_from_the_file_stay_unless_they_are_removed(
    apply: Apply, database: Database, world: Any
) -> None:
    apply(FILE)
    without = FILE.replace('  - {email: owner@example.org, id: "7"}\n', "")
    assert lines(apply(without)) == []
    assert [line for line in lines(apply(without, "--remove")) if line.startswith("- student owner@example.org")]
    with database.reading() as session:
        assert session.get(User, world.people["owner"]) is not None


def test_a_name_somebody_chose_is_not_overwritten_and_a_role_is(apply: Apply, database: Database, world: Any) -> None:
    apply(FILE)
    changed = FILE.replace('{email: owner@example.org, id: "7"}', "{email: owner@example.org, name: Other}").replace(
        "name: New Comer", "name: Newer Comer"
    )
    assert lines(apply(changed)) == ["~ student newcomer@example.org: name New Comer → Newer Comer"]
    promoted = FILE.replace("students:", "assistants: [newcomer@example.org]\nstudents:").replace(
        "  - {email: newcomer@example.org, name: New Comer}\n", ""
    )
    assert lines(apply(promoted)) == ["~ assistant newcomer@example.org: role student → assistant"]


def test_a_pin_stays_where_somebody_has_answered_and_that_is_said(
    apply: Apply, database: Database, world: Any, tmp_path: Path
) -> None:
    from webapp import banks

    apply(FILE)
    send(world, database)
    before = item_named(database, "weighted-sum").revision
    text = (Path(__file__).parent / "small_bank.md").read_text(encoding="utf-8")
    newer = tmp_path / "newer.md"
    newer.write_text(
        text.replace("Think of the shapes.", "Think of shapes.").replace("Why weigh?", "Why weigh at all?")
    )
    with database.writing() as session:
        banks.load(session, newer, datetime.now(UTC))
    said = lines(apply(FILE))
    assert item_named(database, "weighted-sum").revision == before
    assert [line for line in said if line.startswith("= item small/weighted-sum of week-1: stays at revision")]
    assert [line for line in said if line.startswith("~ item small/why of week-1: revision ")]
    with database.reading() as session:
        newest = {
            each["id"]: each["revision"] for each in session.get_one(Bank, "small").report["items"] if each["servable"]
        }
    assert item_named(database, "why").revision == newest["why"]


def test_what_left_its_bank_is_still_asked_where_it_was(apply: Apply, database: Database, world: Any) -> None:
    apply(FILE)
    with database.writing() as session:
        bank = session.get_one(Bank, "small")
        bank.report = {**bank.report, "items": [each for each in bank.report["items"] if each["id"] != "why"]}
    assert lines(apply(FILE)) == [
        "= item small/why of week-1: its bank no longer has it; students keep the revision they know",
        "= item small/why of warm-up: its bank no longer has it; students keep the revision they know",
    ]


def mark_of(database: Database) -> float:
    with database.reading() as session:
        return session.scalars(select(Mark.score)).one()


def test_marks_follow_dates_points_penalties_and_extensions(
    apply: Apply, database: Database, world: Any, now: datetime
) -> None:
    apply(FILE)
    item = item_named(database, "weighted-sum").id
    world.send("owner", item_id=item, now=now + timedelta(days=1))
    world.judge(now=now + timedelta(days=1))
    assert mark_of(database) == 8.0
    extended = FILE.replace(
        "  - key: warm-up",
        "    extensions: [{student: owner@example.org, due: 2026-11-25 23:59}]\n  - key: warm-up",
    )
    said = lines(apply(extended))
    assert said == [
        "+ extension of owner@example.org for week-1: due 2026-11-25 23:59",
        "~ 1 mark follows: from points, dates and penalties as they are now",
    ]
    assert mark_of(database) == 10.0
    assert "- extension of owner@example.org for week-1" in lines(apply(FILE))
    assert mark_of(database) == 8.0
    apply(FILE.replace("- small/weighted-sum", "- {item: small/weighted-sum, points: 20}").replace("20%", "50%"))
    assert mark_of(database) == 10.0


def test_a_join_code_belongs_to_one_course(apply: Apply, world: Any) -> None:
    apply(FILE)
    refused = apply(FILE.replace("course: here", "course: there"), code=1)
    assert "course.yaml:4: the join code 'join-here' belongs to the course 'here': choose another" in refused.stderr


def test_what_is_shown_makes_the_same_course_again(
    apply: Apply, show: Callable[[], str], database: Database, world: Any
) -> None:
    written = FILE.replace("zone: Asia/Shanghai", "zone: Europe/Berlin").replace("practice: true", "practice: true ")
    written = written.replace("- small/weighted-sum", "- {item: small/weighted-sum, points: 2.5, open: true}")
    written = written.replace("2026-11-22 23:59", "2026-10-25 02:30+01:00")
    written = written.replace(
        "  - key: warm-up",
        "    extensions: [{student: owner@example.org, due: 2026-11-25 23:59}]\n  - key: warm-up",
    ).replace("title: Warm-up", 'title: "yes: #1"')
    apply(written)
    text = show()
    assert lines(apply(text)) == []
    with database.writing() as session:  # the same again, from nothing
        course = session.scalars(select(Course).where(Course.key == "here")).one()
        course.key, course.join_code = "elsewhere", None
    assert "+ course here" in apply(text).stdout
    assert yaml.safe_load(show()) == yaml.safe_load(text)


def test_the_demo_course_is_its_file(database: Database, tmp_path: Path, settings: Any) -> None:
    from questions import load_bank
    from webapp import banks, demo
    from webapp.settings import shipped_banks

    for _ in range(2):
        with database.writing() as session:
            for path in shipped_banks():
                banks.load(session, path, datetime.now(UTC))
            demo.ensure(session, tmp_path, [load_bank(path) for path in shipped_banks()])
    result = CliRunner().invoke(commands, ["show", "attention-workshop", "--data", str(settings.data)])
    shown = yaml.safe_load(result.stdout)
    shipped = yaml.safe_load(demo.FILE.read_text(encoding="utf-8"))
    assert (shown["title"], shown["join_code"], shown["zone"]) == (
        shipped["title"], shipped["join_code"], shipped["zone"],
    )  # fmt: skip
    bank = {f"attention/{item.id}" for path in shipped_banks() for item in load_bank(path).items}
    assert [each["key"] for each in shown["assignments"]] == [each["key"] for each in shipped["assignments"]]
    asked = []
    for made, written in zip(shown["assignments"], shipped["assignments"], strict=True):
        names, wanted = (
            [each if isinstance(each, str) else each["item"] for each in one["items"]] for one in (made, written)
        )
        assert names[: len(bank.intersection(wanted))] == [each for each in wanted if each in bank]
        asked += names
    assert sorted(asked) == sorted(bank), "everything in the bank is asked, and once"
    opened = [
        each["item"]
        for made in shown["assignments"]
        for each in made["items"]
        if isinstance(each, dict) and each.get("open")
    ]
    assert opened == ["attention/scaled-dot-product-attention"]


def test_a_demo_course_made_before_there_were_files_is_taken_over(
    database: Database, world: Any, tmp_path: Path
) -> None:
    from questions import load_bank
    from webapp import demo

    bank = load_bank(Path(__file__).parent / "small_bank.md")
    with database.writing() as session:
        session.get_one(Course, world.here).join_code = "attention-workshop"
        session.get_one(AssignmentItem, world.coding).max_submissions = 7
        demo.ensure(session, tmp_path, [bank])
    with database.reading() as session:
        assert session.get_one(Course, world.here).key == "attention-workshop"
        assert session.get_one(Assignment, world.assignment).key == "workshop"
        assert session.get_one(AssignmentItem, world.coding).max_submissions == 7
        assert session.scalar(select(func.count()).select_from(AssignmentItem)) == 2


def test_the_list_names_every_course(settings: Any, apply: Apply, world: Any) -> None:
    apply(FILE)
    result = CliRunner().invoke(commands, ["list", "--data", str(settings.data)])
    assert result.stdout.splitlines()[-1].split("  ")[0] == "here"
    assert "2 students" in result.stdout
    assert result.stdout.splitlines()[0].startswith("-")


def test_a_course_nobody_made_is_said_with_the_nearest(settings: Any, apply: Apply, world: Any) -> None:
    apply(FILE)
    result = CliRunner().invoke(commands, ["show", "hear", "--data", str(settings.data)])
    assert "did you mean 'here'?" in str(result.exception)


def test_invitations_are_for_those_without_a_password(
    settings: Any, apply: Apply, world: Any, database: Database, tmp_path: Path
) -> None:
    apply(FILE.replace("name: New Comer", 'name: "=cmd()"'))
    table = tmp_path / "links.csv"
    result = CliRunner().invoke(
        commands,
        ["invite", "here", "--csv", str(table), "--address", "https://x.example/", "--data", str(settings.data)],
    )
    assert result.exit_code == 0, result.output
    text = table.read_text(encoding="utf-8-sig").splitlines()
    assert len(text) == 2
    assert text[1].startswith("newcomer@example.org,'=cmd(),https://x.example/invitation/")
    assert stat.S_IMODE(table.stat().st_mode) == 0o600
    one = ["invite", "here", "--for", "Owner@example.org", "--data", str(settings.data)]
    assert "owner@example.org" in CliRunner().invoke(commands, one).stdout
    with database.writing() as session:
        session.scalars(
            select(User).where(User.email == "newcomer@example.org")
        ).one().password_hash = accounts.hasher.hash("something of their own")
    result = CliRunner().invoke(commands, ["invite", "here", "--data", str(settings.data)])
    assert "everybody has a password" in result.stderr


def test_an_application_without_banks_loads_the_configured_ones(tmp_path: Path) -> None:
    path = tmp_path / "course.yaml"
    path.write_text(
        "course: fresh\ntitle: Fresh\nzone: UTC\nassignments:\n"
        "  - {key: one, title: One, items: [attention/self-attention]}\n"
    )
    result = CliRunner().invoke(commands, ["apply", str(path), "--data", str(tmp_path / "data")])
    assert result.exit_code == 0, result.output
    database = Database(f"sqlite:///{tmp_path / 'data' / 'workshop.sqlite3'}")
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Revision)) >= 9
    database.close()


def test_an_extension_that_moves_nothing_at_present_is_kept_and_shown_to_no_file(
    apply: Apply, show: Callable[[], str], database: Database
) -> None:
    extended = "    extensions:\n      - {student: owner@example.org, due: 2026-11-24 12:00, reason: ill}\n"
    apply(FILE.replace("    attempts: 3\n", "    attempts: 3\n" + extended))
    with database.writing() as session:
        row = session.scalars(select(Assignment).where(Assignment.key == "week-1")).one()
        row.due_at = datetime(2026, 11, 25, tzinfo=UTC)
    text = show()
    assert "extensions" not in text
    assert "nothing to change" in apply(text).output
    with database.writing() as session:
        kept = session.scalars(select(Extension)).one()
        assert kept.reason == "ill"
        row = session.scalars(select(Assignment).where(Assignment.key == "week-1")).one()
        row.due_at = datetime(2026, 11, 22, tzinfo=UTC)
    assert "reason: ill" in show()
    assert "nothing to change" in apply(show().replace("        reason: ill\n", "")).output

"""`workshop course …`: courses from files, links for their people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.errors import WorkshopError
from grader.numbers_shown import counted
from webapp.cli import DataCommand, data_option, load_banks, read_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models import Course


class _OnlyTried(Exception):
    """Leaves a transaction without keeping what was done in it."""


@click.group()
def course() -> None:
    """Make courses from files, list and show them, invite their people."""


@course.command(cls=DataCommand, epilog="Example: workshop course apply attention-2026.yaml --dry-run")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option(
    "--remove", is_flag=True, help="Take out what the file does not name: people, and items with submissions."
)
@data_option
def apply(file: Path, dry_run: bool, remove: bool, data: Path | None) -> None:
    """Make a course what FILE says; exit 1 and change nothing when the file has faults."""
    from questions.faults import FaultList, in_order
    from webapp.courses.applying import apply as apply_course
    from webapp.courses.checking import Missing, answers_given_away, check
    from webapp.courses.file import load
    from webapp.models import Bank
    from webapp.models.times import utc_now
    from webapp.opening import prepared

    try:
        reading = load(file)
    except OSError as problem:
        raise WorkshopError(
            f"cannot read {file}: {problem.strerror or problem}", remedy="name a file that this user can read"
        ) from problem
    settings = read_settings(data=data)
    database = prepared(settings)
    with database.reading() as session:
        fresh = session.query(Bank.id).first() is None
    if fresh:
        load_banks(database, settings.bank_paths)
    missing = Missing.REMOVE if remove else Missing.REFUSE
    changes = []
    try:
        with database.writing(durable=True) as session:
            found = FaultList(file)
            found.found.extend(reading.faults)
            check(session, reading.course, found, missing)
            if found.found:
                for fault in in_order(found.found, (file,)):
                    click.echo(str(fault), err=True)
                count = len(found.found)
                click.echo(f"{count} fault{'s' if count > 1 else ''}; nothing was changed", err=True)
                raise SystemExit(1)
            _course, changes = apply_course(session, reading.course, utc_now(), missing)
            if dry_run:
                raise _OnlyTried
    except _OnlyTried:
        pass
    for change in changes:
        click.echo(str(change))
    for line, text in answers_given_away(reading.course):
        click.echo(f"{file}:{line}: note: {text}", err=True)
    if not any(change.sign != "=" for change in changes):
        click.echo("nothing to change", err=True)
    elif dry_run:
        click.echo("dry run: nothing was changed", err=True)


def _named(session: Session, key: str) -> Course:
    from sqlalchemy import select

    from questions.faults import nearest
    from webapp.courses.present import course_named
    from webapp.models import Course

    found = course_named(session, key)
    if found is None:
        keys = [each for each in session.scalars(select(Course.key).order_by(Course.key)) if each]
        hint = nearest(key, keys) if keys else "no course was made from a file yet"
        raise WorkshopError(f"no course has the key {key!r}; {hint}", remedy="workshop course list")
    return found


@course.command("list", cls=DataCommand, epilog="Example: workshop course list")
@data_option
def list_(data: Path | None) -> None:
    """List the courses: key, students, assignments, join code, title."""
    from sqlalchemy import func, select

    from webapp.models import Assignment, Course, Membership, Role
    from webapp.opening import up_to_date

    database = up_to_date(read_settings(data=data))
    with database.reading() as session:
        students = (
            select(func.count())
            .where(Membership.course_id == Course.id, Membership.role == Role.STUDENT)
            .scalar_subquery()
        )
        assignments = (
            select(func.count())
            .where(Assignment.course_id == Course.id, Assignment.removed_at.is_(None))
            .scalar_subquery()
        )
        rows = session.execute(select(Course, students, assignments).order_by(Course.id)).all()
        lines = [
            (each.key or "-", counted(people, "student"), counted(work, "assignment"), join_code, each.title)
            for each, people, work in rows
            for join_code in [each.join_code or "no code"]
        ]
    widths = [max(len(line[place]) for line in lines) for place in range(4)] if lines else []
    for line in lines:
        click.echo("  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[4]]))
    if not lines:
        click.echo("no course yet: workshop course apply FILE", err=True)


@course.command(cls=DataCommand, epilog="Example: workshop course show attention-workshop > attention-workshop.yaml")
@click.argument("key")
@data_option
def show(key: str, data: Path | None) -> None:
    """Print the file that makes the course KEY again."""
    from webapp.courses.showing import shown_course
    from webapp.opening import up_to_date

    with up_to_date(read_settings(data=data)).reading() as session:
        click.echo(shown_course(session, _named(session, key)), nl=False)


@course.command(cls=DataCommand, epilog="Example: workshop course invite attention-2026 --csv links.csv")
@click.argument("key")
@click.option("--csv", "table", type=click.Path(path_type=Path), help="Write the links into this file, not to stdout.")
@click.option("--for", "email", help="Only this person, and also when they have a password: to choose a new one.")
@click.option("--days", type=click.IntRange(1, 365), default=14, show_default=True, help="How long the links work.")
@click.option("--address", help="Where people reach the server (else http://localhost and the port).")
@data_option
def invite(key: str, table: Path | None, email: str | None, days: int, address: str | None, data: Path | None) -> None:
    """Make personal links for those of the course KEY who have no password yet."""
    from grader import csv_text
    from webapp.courses.inviting import Maker, invitations, rows_of
    from webapp.models.times import utc_now
    from webapp.opening import up_to_date
    from webapp.settings import secret_key

    settings = read_settings(data=data)
    base = (address or f"http://localhost:{settings.port}").rstrip("/")
    with up_to_date(settings).reading() as session:
        maker = Maker.of(secret_key(settings), base, utc_now(), days)
        found = invitations(session, _named(session, key), maker, email)
    if email and not found:
        raise WorkshopError(f"{email} is not in the course {key}", remedy="workshop course show KEY lists its people")
    text = csv_text.written(rows_of(found))
    if table is None:
        click.echo(text, nl=False)
    else:
        _keep(table, text)
    if not found:
        click.echo("everybody has a password", err=True)
    else:
        click.echo(f"{len(found)} links, each for one person and one use, for {days} days", err=True)


def _keep(table: Path, text: str) -> None:
    """Write a file that only its owner reads: each link is somebody's way in."""
    import os

    try:
        table.unlink(missing_ok=True)
        descriptor = os.open(table, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            file.write(text)
    except OSError as problem:
        raise WorkshopError(
            f"cannot write {table}: {problem.strerror}", remedy="name a file you may write"
        ) from problem

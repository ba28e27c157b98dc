"""`workshop person` and `workshop retention`: what is kept of people, and for how long."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.errors import WorkshopError
from webapp.cli import DataCommand, data_option, read_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models import User
    from webapp.personal.erasing import Plan

KIND_NAMES = ("runs", "drafts", "uploads", "notices", "log")


@click.group()
def person() -> None:
    """Hand out or delete what is kept of one person."""


def _somebody(session: Session, email: str) -> User:
    from webapp.admin.service import with_email

    found = with_email(session, email)
    if found is None:
        raise WorkshopError(f"nobody has the address {email}", remedy="the page /admin lists the accounts")
    return found


@person.command(cls=DataCommand, epilog="Example: workshop person export ada@example.org --to ada.zip")
@click.argument("email")
@click.option("--to", "file", required=True, type=click.Path(path_type=Path), help="The archive to write.")
@data_option
def export(email: str, file: Path, data: Path | None) -> None:
    """Write everything that is kept of EMAIL into an archive: JSON, their files, a page to read."""
    from webapp.models.times import utc_now
    from webapp.opening import up_to_date
    from webapp.personal import exporting

    database = up_to_date(read_settings(data=data))
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise WorkshopError(f"{file} is there already", remedy="name another file, or move it away") from None
    except OSError as problem:
        raise WorkshopError(f"cannot write {file}: {problem.strerror}", remedy="name another file: --to") from problem
    try:
        with os.fdopen(descriptor, "wb") as archive, database.reading() as session:
            exporting.export(session, _somebody(session, email), utc_now(), archive)
    except BaseException:
        file.unlink()
        raise
    click.echo(f"{file}: {file.stat().st_size:,} bytes", err=True)


@person.command(cls=DataCommand, epilog="Example: workshop person delete ada@example.org --dry-run")
@click.argument("email")
@click.option("--dry-run", is_flag=True, help="Say what would be lost, and delete nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_option
def delete(email: str, dry_run: bool, yes: bool, data: Path | None) -> None:
    """Delete what is kept of EMAIL; a class's figures stay as they are, without a name.  It cannot be undone."""
    from webapp.models.times import utc_now
    from webapp.opening import up_to_date
    from webapp.personal import erasing

    database = up_to_date(read_settings(data=data))
    with database.reading() as session:
        user = _somebody(session, email)
        user_id, lost = user.id, erasing.plan(session, user)
    for line in told(lost):
        click.echo(line)
    if dry_run:
        click.echo("nothing was deleted", err=True)
        return
    if not yes:
        if not sys.stdin.isatty():
            raise WorkshopError("nothing was deleted", remedy="say --yes to delete it without being asked")
        click.confirm(f"Delete all this of {lost.email}? It cannot be undone", abort=True, err=True)
    with database.writing(durable=True) as session:
        erasing.erase(session, user_id, None, utc_now())
    database.empty_log()
    click.echo(f"deleted; the account is now deleted-{user_id}@{erasing.DOMAIN}, which is nobody's", err=True)


def told(lost: Plan) -> list[str]:
    """What a deletion takes, line by line."""
    return [
        f"{lost.name or '(no name)'} <{lost.email}>",
        f"  {lost.courses:6} courses: taken out of them",
        f"  {lost.submissions:6} submissions: emptied; {lost.marks} marks stay in the class's figures without a name",
        f"  {lost.runs:6} runs: deleted with their verdicts",
        f"  {lost.drafts:6} drafts, {lost.notices} notices, {lost.requests} requests for another look: deleted",
        f"  {lost.phrasings:6} phrasings offered to banks: deleted (what a bank has taken stays, nobody's)",
        f"  {lost.done_for_others:6} entries of the log about what they did: stay, without a name",
    ]


@click.command(cls=DataCommand, epilog="Example: workshop retention --older-than 400 --only runs --dry-run")
@click.option("--older-than", type=click.IntRange(1, 36500), metavar="DAYS", help="Instead of what the settings say.")
@click.option("--only", type=click.Choice(KIND_NAMES), multiple=True, help="Only this; may be given several times.")
@click.option("--dry-run", is_flag=True, help="Say how many would go, and delete nothing.")
@data_option
def retention(older_than: int | None, only: tuple[str, ...], dry_run: bool, data: Path | None) -> None:
    """Delete what is older than it has to be kept.

    That is runs, drafts, files of uploads, notices that were read, the log of changes.  A server does the same by
    itself where WORKSHOP_KEEP_..._DAYS say so; what was submitted for points is never in it.
    """
    from webapp.models.times import utc_now
    from webapp.opening import up_to_date
    from webapp.personal.retention import KINDS, count, step

    settings = read_settings(data=data)
    database = up_to_date(settings)
    for kind in KINDS:
        days = older_than or kind.days(settings)
        if (only and kind.name not in only) or not days:
            if not only:
                click.echo(f"{kind.name:8} kept for ever")
            continue
        before = utc_now() - timedelta(days=days)
        with database.reading() as session:
            found = count(session, kind, before)
        if not dry_run:
            found = 0
            while True:
                with database.writing() as session:
                    some = step(session, kind, before)
                found += some
                if not some:
                    break
        click.echo(f"{kind.name:8} {found} older than {days} days{' would go' if dry_run else ' deleted'}")

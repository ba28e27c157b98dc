"""Commands of the web application: serve, worker, db, bank, demo; those on courses are in `webapp.courses.cli`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.errors import WorkshopError

if TYPE_CHECKING:
    from questions.model import Bank
    from webapp.demo import Account
    from webapp.models import Database
    from webapp.settings import Settings

data_option = click.option(
    "--data", type=click.Path(path_type=Path), help="Folder of the database and secrets (WORKSHOP_DATA, else var)."
)


def read_settings(**overrides: Any) -> Settings:
    """The settings, with what a command was told."""
    from webapp.settings import from_environment

    return from_environment(os.environ, **overrides)


class DataCommand(click.Command):
    """A command on the data folder; what cannot be used there is said in words."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (WorkshopError, click.ClickException):
            raise
        except Exception as problem:
            from webapp.opening import explained

            raise explained(problem, read_settings(data=ctx.params.get("data"))) from problem


def load_banks(database: Database, paths: tuple[Path, ...]) -> tuple[list[Bank], int]:
    """Load banks and say what became of each; the banks, and how many faults there were."""
    from webapp import banks
    from webapp.models.times import utc_now

    found, faults = [], 0
    for path in paths:
        try:
            with database.writing(durable=True) as session:
                bank, loaded = banks.load(session, path, utc_now())
        except OSError as problem:
            raise WorkshopError(
                f"cannot read the bank {path}: {problem.strerror or problem}",
                remedy="name a bank that this user can read: WORKSHOP_BANKS for serve, a PATH for bank load",
            ) from problem
        found.append(bank)
        faults += len(loaded.faults)
        if loaded.left_alone:
            click.echo(
                f"bank {loaded.bank_id}: kept by the workshop since it was saved in the browser, so {path} was not "
                f"taken (workshop bank give-back {loaded.bank_id} returns it to the folder)",
                err=True,
            )
        click.echo(
            f"bank {loaded.bank_id}: {loaded.servable} of {loaded.items} items can be served"
            + (f", {loaded.new_revisions} new" if loaded.new_revisions else ""),
            err=True,
        )
        for fault in loaded.faults:
            click.echo(fault, err=True)
    return found, faults


def prepare_database(settings: Settings) -> tuple[Database, tuple[Account, ...]]:
    """The database with tables, banks and, where it is wanted, the demo course up to date; the demo's sign-ins."""
    from webapp import demo
    from webapp.authoring import proofs
    from webapp.models.times import utc_now
    from webapp.opening import prepared

    database = prepared(settings)
    loaded, _faults = load_banks(database, settings.bank_paths)
    if settings.prove:
        with database.writing() as session:
            proofs.ask_for_all(session, utc_now())
    if not settings.demo:
        return database, ()
    with database.writing(durable=True) as session:
        return database, demo.ensure(session, settings.data, loaded)


def show_accounts(accounts: tuple[Account, ...], indent: str = "") -> None:
    """The sign-ins of the demo course, one a line."""
    for account in accounts:
        click.echo(f"{indent}{account.role:<11} {account.email}  {account.password}")


@click.command(cls=DataCommand, epilog="Example: workshop serve --port 8080 --workers 4")
@click.option("--host", help="Address to listen on (WORKSHOP_HOST, else 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port (WORKSHOP_PORT, else 8000).")
@click.option("--workers", type=click.IntRange(0, 256), help="Grading processes (WORKSHOP_WORKERS, else 2).")
@data_option
def serve(host: str | None, port: int | None, workers: int | None, data: Path | None) -> None:
    """Serve the course until Ctrl-C: database, banks, pages, graders."""
    from webapp.operations import logs
    from webapp.serving import Server, listen
    from webapp.settings import secret_key

    settings = read_settings(host=host, port=port, workers=workers, data=data)
    logs.set_up(settings, "serve")
    listening = listen(settings.host, settings.port)
    database, accounts = prepare_database(settings)
    secret_key(settings)

    def ready() -> None:
        shown = "localhost" if settings.host in ("127.0.0.1", "::1", "0.0.0.0", "::") else settings.host  # noqa: S104
        click.echo(f"\n  http://{shown}:{listening.getsockname()[1]}")
        show_accounts(accounts, indent="  ")
        click.echo("\nCtrl-C ends it.")

    Server(settings, database, listening).run(ready)


@click.command(cls=DataCommand, epilog="Example: workshop worker --data /srv/workshop")
@data_option
def worker(data: Path | None) -> None:
    """Grade what waits, beside a running server, until Ctrl-C."""
    from webapp.opening import up_to_date
    from webapp.operations import logs
    from webapp.operations.scraping import shown
    from webapp.queue.process import work

    settings = read_settings(data=data)
    logs.set_up(settings, "worker")
    up_to_date(settings).close()
    with shown(settings):
        work(settings)


@click.group()
def db() -> None:
    """Move the database between versions of its tables."""


@db.command(cls=DataCommand, epilog="Example: workshop db upgrade")
@data_option
def upgrade(data: Path | None) -> None:
    """Bring the tables up to date; data stays."""
    from webapp.migrating import current
    from webapp.opening import prepared

    click.echo(f"tables at {current(prepared(read_settings(data=data)))[0]}")


@db.command(cls=DataCommand, epilog="Example: workshop db downgrade -- -1")
@click.argument("target")
@data_option
def downgrade(target: str, data: Path | None) -> None:
    """Take the tables back to TARGET (-1, a revision, base).  What newer tables held is lost."""
    from webapp import migrating
    from webapp.opening import existing

    database = existing(read_settings(data=data))
    migrating.downgrade(database, target)
    click.echo(f"tables at {migrating.current(database)[0]}")


@db.command(cls=DataCommand, epilog="Example: workshop db current")
@data_option
def current(data: Path | None) -> None:
    """Say which version the tables have, and the newest there is."""
    from webapp import migrating
    from webapp.opening import existing

    have, newest = migrating.current(existing(read_settings(data=data)))
    click.echo(f"tables at {have or 'nothing'}, newest {newest}")


@db.command(cls=DataCommand, epilog="Example: workshop db forget-guests")
@data_option
def forget_guests(data: Path | None) -> None:
    """Delete guests whose time is over (WORKSHOP_GUEST_DAYS) with all they left, and say how many."""
    from webapp.guests.service import forget
    from webapp.models.times import utc_now
    from webapp.opening import up_to_date

    settings = read_settings(data=data)
    database = up_to_date(settings)
    forgotten, before = 0, utc_now() - settings.guest_lifetime
    while True:
        with database.writing() as session:  # a little at a time, so that nobody waits long for the lock
            some = forget(session, before)
        forgotten += some
        if not some:
            break
    click.echo(f"{forgotten} guest{'' if forgotten == 1 else 's'} forgotten")


@click.group()
def bank() -> None:
    """Bring banks into the database."""


@bank.command(cls=DataCommand, epilog="Example: workshop bank load questions/banks/attention")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@data_option
def load(paths: tuple[Path, ...], data: Path | None) -> None:
    """Read banks (default: the configured ones) and store new revisions; exit 1 when there are faults."""
    from webapp.opening import prepared

    settings = read_settings(data=data)
    _banks, faults = load_banks(prepared(settings), paths or settings.bank_paths)
    if faults:
        raise SystemExit(1)


@bank.command("give-back", cls=DataCommand, epilog="Example: workshop bank give-back attention --to ../banks/attention")
@click.argument("bank_id", metavar="BANK")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Another folder than the one it came from.")
@data_option
def give_back(bank_id: str, folder: Path | None, data: Path | None) -> None:
    """Write a bank that was saved in the browser into its folder, which keeps it from then on.

    Files there that no version of the bank holds are never written over.
    """
    from webapp.authoring.giving_back import give_back
    from webapp.opening import up_to_date

    database = up_to_date(read_settings(data=data))
    with database.writing(durable=True) as session:
        given = give_back(session, bank_id, folder)
    click.echo(f"bank {bank_id}: version {given.number} is in {given.folder}, which keeps it from now on")


@click.command(cls=DataCommand, epilog="Example: workshop demo")
@data_option
def demo(data: Path | None) -> None:
    """Make the demo course, or print its two sign-ins again."""
    from webapp import demo as demo_course
    from webapp.opening import prepared

    settings = read_settings(data=data)
    database = prepared(settings)
    loaded, _faults = load_banks(database, settings.bank_paths)
    with database.writing(durable=True) as session:
        accounts = demo_course.ensure(session, settings.data, loaded)
    show_accounts(accounts)

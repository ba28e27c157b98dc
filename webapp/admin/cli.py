"""`workshop admin`: who keeps the server."""

from __future__ import annotations

from pathlib import Path

import click

from grader.errors import WorkshopError
from webapp.cli import DataCommand, data_option, read_settings


@click.command(cls=DataCommand, epilog="Example: workshop admin ada@example.org")
@click.argument("email")
@click.option("--off", is_flag=True, help="They are no longer one.")
@click.option("--address", help="Where people reach the server (else http://localhost and the port).")
@data_option
def admin(email: str, off: bool, address: str | None, data: Path | None) -> None:
    """Make EMAIL an administrator, and print the link they come in by."""
    from webapp.account import service as accounts
    from webapp.admin import service
    from webapp.courses.inviting import Maker
    from webapp.courses.names import Unfit, email_of
    from webapp.models.times import utc_now
    from webapp.opening import prepared
    from webapp.refusals import Refusal
    from webapp.settings import secret_key

    settings = read_settings(data=data)
    database, now = prepared(settings), utc_now()
    try:
        wanted = email_of(email)
    except Unfit as problem:
        raise WorkshopError(str(problem), remedy="workshop admin --help") from problem
    try:
        with database.writing(durable=True) as session:
            user = service.with_email(session, wanted)
            if user is None and off:
                raise WorkshopError(f"nobody has the address {wanted}", remedy="the page /admin lists the accounts")
            user = user or accounts.create(session, wanted, "", None)
            service.set_administrator(session, user.id, None, now, on=not off)
    except Refusal as problem:
        raise WorkshopError("this is the last administrator", remedy="make somebody else one first") from problem
    click.echo(f"{wanted} is {'no longer an' if off else 'an'} administrator", err=True)
    if not off and user.password_hash is None:
        click.echo(
            Maker.of(secret_key(settings), address or f"http://localhost:{settings.port}", now).invitation(user).link
        )

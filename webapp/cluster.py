"""Commands of a server whose parts are services of their own (docker-compose.yml): secrets, prepare, web."""

from __future__ import annotations

from pathlib import Path

import click

from webapp.cli import DataCommand, data_option, prepare_database, read_settings, show_accounts


@click.group(hidden=True)  # for docker-compose.yml to call
def cluster() -> None:
    """Run the parts of a server as services of their own."""


@cluster.command(epilog="Example: workshop cluster secrets /run/secrets")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def secrets(folder: Path) -> None:
    """Draw what the services of docker-compose.yml share, into files.

    Each goes into a file below FOLDER. Files that are there stay as they are, so those of your own are used.
    """
    from webapp.secret_files import write_missing

    written = write_missing(folder)
    for path in written:
        click.echo(path)
    if not written:
        click.echo(f"{folder} has every secret already", err=True)


@cluster.command(cls=DataCommand, epilog="Example: workshop cluster prepare")
@data_option
def prepare(data: Path | None) -> None:
    """Bring tables, banks and the demo course up to date, and end."""
    database, accounts = prepare_database(read_settings(data=data))
    database.close()
    show_accounts(accounts)


@cluster.command(cls=DataCommand, epilog="Example: workshop cluster web --port 8080")
@click.option("--host", help="Address to listen on (WORKSHOP_HOST, else 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port (WORKSHOP_PORT, else 8000).")
@data_option
def web(host: str | None, port: int | None, data: Path | None) -> None:
    """Serve the pages alone: workers run elsewhere."""
    from webapp.opening import up_to_date
    from webapp.operations import logs
    from webapp.serving import Server, listen

    settings = read_settings(host=host, port=port, workers=0, data=data)
    logs.set_up(settings, "web")
    listening = listen(settings.host, settings.port)
    database = up_to_date(settings)
    Server(settings, database, listening).run(lambda: click.echo(f"pages at port {listening.getsockname()[1]}"))

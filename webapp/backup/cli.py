"""Commands that put a workshop into one file and take it out again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.cli import DataCommand, data_option, read_settings

if TYPE_CHECKING:
    from webapp.backup.writing import Told


@click.command(cls=DataCommand, epilog="Example: workshop backup workshop-2026-11-26.zip")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-secrets", is_flag=True, help="Also the key that signs sessions, and the demo's passwords.")
@click.option("--replace", is_flag=True, help="Write over FILE.")
@data_option
def backup(file: Path, with_secrets: bool, replace: bool, data: Path | None) -> None:
    """Write everything the workshop holds into FILE, while it goes on."""
    from webapp.backup.archive import KEY, BackupUnusable
    from webapp.backup.writing import write
    from webapp.opening import existing

    if file.exists() and not replace:
        raise BackupUnusable(f"{file} is there already", remedy="choose another name, or say --replace")
    settings = read_settings(data=data)
    database = existing(settings)
    with progress("backup") as told:
        manifest = write(database, settings.data, file, told, secrets=with_secrets)
    size = file.stat().st_size
    click.echo(f"{manifest.rows} rows of {len(manifest.tables)} tables are in {file} ({size / 1e6:.1f} MB)", err=True)
    if with_secrets and KEY not in {each.name for each in manifest.files}:
        click.echo(f"the key that signs sessions is not in it: {settings.data / KEY} is not there", err=True)


@click.command(cls=DataCommand, epilog="Example: workshop restore workshop-2026-11-26.zip --data /srv/workshop")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Lose what the database holds now.")
@click.option("--check", is_flag=True, help="Only read FILE, and say whether it is whole.")
@data_option
def restore(file: Path, replace: bool, check: bool, data: Path | None) -> None:
    """Fill an empty database from a FILE that backup wrote."""
    from webapp.backup import restoring
    from webapp.models import Database
    from webapp.settings import own_folder

    if check:
        with progress("check") as told:
            manifest = restoring.checked(file, told)
        click.echo(f"{file} is whole: {manifest.rows} rows of {len(manifest.tables)} tables, made {manifest.made_at}")
        return
    settings = read_settings(data=data)
    own_folder(settings.data)
    with progress("restore") as told:
        restored = restoring.restore(Database(settings.database), settings.data, file, told, replace=replace)
    click.echo(f"{restored.manifest.rows} rows of {len(restored.manifest.tables)} tables are restored", err=True)
    for table, count in restored.mended.items():
        click.echo(f"{count} texts of {table} held a NUL, which PostgreSQL cannot hold: it is \ufffd now", err=True)
    for name in restored.kept_files:
        click.echo(f"{settings.data / name} was there and stays (--replace takes the backup's)", err=True)


@contextmanager
def progress(title: str) -> Iterator[Told]:
    """A bar on a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None)
        yield lambda table, done, rows: bar.update(task, description=f"{title} {table}", completed=done, total=rows)

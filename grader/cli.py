"""``workshop``: one command; each room registers its own under the entry point group ``workshop.commands``."""

from __future__ import annotations

import logging
import os
import sys
from importlib.metadata import entry_points
from typing import Any

import click
from click.exceptions import NoSuchCommand

from grader.errors import WorkshopError

GROUP = "workshop.commands"


class Commands(click.Group):
    """Commands loaded only when they are asked for, so that ``workshop grade`` never imports the web application."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({entry.name for entry in entry_points(group=GROUP)})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        for entry in entry_points(group=GROUP, name=name):
            command: Any = entry.load()
            if isinstance(command, click.Command):
                return command
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest a name that is near: click looks among commands that are loaded, and here none is."""
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            raise NoSuchCommand(error.command_name, possibilities=self.list_commands(ctx), ctx=ctx) from None

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """In one line right below the example, which leaves room for the commands."""
        names = [max(each.opts, key=len) for each in self.get_params(ctx) if isinstance(each, click.Option)]
        with formatter.indentation():
            formatter.write_text(f"Options: {', '.join(names)}")
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One line each: the help fits one screen."""
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                rows.append((name, command.get_short_help_str(80)))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--verbose", is_flag=True, help="Show tracebacks and what the parts log.")
@click.version_option(None, "--version", package_name="attention-workshop", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, verbose: bool) -> None:
    """
    \b
    Attention Workshop: prove banks, grade submissions, serve a course.
    Example: workshop grade attention-weighted-sum submissions/
    """
    ctx.obj = {"verbose": verbose}
    logging.basicConfig(level=logging.INFO if verbose else logging.ERROR, format="%(name)s: %(message)s")


def main() -> None:
    """Entry point: errors are one line with the remedy, and status 2.

    Ctrl-C and a closed pipe are no errors and have the status that a shell gives them.
    """
    verbose = "--verbose" in sys.argv
    try:
        sys.exit(cli(prog_name="workshop", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:  # whoever read our results has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that nothing is said of it at the exit
        sys.exit(141)
    except Exception as error:
        if verbose:
            raise
        click.echo(f"workshop: {describe(error)}", err=True)
        sys.exit(2)


def describe(error: Exception) -> str:
    """One line for a person: what happened and what to do."""
    remedy = getattr(error, "remedy", "")
    text = str(error) or type(error).__name__
    if not isinstance(error, WorkshopError) and not remedy:
        text = f"{type(error).__name__}: {text}"
    first = text.splitlines()[0]
    return f"{first}. To mend it: {remedy}" if remedy else f"{first} (--verbose shows more)"

"""What somebody sees while a run is on: a bar on a terminal, a line every minute in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from types import TracebackType

import click
from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn
from rich.text import Text

from grader.bulk.pace import Pace, clock
from grader.verdict import Status

LOG_SECONDS = 60.0
NARROW = 60
"""Columns below which a terminal gets the bar and its numbers, and nothing else."""
COLOURS = {Status.PASSED: "green", Status.PARTIAL: "yellow", Status.UNGRADABLE: "bold magenta"}


class Shown:
    """The progress of one run on stderr.  A context manager; `show` as often as something changes."""

    def __init__(self, pace: Pace, title: str, *, lines_go_to_stdout: bool) -> None:
        """Where results are printed on the same terminal they are the progress: a bar would be torn apart by them."""
        self._pace = pace
        console = Console(stderr=True)
        self._bar: _Bar | None = None
        if console.is_terminal and not (lines_go_to_stdout and sys.stdout.isatty()):
            self._bar = _Bar(pace, title, console)
        self._logging = not console.is_terminal
        self._logged = time.monotonic()

    def show(self) -> None:
        """Something has changed, or time has gone by."""
        now = time.monotonic()
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=self._pace.done)
        elif self._logging and now - self._logged >= LOG_SECONDS:
            self._logged = now
            click.echo(f"workshop: {sentence(self._pace, now)}", err=True)

    def __enter__(self) -> Shown:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


def sentence(pace: Pace, now: float) -> str:
    """How a run is getting on, for a log."""
    rate, left = pace.rate(now), pace.left(now)
    told = [f"{pace.done} of {pace.total} graded"]
    if rate is not None:
        told.append(f"{rate:.1f} a second")
    if left is not None:
        told.append(f"{clock(left)} left")
    counts = ", ".join(f"{count} {status}" for status, count in _counts(pace))
    return f"{', '.join(told)} ({counts})" if counts else ", ".join(told)


def _counts(pace: Pace) -> list[tuple[str, int]]:
    """The statuses there are, in the order in which people know them."""
    return [(status.value, pace.statuses[status.value]) for status in Status if pace.statuses[status.value]]


class _Numbers(ProgressColumn):
    """Rate and time left, which rich would take from the mean of everything."""

    max_refresh = 0.5

    def __init__(self, pace: Pace) -> None:
        super().__init__()
        self._pace = pace

    def render(self, task: object) -> Text:
        now = time.monotonic()
        rate, left = self._pace.rate(now), self._pace.left(now)
        if rate is None:
            return Text("" if self._pace.done == self._pace.total else "starting")
        return Text(f"{rate:.1f}/s" if left is None else f"{rate:.1f}/s {clock(left)} left")


class _Bar(Progress):
    """One line with the bar, and where there is room a second one with the counts."""

    def __init__(self, pace: Pace, title: str, console: Console) -> None:
        self._pace = pace
        columns: list[ProgressColumn] = [BarColumn(None), TextColumn("{task.completed:.0f}/{task.total:.0f}")]
        columns.append(_Numbers(pace))
        self._wide = console.width >= NARROW
        if self._wide:
            columns.insert(0, TextColumn("{task.description}", markup=False))
        # What is printed while the bar stands goes where it was meant to go: results are not for stderr.
        super().__init__(*columns, console=console, transient=True, expand=True, redirect_stdout=False)
        self.add_task(title, total=pace.total, completed=pace.done)

    def get_renderables(self) -> Iterable[RenderableType]:
        yield self.make_tasks_table(self.tasks)
        if self._wide:
            yield self._counted()

    def _counted(self) -> Text:
        text = Text(no_wrap=True, overflow="ellipsis")
        for status, count in _counts(self._pace):
            text.append("  " if text else "").append(f"{count} {status}", COLOURS.get(Status(status), "red"))
        if self._pace.lengthy:
            text.append("  " if text else "").append(f"{self._pace.lengthy} need longer and come last", "dim")
        return text

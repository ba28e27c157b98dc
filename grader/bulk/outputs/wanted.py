"""The files that `workshop grade` was asked to write: whether they can be, before it grades; then writing them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from grader.bulk.model import Graded
from grader.bulk.outputs import gradescope, report
from grader.bulk.outputs.classbook import ClassBook, class_book
from grader.bulk.outputs.csv_files import write_gradebook, write_submissions
from grader.bulk.outputs.junit import write_junit
from grader.bulk.outputs.placing import check_apart, check_file, check_folder, shown
from grader.errors import WorkshopError
from grader.numbers_shown import counted

_PLACE = click.Path(path_type=Path)
OPTIONS = (
    click.option("--csv", "csv", type=_PLACE, metavar="FILE", help="A row per submission, a column per test."),
    click.option("--gradebook", type=_PLACE, metavar="FILE", help="CSV: a row per student, a column per item."),
    click.option("--junit", type=_PLACE, metavar="FILE", help="JUnit XML, for continuous integration."),
    click.option("--gradescope", type=_PLACE, metavar="DIR", help="Gradescope's results.json per submission."),
    click.option("--report", type=_PLACE, metavar="DIR", help="Pages to read offline: the class, and each student's."),
)


def output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options that name files; the command is given them by the names of `Wanted`'s fields."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where which form is to be written."""

    csv: Path | None = None
    gradebook: Path | None = None
    junit: Path | None = None
    gradescope: Path | None = None
    report: Path | None = None

    def check(self) -> None:
        """Raise a `WorkshopError` for a place that cannot be written to, before grading takes its time."""
        named = [path for field in fields(self) if (path := getattr(self, field.name)) is not None]
        check_apart(named)
        for file in (self.csv, self.gradebook, self.junit):
            if file is not None:
                check_file(file)
        if self.gradescope is not None:
            check_folder(self.gradescope, gradescope.MADE_FOR)
        if self.report is not None:
            check_folder(self.report, report.MADE_FOR)

    def write(self, results: Sequence[Graded]) -> Iterator[str | WorkshopError]:
        """Write everything, and say after each what is where, or why it is not; one does not keep the others away."""
        book = class_book(results)
        for path, write in (
            (self.csv, _csv), (self.gradebook, _gradebook), (self.junit, _junit), (self.gradescope, _gradescope),
            (self.report, _report),
        ):  # fmt: skip
            if path is not None:
                try:
                    yield write(path, book)
                except WorkshopError as error:
                    yield error


def _csv(path: Path, book: ClassBook) -> str:
    write_submissions(path, book)
    return f"{shown(path)}: {counted(len(book.results), 'submission')}"


def _gradebook(path: Path, book: ClassBook) -> str:
    write_gradebook(path, book)
    return f"{shown(path)}: {counted(len(book.students), 'student')}"


def _junit(path: Path, book: ClassBook) -> str:
    write_junit(path, book, datetime.now())
    return f"{shown(path)}: {counted(len(book.results), 'suite')}"


def _gradescope(path: Path, book: ClassBook) -> str:
    gradescope.write_gradescope(path, book)
    return f"{shown(path)}: {len(book.results)} results.json, and submissions.csv says whose"


def _report(path: Path, book: ClassBook) -> str:
    pages = report.write_report(path, book, datetime.now())
    return f"{shown(path / 'index.html')}: the report, {counted(pages, 'page')}; open it in a browser"

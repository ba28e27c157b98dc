"""``workshop check``: read banks, say what is missing, prove what can be proved."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from grader.commands.banks import load_banks
from grader.commands.check_report import Report, print_faults, print_github, print_json, print_text
from grader.commands.check_table import print_table
from grader.commands.watching import Watch
from grader.kept_proofs import KeptProofs
from grader.proving import Prover, count_cases, needs_proof


class Format(StrEnum):
    """What findings are printed as."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    MARKDOWN = "markdown"


@click.command(
    epilog="Example: workshop check questions/banks/attention --matrix\n\nExample: workshop check my-bank --watch"
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path, readable=False))
@click.option("--watch", is_flag=True, help="Stay, and prove again what changed whenever a file is saved.")
@click.option("--matrix", is_flag=True, help="Print which test catches which misconception.")
@click.option("--structure", is_flag=True, help="Only read the banks; run nothing.")
@click.option("--anew", is_flag=True, help="Prove also what was proved before and has not changed since.")
@click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True, help="Candidates run at once.")
@click.option(
    "--format", "form", type=click.Choice([form.value for form in Format]), default=Format.TEXT.value,
    show_default=True, help="Text for people, JSON lines for programs, annotations for GitHub, or tables for a page.",
)  # fmt: skip
@click.option("--json", "form", flag_value=Format.JSON.value, help="Short for --format json.")
def check(
    paths: tuple[Path, ...], watch: bool, matrix: bool, structure: bool, anew: bool, jobs: int, form: str
) -> None:
    """Prove banks: references pass, every named mistake fails.

    PATHs are bank folders, folders of banks or .md files (default: the shipped banks).  Faults are printed one per
    line as file:line: text.  Exit status 0 when there are none, 1 when there are, 2 when a PATH cannot be read.
    """
    if watch:
        if form != Format.TEXT:
            raise click.UsageError("--watch shows text; leave --format out, or leave --watch out")
        Watch(paths, matrix=matrix, structure=structure, jobs=jobs, anew=anew).run()
        return
    report = checked(paths, structure=structure, jobs=jobs, anew=anew)
    match Format(form):
        case Format.TEXT:
            print_text(report, matrix=matrix)
        case Format.JSON:
            print_json(report)
        case Format.GITHUB:
            print_github(report)
        case Format.MARKDOWN:
            print_table(report)
            print_faults(report)
    sys.exit(0 if report.ok else 1)


def checked(paths: tuple[Path, ...], *, structure: bool, jobs: int, anew: bool = False) -> Report:
    """What came of reading, and proving, the banks at `paths`; what was proved before is not tried again."""
    banks = tuple(bank for path in (paths or (None,)) for bank in load_banks(path))
    items = [item for bank in banks for item in bank.items if needs_proof(item) and not structure]
    kept = KeptProofs()
    known = {id(item): proof for item in items if not anew and (proof := kept.get(item)) is not None}
    if fresh := [item for item in items if id(item) not in known]:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with (
            Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress,
            Prover(jobs) as prover,
        ):
            task = progress.add_task("", total=sum(count_cases(item) for item in fresh))
            for item in fresh:
                progress.update(task, description=f"proving {item.id}")
                known[id(item)] = proof = prover.prove(item, lambda: progress.advance(task))
                kept.keep(item, proof)
    return Report(banks, tuple((item, known[id(item)]) for item in items), structure, len(items) - len(fresh))

"""``workshop grade``: files, folders and archives of submissions, for one item or several."""

from __future__ import annotations

import os
import sys
import time
from contextlib import closing
from pathlib import Path

import click

from grader.bulk.outputs.json_lines import print_line
from grader.bulk.outputs.table import print_table, printable
from grader.bulk.outputs.wanted import Wanted, output_options
from grader.bulk.reading import read_submissions
from grader.bulk.running import Bulk
from grader.bulk.sources import Terms
from grader.bulk.stopping import STATUS
from grader.cli import describe
from grader.commands.asked import read_arguments
from grader.commands.journals import open_journal, say_broken, say_known, say_stopped, say_unwritten
from grader.errors import WorkshopError
from grader.variants import COUNT


@click.command(
    epilog="""\b
Example: workshop grade scaled-dot-product-attention submissions/
Example: workshop grade export.zip --bank my-bank --json > marks.jsonl
Example: workshop grade homework/ --map 'q1*=self-attention' --map 'q2*=multi-head-attention'"""
)
@click.argument("given", metavar="[ITEM] PATH...", nargs=-1, required=True)
@click.option("--bank", type=click.Path(path_type=Path), help="Bank folder or .md file (default: the shipped banks).")
@click.option(
    "--map", "rules", multiple=True, metavar="PATTERN=ITEM",
    help="Files called so (* and ? as in a shell) answer this item, or several: a,b.  Repeatable.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=lambda: min(64, _processors()),
    show_default="the processors", help="Submissions graded at once.",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True, help="Seed of the tests' inputs."
)
@click.option(
    "--variant", type=click.IntRange(0, COUNT - 1), default=0, show_default=True,
    help="Number of the variant that was asked, where the item has any.",
)
@click.option("--resume", is_flag=True, help="Go on where an earlier run stopped: nothing is graded twice.")
@click.option(
    "--journal", type=click.Path(path_type=Path, dir_okay=False),
    help="Where verdicts are written down as they come (default: .workshop-grade/ITEM.journal).",
)
@click.option("--no-journal", is_flag=True, help="Write nothing down: this run cannot be resumed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per submission on stdout, in input order.")
@output_options
def grade(
    given: tuple[str, ...], bank: Path | None, rules: tuple[str, ...],
    jobs: int, seed: int, variant: int, resume: bool, journal: Path | None, no_journal: bool, as_json: bool,
    **places: Path | None,
) -> None:  # fmt: skip
    """Grade submissions: files, folders, archives, exports.

    PATHs are folders (a file or a folder for each student), archives (zip, tar) or files: .py and notebooks, or for
    what is not code .txt, .md, .html (a choice: numbers or letters; a number: with its unit) and .jsonl files of
    {"id": ..., "text": ...}; exports of Canvas, Moodle and Gradescope as they are.  Without ITEM each file's item is
    guessed, and said, from what it defines, else from its name.  Exit status 0 when all were graded, whatever the
    marks; 2 when something could not be; 130 after Ctrl-C, which keeps what was graded.
    """
    wanted = Wanted(**places)
    wanted.check()
    if no_journal and (resume or journal):
        raise click.UsageError("--no-journal goes with neither --resume nor --journal")
    asking, paths = read_arguments(given, rules, bank)
    reading = read_submissions(paths, asking)
    for remark in reading.remarks:
        click.echo(f"workshop: {printable(remark)}", err=True)
    submissions = list(reading.submissions)
    started = time.monotonic()
    with closing(open_journal(journal, no_journal, asking.told.id if asking.told else "all", resume)) as kept:
        bulk = Bulk(submissions, Terms(seed, variant), kept, resume=resume)
        say_known(kept, bulk.known, len(submissions), resume)
        results = bulk.run(jobs, show=print_line if as_json else None)
        # What came from the journal would make a rate that nothing graded at.
        seconds = 0.0 if resume and bulk.known else time.monotonic() - started
        # Before the table: whoever reads that may have enough of it after its first lines.
        written = list(wanted.write(results)) if results else []
        if results and not as_json:
            print_table(results, seconds)
        for said in written:
            click.echo(f"workshop: {describe(said) if isinstance(said, WorkshopError) else said}", err=True)
        unwritten = any(isinstance(said, WorkshopError) for said in written)
        problems = results.failures()
        for result in problems:
            click.echo(f"workshop: {printable(result.path)}: {printable(result.problem.en)}", err=True)
        say_broken(kept)
        if unwritten:
            say_unwritten(kept)
        if len(results) < len(submissions):
            say_stopped(kept, len(results) - len(problems), len(submissions))
            sys.exit(STATUS)
    sys.exit(2 if problems or unwritten else 0)


def _processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

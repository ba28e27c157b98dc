"""``workshop grade``: files and folders of submissions for one item."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

from grader.bulk.outputs.json_lines import print_line
from grader.bulk.outputs.table import print_table, printable
from grader.bulk.reading import read_submissions
from grader.bulk.running import Bulk
from grader.commands.banks import find_item
from grader.variants import COUNT


@click.command(epilog="Example: workshop grade scaled-dot-product-attention submissions/ --json > marks.jsonl")
@click.argument("item_name", metavar="ITEM")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--bank", type=click.Path(path_type=Path), help="Bank folder or .md file (default: the shipped banks).")
@click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True, help="Submissions graded at once.")
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True, help="Seed of the tests' inputs."
)
@click.option(
    "--variant", type=click.IntRange(0, COUNT - 1), default=0, show_default=True,
    help="Number of the variant that was asked, where the item has any.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per submission on stdout, in input order.")
def grade(
    item_name: str, paths: tuple[Path, ...], bank: Path | None, jobs: int, seed: int, variant: int, as_json: bool
) -> None:
    """Grade submissions for one item.

    PATHs are .py files, folders or archives (zip, tar) of them, or, for what is not code, .txt files (a choice's
    numbers or letters, a number with its unit) or .jsonl files of {"id": ..., "text": ...}.  Exit status 0 when all
    were graded, whatever the marks; 2 when something could not be; 130 after Ctrl-C, which keeps what was graded.
    """
    item = find_item(item_name, bank)
    submissions = list(read_submissions(paths, item))
    if not submissions:
        raise click.UsageError("nothing to grade there: give .py files, folders or a .jsonl")
    results = Bulk(item, seed, jobs, variant).run(submissions, show=partial(print_line, item) if as_json else None)
    if results and not as_json:
        print_table(item, results)
    problems = [result for result in results if result.verdict is None]
    for result in problems:
        click.echo(f"workshop: {printable(result.path)}: {printable(result.problem)}", err=True)
    if len(results) < len(submissions):
        click.echo(f"workshop: stopped; {len(results)} of {len(submissions)} were graded", err=True)
        sys.exit(130)
    sys.exit(2 if problems else 0)

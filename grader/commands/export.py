"""``workshop export --public``: the public tests of coding items as folders to work in without a grader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from grader.commands.banks import load_banks, shipped_banks
from grader.errors import WorkshopError
from grader.public_tests import Handout, NothingPublic, handout
from grader.variants import COUNT
from questions.model import Bank, Item, Kind


@click.command(epilog="Example: workshop export attention::self-attention --public --output ~/attention")
@click.argument("bank", metavar="BANK[::ITEM]")
@click.option("--public", is_flag=True, help="Only public tests leave; so far the only export, so it has to be said.")
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), default=Path("public-tests"), show_default=True,
    help="Folder to write into; a folder an item is made.",
)  # fmt: skip
@click.option("--no-notebook", is_flag=True, help="Leave the .ipynb away.")
@click.option(
    "--variant", type=click.IntRange(0, COUNT - 1), default=0, show_default=True,
    help="Number of the variant to write, where an item has any.",
)
def export(bank: str, public: bool, output: Path, no_notebook: bool, variant: int) -> None:
    """Write public tests for a notebook or editor.

    BANK is a bank's folder, a .md file or the name of a shipped bank.  Each coding item becomes a folder with the
    starter, the public tests and what they need.  Never in it: references, hidden tests, misconceptions, answers.
    """
    if not public:
        raise click.UsageError("nothing but public tests can be exported: add --public")
    name, _, wanted = bank.partition("::")
    found = _banks(name)
    items = [_named(found, wanted)] if wanted else _coding(found, name)
    figures = {figure.digest: figure.svg for each in found for figure in each.figures}
    ready = []
    for item in items:
        try:
            parameters = _parameters(item, variant)
            ready.append(handout(item, with_notebook=not no_notebook, variant=parameters, figures=figures))
        except NothingPublic as nothing:
            if len(items) == 1:
                raise
            click.echo(f"skipped: {nothing}", err=True)
    if not ready:
        raise NothingPublic(f"no item of {name} has tests to give out", remedy=f"workshop check {name}")
    _refuse_to_overwrite(output, ready)
    for each in ready:
        _write(output, each)


def _banks(name: str) -> list[Bank]:
    path = Path(name)
    if not path.exists() and "/" not in name and (shipped_banks() / name).is_dir():
        path = shipped_banks() / name
    return load_banks(path)


def _named(banks: list[Bank], wanted: str) -> Item:
    items = {item.id: item for bank in banks for item in bank.items}
    if wanted not in items:
        coding = ", ".join(item.id for item in items.values() if item.kind is Kind.CODING)
        raise click.UsageError(f"there is no item {wanted!r}; of code there is {coding or 'none'}")
    return items[wanted]


def _coding(banks: list[Bank], name: str) -> list[Item]:
    items = [item for bank in banks for item in bank.items if item.kind is Kind.CODING]
    if not items:
        raise WorkshopError(f"{name} has no coding item", remedy="only coding items have tests to give out")
    return items


def _parameters(item: Item, number: int) -> dict[str, Any] | None:
    """One variant of `item`, drawn in the sandbox like everything a bank runs; None where it has none."""
    if item.variant is None or item.kind is not Kind.CODING:
        return None
    from grader.grading import Grader

    with Grader() as grader:
        return grader.variants(item)[number]


def _refuse_to_overwrite(output: Path, handouts: list[Handout]) -> None:
    """Somebody may have written an answer into the folder of an earlier export."""
    for each in handouts:
        folder = output / each.name
        if folder.exists():
            raise WorkshopError(f"{folder} is there already", remedy="move it away, or choose another --output")


def _write(output: Path, ready: Handout) -> None:
    folder = output / ready.name
    try:
        folder.mkdir(parents=True)
        for file in ready.files:
            (folder / file.name).parent.mkdir(exist_ok=True)
            (folder / file.name).write_bytes(file.content)
    except OSError as problem:
        raise WorkshopError(
            f"{problem.filename or folder} cannot be written: {problem.strerror}", remedy="choose another --output"
        ) from problem
    click.echo(folder)
    for spec in ready.left_out:
        click.echo(f"{ready.name}: left out {spec.name}, which needs the reference", err=True)

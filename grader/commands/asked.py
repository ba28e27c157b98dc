"""What the arguments of ``workshop grade`` mean: the item, or the items that may be meant, and the paths."""

from __future__ import annotations

import os
from pathlib import Path

import click

from grader.bulk.asking import Asking, Rule
from grader.commands.banks import item_named, load_banks, nearest_items
from questions.model import Bank, Kind

MOST_LISTED = 20


def read_arguments(
    given: tuple[str, ...], rules: tuple[str, ...], bank: Path | None
) -> tuple[Asking, tuple[Path, ...]]:
    """The items and the paths that `[ITEM] PATH...` and `--map` name.  Raises `click.UsageError`.

    What is a path is a path; the first argument is the item only where nothing is called so.
    """
    banks = load_banks(bank)
    first, *rest = given
    told = None
    if os.path.lexists(first):
        if rest and any(item.id == first for each in banks for item in each.items):
            click.echo(f"workshop: {first} is a path here, and so no item is named; the item is BANK/{first}", err=True)
    else:
        told = item_named(first, banks)
        if told is None:
            near = nearest_items(first, banks)
            known = f"did you mean {' or '.join(near)}?" if near else f"there is {_listed(banks)}"
            raise click.UsageError(f"{first!r} is no file or folder here, and no item; {known}")
        if not rest:
            raise click.UsageError(f"{first} is an item: say what to grade, as in: workshop grade {first} submissions/")
    paths = tuple(map(Path, rest if told else given))
    if not any(map(os.path.lexists, paths)):
        missing = ", ".join(map(repr, map(str, paths[:MOST_LISTED])))
        raise click.UsageError(f"there is no {missing} here: give files, folders or archives that there are")
    items = tuple(
        item
        for each in banks
        for item in each.items
        if not item.provisional and (item.kind is not Kind.CODING or (item.tests and item.reference))
    )
    asking = Asking(items, told or (items[0] if len(items) == 1 else None), tuple(_rule(text, banks) for text in rules))
    return asking, paths


def _listed(banks: list[Bank]) -> str:
    """What items are called, as many as a person will read."""
    names = [each.id for bank in banks for each in bank.items if not each.provisional]
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return ", ".join(names[:MOST_LISTED]) + more


def _rule(text: str, banks: list[Bank]) -> Rule:
    pattern, equals, names = text.rpartition("=")
    if not (pattern and equals and names):
        raise click.UsageError(f"--map {text!r} is not of the form PATTERN=ITEM, as in: --map 'q1*=self-attention'")
    items = []
    for name in names.split(","):
        item = item_named(name.strip(), banks)
        if item is None:
            near = nearest_items(name, banks)
            known = f"did you mean {' or '.join(near)}?" if near else f"there is {_listed(banks)}"
            raise click.UsageError(f"--map {text!r}: there is no item {name!r}; {known}")
        items.append(item)
    return Rule(pattern, tuple(items))

"""What banks hold, item by item, as tables of Markdown: for a page beside the bank."""

from __future__ import annotations

import click

from grader.commands.check_report import Report
from questions.model import Bank, Item, Kind, Section

HEADS = ("item", "kind", "skills", "difficulty", "from", "tests", "misconceptions", "seconds to prove")
DIFFICULTIES = {None: "", 1: "1", 2: "2", 3: "3"}


def print_table(report: Report) -> None:
    """A heading for each section of each bank, and a row for each of its items."""
    for bank in report.banks:
        for section in bank.sections:
            click.echo(f"\n## {_name(section)}\n")
            click.echo(_row(HEADS))
            click.echo("|" + "---|" * len(HEADS))
            for item in section.items:
                click.echo(_row(cells_of(report, bank, item)))


def cells_of(report: Report, bank: Bank, item: Item) -> tuple[str, ...]:
    """The cells of one item's row; the last, what proving it took, is empty where only the structure was read."""
    names = {skill.id: skill.name.get("en") for skill in bank.skills}
    proof = report.proof_of(item)
    hidden = sum(spec.hidden for spec in item.test_specs)
    coding = item.kind is Kind.CODING
    return (
        f"{item.title.get('en')} `{item.id}`",
        item.kind.value + (", variants" if item.variant is not None else ""),
        ", ".join(names.get(skill) or skill for skill in item.skills),
        DIFFICULTIES[item.difficulty],
        "; ".join(item.papers),
        f"{len(item.test_specs)} ({hidden} hidden)" if coding else "",
        str(len(item.misconceptions)) if coding else "",
        f"{proof.seconds:.1f}" if proof else "",
    )


def _name(section: Section) -> str:
    return section.title.get("en") or "Items"


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"

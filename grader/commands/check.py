"""``workshop check``: read banks, say what is missing, prove what can be proved."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from grader.commands.banks import load_banks
from grader.proof import Proof, relative, sort_faults
from grader.proving import Prover, count_cases, needs_proof
from grader.verdict import TestStatus
from questions.model import Bank, Fault, Item, Severity

Proofs = list[tuple[Item, Proof]]
SIGNS = {TestStatus.PASSED: "·", TestStatus.FAILED: "F", TestStatus.ERROR: "E", TestStatus.NOT_RUN: "-"}


@click.command(epilog="Example: workshop check questions/banks/attention --matrix")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path, readable=False))
@click.option("--matrix", is_flag=True, help="Print which test catches which misconception.")
@click.option("--structure", is_flag=True, help="Only read the banks; run nothing.")
@click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True, help="Candidates run at once.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per item and fault.")
def check(paths: tuple[Path, ...], matrix: bool, structure: bool, jobs: int, as_json: bool) -> None:
    """Prove banks: references pass, every named mistake fails.

    PATHs are bank folders, folders of banks or .md files (default: the shipped banks).  Faults are printed one per
    line as file:line: text.  Exit status 0 when there are none, 1 when there are, 2 when a PATH cannot be read.
    """
    banks = [bank for path in (paths or (None,)) for bank in load_banks(path)]
    proofs = [] if structure else _prove(banks, jobs)
    found = [fault for item, proof in proofs for fault in proof.faults(item)]
    faults = sort_faults([*(fault for bank in banks for fault in bank.faults), *found])
    if as_json:
        _print_json(banks, proofs, faults, structure=structure)
    else:
        _print_text(banks, proofs, faults, matrix=matrix, structure=structure)
    sys.exit(1 if any(fault.severity is Severity.FAULT for fault in faults) else 0)


def _prove(banks: list[Bank], jobs: int) -> Proofs:
    items = [item for bank in banks for item in bank.items if needs_proof(item)]
    if not items:
        return []
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with (
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress,
        Prover(jobs) as prover,
    ):
        task = progress.add_task("proving", total=sum(count_cases(item) for item in items))
        return [(item, prover.prove(item, lambda: progress.advance(task))) for item in items]


def _print_text(banks: list[Bank], proofs: Proofs, faults: list[Fault], *, matrix: bool, structure: bool) -> None:
    for fault in faults:
        remark = "remark: " if fault.severity is Severity.REMARK else ""
        click.echo(f"{relative(fault.path)}:{fault.line}: {remark}{fault.text}")
    if matrix:
        for _, proof in proofs:
            if proof.misconceptions:
                _print_matrix(proof)
    items = [item for bank in banks for item in bank.items]
    wrong = _wrong_items(faults)
    good = sum((item.path, item.id) not in wrong for item in items)
    count = sum(fault.severity is Severity.FAULT for fault in faults)
    said = "complete" if structure else "proved"
    seconds = f", {sum(proof.seconds for _, proof in proofs):.1f} s" if proofs else ""
    click.echo(f"{good} of {len(items)} items {said}, {count} fault{'' if count == 1 else 's'}{seconds}", err=True)


def _wrong_items(faults: list[Fault]) -> set[tuple[Path, str | None]]:
    return {(fault.path, fault.item) for fault in faults if fault.severity is Severity.FAULT}


def _print_matrix(proof: Proof) -> None:
    names = [test.name for test in proof.tests]
    width = max((len(row.name) for row in proof.misconceptions), default=10)
    click.echo(f"\n{proof.item}   {SIGNS[TestStatus.PASSED]} passes  F fails  E raises  - not run")
    for number, name in enumerate(names, 1):
        caught = sum(name in proof.caught_by(row) for row in proof.misconceptions)
        click.echo(f"  {number:2}  {name}{'' if caught else '   (no misconception fails it)'}")
    click.echo(f"  {'':{width}}  {' '.join(f'{number:2}' for number in range(1, len(names) + 1))}")
    for row in proof.misconceptions:
        cells = " ".join(f" {SIGNS[status]}" for status in row.results)
        click.echo(f"  {row.name:{width}}  {cells}")


def _print_json(banks: list[Bank], proofs: Proofs, faults: list[Fault], *, structure: bool) -> None:
    wrong = _wrong_items(faults)
    proof_of = {(item.path, item.id): proof for item, proof in proofs}
    for item in [item for bank in banks for item in bank.items]:
        key = (item.path, item.id)
        proof = proof_of.get(key)
        names = [test.name for test in proof.tests] if proof else []
        rows = {row.name: dict(zip(names, row.results, strict=True)) for row in proof.misconceptions} if proof else {}
        record = {
            "item": f"{item.bank}/{item.id}", "proved": None if structure else key not in wrong,
            "seconds": proof.seconds if proof else 0.0, "matrix": rows,
        }  # fmt: skip
        click.echo(json.dumps(record, ensure_ascii=False))
    for fault in faults:
        record = {
            "file": str(relative(fault.path)), "line": fault.line, "severity": fault.severity.value,
            "item": fault.item, "text": fault.text,
        }  # fmt: skip
        click.echo(json.dumps(record, ensure_ascii=False))

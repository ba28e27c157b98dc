"""What `workshop check` found, as text, JSON lines or annotations of GitHub."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from grader.proof import Proof, relative, sort_faults
from grader.verdict import TestStatus
from questions.model import Bank, Fault, Item, Kind, Severity

SIGNS = {TestStatus.PASSED: "·", TestStatus.FAILED: "F", TestStatus.ERROR: "E", TestStatus.NOT_RUN: "-"}


@dataclass(frozen=True, slots=True)
class Report:
    """Banks and the proofs of those of their items that hold code; none of them when only the structure was read."""

    banks: tuple[Bank, ...]
    proofs: tuple[tuple[Item, Proof], ...] = ()
    structure: bool = False
    kept: int = 0
    """How many of the proofs were made in an earlier run."""

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for bank in self.banks for item in bank.items)

    @property
    def faults(self) -> list[Fault]:
        """Faults and remarks of reading and proving, by file and line."""
        proved = [fault for item, proof in self.proofs for fault in proof.faults(item)]
        return sort_faults([*(fault for bank in self.banks for fault in bank.faults), *proved])

    @property
    def ok(self) -> bool:
        return not any(fault.severity is Severity.FAULT for fault in self.faults)

    def proof_of(self, item: Item) -> Proof | None:
        return next((proof for proved, proof in self.proofs if proved is item), None)

    def good(self, item: Item) -> bool:
        """Whether nothing is wrong with `item`, as far as was looked."""
        proof = self.proof_of(item)
        return item.servable and (proof is None or proof.proved)


def print_text(report: Report, *, matrix: bool = False) -> None:
    """Everything for a person; the sum of it goes where progress went."""
    print_findings(report, matrix=matrix)
    click.echo(summary(report), err=True)


def print_findings(report: Report, *, matrix: bool = False) -> None:
    """Faults first, for editors to jump to; then a line for each item, and matrices where they are asked for."""
    for fault in report.faults:
        remark = click.style("remark: ", fg="yellow") if fault.severity is Severity.REMARK else ""
        click.echo(f"{click.style(f'{relative(fault.path)}:{fault.line}:', bold=True)} {remark}{fault.text}")
    for bank in report.banks:
        _print_bank(report, bank)
    for _, proof in report.proofs:
        if matrix and proof.misconceptions:
            print_matrix(proof)


def summary(report: Report) -> str:
    """One line on all of it."""
    count = sum(fault.severity is Severity.FAULT for fault in report.faults)
    good = sum(report.good(item) for item in report.items)
    said = "complete" if report.structure else "proved"
    seconds = f", {sum(proof.seconds for _, proof in report.proofs):.1f} s" if report.proofs else ""
    kept = f"; {report.kept} of {len(report.proofs)} proved before and unchanged (--anew)" if report.kept else ""
    return f"{good} of {len(report.items)} items {said}, {count} fault{'' if count == 1 else 's'}{seconds}{kept}"


def _print_bank(report: Report, bank: Bank) -> None:
    if report.faults or bank is not report.banks[0]:
        click.echo()
    click.echo(f"{click.style(bank.id, bold=True)}  {relative(bank.path)}")
    width = max((len(item.id) for item in bank.items), default=0)
    for item in bank.items:
        proof = report.proof_of(item)
        good = report.good(item)
        word = ("complete" if report.structure else "proved") if good else "faulty"
        state = click.style(f"{word:8}", fg="green" if good else "red")
        line = f"  {item.id:{width}}  {state}  {_contents(item)}"
        click.echo(f"{line}  {proof.seconds:.1f} s" if proof else line)


def _contents(item: Item) -> str:
    """What an item holds, counted."""
    parts = [_count(item.points, "point")]
    if item.kind is Kind.CODING:
        hidden = sum(spec.hidden for spec in item.test_specs)
        parts.append(_count(len(item.test_specs), "test") + (f" ({hidden} hidden)" if hidden else ""))
        parts.append(_count(len(item.misconceptions), "misconception"))
    elif item.kind is Kind.SHORT_ANSWER:
        parts.append(_count(len(item.key_points), "key point"))
    elif item.kind is Kind.CHOICE:
        parts.append(_count(len(item.options), "option"))
    else:
        parts.append(_count(len(item.values), "value"))
    if item.variant is not None:
        parts.append("variants")
    return ", ".join(parts)


def _count(number: float, what: str) -> str:
    return f"{number:g} {what}{'' if number == 1 else 's'}"


def print_matrix(proof: Proof) -> None:
    """The misconceptions × tests of one item, and what each test is good for."""
    legend = f"{SIGNS[TestStatus.PASSED]} passes  F fails  E raises  - not run"
    click.echo(f"\n{click.style(proof.item, bold=True)}   {legend}")
    width = max(len(test.name) for test in proof.tests)
    for number, test in enumerate(proof.tests, 1):
        click.echo(f"  {number:2}  {test.name:{width}}  {_use_of(proof, test.name)}")
    width = max(len(row.name) for row in proof.misconceptions)
    click.echo(f"  {'':{width}}  {' '.join(f'{number:2}' for number in range(1, len(proof.tests) + 1))}")
    for row in proof.misconceptions:
        click.echo(f"  {row.name:{width}}  {' '.join(f' {_cell(status)}' for status in row.results)}")


def _cell(status: TestStatus) -> str:
    colour = {TestStatus.FAILED: "red", TestStatus.ERROR: "red", TestStatus.PASSED: "green"}.get(status)
    return click.style(SIGNS[status], fg=colour)


def _use_of(proof: Proof, test: str) -> str:
    caught = sum(test in proof.caught_by(row) for row in proof.misconceptions)
    if test in proof.idle:
        return click.style("catches nothing", fg="yellow")
    if not caught:
        return "no misconception fails it"
    alone = proof.caught_alone(test)
    return f"catches {caught}" + (f", alone {', '.join(alone)}" if alone else "")


def print_json(report: Report) -> None:
    """One object per item, then one per fault or remark."""
    for item in report.items:
        click.echo(json.dumps(item_record(report, item), ensure_ascii=False))
    for fault in report.faults:
        record = {
            "file": str(relative(fault.path)), "line": fault.line, "severity": fault.severity.value,
            "item": fault.item, "text": fault.text,
        }  # fmt: skip
        click.echo(json.dumps(record, ensure_ascii=False))


def item_record(report: Report, item: Item) -> dict[str, Any]:
    """One item for a program; `matrix` says for each misconception what came of each test."""
    proof = report.proof_of(item)
    names = [test.name for test in proof.tests] if proof else []
    wrong = proof.misconceptions if proof else ()
    return {
        "item": f"{item.bank}/{item.id}", "kind": item.kind.value, "file": str(relative(item.path)), "line": item.line,
        "revision": item.revision, "suite": item.suite, "proved": None if report.structure else report.good(item),
        "points": item.points, "seconds": proof.seconds if proof else 0.0,
        "tests": [
            {
                "name": test.name, "line": test.line, "points": test.points, "hidden": test.hidden,
                "catches": [row.name for row in wrong if test.name in proof.caught_by(row)],
            }
            for test in proof.tests
        ] if proof else [],
        "matrix": {row.name: dict(zip(names, row.results, strict=True)) for row in wrong},
        "catches_nothing": list(proof.idle) if proof else [],
    }  # fmt: skip


def print_github(report: Report) -> None:
    """An annotation for each fault (`error`) and remark (`warning`); faults first, since only some are shown."""
    for fault in sorted(report.faults, key=lambda fault: fault.severity is Severity.REMARK):
        kind = "warning" if fault.severity is Severity.REMARK else "error"
        path, title = str(_below_workspace(fault.path)), fault.item or "bank"
        place = f"file={_property(path)},line={fault.line},title={_property(title)}"
        click.echo(f"::{kind} {place}::{_data(fault.text)}")


def print_faults(report: Report) -> None:
    """Faults and remarks alone, where progress went: what is printed for programs stays as it is."""
    for fault in report.faults:
        click.echo(f"{relative(fault.path)}:{fault.line}: {fault.text}", err=True)


def _below_workspace(path: Path) -> Path:
    """`path` as the repository has it: annotations are attached to its files."""
    root = os.environ.get("GITHUB_WORKSPACE")
    try:
        return path.resolve().relative_to(Path(root).resolve()) if root else relative(path)
    except ValueError:
        return relative(path)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

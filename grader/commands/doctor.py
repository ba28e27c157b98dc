"""``workshop doctor``: can code be confined where it is to run, and if not, what mends it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sandbox import placement, trial
from sandbox.model import SandboxUnavailable
from sandbox.placement import Placement, Socket
from sandbox.readiness import Facts, Finding, Readiness, collect_facts, decide_landlock

CONTAINER_SOCKET = Path("/run/workshop/sandbox.sock")
"""Where a worker's container sees it, and so where to look when nothing else was said."""


@click.command(epilog="Example: workshop doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the recorded facts and findings as JSON.")
def doctor(as_json: bool) -> None:
    """Say whether code can be confined here, and what mends it.

    Every place is tried: this machine, the sandbox's container, a container that may not mount.

    Exit status 0 when the placement that WORKSHOP_SANDBOX names works, 1 when it does not.
    """
    facts = collect_facts()
    try:
        chosen: Placement | None = placement.configured()
        chosen_badly = None
    except SandboxUnavailable as error:
        chosen, chosen_badly = None, Finding("placement", False, str(error), error.remedy)
    tried = try_all(facts, chosen)
    name = "container" if isinstance(chosen, Socket) else "host"
    readiness = Readiness((chosen_badly,)) if chosen_badly else tried[name]
    if as_json:
        decided = {"ok": readiness.ok, "remedy": readiness.remedy, **asdict(readiness)}
        every = {place: {"ok": found.ok, **asdict(found)} for place, found in tried.items()}
        document = {"facts": asdict(facts), "chosen": name, "readiness": decided, "placements": every}
        click.echo(json.dumps(document, default=str, indent=1))
    else:
        _print(tried, name, readiness)
    sys.exit(0 if readiness.ok else 1)


def try_all(facts: Facts, chosen: Placement | None) -> dict[str, Readiness]:
    """What came of every placement: each of its steps was tried in a process that is gone again."""
    path = chosen.path if isinstance(chosen, Socket) else CONTAINER_SOCKET
    tried = {"host": trial.host()}
    if isinstance(chosen, Socket) or path.exists():
        tried["container"] = trial.container(path)
    else:
        text = "none is configured: WORKSHOP_SANDBOX=unix:PATH names its socket (docs/sandbox.md)"
        tried["container"] = Readiness((Finding("socket", False, text, "docker compose up --detach sandbox"),))
    # What a container of this kernel can rely on when it may not mount.
    tried["landlock jail"] = decide_landlock(facts)
    return tried


def _print(tried: dict[str, Readiness], chosen: str, readiness: Readiness) -> None:
    table = Table(show_edge=False, pad_edge=False, box=None)
    for heading in ("placement", "", "step", "found"):
        table.add_column(heading, no_wrap=heading != "found", overflow="fold")
    for place, found in tried.items():
        for number, finding in enumerate(found.findings):
            name = "" if number else f"{place} (chosen)" if place == chosen else place
            wanted = place == chosen and finding.needed
            mark = Text("ok", "green") if finding.ok else Text("lack", "red" if wanted else "yellow")
            table.add_row(name, mark, finding.name, Text(finding.text))
    # Lines of a terminal may be short; those of a pipe are as long as what is said.
    console = Console(width=None if sys.stdout.isatty() else 1000)
    console.print(table)
    console.print()
    lacking = [finding for finding in readiness.findings if not finding.ok]
    if readiness.ok:
        click.echo(f"Code can be confined here: {chosen}.")
        for finding in lacking:
            click.echo(f"{finding.name}: {finding.text}\nlook with: {finding.remedy}")
        return
    for finding in lacking:
        if finding.needed:
            click.echo(f"{finding.name}: {finding.text}")
            if finding.remedy:
                click.echo(f"mend it with: {finding.remedy}")
    click.echo("Code cannot be confined here; grading refuses until what is lacking is mended.")

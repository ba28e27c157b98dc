"""``workshop doctor``: can this machine confine code, and if not, what mends it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from sandbox.client import Sandbox
from sandbox.model import SandboxUnavailable
from sandbox.readiness import Finding, Readiness, collect_facts, decide


@click.command(epilog="Example: workshop doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the recorded facts and findings as JSON.")
def doctor(as_json: bool) -> None:
    """Say whether this machine can confine code, and what mends it."""
    facts = collect_facts()
    readiness = decide(facts)
    if readiness.ok:  # only trying tells whether that was all
        readiness = Readiness((*readiness.findings, _trial()))
    if as_json:
        decided = {"ok": readiness.ok, "remedy": readiness.remedy, **asdict(readiness)}
        click.echo(json.dumps({"facts": asdict(facts), "readiness": decided}, default=str, indent=1))
    else:
        for finding in readiness.findings:
            mark = click.style("ok  ", fg="green") if finding.ok else click.style("lack", fg="red")
            click.echo(f"{mark}  {finding.name}: {finding.text}")
            if not finding.ok and finding.remedy:
                click.echo(f"      mend it with: {finding.remedy}")
        click.echo(
            "Code can be confined here."
            if readiness.ok
            else "Code cannot be confined here; grading refuses until what is lacking is mended."
        )
    sys.exit(0 if readiness.ok else 1)


def _trial() -> Finding:
    """Start what grading starts: it is ready only after a first candidate went through the whole jail."""
    try:
        Sandbox.start().close()
    except SandboxUnavailable as missing:
        remedy = "" if missing.remedy == "workshop doctor" else missing.remedy
        return Finding("trial", False, str(missing), remedy)
    return Finding("trial", True, "a first candidate was confined and did its sums")

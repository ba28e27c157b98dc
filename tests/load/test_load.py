"""A small class at the real server: everything accepted is judged, rightly, and nothing fails."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.client import Sandbox
from sandbox.model import SandboxUnavailable
from tests.load.plan import Accepted, Answer, Outcome, Plan

ROOT = Path(__file__).parents[2]
ITEMS = "scaled-dot-product-attention,attention-weighted-sum,attention-concept"


@pytest.mark.timeout(400)
def test_twenty_students_lose_nothing_and_get_their_verdicts(tmp_path: Path) -> None:
    try:
        Sandbox.start().close()
    except SandboxUnavailable as missing:
        pytest.skip(str(missing))
    command = [sys.executable, "-m", "tests.load", "--students", "20", "--minutes", "0.25", "--haste", "8"]
    done = subprocess.run(
        [*command, "--workers", "1", "--only", ITEMS, "--build", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    document = json.loads((tmp_path / "load.json").read_text(encoding="utf-8"))
    assert document["wrong"] == []
    assert document["accepted"] == document["judged"] >= 20
    assert {row["action"] for row in document["times"]} >= {"sign in", "item", "submit", "verdict after submit"}


@pytest.mark.timeout(400)
def test_what_a_submission_weighs_is_measured_and_its_statements_do_not_grow(tmp_path: Path) -> None:
    try:
        Sandbox.start().close()
    except SandboxUnavailable as missing:
        pytest.skip(str(missing))
    command = [sys.executable, "-m", "tests.load", "--growth", "24", "--workers", "1", "--build", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    document = json.loads((tmp_path / "growth-sqlite.json").read_text(encoding="utf-8"))
    assert document["parts"][-1]["submissions"] == 24
    first, last = document["statements"]
    assert all(last[name] <= first[name] for name in ("send", "poll", "judge"))
    assert document["bytes_per_submission"]["verdicts"] > 500
    assert document["parts"][-1]["web"] > 10
    spent = document["processor_ms_per_submission"]
    assert spent["postgresql"] == 0
    assert min(spent[kind] for kind in ("web", "workers", "grading")) > 0


def test_plan_and_outcome_are_read_as_they_were_written(tmp_path: Path) -> None:
    plan = Plan(("a@b",), "secret", 1, 20.0, 5.0, 2.0, (Answer(3, "item", "coding", "golden/x.py", "注意力\r\n"),))
    plan.write(tmp_path / "plan")
    assert Plan.read(tmp_path / "plan") == plan
    outcome = Outcome([Accepted("a@b", 0, "run", 7, 8, None, None)], {"run": [0.5]}, ["run: 500"])
    outcome.write(tmp_path / "outcome")
    assert Outcome.read(tmp_path / "outcome") == outcome

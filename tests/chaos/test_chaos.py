"""A short chaos on the real parts: what was accepted is judged once and rightly, whatever was killed meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.client import Sandbox
from sandbox.model import SandboxUnavailable

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(900)
def test_one_machine_loses_nothing_while_everything_on_it_is_killed(tmp_path: Path) -> None:
    try:
        Sandbox.start().close()
    except SandboxUnavailable as missing:
        pytest.skip(str(missing))
    command = [sys.executable, "-m", "tests.chaos", "--submissions", "60", "--students", "12", "--seconds", "25"]
    done = subprocess.run(
        [*command, "--loops", "1", "--build", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    document = json.loads((tmp_path / "chaos-embedded.json").read_text(encoding="utf-8"))
    assert document["accepted"] == 60
    assert document["wrong"] == []
    assert all(document["harms"].values()), document["harms"]

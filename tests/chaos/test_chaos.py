"""A short chaos on the real parts: what was accepted is judged once and rightly, whatever was killed meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.client import Sandbox
from sandbox.model import SandboxUnavailable
from tests.conftest import there_or_skipped
from tests.services import postgresql, rabbitmq

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("parts", ["embedded", "cluster"])
def test_nothing_is_lost_while_everything_is_killed(parts: str, tmp_path: Path) -> None:
    try:
        Sandbox.start().close()
    except SandboxUnavailable as missing:
        pytest.skip(str(missing))
    if parts == "cluster":
        there_or_skipped(postgresql.available() or rabbitmq.available())
    command = [sys.executable, "-m", "tests.chaos", "--submissions", "60", "--students", "12", "--seconds", "25"]
    done = subprocess.run(
        [*command, "--loops", "1", "--parts", parts, "--build", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    document = json.loads((tmp_path / f"chaos-{parts}.json").read_text(encoding="utf-8"))
    assert document["accepted"] == 60
    assert document["wrong"] == []
    assert all(document["harms"].values()), document["harms"]

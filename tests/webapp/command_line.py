"""`workshop …` in a process of its own, as an operator runs it."""

from __future__ import annotations

import os
import subprocess
import sys

from webapp.settings import Settings, as_environment


def workshop(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it with these settings; what it said and how it ended."""
    command = [sys.executable, "-c", "from grader.cli import main; main()", *arguments]
    environment = {**os.environ, **as_environment(settings)}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, env=environment
    )

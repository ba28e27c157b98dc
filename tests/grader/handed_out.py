"""Public tests as a student has them: in a folder, run by plain pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import questions
from grader.commands.banks import shipped_banks
from grader.public_tests import Handout
from questions.model import Kind

ITEMS = [item for item in questions.load_bank(shipped_banks() / "attention").items if item.kind is Kind.CODING]
ENVIRONMENT = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "OMP_NUM_THREADS": "1"}
by_id = pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)


def unpacked(ready: Handout, folder: Path) -> Path:
    """The folder as a student has it."""
    folder.mkdir()
    for file in ready.files:
        (folder / file.name).write_bytes(file.content)
    return folder


def plain_pytest(folder: Path) -> Any:
    """`python -m pytest` in the folder."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(folder), "-p", "no:cacheprovider"],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
    )

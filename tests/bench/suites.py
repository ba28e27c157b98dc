"""The bank's suites as plain pytest files, which any platform could run."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.bench.mix import coding_items

CONFTEST = Path(__file__).with_name("plain_conftest.py")
PREAMBLE = "import pytest\nimport torch\nfrom conftest import assert_shape\n"


def write_suites(folder: Path) -> dict[str, Path]:
    """Write a folder for each coding item, with its tests, its reference and the fixtures; the test file of each."""
    suites = {}
    for item in coding_items():
        assert item.tests is not None
        assert item.reference is not None
        home = folder / item.id
        home.mkdir(parents=True)
        shutil.copy(CONFTEST, home / "conftest.py")
        (home / "reference.py").write_text(item.reference.source, encoding="utf-8")
        parts = [PREAMBLE, *(code.source for code in item.shared), item.tests.source]
        suites[item.id] = home / "test_item.py"
        suites[item.id].write_text("\n\n".join(parts), encoding="utf-8")
    return suites

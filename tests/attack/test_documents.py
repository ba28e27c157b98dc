"""What the documents say of this corpus is so: every file that they name is there."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

from tests.attack.corpus import SUBMISSIONS
from tests.attack.test_corpus import FAMILIES

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def test_the_table_of_what_is_covered_names_files_that_exist() -> None:
    table = (HERE / "README.md").read_text(encoding="utf-8").partition("## What is covered")[2]
    rows = [line for line in table.splitlines() if line.startswith("| ") and "`" in line]
    assert len(rows) >= 35
    names = [path.stem for path in SUBMISSIONS.glob("*.py")]
    for row in rows:
        patterns = re.findall(r"`([a-z0-9*-]+)`", row.rpartition(" | ")[2])
        assert patterns, row
        for pattern in patterns:
            assert pattern.partition("-")[0] in FAMILIES, row
            assert any(fnmatch(name, pattern) for name in names), f"{pattern} is no file"


def test_every_test_that_the_security_page_names_exists() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:tests|grader|sandbox)/[\w/.]+?)(?:/)?`", page)
    assert len(named) >= 10
    for name in named:
        assert (ROOT / name).exists(), name
    for name in re.findall(r"`(test_\w+\.py)`", page):
        assert list((ROOT / "tests").rglob(name)), name
    banks = int(re.findall(r"(\d+) banks", page)[0])
    assert banks <= len(list((HERE / "banks").glob("*.md")))

"""docs/bank.md says what the shipped bank holds; only how long a proof took may have changed since."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from grader.commands.check import check


def test_the_page_is_that_of_the_bank(root: Path) -> None:
    bank = root / "questions" / "banks" / "attention"
    done = CliRunner().invoke(check, [str(bank), "--structure", "--format", "markdown"])
    page = (root / "docs" / "bank.md").read_text(encoding="utf-8")
    rows = [line.rpartition(" | ")[0] for line in page.splitlines() if line.startswith("| ")]
    assert rows == [line.rpartition(" | ")[0] for line in done.stdout.splitlines() if line.startswith("| ")], (
        "make bank-page writes docs/bank.md anew"
    )

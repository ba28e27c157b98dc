"""Writes docs/bank.md anew: its opening stays; below the mark stands what `workshop check` says of the shipped bank."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "bank.md"
MARK = "<!-- Below: make bank-page. -->\n"


def main() -> int:
    command = [str(ROOT / ".venv/bin/workshop"), "check", "questions/banks/attention", "--anew", "--format", "markdown"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode == 0:
        PAGE.write_text(PAGE.read_text(encoding="utf-8").partition(MARK)[0] + MARK + done.stdout, encoding="utf-8")
    else:
        print("docs/bank.md was left as it is: the bank has faults (make check)", file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())

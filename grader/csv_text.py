"""Tables as spreadsheets read them, without formulas: a text that a program would compute is made plain text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

BOM = "\ufeff"
"""What a file begins with, or Excel takes Chinese for something else."""
Cell = str | int | float | None
NUMBER = re.compile(r"-|[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?%?")
COMPUTED = "=+-@＝＋－＠"
"""What formulas begin with, for one spreadsheet or another; the wide ones count where Chinese or Japanese is set."""
BLANKS = " \t\r\n\v\f\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff"
FORMULA = re.compile(rf"[\t\r\n]|[{BLANKS}]*[{re.escape(COMPUTED)}]")
WITHIN = re.compile(rf"([;\r\n][{BLANKS}\"']*)(?=[{re.escape(COMPUTED)}])")
"""Where a cell begins anew for a spreadsheet that parts cells by semicolons, as in much of Europe.

It takes no notice of quotation marks that do not open a cell of its own, so a line's end within one ends a row.
"""


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may compute this cell instead of showing it.  A number or a dash is shown as it is."""
    return FORMULA.match(text) is not None and NUMBER.fullmatch(text) is None


def harmless(cell: Cell) -> Cell:
    """The cell as it may be written: numbers stay numbers, and what looks like a formula begins with an apostrophe."""
    if not isinstance(cell, str):
        return cell
    text = WITHIN.sub(r"\1'", cell.replace("\0", ""))
    return f"'{text}" if is_formula(text) else text


def written(rows: Iterable[Sequence[Cell]]) -> str:
    """Rows as CSV, formulas neutralised, without a byte order mark."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()

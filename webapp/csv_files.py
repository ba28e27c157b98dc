"""Tables as spreadsheets exchange them: the one place that reads CSV, within bounds, and hands it out.

Whatever comes in is anybody's bytes: how much of it there may be is known before it is looked at, and what cannot be a
table is refused with the row it happened in and what mends it.  `grader.csv_text` writes it without formulas.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask import Response
from flask_babel import gettext as _
from werkzeug.http import dump_options_header

from grader.csv_text import BOM, Cell, written

MAX_BYTES = 4 * 1024 * 1024
MAX_ROWS = 20_000
"""Below the first, which names the columns."""
MAX_COLUMNS = 200
DELIMITERS = (",", ";", "\t", "，")


class NoTable(ValueError):
    """Bytes that are no table; `str()` says why and what to do, in the asker's language.

    `row` is counted as a spreadsheet counts, `line` as an editor does.
    """

    def __init__(self, message: str, row: int = 1, line: int = 1) -> None:
        super().__init__(message)
        self.row, self.line = row, line


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty, its cells without the blanks around them."""

    number: int
    """As a spreadsheet counts: empty rows count, a cell of several lines is one row."""
    line: int
    """As an editor counts."""
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What was read, and how: `encoding` as people call it, e.g. `UTF-8`."""

    rows: tuple[Row, ...]
    encoding: str
    delimiter: str


def read(data: bytes, *, max_bytes: int = MAX_BYTES, max_rows: int = MAX_ROWS) -> Table:
    """The rows of a table, in whatever encoding and with whatever delimiter spreadsheets use.  Raises `NoTable`."""
    if len(data) > max_bytes:
        raise NoTable(_too_large(max_bytes))
    text, encoding = _decoded(data)
    text, skipped, delimiter = _delimiter(text)
    return Table(tuple(_rows(text, delimiter, skipped, max_rows)), encoding, delimiter)


def _too_large(max_bytes: int) -> str:
    megabytes = max_bytes // 1024 // 1024
    return _("the table has more than %(number)s MiB: keep only the columns that are needed", number=megabytes)


def _decoded(data: bytes) -> tuple[str, str]:
    """The text and what it was written in."""
    for mark, name, shown in (
        (codecs.BOM_UTF8, "utf-8", "UTF-8"),
        (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
        (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
        (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
    ):
        if data.startswith(mark):
            return _as_text(data.removeprefix(codecs.BOM_UTF8), name), shown
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise NoTable(_("this is a workbook, not a table of text: save it from the spreadsheet as CSV UTF-8"))
    if (halves := _halves(data)) is not None:
        return _as_text(data, halves), "UTF-16"
    try:
        return _without_nul(data.decode("utf-8")), "UTF-8"
    except UnicodeDecodeError:
        if _is_western(data):
            return _as_text(data, "cp1252"), "Windows-1252"
        return _as_text(data, "gb18030"), "GB 18030"


def _halves(data: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of what is mostly Latin letters and delimiters is zero."""
    start = data[:200]
    if len(start) < 4 or len(data) % 2:
        return None
    even, odd = start[::2].count(0), start[1::2].count(0)
    if odd * 5 > len(start) and even == 0:
        return "utf-16-le"
    if even * 5 > len(start) and odd == 0:
        return "utf-16-be"
    return None


def _is_western(data: bytes) -> bool:
    """Whether bytes that are not UTF-8 look like Latin letters with accents rather than Chinese.

    GB 18030 has a character for nearly every pair of bytes, but people's names are in the part where both are high; a
    letter with an accent stands alone among low ones.
    """
    lone = len(re.findall(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])", data))
    pairs = len(re.findall(rb"[\x81-\xfe][\xa1-\xfe]", data))
    return lone > pairs


def _as_text(data: bytes, encoding: str) -> str:
    try:
        return _without_nul(data.decode(encoding).removeprefix(BOM))
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise NoTable(_no_text(), line, line) from problem


def _without_nul(text: str) -> str:
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise NoTable(_no_text(), line, line)
    return text


def _no_text() -> str:
    return _("this is no text: save it from the spreadsheet as CSV UTF-8")


def _delimiter(text: str) -> tuple[str, int, str]:
    """The text, how many rows of it were taken off, and what stands between its cells.

    Excel may say so in a first row of its own (`sep=;`); else it is what the first row has most of, quotes apart.
    """
    told = re.match(r"sep=(.)\r?\n", text)
    if told and told[1] in DELIMITERS:
        return text[told.end() :], 1, told[1]
    head = re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]
    bare = re.sub(r'"[^"]*"', "", head)
    return text, 0, max(DELIMITERS, key=bare.count)


def _rows(text: str, delimiter: str, skipped: int, max_rows: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number, line, kept = skipped, skipped + 1, 0
    try:
        for cells in reader:
            number += 1
            if len(cells) > MAX_COLUMNS:
                raise NoTable(
                    _("this row has %(many)s cells: at most %(most)s are read", many=len(cells), most=MAX_COLUMNS),
                    number,
                    line,
                )
            if any(cell.strip() for cell in cells):
                kept += 1
                if kept > max_rows + 1:
                    raise NoTable(
                        _("the table has more than %(number)s rows: split it", number=f"{max_rows:,}"), number, line
                    )
                yield Row(number, line, tuple(cell.strip() for cell in cells))
            line = skipped + reader.line_num + 1
    except csv.Error as problem:
        raise NoTable(_broken(str(problem)), number + 1, line) from problem


def _broken(problem: str) -> str:
    """What Python's reader says, as its reader can act upon it."""
    if "field limit" in problem:
        return _("a cell is longer than any text should be, or its quotation mark is never closed: mend this row")
    if "unexpected end" in problem:
        return _("a quotation mark is opened in this row and never closed: close it, or take it out")
    return _("the quotation marks of this row do not match: write a mark inside a cell twice, or take it out")


def attachment(rows: Iterable[Sequence[Cell]], filename: str, *, marked: bool = True) -> Response:
    """Rows as a file to save.  It begins with a byte order mark, or Excel takes Chinese for something else."""
    text = (BOM if marked else "") + written(rows)
    response = Response(text.encode("utf-8", "replace"), mimetype="text/csv")
    named = {"filename*": f"UTF-8''{quote(filename)}"}
    response.headers["Content-Disposition"] = dump_options_header("attachment", named)
    return response

"""A file's bytes as lines of clean text: UTF-8, LF, no byte order mark, nothing that later steps could choke on."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from questions.faults import FaultList

MAX_CHARACTERS = 1 << 19
"""A Markdown file longer than this is not read: parsing time must stay bounded whoever wrote it."""
MAX_LINE = 20_000
"""Longer lines are cut: nobody writes them, and block rules may take quadratic time on them."""

NOT_UTF8 = "this is not UTF-8: save the file as UTF-8"
"""What is said of such a file, once; it keeps every item of the file from being served."""

_UNWANTED = re.compile("[\x00\ud800-\udfff]")


def read_lines(path: Path, faults: FaultList) -> list[str]:
    """The lines of the file at `path`; raises OSError when it cannot be read."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        faults.fault(data[: error.start].count(b"\n") + 1, NOT_UTF8)
        text = _guessed(data)
    return clean_lines(text, faults)


def clean_lines(text: str, faults: FaultList) -> list[str]:
    """`text` as lines without their ends.  Only LF, CR LF and CR end a line, as in CommonMark and in Python."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MAX_CHARACTERS:
        faults.fault(1, f"the file has more than {MAX_CHARACTERS:,} characters: split the bank into several files")
        text = text[:MAX_CHARACTERS]
    if found := _UNWANTED.search(text):
        faults.fault(text.count("\n", 0, found.start()) + 1, "a NUL or half of a surrogate pair stands here: remove it")
        text = _UNWANTED.sub("\ufffd", text)
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE:
            faults.fault(number, f"the line has more than {MAX_LINE:,} characters: break it")
            lines[number - 1] = line[:MAX_LINE]
    return lines


def _guessed(data: bytes) -> str:
    """What the file probably says, so that its only fault is its encoding; with replacements where nothing fits."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        return data.decode("utf-8", errors="replace")

"""What of a file is judged: text in UTF-8, of a notebook its code, of a page its words."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from grader.naming.notebooks import NotebookFault, code_of
from grader.naming.typed_text import text_of_html

PAGES = (".html", ".htm")
NOTEBOOK = ".ipynb"
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")


@dataclass(frozen=True, slots=True)
class Judged:
    """What is judged, and what a person should know of how it was made."""

    content: bytes = b""
    problem: str = ""
    """A code, where nothing can be judged: `not-text`, `empty`, `too-large` or `notebook-` with a notebook's fault."""
    encoding: str = ""
    """What it was written in, where that is worth a word."""
    cells: int = 0
    """Of a notebook: how many cells of code it has."""
    left_out: int = 0
    """Of a notebook: how many lines were left out that only IPython understands."""
    size: int = 0
    """Bytes of what is too large."""


def judged(path: str, data: bytes, most: int) -> Judged:
    """What is judged of the file that is called `path`; no more than `most` bytes."""
    name = path.lower()
    encoding, cells, left_out = "", 0, 0
    if name.endswith(NOTEBOOK):
        try:
            notebook = code_of(data)
        except NotebookFault as fault:
            return Judged(problem=f"notebook-{fault}")
        text, cells, left_out = notebook.code, notebook.cells, notebook.left_out
    else:
        found = decoded(data)
        if found is None:
            return Judged(problem="not-text")
        text, encoding = found
        if name.endswith(PAGES):
            text = text_of_html(text)
    content = text.replace("\r\n", "\n").encode()
    if not content.strip():
        return Judged(problem="empty", encoding=encoding, cells=cells, left_out=left_out)
    if len(content) > most:
        return Judged(problem="too-large", size=len(content))
    return Judged(content, "", encoding, cells, left_out)


def decoded(content: bytes) -> tuple[str, str] | None:
    """The text, and its encoding where that is worth a word; None for what is no text."""
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return _as_text(content, codec, "UTF-16")
    if b"\0" in content:
        return None
    found = _as_text(content, "utf-8-sig", "")
    if found is not None:
        return found
    if any(_COOKIE.match(line) for line in content.splitlines()[:2]):
        content = b"\n".join(line for line in content.splitlines() if not _COOKIE.match(line))
    return _as_text(content, "gb18030", "GB 18030") or _as_text(content, "cp1252", "Windows-1252")


def _as_text(content: bytes, codec: str, shown: str) -> tuple[str, str] | None:
    try:
        return content.decode(codec), shown
    except UnicodeDecodeError:
        return None

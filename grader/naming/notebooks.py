"""The Python in a Jupyter notebook (nbformat 3 and 4), without what only IPython understands."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 8 * 1024 * 1024
MOST_CELLS = 2_000
# A line may have millions of letters: what was read once is not read again (possessive).
_LINE_MAGIC = re.compile(r"\s*+(?:%[A-Za-z]|!|\?{1,2}[\w.]|[\w.]++\?{1,2}\s*+$)")
_ASSIGNED_MAGIC = re.compile(r"\s*+[\w.,\s\[\]]++=\s*+(?:%[A-Za-z]|!)")
_CELL_MAGIC = re.compile(r"\s*+%%(\w++)")
AROUND_PYTHON = frozenset({"capture", "prun", "python", "python3", "time", "timeit"})
"""Cell magics whose cell is Python all the same."""


class NotebookFault(Exception):
    """No code can be read from it; the text is a code: `large`, `malformed`, `language` or `no-code`."""


@dataclass(frozen=True, slots=True)
class NotebookCode:
    """The code of all cells in order, how many there were, and how many lines only IPython understands."""

    code: str
    cells: int
    left_out: int


def code_of(data: bytes) -> NotebookCode:
    """The code of a notebook.  Raises `NotebookFault`."""
    if len(data) > MOST_BYTES:
        raise NotebookFault("large")
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):  # of bytes that are no text as well
        raise NotebookFault("malformed") from None
    if not isinstance(document, dict):
        raise NotebookFault("malformed")
    language = _dict(_dict(document.get("metadata")).get("kernelspec")).get("language", "python")
    if isinstance(language, str) and language.lower() not in ("python", "python3", ""):
        raise NotebookFault("language")
    cells = [source for cell in _cells(document)[:MOST_CELLS] if (source := _source(cell)).strip()]
    if not cells:
        raise NotebookFault("no-code")
    parts, left_out = [], 0
    for number, source in enumerate(cells, 1):
        text, dropped = _plain(source)
        parts.append(f"# cell {number}\n{text}\n")
        left_out += dropped
    return NotebookCode("\n".join(parts), len(cells), left_out)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _cells(document: dict[str, Any]) -> list[Any]:
    cells = _list(document.get("cells"))
    if not cells:
        cells = [cell for sheet in _list(document.get("worksheets")) for cell in _list(_dict(sheet).get("cells"))]
    return [cell for cell in cells if _dict(cell).get("cell_type") == "code"]


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source.encode("utf-8", "replace").decode() if isinstance(source, str) else ""


def _plain(source: str) -> tuple[str, int]:
    """A cell's Python, and how many lines were left out.  Each leaves a line, so that blocks and numbers stay whole."""
    lines = source.splitlines()
    first = next((line for line in lines if line.strip()), "")
    if (magic := _CELL_MAGIC.match(first)) and magic[1] not in AROUND_PYTHON:
        return f"# left out: a cell of %%{magic[1]}", len(lines)
    kept, dropped = [], 0
    for line in lines:
        if _CELL_MAGIC.match(line) or _LINE_MAGIC.match(line) or _ASSIGNED_MAGIC.match(line):
            indent = line[: len(line) - len(line.lstrip())]
            kept.append(f"{indent}pass  # left out: {line.strip()[:80]}")
            dropped += 1
        else:
            kept.append(line)
    return "\n".join(kept), dropped

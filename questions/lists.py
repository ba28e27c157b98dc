"""Markdown lists read line by line: entries, what is nested below them, and their `>` quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_ENTRY = re.compile(r"^(?P<indent>[ \t]*)[-*+][ \t]+(?P<text>.*)$")


@dataclass(slots=True)
class Entry:
    """One entry: its text (continuation lines joined), the entries below it, and the text of its quote."""

    text: str
    line: int
    indent: int
    children: list[Entry] = field(default_factory=list)
    quote: list[tuple[int, str]] = field(default_factory=list)


def read_list(lines: list[tuple[int, str]]) -> tuple[list[Entry], list[tuple[int, str]]]:
    """The entries of the numbered `lines`, one level of nesting deep, and the lines that belong to no entry."""
    entries: list[Entry] = []
    strays: list[tuple[int, str]] = []
    current: Entry | None = None
    after_blank = False
    for number, raw in lines:
        line = raw.expandtabs(4)
        if not line.strip():
            after_blank = True
            continue
        found = _ENTRY.match(line)
        indent = len(line) - len(line.lstrip(" "))
        if found:
            top = not entries or indent <= entries[-1].indent + 1
            current = Entry(found["text"].strip(), number, indent)
            (entries if top else entries[-1].children).append(current)
        elif current is None or (after_blank and indent == 0):
            strays.append((number, line.strip()))
        elif line.lstrip().startswith(">"):
            current.quote.append((number, line.strip()[1:].strip()))
        else:
            current.text = f"{current.text} {line.strip()}"
        after_blank = False
    return entries, strays

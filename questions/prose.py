"""Markdown as people write it, made into what Python-Markdown reads the same way.

CommonMark lets a list follow a paragraph without a blank line and nests by the width of the marker; Python-Markdown
wants the blank line and four spaces.  `tidy` adds both outside code, and puts displayed formulas on one line so that no
block rule can take a line of them for a list or a heading.
"""

from __future__ import annotations

import re

_FENCE = re.compile(r"^(?P<indent> *)(?P<marker>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)$")
_ITEM = re.compile(r"^(?P<indent> *)(?P<marker>[-*+]|(?P<number>\d{1,9})[.)])(?P<space> +)(?P<text>\S.*)$")
_RULER = re.compile(r"^ {0,3}([-*_])( *\1){2,} *$")
_HEADING = re.compile(r"^ {0,3}(#{1,6})(?: +(.*?))?(?: +#+)? *$")
_QUOTE = re.compile(r"^ {0,3}>")
_TABLE_ROW = re.compile(r"^ {0,3}\|.*\|\s*$")
_COMMENT = re.compile(r"(?<!\\)%.*$")

MAX_DEPTH = 12
"""Lists and quotes nested deeper than this are shown at this depth: nobody can read them, and parsers recurse."""


def tidy(markdown: str) -> str:
    """`markdown` with lists, quotes and formulas written the way Python-Markdown reads them."""
    return "\n".join(_Tidy().read(_join_displayed_maths(markdown.expandtabs(4).split("\n"))))


def _join_displayed_maths(lines: list[str]) -> list[str]:
    """`$$` … `$$` over several lines becomes one line; TeX reads both alike once its comments are gone."""
    result: list[str] = []
    fence = ""
    at = 0
    closings = [number for number, line in enumerate(lines) if line.rstrip().endswith("$$")]
    closings.reverse()
    while at < len(lines):
        line = lines[at]
        if found := _FENCE.match(line):
            fence = _fence_state(fence, found)
        elif not fence and line.strip().startswith("$$") and line.count("$$") == 1:
            while closings and closings[-1] <= at:
                closings.pop()
            end = closings[-1] if closings else at
            body = [_COMMENT.sub("", text).strip() for text in lines[at : end + 1]]
            if end > at and not any(not text for text in body[1:-1]) and len(body) <= 200:
                result.append(line[: len(line) - len(line.lstrip())] + " ".join(filter(None, body)))
                at = end + 1
                continue
        result.append(line)
        at += 1
    return result


def _fence_state(fence: str, found: re.Match[str]) -> str:
    """The marker of the fence that is open after the fence line `found`."""
    marker = found["marker"]
    if not fence:
        return marker
    closes = marker[0] == fence[0] and len(marker) >= len(fence) and not found["info"].strip()
    return "" if closes else fence


class _Tidy:
    """One pass over the lines, remembering which lists are open and how far their text is indented."""

    def __init__(self) -> None:
        self.open: list[int] = []  # column where the text of each open list item starts
        self.out: list[str] = []
        self.fence = ""
        self.fence_shift = 0
        self.after_blank = True
        self.loose = False  # whether the open item holds more than its first paragraph

    def read(self, lines: list[str]) -> list[str]:
        for line in lines:
            found = _FENCE.match(line)
            if self.fence:
                self.out.append(self._shifted(line))
                if found:
                    self.fence = _fence_state(self.fence, found)
                    if not self.fence:
                        self._blank()
                        self.loose = bool(self.open)
            elif not line.strip():
                self._blank()
            elif found:
                self._fence(line, found)
            else:
                self._text(line)
        return self.out

    def _blank(self) -> None:
        self.out.append("")
        self.after_blank = True

    def _fence(self, line: str, found: re.Match[str]) -> None:
        indent = len(found["indent"])
        self._leave_to(indent)
        self.fence = found["marker"]
        self.fence_shift = 4 * len(self.open) - min(indent, self.open[-1] if self.open else indent)
        if not self.after_blank:
            self._blank()
        self.out.append(self._shifted(line))

    def _shifted(self, line: str) -> str:
        if self.fence_shift >= 0:
            return " " * self.fence_shift + line if line.strip() else ""
        return line[min(-self.fence_shift, len(line) - len(line.lstrip(" "))) :]

    def _leave_to(self, indent: int) -> None:
        """Close the lists whose text starts right of `indent`."""
        while self.open and indent < self.open[-1]:
            self.open.pop()

    def _text(self, line: str) -> None:
        indent = len(line) - len(line.lstrip(" "))
        item = None if _RULER.match(line) else _ITEM.match(line)
        interrupts = item is not None and (item["number"] in (None, "1") or self.after_blank or bool(self.open))
        if item is not None and interrupts and self._may_open(indent):
            self._item(item, indent)
            return
        ends_paragraph = _HEADING.match(line) or _QUOTE.match(line) or _RULER.match(line) or _TABLE_ROW.match(line)
        if self.after_blank or ends_paragraph:
            left = len(self.open)
            self._leave_to(indent)
            if len(self.open) < left and not self.after_blank:
                self._blank()
            if _HEADING.match(line) and not self.after_blank:
                self._blank()
        depth = 4 * len(self.open)
        inside = max(indent - (self.open[-1] if self.open else 0), 0)
        kept = inside if self.after_blank or not self.open else 0
        if _QUOTE.match(line):
            line = _shallow_quote(line)
            if not self.after_blank and self.out and not _QUOTE.match(self.out[-1].strip()[:4]):
                self._blank()
        if _TABLE_ROW.match(line) and not self.after_blank and not _TABLE_ROW.match(self.out[-1].strip()):
            self._blank()
        self.out.append(" " * (depth + kept) + line.strip(" "))
        self.loose = bool(self.open) and (self.loose or self.after_blank)
        self.after_blank = False

    def _may_open(self, indent: int) -> bool:
        """An item more than three columns right of where it could stand is code or text, not a list."""
        return indent <= (self.open[-1] if self.open else 0) + 3

    def _item(self, item: re.Match[str], indent: int) -> None:
        in_list = bool(self.open)
        self._leave_to(indent)
        if (self.loose or not in_list) and not self.after_blank:
            self._blank()
        depth = min(len(self.open), MAX_DEPTH)
        if depth == len(self.open):
            space = len(item["space"]) if len(item["space"]) <= 4 else 1
            self.open.append(indent + len(item["marker"]) + space)
        marker = f"{item['number']}." if item["number"] else "-"
        self.out.append(" " * (4 * depth) + f"{marker} {item['text']}")
        self.after_blank = self.loose = False


def _shallow_quote(line: str) -> str:
    """A quote at most `MAX_DEPTH` deep."""
    found = re.match(r"(?: {0,3}>)+", line)
    depth = found[0].count(">") if found else 0
    if found is None or depth <= MAX_DEPTH:
        return line
    return "> " * MAX_DEPTH + line[found.end() :].lstrip("> ")

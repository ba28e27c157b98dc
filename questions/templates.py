"""`{{name}}` in a bank's texts: which names stand there, and the same text with a variant's values in their place.

A value is never read as Markdown, HTML or TeX.  Markdown is rendered with a word of our own in each gap, and the words
are replaced in the finished HTML: by escaped text, inside formulas by what TeX shows as that text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any
from urllib.parse import quote

from questions.model import Bilingual, Item
from questions.render import render

GAP = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")
_SINGLE = re.compile(r"(?<!\{)\{\s*([A-Za-z_]\w*)\s*\}(?!\})")
MAX_PASSAGE = 60_000
"""Longer texts are not rendered (see `questions.render`)."""
OPEN = "…"
"""What stands in a gap whose value is not known."""

# Lisu letters around a number: one word for Markdown, for Pygments and for nh3, and one that nobody writes.
_WORD = re.compile("\ua4d0([0-9]{1,4})\ua4d1", re.ASCII)
_CODE_OR_MATHS = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)|(?<!\\)\$\$?.+?(?<!\\)\$\$?", re.DOTALL)
_PARTS = re.compile(r'(<(?:span|div) class="math[^"]*">[^<]*)|(<[^>]*>)|([^<]+)')
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
_POWER = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)e([+-]?)0*([0-9]+)", re.ASCII)
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "#": r"\#", "&": r"\&", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip


def names_in(text: str) -> list[str]:
    """The names in the gaps of `text`, in order."""
    return [found[1] for found in GAP.finditer(text)]


def gaps_of(item: Item) -> Iterator[tuple[str, int]]:
    """Every gap of an item that has to be filled, as its name and line; what looks like one in code or a formula may
    be none.
    """
    for value in item.values:
        yield from ((name, value.line) for name in names_in(value.amount))
    for text in _texts(item):
        for passage in filter(None, (text.zh, text.en)):
            prose = _prose(passage.markdown)
            for found in GAP.finditer(prose):
                yield found[1], passage.line + prose.count("\n", 0, found.start())


def single_gaps_of(item: Item, names: frozenset[str]) -> Iterator[tuple[str, int]]:
    """Every `{name}` in an item's prose that one of `names` may be meant by, with its line."""
    for text in _texts(item):
        for passage in filter(None, (text.zh, text.en)):
            prose = _prose(passage.markdown)
            for found in _SINGLE.finditer(prose):
                if found[1] in names:
                    yield found[1], passage.line + prose.count("\n", 0, found.start())


def _prose(markdown: str) -> str:
    """`markdown` with code and formulas blanked."""
    return _CODE_OR_MATHS.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), markdown[:MAX_PASSAGE])


def _texts(item: Item) -> Iterator[Bilingual]:
    yield from (item.question, *item.hints, item.answer, item.explanation)
    yield from (reading.text for reading in item.readings)
    for option in item.options:
        yield from (option.text, option.feedback)
    yield from (value.feedback for value in item.values)


def said(value: Any) -> str:
    """A parameter as a text shows it: numbers with at most twelve digits, lists with commas."""
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(said, value))
    return str(value)


def filled(text: str, values: Mapping[str, Any]) -> str:
    """Plain text with its gaps filled: for a terminal, a file, a number."""
    return GAP.sub(lambda found: said(values[found[1]]) if found[1] in values else found[0], text)


def render_filled(
    markdown: str, values: Mapping[str, Any] | None, render: Callable[[str], str] = render
) -> str:
    """`markdown` as sanitised HTML, its gaps filled; `render` makes HTML that is safe of it.

    A name that no value has stays as it was written: in formulas `x_{{a}}` is no gap.  Without `values`, none being
    known yet, every gap shows that it is one.
    """
    names = [name for name in dict.fromkeys(names_in(markdown)) if values is None or name in values]
    if not names:
        return render(markdown)
    places = {name: f"\ua4d0{place}\ua4d1" for place, name in enumerate(names)}
    html = render(GAP.sub(lambda found: places.get(found[1], found[0]), markdown))
    texts = [OPEN if values is None else said(values[name]) for name in names]

    def put(part: str, shown: Callable[[str], str]) -> str:
        return _WORD.sub(lambda found: shown(texts[int(found[1])]) if int(found[1]) < len(texts) else OPEN, part)

    def fill(found: re.Match[str]) -> str:
        maths, tag, text = found.groups()
        if maths is not None:
            return put(maths, lambda value: escape(tex_of(value)))
        if tag is not None:  # in an address, or in what an image says it shows
            return put(tag, escape if tag.startswith("<img") else lambda value: quote(value, safe=""))
        return put(text, escape)

    return _PARTS.sub(fill, html)


def tex_of(text: str) -> str:
    """TeX that shows `text` and does nothing else."""
    if _PLAIN_NUMBER.fullmatch(text):
        return text if not text.startswith("-") else f"{{{text}}}"
    if power := _POWER.fullmatch(text):
        sign = "-" if power[2] == "-" else ""
        return rf"{{{power[1]}\times 10^{{{sign}{power[3]}}}}}"
    if text == OPEN:
        return r"\ldots{}"
    return rf"\text{{{''.join(_TEX.get(letter, letter) for letter in text)}}}"


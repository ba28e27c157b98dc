"""The filters with which templates show what students and banks wrote."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from markupsafe import Markup

from grader.pictures.colour_scale import sequential
from grader.pictures.comparison import Picture, argument, picture, telling
from grader.pictures.parts import BRIEF, WHOLE
from grader.shown_text import clipped, inline, visible, with_code
from grader.words import told
from questions.highlight import highlight
from webapp.exception_words import meaning
from webapp.fault_words.saying import said as fault_said

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_LETTER = re.compile("[A-Za-z]{2}")
_FORMULA = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]|\$[^$]*\$|`[^`]*`", re.DOTALL)
_CLAUSE = re.compile(r"[，。；！？：\n]|[,.;:!?](?=\s|$)")
_BY_TORCH = ("Tensor-likes are not", "Scalars are not", "The values for attribute")
_MISMATCHED = re.compile(r"Mismatched elements: (\d+) / (\d+)")


@dataclass(frozen=True, slots=True)
class Said:
    """A test's message: what its author says was compared, what PyTorch adds, how many numbers of how many differ."""

    lead: str
    rest: str
    off: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a student's text, and the numbers of the key points that it made."""

    text: str
    numbers: tuple[int, ...]


def register(app: Flask) -> None:
    """Add this module's filters to `app`."""
    app.jinja_env.filters.update(
        visible=visible,
        clipped=clipped,
        inline=inline,
        picture=picture,
        telling=telling_picture,
        argument=argument,
        said=said,
        fault_said=fault_said,
        coloured=coloured,
        coloured_lines=coloured_lines,
        lang_of=lang_of,
        clauses=clauses,
        with_code=with_code,
        outcome=outcome,
        meaning=meaning,
        marked=marked,
    )
    app.jinja_env.globals["scale_colours"] = sequential


def lang_of(text: str, page: str) -> Markup:
    """The `lang` attribute of `text` on a page in `page` ("zh" or "en"): none where it is in the page's own language.

    A bank may lack a text in one language, and then the other one stands in for it; a term or a formula has none.
    """
    if _HAN.search(text):
        return Markup("") if page == "zh" else Markup(' lang="zh-Hans"')
    words = _LETTER.findall(_FORMULA.sub("", text))
    return Markup(' lang="en"') if page == "zh" and words else Markup("")


def said(message: str, lang: str) -> Said:
    """A test's message in `lang`, taken apart.  Where no author speaks all of it is `rest`."""
    whole = told(message, lang).strip()
    first, _newline, rest = whole.partition("\n")
    found = _MISMATCHED.search(rest)
    off = (int(found[1]), int(found[2])) if found else None
    if whole != message.strip() or rest.startswith(_BY_TORCH):
        return Said(first, rest.strip(), off)
    return Said("", whole, off)


def telling_picture(test: Any, brief: bool = False) -> tuple[Picture | None, bool]:
    """The picture that says most about a failing test, and whether it is of the call's outcome."""
    return telling(test, BRIEF if brief else WHOLE)


def coloured(code: str) -> Markup:
    """Python code in the page's colours."""
    return Markup(highlight(visible(code)))  # noqa: S704 - Pygments escapes what it colours


def coloured_lines(code: str) -> list[Markup]:
    """The same, line by line."""
    inner = coloured(code).partition("<code>")[2].rpartition("</code>")[0]
    return [Markup(line) for line in inner.removesuffix("\n").split("\n")]  # noqa: S704 - as above; Pygments ends every tag on its line


def clauses(evidence: Iterable[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """The evidence widened to whole clauses, overlapping ones joined: a word alone says little."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(_clause(text, start, end) for start, end in evidence if start < end):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def marked(text: str, evidence: Iterable[Iterable[tuple[int, int]]]) -> list[Passage]:
    """`text` in passages, each with the numbers of the key points whose evidence it is (counted from 1).

    Evidence is widened to clauses first, and where that of several key points overlaps a passage has several numbers.
    """
    spans = [(number, start, end) for number, each in enumerate(evidence, 1) for start, end in clauses(each, text)]
    edges = sorted({0, len(text), *(place for _number, start, end in spans for place in (start, end))})
    passages: list[Passage] = []
    for start, end in itertools.pairwise(edges):
        numbers = tuple(number for number, first, last in spans if first <= start and end <= last)
        words = visible(text[start:end])
        if passages and passages[-1].numbers == numbers:
            passages[-1] = Passage(passages[-1].text + words, numbers)
        else:
            passages.append(Passage(words, numbers))
    return passages


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """The span widened to the punctuation around it."""
    before = [found.end() for found in _CLAUSE.finditer(text, 0, start)]
    after = _CLAUSE.search(text, end)
    return (before[-1] if before else 0), (after.start() if after else len(text))


def outcome(thing: Any) -> str:
    """Which shape and colour stands for a row, submission or verdict: passed, partial, failed, waiting or open."""
    status = getattr(thing, "status", None)
    if status in ("passed", "partial", "failed", "waiting"):
        return str(status)
    if status in ("error", "timeout", "memory", "crashed"):
        return "partial" if (getattr(thing, "score", 0) or 0) > 0 else "failed"
    return "open"

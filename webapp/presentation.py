"""The filters with which templates show what students and banks wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from flask import Flask
from markupsafe import Markup

from grader.words import told
from webapp.comparison_view import picture
from webapp.shown_text import clipped, inline, visible, with_code

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_LETTER = re.compile("[A-Za-z]{2}")
_FORMULA = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]|\$[^$]*\$|`[^`]*`", re.DOTALL)


def register(app: Flask) -> None:
    """Add this module's filters to `app`."""
    app.jinja_env.filters.update(
        visible=visible,
        clipped=clipped,
        inline=inline,
        picture=picture,
        told=told,
        lang_of=lang_of,
        quotes=quotes,
        with_code=with_code,
        outcome=outcome,
    )


def lang_of(text: str, page: str) -> Markup:
    """The `lang` attribute of `text` on a page in `page` ("zh" or "en"): none where it is in the page's own language.

    A bank may lack a text in one language, and then the other one stands in for it; a term or a formula has none.
    """
    if _HAN.search(text):
        return Markup("") if page == "zh" else Markup(' lang="zh-Hans"')
    words = _LETTER.findall(_FORMULA.sub("", text))
    return Markup(' lang="en"') if page == "zh" and words else Markup("")


def quotes(evidence: Iterable[tuple[int, int]], text: str) -> Iterator[str]:
    """The passages of a student's text that a key point was judged by: at most three of at most 160 characters."""
    for start, end in list(evidence)[:3]:
        quote = visible(" ".join(text[start:end].split()))
        if quote:
            yield quote if len(quote) <= 160 else quote[:159] + "…"


def outcome(thing: Any) -> str:
    """Which shape and colour stands for a row, submission or verdict: passed, partial, failed, waiting or open."""
    status = getattr(thing, "status", None)
    if status in ("passed", "partial", "failed", "waiting"):
        return str(status)
    if status in ("error", "timeout", "memory", "crashed"):
        return "partial" if (getattr(thing, "score", 0) or 0) > 0 else "failed"
    return "open"

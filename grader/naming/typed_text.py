"""What a student typed into a page of Canvas or Moodle, which export it as HTML."""

from __future__ import annotations

import re
from html import unescape

import nh3

BREAKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote"})
SILENT = frozenset({"script", "style", "head", "title", "template", "noscript"})
MOST_CHARACTERS = 1_000_000
MOST_SIGNS = (("<", 10_000), ("&", 100_000))
"""Beyond these nothing is read: what is nested deeply, or all of entities, takes a parser the square of its length."""


def text_of_html(html: str) -> str:
    """The words of a page, a line for each paragraph."""
    some = html[:MOST_CHARACTERS]
    for sign, most in MOST_SIGNS:
        some = sign.join(some.split(sign, most)[:most])
    # Not by the standard library's parser: that takes the square of what is broken.
    clean = nh3.clean(some, tags=set(BREAKS), attributes={}, clean_content_tags=set(SILENT), link_rel=None)
    text = unescape(re.sub(r"<[^>]*>", "\n", re.sub(r"[ \t\r\n]+", " ", clean)))
    lines = (line.strip() for line in text.splitlines())
    return re.sub(r"\n{2,}", "\n\n", "\n".join(lines)).strip()

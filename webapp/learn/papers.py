"""References as people cite them, with their arXiv ids and DOIs as links."""

from __future__ import annotations

import re
from collections.abc import Iterable

from webapp.learn.map_values import Piece

_PLACE = re.compile(
    r"\barXiv:\s?(?P<arxiv>\d{4}\.\d{4,5}(?:v\d{1,2})?|[a-z][a-z-]{1,15}(?:\.[A-Z]{2})?/\d{7})"
    r"|(?:\bdoi:\s?|\bhttps://doi\.org/|\b(?=10\.\d{4,9}/))(?P<doi>10\.\d{4,9}/[\w.;()/:-]{1,100})",
    re.ASCII | re.IGNORECASE,
)


def papers_view(papers: Iterable[str]) -> tuple[tuple[Piece, ...], ...]:
    """Each reference in pieces."""
    return tuple(tuple(_pieces(paper)) for paper in papers)


def _pieces(paper: str) -> Iterable[Piece]:
    end = 0
    for found in _PLACE.finditer(paper):
        text = found[0].rstrip(".,;:")
        text = text[:-1] if text.endswith(")") and text.count("(") < text.count(")") else text
        if paper[end : found.start()]:
            yield Piece(paper[end : found.start()])
        end = found.start() + len(text)
        if found["arxiv"]:
            yield Piece(text, f"https://arxiv.org/abs/{found['arxiv']}")
        else:
            yield Piece(text, f"https://doi.org/{text[text.index('10.') :]}")
    if paper[end:]:
        yield Piece(paper[end:])

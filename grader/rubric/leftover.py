"""What of an answer the rules made nothing of, and which weak signs in it are explained by something else."""

# ruff: noqa: E501 - a list of words that mean the same is read and searched in one piece

from __future__ import annotations

import re
from dataclasses import dataclass

from grader.rubric.asides import LITTLE_WORDS
from grader.rubric.lexicon import TECHNICAL
from grader.rubric.reading import STOP, WORDS, Evidence, Reading, holds
from grader.rubric.rules import ReadyPoint

PICTURE = re.compile(
    r"\b(?:like (?:a|an|the|when|in|reading)\b|think of|picture (?:a|an|the)|imagine|as if|it's basically|basically a|just as|the way (?:a|an|we|you)\b|when you\b|same as when|analog\w*|metaphor\w*|kind of like)"
    r"|好比|就像|好像|有点像|像[^,]{0,3}(?:一样|似的|个)|如同|比方|打个比喻|类似于?人|仿佛|相当于|想象|人(?:看|读|在)|^像|[,:]像|我们(?:看|读)",
    re.ASCII,
)
"""Openings of a comparison: its words are taken from elsewhere."""

CLAUSE = 4
"""Words of the shortest clause that may say something of its own."""

FEW = 9
"""Words of everyday talk that are too few to hide a key point."""

SIGNS = 2
"""Signs of key points from which on an answer of which nothing was understood may have made one in other words."""

LONG_TALK = 30
"""Words of everyday talk that may hide a key point however long the rest is."""

PLAIN_TALK = 12
"""Words (or pairs of Chinese characters) a sentence may spend on one term of the field before it counts as everyday talk."""


@dataclass(frozen=True, slots=True)
class Unread:
    """What the rules made nothing of, in words of the clauses that no sure evidence touches."""

    share: float
    """Of all words of the claims."""
    everyday: float
    """Of all words, those of clauses with next to no term of the field: what such talk means no list of terms can tell."""
    dark: int = 0
    """Words of the sentences in which nothing sure was found at all."""
    breath: int = 0
    """Words of the longest clause that went unread."""
    lost: bool = False
    """Whether it speaks in everyday words with signs of key points, none of them surely understood."""


def unread(reading: Reading, found: list[Evidence]) -> Unread:
    """How much of an answer went unread.  A few words hide nothing; a comparison may hide everything."""
    total = left = plain = dark = breath = 0
    for v in reading.views:
        if not any(e.sentence == v.index and not e.unsure for e in found):
            dark += len(WORDS.findall(v.text, v.body))
        touched = [(e.start - v.offset, e.end - v.offset) for e in found if e.sentence == v.index and not e.unsure]
        at = v.body
        for stop in [*(m.start() for m in STOP.finditer(v.text, v.body)), len(v.text)]:
            words, terms = len(WORDS.findall(v.text, at, stop)), len(TECHNICAL.findall(v.text, at, stop))
            total += words
            if words >= CLAUSE and not any(a < stop and at < b for a, b in touched):
                left += words
                breath = max(breath, words)
                plain += words if words > PLAIN_TALK * terms else 0
            at = stop
    terms = sum(len(TECHNICAL.findall(v.text, v.body)) for v in reading.views)
    lost = len(found) >= SIGNS and all(e.unsure for e in found) and total > PLAIN_TALK / 2 * terms
    if reading.rough:
        return Unread(1.0, 1.0, dark, breath, lost)
    if not total or not left:
        return Unread(0.0, 0.0, dark, 0, lost)
    if plain > LONG_TALK or any(PICTURE.search(v.text) for v in reading.views):
        return Unread(max(0.5, left / total), 1.0, dark, breath, lost)
    return Unread(left / total, plain / total if plain > FEW else 0.0, dark, breath, lost)


def beside(reading: Reading, own: tuple[Evidence, ...], found: list[Evidence]) -> int:
    """Words of content that stand in the sentences of `own` and belong to nothing sure: the other half may be said there."""
    count = 0
    for v in reading.views:
        if any(e.sentence == v.index and not e.unsure for e in own):
            read = [(e.start - v.offset, e.end - v.offset) for e in found if e.sentence == v.index and not e.unsure]
            said = (m for m in WORDS.finditer(v.text, v.body) if m[0] not in LITTLE_WORDS)
            count += sum(not any(a < m.end() and m.start() < b for a, b in read) for m in said)
    return count


def left_out(reading: Reading, ready: ReadyPoint) -> bool:
    """Whether a sentence that seemed to speak to the marker says something of a key point."""
    return any(not e.unsure for v in reading.addressed for rule in ready.rules for e in holds(v, rule))


def unexplained(reading: Reading, own: list[Evidence], found: list[Evidence]) -> list[Evidence]:
    """`own` without the hints that stand in a clause where something sure was found, of whatever key point."""
    views = {v.index: v for v in reading.views}
    sure = [e for e in found if not e.unsure]

    def explained(hint: Evidence) -> bool:
        v = views[hint.sentence]
        stops = [m.start() + v.offset for m in STOP.finditer(v.text)]
        start = max((s for s in stops if s <= hint.start), default=v.offset)
        end = min((s for s in stops if s >= hint.end), default=v.offset + len(v.text))
        return any(e.sentence == hint.sentence and e.start < end and start < e.end for e in sure)

    return [e for e in own if not (e.hint and explained(e))]

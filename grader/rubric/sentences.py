"""Sentences and clauses of a normalised answer, and which of its text says nothing about the subject.

Offsets are those of the normalised text.  A list entry or a sentence that starts with "it" carries the name of what it is
about in front, so that a rule may ask for the subject and what is said of it in one sentence.
"""

# ruff: noqa: E501 - a list of words that mean the same is read and searched in one piece

from __future__ import annotations

import re
from dataclasses import dataclass

from grader.rubric.lexicon import CONCEPTS

LONGEST = 420
"""A run of text without an end is cut here, so that no pattern ever sees an endless sentence."""

ENTRY = 80
"""Characters that an entry of a list may have to carry the line that introduces the list."""

END = re.compile(
    r"[。!?;\n]+|\]\]|(?<![.])(?<!\be\.g)(?<!\bi\.e)(?<!\betc)(?<!\bvs)(?<!\b[a-z]\.[a-z])\.(?=[\s\"')]|$)|(?<=[一-鿿\)])\.(?!\d)"
)
BULLET = re.compile(r"\s*(?:\(?\d{1,2}[.、):]|[①-⑳一二三四五六七八九十]{1,2}[、.)]|(?:首先|其次|再次|然后|最后|第[一二三四五六](?=[,、:点条种个])|另外|此外|[a-e]\)),?|[-•·])\s*")
BOUNDARY = re.compile(
    r"[,:()]|(?<=[一-鿿]) (?=[一-鿿])|\bbut\b|\bhowever\b|\bwhereas\b|\bwhile\b|\balthough\b|\bthough\b|\byet\b|\bbecause\b|\bsince\b|\bso that\b|\bthereby\b|\bthus\b|"
    r"\bhence\b|\bso\b(?! as)|\binstead,|\brather,|而是|但是?|然而|不过|可是|因为|所以|因此|从而|以便|虽然|尽管|反而|(?<!反)却|则(?=[^重])|就(?!是)"
)
QUESTION_MARK = re.compile(r"\?")
KIND_NAMES = ("scaledattention", "dotproduct", "multihead", "selfattention", "additive", "cross", "otherkind")
KINDS = re.compile("|".join(f"(?:{CONCEPTS[name]})" for name in KIND_NAMES), re.ASCII)
POINTS_BACK = re.compile(
    r"(?:it|this|these|they|its|their|here|there|that|such|each|the (?:weights?|scores?|product|result|model|division|factor|quer\w+|heads?|effect|aim|purpose|reason|idea))\b"
    r"|[它其这该此]|目的|作用|原因|因此|这样|从而|否则|otherwise|in this|with this|by (?:doing|this)|without (?:it|this)|好处|结果"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: ``text[start:end]`` of the answer; `head` is the span of the subject carried in front of it."""

    start: int
    end: int
    head: tuple[int, int] | None = None
    question: bool = False


def split(text: str) -> list[Sentence]:
    """The sentences of `text` in order, list entries and headed descriptions each with its head."""
    raw: list[tuple[int, int, str]] = []
    at = 0
    for match in [*END.finditer(text), None]:
        stop, ender = (match.start(), match[0]) if match else (len(text), "")
        for start, end in pieces(text, at, stop):
            raw.append((start, end, ender))
        at = match.end() if match else len(text)
    sentences: list[Sentence] = []
    head: tuple[int, int] | None = None
    intro: tuple[int, int] | None = None
    for start, end, ender in raw:
        bullet = BULLET.match(text, start, end)
        start = bullet.end() if bullet and bullet.end() < end else start
        while start < end and text[start] in " ,:、)\"'":
            start += 1
        while end > start and text[end - 1] in " ,":
            end -= 1
        if start >= end:
            continue
        own = KINDS.search(text, start, end)
        carried = head if head and carries(text, start, end, own is not None) else None
        if intro and end - start < ENTRY and carried is None:
            carried = intro
        elif end - start >= ENTRY:
            intro = None
        sentences.append(Sentence(start, end, carried, "?" in ender))
        if text[end - 1] == ":" and "\n" in ender:
            intro = (max(start, end - 60), end - 1)
        if own and (own.start() - start <= 40 or end - start < 60):
            head = (own.start(), own.end())
    return sentences


def pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """``text[start:end]`` whole, or cut at commas and spaces into stretches of at most `LONGEST`."""
    found = []
    while end - start > LONGEST:
        cut = max(text.rfind(mark, start + LONGEST // 2, start + LONGEST) for mark in (",", " ", "、"))
        cut = cut if cut > 0 else start + LONGEST
        found.append((start, cut))
        start = cut
    found.append((start, end))
    return found


def carries(text: str, start: int, end: int, named: bool) -> bool:
    """Whether a sentence is about what the one before named: it names nothing itself, or points back first."""
    return not named or POINTS_BACK.match(text, start, end) is not None


def clause_end(text: str, start: int, end: int) -> int:
    """Where the clause that `start` stands in ends."""
    boundary = BOUNDARY.search(text, start, end)
    return boundary.start() if boundary else end

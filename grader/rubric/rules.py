"""A bank's rules made ready to be looked for.

A pattern may use the lexicon's names in braces, and may name a group to say more about itself: ``(?P<speech_of2>…)`` is
one of two different parts that together make the key point (fewer earn a share, rounded down to a half), wherever they
stand in the answer; ``(?P<unsure>…)`` gives its judgement as a suggestion only and asks a person (in a "no" rule, also
of what is right in the same words); ``(?P<hint>…)`` does so only in a clause that nothing sure explains;
``(?P<every>…)`` is a hint; all of these together list every sign of the key point, so that an answer without any of
them says nothing about it, however it talks, and one with half of it and no further sign says only that half.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from grader.rubric.lexicon import WHOLE_WORDS, expand, words_of
from questions.model import Item, Judgement, KeyPoint, Phrase

PART = re.compile(r"^(?P<name>\w+)_of(?P<of>[1-9])$")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One phrase as a regular expression, or as a paraphrase in normalised text."""

    regex: re.Pattern[str] | None
    paraphrase: str


@dataclass(frozen=True, slots=True)
class ReadyRule:
    """A rule whose phrases can be looked for; `parts` of `whole` are named groups that count together."""

    judgement: Judgement
    phrases: tuple[Pattern, ...]
    whole: int
    unsure: bool
    hint: bool
    every: bool


@dataclass(frozen=True, slots=True)
class ReadyPoint:
    """A key point with its rules ready."""

    point: KeyPoint
    rules: tuple[ReadyRule, ...]


@lru_cache(maxsize=256)
def ready_points(key_points: tuple[KeyPoint, ...]) -> tuple[ReadyPoint, ...]:
    """The key points of an item with every phrase compiled; one that does not compile never matches (lint says so)."""
    return tuple(ReadyPoint(p, tuple(ready_rule(r.judgement, r.phrases) for r in p.rules)) for p in key_points)


def ready_rule(judgement: Judgement, phrases: tuple[Phrase, ...]) -> ReadyRule:
    """Compile the phrases of one rule and read what its group names say."""
    patterns = tuple(ready_phrase(phrase) for phrase in phrases)
    names = [name for pattern in patterns if pattern.regex for name in pattern.regex.groupindex]
    whole = max((int(m["of"]) for m in map(PART.match, names) if m), default=0)
    hint = "hint" in names or "every" in names
    return ReadyRule(judgement, patterns, whole, "unsure" in names or hint, hint, "every" in names)


def ready_phrase(phrase: Phrase) -> Pattern:
    """Compile one phrase."""
    from grader.rubric.plain import plain

    if not phrase.is_pattern:
        return Pattern(None, plain(phrase.text).text.strip(" .。"))
    try:
        return Pattern(re.compile(expand(phrase.text), re.ASCII | re.IGNORECASE), "")
    except re.error:
        return Pattern(re.compile(r"(?!)"), "")


@lru_cache(maxsize=256)
def vocabulary(key_points: tuple[KeyPoint, ...]) -> frozenset[str]:
    """The words that a misspelling may be mended to: those of the subject and of this item's rules."""
    words = set(WHOLE_WORDS)
    for point in key_points:
        for rule in point.rules:
            for phrase in rule.phrases:
                plain_words = re.findall(r"[a-z]{6,}", phrase.text.lower())
                words |= words_of(phrase.text) if phrase.is_pattern else set(plain_words)
    return frozenset(words)


def question_texts(item: Item) -> tuple[str, ...]:
    """Everything an item shows before it is answered."""
    texts = [item.title, item.question, *item.hints]
    return tuple(t.get(language) for t in texts for language in ("zh", "en") if t)

"""The public function: each key point of a short answer with award, confidence, evidence and whether a person looks."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from grader.rubric.asides import word_pairs
from grader.rubric.deciding import Decision, decide, is_decided
from grader.rubric.leftover import Unread, beside, left_out, unexplained, unread
from grader.rubric.paraphrase import surface
from grader.rubric.patience import patience
from grader.rubric.plain import Plain, plain
from grader.rubric.reading import STRUNG, Evidence, Reading, evidence, read
from grader.rubric.rules import ReadyPoint, question_texts, ready_points, vocabulary
from grader.verdict import KeyPointResult, Words
from questions.model import Item, Judgement, KeyPoint

EVERYDAY = 0.35
"""With more everyday talk than this in an answer, what was not found may still have been said."""

DARK = 20
"""Words of sentences with nothing sure in them from which on a key point may have been made there in other words."""

BREATH = 14
"""The same for one clause."""

ASIDE = 4
"""Words beside half a key point, in its sentence, from which on they may be the other half."""

HALF_READ = 0.1
"""With more of an answer unread than this, the other half of a key point may stand there."""

LIKE = 0.6
"""A sentence that shares this much of a key point's description is worth a look when no rule decided."""


def grade_short_answer(item: Item, text: str) -> tuple[KeyPointResult, ...]:
    """Mark `text` key point by key point; never raises for what it holds, but `BankFault` for patterns without end.

    `review` is true where `is_decided` says no: mixed or reported claims, unsure rules, likeness without a
    rule, an answer that talks to its marker (a positive award is then never decided) or is longer than what is read.
    """
    with patience(f"{item.bank}/{item.id}"):
        answer = plain(text, vocabulary(item.key_points))
        reading = read(answer, asked_pairs(question_texts(item)))
        points = ready_points(item.key_points)
        found = [evidence(reading, ready) for ready in points]
        left = unread(reading, [e for each in found for e in each])
        together = [e for each in found for e in each]
        return tuple(
            result(answer, reading, r, each, left, together)
            for r, each in zip(points, found, strict=True)
        )


@lru_cache(maxsize=256)
def asked_pairs(texts: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    """The word pairs of everything the item shows."""
    return frozenset(pair for text in texts for pair in word_pairs(plain(text).text))


def result(
    answer: Plain, reading: Reading, ready: ReadyPoint, found: list[Evidence], left: Unread, together: list[Evidence]
) -> KeyPointResult:
    """One key point's result."""
    point = ready.point
    shaky = reading.rough or left.everyday > EVERYDAY or any(c.strong for c in reading.corrections)
    alone = quiet(found, ready) and not shaky
    decision = decide(unexplained(reading, found, together), reading.corrections)
    decision = tempered(decision, reading, ready, left, alone)
    if decision.award == 0.5 and not alone and beside(reading, decision.evidence, together) > ASIDE:
        decision = replace(decision, confidence=min(decision.confidence, 0.6))
    spans = tuple(sorted({answer.span(e.start, e.end) for e in decision.evidence}))
    return KeyPointResult(
        id=point.id,
        award=decision.award,
        points=point.points * decision.award,
        max_points=point.points,
        confidence=round(decision.confidence, 2),
        review=not is_decided(decision.award, decision.confidence),
        evidence=spans,
        description=Words(point.description.get("zh"), point.description.get("en")),
    )


def quiet(found: list[Evidence], ready: ReadyPoint) -> bool:
    """Whether a key point whose every sign is listed has none in the answer but those of what was surely said."""
    sure = [e for e in found if not e.unsure]
    signs = (e for e in found if e.unsure and not any(s.start < e.end and e.start < s.end for s in sure))
    return any(rule.every for rule in ready.rules) and not any(signs)


def tempered(decision: Decision, reading: Reading, ready: ReadyPoint, left: Unread, alone: bool) -> Decision:
    """`decision` with the doubts that come from the answer as a whole; half a key point may stand `alone` in it."""
    award, confidence = decision.award, decision.confidence
    if reading.cut:
        confidence = min(confidence, 0.4)
    if award > 0 and (reading.to_marker or reading.mute):
        confidence = min(confidence, 0.5)
    if decision.evidence and reading.claims == 0:
        named = sum(bool(e.part) for e in decision.evidence) >= 3
        many = reading.entries >= STRUNG and not named
        award, confidence = 0.0, 0.95 if reading.salad and not named else 0.85 if many else 0.5
    if award == 0 and (left_out(reading, ready) or may_be_missed(decision, reading, ready, left)):
        confidence = min(confidence, 0.6)
    if award == 0.5 and not alone and (left.share > HALF_READ or left.everyday > 0):
        confidence = min(confidence, 0.6)
    return Decision(award, confidence, decision.evidence)


def may_be_missed(decision: Decision, reading: Reading, ready: ReadyPoint, left: Unread) -> bool:
    """Whether so much of an answer went unread that a key point which was not found may stand there.

    A key point whose every sign is listed, and of which there was none, was not made in whatever words.
    """
    if reading.salad or settled(decision.evidence):
        return False
    if left.lost:
        return True
    silent = not decision.evidence and not reading.rough and any(rule.every for rule in ready.rules)
    if not silent and (left.dark > DARK or left.breath > BREATH or left.everyday > EVERYDAY):
        return True
    if decision.evidence and left.share > HALF_READ:
        return True
    return any(alike(v.text, ready.point) for v in reading.views if not v.listed)


def settled(found: tuple[Evidence, ...]) -> bool:
    """Whether a nought rests on something that was said and is wrong."""
    return any(not e.unsure and (e.judgement is Judgement.NO or e.denied) for e in found)


def alike(said: str, point: KeyPoint) -> bool:
    """Whether a sentence shares most words of a key point's description in either language."""
    given = surface(said)
    for language in ("zh", "en"):
        wanted = surface(plain(point.description.get(language)).text)
        if wanted and len(wanted & given) >= LIKE * len(wanted):
            return True
    return False

"""From evidence to an award: what was said last counts, wrong beside right is half, and doubt goes to a person."""

from __future__ import annotations

from dataclasses import dataclass

from grader.rubric.reading import Correction, Evidence
from questions.model import Judgement

DECIDED = 0.75
"""From this confidence on the grader decides alone."""

DECIDED_NOUGHT = 0.9
"""A nought takes more: a key point that was not understood looks like one that was not made.  Measured on answers
nobody had worked with, noughts below it agreed with people two times in three."""


def is_decided(award: float, confidence: float) -> bool:
    """Whether the grader gives this award alone; otherwise it is a suggestion to a person."""
    return confidence >= (DECIDED if award > 0 else DECIDED_NOUGHT)


@dataclass(frozen=True, slots=True)
class Decision:
    """An award with how sure it is, and the evidence it rests on."""

    award: float
    confidence: float
    evidence: tuple[Evidence, ...] = ()


def decide(found: list[Evidence], corrections: tuple[Correction, ...]) -> Decision:
    """The award for one key point."""
    kept, shaken = after_corrections(found, corrections)
    if not kept:
        return Decision(0.0, 0.5 if shaken else 0.95)
    sure = [e for e in kept if not e.unsure]
    right = [e for e in sure if e.judgement is not Judgement.NO and not e.denied and not spoiled(e, sure)]
    wrong = [e for e in sure if e.judgement is Judgement.NO and not e.denied]
    denied = [e for e in sure if e.judgement is Judgement.YES and e.denied]
    denied = [e for e in denied if not any(r.start <= e.start and e.end <= r.end for r in right)]
    right = [e for e in right if not taken_back(e, denied)]
    doubts = [e for e in kept if e.unsure and not against(e) and not answered(e, right + wrong + denied)]
    award, complete = earned(right)
    confidence = 0.95 if complete or award == 0 else 0.85
    if any(e.whole for e in right):
        denied = [e for e in denied if not e.whole]
    if right and denied:
        last_right, last_denied = max(e.start for e in right), max(e.start for e in denied)
        if last_denied > last_right:
            return Decision(0.0, 0.8, tuple(denied))
        confidence = 0.6
    if right and wrong:
        award, confidence = (0.5, 0.7) if complete or any(e.whole for e in right) else (0.0, 0.6)
    elif wrong:
        return Decision(0.0, 0.9 if not doubts else 0.7, tuple(wrong))
    elif denied and not right:
        return Decision(0.0, 0.9 if not doubts else 0.65, tuple(denied))
    if doubts and award < 1:
        suggested, _ = earned([e for e in kept if e.judgement is not Judgement.NO and not e.denied])
        return Decision(award if right else suggested, 0.5, tuple(kept))
    if right and any(e.denied and e.unsure and e.sentence > right[-1].sentence for e in kept):
        # Something like it is denied further on: it may have been taken back.
        confidence = min(confidence, 0.6)
    if any(questioned(e, kept) for e in right):
        confidence = min(confidence, 0.6)
    if not right:
        return Decision(0.0, 0.8 if not shaken else 0.5, tuple(kept))
    return Decision(award, min(confidence, 0.6) if shaken else confidence, tuple(right))


def taken_back(e: Evidence, denied: list[Evidence]) -> bool:
    """Whether the part that `e` names is denied in a later sentence; one wrongly described stays named."""
    return bool(e.whole) and any(d.part == e.part and d.sentence > e.sentence for d in denied)


def spoiled(e: Evidence, found: list[Evidence]) -> bool:
    """Whether a wrong statement covers words that would be right on their own (one part of several: is mostly them)."""
    wrong = [w for w in found if w.judgement is Judgement.NO and not w.denied]
    shared = ((min(w.end, e.end) - max(w.start, e.start), w.end - w.start) for w in wrong)
    return any(2 * common >= length if e.whole else common > 0 for common, length in shared)


def questioned(e: Evidence, found: list[Evidence]) -> bool:
    """Whether something that may be wrong is said with the words that would be right on their own."""
    doubts = (w for w in found if w.unsure and w.judgement is Judgement.NO and not w.denied)
    return any(w.start < e.end and e.start < w.end for w in doubts)


def answered(doubt: Evidence, sure: list[Evidence]) -> bool:
    """Whether something sure was found on the words a doubt is about: in all their sentence, if wrong or denied."""
    return any(
        (doubt.start < e.end and e.start < doubt.end) or (against(e) and e.sentence == doubt.sentence) for e in sure
    )


def earned(right: list[Evidence]) -> tuple[float, bool]:
    """The award that affirmed evidence earns, and whether it is the whole."""
    if any(e.judgement is Judgement.YES and not e.whole for e in right):
        return 1.0, True
    whole = max((e.whole for e in right), default=0)
    parts = {e.part for e in right if e.whole}
    share = len(parts) / whole if whole else 0.0
    award = 1.0 if share >= 1 else 0.5 if share >= 0.5 else 0.0
    if any(not e.whole for e in right):
        award = max(award, 0.5)
    return award, award == 1.0


def after_corrections(found: list[Evidence], corrections: tuple[Correction, ...]) -> tuple[list[Evidence], bool]:
    """Drop what an open self-correction takes back; the flag says that something was taken back and not replaced."""
    kept, shaken = list(found), False
    for correction in corrections:
        back = 1 if correction.opens else 0
        before = [e for e in kept if e.end <= correction.at and e.sentence >= correction.sentence - back]
        after = [e for e in kept if e.start >= correction.at and e.sentence <= correction.sentence + 1]
        if not before:
            continue
        if after and (correction.strong or conflict(before, after)):
            kept = [e for e in kept if e not in before]
        elif correction.strong and not after:
            shaken = True
    return kept, shaken


def conflict(before: list[Evidence], after: list[Evidence]) -> bool:
    """Whether what comes after speaks against what came before."""
    return any(against(e) for e in before) != any(against(e) for e in after)


def against(e: Evidence) -> bool:
    """Whether a piece of evidence speaks against the key point."""
    return e.denied != (e.judgement is Judgement.NO)

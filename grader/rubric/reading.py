"""What an answer claims about each key point: evidence, with who denies it and how sure one can be."""

# ruff: noqa: E501 - a list of words that mean the same is read and searched in one piece

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from grader.rubric import asides, polarity
from grader.rubric.paraphrase import ENOUGH, NEAR, coverage
from grader.rubric.plain import Plain
from grader.rubric.polarity import Negator, clause_start
from grader.rubric.rules import PART, Pattern, ReadyPoint, ReadyRule
from grader.rubric.sentences import Sentence, clause_end, split
from questions.model import Judgement

MANY = 16
"""Matches of one phrase in one sentence that are looked at."""

SENTENCES = 160
"""Sentences of an answer that are read."""

MUTE = 5
"""Words from which on an answer without any verb claims nothing."""

SLIPS = 3
"""Misspelled words from which on others may be beyond mending."""

BREATH = 32
"""Words (or pairs of Chinese characters) said without a comma that make a run-on sentence."""

STRUNG = 10
"""Words in a row, without any claim, that are taken for stuffing and no longer for a terse answer."""

STRUCTURE = re.compile(r"[,、:()/|+=>→]")
"""Signs between words that may make entries of them."""

STOP = re.compile(r"[,:、()]|(?<=[一-鿿]) (?=[一-鿿])")

FRAGMENTS = 4
"""Sentences of a bare word or two that make a list."""

MUMBLES = 2
"""Fillers from which on an answer is speech written down, with words misheard."""

FILLERS = re.compile(r"\b(?:um+|uh+|erm+|hmm+)\b|[呃嗯唔]|那个,|啥的", re.ASCII)

FAR = 16
"""Characters between a negator and what it denies beyond which the denial is not sure."""

OTHERS = re.compile(
    r"\b(?:rnns?|lstms?|cnns?|seq2seq|recurrent|convolution\w*|older|old|earlier|previous|traditional|before|other models?|conventional|classic\w*)\b|循环|卷积|传统|以前|过去|之前|其他模型|普通模型|老模型|不用注意力|没有注意力",
    re.ASCII,
)
"""Who else a denial may be about; it then says by contrast what attention does, which a person should judge."""

ABSENT = re.compile(r"without\b|不(?=[加用做除])|没有?")
"""What may say how it would be otherwise ("without dropout it overfits") when more follows."""

CONSEQUENCE = 4
"""Words from which on more follows."""

OPENING = 12
"""Characters that may stand before a self-correction that opens its sentence."""

WORDS = re.compile(r"[a-z0-9'_-]+|[一-鿿]{1,2}", re.ASCII)

MASK = "\ue000"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place where a rule holds (or is denied)."""

    judgement: Judgement
    sentence: int
    start: int
    end: int
    denied: bool = False
    unsure: bool = False
    part: str = ""
    whole: int = 0
    hint: bool = False
    """Whether it is a weak sign, of no weight where another key point explains its clause."""


@dataclass(frozen=True, slots=True)
class View:
    """A sentence as rules see it: the carried subject, then the sentence; with what denies what."""

    index: int
    text: str
    masked: str
    offset: int
    """Add to a position in `text` to get one in the answer; a carried subject lies before `body`."""
    body: int
    negators: tuple[Negator, ...]
    denied: tuple[tuple[int, int], ...]
    reported: tuple[tuple[int, int], ...]
    listed: bool
    run_on: bool
    introduced: bool
    """Whether it is a list that says of what."""
    named: bool
    """Whether it is names of kinds and nothing more: only names can be found in it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """An open self-correction at `at`; a strong one takes back what was said just before."""

    sentence: int
    at: int
    strong: bool
    opens: bool
    """Whether it opens its sentence and so speaks about the one before."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer taken apart."""

    views: tuple[View, ...]
    addressed: tuple[View, ...]
    """Sentences left out because they seem to speak to the marker."""
    corrections: tuple[Correction, ...]
    to_marker: bool
    claims: int
    entries: int
    """Words of the bare lists in it."""
    salad: bool
    """Whether it is nothing but a long run of words without a sign between them."""
    mute: bool
    """Whether it has no verb at all, or is one string of short entries."""
    cut: bool
    """Whether it has more sentences than are read."""
    rough: bool
    """Whether it is typed so roughly (run-on sentences, many misspelled words) that much may go unrecognised."""


def read(answer: Plain, asked: frozenset[tuple[str, str]]) -> Reading:
    """Take a normalised answer apart into what it states; what states nothing is left out."""
    text = answer.text
    every = [sentence for sentence in split(text) if sentence.end - sentence.start > 1]
    sentences = every[:SENTENCES]
    denied, reported = denials(text, sentences)
    to_marker = answer.hidden or asides.looks_like_talk_to_marker(text)
    views, addressed, corrections, claims = [], [], [], 0
    cut_up = sum(asides.is_fragment(text, sentence) for sentence in sentences) >= FRAGMENTS
    for index, sentence in enumerate(sentences):
        if asides.addressed_to_marker(text, sentence):
            to_marker = True
            addressed.append(view(text, index, sentence, denied, reported, False))
            continue
        if asides.is_data(text, sentence) or asides.asks(text, sentence) or asides.said_back(text, sentence, asked):
            continue
        for pattern, strong in ((polarity.STRONG_CORRECTION, True), (polarity.WEAK_CORRECTION, False)):
            for match in pattern.finditer(text, sentence.start, sentence.end):
                opens = match.start() - sentence.start <= OPENING
                corrections.append(Correction(index, match.start(), strong, opens))
        listed = asides.is_word_list(text, sentence) or (cut_up and asides.is_short(text, sentence))
        listed = listed and not asides.introduced(text, sentence)
        claims += not listed
        views.append(view(text, index, sentence, denied, reported, listed))
    entries = sum(len(WORDS.findall(v.text)) for v in views if v.listed)
    salad = claims == 0 and entries >= STRUNG and not any(STRUCTURE.search(v.text) for v in views)
    cut = answer.truncated or len(every) > SENTENCES
    said = " ".join(v.text for v in views)
    bare = " ".join(v.text for v in views if not v.named)
    mute = (len(WORDS.findall(bare)) >= MUTE and not asides.predicates(bare)) or asides.beaded(text)
    rough = answer.slips >= SLIPS or any(v.run_on for v in views) or len(FILLERS.findall(said)) >= MUMBLES
    return Reading(tuple(views), tuple(addressed), tuple(corrections), to_marker, claims, entries, salad, mute, cut, rough)


def view(
    text: str,
    index: int,
    sentence: Sentence,
    denied: list[tuple[int, int]],
    reported: list[tuple[int, int]],
    listed: bool,
) -> View:
    """One sentence as rules see it, positions counted from the start of its carried subject."""
    prefix = text[sentence.head[0] : sentence.head[1]] + ": " if sentence.head else ""
    shift = len(prefix) - sentence.start
    shown = prefix + text[sentence.start : sentence.end]
    found = tuple(
        Negator(n.start + shift, n.end + shift, n.scope_start + shift, n.scope_end + shift, n.backward)
        for n in polarity.negators(text, sentence)
        if not polarity.conditional(text, sentence, n.start)
    )
    masked = shown
    for n in found:
        masked = mask(masked, n)
    def within(zones: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        return tuple((a + shift, b + shift) for a, b in zones if a < sentence.end and b > sentence.start)

    return View(index, shown, masked, -shift, len(prefix), found, within(denied), within(reported), listed, run_on(shown), asides.introduced(text, sentence), asides.names_only(text[sentence.start : sentence.end]))


def run_on(said: str) -> bool:
    """Whether a sentence goes on and on without a comma, so that what belongs to what is a guess."""
    return any(len(WORDS.findall(stretch)) > BREATH for stretch in STOP.split(said))


def mask(text: str, negator: Negator) -> str:
    """`text` with one negator made unreadable, every position kept."""
    return text[: negator.start] + MASK * (negator.end - negator.start) + text[negator.end :]


def denials(text: str, sentences: list[Sentence]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Stretches of the answer that are denied after the fact, and stretches that only report what others say."""
    denied: list[tuple[int, int]] = []
    reported: list[tuple[int, int]] = []
    for index, sentence in enumerate(sentences):
        says = polarity.REPORTED.search(text, sentence.start, sentence.end)
        if says:
            turn = polarity.CONTRAST.search(text, says.end(), sentence.end)
            reported.append((says.start(), turn.start() if turn else sentence.end))
        for match in polarity.DENIAL.finditer(text, sentence.start, sentence.end):
            start = polarity.clause_start(text, sentence.start, match.start())
            own = text[start : match.start()]
            if says and says.start() < match.start():
                denied.append((says.start(), match.start()))
            elif index and ALL_BACK.search(match[0]) and match.start() - sentence.start < 2 * OPENING:
                before = sentences[index - 1]
                denied.append((before.start, before.end))
            elif len(own) > 14 and not BACK.match(own):
                denied.append((start, match.start()))
            elif start > sentence.start + 3:
                denied.append((sentence.start, start))
            elif index:
                before = sentences[index - 1]
                denied.append((before.start, before.end))
    return denied, reported


ALL_BACK = re.compile(r"\b(?:these|those|both|neither|none|it all)\b|^[这那前上以刚全都]")
BACK = re.compile(r"\s*(?:but |however |and |in fact |actually )*(?:this|that|it|which|these|such|they|i\b)|[但而然而不过其实可是]{0,3}(?:这|那|此|它|该)")


def evidence(reading: Reading, ready: ReadyPoint) -> list[Evidence]:
    """Everything the answer says that a rule of this key point speaks about, in the order of the text."""
    found = [e for v in reading.views for rule in ready.rules for e in holds(v, rule)]
    return sorted(found, key=lambda e: (e.start, e.end))


def holds(v: View, rule: ReadyRule) -> Iterator[Evidence]:
    """The places of one sentence where a rule holds or is denied."""
    each = []
    for phrase in rule.phrases:
        matches = list(phrase_matches(v, phrase))
        if not matches:
            return
        each.append(matches)
    if rule.whole:
        for at, matches in enumerate(each):
            others = [m for i, ms in enumerate(each) if i != at for m in ms if not m.denied]
            for match in matches:
                if match.parts and (len(each) == 1 or others):
                    yield from as_evidence(v, rule, [match])
        return
    if rule.hint and len(each) == 1:
        for match in each[0]:
            yield from as_evidence(v, rule, [match])
        return
    best = [next((m for m in matches if not m.denied), matches[0]) for matches in each]
    yield from as_evidence(v, rule, best)


@dataclass(frozen=True, slots=True)
class Match:
    """One phrase found in a view."""

    start: int
    end: int
    denied: bool
    unsure: bool
    parts: tuple[str, ...] = ()


def as_evidence(v: View, rule: ReadyRule, matches: list[Match]) -> Iterator[Evidence]:
    """The evidence that one set of matches gives, one for each named part."""
    start, end = min(m.start for m in matches), max(m.end for m in matches)
    body = max(start, v.body) if end > v.body else start
    # In the carried subject alone: counted at the sentence, for the subject may stand anywhere before it.
    place = (body + v.offset, end + v.offset) if end > v.body else (v.body + v.offset,) * 2
    denied = any(m.denied for m in matches)
    unsure = rule.unsure or v.listed or (v.run_on and (denied or rule.judgement is Judgement.NO)) or any(m.unsure for m in matches)
    names = [name for m in matches for name in m.parts] or [""]
    for name in names:
        bare = v.introduced and not name
        if bare and v.named:
            continue
        yield Evidence(rule.judgement, v.index, *place, denied, unsure or bare, name, rule.whole if name else 0, rule.hint)


def phrase_matches(v: View, phrase: Pattern) -> Iterator[Match]:
    """The first few places where a phrase stands in a sentence, each with its polarity."""
    if phrase.regex is None:
        yield from paraphrase_matches(v, phrase.paraphrase)
        return
    seen: list[tuple[int, int]] = []
    at = 0
    for _ in range(MANY):
        match = phrase.regex.search(v.masked, at)
        if match is None:
            break
        found = judged(v, match, v.negators)
        if found.denied:
            # What a later clause denies is not what an earlier one says: "the weights can be seen, though not explained".
            inner = [n.start for n in v.negators if match.start() < n.start < match.end()]
            cut = clause_start(v.text, 0, min(inner)) if inner else 0
            short = phrase.regex.search(v.masked, match.start(), cut) if cut > match.start() else None
            if short and short.start() == match.start():
                found = judged(v, short, v.negators)
            elif cut > match.start():
                found = replace(found, unsure=True)
        yield found
        # What is denied may hide what is not: "cannot link near words, it links distant ones".
        at = match.start() + 1 if found.denied else max(match.end(), at + 1)
        seen.append(match.span())
    if not v.negators:
        return
    for count, match in enumerate(phrase.regex.finditer(v.text)):
        if count >= MANY:
            break
        if any(a < match.end() and match.start() < b for a, b in seen):
            continue
        foreign = tuple(n for n in v.negators if not owns(v, phrase.regex, match, n))
        yield judged(v, match, foreign)


def owns(v: View, regex: re.Pattern[str], match: re.Match[str], negator: Negator) -> bool:
    """Whether the pattern itself spells this negator out: without it, it would not match."""
    if negator.end <= match.start() or negator.start >= match.end():
        return False
    again = regex.search(mask(v.text, negator), match.start(), len(v.text))
    return again is None or again.start() >= match.end()


def judged(v: View, match: re.Match[str], foreign: tuple[Negator, ...]) -> Match:
    """Count who denies a match."""
    start, end = match.span()
    reaching = [n for n in foreign if reaches(n, start, end)]
    against = len(reaching)
    far = any(start - n.end > FAR for n in reaching)
    against += sum(1 for a, b in v.denied if a < end and start < b and not (start < a and end > b))
    told = any(a <= start < b for a, b in v.reported)
    if any(ABSENT.match(v.text, n.start) and len(WORDS.findall(v.text, n.end)) >= CONSEQUENCE for n in reaching):
        far = True
    if against % 2 == 1 and any(OTHERS.search(v.text, clause_start(v.text, 0, n.start), max(n.start, start)) for n in reaching):
        return Match(start, end, False, True, ())
    parts = tuple(m["name"] for name, value in match.groupdict().items() if value and (m := PART.match(name)))
    return Match(start, end, against % 2 == 1, far or against > 1 or (told and against % 2 == 0), parts)


def reaches(n: Negator, start: int, end: int) -> bool:
    """Whether a negator denies what stands at ``start:end``: it covers its start from before, or its end from within."""
    if n.backward:
        return n.scope_start <= start and end <= n.scope_end
    if n.start <= start:
        return n.scope_end > start
    return n.start < end <= n.scope_end


def paraphrase_matches(v: View, paraphrase: str) -> Iterator[Match]:
    """The sentence as a whole when it says what the paraphrase says; a near miss is unsure."""
    share = coverage(paraphrase, v.text)
    if share < NEAR:
        return
    own = sum(1 for _ in polarity.NEGATOR.finditer(paraphrase))
    said = sum(1 for n in v.negators if clause_end(v.text, n.end, len(v.text)) > n.end)
    told = bool(v.reported)
    denied = (own + said + len(v.denied)) % 2 == 1
    yield Match(v.body, len(v.text), denied, share < ENOUGH or told or own != said)

"""Whether a sentence says what a plain-text paraphrase of a rubric says, by the senses of its words.

Coverage alone cannot tell agreement from contradiction, so opposites and polarity are looked at as well; a near miss is
only ever a reason to ask a person.
"""

from __future__ import annotations

import re
from functools import lru_cache

from grader.rubric.asides import LITTLE_WORDS
from grader.rubric.lexicon import CONCEPTS
from grader.rubric.spelling import stem

ENOUGH = 0.85
NEAR = 0.6
OPPOSITES = (
    ("improve", "lower"), ("same", "each"), ("multiply", "divide"), ("byhand", "learn"), ("byhand", "adaptive"),
    ("explode", "saturate"), ("important", "irrelevant"),
)  # fmt: skip
SENSES = {name: re.compile(words, re.ASCII) for name, words in CONCEPTS.items()}
WORD_OR_HAN = re.compile(r"[a-z][a-z'-]*|\d+|[一-鿿]+", re.ASCII)
PARTICLES = "的了着地得是在和与及也都就还把被对为之其这那个一种以而且或"


@lru_cache(maxsize=4096)
def senses(text: str) -> frozenset[str]:
    """The senses of the words in `text`: concepts of the lexicon, else stems and pairs of characters."""
    found: set[str] = set()
    covered = bytearray(len(text))
    for name, pattern in SENSES.items():
        for match in pattern.finditer(text):
            if match[0]:
                found.add(f"<{name}>")
                covered[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    for match in WORD_OR_HAN.finditer(text):
        if match[0][0] >= "一":
            for at in range(match.start(), match.end() - 1):
                pair = text[at : at + 2]
                if not any(covered[at : at + 2]) and not any(c in PARTICLES for c in pair):
                    found.add(pair)
        elif match[0] not in LITTLE_WORDS and not covered[match.start()]:
            found.add(stem(match[0]))
    return frozenset(found)


def coverage(paraphrase: str, said: str) -> float:
    """The share of the paraphrase's senses that `said` has too; 0 where it holds an opposite of one of them."""
    wanted, given = senses(paraphrase), senses(said)
    if not wanted:
        return 0.0
    for one, other in OPPOSITES:
        for a, b in ((f"<{one}>", f"<{other}>"), (f"<{other}>", f"<{one}>")):
            if a in wanted and a not in given and b in given and b not in wanted:
                return 0.0
    return len(wanted & given) / len(wanted)


@lru_cache(maxsize=4096)
def surface(text: str) -> frozenset[str]:
    """Stems and character pairs of `text`, without their senses: cheap, and enough to notice a likeness."""
    found: set[str] = set()
    for match in WORD_OR_HAN.finditer(text):
        if match[0][0] >= "一":
            pairs = (match[0][i : i + 2] for i in range(len(match[0]) - 1))
            found.update(p for p in pairs if not any(c in PARTICLES for c in p))
        elif match[0] not in LITTLE_WORDS and len(match[0]) > 2:
            found.add(stem(match[0]))
    return frozenset(found)

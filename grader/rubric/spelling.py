"""Misspelled words of the subject, mended where only one word can be meant."""

from __future__ import annotations

from functools import lru_cache

ENDINGS = ("ations", "ation", "ments", "ment", "ingly", "ings", "ing", "edly", "ies", "ied", "ed", "es", "ly", "s")


@lru_cache(maxsize=20000)
def mend(word: str, vocabulary: frozenset[str]) -> str:
    """The one word of `vocabulary` within one slip of `word` (two from nine letters on), else `word` itself.

    The first letter must agree: un-, in- and de- turn a word into its opposite and are no slips.  In words of six
    letters only swapped letters are mended, for too many are one letter away from another word ("stores", "scores").
    """
    if word in vocabulary or stem(word) in vocabulary or not vocabulary or longer(word, vocabulary):
        return word
    allowed = 2 if len(word) >= 9 else 1
    near: list[tuple[int, str]] = []
    for known in vocabulary:
        if known[0] == word[0] and abs(len(known) - len(word)) <= allowed and len(known) >= 6:
            slips = distance(word, known, allowed)
            if slips <= allowed and (len(word) >= 7 or sorted(word) == sorted(known)):
                near.append((slips, known))
    if not near:
        return word
    near.sort()
    if len(near) > 1 and near[0][0] == near[1][0] and stem(near[0][1]) != stem(near[1][1]):
        return word
    return near[0][1]


def longer(word: str, vocabulary: frozenset[str]) -> bool:
    """Whether `word` only carries on a word of `vocabulary`, which rules may spell as a stem ("transparen")."""
    return any(word[:-cut] in vocabulary for cut in (1, 2, 3))


def stem(word: str) -> str:
    """A light stem: endings that change a word's grammar but not its sense are dropped."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    return word.removesuffix("e") if len(word) > 4 else word


def distance(one: str, other: str, limit: int) -> int:
    """Edits between two words (insert, delete, replace, swap neighbours), or ``limit + 1`` when there are more."""
    before: list[int] = []
    previous = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        current = [i]
        for j, b in enumerate(other, 1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return previous[-1]

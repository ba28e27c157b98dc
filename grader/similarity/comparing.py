"""Every submission of a class with every other: which pairs share what few others have written."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from grader.similarity.fingerprints import grams, winnowed
from grader.similarity.tokens import Language, comments, own_names, tokens, wording

RUN, WINDOW = {Language.PYTHON: 10, Language.PROSE: 6}, 5
"""Tokens of a run whose hash is taken, and runs of which one is chosen."""
WORDING_RUN = 4
COMMON = 0.25
"""What a larger share of the class has written says nothing of two of them."""
NEVER_COMMON, ALWAYS_COMMON = 5, 60
"""What so few have written is never common, however small the class; what more have is, however large."""
EVIDENCE = 12.0
"""Nats of information in what two share at which the likeness counts for half."""
LEAST = 0.35
"""The rank below which a pair is not listed."""
MOST_PAIRS = 500
MOST_NAMED = 5
FEW = 2
"""A name or a comment that no more people have is worth naming."""
CLUSTERED = 0.6
"""The rank from which on pairs are joined to clusters: weak links would join half a class."""
ALIKE_IN_STRUCTURE, UNLIKE_IN_WORDS = 0.8, 0.3


@dataclass(frozen=True, slots=True)
class Pair:
    """Two submissions that share what few others have.  Shares are of the smaller of the two, from 0 to 1."""

    first: int
    second: int
    structure: float
    wording: float
    rank: float
    """How much there is to look at: likeness, the less the less evidence there is."""
    identical: bool
    names: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()

    @property
    def renamed(self) -> bool:
        """Whether the structure is the same and the words are not."""
        return self.structure >= ALIKE_IN_STRUCTURE and self.wording <= self.structure - UNLIKE_IN_WORDS


@dataclass(frozen=True, slots=True)
class Cluster:
    """Submissions that are connected by listed pairs, and the highest rank among these."""

    members: tuple[int, ...]
    rank: float


@dataclass(frozen=True, slots=True)
class Report:
    """What a comparison of a class found, the most telling first."""

    compared: int
    pairs: tuple[Pair, ...]
    clusters: tuple[Cluster, ...]
    left_out: int = 0
    """Pairs beyond those listed."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One submission as it is compared."""

    structure: frozenset[int]
    wording: frozenset[int]
    names: frozenset[str]
    comments: frozenset[str]
    whole: str


def compare(
    sources: Mapping[int, str], handed_out: Iterable[str] = (), language: Language = Language.PYTHON
) -> Generator[tuple[int, int], None, Report]:
    """Compare submissions by their number, one a person; `handed_out` is what everybody was given (starter, question).

    A generator: it says after each short step how many of how many are done, and returns the report.
    """
    total = 3 * len(sources)
    given = [_read(text, language) for text in handed_out]
    read: dict[int, _Read] = {}
    for number, text in sources.items():
        read[number] = _without(_read(text, language), given)
        yield len(read), total
    structure, wording_ = _Index(read, "structure"), _Index(read, "wording")
    for done, number in enumerate(read, 1):
        structure.count(number)
        wording_.count(number)
        if done % 16 == 0:
            yield len(read) + done, total
    pairs = []
    for done, pair in enumerate(_pairs(read, structure, wording_)):
        if pair is not None:
            pairs.append(pair)
        if done % 500 == 0:
            yield 2 * len(read) + min(len(read), done // 500), total
    pairs.sort(key=lambda pair: (-pair.rank, pair.first, pair.second))
    return Report(
        len(read),
        tuple(pairs[:MOST_PAIRS]),
        _clusters([pair for pair in pairs if pair.rank >= CLUSTERED]),
        max(0, len(pairs) - MOST_PAIRS),
    )


def _read(text: str, language: Language) -> _Read:
    found = tokens(text, language)
    kinds = [token.kind for token in found]
    structure, whole = winnowed(grams(kinds, RUN[language]), WINDOW), " ".join(token.text for token in found)
    if language is Language.PROSE:
        return _Read(structure, frozenset(), frozenset(), frozenset(), whole)
    words = [token.kind for token in wording(text)]
    return _Read(structure, frozenset(grams(words, WORDING_RUN)), own_names(text), comments(text), whole)


def _without(read: _Read, given: Sequence[_Read]) -> _Read:
    return _Read(
        read.structure.difference(*(each.structure for each in given)),
        read.wording.difference(*(each.wording for each in given)),
        read.names.difference(*(each.names for each in given)),
        read.comments.difference(*(each.comments for each in given)),
        read.whole,
    )


class _Index:
    """Who has which fingerprint, what each is worth, and what any two share."""

    def __init__(self, read: Mapping[int, _Read], part: str) -> None:
        self._prints: dict[int, frozenset[int]] = {number: getattr(each, part) for number, each in read.items()}
        holders = Counter(print_ for prints in self._prints.values() for print_ in prints)
        most = min(ALWAYS_COMMON, max(NEVER_COMMON, math.ceil(COMMON * len(read))))
        self._worth = {print_: math.log1p(len(read) / count) for print_, count in holders.items() if count <= most}
        self._seen: dict[int, list[int]] = defaultdict(list)
        self.shared: dict[tuple[int, int], float] = defaultdict(float)
        self.all = {
            number: sum(self._worth.get(each, 0.0) for each in prints) for number, prints in self._prints.items()
        }

    def count(self, number: int) -> None:
        """Add what this one shares with those that were counted before."""
        for print_ in self._prints[number]:
            worth = self._worth.get(print_)
            if worth is not None:
                for other in self._seen[print_]:
                    self.shared[other, number] += worth
                self._seen[print_].append(number)

    def share(self, pair: tuple[int, int]) -> float:
        """What two share, of the smaller one."""
        smaller = min(self.all[pair[0]], self.all[pair[1]])
        return min(1.0, self.shared.get(pair, 0.0) / smaller) if smaller else 0.0


def _pairs(read: Mapping[int, _Read], structure: _Index, words: _Index) -> Iterator[Pair | None]:
    """Everything that any two share: a pair where that is worth listing, else nothing."""
    names = Counter(name for each in read.values() for name in each.names)
    said = Counter(line for each in read.values() for line in each.comments)
    same: dict[str, list[int]] = defaultdict(list)
    for number, each in read.items():
        if each.structure or each.wording:
            same[each.whole].append(number)
    identical = {pair for numbers in same.values() for pair in combinations(numbers, 2)}
    for pair in structure.shared.keys() | words.shared.keys():
        alike, worded = structure.share(pair), words.share(pair)
        evidence = structure.shared.get(pair, 0.0) + words.shared.get(pair, 0.0)
        rank = max(alike, worded) * evidence / (evidence + EVIDENCE)
        if rank < LEAST:
            yield None
            continue
        one, other = read[pair[0]], read[pair[1]]
        shared = _rare(one.names & other.names, names), _rare(one.comments & other.comments, said)
        yield Pair(*pair, round(alike, 4), round(worded, 4), round(rank, 4), pair in identical, *shared)


def _rare(shared: Iterable[str], holders: Counter[str]) -> tuple[str, ...]:
    rare = [each for each in shared if holders[each] <= FEW and len(each) > 3]
    return tuple(sorted(rare, key=lambda each: (-len(each), each))[:MOST_NAMED])


def _clusters(pairs: Sequence[Pair]) -> tuple[Cluster, ...]:
    leader: dict[int, int] = {}

    def find(number: int) -> int:
        while leader.setdefault(number, number) != number:
            leader[number] = number = leader[leader[number]]
        return number

    for pair in pairs:
        leader[find(pair.second)] = find(pair.first)
    members: dict[int, list[int]] = defaultdict(list)
    for number in leader:
        members[find(number)].append(number)
    ranks: dict[int, float] = defaultdict(float)
    for pair in pairs:
        ranks[find(pair.first)] = max(ranks[find(pair.first)], pair.rank)
    found = [Cluster(tuple(sorted(each)), ranks[head]) for head, each in members.items()]
    return tuple(sorted(found, key=lambda cluster: (-cluster.rank, cluster.members)))

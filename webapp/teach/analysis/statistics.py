"""Numbers about items: pure, over plain values."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from statistics import median

FEWEST = 10
"""People below which a correlation says nothing."""
BINS = 10
MOST_DAYS = 45
"""A longer span is shown week by week."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One submission that was judged, as analysis reads it (`webapp.models.Fact`), with the mark that it has now."""

    user_id: int
    revision: str
    status: str
    share: float
    outcomes: str
    misconceptions: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Effort:
    """What it took somebody to solve an item."""

    attempts: int
    seconds: float
    """From the first submission to the one with full marks."""


@dataclass(frozen=True, slots=True)
class TestCount:
    """How a test went with everybody who sent something it ran on: first and last submissions."""

    __test__ = False

    place: int
    people: int
    failed_first: int
    failed_last: int

    @property
    def nobody_fails(self) -> bool:
        """Whether it tells nobody anything."""
        return self.people >= FEWEST and self.failed_first == 0

    @property
    def everybody_fails(self) -> bool:
        """Whether nobody has met it yet."""
        return self.people >= FEWEST and self.failed_last == self.people


@dataclass(frozen=True, slots=True)
class Period:
    """A day or a week: how many submissions there were, and how many of them made each mistake."""

    start: date
    submissions: int
    made: Mapping[str, int]


def discrimination(shares: Sequence[float], rest: Sequence[float]) -> float | None:
    """How well an item tells people apart: the correlation of its share with what they earned elsewhere.

    For an item that is right or wrong that is the point-biserial correlation with the rest score (Lord and Novick,
    "Statistical Theories of Mental Test Scores", 1968).  None for few people or where everybody is alike.
    """
    count = len(shares)
    if count < FEWEST:
        return None
    mean_one, mean_other = sum(shares) / count, sum(rest) / count
    both = one = other = 0.0
    for share, elsewhere in zip(shares, rest, strict=True):
        both += (share - mean_one) * (elsewhere - mean_other)
        one += (share - mean_one) ** 2
        other += (elsewhere - mean_other) ** 2
    return both / math.sqrt(one * other) if one > 1e-12 and other > 1e-12 else None


def middle(values: Iterable[float]) -> float | None:
    """The median, where there is one."""
    found = list(values)
    return median(found) if found else None


def histogram(shares: Iterable[float]) -> tuple[int, ...]:
    """How many shares lie in each tenth; full marks are in the last."""
    counts = [0] * BINS
    for share in shares:
        counts[min(BINS - 1, int(share * BINS + 1e-9))] += 1
    return tuple(counts)


def by_person(sent: Iterable[Sent]) -> dict[int, list[Sent]]:
    """Everybody's submissions, oldest first."""
    found: dict[int, list[Sent]] = defaultdict(list)
    for each in sorted(sent, key=lambda each: each.at):
        found[each.user_id].append(each)
    return found


def efforts(people: Mapping[int, Sequence[Sent]]) -> list[Effort]:
    """What it took those who solved it."""
    found = []
    for mine in people.values():
        place = next((place for place, each in enumerate(mine) if each.status == "passed"), None)
        if place is not None:
            found.append(Effort(place + 1, (mine[place].at - mine[0].at).total_seconds()))
    return found


def test_counts(people: Mapping[int, Sequence[Sent]], revision: str, tests: int) -> tuple[TestCount, ...]:
    """How each of a revision's tests went; submissions that were judged by another suite say nothing of them."""
    count, first_failed, last_failed = [0] * tests, [0] * tests, [0] * tests
    for mine in people.values():
        letters = [each.outcomes for each in mine if each.revision == revision and len(each.outcomes) == tests]
        for place in range(tests):
            ran = [each[place] for each in letters if each[place] != "-"]
            if ran:
                count[place] += 1
                first_failed[place] += ran[0] != "."
                last_failed[place] += ran[-1] != "."
    return tuple(TestCount(place, count[place], first_failed[place], last_failed[place]) for place in range(tests))


def made_by(people: Mapping[int, Sequence[Sent]]) -> Counter[str]:
    """How many people were told of each mistake at least once."""
    return Counter(name for mine in people.values() for name in {name for each in mine for name in each.misconceptions})


def periods(sent: Sequence[Sent], zone: tzinfo) -> tuple[Period, ...]:
    """Submissions and mistakes by day, by week where that is a long time; a period without any is there too.

    A day is one on the clocks of `zone`.
    """
    if not sent:
        return ()
    days = [each.at.astimezone(zone).date() for each in sent]
    first, last = min(days), max(days)
    length = 1 if (last - first).days < MOST_DAYS else 7
    first -= timedelta(days=first.weekday() if length == 7 else 0)
    counts: Counter[int] = Counter()
    made: dict[int, Counter[str]] = defaultdict(Counter)
    for day, each in zip(days, sent, strict=True):
        number = (day - first).days // length
        counts[number] += 1
        made[number].update(each.misconceptions)
    return tuple(
        Period(first + timedelta(days=length * number), counts[number], dict(made[number]))
        for number in range((last - first).days // length + 1)
    )


def chosen(people: Mapping[int, Sequence[Sent]], options: int) -> tuple[tuple[int, int], ...]:
    """For each option of a choice how many people picked it with their first and with their last submission."""
    first, last = [0] * options, [0] * options
    for mine in people.values():
        for counts, each in ((first, mine[0]), (last, mine[-1])):
            for number in each.outcomes.split():
                if number.isdigit() and 0 < int(number) <= options:
                    counts[int(number) - 1] += 1
    return tuple(zip(first, last, strict=True))

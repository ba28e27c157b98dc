"""The order in which workers take jobs, as `webapp.queue.fairness` has it, without a database."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from heapq import heappop, heappush

from webapp.queue.fairness import PATIENCE


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that waits."""

    number: int
    """Jobs are numbered in the order they come."""
    course: int
    student: int
    sent_at: float
    """In seconds, as all times here."""


class FairOrder:
    """First tries before what needs longer; half of the jobs by rounds, the other half round the courses."""

    def __init__(self) -> None:
        self._first, self._behind = _Line(), _Line()
        self._last_round: dict[int, float] = {}
        self._last_joined: dict[int, float] = {}
        """By student the round in which something of theirs that needs longer has joined."""
        self._courses_turn = False

    def add(self, job: Waiting, now: float) -> None:
        """Somebody has sent something: it gets the round that is served, or the one after their last."""
        served = self._served(now)
        given = max(served, self._last_round.get(job.student, -1.0) + 1)
        self._last_round[job.student] = given
        self._first.add(given, job, lengthy=False)

    def put_behind(self, job: Waiting) -> None:
        """A first try was not enough for it."""
        self._behind.add(self._last_round[job.student], job, lengthy=True)

    def take(self, now: float, *, lengthy_too: bool) -> tuple[Waiting, bool] | None:
        """The next job, and whether it is one that needs longer; None when there is none that may be taken."""
        self._take_along(now)
        for line in (self._first, self._behind):
            if (job := line.take(by_course=self._courses_turn, lengthy_too=lengthy_too)) is not None:
                self._courses_turn = not self._courses_turn
                return job
        return None

    def _served(self, now: float) -> float:
        earliest = self._first.earliest()
        return now * 1000 if earliest is None else earliest

    def _take_along(self, now: float) -> None:
        """What has stood behind for long enough takes its turn like everybody's."""
        while (oldest := self._behind.oldest()) is not None and now - oldest.sent_at > PATIENCE.total_seconds():
            self._behind.remove(oldest)
            given = max(self._served(now), self._last_joined.get(oldest.student, -1.0) + 1)
            self._last_joined[oldest.student] = given
            self._first.add(given, oldest, lengthy=True)


class _Line:
    """Jobs by round, and those of each course by round; what is taken through one is passed over in the other."""

    def __init__(self) -> None:
        self._all: list[tuple[float, int]] = []
        self._of_course: dict[int, list[tuple[float, int]]] = {}
        self._courses: deque[int] = deque()
        self._jobs: dict[int, tuple[Waiting, bool]] = {}
        self._rounds: dict[int, float] = {}
        self._came: deque[Waiting] = deque()

    def add(self, given: float, job: Waiting, *, lengthy: bool) -> None:
        self._jobs[job.number] = job, lengthy
        self._rounds[job.number] = given
        self._came.append(job)
        heappush(self._all, (given, job.number))
        own = self._of_course.setdefault(job.course, [])
        if not own:
            self._courses.append(job.course)
        heappush(own, (given, job.number))

    def earliest(self) -> float | None:
        """The round that is served; what needs longer does not hold it up."""
        number = self._head(self._all, lengthy_too=False)
        return None if number is None else self._rounds[number]

    def oldest(self) -> Waiting | None:
        while self._came and self._came[0].number not in self._jobs:
            self._came.popleft()
        return self._came[0] if self._came else None

    def take(self, *, by_course: bool, lengthy_too: bool) -> tuple[Waiting, bool] | None:
        number = self._head_of_course(lengthy_too) if by_course else None
        if number is None:
            number = self._head(self._all, lengthy_too=lengthy_too)
        return None if number is None else self._jobs.pop(number)

    def remove(self, job: Waiting) -> None:
        del self._jobs[job.number]

    def _head_of_course(self, lengthy_too: bool) -> int | None:
        for _ in range(len(self._courses)):
            course = self._courses.popleft()
            number = self._head(self._of_course[course], lengthy_too=lengthy_too)
            if self._of_course[course]:
                self._courses.append(course)
            if number is not None:
                return number
        return None

    def _head(self, heap: list[tuple[float, int]], *, lengthy_too: bool) -> int | None:
        passed = []
        found = None
        while heap and found is None:
            number = heap[0][1]
            if number not in self._jobs:
                heappop(heap)
            elif self._jobs[number][1] and not lengthy_too:
                passed.append(heappop(heap))
            else:
                found = number
        for each in passed:
            heappush(heap, each)
        return found

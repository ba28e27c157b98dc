"""What happens at a deadline, as values: who sends, when, and what it costs to judge."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of judging: how often it is met, and what it costs."""

    name: str
    share: float
    seconds: tuple[float, ...]
    """Measured times of a worker with such a job, from claim to verdict; one of them is drawn."""
    first_seconds: float = 0.0
    """What its first try costs when that is not enough and it has to go behind; 0 where the first try decides."""

    @property
    def mean(self) -> float:
        """Seconds of one worker, both tries."""
        return self.first_seconds + sum(self.seconds) / len(self.seconds)


@dataclass(frozen=True, slots=True)
class Costs:
    """What the work costs, as measured; `tests/simulate/measuring.py` finds it out on this machine."""

    works: tuple[Work, ...]
    database_seconds: float
    """Of one connection of the database, for everything that one submission asks of it."""
    rows_of: str = ""
    """Where the numbers come from: machine, date, command."""

    @property
    def mean(self) -> float:
        """Seconds of one worker that a submission takes, in the mean."""
        return sum(work.share * work.mean for work in self.works)


@dataclass(frozen=True, slots=True)
class Deadline:
    """How a course, or a faculty, sends towards a deadline."""

    students: int
    courses: int
    hours: float = 24.0
    """How long before the deadline the first of them begin."""
    sends: float = 4.0
    """Runs and submissions of one student, in the mean."""
    urgency: float = 1.5
    """Per hour: the rate of sending at t hours before the end goes like 1 / (1 + urgency t).

    That is the hyperbolic discounting by which people put work off (König and Kleinmann, "Deadline rush: a time
    management phenomenon and its mathematical description", The Journal of Psychology 139, 2005).
    """

    @property
    def total(self) -> float:
        """Submissions, in the mean."""
        return self.students * self.sends

    @property
    def peak(self) -> float:
        """Submissions a second in the last moment."""
        return self.total * self.urgency / math.log1p(self.urgency * self.hours) / 3600


@dataclass(frozen=True, slots=True)
class Sent:
    """One submission: seconds before the deadline as a negative number, who, in which course, what kind of work."""

    at: float
    student: int
    course: int
    work: int


def sent_by(deadline: Deadline, costs: Costs, seed: int, last_seconds: float) -> list[Sent]:
    """What is sent in the last `last_seconds`, in the order of time.

    Courses differ in size like 1, 1/2, 1/3, …: a few large ones and many small ones.
    """
    draw = random.Random(seed)
    share = math.log1p(deadline.urgency * last_seconds / 3600) / math.log1p(deadline.urgency * deadline.hours)
    count = round(deadline.total * share)
    course_of = _courses(deadline)
    bounds = list(accumulate(work.share for work in costs.works))
    found = []
    for _ in range(count):
        # The inverse of the distribution's integral: no rejection, so the same seed gives the same night.
        hours = math.expm1(draw.random() * math.log1p(deadline.urgency * last_seconds / 3600)) / deadline.urgency
        student = draw.randrange(deadline.students)
        chance = draw.random() * bounds[-1]
        work = next(place for place, bound in enumerate(bounds) if chance <= bound)
        found.append(Sent(-3600 * hours, student, course_of[student], work))
    return sorted(found, key=lambda each: each.at)


def _courses(deadline: Deadline) -> Sequence[int]:
    weights = [1 / (place + 1) for place in range(deadline.courses)]
    ends = [round(deadline.students * part / sum(weights)) for part in accumulate(weights)]
    courses: list[int] = []
    for course, end in enumerate(ends):
        courses += [course] * (end - len(courses))
    return courses

"""A cluster at a deadline, second by second: workers, the fair order, a database with so many processors."""

from __future__ import annotations

import random
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import simpy

from tests.bench.measuring import quantile
from tests.simulate.fair_order import FairOrder, Waiting
from tests.simulate.scenario import Costs, Sent


@dataclass(frozen=True, slots=True)
class Cluster:
    """What it is made of."""

    workers: int
    database_processors: int = 16


@dataclass(frozen=True, slots=True)
class Night:
    """What people felt: seconds from the click to the verdict."""

    cluster: Cluster
    mean: float
    p50: float
    p95: float
    p99: float
    most: float
    p95_of_first_tries: float
    """Of everything but what needs longer: an endless loop waits behind the others on purpose."""
    busy: float
    """The share of the workers' time that was used while work came in."""
    judged: int


def simulate(sent: Sequence[Sent], costs: Costs, cluster: Cluster, seed: int = 0) -> Night:
    """Let the night happen; it ends when everything is judged."""
    return _Night(sent, costs, cluster, seed).happen()


class _Night:
    def __init__(self, sent: Sequence[Sent], costs: Costs, cluster: Cluster, seed: int) -> None:
        self._sent, self._costs, self._cluster = sent, costs, cluster
        self._draw = random.Random(seed)
        self._environment = simpy.Environment(initial_time=sent[0].at)
        self._database = simpy.Resource(self._environment, cluster.database_processors)
        self._order = FairOrder()
        self._idle: list[simpy.Event] = []
        self._lengthy = 0
        self._most_lengthy = max(1, cluster.workers - 1)
        self._left = len(sent)
        self._waited: list[float] = []
        self._waited_first: list[float] = []
        self._busy = 0.0

    def happen(self) -> Night:
        for _ in range(self._cluster.workers):
            self._environment.process(self._worker())
        self._environment.process(self._people())
        self._environment.run()
        span = max(self._sent[-1].at - self._sent[0].at, 1e-9)
        waited = sorted(self._waited)
        return Night(
            self._cluster,
            round(sum(waited) / len(waited), 3),
            *(round(quantile(waited, part), 3) for part in (0.5, 0.95, 0.99)),
            round(waited[-1], 3),
            round(quantile(sorted(self._waited_first), 0.95), 3),
            round(self._busy / span / self._cluster.workers, 3),
            len(waited),
        )

    def _people(self) -> Generator[Any, Any, None]:
        for number, sent in enumerate(self._sent):
            if sent.at > self._environment.now:
                yield self._environment.timeout(sent.at - self._environment.now)
            self._order.add(Waiting(number, sent.course, sent.student, sent.at), self._environment.now)
            self._wake()

    def _wake(self) -> None:
        if self._idle:
            self._idle.pop().succeed()

    def _worker(self) -> Generator[Any, Any, None]:
        half = self._costs.database_seconds / 2
        while self._left:
            taken = self._order.take(self._environment.now, lengthy_too=self._lengthy < self._most_lengthy)
            if taken is None:
                event = self._environment.event()
                self._idle.append(event)
                yield event
                continue
            job, lengthy = taken
            self._lengthy += lengthy
            began = self._environment.now
            yield from self._ask_database(half)
            put_behind = yield from self._judge(job, lengthy)
            yield from self._ask_database(half)
            self._lengthy -= lengthy
            if began <= self._sent[-1].at:
                self._busy += self._environment.now - began
            if put_behind:
                self._order.put_behind(job)
            else:
                self._keep(job, lengthy)
            self._wake()

    def _judge(self, job: Waiting, lengthy: bool) -> Generator[Any, Any, bool]:
        work = self._costs.works[self._sent[job.number].work]
        if work.first_seconds and not lengthy:
            yield self._environment.timeout(work.first_seconds)
            return True
        yield self._environment.timeout(self._draw.choice(work.seconds))
        return False

    def _ask_database(self, seconds: float) -> Generator[Any, Any, None]:
        with self._database.request() as turn:
            yield turn
            yield self._environment.timeout(seconds)

    def _keep(self, job: Waiting, lengthy: bool) -> None:
        self._left -= 1
        self._waited.append(self._environment.now - job.sent_at)
        if not lengthy:
            self._waited_first.append(self._waited[-1])
        if not self._left:
            for event in self._idle:
                event.succeed()
            self._idle.clear()


def fewest_workers(sent: Sequence[Sent], costs: Costs, most_seconds: float, **parts: int) -> Night:
    """The smallest cluster that holds the 95th percentile of first tries; found by halving."""
    low, high = 0, 1
    while (night := simulate(sent, costs, Cluster(high, **parts))).p95_of_first_tries > most_seconds:
        low, high = high, 2 * high
    while high - low > max(1, high // 50):
        middle = (low + high) // 2
        tried = simulate(sent, costs, Cluster(middle, **parts))
        if tried.p95_of_first_tries <= most_seconds:
            high, night = middle, tried
        else:
            low = middle
    return night

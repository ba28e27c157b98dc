"""The simulated night: its order is the queue's, its arrivals are as asked for, its waits those of theory."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.client import Sandbox
from sandbox.model import SandboxUnavailable
from tests.simulate.cluster import Cluster, fewest_workers, simulate
from tests.simulate.fair_order import FairOrder, Waiting
from tests.simulate.scenario import Costs, Deadline, Sent, Work, sent_by

ROOT = Path(__file__).parents[2]
QUICK = Work("right", 1.0, (0.1,))


def taken(order: FairOrder, count: int) -> list[int]:
    found = (order.take(1.0, lengthy_too=True) for _ in range(count))
    return [each[0].number for each in found if each is not None]


def test_one_students_flood_delays_only_that_student() -> None:
    order = FairOrder()
    for number in range(100):
        order.add(Waiting(number, course=0, student=0, sent_at=0.0), 0.0)
    order.add(Waiting(100, course=0, student=1, sent_at=0.1), 0.1)
    assert 100 in taken(order, 3)


def test_a_small_course_does_not_wait_for_a_large_one() -> None:
    order = FairOrder()
    for number in range(300):
        order.add(Waiting(number, course=0, student=number, sent_at=0.0), 0.0)
    order.add(Waiting(300, course=1, student=300, sent_at=0.0), 0.0)
    assert 300 in taken(order, 4)


def test_what_needs_longer_waits_behind_first_tries_but_not_for_ever() -> None:
    order = FairOrder()
    loop = Waiting(0, course=0, student=0, sent_at=0.0)
    order.add(loop, 0.0)
    assert order.take(0.0, lengthy_too=True) == (loop, False)
    order.put_behind(loop)
    for number in range(1, 200):
        order.add(Waiting(number, course=0, student=number, sent_at=1.0), 1.0)
    assert 0 not in taken(order, 50)
    later = [order.take(70.0, lengthy_too=True) for _ in range(3)]
    assert (loop, True) in later


def test_everything_that_waits_is_taken_once() -> None:
    draw, order = random.Random(4), FairOrder()
    for number in range(500):
        order.add(Waiting(number, draw.randrange(5), draw.randrange(40), float(number)), float(number))
    assert sorted(taken(order, 501)) == list(range(500))


def test_arrivals_grow_towards_the_deadline_as_was_asked_for() -> None:
    deadline = Deadline(students=20_000, courses=10)
    sent = sent_by(deadline, Costs((QUICK,), 0.0), seed=1, last_seconds=3600)
    assert sent == sorted(sent, key=lambda each: each.at)
    last_minute = sum(each.at > -60 for each in sent) / 60
    assert last_minute == pytest.approx(deadline.peak, rel=0.2)
    assert {each.course for each in sent} == set(range(10))


def test_a_cluster_that_has_enough_workers_waits_for_nothing_but_the_judging() -> None:
    sent = [Sent(float(second), second, 0, 0) for second in range(50)]
    night = simulate(sent, Costs((QUICK,), 0.02), Cluster(2))
    assert night.judged == 50
    assert night.p50 == night.most == pytest.approx(0.12)


def test_a_single_worker_with_random_arrivals_waits_as_long_as_theory_says() -> None:
    """M/D/1: the mean wait before service is ρ D / 2 (1 - ρ); at ρ = 0.8 and D = 0.1 s, 0.2 s.

    F. Pollaczek, "Über eine Aufgabe der Wahrscheinlichkeitstheorie", Mathematische Zeitschrift 32, 1930.
    """
    draw, at, sent = random.Random(2), 0.0, []
    for number in range(40_000):
        at += draw.expovariate(8.0)
        sent.append(Sent(at, number, 0, 0))
    night = simulate(sent, Costs((QUICK,), 0.0), Cluster(1))
    assert night.mean - 0.1 == pytest.approx(0.2, rel=0.1)
    assert night.busy == pytest.approx(0.8, rel=0.05)


def test_the_fewest_workers_hold_the_limit_and_fewer_do_not() -> None:
    costs = Costs((Work("right", 0.99, (0.2,)), Work("endless loop", 0.01, (10.0,), 0.1)), 0.01)
    sent = sent_by(Deadline(students=4000, courses=5), costs, seed=3, last_seconds=1200)
    least = fewest_workers(sent, costs, 2.0)
    assert least.p95_of_first_tries <= 2.0
    assert simulate(sent, costs, Cluster(max(1, least.cluster.workers // 2))).p95_of_first_tries > 2.0


@pytest.mark.timeout(400)
def test_a_small_class_for_real_and_its_simulation_are_compared(tmp_path: Path) -> None:
    try:
        Sandbox.start().close()
    except SandboxUnavailable as missing:
        pytest.skip(str(missing))
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.simulate", "--class", "24", "--seconds", "8", "--students", "2000",
            "--courses", "4", "--loops", "0", "--build", str(tmp_path),
        ],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    document = json.loads((tmp_path / "simulate.json").read_text(encoding="utf-8"))
    assert document["small_run"]["judged"] == 24, done.stdout + done.stderr
    assert document["least"]["p95_of_first_tries"] <= 5.0

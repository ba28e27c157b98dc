"""``make bench``: verdicts a second of this grader beside cold pytest and beside the floor, in one run on one machine.

- grader-host: the product as it is: jail, proxy, hidden tests, verdict; warm.
- cold-pytest: ``pytest --in-process`` started anew for each submission, as platforms without a fork server do.
- floor: one bare fork of a warm process plus the same suite in-process, without any isolation of the tests.

Prints a table and writes ``build/bench.json``.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import subprocess
import sys
import time
import types
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import local

import torch

import questions
from grader.examiner.collection import load_module
from grader.examiner.session import SuiteSession
from grader.examiner.spec import Scope, spec_of
from grader.grading import Engine, Grader

ROOT = Path(__file__).parents[2]
BANK = ROOT / "questions" / "banks" / "attention"


@dataclass(frozen=True)
class Case:
    """One row: times of single submissions in seconds, and how many a second with all cores busy."""

    name: str
    times: list[float]
    per_second: float

    @property
    def median_ms(self) -> float:
        return statistics.median(self.times) * 1e3

    @property
    def p95_ms(self) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))] * 1e3


def timed(task, count):
    times = []
    for _ in range(count):
        started = time.perf_counter()
        task()
        times.append(time.perf_counter() - started)
    return times


def throughput(task, count, jobs):
    """Submissions a second with `jobs` at once."""
    started = time.perf_counter()
    with ThreadPoolExecutor(jobs) as pool:
        for future in [pool.submit(task) for _ in range(count)]:
            future.result()
    return count / (time.perf_counter() - started)


def bench_grader(item, source, count, jobs):
    engine = Engine()
    engine.warm()
    threads = local()
    graders = []

    def task():
        if not hasattr(threads, "grader"):
            threads.grader = Grader(engine)
            graders.append(threads.grader)
        verdict = threads.grader.grade(item, source, seed=0)
        if verdict.status != "passed":
            raise SystemExit(f"the submission should pass, it is {verdict.status}: {verdict}")

    try:
        timed(task, 5)
        times = timed(task, count)
        throughput(task, 4 * jobs, jobs)  # warms every thread
        return Case("grader-host", times, throughput(task, 2 * count, jobs))
    finally:
        for grader in graders:
            grader.close()
        engine.close()


def bench_cold(item, path, count, jobs):
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--in-process",
        "--submission", str(path), f"{item.path}::{item.id}",
    ]  # fmt: skip

    def task():
        done = subprocess.run(command, capture_output=True, check=False, cwd=ROOT)
        if done.returncode:
            raise SystemExit(f"cold pytest failed:\n{done.stdout.decode()}{done.stderr.decode()}")

    timed(task, 1)
    return Case("cold-pytest", timed(task, count), throughput(task, count, jobs))


class NoLink:
    """What a suite needs of a link when nothing is remote."""

    lost = None
    capturing = True
    arguments_changed = False

    def begin_test(self, name):
        """Nothing to tell anybody."""

    def restore_arguments(self):
        """Nothing crossed."""


def bench_floor(item, source, count, jobs):
    session = SuiteSession(spec_of(item))
    for _ in range(5):  # warm: what a fork then inherits
        session.run(NoLink(), load_module("submission", source.decode(), "submission.py"), 0, Scope.ALL)
    gc.collect()
    gc.freeze()

    def run():
        module: types.ModuleType = load_module("submission", source.decode(), "submission.py")
        results = session.run(NoLink(), module, 0, Scope.ALL)
        os._exit(0 if all(result.status == "passed" for result in results) else 1)

    def task():
        pid = os.fork()
        if pid == 0:
            run()
        if os.waitpid(pid, 0)[1]:
            raise SystemExit("the floor's suite failed")

    timed(task, 5)
    times = timed(task, count)
    per_process = count // jobs
    started = time.perf_counter()
    parents = []
    for _ in range(jobs):
        pid = os.fork()
        if pid == 0:
            timed(task, per_process)
            os._exit(0)
        parents.append(pid)
    for pid in parents:
        os.waitpid(pid, 0)
    return Case("floor", times, per_process * jobs / (time.perf_counter() - started))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--item", default="scaled-dot-product-attention")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--cold", type=int, default=6, help="how many cold runs (they take seconds)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args()
    torch.set_num_threads(1)
    item = questions.load_bank(BANK).item(options.item)
    assert item is not None
    assert item.reference is not None
    source = item.reference.source.encode()
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    path = build / "bench_submission.py"
    path.write_bytes(source)
    cases = [
        bench_grader(item, source, options.count, options.jobs),
        bench_cold(item, path, options.cold, options.jobs),
        bench_floor(item, source, options.count, options.jobs),
    ]
    (build / "bench.json").write_text(json.dumps({
        "item": item.id, "tests": len(item.test_specs), "jobs": options.jobs,
        "cases": [
            {"name": c.name, "median_ms": c.median_ms, "p95_ms": c.p95_ms, "per_second": c.per_second} for c in cases
        ],
    }, indent=1))  # fmt: skip
    grader, cold, floor = cases
    print(f"{item.id}: {len(item.test_specs)} tests, {options.jobs} at once for the last column")
    print(f"{'':14}{'median ms':>12}{'p95 ms':>12}{'a second':>12}")
    for case in cases:
        print(f"{case.name:14}{case.median_ms:12.1f}{case.p95_ms:12.1f}{case.per_second:12.1f}")
    print(f"throughput over cold pytest: {grader.per_second / cold.per_second:.0f} times")
    print(f"time over the floor: {grader.median_ms / floor.median_ms:.2f} times")


if __name__ == "__main__":
    main()

"""How steady the figures of the fixture `measure` are: `python -m tests.bench.steadiness`.

Thirty candidates each, with nothing else asked for, and then with two endless loops beside them.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import torch

from grader.examiner.link import Link
from grader.examiner.measuring import Measure, Used
from grader.examiner.meter import Meter
from grader.examiner.proxies import SubmissionProxy, stand_in
from sandbox.client import Connection, Sandbox
from sandbox.frames import Channel
from sandbox.model import JobLimits

REPETITIONS = 30
LENGTH, WIDTH, BLOCK = 4096, 64, 128
SOURCE = """
import torch


def whole(q, k, v, block):
    return (q @ k.T / q.shape[1] ** 0.5).softmax(-1) @ v


def blockwise(q, k, v, block):
    top, total, out = torch.full(q.shape[:1], float("-inf")), torch.zeros(q.shape[0]), torch.zeros_like(q)
    for start in range(0, k.shape[0], block):
        scores = q @ k[start : start + block].T / q.shape[1] ** 0.5
        new = torch.maximum(top, scores.amax(1))
        weights, keep = (scores - new[:, None]).exp(), (top - new).exp()
        total, out, top = total * keep + weights.sum(1), out * keep[:, None] + weights @ v[start : start + block], new
    return out / total[:, None]


def held(rows):
    return torch.ones(rows, 4096).sum()


def matmul(a):
    return a @ a


def running(x):
    return x.cumsum(0) / torch.arange(1, len(x) + 1)[:, None]
"""
Calls = dict[str, Callable[[Any, Measure], Used]]


def calls() -> Calls:
    """What is measured, by name."""
    q, k, v = torch.randn(3, LENGTH, WIDTH)
    return {
        "returns a number": lambda it, measure: measure(it.held, 1),
        "a tensor of 64 MB": lambda it, measure: measure(it.held, 4096),
        "attention whole, 4096 x 4096": lambda it, measure: measure(it.whole, q, k, v, BLOCK),
        "attention in blocks of 128": lambda it, measure: measure(it.blockwise, q, k, v, BLOCK),
        "matmul 32 x 32": lambda it, measure: measure(it.matmul, torch.randn(32, 32)),
        "matmul 256 x 256": lambda it, measure: measure(it.matmul, torch.randn(256, 256)),
        "matmul 1024 x 1024": lambda it, measure: measure(it.matmul, torch.randn(1024, 1024)),
        "running mean of 100000 x 8": lambda it, measure: measure(it.running, torch.randn(100_000, 8)),
    }


def one(connection: Connection, call: Callable[[Any, Measure], Used], *, warm: bool) -> Used:
    """A candidate of its own, and a call measured; before it, small ones of everything when `warm`."""
    limits = JobLimits(cpu_seconds=30, memory_bytes=2**30)
    with connection.open(limits) as candidate:
        channel = Channel(candidate.socket, time.monotonic() + 60)
        link = Link(channel, 0, stand_in=stand_in, meter=Meter(candidate.measure))
        it = SubmissionProxy(link, link.load(SOURCE, {}))
        if warm:
            small = torch.randn(256, WIDTH)
            for function in (it.whole, it.blockwise):
                function(small, small, small, 64)
            it.held(1), it.matmul(small[:64]), it.running(small)
        return call(it, Measure())


def table(connection: Connection, title: str) -> None:
    """Least, median and most of each."""
    print(title)
    for name, call in calls().items():
        for warm in (False, True):
            used = [one(connection, call, warm=warm) for _ in range(REPETITIONS)]
            peaks = [each.peak_bytes / 2**20 for each in used]
            resident = [each.resident_bytes / 2**20 for each in used]
            seconds = [1000 * each.seconds for each in used]
            columns = [f"{min(x):8.2f} {statistics.median(x):8.2f} {max(x):8.2f}" for x in (peaks, resident, seconds)]
            print(
                f"{name:30} {'warm ' if warm else 'first'}  MB {columns[0]}  rest {columns[1]}  ms {columns[2]}",
                flush=True,
            )


def main() -> None:
    """Both tables."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    with Sandbox.start() as sandbox, sandbox.connect() as connection:
        table(connection, "nothing beside it (that we started)")
        busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
        try:
            table(connection, "two busy loops beside it")
        finally:
            for loop in busy:
                loop.kill()
                loop.wait()


if __name__ == "__main__":
    main()

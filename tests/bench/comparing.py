"""The comparison: contenders that can be had take turns; what cannot be had is named with the reason."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path

import torch

from grader.grading import Engine
from sandbox.model import SandboxUnavailable
from sandbox.placement import Host
from tests.bench import containers, contenders, otter
from tests.bench.contenders import CannotRun, Contender
from tests.bench.measuring import take_turns, warm
from tests.bench.mix import the_mix
from tests.bench.plot import plot
from tests.bench.report import as_document, report_of, table, write

Open = Callable[[int], AbstractContextManager[Contender]]


def known(*, with_otter: bool) -> dict[str, Open]:
    """Every contender, by name, in the order of the table."""

    def host(jobs: int) -> AbstractContextManager[Contender]:
        return contenders.grader("grader-host", Engine(Host()), jobs)

    return {
        "grader-host": host,
        "grader-container": containers.grader_container,
        "container-per-submission": containers.container_per_submission,
        "cold-pytest": contenders.cold_pytest,
        "otter": otter.otter if with_otter else _left_out,
        "floor": contenders.floor,
    }


def _left_out(jobs: int) -> AbstractContextManager[Contender]:
    raise CannotRun('only with ARGS="--with-otter"')


def run(*, jobs: int, rounds: int, quick: bool, with_otter: bool, only: tuple[str, ...], build: Path) -> int:
    """Measure, print the table, write `bench.json` and `bench.svg`."""
    torch.set_num_threads(1)
    mix = the_mix(2 if quick else 4)
    missing: dict[str, str] = {}
    with ExitStack() as opened:
        there = []
        for name, open_it in known(with_otter=with_otter).items():
            if only and name not in only:
                missing[name] = "not asked for"
                continue
            _tell(f"starting {name}")
            try:
                contender = opened.enter_context(open_it(jobs))
                warm(contender, mix)
                there.append(contender)
            except (CannotRun, SandboxUnavailable) as error:
                missing[name] = str(error)
        measure = partial(take_turns, slow_alone=1, slow_at_once=jobs) if quick else partial(
            take_turns, slow_alone=2, slow_at_once=2 * jobs
        )  # fmt: skip
        tallies = measure(there, mix, rounds=rounds, tell=_tell)
    report = report_of(tallies, missing, jobs=jobs, rounds=rounds, mix=len(mix))
    _tell("")
    print(table(report))
    write(build, "bench.json", as_document(report))
    (build / "bench.svg").write_text(plot(report), encoding="utf-8")
    print(f"written: {build / 'bench.json'}, {build / 'bench.svg'}")
    return 0


def _tell(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{what}", end="", file=sys.stderr, flush=True)

"""Ten thousand submissions: is the last one as cheap as the first, and does any process grow?"""

from __future__ import annotations

import itertools
import os
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.grading import Engine, Grader
from tests.bench.mix import Submission, the_mix
from tests.bench.report import machine, write

BLOCKS = 20


@dataclass(frozen=True, slots=True)
class Block:
    """What a part of the submissions cost, and what the grader's processes weigh after it."""

    submissions: int
    milliseconds: float
    """Of processor and waiting, for each: the block's time times the lanes, by its submissions."""
    megabytes: float
    """Proportional set size of all the grader's processes, this one among them."""
    processes: int


def run(*, count: int, jobs: int, build: Path) -> int:
    """Print a line for each block and write `build/growth.json`."""
    mix = the_mix()
    engine = Engine()
    graders = [Grader(engine) for _ in range(jobs)]
    blocks: list[Block] = []
    try:
        engine.warm()
        _grade(graders, iter(mix * 2))  # every grader has seen every item
        endless = itertools.cycle(mix)
        size = max(1, count // BLOCKS)
        print(f"{'submissions':>12}{'ms each':>10}{'MB':>9}{'processes':>11}")
        for number in range(count // size):
            started = time.perf_counter()
            _grade(graders, itertools.islice(endless, size))
            seconds = time.perf_counter() - started
            weight, processes = _weight()
            blocks.append(
                Block((number + 1) * size, round(1e3 * jobs * seconds / size, 2), round(weight, 1), processes)
            )
            print(f"{blocks[-1].submissions:12}{blocks[-1].milliseconds:10.1f}{weight:9.0f}{processes:11}", flush=True)
    finally:
        for grader in graders:
            grader.close()
        engine.close()
    half = max(1, len(blocks) // 2)
    first, second = (
        statistics.median(b.milliseconds for b in part) for part in (blocks[:half], blocks[half:] or blocks)
    )
    start = blocks[min(1, len(blocks) - 1)]  # while the first block runs, caches still fill
    cost, grown = round(second / first, 3), round(blocks[-1].megabytes - start.megabytes, 1)
    print(f"the second half costs {cost:.2f} times the first; {grown:+.1f} MB since submission {start.submissions}")
    document = {"machine": machine(), "blocks": [asdict(block) for block in blocks], "cost": cost, "grown_mb": grown}
    print(f"written: {write(build, 'growth.json', document)}")
    return 0


def _grade(graders: list[Grader], submissions: Iterator[Submission]) -> None:
    def work(grader: Grader) -> None:
        for submission in submissions:
            verdict = grader.grade(submission.item, submission.source.encode(), seed=0)
            if (verdict.status == "passed") != submission.right:
                print(f"UNEXPECTED: {submission.label} was {verdict.status}", file=sys.stderr)

    with ThreadPoolExecutor(len(graders)) as pool:
        list(pool.map(work, graders))


def _weight() -> tuple[float, int]:
    """Megabytes of this process and all below it, shared pages by their share, and how many processes there are."""
    return weight(family(os.getpid()))


def weight(pids: Iterable[int]) -> tuple[float, int]:
    """Megabytes of processes, shared pages by their share, and how many of them there are."""
    total, count = 0.0, 0
    for pid in pids:
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) / 1024
                    count += 1
        except OSError:
            continue  # a candidate that has ended meanwhile
    return total, count


def family(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in task.read_text().split():
                yield from family(int(child))
        except OSError:
            continue


def processor_seconds(pid: int) -> tuple[float, float]:
    """Processor time of a process, and of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0, 0.0
    user, system, user_ended, system_ended = (int(field) / os.sysconf("SC_CLK_TCK") for field in fields[11:15])
    return user + system, user_ended + system_ended

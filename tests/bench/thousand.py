"""A thousand submissions through what `workshop grade` does (`grader.bulk`), once it has read a folder.

Half are right, half wrong, all five coding items, in one shuffled order, and no two sources are equal: known ones
under other comments and names of local variables, as a class writes them.  Beside it, in the same run, a sample of them
in a container for each.
"""

from __future__ import annotations

import ast
import random
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from unittest.mock import patch

from grader.bulk import model as bulk
from grader.bulk.contents import held
from grader.bulk.journal import Journal
from grader.bulk.running import Bulk
from grader.bulk.seal import own_seal
from grader.bulk.sources import Source, Terms
from grader.verdict import Status, Verdict
from tests.bench.containers import container_per_submission
from tests.bench.contenders import CannotRun
from tests.bench.mix import Submission, coding_items, known_of
from tests.bench.report import machine, write

SAMPLE = 30
SECONDS, TIMES = 15, 150
"""The goals: for a thousand, warm, and over a container for each."""


@dataclass(frozen=True, slots=True)
class Run:
    """What `workshop grade` took: all of it, and from the first verdict on, suites still to be collected included."""

    submissions: int
    cold_seconds: float
    warm_seconds: float
    second_half_per_second: float
    """Verdicts, when every lane has met every item."""
    unexpected: tuple[str, ...]
    """Right ones that did not pass, wrong ones that did."""

    @property
    def per_second(self) -> float:
        """Warm."""
        return self.submissions / self.warm_seconds


def run(*, count: int, jobs: int, build: Path, containers: bool = True) -> int:
    """Print what was measured and write `build/thousand.json`; exit status 1 when a verdict was not as known."""
    chosen = varied(count)
    ours = workshop_grade(chosen, jobs)
    warm = f"{ours.submissions} in {ours.warm_seconds:.1f} s warm, {ours.per_second:.1f} a second"
    print(f"workshop grade, {jobs} at once: {warm}")
    print(f"from a cold start: {ours.cold_seconds:.1f} s")
    print(f"1,000 warm in {1000 / ours.per_second:.1f} s (goal {SECONDS})")
    theirs, missing = None, "not asked for"
    if containers:
        try:
            theirs = _in_containers(chosen[:SAMPLE], jobs)
            times = f"{ours.per_second / theirs:.0f} times (goal {TIMES})"
            print(f"a container for each of {len(chosen[:SAMPLE])}: {theirs:.3f} a second; {times}")
        except CannotRun as error:
            missing = str(error)
            print(f"a container for each: not measured: {missing}")
    for label in ours.unexpected:
        print(f"UNEXPECTED: {label}", file=sys.stderr)
    document = {
        "machine": machine(),
        **asdict(ours),
        "jobs": jobs,
        "per_second": round(ours.per_second, 2),
        "containers_per_second": theirs,
        "containers_missing": missing if theirs is None else "",
        "times": None if theirs is None else round(ours.per_second / theirs, 1),
    }
    print(f"written: {write(build, 'thousand.json', document)}")
    return 1 if ours.unexpected else 0


def workshop_grade(chosen: Sequence[Submission], jobs: int) -> Run:
    """What the command does with a folder that it has read, each verdict shown as it comes."""
    submissions = [
        bulk.Submission(str(number), held(one.source.encode()), item=one.item) for number, one in enumerate(chosen)
    ]
    unexpected: list[str] = []

    def show(result: bulk.Graded) -> None:
        one = chosen[int(result.path)]
        if result.verdict is None:
            unexpected.append(f"{one.label}: {result.problem.en}")
        elif (result.verdict.status is Status.PASSED) is not one.right:
            unexpected.append(one.label)

    started = time.perf_counter()
    with closing(Journal.passing(own_seal())) as journal, _moments(journal) as judged:
        Bulk(submissions, Terms(0, 0), journal, resume=False).run(jobs, show)
    ended = time.perf_counter()
    if len(judged) != len(chosen):
        raise RuntimeError(f"{len(judged)} of {len(chosen)} were graded")
    warm = max(judged[-1] - judged[0], 1e-3)
    return Run(
        len(chosen), round(ended - started, 2), round(warm, 3), round(second_half_rate(judged), 2), tuple(unexpected)
    )


@contextmanager
def _moments(journal: Journal) -> Iterator[list[float]]:
    """When each verdict was written down: they are shown later, in the order of the input."""
    moments: list[float] = []
    keep = journal.keep

    def kept(source: Source, verdict: Verdict) -> int:
        moments.append(time.perf_counter())
        return keep(source, verdict)

    with patch.object(journal, "keep", kept):
        yield moments


def second_half_rate(judged: Sequence[float]) -> float:
    """Verdicts a second between the middle one and the last, of moments in their order."""
    middle = len(judged) // 2
    return (len(judged) - 1 - middle) / max(judged[-1] - judged[middle], 1e-3)


def _in_containers(sample: Sequence[Submission], jobs: int) -> float:
    """Submissions a second, each in a container of its own, as many at once."""
    with container_per_submission(jobs) as contender:
        contender.lanes[0](sample[0])
        left = iter(sample)

        def work(lane_number: int) -> None:
            for submission in left:
                contender.lanes[lane_number](submission)

        started = time.perf_counter()
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(work, range(jobs)))
        return round(len(sample) / (time.perf_counter() - started), 3)


# A class's worth of sources ------------------------------------------------------------------------------------------


def varied(count: int) -> list[Submission]:
    """`count` submissions, as many of each item, half of them right, no two with the same source.

    All that are known take part in turns, at even distances where there are more than are needed.
    """
    items = coding_items()
    share = count // (2 * len(items))
    chosen = []
    for item in items:
        reference, golden, misconceptions, wrong = known_of(item)
        for known in (reference + golden, misconceptions + wrong):
            rounds = -(-share // len(known))
            for turn in range(rounds):
                part = known if turn else known[:: max(1, len(known) // share)]
                chosen += [another_hand(one, turn) for one in part[: share - turn * len(known)]]
    random.Random(2026).shuffle(chosen)
    return [replace(one, source=f"{one.source.rstrip()}\n\n# {number}\n") for number, one in enumerate(chosen)]


def another_hand(known: Submission, turn: int) -> Submission:
    """The same as somebody else would have it: every other time with other names for what is local."""
    if turn % 2 == 0:
        return known
    tree = ast.parse(known.source)
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            _rename_locals(function, f"_{turn}")
    return replace(known, source=ast.unparse(tree))


_SCOPES = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom)


def _rename_locals(function: ast.FunctionDef, ending: str) -> None:
    """Add `ending` to names that a function without others inside assigns to; not its parameters."""
    inside = list(_below(function))
    if any(isinstance(node, _SCOPES) for node in inside) or {"locals", "vars", "exec"} & {
        node.id for node in inside if isinstance(node, ast.Name)
    }:
        return
    given = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
    assigned = {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)} - given
    for node in inside:
        if isinstance(node, ast.Name) and node.id in assigned:
            node.id += ending


def _below(function: ast.FunctionDef) -> Iterator[ast.AST]:
    for statement in function.body:
        yield from ast.walk(statement)

"""The same submission, revision and seed give the same verdict, however busy the machine is.

Statuses that hang on time are at risk: a right answer that is slow, a loop that is stopped early, a crash that is seen
late.  So each kind of end is graded again and again while other processes keep every core busy, every other time as
workers do it: a first try with little processor time, then, where that tells nothing, the whole.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from grader.documents import verdict_to_json
from grader.first_tries import FirstTries
from grader.grading import Engine, Grader, Scope
from grader.verdict import Verdict
from questions.model import Item
from tests.bench.mix import coding_items, known_of

SPIN = "import os\nwhile os.getppid() == {parent}:\n    sum(range(100_000))"


@dataclass(frozen=True, slots=True)
class Case:
    """A submission and the status it always has."""

    name: str
    item: Item
    source: str
    status: str


def cases(seconds: float = 0.5) -> list[Case]:
    """Every kind of end, on one item that allows `seconds`, so that the endless ones do not take all day."""
    item = coding_items()[0]
    item = replace(item, limits=replace(item.limits, seconds=seconds))
    (reference,), golden, misconceptions, wrong = known_of(item)
    by_name = {known.name: known for known in misconceptions + wrong}
    before, name = reference.source, "attention_weighted_sum"

    def instead(body: str) -> str:
        return f"{before}\n\ndef {name}(inputs, attention_weights):\n    {body}\n"

    def after_three_calls(body: str) -> str:
        return (
            f"{before}\n\nright, calls = {name}, []\n\ndef {name}(inputs, attention_weights):\n    calls.append(1)\n"
            f"    if len(calls) > 3:\n        {body}\n    return right(inputs, attention_weights)\n"
        )

    return [
        Case("right", item, before, "passed"),
        Case("right, written in another way", item, golden[0].source, "passed"),
        Case("right, slow by the clock", item, before + "\nimport time; time.sleep(0.3)\n", "passed"),
        Case("a misconception", item, by_name["misconception mean"].source, "partial"),
        Case("wrong", item, by_name["wrong/sigmoid_weights.py"].source, "partial"),
        Case("no syntax", item, "def :", "error"),
        Case("endless loop", item, instead("while True: pass"), "timeout"),
        Case("endless loop after three calls", item, after_three_calls("while True: pass"), "timeout"),
        Case("too much memory", item, instead("return [bytes(2**24) for _ in range(2**16)]"), "memory"),
        Case("abort", item, instead("__import__('os').abort()"), "crashed"),
        Case("abort after three calls", item, after_three_calls("__import__('os').abort()"), "crashed"),
    ]


def told(verdict: Verdict) -> str:
    """What must be the same: all of a verdict but the time and the memory it took."""
    document = verdict_to_json(verdict)
    document.pop("resources", None)
    for test in document["tests"]:
        test.pop("seconds", None)
    return json.dumps(document, sort_keys=True)


@contextlib.contextmanager
def busy(processes: int) -> Iterator[None]:
    """Processes that do nothing but compute; they end with this one, however that ends."""
    spinning = [
        subprocess.Popen([sys.executable, "-c", SPIN.format(parent=os.getpid())]) for _ in range(processes)
    ]  # fmt: skip
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.wait()


def repeat(
    engine: Engine, wanted: Sequence[Case], *, times: int, jobs: int, tell: Callable[[str], None] = lambda _: None
) -> dict[str, Counter[str]]:
    """Grade every case `times` times, `jobs` at once; for each case its different verdicts and how often each came."""
    found = {case.name: Counter[str]() for case in wanted}
    order = iter([case for _ in range(times) for case in wanted])

    def work(number: int) -> None:
        tries = FirstTries()
        with Grader(engine) as grader:
            for done, case in enumerate(order):
                content, verdict = case.source.encode(), None
                if (done + number) % 2:
                    verdict = tries.grade(grader, case.item, content, seed=7, scope=Scope.ALL)
                if verdict is None:
                    verdict = grader.grade(case.item, content, seed=7)
                found[case.name][told(verdict)] += 1
                if number == 0 and done % 50 == 0:
                    tell(f"{sum(sum(verdicts.values()) for verdicts in found.values())} of {times * len(wanted)}")

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(work, range(jobs)))
    return found


def faults(wanted: Sequence[Case], found: dict[str, Counter[str]]) -> list[str]:
    """What is not as it should be, in words."""
    said = []
    for case in wanted:
        verdicts = found[case.name]
        statuses = {json.loads(text)["status"] for text in verdicts}
        if len(verdicts) != 1:
            said.append(
                f"{case.name}: {len(verdicts)} different verdicts: {sorted(verdicts.values())} {sorted(statuses)}"
            )
        elif statuses != {case.status}:
            said.append(f"{case.name}: {statuses.pop()} instead of {case.status}")
    return said


def run(*, times: int, jobs: int) -> int:
    """Print how often each case was graded and what differed; status 1 when anything did."""
    wanted = cases()
    engine = Engine()
    started = time.monotonic()
    try:
        engine.warm()
        with busy(os.cpu_count() or 2):
            found = repeat(engine, wanted, times=times, jobs=jobs, tell=_tell)
    finally:
        engine.close()
    _tell("")
    problems = faults(wanted, found)
    spinning = f"beside {os.cpu_count()} busy processes; load {os.getloadavg()[0]:.1f}"
    print(f"each graded {times} times, {jobs} at once, {spinning}")
    for case in wanted:
        print(f"  {case.name:32}{case.status:9}{len(found[case.name])} verdict(s) in {sum(found[case.name].values())}")
    for problem in problems:
        print(f"DIFFERENT: {problem}")
    print(f"{time.monotonic() - started:.0f} s; {'all the same' if not problems else f'{len(problems)} differ'}")
    return 1 if problems else 0


def _tell(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{what}", end="", file=sys.stderr, flush=True)

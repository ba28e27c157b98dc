"""Who is compared.  A contender opens lanes; a lane judges one submission at a time and says whether it passed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.grading import Engine, Grader
from tests.bench.mix import Submission
from tests.bench.suites import write_suites

ROOT = Path(__file__).parents[2]
THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Several at once on few cores are faster so, whoever it is."""

Lane = Callable[[Submission], bool]


class CannotRun(Exception):
    """This contender cannot be had on this machine; the text says why."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A name and its lanes, all warm.  `slow` ones take seconds and get fewer submissions."""

    name: str
    lanes: list[Lane]
    slow: bool = False


@contextmanager
def grader(name: str, engine: Engine, jobs: int) -> Iterator[Contender]:
    """The product: one engine, a grader for each lane, warm for every item once it has seen it."""

    def lane(own: Grader) -> Lane:
        return lambda submission: own.grade(submission.item, submission.source.encode(), seed=0).status == "passed"

    with ExitStack() as open_things:
        open_things.callback(engine.close)
        engine.warm()
        yield Contender(name, [lane(open_things.enter_context(Grader(engine))) for _ in range(jobs)])


@contextmanager
def floor(jobs: int) -> Iterator[Contender]:
    """The same suites in bare forks of warm processes (`tests.bench.floor`), without any isolation."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench.floor"],
            cwd=ROOT,
            env={**os.environ, **THREADS},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        for _ in range(jobs)
    ]

    def ask(process: subprocess.Popen[str], question: str) -> str:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{question}\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    def lane(process: subprocess.Popen[str]) -> Lane:
        def judge(submission: Submission) -> bool:
            answer = ask(process, submission.label)
            if answer not in ("passed", "failed"):
                raise RuntimeError(f"the floor broke at {submission.label}: {answer!r}")
            return answer == "passed"

        return judge

    try:
        for process in processes:
            if ask(process, "ready?") != "ready":
                raise CannotRun("the floor's process did not start")
        yield Contender("floor", [lane(process) for process in processes])
    finally:
        for process in processes:
            assert process.stdin is not None
            process.stdin.close()
            process.wait()


@contextmanager
def cold_pytest(jobs: int) -> Iterator[Contender]:
    """Python, torch and pytest started anew for each submission, as a plain pytest file."""
    with tempfile.TemporaryDirectory(prefix="workshop-bench-") as folder:
        suites = write_suites(Path(folder))

        def lane(number: int) -> Lane:
            def judge(submission: Submission) -> bool:
                file = Path(folder, f"submission{number}.py")
                file.write_text(submission.source, encoding="utf-8")
                environment = {**os.environ, **THREADS, "SUBMISSION": str(file), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
                command = [
                    sys.executable,
                    "-m",
                    "pytest",
                    "-q",
                    "-p",
                    "no:cacheprovider",
                    str(suites[submission.item.id]),
                ]
                return passed(subprocess.run(command, capture_output=True, check=False, cwd=folder, env=environment))

            return judge

        yield Contender("cold-pytest", [lane(number) for number in range(jobs)], slow=True)


def passed(done: subprocess.CompletedProcess[bytes]) -> bool:
    """Whether pytest says that all passed.  Anything but passed (0) or failed (1) is no answer."""
    if done.returncode not in (0, 1):
        said = (done.stdout + done.stderr).decode(errors="replace")[-2000:]
        raise RuntimeError(f"status {done.returncode} from {done.args}:\n{said}")
    return done.returncode == 0

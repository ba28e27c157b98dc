"""Otter-Grader from PyPI, which many data science courses use: `otter run` for each submission, without a container.

Installed below build/ on demand.  Otter runs the submission in a Jupyter kernel and the tests in the same process; here
each item is an assignment of one exception-style test, which runs the same plain pytest suite as the others.  It has no
torch of its own and borrows this environment's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.contenders import ROOT, THREADS, CannotRun, Contender, Lane
from tests.bench.mix import Submission
from tests.bench.suites import write_suites

VERSION = "7.0.0"
HOME = ROOT / "build" / "otter"
INSTALL_SECONDS = 900

TEST = """\
from otter.test_files import test_case

OK_FORMAT = False
name = "suite"
points = 1


@test_case(points=1, hidden=False)
def test_suite(env):
    import sys
    import types

    import pytest

    sys.modules["submission"] = types.ModuleType("submission")
    sys.modules["submission"].__dict__.update(env)
    code = pytest.main(["-q", "-s", "-p", "no:cacheprovider", "-c", "/dev/null", {suite!r}])
    assert code == 0
"""


@contextmanager
def otter(jobs: int) -> Iterator[Contender]:
    """An assignment for each item; full marks are a pass."""
    program = _installed()
    # Kernels are found by the environment's own folder coming first.
    environment = {
        **os.environ,
        **THREADS,
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    with tempfile.TemporaryDirectory(prefix="workshop-bench-") as folder:
        assignments = {
            item: _assignment(program, Path(folder, "assignments", item), suite, environment)
            for item, suite in write_suites(Path(folder, "suites")).items()
        }

        def lane(number: int) -> Lane:
            own = Path(folder, f"lane{number}")
            own.mkdir()
            results = own / "results.json"

            def judge(submission: Submission) -> bool:
                results.unlink(missing_ok=True)
                (own / "submission.py").write_text(submission.source, encoding="utf-8")
                command = [
                    program,
                    "run",
                    "--no-logo",
                    "-a",
                    assignments[submission.item.id],
                    "-o",
                    own,
                    "submission.py",
                ]
                done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=own, env=environment)
                if not results.exists():
                    return False  # the submission could not be run at all
                scores = [test["score"] for test in json.loads(results.read_text())["tests"] if "score" in test]
                if not scores:
                    raise RuntimeError(f"otter gave no score: {done.stdout}{done.stderr}")
                return all(scores)

            return judge

        yield Contender("otter", [lane(number) for number in range(jobs)], slow=True)


def _assignment(program: Path, folder: Path, suite: Path, environment: dict[str, str]) -> Path:
    tests = folder / "tests"
    tests.mkdir(parents=True)
    (tests / "suite.py").write_text(TEST.format(suite=str(suite)), encoding="utf-8")
    command = [
        program,
        "generate",
        "-t",
        tests,
        "-o",
        folder / "autograder.zip",
        "--no-requirements",
        "--no-environment",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environment)
    if done.returncode:
        raise CannotRun(f"otter generate: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
    return folder / "autograder.zip"


def _installed() -> Path:
    """Otter's program, in an environment of its own.  Raises `CannotRun` where it cannot be installed."""
    program = HOME / "bin" / "otter"
    if not program.exists():
        print(f"installing otter-grader {VERSION} into {HOME}", file=sys.stderr)
        venv.create(HOME, with_pip=True)
        command = [HOME / "bin" / "pip", "install", "--quiet", f"otter-grader=={VERSION}", "ipykernel", "pytest"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS)
        if done.returncode:
            raise CannotRun(f"otter-grader cannot be installed: {done.stderr.strip().splitlines()[-1]}")
    site = sysconfig.get_path("purelib", vars={"base": str(HOME), "platbase": str(HOME)})
    Path(site, "zz_borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return program

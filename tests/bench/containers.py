"""The contenders that need Docker: the product's own container, and a container for every submission."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.grading import Engine
from sandbox.client import Connection
from sandbox.model import SandboxUnavailable
from sandbox.placement import Socket
from tests.bench import contenders
from tests.bench.contenders import ROOT, CannotRun, Contender, Lane
from tests.bench.mix import Submission
from tests.bench.suites import write_suites

SANDBOX, PYTEST = "attention-workshop-sandbox", "attention-workshop-bench"
PINNED = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")
BUILD_SECONDS, READY_SECONDS = 900, 60


def docker(*arguments: str, timeout: float = 60) -> str:
    """What a docker command prints.  Raises `CannotRun`."""
    return _run(["docker", *arguments], {**os.environ}, timeout)


def _run(command: list[str], environment: dict[str, str], timeout: float) -> str:
    """What a command prints; raises `CannotRun` with its last line when it fails."""
    if shutil.which(command[0]) is None:
        raise CannotRun(f"{command[0]} is not installed")
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=timeout, cwd=ROOT, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise CannotRun(f"{' '.join(command)} took more than {timeout:g} s") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise CannotRun(f"{' '.join(command[:3])}: {said[-1] if said else f'status {done.returncode}'}")
    return done.stdout.strip()


def _build(name: str, context: Path) -> None:
    """Bring an image up to date with the checkout: moments when nothing changed.  Raises `CannotRun`."""
    docker("build", "--network", "host", "--tag", name, str(context), timeout=BUILD_SECONDS)


def _build_for_pytest() -> None:
    _build(SANDBOX, ROOT / "sandbox")
    pins = [
        line
        for line in (ROOT / "requirements.txt").read_text().splitlines()
        if line.partition("==")[0].lower() in PINNED
    ]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(Path(__file__).with_name("Dockerfile"), folder)
        Path(folder, "requirements.txt").write_text("\n".join(pins) + "\n")
        _build(PYTEST, Path(folder))


@contextmanager
def container_per_submission(jobs: int) -> Iterator[Contender]:
    """`docker run` and pytest for each submission; the image is ready, suites and submission are mounted read-only."""
    _build_for_pytest()
    with tempfile.TemporaryDirectory(prefix="workshop-bench-") as folder:
        suites = write_suites(Path(folder, "suites"))
        os.chmod(folder, 0o755)  # the container's user is nobody here

        def lane(number: int) -> Lane:
            own = Path(folder, f"lane{number}")
            own.mkdir()

            def judge(submission: Submission) -> bool:
                (own / "submission.py").write_text(submission.source, encoding="utf-8")
                suite = suites[submission.item.id].relative_to(folder)
                command = [
                    "docker", "run", "--rm", "--network", "none", "--read-only", "--tmpfs", "/tmp:mode=1777",
                    "--memory", "1g", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--pids-limit", "64",
                    "--volume", f"{folder}/suites:/suites:ro", "--volume", f"{own}:/submission:ro",
                    "--env", "SUBMISSION=/submission/submission.py", "--env", "OMP_NUM_THREADS=1",
                    "--env", "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1", "--workdir", "/tmp", PYTEST, f"/{suite}",
                ]  # fmt: skip
                return contenders.passed(subprocess.run(command, capture_output=True, check=False))

            return judge

        yield Contender("container-per-submission", [lane(number) for number in range(jobs)], slow=True)


@contextmanager
def grader_container(jobs: int) -> Iterator[Contender]:
    """The product with its candidates in the sandbox container, started as docker-compose.yml says."""
    compose = [*_compose(), "--project-name", f"workshop-bench-{os.getpid()}"]
    _build(SANDBOX, ROOT / "sandbox")
    with tempfile.TemporaryDirectory(prefix="workshop-bench-") as folder:
        os.chmod(folder, 0o777)  # the container's user is nobody here
        environment = {**os.environ, "SANDBOX_FOLDER": folder, "SANDBOX_CPUS": str(os.cpu_count())}
        try:
            _run([*compose, "up", "--no-build", "--detach", "sandbox"], environment, READY_SECONDS)
            there = Path(folder, "sandbox.sock")
            _await(there)
            with contenders.grader("grader-container", Engine(Socket(there)), jobs) as ours:
                yield ours
        finally:
            subprocess.run([*compose, "down", "--volumes"], capture_output=True, check=False, cwd=ROOT, env=environment)


def _compose() -> list[str]:
    """The command for Compose: the plugin, or the program of its own that older machines have."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if (
            shutil.which(command[0])
            and not subprocess.run([*command, "version"], capture_output=True, check=False).returncode
        ):
            return command
    raise CannotRun("docker compose is not installed")


def _await(path: Path) -> None:
    """Until the container's fork server answers at `path`.  Raises `CannotRun`."""
    end = time.monotonic() + READY_SECONDS
    while True:
        try:
            Connection(path).close()
            return
        except (SandboxUnavailable, OSError) as error:
            if time.monotonic() > end:
                raise CannotRun(f"the sandbox container does not answer within {READY_SECONDS} s: {error}") from error
            time.sleep(0.2)

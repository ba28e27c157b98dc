"""The whole of docker-compose.yml, run for tests: `with running_cluster() as cluster:`, its containers and its pages.

The file is used as it is.  What is laid over it: names for images, stand-ins for those that cannot be pulled here, the
host's network for building, labels to find what a killed test left behind, and a free port.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.compose.containers import (
    OWNER,
    ROOT,
    build_image,
    build_once,
    checked,
    compose_command,
    docker,
    run,
    sweep_containers,
)

STAND_INS = Path(__file__).with_name("stand-ins")
OURS = ("web", "worker", "migrate", "secrets")
LASTING = ("web", "worker", "sandbox", "postgres", "rabbitmq")
PLACES = {
    "networks": ("front", "database", "broker"),
    "volumes": ("sandbox", "postgres", "rabbitmq", "data", "secrets-web", "secrets-database", "secrets-broker"),
}
PATIENCE = 180.0
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
ACCOUNT = re.compile(r"(student|instructor) +(\S+@\S+)  (\S+)")


def until(happens: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """What `happens` gives, once it is true; whatever it gives when time is up."""
    deadline = time.monotonic() + seconds
    while not (found := happens()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


@dataclass(slots=True)
class Visitor:
    """Somebody with a browser."""

    address: str
    session: requests.Session = field(default_factory=requests.Session)
    token: str = ""

    def page(self, path: str) -> str:
        """The text of a page, which has to be there."""
        answer = self.session.get(self.address + path, timeout=30)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:500]}"
        if found := TOKEN.search(answer.text):
            self.token = found[1]
        return answer.text

    def sign_in(self, email: str, password: str) -> None:
        """By the form, as everybody does."""
        self.page("/sign-in")
        form = {"email": email, "password": password, "csrf_token": self.token}
        answer = self.session.post(self.address + "/sign-in", data=form, timeout=30)
        assert "/sign-in" not in answer.url, answer.text[:2000]

    def item(self, title: str) -> str:
        """The address of an item of the demo course."""
        (course,) = set(re.findall(r'href="(/courses/\d+)"', self.page("/courses")))
        links = re.findall(r'href="(/items/\d+)"[^>]*>(.*?)</a>', self.page(course), re.DOTALL)
        return next(link for link, text in links if title in re.sub(r"<[^>]*>|\s+", " ", text))

    def submit(self, item: str, content: str) -> dict[str, Any]:
        """The job of a submission that was accepted."""
        self.page(item)
        headers = {"Accept": "application/json", "X-CSRFToken": self.token}
        answer = self.session.post(
            f"{self.address}{item}/submit", json={"content": content}, headers=headers, timeout=30
        )
        assert answer.status_code == 202, f"{answer.status_code} {answer.text[:500]}"
        return answer.json()["job"]

    def ask(self, job: dict[str, Any]) -> dict[str, Any]:
        """The job as it is now."""
        answer = self.session.get(
            f"{self.address}/jobs/{job['id']}", headers={"Accept": "application/json"}, timeout=30
        )
        assert answer.status_code == 200, answer.text[:500]
        return answer.json()

    def verdict(self, job: dict[str, Any]) -> tuple[str, float]:
        """Status and score, once there is a verdict."""
        done = until(lambda: found if (found := self.ask(job))["done"] else None)
        assert done, f"no verdict after {PATIENCE:.0f} s: {self.ask(job)}"
        return done["status"], done["score"]


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running one."""

    address: str
    project: str
    environment: dict[str, str]
    _files: tuple[str, ...]

    def compose(self, *arguments: str) -> str:
        """The output of a compose command that has to work."""
        return checked(*self._command, *arguments, env=self.environment, cwd=ROOT)

    @property
    def _command(self) -> tuple[str, ...]:
        files = (part for file in self._files for part in ("-f", file))
        return (*compose_command(), "-p", self.project, *files)

    def up(self, *scales: str, services: Sequence[str] = ()) -> None:
        """`up --build --detach`, which waits for whatever a service depends on, and until all that lasts is healthy."""
        scaled = [part for scale in scales for part in ("--scale", scale)]
        self.compose("up", "--build", "--detach", *scaled, *services)
        assert until(self.healthy), self.state()

    def down(self, *options: str) -> None:
        """Stop and remove everything; the volumes stay unless told otherwise."""
        run(*self._command, "down", *options, env=self.environment, cwd=ROOT)

    def containers(self, service: str) -> list[str]:
        """The ids of a service's containers, those that ended included, in the order of their numbers."""
        labels = ("--filter", f"label=com.docker.compose.project={self.project}")
        labels += ("--filter", f"label=com.docker.compose.service={service}")
        form = '{{.Label "com.docker.compose.container-number"}} {{.ID}}'
        lines = docker("ps", "--all", "--no-trunc", *labels, "--format", form).splitlines()
        return [line.split()[1] for line in sorted(lines, key=lambda line: int(line.split()[0]))]

    def inspect(self, service: str) -> list[dict[str, Any]]:
        """What the engine says of each container of a service."""
        return [json.loads(docker("inspect", name))[0] for name in self.containers(service)]

    def healthy(self) -> bool:
        """Whether every container that stays is well."""
        states = [each["State"] for service in LASTING for each in self.inspect(service)]
        return all(state.get("Health", {}).get("Status") == "healthy" for state in states)

    def state(self) -> str:
        """For whoever has to find out why not."""
        return self.compose("ps") + self.compose("logs", "--no-color", "--tail", "40")

    def logs(self, service: str) -> str:
        """What a service has said."""
        return self.compose("logs", "--no-color", service)

    def query(self, statement: str) -> list[str]:
        """The lines that a statement gives, asked in the database's own container."""
        (name,) = self.containers("postgres")
        command = ("psql", "--username=workshop", "--dbname=workshop", "--tuples-only", "--no-align", "--command")
        return docker("exec", name, *command, statement).split()

    def visitor(self, role: str) -> Visitor:
        """One of the two of the demo course, signed in as the log of `migrate` says."""
        accounts = {found[1]: found for found in ACCOUNT.finditer(self.logs("migrate"))}
        visitor = Visitor(self.address)
        visitor.sign_in(accounts[role][2], accounts[role][3])
        return visitor


@contextmanager
def prepared_cluster(**variables: str) -> Iterator[Cluster]:
    """One that is not up yet; everything of it is gone after the block."""
    sweep()
    port = _free_port()
    project = f"workshop-test-{os.getpid()}-{port}"
    folder = Path(tempfile.mkdtemp(prefix="workshop-cluster-"))
    override = folder / "override.json"
    override.write_text(json.dumps(_laid_over()))
    environment = {
        **os.environ, "DOCKER_BUILDKIT": "0", "WEB_PORT": str(port), "SANDBOX_CPUS": str(min(2, os.cpu_count() or 1)),
        "SERVICE_CPUS": str(min(2, os.cpu_count() or 1)), **variables,
    }  # fmt: skip
    files = (str(ROOT / "docker-compose.yml"), str(override))
    cluster = Cluster(f"http://127.0.0.1:{port}", project, environment, files)
    try:
        yield cluster
    finally:
        cluster.down("--volumes", "--timeout", "10")
        shutil.rmtree(folder)


@contextmanager
def running_cluster(*scales: str, **variables: str) -> Iterator[Cluster]:
    """One that is up, healthy, and gone after the block.  `scales` are like "worker=2"."""
    with prepared_cluster(**variables) as cluster:
        cluster.up(*scales)
        yield cluster


PROGRAM = f"attention-workshop-test:{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"
"""The image of web, worker and what runs before them, built from this checkout; a checkout elsewhere has its own."""


def build_program() -> str:
    """The name of that image, built as far as something has changed."""
    build_image()  # has the base image made where there is none
    command = ("docker", "build", "--network", "host", "--tag", PROGRAM, "--file", str(ROOT / "webapp/Dockerfile"))
    checked(*command, str(ROOT), env={**os.environ, "DOCKER_BUILDKIT": "0"})
    return PROGRAM


def _laid_over() -> dict[str, Any]:
    ours = {OWNER: str(os.getpid())}
    built = {"build": {"network": "host"}, "labels": ours}
    services: dict[str, Any] = {name: {"image": PROGRAM, **built} for name in OURS}
    services["sandbox"] = {"image": build_image(), **built}
    for name in ("postgres", "rabbitmq"):
        services[name] = {"image": build_once(f"workshop-stand-in-{name}", STAND_INS / name), "labels": ours}
    places = {kind: {name: {"labels": ours} for name in named} for kind, named in PLACES.items()}
    return {"services": services, **places}


def sweep() -> None:
    """Remove what a test process left behind that was killed."""
    sweep_containers()
    for kind in ("network", "volume"):
        for name in docker(kind, "ls", "--quiet", "--filter", f"label={OWNER}").split():
            owner = run("docker", kind, "inspect", "--format", f'{{{{index .Labels "{OWNER}"}}}}', name).stdout.strip()
            if owner and not Path("/proc", owner).exists():
                run("docker", kind, "rm", name)


def _free_port() -> int:
    with socket.socket() as trying:
        trying.bind(("127.0.0.1", 0))
        return int(trying.getsockname()[1])

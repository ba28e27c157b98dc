"""The real `sandbox` container for tests: `with running_sandbox("landlock") as path:` and grade at that socket.

README.md beside this file says how to use it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sandbox.client import Connection
from sandbox.model import SandboxUnavailable

ROOT = Path(__file__).resolve().parents[2]
BASE = "debian:bookworm-slim"
IMAGE = "attention-workshop-sandbox-test"
JAILS = ("namespaces", "landlock")
START_SECONDS = 90.0
UID = 10001

_STAND_IN = "workshop-stand-in"
"""Repository of the images that were made here for want of the real one, by the hash of what made them."""


@cache
def available() -> str:
    """Why no container can be run here, or nothing."""
    if shutil.which("docker") is None or not compose_command():
        return "docker and its compose are not installed (Debian: apt-get install docker.io docker-compose)"
    if (answer := run("docker", "info", "--format", "{{.ServerVersion}}")).returncode:
        return f"no Docker engine answers: {(answer.stderr or answer.stdout).strip()[:200]}"
    can_stand_in = os.geteuid() == 0 and shutil.which("mmdebstrap") is not None
    if not _has(BASE) and not can_stand_in and run("docker", "pull", "--quiet", BASE).returncode:
        return f"{BASE} cannot be pulled, and making a stand-in takes root and mmdebstrap"
    return ""


PROBE = "sandbox.service --check"
"""In the command line of the engine's health check, and of nothing else in there."""
OWNER = "workshop.test.process"


def sweep_containers() -> None:
    """Remove what a test process left behind that was killed; the engine would start it again after a reboot."""
    template = f'{{{{.ID}}}} {{{{.Label "{OWNER}"}}}}'
    for line in docker("ps", "--all", "--filter", f"label={OWNER}", "--format", template).splitlines():
        container, _, owner = line.partition(" ")
        if not Path("/proc", owner).exists():
            run("docker", "rm", "--force", "--volumes", container)


@cache
def compose_command() -> tuple[str, ...]:
    """Version 2 where it is there, else Debian's 1.29."""
    if run("docker", "compose", "version").returncode == 0:
        return "docker", "compose"
    return ("docker-compose",) if shutil.which("docker-compose") else ()


@dataclass(frozen=True, slots=True)
class Container:
    """A running sandbox."""

    path: Path
    """Its socket, which everybody on this machine may connect to."""
    name: str
    image: str
    _compose: tuple[str, ...] = field(repr=False)

    def inspect(self) -> dict:
        """What the engine says of it."""
        return json.loads(docker("inspect", self.name))[0]

    def logs(self) -> str:
        """What it said so far."""
        done = run("docker", "logs", self.name)
        return done.stdout + done.stderr

    def execute(self, *command: str, user: str = "10001:10001") -> str:
        """The output of a command inside."""
        return docker("exec", "--user", user, self.name, *command)

    def wait(self) -> None:
        """Until a fork server answers in it; AssertionError when it ends instead."""
        deadline = time.monotonic() + START_SECONDS
        before = self.inspect()["RestartCount"]
        while True:
            try:
                Connection(self.path).close()  # it waits for the fork server, once the socket is there
                return
            except SandboxUnavailable as error:
                found = self.inspect()
                ended = found["State"]["Status"] not in ("running", "created") or found["RestartCount"] > before
                if ended or time.monotonic() > deadline:
                    raise AssertionError(f"no sandbox came up ({error}); it says:\n{self.logs()}") from error
                time.sleep(0.1)

    def pids(self) -> dict[int, str]:
        """Process ids, as this machine numbers them, and command lines of everything inside but the engine's probes.

        Every ten seconds the engine runs the health check of docker-compose.yml in there, for part of a second.
        """
        lines = docker("top", self.name, "-eo", "pid,args").splitlines()[1:]
        processes = {int(pid): rest for pid, _, rest in (line.strip().partition(" ") for line in lines)}
        return {pid: words for pid, words in processes.items() if PROBE not in words}


@contextmanager
def running_sandbox(jail: str = "namespaces", **variables: str) -> Iterator[Path]:
    """The socket of a warm sandbox container of its own with this jail; ends with the block.

    `variables` are those of docker-compose.yml.  Raises AssertionError, with the container's log, when it does not come
    up.
    """
    with running_container(jail, **variables) as container:
        yield container.path


@contextmanager
def running_container(jail: str = "namespaces", *, wait: bool = True, **variables: str) -> Iterator[Container]:
    """As `running_sandbox`, with everything else that is known of the container; without `wait` as it starts."""
    image = build_image()
    folder = Path(tempfile.mkdtemp(prefix="sandbox-socket-"))
    folder.chmod(0o777)  # uid 10001 writes there, and anybody connects
    override = folder.with_suffix(".json")
    sweep_containers()
    override.write_text(json.dumps({"services": {"sandbox": {"image": image, "labels": {OWNER: str(os.getpid())}}}}))
    environment = {
        **os.environ,
        "WORKSHOP_JAIL": jail,
        "SANDBOX_APPARMOR": "docker-default" if jail == "landlock" else "unconfined",
        "SANDBOX_FOLDER": str(folder),
        "SANDBOX_CPUS": str(min(2, os.cpu_count() or 1)),
        **variables,
    }
    project = folder.name.lower().replace("_", "-")
    compose = (*compose_command(), "-p", project, "-f", str(ROOT / "docker-compose.yml"), "-f", str(override))
    try:
        checked(*compose, "up", "--detach", "--no-build", "sandbox", env=environment, cwd=ROOT)
        name = checked(*compose, "ps", "-q", "sandbox", env=environment, cwd=ROOT).strip()
        container = Container(folder / "sandbox.sock", name, image, compose)
        if wait:
            container.wait()
        yield container
    finally:
        run(*compose, "down", "--volumes", "--timeout", "5", env=environment, cwd=ROOT)
        override.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def build_image() -> str:
    """The name of the product's own image, built from the checkout once for its content."""
    return build_once(IMAGE, ROOT / "sandbox", "Dockerfile", "requirements.txt", "*.py")


def build_once(name: str, folder: Path, *patterns: str) -> str:
    """The name of the image that a folder describes, built once for what it holds (of it, what the patterns name)."""
    files = sorted(path for pattern in patterns or ("*",) for path in folder.glob(pattern))
    with _one_at_a_time():
        image = f"{name}:{_digest(*files, say=_base_image())}"
        if not _has(image):
            # The classic builder, which every engine has; the host's network, where the registries are.
            environment = {**os.environ, "DOCKER_BUILDKIT": "0"}
            checked("docker", "build", "--network", "host", "--tag", image, str(folder), env=environment)
    return image


def _base_image() -> str:
    """Have a `debian:bookworm-slim`, the real one if it can be had, and say which."""
    script = Path(__file__).with_name("base-image")
    stand_in = f"{_STAND_IN}:{_digest(script)}"
    there = _id_of(BASE)
    if there and there == _id_of(stand_in):
        return there
    if there and not _stands_in(there):
        return there
    if not _has(stand_in):
        if not there and run("docker", "pull", "--quiet", BASE).returncode == 0:
            return _id_of(BASE)
        checked(str(script), stand_in)
    docker("tag", stand_in, BASE)
    return _id_of(BASE)


def _stands_in(image: str) -> bool:
    return image in docker("images", "--quiet", "--no-trunc", _STAND_IN).split()


def docker(*arguments: str) -> str:
    """The output of a docker command that has to work."""
    return checked("docker", *arguments)


def checked(*command: str, env: dict[str, str] | None = None, cwd: Path | None = None) -> str:
    done = run(*command, env=env, cwd=cwd)
    assert done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def run(*command: str, env: dict[str, str] | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=cwd)


def _has(image: str) -> bool:
    return bool(_id_of(image))


def _id_of(image: str) -> str:
    return run("docker", "image", "inspect", "--format", "{{.Id}}", image).stdout.strip()


def _digest(*files: Path, say: str = "") -> str:
    total = hashlib.sha256(say.encode())
    for file in files:
        total.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()[:16]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two test processes do not build the same thing."""
    with open(Path(tempfile.gettempdir()) / f"workshop-image-{os.geteuid()}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

"""The image of pages and workers: what is in it, what is not, who runs it, and how large it is."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from tests.compose.cluster import build_program
from tests.compose.containers import BASE, ROOT, docker

MEGABYTE = 10**6
HOME = re.compile(r"/opt/workshop/lib/python3\.\d+/site-packages/")
ROOMS = ("questions", "sandbox", "grader", "webapp")
LEFT_OUT = re.compile(r"^webapp/assets|Dockerfile$|\.dockerignore$|^sandbox/(requirements\.txt|seccomp-.*\.json)$")
"""What is needed to build, not to run."""


@pytest.fixture(scope="module")
def image() -> str:
    return build_program()


@pytest.fixture(scope="module")
def paths(image: str) -> list[str]:
    command = ("run", "--rm", "--network", "none", "--user", "0", "--entrypoint", "find", image, "/", "-xdev")
    return docker(*command, "-type", "f").splitlines()


def test_it_holds_every_file_of_the_rooms_that_is_needed_to_run(paths):
    tracked = subprocess.run(["git", "ls-files", *ROOMS], cwd=ROOT, capture_output=True, text=True, check=True)
    wanted = {path for path in tracked.stdout.splitlines() if not LEFT_OUT.search(path) and (ROOT / path).exists()}
    there = {HOME.sub("", path) for path in paths if HOME.match(path)}
    assert sorted(wanted - there) == []
    assert "webapp/static/built/manifest.json" in there


def test_it_holds_nothing_else_of_a_checkout_and_no_tools(paths):
    rooms = {HOME.sub("", path) for path in paths if HOME.match(path)}
    in_rooms = {path for path in rooms if path.startswith(tuple(f"{room}/" for room in ROOMS))}
    assert [path for path in in_rooms if re.search(r"(^|/)(test_[^/]*|conftest)\.py$", path)] == []
    assert [path for path in rooms if path.startswith(("tests/", "docs/"))] == []
    unwanted = re.compile(r"/(\.git|\.venv|var|build|node_modules|tests)/")
    assert [path for path in paths if path.startswith("/opt/") and unwanted.search(path)] == []
    programs = {path.rpartition("/")[2] for path in paths if re.match(r"/(usr/|opt/workshop/)?(local/)?s?bin/", path)}
    assert not programs & {"pip", "pip3", "gcc", "cc", "curl", "wget", "git", "node", "npm", "ssh", "docker", "pytest"}


def test_nobody_is_root_in_it_and_nothing_in_it_can_be_changed_by_who_runs_it(image):
    config = json.loads(docker("image", "inspect", image))[0]["Config"]
    assert config["User"] == "10002:10002"
    assert not [name for name in config["Env"] if re.search("SECRET|TOKEN|PASSWORD|PIP_|PROXY", name.upper())]
    command = ("run", "--rm", "--network", "none", "--user", "0", "--entrypoint", "find", image, "/", "-xdev")
    owned = set(docker(*command, "-user", "10002").split())
    assert owned == {"/var/lib/workshop", *(f"/run/secrets/{part}" for part in ("web", "database", "broker"))}


def test_a_container_of_it_asks_whether_it_is_well(image):
    config = json.loads(docker("image", "inspect", image))[0]["Config"]
    assert config["Healthcheck"]["Test"] == ["CMD", "python", "-m", "webapp.operations.probe", "web"]
    told = docker("run", "--rm", "--network", "none", "--read-only", image, "--version")
    assert told.startswith("workshop ")


def test_it_is_small(image):
    """torch for processors alone takes 560 MB."""
    sizes = [json.loads(docker("image", "inspect", name))[0]["Size"] for name in (image, BASE)]
    assert sizes[0] - sizes[1] < 900 * MEGABYTE

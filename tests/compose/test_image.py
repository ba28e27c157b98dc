"""What is in the image, and how large it is."""

from __future__ import annotations

import json
import re

import pytest

from tests.compose.containers import BASE, ROOT, build_image, docker

MEGABYTE = 10**6


@pytest.fixture(scope="module")
def image() -> str:
    return build_image()


@pytest.fixture(scope="module")
def paths(image: str) -> list[str]:
    command = ("run", "--rm", "--network", "none", "--user", "0", "--entrypoint", "find", image, "/", "-xdev")
    return docker(*command).splitlines()


def test_it_holds_the_sandbox_and_nothing_else_of_ours(paths):
    ours = {path for path in paths if path.startswith("/opt/workshop/sandbox/")}
    assert {"/opt/workshop/sandbox/service.py", "/opt/workshop/sandbox/jail.py"} <= ours
    assert all(path.endswith((".py", ".pyc", "__pycache__")) for path in ours)
    rooms = re.compile(r"/(questions|grader|webapp|banks)(/|$)")
    assert [path for path in paths if rooms.search(path)] == []


def test_it_holds_no_tests_no_banks_and_no_tools(paths):
    assert [path for path in paths if re.search(r"/(tests|conftest\.py)$", path) and path.startswith("/opt/")] == []
    ours = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    assert [path for path in paths if path.rpartition("/")[2] in ours] == []
    assert [path for path in paths if path.endswith(".md") and not path.startswith(("/usr/share", "/opt/w"))] == []
    programs = {path.rpartition("/")[2] for path in paths if re.match(r"/(usr/)?(local/)?s?bin/", path)}
    assert not programs & {"pip", "pip3", "gcc", "cc", "curl", "wget", "git", "ssh", "docker"}


def test_nobody_is_root_in_it(image):
    config = json.loads(docker("image", "inspect", image))[0]["Config"]
    assert config["User"] == "10001:10001"
    assert config["Entrypoint"] == ["python3", "-m", "sandbox.service"]
    assert not [name for name in config["Env"] if re.search("SECRET|TOKEN|PASSWORD|PIP_|PROXY", name.upper())]


def test_only_two_folders_to_mount_on_belong_to_its_user(image):
    command = ("run", "--rm", "--network", "none", "--user", "0", "--entrypoint", "find", image, "/", "-xdev")
    assert sorted(docker(*command, "-user", "10001").split()) == ["/run/service", "/run/workshop"]


def test_it_is_small(image):
    """torch for processors alone takes 560 MB."""
    sizes = [json.loads(docker("image", "inspect", name))[0]["Size"] for name in (image, BASE)]
    assert sizes[0] - sizes[1] < 800 * MEGABYTE

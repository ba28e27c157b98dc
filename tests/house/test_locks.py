"""The lock files pin everything that is installed, and are what was tried together."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PIN = re.compile(r"^([a-z0-9-]+)==([0-9][a-z0-9.]*)$")


def pins(path: Path) -> dict[str, str]:
    """Name → version; anything that is neither a pin, a comment nor an inclusion fails."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "-r ")):
            pin = PIN.match(line)
            assert pin, f"{path.name}: {line!r} is no exact pin"
            found[pin[1]] = pin[2]
    return found


def names(requirements: list[str]) -> set[str]:
    """The normalised names of requirements like ``sqlalchemy>=2``."""
    return {re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", text, maxsplit=1)[0]).lower() for text in requirements}


@pytest.fixture(scope="module")
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def test_everything_that_the_project_names_is_pinned(root: Path, project: dict) -> None:
    runtime, development = pins(root / "requirements.txt"), pins(root / "requirements-dev.txt")
    assert names(project["project"]["dependencies"]) <= runtime.keys()
    assert names(project["build-system"]["requires"]) <= runtime.keys(), "building runs without isolation"
    extras = project["project"]["optional-dependencies"]
    cluster = pins(root / "requirements-cluster.txt")
    assert names(extras["cluster"]) <= runtime.keys() | cluster.keys()
    assert names(extras["dev"]) <= runtime.keys() | cluster.keys() | development.keys()
    assert not (runtime.keys() | cluster.keys()) & development.keys()
    assert not runtime.keys() & cluster.keys()


def test_the_locks_are_what_is_installed_here_and_run_on_the_oldest_python(root: Path) -> None:
    """`lock.py --check` also refuses a release that wants more than Python 3.11.0."""
    done = subprocess.run(
        [sys.executable, root / ".ci/lock.py", "--check"], capture_output=True, text=True, check=False, cwd=root
    )
    assert done.returncode == 0, done.stderr


def test_npm_packages_come_from_a_lock_file_that_names_a_hash_for_each(root: Path) -> None:
    import json

    lock = json.loads((root / "webapp/assets/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []

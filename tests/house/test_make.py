"""`make` is the front door: what README promises exists, everything is listed, and paths may hold spaces."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

TARGET = re.compile(r"^([a-z][a-z-]*):(?!=)", re.MULTILINE)


@pytest.fixture(scope="module")
def targets(root: Path) -> set[str]:
    return set(TARGET.findall((root / "Makefile").read_text(encoding="utf-8")))


def make(folder: Path, *arguments: str, **variables: str) -> str:
    """What `make` prints in `folder`, without the variables of an outer make but with these in the environment."""
    done = subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin"} | variables,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_target_is_in_the_help_and_is_phony(root: Path, targets: set[str]) -> None:
    listed = set(re.findall(r"^  make ([a-z-]+) +\S", make(root, "help"), re.MULTILINE))
    assert listed == targets
    phony = set(re.findall(r"^\.PHONY: ([a-z-]+)$", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert phony == targets


def test_make_alone_gives_the_help(root: Path) -> None:
    assert make(root) == make(root, "help")


@pytest.mark.parametrize("page", ["README.md", "docs/contributing.md", "docs/cli.md", "docs/performance.md"])
def test_every_make_command_in_the_documents_exists(root: Path, targets: set[str], page: str) -> None:
    named = set(re.findall(r"(?:`|^ *)make ([a-z][a-z-]*)", (root / page).read_text(encoding="utf-8"), re.MULTILINE))
    assert named
    assert named <= targets


def test_ci_runs_the_same_commands_as_people(root: Path) -> None:
    script = (root / ".ci/run").read_text(encoding="utf-8")
    assert re.search(r"^make lint\nmake test\n\Z", script, re.MULTILINE)
    assert "set -euo pipefail" in script
    assert (root / ".ci/run").stat().st_mode & 0o111


def test_a_checkout_may_lie_in_a_folder_with_spaces(root: Path, tmp_path: Path) -> None:
    """Only planned (`make -n`): installing is done by hand and by every fresh clone of continuous integration."""
    folder = tmp_path / "a folder with spaces"
    (folder / ".ci").mkdir(parents=True)
    locks = (f"requirements{kind}.txt" for kind in ("", "-cluster", "-dev", "-node"))
    for name in ("Makefile", *locks, "pyproject.toml"):
        shutil.copy(root / name, folder / name)
    shutil.copy(root / ".ci/environment.py", folder / ".ci/environment.py")
    planned = make(folder, "-n", "serve", "PORT=8123")
    assert ".ci/environment.py runtime" in planned
    assert '--host "127.0.0.1" --port "8123"' in planned
    assert str(folder) not in planned


def test_a_name_of_the_machine_is_not_an_address_to_listen_on(root: Path) -> None:
    assert "laptop" not in make(root, "-n", "serve", HOST="laptop")
    assert '--port "9000"' in make(root, "-n", "serve", PORT="9000")


def test_environments_are_made_for_one_place(root: Path, tmp_path: Path) -> None:
    """A moved checkout is prepared again: the scripts in .venv carry the old path."""
    folder = tmp_path / "moved"
    (folder / ".ci").mkdir(parents=True)
    for name in ("Makefile", "requirements.txt", "requirements-node.txt", "pyproject.toml", ".ci/environment.py"):
        shutil.copy(root / name, folder / name)
    binaries = folder / ".venv/bin"
    binaries.mkdir(parents=True)
    (binaries / "python").symlink_to("/bin/true")
    (folder / ".venv/.runtime").touch()
    (folder / ".venv/.place").write_text(str(folder))
    assert ".ci/environment.py" not in make(folder, "-n", "doctor")
    (folder / ".venv/.place").write_text("/somewhere/else")
    assert ".ci/environment.py" in make(folder, "-n", "doctor")

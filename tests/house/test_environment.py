"""What `.ci/environment.py` decides about a machine, with the machine's answers given."""

from __future__ import annotations

import importlib.util
import sys
import venv
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def environment(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("environment", root / ".ci/environment.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def machine(environment: ModuleType, monkeypatch: pytest.MonkeyPatch):
    """Say which programs are on PATH (with what a Python answers), and what apt would install."""

    def machine(programs: dict[str, str], *, apt_python: str = "", uid: int = 1000) -> None:
        monkeypatch.delenv("PYTHON", raising=False)
        monkeypatch.setattr(sys, "executable", "python3")
        monkeypatch.setattr(sys, "platform", "linux")
        monkeypatch.setattr(environment.os, "geteuid", lambda: uid)
        monkeypatch.setattr(environment.shutil, "which", lambda name: name if name in programs else None)

        def output_of(command: list[str]) -> str:
            if command[0] == "apt-cache":
                return f"Package: {command[2]}\nVersion: {apt_python}\n"
            return programs[command[0]]

        monkeypatch.setattr(environment, "output_of", output_of)

    return machine


def test_the_python_that_is_asked_for_first_is_taken(environment, machine) -> None:
    machine({"python3": "3.12", "python3.13": "3.13"})
    assert environment.find_interpreter() == "python3"


def test_an_old_python3_is_passed_over_for_a_newer_one_beside_it(environment, machine) -> None:
    machine({"python3": "3.10", "python3.11": "3.11"})
    assert environment.find_interpreter() == "python3.11"


def test_a_python_newer_than_the_lock_is_passed_over(environment, machine) -> None:
    machine({"python3": "3.15", "python3.12": "3.12"})
    assert environment.find_interpreter() == "python3.12"


def test_a_shim_without_its_version_is_passed_over(environment, machine) -> None:
    machine({"python3": "3.9", "python3.13": "", "python3.11": "3.11"})
    assert environment.find_interpreter() == "python3.11"


@pytest.mark.parametrize(
    ("apt_python", "uid", "command"),
    [
        ("3.11.2-1+b1", 0, "apt-get install -y python3 python3-venv"),
        ("3.12.3-0ubuntu2", 1000, "sudo apt-get install -y python3 python3-venv"),
        ("3.10.6-1~22.04", 1000, "sudo apt-get install -y python3.11 python3.11-venv"),
    ],
)
def test_no_python_that_will_do_names_the_one_command(environment, machine, apt_python, uid, command) -> None:
    machine({"python3": "3.8", "apt-get": ""}, apt_python=apt_python, uid=uid)
    with pytest.raises(environment.CannotPrepare) as refused:
        environment.find_interpreter()
    assert str(refused.value).endswith(f": {command}")


def test_an_interpreter_that_was_chosen_and_will_not_do_is_refused(environment, machine, monkeypatch) -> None:
    machine({"python3": "3.12", "python3.9": "3.9"})
    monkeypatch.setenv("PYTHON", "python3.9")
    with pytest.raises(environment.CannotPrepare, match=r"python3\.9"):
        environment.find_interpreter()


def test_an_environment_that_is_half_removed_is_not_mistaken_for_a_whole_one(
    environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its pyvenv.cfg the `python` in it is the system's own, and pip would install there."""
    folder = tmp_path.resolve() / ".venv"
    monkeypatch.setattr(environment, "VENV", folder)
    monkeypatch.setattr(environment, "PYTHON", folder / "bin" / "python")
    monkeypatch.setattr(environment, "run", lambda command, *, quiet=False: True)  # "it has pip"
    assert not environment.venv_works()
    venv.create(folder, symlinks=True)
    assert environment.venv_works()
    (folder / "pyvenv.cfg").unlink()
    assert not environment.venv_works()


@pytest.mark.parametrize(
    ("programs", "there"),
    [
        ({"node": "v20.20.2", "npm": ""}, True),
        ({"node": "v24.1.0", "npm": ""}, True),
        ({"node": "v18.20.4", "npm": ""}, False),  # Debian 12's
        ({"node": "v22.0.0"}, False),
        ({}, False),
    ],
)
def test_a_node_that_can_build_the_assets_is_recognised(environment, machine, programs, there) -> None:
    machine(programs)
    assert environment.node_is_there() is there


def test_the_versions_are_those_of_the_project(environment, root: Path) -> None:
    assert f'requires-python = ">={environment.VERSIONS[-1]}"' in (root / "pyproject.toml").read_text(encoding="utf-8")

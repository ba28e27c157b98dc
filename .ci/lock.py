"""Write the lock files from what is installed: ``python .ci/lock.py``; ``--check`` only says what differs.

`requirements.txt` is everything that `pyproject.toml` names and what those packages need in turn;
`requirements-cluster.txt` adds the extra `cluster`, `requirements-dev.txt` that and `dev`; `sandbox/requirements.txt`
is the part that the sandbox's image holds.
Versions are those of the running environment, so a lock is always a set that was tried together.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = ROOT / "requirements.txt"
CLUSTER = ROOT / "requirements-cluster.txt"
DEVELOPMENT = ROOT / "requirements-dev.txt"
IMAGE = ROOT / "sandbox" / "requirements.txt"

IN_THE_IMAGE = ["einops", "numpy", "pyseccomp", "torch"]
"""What submissions may import, and what confines them."""
UNUSED = {"setuptools"}
"""torch names it for compiling, which nobody does in there."""

HEADER = """\
# Written by `make lock` from what pyproject.toml names; do not edit by hand.
# {what}
"""


OLDEST_PYTHON = "3.11.0"


class CannotLock(Exception):
    """What is installed here cannot be the lock; the text says why and what to do."""


def normalised(name: str) -> str:
    """The name as an index compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(requirements: list[str]) -> dict[str, str]:
    """Normalised name → version for everything that `requirements` needs on this platform, directly or not."""
    # packaging is itself pinned (pytest needs it); environment.py, which runs before any of this, uses none of it.
    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet

    found: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        wanted = waiting.pop()
        key = (normalised(wanted.name), frozenset(wanted.extras))
        if key in seen:
            continue
        seen.add(key)
        try:
            installed = distribution(wanted.name)
        except PackageNotFoundError:
            raise CannotLock(f"{wanted.name} is not installed: pip install '{wanted}'") from None
        if OLDEST_PYTHON not in SpecifierSet(installed.metadata.get("Requires-Python") or ""):
            # Debian 12's python3 is 3.11.2, and some releases want a later patch release than that.
            raise CannotLock(f"{wanted.name} {installed.version} does not run on {OLDEST_PYTHON}: install an older one")
        # A local version ("+cpu") names a build, not a release: any build of the release will do.
        found[key[0]] = installed.version.split("+")[0]
        for text in installed.requires or []:
            needed = Requirement(text)
            if needed.marker is None or any(
                needed.marker.evaluate({"extra": extra, "python_version": python, "python_full_version": f"{python}.0"})
                for extra in (wanted.extras or {""})
                for python in ("3.11", "3.12", "3.13")
            ):
                waiting.append(needed)
    return found


def lines(pins: dict[str, str]) -> str:
    """One pin a line, in order of names."""
    return "".join(f"{name}=={version}\n" for name, version in sorted(pins.items()))


def locks() -> dict[Path, str]:
    """What the lock files should say."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    backend = project["build-system"]["requires"]
    runtime = closure([*project["project"]["dependencies"], *backend])
    extras = project["project"]["optional-dependencies"]
    cluster = closure(extras["cluster"])
    development = closure(extras["dev"])
    only_cluster = {name: version for name, version in cluster.items() if name not in runtime}
    only_development = {name: version for name, version in development.items() if name not in runtime | cluster}
    image = {name: version for name, version in closure(IN_THE_IMAGE).items() if name not in UNUSED}
    return {
        RUNTIME: HEADER.format(what="What the workshop needs to run, on Python 3.11 to 3.13. `make serve` installs it.")
        + lines(runtime),
        CLUSTER: HEADER.format(what="What a server on PostgreSQL and RabbitMQ needs on top of that.")
        + "-r requirements.txt\n"
        + lines(only_cluster),
        DEVELOPMENT: HEADER.format(what="What `make test` and `make lint` need on top of that.")
        + "-r requirements-cluster.txt\n"
        + lines(only_development),
        IMAGE: HEADER.format(what="What the sandbox's image holds: for submissions to import, and to confine them.")
        + lines(image),
    }


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when a lock file is out of date")
    arguments = parser.parse_args()
    stale = 0
    try:
        wanted = locks()
    except CannotLock as error:
        print(error, file=sys.stderr)
        return 1
    for path, text in wanted.items():
        current = path.read_text(encoding="utf-8") if path.is_file() else ""
        if current == text:
            continue
        if arguments.check:
            difference = sorted(set(current.splitlines()) ^ set(text.splitlines()))
            print(
                f"{path.relative_to(ROOT)} is out of date ({', '.join(difference)}): run `make lock`", file=sys.stderr
            )
            stale = 1
        else:
            path.write_text(text, encoding="utf-8")
            print(f"{path.relative_to(ROOT)} written", file=sys.stderr)
    return stale


if __name__ == "__main__":
    raise SystemExit(main())

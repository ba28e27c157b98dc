"""The house stays as it was drawn: four rooms, small modules named after what they hold, nothing that is not ours."""

from __future__ import annotations

import re
from pathlib import Path

ROOMS = {"questions", "sandbox", "grader", "webapp"}
TOP = ROOMS | {"tests", "docs", ".ci", "Makefile", "pyproject.toml", "README.md", "CHANGELOG.md"}
TOP |= {"requirements.txt", "requirements-cluster.txt", "requirements-dev.txt", "requirements-node.txt"}
TOP |= {"docker-compose.yml", "LICENSE"}
TOP |= {".gitignore", ".gitattributes", ".editorconfig", ".dockerignore"}

MOST_LINES = 400

EVASIVE = re.compile(r"^(utils?|helpers?|common|misc|stuff|tools?|lib)$")
THIRD_PARTY = re.compile(r"(^|/)(node_modules|vendor|third_party|site-packages)/|\.min\.(js|css)$|\.(whl|so|pyc|map)$")
MOST_BYTES = 200_000


def test_the_top_of_the_house_holds_the_rooms_and_nothing_unexpected(files: list[Path]) -> None:
    top = {path.parts[0] for path in files}
    assert top <= TOP, "a new top-level name needs a reason, and a line here"
    assert ROOMS < top


def test_modules_stay_small(files: list[Path], root: Path) -> None:
    too_long = {
        path.as_posix(): lines
        for path in files
        if path.parts[0] in ROOMS and path.suffix in {".py", ".js", ".mjs", ".css", ".html"}
        if (lines := len((root / path).read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert too_long == {}


def test_modules_are_named_after_what_they_hold(files: list[Path]) -> None:
    assert [path for path in files if any(EVASIVE.match(Path(part).stem) for part in path.parts)] == []


def test_nothing_is_committed_that_others_wrote_or_a_tool_made(files: list[Path]) -> None:
    assert [path for path in files if THIRD_PARTY.search(path.as_posix())] == []


def test_no_large_binary_is_committed(files: list[Path], root: Path) -> None:
    large = {path.as_posix() for path in files if (root / path).stat().st_size > MOST_BYTES}
    assert [path for path in large if b"\0" in (root / path).read_bytes()[:8192]] == []

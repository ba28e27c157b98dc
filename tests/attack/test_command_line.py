"""Hostile names and lines: what `workshop grade` reads a folder of, and what a terminal or a program gets to see."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

RIGHT = "def attention_weighted_sum(inputs, weights):\n    return (inputs * weights.unsqueeze(-1)).sum(1)\n"
STRICT = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}


def grade(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "workshop"), "grade", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=STRICT, timeout=300, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A right submission by Ann; the others have only names."""
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "ann.py").write_text(RIGHT)
    return tmp_path


def test_a_link_earns_nobody_the_marks_of_another_and_nothing_that_is_no_file_is_opened(folder: Path) -> None:
    (folder / "eve.py").symlink_to("ann/ann.py")
    (folder / "loop.py").symlink_to("loop.py")
    (folder / "zero.py").symlink_to("/dev/zero")
    (folder / "up").symlink_to(".")
    (folder / "folder.py").mkdir()
    os.mkfifo(folder / "waits.py")
    done = grade(folder, "attention-weighted-sum", ".", "--json")
    assert done.returncode == 2
    states = {line["path"]: line["status"] for line in map(json.loads, done.stdout.splitlines())}
    refused = dict.fromkeys(("eve.py", "loop.py", "up", "waits.py", "zero.py"), "ungradable")
    assert states == {"ann/ann.py": "passed", **refused}


def test_names_neither_rule_a_terminal_nor_end_the_run(folder: Path) -> None:
    for name in (b"new\nline.py", b"red\x1b[31m\x1b]0;x\x07.py", "right\u202eleft.py".encode(), b"\xd5\xc5.py"):
        (folder / os.fsdecode(name)).write_text("1 +")
    shown = grade(folder, "attention-weighted-sum", ".", "ann/ann.py", str(folder / "ann/ann.py"))
    assert shown.returncode == 0, shown.stderr
    assert not [c for c in shown.stdout + shown.stderr if not c.isprintable() and c != "\n"]
    told = grade(folder, "attention-weighted-sum", ".", "--json")
    paths = [json.loads(line)["path"] for line in told.stdout.splitlines()]
    assert sorted(map(os.fsencode, paths)) == sorted(
        os.fsencode(path.relative_to(folder)) for path in folder.rglob("*.py")
    )


def test_lines_of_json_are_lines_and_one_of_them_ends_nothing(tmp_path: Path) -> None:
    entries = [{"id": "\ud800\x1b[31m\n", "text": "\ud800"}, {"id": "a\u2028b\x85", "text": "c\u2028d"}]
    lines = [json.dumps(entries[0]), json.dumps(entries[1], ensure_ascii=False), "[" * 100_000, '{"id": 1}']
    (tmp_path / "answers.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = grade(tmp_path, "attention-concept", "answers.jsonl", "--json")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["status"] for line in told] == ["failed", "failed", "ungradable", "ungradable"]
    assert [line["path"] for line in told[:2]] == [f"answers.jsonl#{entry['id']}" for entry in entries]
    assert "\x1b" not in done.stdout + done.stderr

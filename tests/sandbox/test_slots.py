"""Slots are emptied of whatever hostile code left there, and one that cannot be is never used again."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import slots
from sandbox.slots import Slots, empty
from tests.ordinary_user import command_prefix

ROOT = Path(__file__).parents[2]

FILL = """
import os, sys
os.chdir(sys.argv[1])
for name in (b"-rf", b"\\xff\\xfe", b"new\\nline", b"..." , b".emptied-1-", b"x" * 255, "中文".encode()):
    os.mkdir(name)
    os.close(os.open(os.path.join(name, b"file"), os.O_CREAT | os.O_WRONLY, 0))
    os.chmod(name, 0)
os.symlink("/etc", "link"); os.symlink("..", "up"); os.symlink("nowhere", b"dangling")
here = os.open(".", os.O_RDONLY)
for depth in range(700):  # deeper than any path may be long
    os.mkdir("d" * 200, dir_fd=here)
    inner = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
    if depth:
        os.fchmod(here, 0)
    os.close(here)
    here = inner
"""

EMPTY = "import sys; from sandbox.slots import empty; empty(sys.argv[1])"


def test_nothing_survives_whatever_its_name_mode_or_depth(tmp_path):
    """As the ordinary user that server and candidate both are: root would not notice the modes."""
    for folder in (tmp_path, *tmp_path.parents[:3]):
        if folder.stat().st_uid == os.geteuid() and not folder.stat().st_mode & stat.S_ISVTX:  # never /tmp itself
            folder.chmod(0o755)
    slot = tmp_path / "slot"
    slot.mkdir()
    slot.chmod(0o777)
    (tmp_path / "keep").write_text("not in the slot")
    prefix = command_prefix(ROOT)
    for script in (FILL, EMPTY):
        subprocess.run([*prefix, sys.executable, "-c", script, str(slot)], check=True, cwd=ROOT)
    assert os.listdir(slot) == []
    assert (tmp_path / "keep").exists()
    assert Path("/etc/passwd").exists()


def test_a_link_in_the_place_of_a_slot_is_not_followed(tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").touch()
    (tmp_path / "slot").symlink_to(tmp_path / "precious")
    with pytest.raises(OSError, match="slot"):
        empty(str(tmp_path / "slot"))
    assert (tmp_path / "precious" / "file").exists()


def test_a_slot_has_one_candidate_at_a_time_and_is_empty_for_the_next(tmp_path):
    paths = [str(tmp_path / name) for name in "ab"]
    for path in paths:
        os.mkdir(path)
        Path(path, "left").touch()
    kept = Slots(paths)
    assert (kept.take(), kept.take(), kept.take(), len(kept)) == (*paths, None, 2)
    Path(paths[1], "left").touch()
    kept.give_back(paths[1])
    assert kept.take() == paths[1]
    assert os.listdir(paths[1]) == []


def test_a_slot_that_stays_full_is_given_to_nobody_and_the_last_one_is_the_end(tmp_path, monkeypatch, capsys):
    paths = [str(tmp_path / name) for name in "ab"]
    for path in paths:
        os.mkdir(path)
    kept = Slots(paths)

    def stubborn(path: str) -> None:
        raise OSError("something still writes there")

    monkeypatch.setattr(slots, "empty", stubborn)
    kept.give_back(kept.take())
    assert (len(kept), kept.take(), kept.take()) == (1, paths[1], None)
    assert "is used no longer" in capsys.readouterr().err
    with pytest.raises(RuntimeError, match="no slot is left"):
        kept.give_back(paths[1])

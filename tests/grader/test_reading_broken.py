"""Nothing that `workshop grade` is given is lost on the way, however broken, hostile or oddly named."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.archives.names import hidden
from grader.bulk import finding
from grader.errors import WorkshopError
from tests.archive_corpus import CASES, SMALL, Case, zipped
from tests.archive_corpus import Packed as Entry
from tests.grader.handed_in import (
    CODE,
    SUM,
    items,
    lay,
    module,
    notebook,
    notes,
    packed,
    problems,
    read,
    students,
    the,
)

pytestmark = pytest.mark.usefixtures("banks_read_once")


BROKEN: dict[str, tuple[str | bytes, str]] = {
    "empty.py": ("", "empty"),
    "blank.py": (" \n\n", "empty"),
    "binary.py": (b"\x7fELF\0\1\2", "no text"),
    "large.py": ("#" * (300 * 1024), "too large: 307,200 bytes, where 262,144 are read"),
    "huge.py": ("#" * (1100 * 1024), "too large: 1,126,400 bytes"),
    "no code.ipynb": (notebook(), "holds no cell with code"),
    "damaged.ipynb": ('{"cells": ', "no notebook, or a damaged one"),
    "other.ipynb": (json.dumps({"metadata": {"kernelspec": {"language": "R"}}}), "another language"),
    "packed.rar": (b"Rar!\x1a\7\1\0", "make a zip"),
    "packed.7z": (b"7z\xbc\xaf\x27\x1c", "make a zip"),
    "no zip.zip": ("hello", "make a zip"),
    "nothing.zip": (packed({}), "the archive is empty"),
    "locked.zip": (zipped([Entry(b"a.py", flags=1)]), "encrypted"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_has_a_row_with_the_reason_and_its_student(name: str, tmp_path: Path) -> None:
    content, words = BROKEN[name]
    found = read(SUM, lay(tmp_path, {name: content, "zoe.py": CODE}))
    [broken] = [each for each in found.submissions if each.problem]
    assert words in broken.problem.en
    assert broken.student == name.rpartition(".")[0]
    assert broken.item is not None
    assert students(found) == {"zoe.py": "zoe"}


def test_other_encodings_are_read_and_said(tmp_path: Path) -> None:
    files = {"ann.py": f"# 注意\n{CODE}".encode("gbk"), "bob.py": f"\ufeff{CODE}".encode("utf-16")}
    found = read(SUM, lay(tmp_path, files))
    assert the(found, "ann.py").content.decode() == f"# 注意\n{CODE}"
    assert notes(the(found, "ann.py")) == ("read as GB 18030",)
    assert notes(the(found, "bob.py")) == ("read as UTF-16",)


def test_links_pipes_and_devices_in_a_folder_are_named_and_never_opened(tmp_path: Path) -> None:
    lay(tmp_path, {"ann/a.py": CODE, "away.py": CODE})
    (tmp_path / "bob.py").symlink_to(tmp_path / "away.py")
    (tmp_path / "cat").symlink_to(tmp_path / "ann")
    (tmp_path / "loop.py").symlink_to(tmp_path / "loop.py")
    os.mkfifo(tmp_path / "dan.py")
    found = read(SUM, tmp_path)
    assert students(found) == {"a.py": "ann", "away.py": "away"}
    said = problems(found)
    assert set(said) == {"bob.py", "cat", "loop.py", "dan.py"}
    assert all("a link, which may name another's work" in said[name] for name in ("bob.py", "cat", "loop.py"))
    assert said["dan.py"] == "not a file"


def test_what_is_named_itself_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    lay(tmp_path, {"mine": CODE, "ours.txt": CODE, "test_it.py": CODE})
    (tmp_path / "link.py").symlink_to(tmp_path / "mine")
    names = ("mine", "ours.txt", "test_it.py", "link.py")
    assert len(students(read(SUM, *(tmp_path / name for name in names)))) == 4
    found = read(*(tmp_path / name for name in names))
    assert {item for item, _why in items(found).values()} == {SUM}


def test_missing_files_and_folders_without_anything_have_rows(tmp_path: Path) -> None:
    lay(tmp_path, {"empty/.hidden": "", "pdfs/a.pdf": ""})
    found = read(SUM, tmp_path / "empty", tmp_path / "nobody.py", tmp_path / "nobody.zip", tmp_path / "pdfs")
    said = problems(found)
    assert said["empty"] == "nothing in it can be graded (.py, .ipynb)"
    assert said["nobody.py"] == said["nobody.zip"] == "cannot be read: No such file or directory"
    assert said["pdfs"] == "nothing in it can be graded (.py, .ipynb)"


def test_a_folder_of_too_many_files_is_refused_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST_FILES", 5)
    lay(tmp_path, {f"{number}.py": CODE for number in range(6)})
    with pytest.raises(WorkshopError, match="holds more than 5 files"):
        read(SUM, tmp_path)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("inside", [False, True], ids=["alone", "in-a-folder"])
def test_every_archive_of_the_corpus_loses_nothing_and_harms_nothing(
    case: Case, inside: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "EXPORT", SMALL)
    monkeypatch.setattr(finding, "PERSONAL", SMALL)
    path = lay(tmp_path / "in", {"eve.zip": case.make()}) / "eve.zip"
    before = sorted(tmp_path.rglob("*"))
    found = read(SUM, path.parent if inside else path)
    assert sorted(tmp_path.rglob("*")) == before
    assert found.submissions
    paths = [each.path for each in found.submissions]
    assert len(set(paths)) == len(paths)
    assert not any(hidden(letter) for each in paths for letter in each)
    said = json.dumps([(each.path, notes(each)) for each in found.submissions]) + json.dumps(found.remarks)
    for name, reason in case.skipped.items():
        assert reason.harmless or json.dumps(name.rpartition("/")[2])[1:-1] in said, name
    for each in found.submissions:
        assert each.problem or each.content


NASTY = (
    "a c.py", "-rf.py", "--help.py", "$(touch x).py", "a;b.py", "é.py", "e\u0301.py", "陈晓 作业.py", "x" * 240 + ".py",
    "a\nb.py", "\x1b[31mred.py", "a\u202eyp.py", "#.py", "a#b.py", "(1).py", "%s.py", "{0}.py", "a'b\".py",
)  # fmt: skip


def test_nasty_names_are_read_and_stay_apart(tmp_path: Path) -> None:
    lay(tmp_path, dict.fromkeys(NASTY, CODE))
    with open(os.fsencode(tmp_path) + b"/\xff\xfe.py", "w") as file:
        file.write(CODE)
    found = read(SUM, tmp_path)
    paths = [each.path for each in found.submissions]
    assert len(set(paths)) == len(paths) == len(NASTY) + 1
    assert not any(each.problem for each in found.submissions)
    assert [each.path for each in read(SUM, tmp_path).submissions] == paths


NAMES = st.sampled_from(
    ["ann", "bob", "20240001", "20240001_b", "ann-1", "ann (1)", "self_attention", "main", "hw1_cat", "li_1_2_a"]
)
FILES = st.dictionaries(
    st.builds("/".join, st.lists(NAMES, max_size=2)).flatmap(
        lambda folder: NAMES.flatmap(
            lambda name: st.sampled_from([".py", ".ipynb", ".txt", ".pdf"]).map(
                lambda ending: f"{folder}/{name}{ending}".lstrip("/")
            )
        )
    ),
    st.sampled_from([CODE, module("SelfAttention"), CODE + module("SelfAttention"), "x = 1\n", "", notebook(CODE)]),
    min_size=1,
    max_size=4,
)


@given(files=FILES, told=st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_file_is_ever_lost(files: dict[str, str], told: bool, tmp_path_factory: pytest.TempPathFactory) -> None:
    """It is graded, or a row, or named in a note or a remark; and the next run says the same."""
    place = lay(tmp_path_factory.mktemp("in"), files)
    arguments = (SUM, place) if told else (place,)
    found = read(*arguments)
    paths = [each.path for each in found.submissions]
    told_of = [text for each in found.submissions for text in (each.problem.en, *notes(each))]
    said = "\n".join([*paths, *told_of, *found.remarks])
    assert [name for name in files if name.rpartition("/")[2] not in said and "more" not in said] == []
    assert len(set(paths)) == len(paths)
    assert read(*arguments) == found
    assert all(each.problem or (each.item and each.content and each.student) for each in found.submissions)


def test_a_tar_that_says_a_size_below_nothing_is_one_row(tmp_path: Path) -> None:
    head = bytearray(512)
    head[:4], head[124:135], head[156:157] = b"a.py", b"-0000001000", b"0"
    head[148:156] = b"%06o\0 " % (sum(head) + 8 * ord(" "))
    found = read(SUM, lay(tmp_path, {"eve.tar": bytes(head) + bytes(2048), "ann.py": CODE}))
    assert list(problems(found)) == ["eve.tar"]
    assert students(found)["ann.py"] == "ann"

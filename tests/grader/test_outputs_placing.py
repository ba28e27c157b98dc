"""Files and folders of results: whole or not there, never over somebody's own, called harmlessly."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.bulk.outputs.placing import LONGEST_NAME, MANIFEST, check_folder, put_file, put_folder, safe_names
from grader.bulk.outputs.wanted import Wanted
from grader.errors import WorkshopError
from tests.grader.graded import graded, item_of

FOR = "workshop grade --report"


def fill(path, *names):
    with put_folder(path, FOR) as folder:
        for name in names:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(name)


def names_in(path):
    return sorted(os.path.relpath(each, path) for each in path.rglob("*") if each.is_file())


def test_a_folder_of_ours_is_replaced_as_a_whole(tmp_path):
    fill(tmp_path / "out", "old.html", "a/old.html")
    fill(tmp_path / "out", "new.html")
    assert names_in(tmp_path / "out") == [MANIFEST, "new.html"]
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


def test_an_empty_folder_is_as_good_as_none(tmp_path):
    (tmp_path / "out").mkdir()
    fill(tmp_path / "out", "new.html")
    assert names_in(tmp_path / "out") == [MANIFEST, "new.html"]


@pytest.mark.parametrize("spoil", ["notes", "link", "other"])
def test_a_folder_with_something_of_somebody_else_is_left_alone(tmp_path, spoil):
    out = tmp_path / "out"
    if spoil == "other":
        with put_folder(out, "workshop grade --gradescope") as folder:
            (folder / "x").write_text("x")
    else:
        fill(out, "a.html")
    if spoil == "notes":
        (out / "notes.txt").write_text("mine")
    if spoil == "link":
        (out / "elsewhere").symlink_to(tmp_path, target_is_directory=True)
    before = names_in(out)
    with pytest.raises(WorkshopError, match="which no") as caught:
        check_folder(out, FOR)
    assert caught.value.remedy
    with pytest.raises(WorkshopError):
        fill(out, "new.html")
    assert names_in(out) == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out"]


def test_what_ends_in_the_middle_leaves_what_was_there(tmp_path):
    fill(tmp_path / "out", "old.html")

    def stopped():
        with put_folder(tmp_path / "out", FOR) as folder:
            (folder / "half.html").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert names_in(tmp_path / "out") == [MANIFEST, "old.html"]
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


def test_a_file_is_replaced_and_has_the_rights_that_others_have(tmp_path):
    (tmp_path / "plain").write_text("")
    put_file(tmp_path / "x.csv", b"one")
    put_file(tmp_path / "x.csv", b"two")
    assert (tmp_path / "x.csv").read_bytes() == b"two"
    assert (tmp_path / "x.csv").stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    "places",
    [
        {"csv": "."}, {"csv": "nowhere/x.csv"}, {"gradescope": "a.txt"}, {"csv": "x", "junit": "x"},
        {"csv": "/dev/null"}, {"gradescope": "r", "csv": "r/x.csv"}, {"gradescope": "link"},
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_written_is_said_before_anything_is_graded(tmp_path, monkeypatch, places):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("")
    (tmp_path / "r").mkdir()
    (tmp_path / "link").symlink_to("r")
    with pytest.raises(WorkshopError) as caught:
        Wanted(**{name: Path(place) for name, place in places.items()}).check()
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


def test_nothing_is_written_that_was_not_asked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Wanted().check()
    assert list(Wanted().write([graded(item_of(), "a.py")])) == []
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_keeps_nothing_else_away(tmp_path):
    (tmp_path / "taken").mkdir()
    wanted = Wanted(csv=tmp_path / "taken", gradebook=tmp_path / "gone" / "b.csv", junit=tmp_path / "j.xml")
    said = list(wanted.write([graded(item_of(), "a.py")]))
    assert [isinstance(each, WorkshopError) for each in said] == [True, True, False]
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["j.xml"]


NAMES = {
    "../../etc/passwd": "etc-passwd", "..": "unnamed", "": "unnamed", "a\0b": "a-b", "李雷": "李雷", "CON": "_CON",
    "nul.txt": "_nul.txt", "a/b.py": "a-b.py", "\u202egnp.exe": "gnp.exe", "🎓🎓": "unnamed", ".hidden": "hidden",
    "x" * 300: "x" * 80, "é" * 300: "é" * 40, "-rf": "rf", "a b": "a-b", "\udcff": "unnamed", "a:b|c?": "a-b-c",
}  # fmt: skip


@pytest.mark.parametrize(("text", "name"), NAMES.items())
def test_a_name_is_made_harmless_and_stays_readable(text, name):
    assert safe_names([text]) == [name]


def test_no_two_have_one_name_even_where_capitals_are_not_told_apart():
    assert safe_names(["Ann", "ann", "ANN", "ann-2"]) == ["Ann", "ann-2", "ANN-3", "ann-2-2"]
    assert safe_names(["a\u0301", "á"]) == ["á", "á-2"]


@given(st.lists(st.text(max_size=120), max_size=12))
def test_whatever_people_are_called_is_one_file_each(texts):
    names = safe_names(texts)
    assert len({name.casefold() for name in names}) == len(texts)
    for name in names:
        assert name
        assert not set(name) & set("/\\\0:*?\"<>|\n\r\t ")
        assert not name.startswith((".", "-"))
        assert len(name.encode()) <= LONGEST_NAME + 4

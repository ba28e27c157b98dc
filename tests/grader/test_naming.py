"""Whose file is it: the names that Canvas, Moodle, Gradescope and people give, read with a reason."""

from __future__ import annotations

import json
import time

import pytest

from grader.naming import (
    By,
    Chosen,
    Clue,
    ClueKind,
    Layout,
    Party,
    Roster,
    Student,
    Wanted,
    arrange,
    authoritative,
    choose,
)
from grader.naming.gradescope import MetadataFault, submitters_of
from grader.naming.notebooks import NotebookFault, code_of
from grader.naming.typed_text import text_of_html
from tests.processor_time import processor_seconds

ROSTER = Roster(
    [
        Student(1, "Xiao Chen", "xiao.chen@example.org", "20240001"),
        Student(2, "张伟", "zhangwei@example.org", "20240002"),
        Student(3, "José García-López", "jose@example.org", "20240003"),
        Student(4, "Mary Ann Smith", "m.smith@example.org", "s1234567"),
        Student(5, "Robin", "robin@example.org"),
        Student(6, "Wei Li", "wei.li@example.org", "20240006"),
        Student(7, "Wei Li", "wei.li2@example.org", "20240007"),
    ]
)


def people(*paths: str, metadata: bytes | None = None) -> dict[str, tuple[int | None, By | None]]:
    """Each party of these files, and who it is by what."""
    found = arrange(paths, metadata, ROSTER)
    return {each.key: ((match := ROSTER.match(each.clues)).student_id, match.by) for each in found.parties}


def test_canvas_names_are_read() -> None:
    found = arrange(
        ["chenxiao_12345_67890_attention.py", "garcíalópezjosé_LATE_12346_67891_my_code-2.py", "robin_12347_text.html"],
        None,
        ROSTER,
    )
    assert (found.layout, found.fitting, found.total) == (Layout.CANVAS, 3, 3)
    assert [each.late for each in found.parties] == [False, True, False]
    assert ROSTER.match(found.parties[0].clues).student_id == 1
    assert ROSTER.match(found.parties[0].clues).by is By.NAME
    assert ROSTER.match(found.parties[1].clues).student_id == 3
    assert ROSTER.match(found.parties[2].clues).student_id == 5


def test_several_files_of_one_person_on_canvas_are_together() -> None:
    [party] = arrange(["robin_7_1_a.py", "robin_7_2_b.py"], None, ROSTER).parties
    assert party.paths == ("robin_7_1_a.py", "robin_7_2_b.py")


def test_anonymous_canvas_names_are_nobodys() -> None:
    found = arrange(["anon_Ab3dE_67890_a.py", "anon_LATE_Zz9yX_67891_a.py"], None, ROSTER)
    assert found.layout is Layout.CANVAS
    assert [each.late for each in found.parties] == [False, True]
    assert [ROSTER.match(each.clues).student_id for each in found.parties] == [None, None]


def test_a_number_of_another_system_only_suggests() -> None:
    match = ROSTER.match([Clue(ClueKind.NAME, "nobody"), Clue(ClueKind.FOREIGN, "20240001")])
    assert match.student_id is None
    assert match.suggestions == (1,)


@pytest.mark.parametrize(
    "path",
    [
        "Xiao Chen_12345_assignsubmission_file/attention.py",
        "Xiao Chen_12345_assignsubmission_file_/attention.py",
        "Xiao Chen_12345_assignsubmission_file_attention.py",
        "Xiao Chen_12345_assignsubmission_onlinetext/onlinetext.html",
        "20240001 Xiao Chen_12345_assignsubmission_file/a/b.py",
    ],
)
def test_moodle_names_of_every_age_are_read(path: str) -> None:
    found = arrange([path], None, ROSTER)
    assert found.layout is Layout.MOODLE
    assert ROSTER.match(found.parties[0].clues).student_id == 1


METADATA = """submission_1:
  :submitters:
  - :name: Xiao Chen
    :sid: '20240001'
    :email: xiao.chen@example.org
  :created_at: 2026-11-22 09:00:00.000000000 Z
  :results:
    tests:
    - name: a
      output: ":submitters: - :name: Robin"
submission_2:
  :submitters:
  - :name: 张伟
    :sid:
    :email: zhangwei@example.org
  - :name: Robin
    :email: robin@example.org
  :history:
  - :submitters:
    - :name: Mary Ann Smith
""".encode()


def test_gradescope_folders_are_their_submitters_and_a_groups_work_is_each_members() -> None:
    found = people(
        "assignment_7_export/submission_1/a.py",
        "assignment_7_export/submission_2/a.py",
        "assignment_7_export/submission_3/a.py",
        "assignment_7_export/submission_metadata.yml",
        metadata=METADATA,
    )
    assert found == {
        "submission_1 xiao.chen@example.org": (1, By.NUMBER),
        "submission_2 zhangwei@example.org": (2, By.EMAIL),
        "submission_2 robin@example.org": (5, By.EMAIL),
        "submission_3": (None, None),
    }


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe", b"a: [", b"a: b: c", b"!!python/object/apply:os.system [id]\n: {", b"\t", b"x" * (9 * 1024 * 1024)],
)
def test_metadata_that_is_none_is_said_and_harms_nothing(data: bytes) -> None:
    with pytest.raises(MetadataFault):
        submitters_of(data)
    found = arrange(["submission_1/a.py"], data, ROSTER)
    assert found.metadata_fault
    assert found.parties == (Party("submission_1", (), ("submission_1/a.py",)),)


def test_aliases_tags_and_depth_in_metadata_cost_nothing() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"b{n}: &b{n} [{','.join(['*a'] * 9)}]\n" for n in range(9))
    begun = time.monotonic()
    assert submitters_of(bomb.encode()) == {}
    assert submitters_of(b"a: !!python/object/apply:os.system ['id']\n") == {}
    assert submitters_of(b"[" * 1_000 + b"]" * 1_000) == {}
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("path", "who", "by"),
    [
        ("20240001.py", 1, By.NUMBER),
        ("20240001/attention.py", 1, By.NUMBER),
        ("20240001.zip/attention.py", 1, By.NUMBER),
        ("hw3_20240001_陈晓.py", 1, By.NUMBER),
        ("张伟.py", 2, By.NAME),
        ("张伟-20240002-作业.py", 2, By.NUMBER),
        ("作业3张伟.py", 2, By.NAME),
        ("zhangwei@example.org.py", 2, By.EMAIL),
        ("xiao.chen.py", 1, By.NAME),
        ("m.smith.py", 4, By.LOGIN),
        ("Chen, Xiao.py", 1, By.NAME),
        ("xiao_chen_hw1.py", 1, By.NAME),
        ("Jose Garcia Lopez.py", 3, By.NAME),
        ("S1234567.py", 4, By.NUMBER),
        ("Smith Mary Ann/main.py", 4, By.NAME),
        ("robin.py", 5, By.NAME),
        ("hw1.py", None, None),
        ("Wei Li.py", None, None),
        ("20240001 20240002.py", None, None),
    ],
)
def test_plain_names_are_read(path: str, who: int | None, by: By | None) -> None:
    found = arrange([path, "somebody else.py"], None, ROSTER)
    assert found.layout is Layout.PLAIN
    match = ROSTER.match(found.parties[0].clues)
    assert (match.student_id, match.by) == (who, by)


def test_namesakes_and_contradictions_are_left_to_somebody() -> None:
    assert ROSTER.match([Clue(ClueKind.ANY, "Wei Li")]).suggestions == (6, 7)
    both = ROSTER.match([Clue(ClueKind.ANY, "20240001"), Clue(ClueKind.ANY, "张伟")])
    assert both.contradictory
    assert both.suggestions == (1, 2)


def test_likeness_suggests_and_never_decides() -> None:
    for text in ("Xiao Chem", "xiaochen1", "20240010", "García José"):
        match = ROSTER.match([Clue(ClueKind.ANY, text)])
        assert match.student_id is None
        assert match.suggestions, text
    assert ROSTER.match([Clue(ClueKind.ANY, "final version")]).suggestions == ()


def test_the_folder_around_everything_is_nobodys_unless_it_is_somebodys() -> None:
    assert people("hw3/20240001.py", "hw3/张伟.py") == {"20240001.py": (1, By.NUMBER), "张伟.py": (2, By.NAME)}
    assert people("hw3/20240001/a.py", "hw3/20240001/b.py") == {"20240001": (1, By.NUMBER)}
    assert people("20240001/a.py", "20240001/b.py") == {"20240001": (1, By.NUMBER)}


def test_a_roster_of_thousands_is_searched_quickly() -> None:
    many = Roster(Student(n, f"Student {n:05d} Name", f"s{n}@example.org", f"2024{n:05d}") for n in range(5_000))
    begun = time.monotonic()
    for n in range(200):
        many.match([Clue(ClueKind.ANY, f"Studnet {n} Nmae")])
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    ("paths", "path", "why"),
    [
        (["a.py"], "a.py", Chosen.ONLY),
        (["a.py", "notes.txt", "plot.png"], "a.py", Chosen.ONLY),
        (["test_a.py", "a.py"], "a.py", Chosen.ONLY),
        (["a.ipynb", "a.py"], "a.py", Chosen.ONLY),
        (["a.ipynb"], "a.ipynb", Chosen.ONLY),
        (["x.py", "multi_head_attention.py"], "multi_head_attention.py", Chosen.NAMED),
        (["x.py", "r_1_2_multi-head-attention.py"], "r_1_2_multi-head-attention.py", Chosen.NAMED),
        (["x.py", "solution.py"], "solution.py", Chosen.USUAL),
        (["r_7_1_hw.py", "r_7_2_hw-1.py", "r_7_3_hw-2.py"], "r_7_3_hw-2.py", Chosen.NEWEST),
        (["y.py", "x.py"], "x.py", Chosen.FIRST),
        (["a.pdf", "b.docx"], None, Chosen.NONE),
    ],
)
def test_which_of_several_files_counts_has_a_reason(paths: list[str], path: str | None, why: Chosen) -> None:
    choice = choose(paths, Wanted.CODE, "multi-head-attention")
    assert (choice.path, choice.why) == (path, why)
    assert set(choice.others) == set(paths) - {path}


def notebook(*cells: str | list[str], **metadata: object) -> bytes:
    """A notebook of code cells."""
    listed = [{"cell_type": "code", "source": source} for source in cells]
    listed.insert(0, {"cell_type": "markdown", "source": "# not code"})
    return json.dumps({"nbformat": 4, "metadata": metadata, "cells": listed}).encode()


def test_a_notebooks_code_is_read_without_what_only_ipython_understands() -> None:
    found = code_of(
        notebook(
            ["%matplotlib inline\n", "import torch"],
            "if True:\n    !pip install einops\n    x = 7\nfiles = !ls\nhelp?",
            "%%time\ny = x % 3",
            "%%bash\nrm -rf /",
        )
    )
    names: dict[str, object] = {}
    exec(found.code.replace("import torch", ""), names)
    assert (names["x"], names["y"], found.cells, found.left_out) == (7, 1, 4, 7)
    assert "rm -rf" not in found.code
    assert "pass  # left out: %matplotlib inline" in found.code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "malformed"),
        (b"[1]", "malformed"),
        (b"\xff\xfe{}", "malformed"),
        (b"[" * 100_000, "malformed"),
        (b'{"cells": 7}', "no-code"),
        (b'{"cells": [7, null, {"cell_type": "code", "source": {"a": 1}}]}', "no-code"),
        (b'{"cells": [' + b"9" * 10_000 + b"]}", "malformed"),
        (b" " * (9 * 1024 * 1024), "large"),
        (notebook("1"), ""),
        (notebook("1", kernelspec={"language": "julia"}), "language"),
    ],
)
def test_a_broken_notebook_says_what_is_wrong(data: bytes, code: str) -> None:
    if not code:
        assert code_of(data).cells == 1
        return
    with pytest.raises(NotebookFault, match=code):
        code_of(data)


def test_old_notebooks_are_read() -> None:
    old = {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1\n", "y = 2"]}]}]}
    assert "x = 1\ny = 2" in code_of(json.dumps(old).encode()).code


def test_what_was_typed_into_a_page_is_read_as_text() -> None:
    page = (
        "<html><head><style>p{}</style></head><body><p>第一段&nbsp;A &amp; B</p><p>Second<br>line</p><script>x</script>"
    )
    assert text_of_html(page) == "第一段\xa0A & B\n\nSecond\nline"
    assert text_of_html("<" * 10_000).startswith("<")


@pytest.mark.parametrize("line", [" " * 400_000 + "x", "a " * 200_000, "[" * 400_000, "a" * 400_000 + "?   x"])
def test_a_notebooks_endless_line_is_read_once(line: str) -> None:
    notebook = json.dumps({"cells": [{"cell_type": "code", "source": line}]}).encode()
    assert processor_seconds(lambda: code_of(notebook)) < 1.0


@pytest.mark.parametrize("piece", ["<a ", "<a b='", "<div>", "<!--", "&", "<b><div>", "<", "</a <"])
def test_a_page_that_is_broken_or_endlessly_deep_is_read_once(piece: str) -> None:
    assert processor_seconds(lambda: text_of_html(piece * (1_000_000 // len(piece)))) < 2.0


def test_metadata_speaks_for_a_whole_export_and_for_nothing_that_somebody_handed_in() -> None:
    export = ["submission_1/a.py", "submission_2/a.py"]
    assert authoritative([""], export) == [""]
    assert authoritative(["", "submission_1/"], export) == [""]
    assert authoritative(["week1/"], [f"week1/{path}" for path in export]) == ["week1/"]
    assert authoritative(["week1/", "week2/"], ["week1/submission_1/a.py", "week2/submission_1/a.py"]) == [
        "week1/", "week2/",
    ]  # fmt: skip
    moodle = "Eve Evil_125_assignsubmission_file_/"
    assert authoritative(["week1/"], ["week1/submission_1/a.py", f"week2/{moodle}a.py"]) == ["week1/"]
    assert authoritative([moodle], [f"{moodle}a.py", "Bob_126_assignsubmission_file_/a.py"]) == []
    assert authoritative(["eve/"], ["eve/submission_1/a.py", "bob/a.py"]) == []
    assert authoritative(["evil_125_90_work.zip/"], ["evil_125_90_work.zip/submission_1/a.py", "bob_1_2_a.py"]) == []

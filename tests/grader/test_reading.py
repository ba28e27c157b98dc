"""What `workshop grade` can be given: every layout, whose it is, and which item it answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.bulk.model import Asked, Whose
from tests.grader.graded import BANK
from tests.grader.handed_in import (
    CODE,
    HEADS,
    METADATA,
    SCALED,
    SELF,
    SUM,
    WORDS,
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


# Whose it is ----------------------------------------------------------------------------------------------------------

LAYOUTS: dict[str, tuple[dict[str, str | bytes], dict[str, str]]] = {
    "one file per student": ({"ann.py": CODE, "bob lee.py": CODE, "张伟.py": CODE}, {
        "ann.py": "ann", "bob lee.py": "bob lee", "张伟.py": "张伟",
    }),
    "one folder per student": ({"ann/a.py": CODE, "bob/x/b.py": CODE, "c.d/c.py": CODE}, {
        "a.py": "ann", "b.py": "bob", "c.py": "c.d",
    }),
    "a folder around folders": ({"class/week/ann/main.py": CODE, "class/week/bob/main.py": CODE + "#"}, {
        "main.py": "bob",
    }),
    "numbers before names, and what all have": ({
        "hw1_20240001_ann.py": CODE, "hw1_s1234567_bob.py": CODE, "hw1_cat.py": CODE, "hw1-dan@example.org.py": CODE,
    }, {
        "hw1_20240001_ann.py": "20240001", "hw1_s1234567_bob.py": "s1234567", "hw1_cat.py": "cat",
        "hw1-dan@example.org.py": "hw1-dan@example.org",
    }),
    "a date is nobody's number": ({f"20261122_{name}.py": CODE for name in ("ann", "bob", "cat")}, {
        f"20261122_{name}.py": name for name in ("ann", "bob", "cat")
    }),
    "numbered names are different people": ({f"student-{n:02}.py": CODE for n in (1, 2, 3)}, {
        f"student-{n:02}.py": f"{n:02}" for n in (1, 2, 3)
    }),
    "an archive per student": ({
        "20240001.zip": packed({"hw/main.py": CODE}), "bob.tar.gz": b"", "cat.zip": packed({"main.py": CODE}),
    }, {"main.py": "cat"}),
    "canvas": ({
        "chenxiao_12_345_sum.py": CODE, "lixin_LATE_13_347_sum.py": CODE, "lixin_14_348_sum.py": CODE,
        "wang_15_349_hw.zip": packed({"a/main.py": CODE}),
    }, {
        "chenxiao_12_345_sum.py": "chenxiao 12", "lixin_LATE_13_347_sum.py": "lixin 13",
        "lixin_14_348_sum.py": "lixin 14", "main.py": "wang 15",
    }),
    "moodle": ({
        "Xiao Chen_12345_assignsubmission_file/attention.py": CODE,
        "20240009 Wei Li_12346_assignsubmission_file/sum.py": CODE,
        "Robin_12347_assignsubmission_file_late.py": CODE,
    }, {
        "attention.py": "Xiao Chen 12345", "sum.py": "20240009",
        "Robin_12347_assignsubmission_file_late.py": "Robin 12347",
    }),
    "gradescope": ({
        "assignment_7_export/submission_metadata.yml": METADATA,
        "assignment_7_export/submission_1/a.py": CODE, "assignment_7_export/submission_2/b.py": CODE,
        "assignment_7_export/submission_3/c.py": CODE,
    }, {"a.py": "20240001", "b.py": "wei@example.org", "b.py#Robin": "Robin", "c.py": "submission_3"}),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("form", ["folder", "zip", "zip in a folder"])
def test_every_layout_is_read_in_every_form(name: str, form: str, tmp_path: Path) -> None:
    files, expected = LAYOUTS[name]
    if form == "folder":
        place = lay(tmp_path / "all", files)
    elif form == "zip":
        place = lay(tmp_path, {"all.zip": packed(files)}) / "all.zip"
    else:
        if any(path.endswith((".zip", ".gz")) for path in files):
            pytest.skip("an archive in an archive in a folder is another student's than this")
        place = lay(tmp_path / "downloads", {"all.zip": packed(files)})
    assert students(read(SUM, place)) == expected


def test_what_a_shell_names_one_by_one_is_read_like_its_folder(tmp_path: Path) -> None:
    files, expected = LAYOUTS["canvas"]
    folder = lay(tmp_path, {name: content for name, content in files.items() if name.endswith(".py")})
    assert students(read(SUM, *sorted(folder.iterdir()))) == {
        name: student for name, student in expected.items() if name != "main.py"
    }


def test_late_marks_are_kept(tmp_path: Path) -> None:
    found = read(SUM, lay(tmp_path, LAYOUTS["canvas"][0]))
    assert [each.path.rpartition("/")[2] for each in found.submissions if each.late] == ["lixin_LATE_13_347_sum.py"]
    assert found.remarks == (f"{tmp_path.name}: named by Canvas, 4 students",)


def test_what_a_system_says_of_a_student_is_kept_for_its_gradebook(tmp_path: Path) -> None:
    canvas = read(SUM, lay(tmp_path / "a", LAYOUTS["canvas"][0]))
    moodle = read(SUM, lay(tmp_path / "b", {"Ann Adams_7_assignsubmission_file_/sum.py": CODE}))
    plain = read(SUM, lay(tmp_path / "c", {"ann.py": CODE}))
    assert the(canvas, "lixin_14_348_sum.py").whose == Whose(name="lixin", system_id="14")
    assert the(moodle, "sum.py").whose == Whose(name="Ann Adams", system_id="7")
    assert the(plain, "ann.py").whose == Whose()


def test_exports_beside_each_other_are_each_read_by_their_own_layout(tmp_path: Path) -> None:
    files = {f"week1/{name}": content for name, content in LAYOUTS["gradescope"][0].items()}
    files |= {f"week2/{name}": content for name, content in LAYOUTS["moodle"][0].items()}
    expected = {**LAYOUTS["gradescope"][1], **LAYOUTS["moodle"][1]}
    assert students(read(SUM, lay(tmp_path, files))) == expected


def test_metadata_that_cannot_be_read_costs_only_the_names(tmp_path: Path) -> None:
    files = {"submission_metadata.yml": "a: [", "submission_1/a.py": CODE}
    found = read(SUM, lay(tmp_path, files))
    assert students(found) == {"a.py": "submission_1"}
    assert any("submission_metadata.yml is malformed" in remark for remark in found.remarks)


def test_metadata_among_what_somebody_handed_in_names_nobody(tmp_path: Path) -> None:
    forged = METADATA.replace("submission_1", "submission_9")
    planted = packed({"submission_metadata.yml": forged, "submission_9/mine.py": CODE})
    files: dict[str, str | bytes] = {"eve.zip": planted, "20240001.py": CODE}
    found = read(SUM, lay(tmp_path / "plain", files))
    assert students(found) == {"mine.py": "eve", "20240001.py": "20240001"}
    assert any("names nobody" in remark for remark in found.remarks)
    eve = "Eve Evil_125_assignsubmission_file_"
    files = {
        f"{eve}/submission_metadata.yml": forged, f"{eve}/submission_9/mine.py": CODE,
        "Ann Adams_124_assignsubmission_file_/ann.py": CODE,
    }  # fmt: skip
    expected = {"mine.py": "Eve Evil 125", "ann.py": "Ann Adams 124"}
    assert students(read(SUM, lay(tmp_path / "moodle", files))) == expected
    files = {
        "submission_metadata.yml": METADATA.replace("20240001", "7"), "submission_1/submission_metadata.yml": forged,
        "submission_1/submission_9/mine.py": CODE,
    }  # fmt: skip
    assert students(read(SUM, lay(tmp_path / "gradescope", files))) == {"mine.py": "7"}


def test_what_lies_in_somebodys_archive_never_counts_for_another_who_has_handed_in(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "eve.zip": packed({"20240002.py": CODE, "20240003.py": CODE + "#"}), "20240002.py": CODE + "##",
    }  # fmt: skip
    found = read(SUM, lay(tmp_path, files))
    assert {each.path.removeprefix(f"{tmp_path}/"): each.student for each in found.submissions} == {
        "eve.zip/20240002.py": "eve", "eve.zip/20240003.py": "20240003", "20240002.py": "20240002",
    }  # fmt: skip


# Which of somebody's files --------------------------------------------------------------------------------------------


def test_of_a_persons_files_one_is_chosen_and_the_reason_is_said(tmp_path: Path) -> None:
    found = read(
        SUM,
        lay(tmp_path, {
            "chenxiao_1_2_sum.py": CODE, "chenxiao_1_3_sum-1.py": CODE, "chenxiao_1_4_notes.pdf": "",
            "li_2_5_part.py": "x = 1\n", "li_2_6_attention.py": CODE,
            "wu_3_7_a.py": CODE, "wu_3_8_b.py": CODE,
            "he_4_9_report.docx": "",
        }),
    )  # fmt: skip
    assert notes(the(found, "sum-1.py")) == (
        "one of 2 files: its name says that it is the newest; left: chenxiao_1_2_sum.py",
        "left: chenxiao_1_4_notes.pdf",
    )
    assert notes(the(found, "attention.py")) == (
        "one of 2 files: it defines most of what is asked; left: li_2_5_part.py",
    )
    assert problems(found) == {
        "wu_3_8_b.py": (
            f"another file of wu 3 is graded for {SUM}: {tmp_path}/wu_3_7_a.py; leave only the one that counts"
        ),
        "he_4_9_report.docx": (
            "no file that can be graded: of he_4_9_report.docx none is .py, .ipynb; ask for one, or mark it by hand"
        ),
    }


def test_a_notebook_without_a_byte_is_empty_and_not_damaged(tmp_path: Path) -> None:
    assert "empty" in problems(read(SUM, lay(tmp_path, {"ann.ipynb": b"", "bob.py": CODE})))["ann.ipynb"]


def test_in_a_folder_with_a_student_s_number_all_is_that_student_s(tmp_path: Path) -> None:
    files = {f"{folder}/{name}.py": f"{CODE}# {folder}" for folder in ("7001_ann", "20261122") for name in ("a", "b")}
    found = read(SUM, lay(tmp_path, {**files, "c@uni.edu/old.py": CODE, "c@uni.edu/new.py": CODE + "#"}))
    whose = {each.path.removeprefix(f"{tmp_path}/"): each.student for each in found.submissions}
    assert whose == {
        "20261122/a.py": "a", "20261122/b.py": "b", "7001_ann/a.py": "7001", "7001_ann/b.py": "7001",
        "c@uni.edu/new.py": "c@uni.edu", "c@uni.edu/old.py": "c@uni.edu",
    }  # fmt: skip
    assert "the best counts" in notes(the(found, "old.py"))[0]


def test_a_folder_of_several_whole_answers_loses_none_of_them(tmp_path: Path) -> None:
    found = read(SUM, lay(tmp_path, {"group a/ann.py": CODE, "group a/bob.py": CODE, "group b/cat.py": CODE}))
    assert students(found) == {"ann.py": "ann", "bob.py": "bob", "cat.py": "group b"}
    assert "every one is graded" in notes(the(found, "ann.py"))[0]


def test_what_lies_beside_answers_is_left_and_named(tmp_path: Path) -> None:
    found = read(SUM, lay(tmp_path, {"ann.py": CODE, "README.md": "", "test_it.py": "x = 1", "roster.csv": ""}))
    assert students(found) == {"ann.py": "ann"}
    assert found.remarks[-1].startswith("left, because nothing in it is graded here: ")
    assert all(name in found.remarks[-1] for name in ("README.md", "test_it.py", "roster.csv"))


def test_one_persons_notebook_and_module_are_one_submission(tmp_path: Path) -> None:
    found = read(SUM, lay(tmp_path, {"ann.py": CODE, "ann.ipynb": notebook(CODE), "bob.ipynb": notebook(CODE)}))
    assert students(found) == {"ann.py": "ann", "bob.ipynb": "bob"}
    assert notes(the(found, "ann.py"))[0].endswith("left: ann.ipynb")


def test_a_notebooks_code_is_graded_and_what_was_dropped_is_counted(tmp_path: Path) -> None:
    cells = ("%matplotlib inline\n!pip list\nimport torch", CODE, "%%bash\nls\n")
    found = the(read(SUM, lay(tmp_path, {"ann.ipynb": notebook(*cells)}) / "ann.ipynb"), "ann.ipynb")
    assert b"def attention_weighted_sum" in found.content
    assert b"\n!pip" not in found.content
    assert notes(found) == (
        "the code of 3 cells of a notebook",
        "4 lines left out that only IPython understands (magics, shell)",
    )


# Which item -----------------------------------------------------------------------------------------------------------


def test_the_item_is_guessed_from_what_a_file_defines_else_from_its_name(tmp_path: Path) -> None:
    found = read(
        lay(tmp_path, {
            "ann1.py": module("SelfAttention"), "ann2.py": module("MultiHeadAttention"),
            "bob_self_attention.py": "class SelfAtention:\n    pass\n", "cat.SelfAttention.py": module("Other"),
            f"{HEADS}/dan.py": "x = (\n", f"eve-{WORDS}.txt": "Weights.",
        })
    )  # fmt: skip
    assert items(found) == {
        "ann1.py": (SELF, Asked.DEFINES), "ann2.py": (HEADS, Asked.DEFINES),
        "bob_self_attention.py": (SELF, Asked.NAMED), "cat.SelfAttention.py": (SELF, Asked.NAMED),
        "dan.py": (HEADS, Asked.NAMED), f"eve-{WORDS}.txt": (WORDS, Asked.NAMED),
    }  # fmt: skip
    assert found.remarks[-1] == (
        f"items were guessed (4 by their names, 2 by what they define): {WORDS} 1, {HEADS} 2, {SELF} 3"
    )


def test_what_cannot_be_guessed_is_a_row_with_the_remedy(tmp_path: Path) -> None:
    found = read(lay(tmp_path, {
        "ann.py": "x = 1\n", f"bob_{SELF}_{HEADS}.py": "x = 1\n", "cat.txt": "hello", "dan.py": b"\0\1",
    }))  # fmt: skip
    assert items(found) == {}
    assert all("--map" in problem for name, problem in problems(found).items() if name != "dan.py")
    assert problems(found)[f"bob_{SELF}_{HEADS}.py"].startswith(f"its name may mean {HEADS} or {SELF}")
    assert problems(found)["dan.py"].startswith("no text")


def test_two_items_that_ask_for_the_same_are_never_guessed_apart_but_by_name(tmp_path: Path) -> None:
    bank = tmp_path / "bank"
    second = "## 二节" + BANK.format(name="second").split("## 一节", 1)[1]
    lay(bank, {"1.md": BANK.format(name="one"), "2.md": second})
    code = "def double(x):\n    return 2 * x\n"
    found = read(lay(tmp_path / "in", {"ann.py": code, "bob_second.py": code}), bank=bank)
    assert items(found) == {"bob_second.py": ("second", Asked.DEFINES)}
    assert problems(found)["ann.py"].startswith("it defines double, which one and second ask for: say which with --map")


def test_a_file_that_answers_several_items_is_graded_for_each_and_says_so(tmp_path: Path) -> None:
    found = read(lay(tmp_path, {"ann.ipynb": notebook(CODE, module("SelfAttention"))}))
    assert items(found) == {
        f"ann.ipynb#{SUM}": (SUM, Asked.DEFINES), f"ann.ipynb#{SELF}": (SELF, Asked.DEFINES),
    }  # fmt: skip
    assert notes(found.submissions[0])[0] == f"it defines what {SUM} and {SELF} ask for, and is graded for each"


def test_a_part_that_has_a_file_of_its_own_is_no_second_answer(tmp_path: Path) -> None:
    both = module("MultiHeadAttention") + module("ScaledDotProductAttention")
    found = read(lay(tmp_path, {
        "ann/mha.py": both, "ann/sdpa.py": module("ScaledDotProductAttention"), "ann/helper.py": "x = 1\n",
        "bob/all.py": CODE,
    }))  # fmt: skip
    assert items(found) == {
        "mha.py": (HEADS, Asked.DEFINES), "sdpa.py": (SCALED, Asked.DEFINES), "all.py": (SUM, Asked.DEFINES),
    }  # fmt: skip
    assert notes(the(found, "mha.py")) == ("left: helper.py (it defines nothing that an item asks for)",)


def test_an_empty_file_called_like_an_item_is_that_items_row(tmp_path: Path) -> None:
    found = read(lay(tmp_path, {"ann/self_attention.py": "", "ann/sum.py": CODE, "bob/sum.py": CODE}))
    broken = the(found, "self_attention.py")
    assert (broken.item and broken.item.id, broken.student) == (SELF, "ann")
    assert broken.problem.en.startswith("empty")


def test_rules_come_before_everything(tmp_path: Path) -> None:
    place = lay(tmp_path, {
        "Q1 ann.py": CODE, "q2/bob.py": "x", "nb.ipynb": notebook(CODE), "cat.py": CODE, "q1 dan.txt": "words",
    })  # fmt: skip
    rules = (f"q1*={SELF}", f"q2/*.py=attention/{HEADS}", f"*.ipynb={SUM},{SCALED}")
    found = items(read(SUM, place, rules=rules))
    assert found == {
        "Q1 ann.py": (SELF, Asked.MAPPED), "bob.py": (HEADS, Asked.MAPPED), "cat.py": (SUM, Asked.TOLD),
        f"nb.ipynb#{SUM}": (SUM, Asked.MAPPED), f"nb.ipynb#{SCALED}": (SCALED, Asked.MAPPED),
    }  # fmt: skip


def test_lines_of_json_may_say_their_item(tmp_path: Path) -> None:
    lines = [
        {"id": "a", "text": "x", "item": WORDS}, {"id": "a", "text": "y", "item": "attention-types"},
        {"id": "a", "text": "z", "item": WORDS}, {"id": "b", "text": "x", "item": "attention-consept"},
        {"id": "c", "text": "x", "item": SUM}, {"id": {}, "text": "x"},
    ]  # fmt: skip
    path = lay(tmp_path, {"all.jsonl": "\n".join(map(json.dumps, lines)) + "\n" + "[" * 100_000}) / "all.jsonl"
    found = read(path)
    assert items(found) == {
        f"all.jsonl#a#{WORDS}": (WORDS, Asked.TOLD), "all.jsonl#a#attention-types": ("attention-types", Asked.TOLD),
    }  # fmt: skip
    said = problems(found)
    assert said["all.jsonl:3"] == "line 1 has the same id, and is what is graded"
    assert "did you mean attention-concept" in said["all.jsonl#b#attention-consept"]
    assert "no item 'attention-weighted-sum' that asks for words" in said[f"all.jsonl#c#{SUM}"]
    assert said["all.jsonl:6"] == 'not of the form {"id": ..., "text": ...}'
    assert said["all.jsonl:7"] == "not a line of JSON"


def test_words_come_as_text_pages_and_lines(tmp_path: Path) -> None:
    found = read(WORDS, lay(tmp_path, {
        "ann.txt": "权重", "bob_1_text.html": "<p>Weights&nbsp;sum</p><script>no</script>", "cat.md": "*w*",
        "dan.py": "x",
    }))  # fmt: skip
    assert {each.student: each.content.decode() for each in found.submissions} == {
        "ann": "权重", "bob_1_text": "Weights\xa0sum", "cat": "*w*",
    }  # fmt: skip

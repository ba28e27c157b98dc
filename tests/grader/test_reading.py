"""What `workshop grade` can be given: every layout, whose it is, which item it answers, and nothing lost on the way."""

from __future__ import annotations

import io
import json
import os
import resource
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.archives.names import hidden
from grader.bulk import finding
from grader.bulk.contents import Pile
from grader.bulk.interfaces import defined_names
from grader.bulk.model import Asked, Submission
from grader.bulk.reading import Reading, read_submissions
from grader.commands import asked
from grader.commands.asked import read_arguments
from grader.errors import WorkshopError
from tests.archive_corpus import CASES, SMALL, Case, ordinary, zipped
from tests.archive_corpus import Packed as Entry
from tests.grader.graded import BANK

SUM, SELF, HEADS, SCALED = (
    "attention-weighted-sum", "self-attention", "multi-head-attention", "scaled-dot-product-attention",
)  # fmt: skip
WORDS = "attention-concept"
CODE = "def attention_weighted_sum(inputs, attention_weights):\n    return inputs\n"
METADATA = """submission_1:
  :submitters:
  - :name: Xiao Chen
    :sid: '20240001'
    :email: xiao@example.org
submission_2:
  :submitters:
  - :name: Zhang Wei
    :email: wei@example.org
  - :name: Robin
"""


def module(name: str) -> str:
    return f"from torch import nn\n\n\nclass {name}(nn.Module):\n    pass\n"


def notebook(*cells: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]})


def packed(files: dict[str, str | bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return whole.getvalue()


@pytest.fixture(autouse=True, scope="module")
def _banks_are_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asked, "load_banks", cache(asked.load_banks))
        yield


def lay(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files below a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def read(*arguments: object, rules: tuple[str, ...] = (), bank: Path | None = None) -> Reading:
    asking, paths = read_arguments(tuple(map(str, arguments)), rules, bank)
    return read_submissions(paths, asking)


def students(reading: Reading) -> dict[str, str]:
    """Whose what is graded is, by the last part of its path."""
    return {each.path.rpartition("/")[2]: each.student for each in reading.submissions if not each.problem}


def items(reading: Reading) -> dict[str, tuple[str, Asked]]:
    """What is graded for which item, and why."""
    return {
        each.path.rpartition("/")[2]: (each.item.id, each.asked)
        for each in reading.submissions
        if each.item is not None and not each.problem
    }


def problems(reading: Reading) -> dict[str, str]:
    return {each.path.rpartition("/")[2]: each.problem for each in reading.submissions if each.problem}


def the(reading: Reading, ending: str) -> Submission:
    [found] = [each for each in reading.submissions if each.path.endswith(ending)]
    return found


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
    assert the(found, "sum-1.py").notes == (
        "one of 2 files: its name says that it is the newest; left: chenxiao_1_2_sum.py",
        "left: chenxiao_1_4_notes.pdf",
    )
    assert the(found, "attention.py").notes == (
        "one of 2 files: it defines most of what is asked; left: li_2_5_part.py",
    )
    assert problems(found) == {
        "wu_3_8_b.py": (
            f"another file of wu 3 is graded for {SUM}: {tmp_path}/wu_3_7_a.py; leave only the one that counts"
        ),
        "he_4_9_report.docx": "no file that can be graded (.py, .ipynb); there is he_4_9_report.docx",
    }


def test_a_folder_of_several_whole_answers_loses_none_of_them(tmp_path: Path) -> None:
    found = read(SUM, lay(tmp_path, {"group a/ann.py": CODE, "group a/bob.py": CODE, "group b/cat.py": CODE}))
    assert students(found) == {"ann.py": "ann", "bob.py": "bob", "cat.py": "group b"}
    assert "every one is graded" in the(found, "ann.py").notes[0]


def test_what_lies_beside_answers_is_left_and_named(tmp_path: Path) -> None:
    found = read(SUM, lay(tmp_path, {"ann.py": CODE, "README.md": "", "test_it.py": "x = 1", "roster.csv": ""}))
    assert students(found) == {"ann.py": "ann"}
    assert found.remarks[-1].startswith("left, because nothing in it is graded here: ")
    assert all(name in found.remarks[-1] for name in ("README.md", "test_it.py", "roster.csv"))


def test_one_persons_notebook_and_module_are_one_submission(tmp_path: Path) -> None:
    found = read(SUM, lay(tmp_path, {"ann.py": CODE, "ann.ipynb": notebook(CODE), "bob.ipynb": notebook(CODE)}))
    assert students(found) == {"ann.py": "ann", "bob.ipynb": "bob"}
    assert the(found, "ann.py").notes[0].endswith("left: ann.ipynb")


def test_a_notebooks_code_is_graded_and_what_was_dropped_is_counted(tmp_path: Path) -> None:
    cells = ("%matplotlib inline\n!pip list\nimport torch", CODE, "%%bash\nls\n")
    found = the(read(SUM, lay(tmp_path, {"ann.ipynb": notebook(*cells)}) / "ann.ipynb"), "ann.ipynb")
    assert b"def attention_weighted_sum" in found.content
    assert b"\n!pip" not in found.content
    assert found.notes == (
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
        f"{WORDS} 1, {HEADS} 2, {SELF} 3 (4 by their names, 2 by what they define)"
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
    assert found.submissions[0].notes[0] == f"it defines what {SUM} and {SELF} ask for, and is graded for each"


def test_a_part_that_has_a_file_of_its_own_is_no_second_answer(tmp_path: Path) -> None:
    both = module("MultiHeadAttention") + module("ScaledDotProductAttention")
    found = read(lay(tmp_path, {
        "ann/mha.py": both, "ann/sdpa.py": module("ScaledDotProductAttention"), "ann/helper.py": "x = 1\n",
        "bob/all.py": CODE,
    }))  # fmt: skip
    assert items(found) == {
        "mha.py": (HEADS, Asked.DEFINES), "sdpa.py": (SCALED, Asked.DEFINES), "all.py": (SUM, Asked.DEFINES),
    }  # fmt: skip
    assert the(found, "mha.py").notes == ("left: helper.py (it defines nothing that an item asks for)",)


def test_an_empty_file_called_like_an_item_is_that_items_row(tmp_path: Path) -> None:
    found = read(lay(tmp_path, {"ann/self_attention.py": "", "ann/sum.py": CODE, "bob/sum.py": CODE}))
    broken = the(found, "self_attention.py")
    assert (broken.item and broken.item.id, broken.student) == (SELF, "ann")
    assert broken.problem.startswith("empty")


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


# What is wrong with it ------------------------------------------------------------------------------------------------

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
    assert words in broken.problem
    assert broken.student == name.rpartition(".")[0]
    assert broken.item is not None
    assert students(found) == {"zoe.py": "zoe"}


def test_other_encodings_are_read_and_said(tmp_path: Path) -> None:
    files = {"ann.py": f"# 注意\n{CODE}".encode("gbk"), "bob.py": f"\ufeff{CODE}".encode("utf-16")}
    found = read(SUM, lay(tmp_path, files))
    assert the(found, "ann.py").content.decode() == f"# 注意\n{CODE}"
    assert the(found, "ann.py").notes == ("read as GB 18030",)
    assert the(found, "bob.py").notes == ("read as UTF-16",)


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
    said = json.dumps([(each.path, each.notes) for each in found.submissions]) + json.dumps(found.remarks)
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
    told_of = [text for each in found.submissions for text in (each.problem, *each.notes)]
    said = "\n".join([*paths, *told_of, *found.remarks])
    assert [name for name in files if name.rpartition("/")[2] not in said and "more" not in said] == []
    assert len(set(paths)) == len(paths)
    assert read(*arguments) == found
    assert all(each.problem or (each.item and each.content and each.student) for each in found.submissions)


# What it costs --------------------------------------------------------------------------------------------------------


def test_names_are_seen_as_python_sees_them() -> None:
    source = '''"""def quoted(): ..."""
import torch
x = "\\"def also(): ...\\n"  # class Comment: ...
async def wait(): ...
def plain(a="""
def inside(): ...
"""): ...
class Whole[T]: ...
typed: int = 3
typed == 4
'''
    assert defined_names(source) == {"x", "wait", "plain", "Whole", "typed"}
    assert defined_names("def broken(:\n  (((\nclass Late") == {"broken", "Late"}


@pytest.mark.parametrize(
    "piece",
    [
        '"""', '"', "'''", "\\", "\n", "def ", "async ", "a:", "#\n", '\\"""', '"""\\', "'\"", "((((", "class a",
        "a\n=", '"\\',
    ],
)
def test_hostile_sources_are_seen_through_in_no_time(piece: str) -> None:
    """Reading any of it twice would take minutes."""
    source = piece * (256 * 1024 // len(piece))
    assert processor_seconds(lambda: defined_names(source)) < 1.0


def processor_seconds(work: Callable[[], object]) -> float:
    started = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    work()
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime - started


def test_a_thousand_files_are_read_in_well_under_a_second(tmp_path: Path) -> None:
    lay(tmp_path, {f"hw1_{20240000 + n}_name.py": f"{CODE}# {n}\n" + "# some words\n" * 200 for n in range(1000)})
    assert processor_seconds(lambda: read(tmp_path)) < 1.0


def test_what_does_not_fit_into_memory_is_kept_on_disk_and_equal_texts_once() -> None:
    pile = Pile(in_memory=1000)
    texts = [bytes([65 + number % 26]) * 600 for number in range(60)]
    kept = [pile.keep(text) for text in texts]
    assert [each.read() for each in kept] == texts
    assert sum(each.held is not None for each in {each.digest: each for each in kept}.values()) == 1
    assert len({id(each) for each in kept}) == 26


def test_a_disk_that_is_full_is_said_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.pwrite", full)
    with pytest.raises(WorkshopError, match="do not fit") as error:
        Pile(in_memory=0).keep(b"x")
    assert "TMPDIR" in error.value.remedy


def test_an_archive_in_an_archive_is_held_only_up_to_its_limit(tmp_path: Path) -> None:
    inner = zipped(Entry(b"%d.py" % number, bytes(range(256)) * 4000) for number in range(80))
    path = lay(tmp_path, {"all.zip": zipped([Entry(b"eve.zip", inner), Entry(b"ann.py")])}) / "all.zip"
    found = read(SUM, path)
    assert students(found) == {"ann.py": "ann"}
    assert "eve.zip" in problems(found)


def test_an_archive_of_ordinary_files_is_read_like_its_folder(tmp_path: Path) -> None:
    path = lay(tmp_path, {"all.zip": ordinary("ann.py", "bob.py")}) / "all.zip"
    assert students(read(SUM, path)) == {"ann.py": "ann", "bob.py": "bob"}



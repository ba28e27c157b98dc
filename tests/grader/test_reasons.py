"""Why something was not graded, and what was left out, is told in Chinese to whoever reads Chinese."""

from __future__ import annotations

import errno
import html
import inspect
import itertools
import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.archives import ArchiveRefused, Reason
from grader.archives.model import SENTENCES
from grader.bulk import finding, notes, problems
from grader.bulk.failures import problem_of
from grader.bulk.model import Graded, Submission
from grader.bulk.outputs.classbook import class_book
from grader.bulk.outputs.gradescope import results_of
from grader.bulk.outputs.json_lines import line_of
from grader.bulk.outputs.report import write_report
from grader.errors import BankFault, Ungradable, WorkshopError
from grader.naming import Chosen, Judged, notebooks
from grader.verdict import Words
from sandbox.model import SandboxUnavailable
from tests.archive_corpus import CASES, SMALL, Case
from tests.grader.graded import graded, item_of, unread
from tests.grader.handed_in import CODE, HEADS, SELF, SUM, WORDS, lay, module, notebook, read
from tests.grader.test_outputs_files import HOSTILE
from tests.grader.test_reading_broken import BROKEN

pytestmark = pytest.mark.usefixtures("banks_read_once")

NOW = datetime(2026, 11, 26, 8, 30)
NAME = "zoe-x.py"
"""Stands for what is quoted as it is, in both languages."""
ENGLISH = re.compile(r"[A-Za-z']{2,}[,;:]? [A-Za-z']{2,}|[a-z]{3,}: ")
"""Two words in a row: our Chinese quotes names and abbreviations, one at a time."""
SAMPLES: dict[str, tuple[Any, ...]] = {
    "alone": (True, False), "code": (True, False), "of_one": (True, False),
    "count": (2,), "line": (3,), "most": (262_144,), "size": (307_200,),
    "endings": ((".py", ".ipynb"),), "item": (NAME,), "name": (NAME,), "path": (NAME,), "student": (NAME,),
    "files": ([Words(NAME, NAME)], [Words(f"{NAME}（空）", f"{NAME} (empty)")] * 5),
    "items": ([NAME], [NAME] * 2, [NAME] * 3), "near": ([], [NAME] * 2),
    "names": ([NAME], [NAME] * 2, [NAME] * 5), "others": ([NAME], [NAME] * 5),
    "error": (OSError(errno.EIO, os.strerror(errno.EIO)),), "why": (*Chosen, None),
    "result": tuple(Judged(b"x", "", encoding, 3, 4) for encoding in ("", "UTF-16", "GB 18030", "Windows-1252")),
}  # fmt: skip
"""What each sentence may be asked to say, by the names of its gaps."""
OF_FAULTS = {"bank_at_fault", "no_sandbox", "grader_failed_twice", "cannot_be_graded"}
"""What these quote is an error of ours in English, which the Chinese leaves away."""


def is_chinese(text: str) -> bool:
    """Whether it is Chinese: what is quoted between may be anything but an English sentence."""
    plain = text.replace("--map PATTERN=ITEM", "").replace("GB 18030", "")
    return re.search("[\u4e00-\u9fff]", plain) is not None and ENGLISH.search(plain) is None


def said(function: Callable[..., Any]) -> Iterator[Words]:
    """What one of the sentences says of every sample; a gap without samples fails."""
    gaps = list(inspect.signature(function).parameters.values())
    for values in itertools.product(*(SAMPLES[gap.name] for gap in gaps)):
        words = function(
            *(value for gap, value in zip(gaps, values, strict=True) if gap.kind is not gap.KEYWORD_ONLY),
            **{gap.name: value for gap, value in zip(gaps, values, strict=True) if gap.kind is gap.KEYWORD_ONLY},
        )
        yield from words if isinstance(words, tuple) else (words,)


def sentences(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """The functions of a module that say something of their own."""
    found = inspect.getmembers(module, inspect.isfunction)
    own = {name: each for name, each in found if each.__module__ == module.__name__ and not name.startswith("_")}
    return {name: each for name, each in own.items() if name not in OF_FAULTS | {"of_words", "plain", "and_why"}}


EVERY = {f"{module.__name__}.{name}": each for module in (problems, notes) for name, each in sentences(module).items()}


def test_there_is_something_to_look_at():
    assert len(EVERY) > 20
    assert not is_chinese("cannot be read")
    assert not is_chinese("无法读取：cannot be read")
    assert not is_chinese("x.py")
    assert is_chinese("无法读取：x.py")


@pytest.mark.parametrize("name", EVERY)
def test_every_sentence_has_its_chinese(name):
    for words in said(EVERY[name]):
        assert is_chinese(words.zh), words
        assert not re.search("[\u4e00-\u9fff]", words.en), words
        if isinstance(words, problems.Problem):
            assert words
            assert is_chinese(words.for_student.zh), words
            assert "--map" not in words.for_student.zh + words.for_student.en


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_of_archives_has_its_chinese(reason):
    for words in (SENTENCES[reason], ArchiveRefused(reason).words):
        assert is_chinese(words.zh), words
        assert (": " in words.en) <= ("：" in words.zh), f"the remedy is missing: {words}"
    refused = ArchiveRefused(reason)
    assert refused.words.en == f"{refused}: {refused.remedy}".removesuffix(": ")


def test_every_code_of_what_a_file_holds_has_its_words():
    faults = set(re.findall(r'NotebookFault\("([a-z-]+)"\)', inspect.getsource(notebooks)))
    assert problems.OF_CONTENTS.keys() == {"not-text", "empty", *(f"notebook-{fault}" for fault in faults)}
    assert all(is_chinese(words.zh) for words in problems.OF_CONTENTS.values())


def test_every_error_of_the_system_has_its_chinese():
    for number in (*errno.errorcode, 0, 99_999):
        words = problems.cannot_be_read(OSError(number, os.strerror(number)))
        assert is_chinese(words.zh), words
        assert words.en == f"cannot be read: {os.strerror(number)}"
    assert is_chinese(problems.folder_cannot_be_read(OSError("no number at all")).zh)


@pytest.mark.parametrize(
    "error",
    [
        BankFault("bank.md:9: the suite ended its own process"), Ungradable("the examiner's process is gone"),
        SandboxUnavailable("the sandbox does not answer"), WorkshopError("bank.md:9: x has no tests"), Ungradable(""),
    ],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
def test_a_failure_of_the_platform_says_in_chinese_whose_it_is(error):
    words = problem_of(error)
    assert is_chinese(words.zh)
    assert "不是提交的问题" in words.zh
    assert words.en == (str(error) or "Ungradable")
    assert is_chinese(problems.grader_erred(ValueError("a b")).zh)


# What reading really says ---------------------------------------------------------------------------------------------


def without_names(text: str, submission: Submission) -> str:
    """A sentence without the names of files that it quotes."""
    names = {part for part in re.split("/", submission.path) if part} | {submission.path, *BROKEN}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "X")
    return text


def all_chinese(submissions: tuple[Submission, ...]) -> None:
    for each in submissions:
        for words in (*((each.problem, each.problem.for_student) if each.problem else ()), *each.notes):
            assert is_chinese(without_names(words.zh, each)), words
            assert not re.search("[\u4e00-\u9fff]", without_names(words.en, each)), words


@pytest.mark.parametrize("told", [(SUM,), (WORDS,), ()], ids=["code", "words", "guessed"])
def test_no_unreadable_file_is_told_of_in_english_alone(told: tuple[str, ...], tmp_path: Path) -> None:
    place = lay(tmp_path, {**{name: content for name, (content, _) in BROKEN.items()}, "zoe.py": CODE})
    (place / "link.py").symlink_to(place / "zoe.py")
    os.mkfifo(place / "pipe.py")
    names = [place / name for name in BROKEN]
    found = read(*told, place, *names, place / "nobody.py", place / "nobody.zip", lay(place / "none", {"e/.x": ""}))
    assert sum(bool(each.problem) for each in found.submissions) > 10
    all_chinese(found.submissions)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_archive_is_told_of_in_english_alone(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "EXPORT", SMALL)
    monkeypatch.setattr(finding, "PERSONAL", SMALL)
    path = lay(tmp_path, {"eve.zip": case.make()}) / "eve.zip"
    for given in (path, path.parent):
        for each in read(SUM, given).submissions:
            assert not each.problem or is_chinese(without_names(each.problem.zh, each)), each.problem


def test_nothing_that_was_guessed_or_left_is_told_of_in_english_alone(tmp_path: Path) -> None:
    both = module("MultiHeadAttention") + module("ScaledDotProductAttention")
    lines = [
        {"id": "a", "text": "x", "item": WORDS}, {"id": "a", "text": "z", "item": WORDS},
        {"id": "b", "text": "x", "item": "attention-consept"}, {"id": {}, "text": "x"}, {"id": "d", "text": "x"},
    ]  # fmt: skip
    place = lay(tmp_path, {
        "li_2_5_part.py": "x = 1\n", "li_2_6_attention.py": CODE, "wu_3_7_a.py": CODE, "wu_3_8_b.py": CODE,
        "he_4_9_a.docx": "", "he_4_9_b.docx": "", "he_4_9_c.docx": "", "he_4_9_d.docx": "",
    })  # fmt: skip
    other = lay(tmp_path / "other", {
        f"bob_{SELF}_{HEADS}.py": "x = 1\n", "cat.txt": "hello", "all.jsonl": "\n".join(map(json.dumps, lines)) + "\n[",
        "dan.ipynb": notebook("%time\n!pip", CODE, module("SelfAttention")), f"{HEADS}_eve.py": CODE,
        "ann/mha.py": both, "ann/sdpa.py": module("ScaledDotProductAttention"), "ann/helper.py": "x = 1\n",
        "ann/self_attention.py": "", "group/ann.py": CODE, "group/bob.py": CODE, "7001_x/a.py": CODE,
        "7001_x/b.py": CODE, "gbk.py": f"# 注意\n{CODE}".encode("gbk"), "fay.py": "import os\nx = 1\n",
    })  # fmt: skip
    found = (*read(SUM, place).submissions, *read(other).submissions, *read(SUM, other).submissions)
    assert sum(len(each.notes) for each in found) > 12
    assert sum(bool(each.problem) for each in found) > 8
    all_chinese(found)


# What is written ------------------------------------------------------------------------------------------------------

TWO = problems.Problem("读不了 a b", "cannot read a b")


def test_a_line_of_json_has_both_languages_and_its_notes_stay_as_documented():
    line = line_of(unread("x.py", TWO))
    assert line["explanation"] == {"zh": "读不了 a b", "en": "cannot read a b"}
    noted = graded(item_of(), "a.py", notes=(Words("按 UTF-16 编码读取", "read as UTF-16"),))
    assert line_of(noted)["notes"] == ["read as UTF-16"]


def test_whoever_runs_the_command_gets_the_remedy_in_both_languages():
    line = line_of(unread("x.py", problems.may_mean(["a", "b"])))
    assert line["explanation"] == {
        "zh": "从名字看可能是 a 或 b：请用 --map PATTERN=ITEM 指明",
        "en": "its name may mean a or b: say which with --map PATTERN=ITEM",
    }


@pytest.mark.parametrize("text", [HOSTILE, "`code` **b**", "a\u202eb", "<script>"])
def test_gradescope_has_both_languages_and_hides_nothing(text):
    problem = problems.no_such_item(text, [])
    document = results_of(Graded(Submission("x.py", problem=problem), None, problem), "x.py")
    for shown in (document["output"], document["tests"][0]["output"]):
        english, chinese = shown.split("\n")
        assert english.startswith("This could not be graded: there is no item ")
        assert chinese.startswith("未能评分：以文字作答的题目中没有 ")
        assert not set(shown) & set("\0\x1b\u202e\x0b")


def spans(text: str, language: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(rf'<span class="{language}"[^>]*>([^<]*)</span>', text)]


def test_the_pages_of_the_report_have_both_languages(tmp_path):
    item = item_of("one")
    problem = problems.another_is_graded(f"zoe {HOSTILE}", "one", "/class/a.py", alone=False)
    note = notes.left([notes.and_why("b <b>.py", problems.OF_CONTENTS["empty"])])
    results = [
        graded(item, "/class/ann.py", student="ann", notes=(note,)),
        unread("/class/zoe.py", problem, student="zoe", item=item),
        unread("/class/yan.py", problems.nothing_says_which(code=True), student="yan"),
    ]
    write_report(tmp_path / "r", class_book(results), NOW)
    pages = {path.stem: path.read_text("utf-8") for path in (tmp_path / "r").rglob("*.html")}
    for name in ("zoe", "index"):
        assert any("的 one 已按另一个文件评分：/class/a.py；" in each for each in spans(pages[name], "zh")), name
        assert any("is graded for one: /class/a.py; " in each for each in spans(pages[name], "en")), name
        assert not any("is graded for" in each for each in spans(pages[name], "zh"))
        assert not set(pages[name]) & set("\0\x1b\u202e\x0b")
    assert "没有评分的：b <b>.py（文件是空的：里面没有可以评分的内容）" in spans(pages["ann"], "zh")
    assert "left: b <b>.py (empty: there is nothing to grade in it)" in spans(pages["ann"], "en")
    assert "b <b>" not in pages["ann"]
    assert sum("请用 --map PATTERN=ITEM 指明" in each for each in spans(pages["index"], "zh")) == 2
    assert "PATTERN" not in pages["yan"]
    assert any(each.startswith("看不出回答的是哪道题：") for each in spans(pages["yan"], "zh"))

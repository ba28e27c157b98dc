"""`results.json` for each submission, as Gradescope's autograder specification has it.

https://gradescope-autograders.readthedocs.io/en/latest/specs/ (output format, visibility, test case status).  A hidden
test is seen once grades are published, and then as on our own pages: its title and points, nothing of its inputs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.bulk.model import Graded
from grader.bulk.outputs.classbook import ClassBook
from grader.bulk.outputs.csv_files import write_submissions
from grader.bulk.outputs.placing import put_folder, safe_names
from grader.bulk.outputs.remarks import leading, status_of
from grader.numbers_shown import number
from grader.shown_text import visible
from grader.verdict import Status, TestResult, TestStatus, Verdict, Words
from grader.words import told

MADE_FOR = "workshop grade --gradescope"
SHOWN, LATER = "visible", "after_published"
LONGEST_OUTPUT = 20_000


def write_gradescope(path: Path, book: ClassBook) -> None:
    """`--gradescope`: a folder for each submission with its `results.json`, and a table of which is whose."""
    with put_folder(path, MADE_FOR) as folder:
        names = safe_names(book.paths[result.path] for result in book.results)
        for name, result in zip(names, book.results, strict=True):
            (folder / name).mkdir()
            document = results_of(result, book.paths[result.path])
            text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
            (folder / name / "results.json").write_bytes(text.encode("utf-8", "replace"))
        write_submissions(folder / "submissions.csv", book)


def results_of(result: Graded, path: str) -> dict[str, Any]:
    """The document of one submission; `path` is where it was found, below the folder that all have in common."""
    verdict, given = result.verdict, result.submission
    extra: dict[str, Any] = {
        "status": status_of(result).value, "item": given.item.id if given.item else "", "late": given.late,
        "student": visible(given.student), "path": visible(path),
    }  # fmt: skip
    if verdict is None:
        # Nothing was judged, and that is not the student's fault: no score, or it would count as nought.
        why = result.problem.for_student
        said = Words(f"未能评分：{why.zh}", f"This could not be graded: {why.en}")
        return {
            "output": _both(said), "output_format": "text", "visibility": SHOWN, "stdout_visibility": "hidden",
            "tests": [{"name": "grading", "status": "failed", "output": _both(said), "visibility": SHOWN}],
            "extra_data": extra,
        }  # fmt: skip
    extra |= {
        "max_score": verdict.max_score, "revision": verdict.revision, "suite": verdict.suite, "review": verdict.review,
        "diagnosis": [found.misconception for found in verdict.diagnosis],
    }  # fmt: skip
    return {
        "score": verdict.score,
        "execution_time": verdict.resources.wall_seconds,
        "output": visible("\n\n".join(_output(verdict)))[:LONGEST_OUTPUT],
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": SHOWN,
        "stdout_visibility": "hidden",
        "tests": list(_tests(verdict)),
        "extra_data": extra,
    }


def _output(verdict: Verdict) -> Iterator[str]:
    """What is said of the submission as a whole."""
    for found in leading(verdict):
        yield _both(found.text)
    if verdict.explanation.get("en"):
        yield _both(verdict.explanation)
    if verdict.review:
        yield _both(Words("有一部分还要由老师评阅，分数可能变化。", "A part of it is still to be read by a person."))
    for name, text in (("stdout", verdict.output.stdout), ("stderr", verdict.output.stderr)):
        if text:
            yield f"--- {name} ---\n{text}"


def _both(words: Words) -> str:
    """Both languages below each other: Gradescope shows one text to everybody."""
    zh, en = words.get("zh"), words.get("en")
    return visible(zh if zh == en else f"{en}\n{zh}")


def _tests(verdict: Verdict) -> Iterator[dict[str, Any]]:
    for place, test in enumerate(verdict.tests, 1):
        yield {
            "score": test.points,
            "max_score": test.max_points,
            "status": "passed" if test.status is TestStatus.PASSED else "failed",
            "name": _title(test),
            "number": str(place),
            "output": _said(test),
            "output_format": "text",
            "visibility": LATER if test.hidden else SHOWN,
            "extra_data": {"name": f"hidden-{place}" if test.hidden else test.name, "status": test.status.value},
        }
    for place, point in enumerate(verdict.key_points, 1):
        yield {
            "score": point.points,
            "max_score": point.max_points,
            "status": "passed" if point.award >= 1 else "failed",
            # A description would tell what is still missing.
            "name": _one_line(point.description) if point.award >= 1 else f"要点 {place} | Key point {place}",
            "number": str(place),
            "output": _both(Words("待人工评阅。", "A person will read this.")) if point.review else "",
            "visibility": SHOWN,
            "extra_data": {"name": point.id, "award": point.award, "confidence": point.confidence},
        }
    if not verdict.tests and not verdict.key_points:
        yield {
            "score": verdict.score,
            "max_score": verdict.max_score,
            "status": "passed" if verdict.status is Status.PASSED else "failed",
            "name": "答案 | Answer",
            "visibility": SHOWN,
        }


def _title(test: TestResult) -> str:
    return _one_line(test.title) or ("hidden test" if test.hidden else test.name)


def _one_line(words: Words) -> str:
    zh, en = (" ".join(visible(words.get(language)).split()) for language in ("zh", "en"))
    return zh if zh == en else f"{zh} | {en}"


def _said(test: TestResult) -> str:
    if test.status is TestStatus.NOT_RUN:
        return _both(Words("没有运行。", "Not run."))
    if test.status is TestStatus.PASSED:
        return ""
    if test.hidden:
        kind = f" {test.exception.type}" if test.exception else ""
        return _both(Words(f"没有通过{kind}；隐藏测试的输入不公开。", f"Failed{kind}; its inputs are not shown."))
    zh, en = (told(test.message, language) for language in ("zh", "en"))
    lines = visible(en if zh == en else f"{en}\n\n{zh.partition(chr(10))[0]}")
    return f"{number(test.points)}/{number(test.max_points)}\n{lines}"[:LONGEST_OUTPUT]

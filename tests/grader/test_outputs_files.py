"""CSV, JUnit and Gradescope files: what stands in them, each keeps to its form, and nothing hostile gets out."""

from __future__ import annotations

import csv
import json
import re
from datetime import datetime
from xml.etree import ElementTree

import pytest

from grader.bulk.model import Whose
from grader.bulk.outputs.classbook import class_book
from grader.bulk.outputs.csv_files import write_gradebook, write_submissions
from grader.bulk.outputs.gradescope import results_of, write_gradescope
from grader.bulk.outputs.junit import write_junit
from grader.bulk.problems import nothing_says_which
from grader.csv_text import is_formula
from grader.verdict import (
    Argument,
    Array,
    Comparison,
    KeyPointResult,
    Output,
    Raised,
    Status,
    TestResult,
    TestStatus,
    Words,
)
from tests.grader.graded import graded, item_of, two_tests, unread, verdict_of

NOW = datetime(2026, 11, 26, 8, 30)
SECRET = "7.25190114"
HOSTILE = '=1+1\x00\x1b[31m\x9b\x0b\u202e<b>&"\'\ud800\ufffe]]>'


def table(path):
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "Excel takes Chinese for something else without it"
    return list(csv.reader(raw.decode("utf-8-sig").splitlines(), strict=True))


def a_class():
    """Two items; right, half right, unreadable, twice by one student, a crash, a short answer, all of it hostile."""
    one, other = item_of("one"), item_of("other")
    points = (
        KeyPointResult("scale", 1, 5, 5, 0.9, False, description=Words("缩放", "Scaling")),
        KeyPointResult("softmax", 0, 0, 5, 0.4, True, description=Words("归一化", "Softmax")),
    )
    not_run = tuple(TestResult(t.name, t.title, TestStatus.NOT_RUN, t.hidden, 0, t.max_points) for t in two_tests(0))
    return [
        graded(one, "ann/one.py", student="ann"),
        graded(one, "ann/again.py", 4, student="ann", same_as="bob/one.py"),
        graded(other, "ann/other.py", 6, student="ann", late=True),
        graded(one, "bob/one.py", 4, student="bob", notes=("two shell lines were left out",)),
        graded(other, f"{HOSTILE}.py", 0, student=HOSTILE, notes=(HOSTILE,)),
        graded(
            one, "crash.py", 0, student="李雷",
            verdict=verdict_of(
                one, 0, status=Status.CRASHED, tests=not_run, output=Output(HOSTILE, HOSTILE),
                explanation=Words(f"结束了{HOSTILE}", f"It ended {HOSTILE}"),
                exception=Raised(HOSTILE, HOSTILE, (1,)),
            ),
        ),
        graded(
            one, "words.txt", student="cem", verdict=verdict_of(one, 5, tests=(), key_points=points, review=True)
        ),
        unread("broken.ipynb", f"no code can be read from this notebook {HOSTILE}", f"读不了{HOSTILE}", student="dora"),
    ]  # fmt: skip


def with_secret(item):
    """A failing hidden test whose values somebody forgot to take out: no form may show them."""
    array = Array("float32", (1,), (float(SECRET),))
    public, hidden = two_tests(6)
    leaky = TestResult(
        hidden.name, hidden.title, hidden.status, True, 0, 4, f"got {SECRET}", Raised("ValueError", SECRET, (3,)),
        0.7251, Comparison("close", array, array), f"double({SECRET})", (Argument("x", array),),
        Comparison("close", array, array),
    )  # fmt: skip
    return verdict_of(item, 6, tests=(public, leaky))


def test_a_row_for_each_submission_has_every_test_as_a_column(tmp_path):
    write_submissions(tmp_path / "all.csv", class_book(a_class()))
    head, *rows = table(tmp_path / "all.csv")
    rows = [dict(zip(head, row, strict=True)) for row in rows]
    assert len(rows) == 8
    assert head[-4:] == ["one/test_two", "one/test_secret", "other/test_two", "other/test_secret"]
    assert (rows[0]["student"], rows[0]["score"], rows[0]["one/test_two"], rows[0]["other/test_two"]) == (
        "ann", "10", "6", "",
    )  # fmt: skip
    assert (rows[2]["late"], rows[2]["tests_failed"], rows[1]["same_as"]) == ("late", "1", "bob/one.py")
    assert (rows[6]["review"], rows[7]["status"], rows[7]["score"]) == ("review", "ungradable", "")


def test_a_row_for_each_student_has_every_item_as_a_column(tmp_path):
    write_gradebook(tmp_path / "book.csv", class_book(a_class()))
    head, *rows = table(tmp_path / "book.csv")
    assert head == ["student", "one", "other", "total", "max_total", "late", "submissions", "remarks"]
    book = {row[0]: row[1:] for row in rows}
    assert book["ann"][:6] == ["10", "6", "16", "20", "late", "3"]
    assert book["bob"][:5] == ["4", "", "4", "20", ""]
    assert book["dora"][:3] == ["", "", ""], "who could not be graded has no nought"


def test_a_gradebook_says_by_what_a_system_knows_its_students_again(tmp_path):
    ann, bob = Whose(name="Ann", system_id="7"), Whose(email="bob@uni.edu")
    results = [graded(item_of("one"), f"{each.name}.py", student=each.name, whose=each) for each in (ann, bob)]
    write_gradebook(tmp_path / "book.csv", class_book(results))
    head, *rows = table(tmp_path / "book.csv")
    assert head[:5] == ["student", "name", "email", "system_id", "one"]
    assert {tuple(row[1:4]) for row in rows} == {("Ann", "", "7"), ("", "bob@uni.edu", "")}


def test_a_student_is_not_told_what_only_the_assistant_can_do(tmp_path):
    said = results_of(unread("x.txt", nothing_says_which(code=False)), "x.txt")["output"]
    assert said == (
        "This could not be graded: nothing says which item it answers: its name holds no item's id\n"
        "未能评分：看不出回答的是哪道题：名字里没有题目的 id"
    )


@pytest.mark.parametrize("write", [write_submissions, write_gradebook])
def test_no_cell_is_a_formula_and_no_name_breaks_a_row(tmp_path, write):
    write(tmp_path / "x.csv", class_book([*a_class(), graded(item_of("one"), "-2+3.py", student="@SUM(A1)\n=2")]))
    assert not any(is_formula(cell) for row in table(tmp_path / "x.csv") for cell in row)
    assert not set((tmp_path / "x.csv").read_text("utf-8")) & set("\x00\x1b\x0b\x9b\u202e")


# ---- JUnit ---------------------------------------------------------------------------------------------------------

SUITE = {"name", "package", "id", "timestamp", "hostname", "tests", "failures", "errors", "time"}
"""What Ant's schema requires of a suite below `testsuites`; `skipped` may be there too, and nothing else."""


def junit(tmp_path, results):
    write_junit(tmp_path / "j.xml", class_book(results), NOW)
    return ElementTree.parse(tmp_path / "j.xml").getroot()


def faults_of(root):
    """Where the document breaks Ant's or Jenkins' schema, whose rules are these."""
    found = [] if (root.tag, root.attrib) == ("testsuites", {}) else ["root"]
    for place, suite in enumerate(root):
        order = [child.tag for child in suite]
        cases = suite.findall("testcase")
        if order != ["properties", *["testcase"] * len(cases), "system-out", "system-err"]:
            found.append(f"order {order}")
        if suite.attrib.keys() - {"skipped"} != SUITE or suite.get("id") != str(place):
            found.append(f"attributes {suite.attrib}")
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp", "")):
            found.append("timestamp")
        if not re.fullmatch(r"\d+\.\d+", suite.get("time", "")):
            found.append("time")
        for tag, counted in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            if len(suite.findall(f"testcase/{tag}")) != int(suite.get(counted, "0")):
                found.append(counted)
        if len(cases) != int(suite.get("tests", "-1")):
            found.append("tests")
        for case in cases:
            if case.attrib.keys() != {"name", "classname", "time"} or not case.get("name"):
                found.append(f"case {case.attrib}")
            if len(case) > 1 or any(child.attrib.keys() != {"type", "message"} or len(child) for child in case):
                found.append("outcome")
        found += [f"property {each.attrib}" for each in suite[0] if each.attrib.keys() != {"name", "value"}]
    return found


def test_junit_keeps_to_both_schemas_whatever_is_in_it(tmp_path):
    root = junit(tmp_path, a_class())
    assert faults_of(root) == []
    assert len(root) == 8
    suites = {suite.get("name"): suite for suite in root}
    assert not any(len(case) for case in suites["ann/one.py"].findall("testcase"))
    assert suites["bob/one.py"].find("testcase/failure").get("message") == "Doubles two. Not close"
    crash = suites["crash.py"]
    assert (crash.get("errors"), crash.get("skipped")) == ("1", "2"), "a crash must not look green"
    assert suites["words.txt"].find("testcase/failure").get("message").endswith("for review")
    assert suites["broken.ipynb"].find("testcase/error").get("type") == "ungradable"


def test_junit_names_no_character_that_xml_or_the_eye_cannot_take(tmp_path):
    junit(tmp_path, a_class())
    text = (tmp_path / "j.xml").read_text("utf-8")
    assert not set(text) & set("\x00\x1b\x0b\u202e\ufffe")


# ---- Gradescope ----------------------------------------------------------------------------------------------------

VISIBILITY = {"hidden", "after_due_date", "after_published", "visible"}
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
NUMBER = (int, float)
TEST = {
    "score": NUMBER, "max_score": NUMBER, "status": {"passed", "failed"}, "name": str, "name_format": FORMATS,
    "number": str, "output": str, "output_format": FORMATS, "tags": list, "visibility": VISIBILITY, "extra_data": dict,
}  # fmt: skip
DOCUMENT = {
    "score": NUMBER, "execution_time": NUMBER, "output": str, "output_format": FORMATS, "test_output_format": FORMATS,
    "test_name_format": FORMATS, "visibility": VISIBILITY, "stdout_visibility": VISIBILITY, "extra_data": dict,
    "tests": list, "leaderboard": list,
}  # fmt: skip


def breaches(document, form=DOCUMENT):
    """What the specification's output format has not, or has in another type."""
    found = [f"unknown {key}" for key in document.keys() - form.keys()]
    for key, value in document.items():
        kind = form.get(key, object)
        if isinstance(kind, set):
            found += [] if value in kind else [f"{key}: {value}"]
        elif not isinstance(value, kind) or isinstance(value, bool):
            found.append(f"{key}: {value!r}")
    for test in document.get("tests", ()) if form is DOCUMENT else ():
        found += breaches(test, TEST)
    if form is DOCUMENT and "score" not in document and "tests" not in document:
        found.append("neither a score nor tests")
    return found


def test_every_document_keeps_to_the_specification(tmp_path):
    write_gradescope(tmp_path / "out", class_book(a_class()))
    documents = {path.parent.name: json.loads(path.read_bytes()) for path in (tmp_path / "out").glob("*/results.json")}
    assert len(documents) == 8
    assert [each for document in documents.values() for each in breaches(document)] == []
    ann = documents["ann-other.py"]
    assert (ann["score"], ann["extra_data"]["late"], ann["extra_data"]["student"]) == (6, True, "ann")
    assert [test["visibility"] for test in ann["tests"]] == ["visible", "after_published"]
    assert "score" not in documents["broken.ipynb"], "what could not be graded is no nought"
    assert len(table(tmp_path / "out" / "submissions.csv")) == 9


def test_a_key_point_that_is_missing_is_not_told(tmp_path):
    words = a_class()[6]
    tests = results_of(words, "words.txt")["tests"]
    assert tests[0]["name"] == "缩放 | Scaling"
    assert "Softmax" not in json.dumps(tests[1])


@pytest.mark.parametrize("form", ["gradescope", "junit", "csv"])
def test_no_hidden_test_s_values_leave(tmp_path, form):
    item = item_of("one")
    book = class_book([graded(item, "a.py", verdict=with_secret(item))])
    match form:
        case "gradescope":
            write_gradescope(tmp_path / "out", book)
        case "junit":
            write_junit(tmp_path / "j.xml", book, NOW)
        case "csv":
            write_submissions(tmp_path / "x.csv", book)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert SECRET not in path.read_text("utf-8")
            assert "0.725" not in path.read_text("utf-8"), "how long it took could say what it was given"

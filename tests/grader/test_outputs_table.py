"""The table on the terminal and the JSON lines, from results as they are graded."""

from __future__ import annotations

import json

import pytest
from rich.cells import cell_len

from grader.bulk.outputs.classbook import class_book
from grader.bulk.outputs.json_lines import line_of, print_line
from grader.bulk.outputs.remarks import remark
from grader.bulk.outputs.table import closing, print_table
from tests.grader.graded import graded, item_of, unread


def test_each_item_has_a_table_and_so_has_what_answers_none(capsys):
    one, other = item_of("one"), item_of("other")
    print_table([graded(one, "a.py"), graded(other, "b.py", student="bob"), graded(one, "c.py"), unread("d.pdf")], 1.0)
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    tables = [lines.index(title) for title in ("small/one", "small/other", "no item known")]
    names = ("a.py", "c.py", "bob", "d.pdf")
    places = [next(place for place, line in enumerate(lines) if line.startswith(name)) for name in names]
    assert sorted((*tables, *places)) == [tables[0], *places[:2], tables[1], places[2], tables[2], places[3]]


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_row_has_few_lines_however_much_there_is_to_say(capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    item = item_of("one")
    long = " ".join(f"word{number}" for number in range(200))
    print_table([graded(item, f"{number}-{'很长' * 40}.py", notes=(long,)) for number in range(10)], 1.0)
    print_table([unread(f"{number}.py", long, student=f"ann {number}") for number in range(10)], 1.0)
    said = capsys.readouterr().out
    assert len(said.splitlines()) <= 2 * 10 * 3 + 14
    assert max(map(cell_len, said.splitlines())) <= columns
    assert said.count("…") >= 20
    assert "--csv" in said
    assert "ungradable" in said


def test_a_student_s_several_files_for_an_item_are_told_apart(capsys):
    item = item_of("one")
    print_table([graded(item, "ann/a.py", student="ann"), graded(item, "ann/b.py", student="ann")], 1.0)
    print_table([graded(item, "bob/a.py", student="bob")], 1.0)
    said = capsys.readouterr().out
    assert "ann: a.py" in said
    assert "ann: b.py" in said
    assert "bob  " in said


def test_what_a_failing_test_is_called_is_not_said_as_if_it_were_so():
    item = item_of("one")
    words = remark(graded(item, "a.py", score=4).verdict)
    assert words.get("en") == "1 of 2 tests fails: “Doubles two” (Not close)"
    assert words.get("zh") == "2 项测试中 1 项没有通过：“二的两倍”（不接近）"
    assert remark(graded(item, "a.py", score=0).verdict).get("en").startswith("2 of 2 tests fail: ")


def test_nothing_graded_has_no_rate():
    assert not any("a second" in line for line in closing(class_book([unread("x.py")]), 0.001))


def test_the_closing_line_has_counts_distribution_and_rate():
    item = item_of("one")
    results = [
        graded(item, f"{number}.py", score=score, student=f"s{number}") for number, score in enumerate((10, 10, 4, 0))
    ]
    results.append(unread("broken.py"))
    said = closing(class_book(results), 2.0)
    assert said == [
        "5 submissions of 4 students: 2 passed, 1 partial, 1 failed, 1 ungradable",
        "scores: mean 60%, median 70%, full marks 2 of 4  0 % ▄   ▄    █ 100 %",
        "2.0 a second (2.0 s)",  # what could not be graded took nobody's time
    ]
    assert "█" not in "".join(closing(class_book(results), 2.0, plain=True))


def test_what_was_guessed_left_out_or_judged_for_another_is_among_the_remarks(capsys):
    item = item_of("one")
    first = graded(item, "a.py")
    late = graded(item, "b.py", late=True, notes=("Two shell lines were left out",), same_as="a.py")
    print_table([first, late], 1.0)
    said = " ".join(capsys.readouterr().out.split())
    for words in ("late", "same source", "shell lines"):
        assert words in said


@pytest.mark.parametrize("name", ["\x1b[2Jgone.py", "\x9b31mred.py", "a\u202eyp.py", "bell\x07.py", "\udcff.py"])
def test_no_name_moves_a_terminal(capsys, name):
    item = item_of("one")
    print_table([graded(item, name, student=name, notes=(name,))], 1.0)
    print_line(graded(item, name, student=name, notes=(name,), same_as=name))
    said = capsys.readouterr().out
    for letter in "\x1b\x9b\u202e\x07\udcff":
        assert letter not in said
    assert json.loads(said.splitlines()[-1])["student"] == name


def test_a_line_says_whose_it_is_and_keeps_what_it_said_before():
    item = item_of("one")
    line = line_of(graded(item, "a.py", student="ann", late=True, notes=("guessed",), same_as="b.py"))
    assert (line["student"], line["late"], line["notes"], line["same_as"]) == ("ann", True, ["guessed"], "b.py")
    assert line.keys() == line_of(unread("x.py")).keys()
    assert line_of(unread("x.py"))["item"] == ""


def test_of_several_by_one_student_the_best_counts():
    item = item_of("one")
    worse, better = graded(item, "1.py", score=4, student="ann"), graded(item, "2.py", score=7, student="ann")
    (student,) = class_book([worse, better, graded(item, "3.py", score=7, student="ann")]).students
    assert student.score == 7
    assert next(iter(student.counting.values())).path == better.path


def test_nobody_s_results_are_still_a_class():
    book = class_book([])
    assert (book.students, book.items, closing(book, 0.0)) == ((), (), ["0 submissions: "])
    assert class_book([unread("x.py")]).students[0].score == 0

"""The table on the terminal and the JSON lines, from results as they are graded."""

from __future__ import annotations

import json

import pytest

from grader.bulk.outputs.classbook import class_book
from grader.bulk.outputs.json_lines import line_of, print_line
from grader.bulk.outputs.table import closing, print_table
from tests.grader.graded import graded, item_of, unread


def test_one_item_needs_no_column_and_many_have_one(capsys):
    one, other = item_of("one"), item_of("other")
    print_table([graded(one, "a.py"), graded(one, "b.py")], 1.0)
    alone = capsys.readouterr().out
    assert "small/one" in alone
    assert "item" not in alone.splitlines()[2]
    print_table([graded(one, "a.py"), graded(other, "b.py", student="bob")], 1.0)
    both = capsys.readouterr().out
    assert "other" in both
    assert "bob" in both


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
        "2.5 a second (2.0 s)",
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

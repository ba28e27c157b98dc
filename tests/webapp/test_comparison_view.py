"""Pictures of failing comparisons: which part is shown, how numbers are written, which cell is marked."""

from __future__ import annotations

import pytest

from webapp.comparison_view import COLUMNS, ROWS, picture


def array(shape, data=None, **more):
    count = 1
    for size in more.get("window") or shape:
        count *= size
    return {"dtype": "float32", "shape": list(shape), "data": data or [float(index) for index in range(count)], **more}


def close(expected, actual, worst=None, **more):
    return {"kind": "close", "expected": expected, "actual": actual, "worst": worst, "labels": [], **more}


def marked(grid):
    return [(row, column) for row, cells in enumerate(grid.cells) for column, cell in enumerate(cells) if cell.worst]


def test_nothing_to_compare_gives_no_picture():
    assert picture(None) is None
    assert picture({"kind": "close", "expected": None, "actual": None}) is None


def test_the_slice_with_the_largest_difference_is_shown():
    seen = picture(close(array((2, 2, 3)), array((2, 2, 3)), [1, 0, 2]))
    assert seen.slice == "[1, :, :]"
    assert [cell.text for cell in seen.expected.cells[0]] == ["6", "7", "8"]
    assert marked(seen.expected) == marked(seen.actual) == [(0, 2)]
    assert seen.worst == "[1, 0, 2]"


def test_a_large_tensor_is_shown_around_the_largest_difference():
    part = array((100, 100), window=[30, 30], origin=[50, 60])
    seen = picture(close(part, part, [70, 75]))
    assert seen.partial
    assert (len(seen.actual.rows), len(seen.actual.columns)) == (ROWS, COLUMNS)
    ((row, column),) = marked(seen.actual)
    assert (seen.actual.rows[row], seen.actual.columns[column]) == (70, 75)


@pytest.mark.parametrize("worst", [None, [], [9, 9], [1], [-1, 0]])
def test_an_index_that_does_not_fit_marks_nothing(worst):
    seen = picture(close(array((2, 2)), array((2, 2)), worst))
    assert marked(seen.actual) == []
    assert seen.worst == ""


def test_a_single_number_and_a_vector_have_pictures_too():
    assert picture(close(array(()), array(()), [])).actual.rows == ()
    seen = picture(close(array((3,)), array((3,)), [1]))
    assert seen.actual.columns == (0, 1, 2)
    assert marked(seen.actual) == [(0, 1)]


def test_numbers_align_and_show_enough_to_differ():
    seen = picture(close(array((2,), [0.5, 0.123456]), array((2,), [0.5, 0.123459]), [1]))
    first, second = seen.expected.cells[0][1].text, seen.actual.cells[0][1].text
    assert first != second
    assert len(seen.expected.cells[0][0].text) == len(first)


def test_cells_that_differ_are_marked_unless_all_do():
    some = picture(close(array((2,), [0.5, 0.25]), array((2,), [0.5, 0.75]), [1]))
    assert [cell.off for cell in some.actual.cells[0]] == [False, True]
    every = picture(close(array((2,), [0.5, 0.25]), array((2,), [0.75, 0.5]), [1]))
    assert [cell.off for cell in every.actual.cells[0]] == [False, False]
    assert marked(every.actual) == [(0, 1)]


@pytest.mark.parametrize(
    ("value", "text"),
    [("nan", "nan"), ("-inf", "−∞"), ("inf", "∞"), (True, "True"), (-3, "−3"), ("<script>", "<script>")],
)
def test_what_is_not_an_ordinary_number_is_written_plainly(value, text):
    assert picture(close(array((1,), [value]), None)).expected.cells[0][0].text == text


def test_shapes_are_paired_from_the_right_and_named_by_the_expected_ones():
    seen = picture(
        {"kind": "shape", "expected": array((2, 3, 4)), "actual": array((5, 4)), "labels": ["B", "Lq", "dv"]}
    )
    assert [(part.label, part.expected, part.actual, part.differs) for part in seen.dimensions] == [
        ("B", "2", None, True),
        ("Lq", "3", "5", True),
        ("dv", "4", "4", False),
    ]


def test_values_of_different_shapes_are_compared_by_shape():
    assert picture(close(array((2,)), array((3,)), [0])).dimensions


def test_a_document_that_contradicts_itself_gives_no_picture():
    lying = {"dtype": "float32", "shape": [2, 2], "data": [1.0], "window": [], "origin": []}
    assert picture(close(lying, lying, [0, 0])) is None

"""Pictures of failing comparisons: which part is shown, how numbers are written, which cells are marked."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from grader.pictures.comparison import argument, picture, telling
from grader.pictures.parts import BRIEF, WHOLE
from grader.pictures.shapes import shapes


def array(shape, data=None, **more):
    count = 1
    for size in more.get("window") or shape:
        count *= size
    return {"dtype": "float32", "shape": list(shape), "data": data or [float(index) for index in range(count)], **more}


def close(expected, actual, worst=None, **more):
    return {"kind": "close", "expected": expected, "actual": actual, "worst": worst, "labels": [], **more}


def maps(*arguments, **more):
    return picture(close(*arguments, **more)).maps


def grid(seen, kind="actual"):
    return next(each for each in seen.slices[seen.chosen].grids if each.kind == kind)


def drawing(seen, kind="actual"):
    return next(each for each in seen.slices[seen.chosen].maps if each.kind == kind)


def marked(table):
    return [(row, column) for row, cells in enumerate(table.cells) for column, cell in enumerate(cells) if cell.worst]


def test_nothing_to_compare_gives_no_picture():
    assert picture(None) is None
    assert picture({"kind": "close", "expected": None, "actual": None}) is None


def test_the_slice_with_the_largest_difference_is_shown_and_the_others_are_at_hand():
    seen = maps(array((2, 2, 3)), array((2, 2, 3)), [1, 0, 2])
    assert [part.label for part in seen.slices] == ["[0, :, :]", "[1, :, :]"]
    assert seen.chosen == 1
    assert [cell.text for cell in grid(seen, "expected").cells[0]] == ["6", "7", "8"]
    assert marked(grid(seen)) == marked(grid(seen, "expected")) == [(0, 2)]
    assert seen.slices[0].worst is None
    assert not seen.more_slices


def test_many_slices_are_cut_to_those_around_the_worst():
    seen = maps(array((5, 5, 2, 2)), array((5, 5, 2, 2)), [4, 4, 0, 0])
    assert len(seen.slices) == WHOLE.slices
    assert seen.slices[seen.chosen].label == "[4, 4, :, :]"
    assert seen.more_slices


def test_a_large_tensor_is_shown_around_the_largest_difference():
    part = array((100, 100), window=[30, 30], origin=[50, 60])
    seen = maps(part, part, [70, 75])
    assert not seen.complete
    assert (seen.frame.rows, seen.frame.columns) == (range(50, 80), range(60, 90))
    ((row, column),) = marked(grid(seen))
    assert (grid(seen).rows[row], grid(seen).columns[column]) == (70, 75)


def test_what_is_folded_away_is_small():
    part = array((32, 32))
    seen = picture(close(part, part, [20, 3]), BRIEF).maps
    assert (seen.frame.rows, seen.frame.columns) == (range(15, 25), range(0, 10))


def test_a_long_row_is_cut_as_well():
    seen = maps(array((2, 500)), array((2, 500)), [1, 400])
    assert seen.frame.columns == range(384, 416)
    assert marked(grid(seen)) == [(1, 16)]


@pytest.mark.parametrize("worst", [None, [], [9, 9], [1], [-1, 0]])
def test_an_index_that_does_not_fit_marks_nothing(worst):
    seen = maps(array((2, 2)), array((2, 2)), worst)
    assert marked(grid(seen)) == []
    assert seen.worst == ()
    assert seen.reading is None


def test_two_single_numbers_are_told_in_words():
    seen = picture(close(array((), [0.25]), array((), [0.5]), []))
    assert (seen.pair.expected, seen.pair.actual, seen.pair.difference) == ("0.2500", "0.5000", "+0.2500")
    assert picture(close(array((), [True]), array((), [False]), [])).pair.difference == ""
    assert picture(close(array((), [1.0]), array((), ["nan"]), [])).pair.difference == ""


def test_a_vector_is_a_strip():
    seen = maps(array((3,)), array((3,)), [1])
    assert seen.frame.vector
    assert grid(seen).rows == ()
    assert grid(seen).columns == (0, 1, 2)
    assert marked(grid(seen)) == [(0, 1)]


def test_numbers_align_and_show_enough_to_differ():
    seen = maps(array((2,), [0.5, 0.123456]), array((2,), [0.5, 0.123459]), [1])
    first, second = grid(seen, "expected").cells[0][1].text, grid(seen).cells[0][1].text
    assert first != second
    assert len(grid(seen, "expected").cells[0][0].text) == len(first)
    assert seen.reading.difference == "+0.0000030"


def test_cells_that_differ_are_marked_unless_all_do():
    some = maps(array((2,), [0.5, 0.25]), array((2,), [0.5, 0.75]), [1])
    assert [cell.off for cell in grid(some).cells[0]] == [False, True]
    every = maps(array((2,), [0.5, 0.25]), array((2,), [0.75, 0.5]), [1])
    assert [cell.off for cell in grid(every).cells[0]] == [False, False]
    assert marked(grid(every)) == [(0, 1)]


@pytest.mark.parametrize(
    ("value", "text"),
    [("nan", "nan"), ("-inf", "−∞"), ("inf", "∞"), (True, "True"), (-3, "−3"), ("<script>", "<script>")],
)
def test_what_is_not_an_ordinary_number_is_written_plainly(value, text):
    assert grid(maps(array((2,), [value, value]), None), "expected").cells[0][0].text == text


def test_both_maps_share_one_scale_and_equal_numbers_one_colour():
    seen = maps(array((1, 2), [0.0, 0.5]), array((1, 2), [0.5, 1.0]), [0, 0])
    colours = [{layer.path: layer.colour for layer in drawing(seen, kind).layers} for kind in ("expected", "actual")]
    assert colours[0]["M1 0h1"] == colours[1]["M0 0h1"]
    assert (seen.low, seen.high, seen.clipped) == ("0.000", "1.000", False)


def test_a_number_far_off_does_not_drown_the_others():
    seen = maps(array((1, 3), [0.0, 0.5, 1.0]), array((1, 3), [0.0, 0.5, 1e9]), [0, 2])
    assert seen.clipped
    assert len(drawing(seen).layers) == 3


@pytest.mark.parametrize(("expected", "actual"), [([1.0, 1.0], [1.7e308, -1.7e308]), ([-1.7e308, 1.0], [1.7e308, 0.0])])
def test_the_ends_of_what_a_double_holds_are_drawn_too(expected, actual):
    seen = maps(array((2,), expected), array((2,), actual), [0])
    assert seen.reading.difference.startswith("+1.")
    assert all("nan" not in path.path for each in seen.slices[0].maps for path in each.layers)
    assert argument({"name": "x", "value": array((2,), actual)}).grid


def test_neighbours_of_one_colour_are_one_stroke():
    seen = maps(array((2, 4), [1.0, 1.0, 1.0, 2.0] * 2), None)
    assert {layer.path for layer in drawing(seen, "expected").layers} == {"M0 0h3M0 1h3", "M3 0h1M3 1h1"}


def test_the_difference_has_a_side_and_a_strength():
    seen = maps(array((1, 3), [0.0, 0.0, 0.0]), array((1, 3), [1.0, -0.5, 0.0]), [0, 0])
    assert [(layer.colour, layer.opacity, layer.path) for layer in drawing(seen, "difference").layers] == [
        ("under", 0.5, "M1 0h1"),
        ("over", 1.0, "M0 0h1"),
    ]


WEIGHTS = [0.5, 0.5, 0.0, 0.25, 0.25, 0.5]


def test_rows_that_should_add_up_to_one_carry_their_sums():
    seen = maps(array((2, 3), WEIGHTS), array((2, 3), [0.5, 0.5, 0.0, 0.9, 0.9, 0.9]), [1, 0])
    assert seen.summing
    assert [(each.text, each.off) for each in drawing(seen).sums] == [("1.00", False), ("2.70", True)]
    assert [(each.row, each.text) for each in seen.faults] == [(1, "2.70")]
    assert drawing(seen, "difference").sums == ()


@pytest.mark.parametrize(
    ("shape", "data", "more"),
    [
        ((2, 3), [0.5, 0.5, 0.1, 0.25, 0.25, 0.5], {}),
        ((2, 3), [1.5, -0.5, 0.0, 0.25, 0.25, 0.5], {}),
        ((3, 1), [1.0, 1.0, 1.0], {}),
        ((2,), [0.5, 0.5], {}),
        ((2, 3), [1, 0, 0, 0, 1, 0], {}),
        ((2, 60), [0.5, 0.5, 0.5, 0.5], {"window": [2, 2], "origin": [0, 4]}),
    ],
    ids=["not one", "negative", "one column", "vector", "integers", "only a part of the row"],
)
def test_nothing_is_said_of_sums_where_they_need_not_be_one(shape, data, more):
    assert not maps(array(shape, data, **more), array(shape, data, **more)).summing


def test_a_weight_where_exactly_nought_is_expected_is_marked():
    seen = maps(array((2, 3), WEIGHTS), array((2, 3), [0.5, 0.4, 0.1, 0.25, 0.25, 0.5]), [0, 2])
    assert seen.leaks == 1
    assert drawing(seen).leaking == ((0, 2),)


@pytest.mark.parametrize("value", ["nan", "-inf"])
def test_what_is_not_finite_is_named_and_counted(value):
    seen = maps(array((1, 2), [0.5, 0.5]), array((1, 2), [0.5, value]), [0, 1])
    assert seen.odd == 1
    assert [each.text for each in drawing(seen).odd] == [{"nan": "nan", "-inf": "−∞"}[value]]
    assert seen.reading.difference == ""
    assert drawing(seen).sums[0].text == "nan"


def test_the_same_infinity_on_both_sides_is_no_difference():
    seen = maps(array((1, 2), [0.5, "-inf"]), array((1, 2), [0.75, "-inf"]), [0, 0])
    assert seen.odd == 0
    assert drawing(seen, "difference").odd == ()


def test_small_maps_have_their_numbers_in_their_cells():
    few = maps(array((1, 2), [0.5, 0.25]), array((1, 2), [0.5, 0.75]), [0, 1])
    assert [each.text for each in drawing(few).numbers] == ["0.50", "0.75"]
    assert [each.text for each in drawing(few, "difference").numbers] == ["+.50"]
    assert maps(array((9, 9)), array((9, 9)), [0, 0]).slices[0].maps[0].numbers == ()
    alike = maps(array((1, 2), [0.5, 0.251]), array((1, 2), [0.5, 0.252]), [0, 1])
    assert drawing(alike).numbers == ()  # two digits would say that nothing differs


def test_values_of_different_shapes_are_compared_by_shape():
    assert picture(close(array((2,)), array((3,)), [0])).shapes


def test_a_document_that_contradicts_itself_gives_no_picture():
    lying = {"dtype": "float32", "shape": [2, 2], "data": [1.0], "window": [], "origin": []}
    assert picture(close(lying, lying, [0, 0])) is None
    shifted = array((9, 9), window=[2, 2], origin=[0, 0]), array((9, 9), window=[2, 2], origin=[4, 4])
    assert picture(close(*shifted, [0, 0])) is None


@pytest.mark.parametrize(
    ("expected", "actual", "pairs", "cause", "places"),
    [
        ((2, 3, 4), (2, 5, 4), [(2, 2), (3, 5), (4, 4)], "size", (1,)),
        ((2, 3, 4), (2, 4, 3), [(2, 2), (3, 4), (4, 3)], "swapped", (1, 2)),
        ((2, 3, 4), (4, 2, 3), [(2, 4), (3, 2), (4, 3)], "reordered", (0, 1, 2)),
        ((2, 3, 4), (2, 4), [(2, 2), (3, None), (4, 4)], "missing", (1,)),
        ((3, 4), (2, 3, 4), [(None, 2), (3, 3), (4, 4)], "extra", (0,)),
        ((2, 3), (2, 3, 1), [(2, 2), (3, 3), (None, 1)], "extra", (2,)),
        ((2, 3, 4), (6, 4), [(2, None), (3, 6), (4, 4)], "merged", (0, 1)),
        ((), (3,), [(None, 3)], "extra", (0,)),
        ((2, 2, 3), (2, 3), [(2, None), (2, 2), (3, 3)], "missing", (0,)),
        ((2, 3), (7, 8, 9), [(None, 7), (2, 8), (3, 9)], "several", (0, 1, 2)),
    ],
)
def test_shapes_stand_opposite_each_other_where_most_sizes_agree(expected, actual, pairs, cause, places):
    seen = shapes(expected, actual, ())
    assert [(part.expected, part.actual) for part in seen.dimensions] == [
        tuple(None if size is None else str(size) for size in pair) for pair in pairs
    ]
    assert (seen.cause, seen.places) == (cause, places)


def test_dimensions_have_the_names_of_the_expected_ones():
    seen = picture(
        {"kind": "shape", "expected": array((2, 3, 4)), "actual": array((2, 4)), "labels": ["B", "Lq", "dv"]}
    )
    assert [part.label for part in seen.shapes.dimensions] == ["batch", "query", "d_v"]
    unknown = picture({"kind": "shape", "expected": None, "actual": array((2,)), "labels": ["B", "D"]})
    assert [(part.expected, part.actual, part.label) for part in unknown.shapes.dimensions] == [(None, "2", "")]


def test_the_outcome_of_the_call_is_drawn_where_it_says_more():
    sums, weights = (
        close(array((2,)), array((2,), [9.0, 9.0]), [1]),
        close(array((2, 2)), array((2, 2), [9.0] * 4), [0, 0]),
    )
    right = close(array((2, 2)), array((2, 2)), [0, 0])

    def told(comparison, outcome):
        seen, of_call = telling(SimpleNamespace(comparison=comparison, outcome=outcome))
        return seen and len(seen.maps.frame.rows), of_call

    assert told(sums, weights) == (2, True)
    assert told(sums, None) == (1, False)
    assert told(None, weights) == (2, True)
    assert told(sums, right) == (1, False)
    assert told(None, None) == (None, False)


def test_an_argument_is_a_text_or_a_shape_with_its_first_numbers():
    assert argument({"name": "mask", "value": None, "text": "None"}).text == "None"
    seen = argument({"name": "query", "value": array((2, 3, 40)), "text": ""})
    assert seen.shape == ("2", "3", "40")
    assert (len(seen.grid.cells), len(seen.grid.cells[0])) == (3, 8)
    assert not seen.complete
    assert argument({"name": "v", "value": array((2, 2)), "text": ""}).complete
    assert argument({"name": "v", "value": {"dtype": "float32", "shape": [4], "data": []}, "text": ""}).grid is None

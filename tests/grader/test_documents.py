"""Documents are read strictly, however their numbers come."""

from dataclasses import dataclass

import pytest

from grader.documents import NotThatDocument, from_json, to_json


@dataclass(frozen=True, slots=True)
class Row:
    pairs: tuple[tuple[str, str], ...] = ()
    values: tuple[float | int | bool | str, ...] = ()
    floats: tuple[float, ...] = ()
    whole: tuple[int, ...] = ()


def test_many_plain_values_cross_as_they_are():
    document = {"pairs": [["a", "b"]], "values": [1, 2.5, True, "nan"], "floats": [1.0, 2.0], "whole": [3]}
    row = Row((("a", "b"),), (1, 2.5, True, "nan"), (1.0, 2.0), (3,))
    assert (from_json(Row, document), to_json(row)) == (row, document)
    assert from_json(Row, {"floats": [1, 2.5]}).floats == (1.0, 2.5)


@pytest.mark.parametrize(
    "document",
    [
        {"pairs": ["ab", "cd"]},
        {"values": [1.0, float("nan")]},
        {"values": [None]},
        {"floats": [float("inf")]},
        {"floats": [True]},
        {"whole": [True]},
        {"whole": [1.0]},
    ],
)
def test_nothing_else_passes_among_many(document):
    with pytest.raises(NotThatDocument):
        from_json(Row, document)

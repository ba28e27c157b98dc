"""Variants as they leave the sandbox: plain, complete, the same each time, or refused with a reason."""

from pathlib import Path

import pytest

from grader import variants
from grader.variants import COUNT, VariantFailed, checked, generate_variants, variant_faults
from questions import load_bank

BANK = load_bank(Path(__file__).parents[1] / "webapp" / "answers_bank.md")


@pytest.mark.parametrize(
    "given",
    [
        None,
        7,
        "x",
        [],
        [{}] * COUNT,
        [[]] * COUNT,
        [{"n": 1}] * (COUNT - 1),
        [{1: 1}] * COUNT,
        [{"a b": 1}] * COUNT,
        [{"n": float("nan")}] * COUNT,
        [{"n": float("inf")}] * COUNT,
        [{"n": 2**60}] * COUNT,
        [{"n": None}] * COUNT,
        [{"n": object()}] * COUNT,
        [{"n": "x" * 5000}] * COUNT,
        [{"n": [[[[[1]]]]]}] * COUNT,
        [{"n": {"m": 1}}] * COUNT,
        [{f"n{number}": 1 for number in range(99)}] * COUNT,
    ],
)
def test_what_is_no_list_of_plain_parameters_is_refused(given):
    with pytest.raises(VariantFailed):
        checked(given)


def test_a_value_that_only_claims_to_be_a_number_is_refused():
    class Liar(float):
        pass

    with pytest.raises(VariantFailed):
        checked([{"n": Liar(1)}] * COUNT)


@pytest.mark.parametrize(
    ("code", "says"),
    [  # what is said of a size beyond what the wire takes is the wire's
        ("def variant(rng):\n    while True:\n        pass\n", "ended its own process"),
        ("def variant(rng):\n    return {'n': 'x' * 10**7}\n", "."),
        ("def variant(rng):\n    return {'n': lambda: 1}\n", "must be a finite number"),
        ("import torch\ndef variant(rng):\n    return {'n': torch.ones(2)}\n", "must be a finite number"),
        ("def variant(rng):\n    return {'n': float('nan')}\n", "must be a finite number"),
        ("import os\ndef variant(rng):\n    return {'n': open('/etc/passwd').read()}\n", "raised"),
        ("import os\ndef variant(rng):\n    os._exit(0)\n", "ended its own process"),
        (
            "import itertools\nc = itertools.count()\ndef variant(rng):\n    return {'n': next(c)}\n",
            "other values each time",
        ),
        ("def variant(rng):\n    raise ValueError('no')\n", "raised ValueError"),
        ("variant = 3\n", "does not define"),
        ("def variant(rng):\n    return {'n': [[]] * 10**6}\n", "."),
    ],
)
def test_code_that_misbehaves_gives_a_reason_and_no_variants(grader, monkeypatch, code, says):
    monkeypatch.setattr(variants, "SECONDS", 1.0)
    with pytest.raises(VariantFailed, match=says):
        generate_variants(code, grader.engine)


def test_the_same_source_gives_the_same_variants_and_tests_get_theirs(grader):
    item = BANK.item("window")
    drawn = generate_variants(item.variant.source, grader.engine)
    assert drawn == generate_variants(item.variant.source, grader.engine)
    assert len(drawn) == COUNT
    assert variant_faults(item, drawn) == []
    fixed = b"def mean_of_last(x, window):\n    return x[..., -%d:].mean(-1)\n" % drawn[0]["window"]
    other = next(each for each in drawn if each != drawn[0])
    passed = [
        [test.status == "passed" for test in grader.grade(item, fixed, seed=0, variant=each).tests]
        for each in (drawn[0], other, drawn[0])
    ]
    assert passed == [[True, False], [False, False], [True, False]]


def test_faults_name_the_variant_that_shows_them():
    item = BANK.item("cache")
    good = {"layers": 1, "length": 2, "size": 8.0, "keys_only": 4.0}
    assert variant_faults(item, [good, good | {"layers": 3}]) == []
    for bad, says in (
        ({"layers": 1, "size": 8.0, "keys_only": 4.0}, "{{length}} is used"),
        (good | {"size": "many"}, "not a finite number"),
        (good | {"keys_only": 8.0}, "cannot be told apart"),
    ):
        (fault,) = variant_faults(item, [good, bad])
        assert "variant 1" in fault.text
        assert says in fault.text
    (fault,) = variant_faults(item, [good, good])
    assert "all 2 variants are equal" in fault.text

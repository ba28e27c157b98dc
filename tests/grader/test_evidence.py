"""What a failing public test shows beside its message: the call it looked at, its arguments, what was right instead."""

import json
from dataclasses import replace

import pytest

from grader.documents import to_json, verdict_from_json, verdict_to_json
from grader.grading import Scope
from grader.verdict import Status, TestStatus
from tests.bench.mix import coding_items, known_of

WRONG = "def double(x):\n    return x + 1\n"
SLOPPY = "def double(x):\n    x.add_(x)\n    return x\n"


def of_tests(body, decorator="@pytest.mark.points(10)"):
    return f'{decorator}\ndef test_it(submission, reference):\n    """It doubles."""\n{body}'


@pytest.fixture
def only(grade, make_item):
    """The one result of a suite with one test."""

    def run(body, source=WRONG, **options):
        item = make_item(tests=of_tests(body, **options), points=10)
        (result,) = grade(source, item).tests
        return result

    return run


def test_a_failing_test_shows_the_call_with_its_inputs(only):
    result = only("    torch.testing.assert_close(submission.double(torch.ones(2, 3)), 2 * torch.ones(2, 3) + 1)")
    assert result.status is TestStatus.FAILED
    assert result.call == "double(x)"
    (given,) = result.inputs
    assert (given.name, given.value.shape, given.value.data) == ("x", (2, 3), (1.0,) * 6)
    assert result.outcome is None  # the comparison shows it all


@pytest.mark.parametrize(
    "assertion",
    [
        "    torch.testing.assert_close(y.sum(), torch.tensor(0.0))",
        "    assert bool((y == 8).all())",
        "    assert y.tolist() == [[8.0] * 3] * 2, 'that is not eight'",
        "    result = [y, 1]\n    assert len(result) == 3",
        "    if not torch.equal(y, y + 1):\n        pytest.fail('no')",
    ],
)
def test_where_a_test_compares_less_than_the_reply_the_replies_are_shown(only, assertion):
    result = only(f"    x = torch.full((2, 3), 4.0)\n    y = submission.double(x)\n{assertion}")
    assert result.call == "double(x)"
    assert result.inputs[0].value.data == (4.0,) * 6
    assert result.outcome.kind == "close"
    assert (result.outcome.expected.data, result.outcome.actual.data) == ((8.0,) * 6, (5.0,) * 6)


def test_the_call_is_the_one_that_the_assertion_looked_at(only):
    result = only(
        "    first = submission.double(torch.tensor([5.0]))\n"
        "    second = submission.double(torch.tensor([1.0]))\n"
        "    assert float(first.sum()) == 10.0"
    )
    assert [each.value.data for each in result.inputs] == [(5.0,)]
    assert result.outcome.expected.data == (10.0,)


def test_without_a_trace_of_it_the_last_call_that_went_wrong_is_shown(only):
    result = only(
        "    numbers = [float(submission.double(torch.tensor([v]))[0]) for v in (5.0, 1.0)]\n"
        "    assert numbers == [10.0, 2.0]"
    )
    assert [each.value.data for each in result.inputs] == [(5.0,)]  # of 1.0, adding one is the double


def test_of_a_parametrised_test_the_case_that_failed_is_shown(grade, make_item):
    item = make_item(
        points=10,
        tests="""@pytest.mark.points(10)
@pytest.mark.parametrize("value", [1.0, 3.0, 7.0])
def test_it(submission, value):
    \"\"\"It doubles.\"\"\"
    assert float(submission.double(torch.tensor([value])).sum()) == 2 * value""",
    )
    (result,) = grade(WRONG, item).tests
    assert result.inputs[0].value.data == (3.0,)  # of 1.0, adding one is the double
    assert result.outcome.expected.data == (6.0,)


def test_what_a_submission_raises_is_shown_with_the_call_that_made_it(only):
    result = only(
        "    for value in (1.0, 2.0):\n        submission.double(torch.tensor([value]))",
        source="def double(x):\n    if float(x[0]) == 2.0:\n        raise ValueError('two')\n    return x\n",
    )
    assert result.status is TestStatus.ERROR
    assert (result.call, result.inputs[0].value.data, result.outcome) == ("double(x)", (2.0,), None)


def test_an_argument_changed_in_place_is_shown_as_it_was_sent(only):
    result = only("    x = torch.ones(2)\n    submission.double(x)", source=SLOPPY)
    assert result.status is TestStatus.FAILED
    assert result.inputs[0].value.data == (1.0, 1.0)


def test_plain_values_stand_in_the_call_and_among_the_inputs(grade, make_item):
    item = make_item(tests=of_tests("    assert submission.double(3) == 6"), points=10)
    (result,) = grade(WRONG, item).tests
    assert (result.call, result.inputs[0].text, result.inputs[0].value) == ("double(x=3)", "3", None)


def test_a_hidden_test_shows_none_of_it(only):
    result = only(
        "    y = submission.double(torch.ones(2, 3))\n    assert y.sum() == 12",
        decorator="@pytest.mark.points(10)\n@pytest.mark.hidden",
        source="def double(x):\n    return x\n",
    )
    assert (result.status, result.hidden) == (TestStatus.FAILED, True)
    assert (result.call, result.inputs, result.outcome, result.message) == ("", (), None, "AssertionError")


def test_large_inputs_are_cut_to_the_part_that_belongs_to_the_worst_cell(only):
    result = only(
        "    x = torch.zeros(3, 40, 40)\n    x[2, 35, 1] = 9.0\n    y = submission.double(x)\n"
        "    torch.testing.assert_close(y, 2 * x)",
        source="def double(x):\n    return x\n",
    )
    assert result.comparison.worst == (2, 35, 1)
    picture = result.inputs[0].value
    assert (picture.shape, picture.window, picture.origin) == ((3, 40, 40), (1, 32, 32), (2, 8, 0))
    assert 9.0 in picture.data


@pytest.fixture(scope="module")
def sigmoid(grader):
    """The verdict of the bank's sigmoid, which is what many write first."""
    item = next(item for item in coding_items() if item.id == "scaled-dot-product-attention")
    _, _, misconceptions, _ = known_of(item)
    source = next(known.source for known in misconceptions if known.name == "misconception sigmoid")
    return grader.grade(item, source.encode(), seed=0)


def test_who_fails_for_rows_that_do_not_sum_to_one_sees_both_weight_matrices(sigmoid):
    result = next(test for test in sigmoid.tests if test.name == "test_rows_of_weights_sum_to_one_and_make_the_output")
    assert result.call == "ScaledDotProductAttention(d_model=6)(query, key, value)"
    assert [given.name for given in result.inputs] == ["query", "key", "value"]
    expected, actual = result.outcome.expected, result.outcome.actual
    keys = expected.shape[-1]
    assert expected.shape == actual.shape == (8, 5, 7)
    assert all(abs(sum(expected.data[at : at + keys]) - 1) < 1e-5 for at in range(0, len(expected.data), keys))
    assert any(abs(sum(actual.data[at : at + keys]) - 1) > 0.1 for at in range(0, len(actual.data), keys))


def test_no_hidden_test_of_the_bank_shows_any_of_it(sigmoid):
    hidden = [test for test in sigmoid.tests if test.hidden and test.status is not TestStatus.PASSED]
    assert hidden
    assert all((test.call, test.inputs, test.outcome) == ("", (), None) for test in hidden)


def test_a_mask_given_by_name_stands_by_name(sigmoid):
    calls = {test.call for test in sigmoid.tests}
    assert "ScaledDotProductAttention(d_model=6)(query, key, value, mask=mask)" in calls
    assert all(len(call) <= 200 for call in calls)


def test_parameters_of_the_submission_s_own_are_put_to_the_reference_as_well(grader):
    item = next(item for item in coding_items() if item.id == "multi-head-attention")
    wrong = next(known for known in known_of(item)[2] if known.name == "misconception split-without-transpose")
    verdict = grader.grade(item, wrong.source.encode(), seed=0)
    result = next(test for test in verdict.tests if test.name == "test_heads_do_not_mix")
    assert result.comparison is None
    assert result.outcome is not None
    assert result.outcome.kind == "close"


def test_a_diagnosis_points_to_the_passage_that_explains_it(grade, make_item):
    item = make_item()
    (square,) = item.misconceptions
    item = replace(item, revision="r:with-a-reading", misconceptions=(replace(square, reading="squares"),))
    verdict = grade("def double(x):\n    return x * x\n", item)
    assert [(found.misconception, found.reading) for found in verdict.diagnosis] == [("square", "squares")]


def test_a_document_without_the_newer_keys_is_read_as_ever(sigmoid):
    document = json.loads(json.dumps(verdict_to_json(sigmoid)))
    assert verdict_from_json(document) == sigmoid
    for test in document["tests"]:
        for key in ("call", "inputs", "outcome"):
            test.pop(key, None)
    for found in document["diagnosis"]:
        found.pop("reading", None)
    old = verdict_from_json(document)
    assert (old.program, old.at, old.status) == (None, (), sigmoid.status)
    assert all((test.call, test.inputs, test.outcome) == ("", (), None) for test in old.tests)


def test_what_is_empty_is_left_out_of_a_document(grade):
    document = verdict_to_json(grade("def double(x):\n    return 2 * x\n"))
    assert not {"program", "at"} & document.keys()
    assert not any({"call", "inputs", "outcome"} & test.keys() for test in document["tests"])
    assert {"message", "exception", "comparison"} <= document["tests"][0].keys()


def test_a_verdict_of_the_bank_is_a_small_document(sigmoid):
    assert len(json.dumps(to_json(sigmoid), separators=(",", ":"))) < 160 * 1024


def test_a_submission_that_hangs_shows_the_call_it_hung_in(grade, make_item):
    verdict = grade("def double(x):\n    while True:\n        x = x + 1\n", make_item(seconds=0.6), scope=Scope.PUBLIC)
    assert verdict.status is Status.TIMEOUT
    assert (verdict.tests[0].call, verdict.tests[0].inputs[0].value.data) == ("double(x)", (2.0,))

"""What proving an item says to its author: which code is wrong, on which line, and why."""

import json
from dataclasses import replace

import pytest

from grader.documents import NotThatDocument
from grader.grading import Grader
from grader.proof import Role, proof_from_json, proof_to_json
from grader.proving import Prover, ProvingStopped, count_cases, prove_in_steps
from questions import Severity, parse_bank

ITEM = """# Small

```yaml bank
id: small
languages: [en]
```

## Section

### Item {{#item}}

**Question:** Write it.

```python starter
def anything():
    raise NotImplementedError
```

```python reference
import torch
from torch import nn

{reference}
```

```python tests
{tests}
```
{more}
"""
DOUBLE = """def double(x):
    return 2 * x"""
DOUBLES = '''def test_values(submission, rng):
    """The values are right."""
    for _ in range(2):
        x = torch.randn(3, generator=rng)
        torch.testing.assert_close(submission.double(x), 2 * x)'''

SAME = "```python misconception same\n'''Same.'''\ndouble = lambda x: x\n```"


@pytest.fixture(scope="module")
def prover(engine):
    with Prover(1, engine) as prover:
        yield prover


@pytest.fixture
def item():
    """A structurally complete item."""

    def read(reference=DOUBLE, tests=DOUBLES, more=SAME):
        (item,) = parse_bank(ITEM.format(reference=reference, tests=tests, more=more), "small.md").items
        assert item.servable, [str(fault) for fault in item.faults]
        return item

    return read


@pytest.fixture
def found(prover):
    """Faults and remarks of an item that is structurally complete, each with the text of its line."""

    def prove(reference=DOUBLE, tests=DOUBLES, more=SAME):
        text = ITEM.format(reference=reference, tests=tests, more=more)
        (item,) = parse_bank(text, "small.md").items
        assert item.servable, [str(fault) for fault in item.faults]
        lines = text.split("\n")
        return [(fault, lines[fault.line - 1]) for fault in prover.prove(item).findings]

    return prove


def test_a_good_item_is_proved_without_a_word(found):
    assert found() == []


# Whatever an item asks for, its author must be able to write tests that no universal wrong submission passes.
KINDS_OF_ANSWERS = {
    "a mask": (
        "def mask(n):\n    return torch.ones(n, n, dtype=torch.bool).tril()",
        "assert torch.equal(submission.mask(N), torch.arange(N).unsqueeze(1) >= torch.arange(N))",
    ),
    "indices": (
        "def best(x):\n    return x.argmax(-1)",
        "assert submission.best(torch.eye(N)).tolist() == list(range(N))",
    ),
    "a number": ("def scale(d):\n    return d ** -0.5", "assert submission.scale(N * N) == 1 / N"),
    "a word": (
        "def parity(n):\n    return 'odd' if n % 2 else 'even'",
        "assert submission.parity(N) == ('odd' if N % 2 else 'even')",
    ),
    "a dictionary": (
        "def summary(x):\n    return {'sum': x.sum(), 'size': len(x)}",
        "out = submission.summary(torch.ones(N))\n    assert (out['sum'].item(), out['size']) == (N, N)",
    ),
    "zeros": (
        "def nothing(n):\n    return torch.zeros(n)",
        "assert torch.equal(submission.nothing(N), torch.zeros(N))",
    ),
    "work in place": (
        "def double_(x):\n    x.mul_(2)",
        "x = torch.full((3,), N * 1.0)\n    submission.double_(x)\n    assert x.tolist() == [2.0 * N] * 3",
    ),
    "a plain class": (
        "class Cache:\n    keys = torch.zeros(0)\n    def add(self, k):\n        self.keys = torch.cat((self.keys, k))",
        "cache = submission.Cache()\n    cache.add(torch.ones(N))\n    assert cache.keys.tolist() == [1.0] * N",
    ),
    "a method of a module": (
        "class Layer(nn.Module):\n    def scores(self, q):\n        return q @ q.T",
        "assert torch.equal(submission.Layer().scores(torch.eye(N) * 2), torch.eye(N) * 4)",
    ),
    "an inherited forward": (
        "class Base(nn.Module):\n    def forward(self, x):\n        return x * 3\n\n\nclass Layer(Base):\n    pass",
        "assert submission.Layer()(torch.ones(N)).tolist() == [3.0] * N",
    ),
}


@pytest.mark.parametrize("name", KINDS_OF_ANSWERS)
def test_good_tests_of_any_kind_of_answer_refuse_every_universal_wrong_submission(name, found):
    reference, check = KINDS_OF_ANSWERS[name]
    mark = "@pytest.mark.in_place\n" if name == "work in place" else ""
    body = "\n    ".join(check.replace("N", n) for n in "23")
    assert found(reference, f'{mark}def test_it(submission):\n    """It."""\n    {body}', "") == []


def test_weak_tests_are_told_what_they_let_pass(found):
    ((fault, line),) = found(
        tests='def test_a(submission):\n    """A."""\n    submission.double(torch.ones(3))', more=""
    )
    assert line == "```python tests"
    assert "'nan', where every number is NaN; 'zeros', where every number is 0" in fault.text
    assert fault.text.endswith("test what is returned, on several inputs")


def test_a_test_that_passes_whatever_is_submitted_gets_a_remark(found):
    ((fault, line),) = found(tests=f'def test_free(submission):\n    """Free."""\n    assert True\n\n\n{DOUBLES}')
    assert (line, fault.severity) == ("def test_free(submission):", Severity.REMARK)
    assert "passes whatever is submitted" in fault.text


def test_a_failing_reference_is_reported_once_with_its_reason_even_by_a_hidden_test(found):
    ((fault, line),) = found(
        tests=DOUBLES.replace("def test", "@pytest.mark.hidden\ndef test").replace("2 * x)", "3 * x, msg='three')")
    )
    assert line == "def test_values(submission, rng):"
    assert fault.text == "the reference fails test_values with seed 0 (three): mend one of the two"


def test_code_that_cannot_be_loaded_is_named_with_its_own_line(found):
    wrong = "```python misconception {}\n'''Wrong.'''\n{}\n```\n"
    faults = found(
        more=wrong.format("late", "from reference import *\n1 / 0") + wrong.format("other", "def doubles(x): ...")
    )
    assert [line for _, line in faults] == ["1 / 0", "'''Wrong.'''"]
    assert faults[0][0].text == "misconception 'late' cannot be loaded: ZeroDivisionError: division by zero"
    assert faults[1][0].text == "misconception 'other' cannot be loaded: it does not define `double`"


FREE = f'def test_free(submission):\n    """Free."""\n\n\n{DOUBLES}'
THRICE = "```python misconception thrice\n'''Thrice.'''\ndouble = lambda x: 3 * x\n```"


def test_a_proof_knows_who_catches_what_and_which_test_catches_nothing(prover, item):
    proof = prover.prove(item(tests=FREE, more=f"{SAME}\n{THRICE}"))
    assert proof.proved
    assert [test.name for test in proof.tests] == ["test_free", "test_values"]
    assert [row.name for row in proof.misconceptions] == ["same", "thrice"]
    assert {proof.caught_by(row) for row in proof.misconceptions} == {("test_values",)}
    assert proof.caught_alone("test_values") == ("same", "thrice")
    assert proof.idle == ("test_free",)
    assert {row.role for row in proof.rows} == {Role.STARTER, Role.MISCONCEPTION, Role.UNIVERSAL}


def test_a_proof_survives_being_a_document(prover, item):
    for proof in (prover.prove(item(tests=FREE)), prover.prove(item(reference="def double(x):\n    return x"))):
        document = json.loads(json.dumps(proof_to_json(proof)))
        assert proof_from_json(document) == proof
        for broken in ({**document, "version": 2}, {**document, "rows": "none"}, {**document, "more": 1}, None, []):
            with pytest.raises(NotThatDocument):
                proof_from_json(broken)
    assert document["findings"][0]["severity"] == "fault"


def test_a_document_whose_rows_do_not_fit_its_tests_is_none(prover, item):
    document = proof_to_json(prover.prove(item()))
    document["rows"][0]["results"].append("passed")
    with pytest.raises(NotThatDocument, match="as many results as there are tests"):
        proof_from_json(document)


VARIANT = """```python variant
def variant(rng):
    return {"n": rng.randint(1, 100)}
```
"""


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"more": f"{SAME}\n{VARIANT}"},
        {"reference": "def double(x):\n    return x"},
        {"tests": f"1 / 0\n\n\n{DOUBLES}"},
    ],
    ids=["proved", "with variants", "with a failing reference", "with tests that cannot be loaded"],
)
def test_step_by_step_the_same_is_found(prover, engine, item, parts):
    item = item(**parts)
    steps = []
    with Grader(engine) as judge:
        proving = prove_in_steps(item, judge)
        try:
            while True:
                steps.append(next(proving))
                # Between two steps the same grader judges others.
                assert judge.grade(item, b"", seed=0).status if len(steps) == 3 else True
        except StopIteration as end:
            proof = end.value
    assert replace(proof, seconds=0) == replace(prover.prove(item), seconds=0)
    assert [done for done, _ in steps] == list(range(1, len(steps) + 1))
    assert all(done <= total for done, total in steps)
    if proof.proved:
        assert steps[-1] == (count_cases(item), count_cases(item))


def test_a_proof_nobody_waits_for_any_more_is_given_up(prover, item):
    graded = []
    with pytest.raises(ProvingStopped):
        prover.prove(item(), done=lambda: graded.append(1), stopped=lambda: len(graded) > 2)
    assert len(graded) < count_cases(item())
    assert prover.prove(item()).proved

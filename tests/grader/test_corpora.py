"""Right submissions get full marks, wrong ones do not, and the published answers of the workshop fail with a reason."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local

import pytest

import questions
from grader.grading import Grader
from grader.verdict import Status

TESTS = Path(__file__).parents[1]
BANK = questions.load_bank(TESTS.parent / "questions" / "banks" / "attention")
WORKSHOP = next(TESTS.parent.parent.glob("shared/000_*.txt"), None)
CODING = [item for item in BANK.items if item.kind is questions.Kind.CODING]


@pytest.fixture(scope="module")
def grade_many(engine):
    """Grade (item, source) pairs, two at a time."""
    threads = local()
    graders = []

    def grade(pair):
        if not hasattr(threads, "grader"):
            threads.grader = Grader(engine)
            graders.append(threads.grader)
        item, content = pair
        return threads.grader.grade(item, content, seed=7)

    with ThreadPoolExecutor(2) as pool:
        yield lambda pairs: list(pool.map(grade, pairs))
    for grader in graders:
        grader.close()


@pytest.mark.parametrize("item", CODING, ids=lambda item: item.id)
def test_every_right_submission_gets_full_marks(item, grade_many):
    files = sorted((TESTS / "golden" / item.id).glob("*.py"))
    assert len(files) >= 6
    verdicts = grade_many([(item, file.read_bytes()) for file in files])
    refused = {
        file.name: [(test.name, test.message) for test in verdict.tests if test.status != "passed"]
        for file, verdict in zip(files, verdicts, strict=True)
        if verdict.status is not Status.PASSED
    }
    assert refused == {}


@pytest.mark.parametrize("item", CODING, ids=lambda item: item.id)
def test_no_wrong_submission_gets_full_marks(item, grade_many):
    files = sorted((TESTS / "wrong" / item.id).glob("*.py"))
    assert len(files) >= 10
    verdicts = grade_many([(item, file.read_bytes()) for file in files])
    assert [file.name for file, verdict in zip(files, verdicts, strict=True) if verdict.status is Status.PASSED] == []


UNSCALED = """
import torch
from torch import nn


class {name}(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        scores = torch.matmul(query, key.transpose(-2, -1)){scale}
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = self.dropout(torch.softmax(scores, dim=-1))
        return torch.matmul(weights, value), weights
"""


@pytest.mark.parametrize(
    ("item_id", "name", "scale", "named"),
    [
        ("scaled-dot-product-attention", "ScaledDotProductAttention", "", "unscaled"),
        ("scaled-dot-product-attention", "ScaledDotProductAttention", " / query.size(-1)", "over-d"),
        (
            "scaled-dot-product-attention",
            "ScaledDotProductAttention",
            " * query.size(-1) ** 0.5",
            "multiplied-by-root",
        ),
        ("dot-product-attention", "DotProductAttention", " / query.size(-1) ** 0.5", "scaled"),
    ],
)
def test_a_wrong_scale_is_named_whatever_the_numbers_drawn(engine, item_id, name, scale, named):
    source = UNSCALED.format(name=name, scale=scale).encode()
    grader = Grader(engine)
    try:
        verdicts = [grader.grade(BANK.item(item_id), source, seed=seed) for seed in range(4)]
    finally:
        grader.close()
    assert [[found.misconception for found in verdict.diagnosis] for verdict in verdicts] == [[named]] * 4


def test_a_forgotten_return_is_told_as_such(engine):
    source = UNSCALED.format(name="ScaledDotProductAttention", scale="").replace("        return ", "        result = ")
    grader = Grader(engine)
    try:
        verdict = grader.grade(BANK.item("scaled-dot-product-attention"), source.encode(), seed=0)
    finally:
        grader.close()
    assert "forward returned nothing" in verdict.tests[0].message


@pytest.mark.skipif(WORKSHOP is None, reason="the workshop document is not beside this checkout")
def test_the_workshops_published_answers_fail_and_say_why(grade_many):
    published = [item for item in questions.load_bank(WORKSHOP).items if item.answer_code is not None]
    names = ["dot-product-attention", "scaled-dot-product-attention", "multi-head-attention", "self-attention"]
    ours = [BANK.item(name) for name in [*names, "attention-weighted-sum"]]  # in the workshop's order
    assert len(published) == len(ours)
    verdicts = grade_many(
        [(item, theirs.answer_code.source.encode()) for item, theirs in zip(ours, published, strict=True)]
    )
    said = [
        verdict.explanation.en or next(test.message for test in verdict.tests if test.message) for verdict in verdicts
    ]
    assert [verdict.status.value for verdict in verdicts] == ["error", "error", "failed", "failed", "failed"] or all(
        verdict.score < verdict.max_score for verdict in verdicts
    )
    assert "syntax error" in said[0]
    assert "syntax error" in said[1]
    for verdict in verdicts[2:4]:
        assert any("ScaledDotProductAttention" in test.message for test in verdict.tests)
    assert "size" in said[4] or verdicts[4].diagnosis

"""Other right answers: they pass, and where they differ from the reference nothing is a mistake."""

from __future__ import annotations

import pytest

import questions
from grader.grading import Grader
from grader.proving import Prover
from grader.verdict import Status

BANK = """# Test

```yaml bank
id: small
languages: [en]
```

## Section

### Weights {#weights}

**Question:** Write `Attend`; the weights that come back are those before dropout or after it.

```python starter
from torch import nn
class Attend(nn.Module):
    def forward(self, x):
        raise NotImplementedError
```

```python reference
import torch
from torch import nn
class Attend(nn.Module):
    def __init__(self):
        super().__init__()
        self.dropout = nn.Dropout(0.5)
    def squash(self, x):
        return x.softmax(-1)
    def forward(self, x):
        weights = self.dropout(self.squash(x))
        return weights.sum(0), weights
```

```python alternative before-dropout
from reference import *
class Attend(Attend):
    def forward(self, x):
        weights = self.squash(x)
        return %s, weights
```

```python tests
def test_in_evaluation(submission, rng):
    \"\"\"In evaluation.\"\"\"
    layer = submission.Attend().eval()
    for size in (3, 4):
        x = torch.randn(2, size, generator=rng)
        output, weights = layer(x)
        torch.testing.assert_close(weights, x.softmax(-1))
        torch.testing.assert_close(output, weights.sum(0))


def test_in_training(submission, rng):
    \"\"\"In training.\"\"\"
    layer = submission.Attend().train()
    x = torch.randn(4, 50, generator=rng)
    output, weights = layer(x)
    assert output.shape == (50,)
    torch.testing.assert_close(output.sum(), torch.tensor(4.0), rtol=0, atol=1.5)
```

```python misconception sigmoid
\"\"\"A sigmoid.\"\"\"
from reference import *
class Attend(Attend):
    def squash(self, x):
        return x.sigmoid()
```

```python misconception over-rows
\"\"\"Over the rows.\"\"\"
from reference import *
class Attend(Attend):
    def squash(self, x):
        return x.softmax(0)
```
"""
RIGHT = "self.dropout(weights).sum(0)"
WRONG = """import torch
from torch import nn
class Attend(nn.Module):
    def __init__(self):
        super().__init__()
        self.dropout = nn.Dropout(0.5)
    def forward(self, x):
        weights = {squash}
        return self.dropout(weights).sum(0), {back}
"""


def item_with(alternative: str) -> questions.Item:
    (item,) = questions.parse_bank(BANK % alternative).items
    assert [fault.text for fault in item.faults if "answer" not in fault.text] == []
    return item


@pytest.mark.parametrize("back", ["weights", "self.dropout(weights)"])
@pytest.mark.parametrize(("squash", "named"), [("x.sigmoid()", "sigmoid"), ("x.softmax(0)", "over-rows")])
def test_a_mistake_is_named_whichever_way_was_chosen(engine, back: str, squash: str, named: str) -> None:
    with Grader(engine) as grader:
        verdict = grader.grade(item_with(RIGHT), WRONG.format(squash=squash, back=back).encode(), seed=0)
    assert [found.misconception for found in verdict.diagnosis] == [named]


def test_what_is_open_is_no_mistake_and_what_is_not_still_is(engine) -> None:
    with Grader(engine) as grader:
        right = WRONG.format(squash="x.softmax(-1)", back="weights")
        assert grader.grade(item_with(RIGHT), right.encode(), seed=0).status is Status.PASSED
        other = grader.grade(item_with(RIGHT), WRONG.format(squash="x.exp()", back="weights").encode(), seed=0)
    assert other.diagnosis == ()


def test_one_that_passes_is_proved_with_the_rest() -> None:
    with Prover() as prover:
        proof = prover.prove(item_with(RIGHT))
    assert [found.text for found in proof.findings] == []
    assert [row.name for row in proof.misconceptions] == ["sigmoid", "over-rows"]


@pytest.mark.parametrize(
    ("alternative", "said"),
    [
        ("weights.mean(0)", "fails test_in_evaluation with seed 0 ("),
        ("missing", "alternative 'before-dropout' uses 'missing', which nothing there defines"),
        ("[0 for _ in iter(int, 1)]", "does not come to an end in its time"),
    ],
)
def test_one_that_does_not_pass_is_a_fault_of_its_line(alternative: str, said: str) -> None:
    keys = "{#weights}\n\n```yaml item\nlimits: {seconds: 1}\n```\n"
    text = (BANK % alternative).replace("{#weights}\n", keys)
    (item,) = questions.parse_bank(text).items
    if item.servable:
        with Prover() as prover:
            faults = prover.prove(item).findings
        line = text.splitlines().index("```python alternative before-dropout") + 1
        assert [fault.line for fault in faults] == [line]
    else:
        faults = item.faults
    assert any(said in fault.text for fault in faults), [fault.text for fault in faults]


@pytest.mark.parametrize(
    ("fence", "said"),
    [
        ("```python alternative", "this alternative has no name: write python alternative NAME"),
        ("```python alternative Two Words", "the name 'Two Words' of an alternative must match [a-z0-9-]+"),
    ],
)
def test_its_name_is_an_id(fence: str, said: str) -> None:
    (item,) = questions.parse_bank((BANK % RIGHT).replace("```python alternative before-dropout", fence)).items
    assert said in [fault.text for fault in item.faults]


def test_two_of_one_name_are_a_fault_and_a_short_answer_has_none() -> None:
    text = BANK % RIGHT
    fence = text[text.index("```python alternative") : text.index("```python tests")]
    (item,) = questions.parse_bank(text.replace(fence, fence + fence)).items
    assert any(fault.text.startswith("two alternatives are named 'before-dropout'") for fault in item.faults)
    keys = "{#weights}\n\n```yaml item\nkind: short-answer\n```\n"
    short = text[: text.index("```python starter")].replace("{#weights}\n", keys)
    (item,) = questions.parse_bank(short + fence).items
    assert any("a short-answer item has no alternative 'before-dropout'" in fault.text for fault in item.faults)


def test_it_changes_the_revision_and_no_mark() -> None:
    one, two = item_with(RIGHT), item_with(RIGHT + " + 0")
    assert one.revision != two.revision
    assert one.suite == two.suite

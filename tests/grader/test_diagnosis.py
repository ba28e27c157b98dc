"""Diagnosis names a mistake from the calls the tests made, and nothing else."""

import pytest

TESTS = '''@pytest.mark.points(4)
def test_values(submission, reference):
    """Values."""
    mine, theirs = submission.Scale(3), reference.Scale(3)
    theirs.load_state_dict(mine.state_dict())
    x = torch.ones(2, 3)
    torch.testing.assert_close(mine(x), theirs(x))


@pytest.mark.points(6)
@pytest.mark.hidden
def test_negative(submission, reference):
    """Negative values."""
    mine, theirs = submission.Scale(3), reference.Scale(3)
    mine.load_state_dict(theirs.state_dict())
    torch.testing.assert_close(mine(-torch.ones(2, 3)), theirs(-torch.ones(2, 3)))'''

BANK = """# Test

```yaml bank
id: small
languages: [en]
```

## Section

### Scale {#scale}

```yaml item
points: 10
```

**Question:** Write `Scale`.

```python starter
from torch import nn
class Scale(nn.Module):
    def forward(self, x):
        raise NotImplementedError
```

```python reference
from torch import nn
class Scale(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)
    def forward(self, x):
        return self.linear(x)
```

```python tests
%s
```

```python misconception absolute
\"\"\"It takes absolute values.\"\"\"
from reference import *
class Scale(Scale):
    def forward(self, x):
        return super().forward(x.abs())
```

```python misconception shifted
\"\"\"It adds one.\"\"\"
from reference import *
class Scale(Scale):
    def forward(self, x):
        return super().forward(x) + 1
```

```python misconception broken
\"\"\"It fails on negative values.\"\"\"
from reference import *
class Scale(Scale):
    def forward(self, x):
        if (x < 0).any():
            raise ValueError("negative")
        return super().forward(x)
```
""".replace("%s", TESTS)

FRAME = """
import torch
from torch import nn
class Scale(nn.Module):
    def __init__(self, width):
        super().__init__()
        torch.rand(7)  # other draws than the reference's
        self.linear = nn.Linear(width, width)
    def forward(self, x):
        {body}
"""


@pytest.fixture
def diagnose(grader):
    from pathlib import Path

    import questions

    item = questions.parse_bank(BANK, Path("scale.md")).item("scale")

    def run(body):
        verdict = grader.grade(item, FRAME.format(body=body).encode(), seed=3)
        return [found.misconception for found in verdict.diagnosis], verdict

    return run


def test_a_mistake_written_differently_is_still_named(diagnose):
    named, verdict = diagnose("return x.pow(2).sqrt() @ self.linear.weight.t() + self.linear.bias")
    assert named == ["absolute"]
    assert verdict.diagnosis[0].text.en == "It takes absolute values."
    assert verdict.diagnosis[0].tests == ("test_negative",)


def test_parameters_are_the_submissions_own(diagnose):
    assert diagnose("return self.linear(x).add(1)")[0] == ["shifted"]


def test_an_exception_of_the_same_kind_is_the_same_mistake(diagnose):
    assert diagnose("return self.linear(x) if x.min() >= 0 else int('x')")[0] == ["broken"]


def test_an_exception_that_comes_elsewhere_too_is_another_mistake(diagnose):
    assert diagnose("return int('x')")[0] == []


@pytest.mark.parametrize(
    "body", ["return self.linear(x)", "return self.linear(x) * 3", "raise NotImplementedError", "return x"]
)
def test_what_no_misconception_explains_is_not_explained(diagnose, body):
    assert diagnose(body)[0] == []


GRADIENTS = '''@pytest.mark.points(4)
def test_gradients(submission, reference):
    """Gradients of the parameters."""
    mine, theirs = submission.Scale(3), reference.Scale(3)
    mine.load_state_dict(theirs.state_dict())
    x = -torch.ones(2, 3)
    for scale in (mine, theirs):
        scale(x).sum().backward()
    gradients, expected = dict(mine.named_parameters()), dict(theirs.named_parameters())
    torch.testing.assert_close(gradients["linear.weight"].grad, expected["linear.weight"].grad)


@pytest.mark.points(6)
def test_gradcheck(submission):
    """Gradients by differences."""
    scale = submission.Scale(3).double()
    x = -torch.ones(1, 3, dtype=torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(scale, x, fast_mode=True)
    assert (scale(x) == 0).all()'''


@pytest.mark.parametrize(
    ("body", "named"), [("return self.linear(abs(x))", ["absolute"]), ("return self.linear(x).add(1)", ["shifted"])]
)
def test_a_test_that_asks_for_parameters_hides_no_mistake_from_later_ones(grader, body, named):
    from pathlib import Path

    import questions

    item = questions.parse_bank(BANK.replace(TESTS, GRADIENTS), Path("scale.md")).item("scale")
    verdict = grader.grade(item, FRAME.format(body=body).encode(), seed=3)
    assert [found.misconception for found in verdict.diagnosis] == named

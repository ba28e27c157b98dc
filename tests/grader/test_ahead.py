"""What is asked of a submission ahead must never hold what the reference answered."""

from __future__ import annotations

import pytest

from grader.verdict import Status

TESTS = '''@pytest.mark.points(10)
def test_again(submission, reference):
    """Doubles again."""
    x = torch.tensor([3.0, 5.0], requires_grad=True)
    once = submission.double(x)
    again = %s
    torch.testing.assert_close(again, again)
    torch.testing.assert_close(once.detach(), torch.tensor([6.0, 10.0]))
'''
LATER = [
    "submission.double(once.clone())",
    "submission.double(once + 1)",
    "submission.double(once.detach() * 2)",
    "submission.double(torch.stack([once, once]).sum(0))",
    "submission.double(torch.zeros(2).copy_(once.detach()))",
    "submission.double(torch.add(once.detach(), 0, out=torch.empty(2)))",
    "submission.double(torch.tensor(once.tolist()))",
    "submission.double(torch.from_numpy(once.detach().numpy().copy()))",
    "torch.as_tensor(submission.double(once[0].item()))",
    "torch.as_tensor(submission.double(int(once[0])))",
    "submission.double(torch.ones(2) * float(once[1]))",
    "(once.sum().backward(), submission.double(x.grad * 3))[1]",
    "submission.double(torch.autograd.grad(once.sum(), x)[0] * 3)",
    "submission.double(torch.where(once > 6, once, x))",
    "submission.double(reference.double(x.detach()))",
]
THIEF = """
import re, sys
import torch

def double(x):
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if isinstance(value, dict) and "do" in value and len(value["do"]) > 1:
                raise RuntimeError("more than one is asked")
        frame = frame.f_back
    return x * 2
"""


@pytest.mark.parametrize("later", LATER)
def test_a_request_made_of_an_answer_waits_for_the_submissions_own(grade, make_item, later: str) -> None:
    item = make_item(TESTS % later)
    assert grade(b"def double(x):\n    return x * 2\n", item).status is Status.PASSED
    verdict = grade(THIEF, item)
    assert verdict.status is Status.PASSED, verdict.tests[0].message


def test_requests_that_lean_on_nothing_are_still_asked_together(grade, make_item) -> None:
    later = "submission.double(torch.ones(2) * (2 if once.shape == (2,) and bool((once > 0).all()) else 1))"
    verdict = grade(THIEF, make_item(TESTS % later))
    assert "more than one is asked" in verdict.tests[0].message

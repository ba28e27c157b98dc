"""What a beginner's exceptions mean is said beside them, and only where it is known."""

import pytest
import torch

from webapp.exception_words import meaning


def raised(action):
    with pytest.raises((RuntimeError, TypeError)) as caught:
        action()
    return {"type": type(caught.value).__name__, "message": str(caught.value), "lines": [1]}


@pytest.mark.parametrize(
    "action",
    [
        lambda: torch.ones(2, 3, 4) @ torch.ones(2, 3, 4),
        lambda: torch.ones(3, 4) @ torch.ones(3, 4),
        lambda: torch.ones(2, 3) + torch.ones(2, 4),
        lambda: torch.nn.Linear(4, 4)(torch.ones(2, 3)),
        lambda: torch.ones(2, 3).masked_fill(torch.ones(2, 4) == 0, 0.0),
    ],
)
def test_tensors_that_do_not_fit_are_said_not_to(app, action):
    with app.test_request_context("/?lang=en"):
        assert "do not fit together" in meaning(raised(action))


@pytest.mark.parametrize("arguments", [((1, 2), {}), ((), {}), ((1,), {"mask": None})])
def test_arguments_that_do_not_fit_lead_to_the_signature(app, arguments):
    given, named = arguments
    with app.test_request_context("/?lang=en"):
        assert "signature" in meaning(raised(lambda: (lambda query: query)(*given, **named)))


def test_what_is_not_known_is_left_to_its_own_message(app):
    with app.test_request_context("/?lang=en"):
        assert meaning({"type": "ValueError", "message": "boom"}) == ""
        assert meaning({"type": "RuntimeError", "message": None}) == ""

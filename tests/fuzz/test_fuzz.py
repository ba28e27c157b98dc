"""Every fuzzing target for a moment; what `make fuzz` once found stands here as an example of its own."""

from __future__ import annotations

import pytest
import torch
from hypothesis import HealthCheck, given, settings

from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_that_is_said_breaks_who_hears_it(name: str) -> None:
    target, strategy = TARGETS[name]

    @settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def run(example: object) -> None:
        target(example)

    run()


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.complex64, torch.float32, torch.bool])
@pytest.mark.parametrize("name", ["returned", "passed"])
def test_one_value_of_many_crosses_at_any_stride(name: str, dtype: torch.dtype) -> None:
    """Found: one value counts as contiguous whatever its stride, and could not be viewed as bytes."""
    target, _ = TARGETS[name]
    many = torch.arange(8).to(dtype)
    for one in (many[1:2].as_strided((1,), (2,), 1), many[::2][2:3], many.reshape(2, 4)[1:, ::2][:, :1]):
        target(one)
        target([one, many])

"""Every fuzzing target for a moment; what `make fuzz` once found stands here as an example of its own."""

from __future__ import annotations

import pytest
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

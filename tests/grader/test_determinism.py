"""The same submission gets the same verdict each time, also while others keep every core busy.

`python -m tests.bench same` does this a thousand times.
"""

from __future__ import annotations

import os

import pytest

from tests.bench.same import busy, cases, faults, repeat

TIMES = 40
ENDLESS_TIMES = 8
"""Of those that use up their half a second of processor time."""


@pytest.mark.timeout(900)
def test_every_kind_of_end_is_the_same_each_time_on_a_busy_machine(engine):
    endless = [case for case in cases() if case.status == "timeout"]
    others = [case for case in cases() if case.status != "timeout"]
    with busy(2 * (os.cpu_count() or 2)):
        found = repeat(engine, endless, times=ENDLESS_TIMES, jobs=2) | repeat(engine, others, times=TIMES, jobs=3)
    assert faults(endless + others, found) == []
    assert {case.status for case in endless + others} == {"passed", "partial", "error", "timeout", "memory", "crashed"}
    assert [sum(found[case.name].values()) for case in others] == [TIMES] * len(others)

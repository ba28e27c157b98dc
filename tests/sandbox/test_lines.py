"""Where the submission is shortly before its time is up, and where it raised."""

from __future__ import annotations

import signal
import time

import pytest

from sandbox.lines import MAX_LINES, LastMoments, lines_of_error

LOOPING = """from sandbox.lines import LastMoments
found = []
moments = LastMoments(found.append)
moments.watch(%s)
exec(compile("def f():\\n    while not found: pass\\nf()", "submission.py", "exec"))
r = found
"""


@pytest.mark.parametrize("limits", ["0.2, 60", "60, 1.2"])
def test_a_candidate_can_tell_where_its_time_runs_out(run, limits):
    assert run(LOOPING % limits)[0] == "[[3, 2]]"


@pytest.fixture
def quiet():
    """Whatever a test does with the alarm ends with it."""
    before = signal.getsignal(signal.SIGALRM)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def wait_for(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.01)


def test_it_tells_twice_and_nothing_of_other_files(quiet):
    told: list[list[int]] = []
    LastMoments(told.append).watch(1e6, 1.1)
    code = compile("\n\nwait(1.5)\n", "submission.py", "exec")
    exec(code, {"wait": wait_for})
    assert told == [[3], [3]]
    LastMoments(told.append).watch(1e6, 0.1)
    wait_for(0.1)
    assert len(told) == 2


def test_what_goes_wrong_in_telling_is_not_raised_in_the_submission(quiet):
    def tell(lines: list[int]) -> None:
        raise KeyboardInterrupt

    LastMoments(tell).watch(1e6, 0.35)
    exec(compile("wait(0.2)", "submission.py", "exec"), {"wait": wait_for})


def test_lines_are_as_many_as_can_be_read():
    source = "def f(n):\n    return f(n - 1) if n else 1 / 0\nf(100)\n"
    with pytest.raises(ZeroDivisionError) as raised:
        exec(compile(source, "submission.py", "exec"), {})
    assert lines_of_error(raised.value) == [2] * MAX_LINES

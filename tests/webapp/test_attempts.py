"""The rules about attempts, on values alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from webapp.learn.attempts import (
    Attempt,
    Dates,
    Pace,
    Refused,
    Wait,
    Window,
    awarded,
    may_send,
    may_submit,
    standing,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def attempt(number: int, status: str | None, score: float | None = None, review: bool = False) -> Attempt:
    return Attempt(number, NOW + number * HOUR, status, score, review)


@pytest.mark.parametrize(
    ("status", "costs"),
    [
        ("passed", True),
        ("partial", True),
        ("failed", True),
        ("timeout", True),
        ("memory", True),
        ("crashed", True),
        ("error", False),
        ("ungradable", False),
        (None, True),
    ],
)
def test_what_costs_an_attempt(status: str | None, costs: bool) -> None:
    assert standing([attempt(1, status, 0.0)], 3, "best").used == int(costs)


def test_the_best_counts_and_of_equals_the_earlier() -> None:
    tried = [
        attempt(1, "partial", 4.0),
        attempt(2, "partial", 6.0),
        attempt(3, "partial", 6.0),
        attempt(4, "failed", 0.0),
    ]
    counting = standing(tried, None, "best").counting
    assert counting is not None
    assert counting.submission_id == 2


def test_the_last_counts_where_that_is_the_rule_but_never_one_that_could_not_be_loaded() -> None:
    tried = [attempt(1, "passed", 10.0), attempt(2, "partial", 4.0), attempt(3, "error", 0.0), attempt(4, None)]
    counting = standing(tried, None, "last").counting
    assert counting is not None
    assert counting.submission_id == 2


def test_answers_open_after_full_marks_or_after_the_last_attempt_was_judged() -> None:
    assert not standing([attempt(1, "partial", 5.0)], 2, "best").answers_open
    assert standing([attempt(1, "passed", 10.0)], 2, "best").answers_open
    assert not standing([attempt(1, "failed", 0.0), attempt(2, None)], 2, "best").answers_open
    assert standing([attempt(1, "failed", 0.0), attempt(2, "timeout", 0.0)], 2, "best").answers_open
    assert not standing([attempt(1, "failed", 0.0)] * 50, None, "best").answers_open


def test_full_marks_that_somebody_must_look_at_do_not_open_answers() -> None:
    assert not standing([attempt(1, "passed", 5.0, review=True)], 3, "best").answers_open


def test_a_due_date_passes_after_its_own_second() -> None:
    dates = Dates(opens_at=NOW, due_at=NOW + HOUR, closes_at=NOW + 2 * HOUR)
    assert dates.window(NOW - timedelta(seconds=1)) is Window.NOT_OPEN
    assert dates.window(NOW) is Window.OPEN
    assert dates.window(NOW + HOUR) is Window.OPEN
    assert dates.window(NOW + HOUR + timedelta(seconds=1)) is Window.LATE
    assert dates.window(NOW + 2 * HOUR + timedelta(seconds=1)) is Window.CLOSED


def test_an_extension_never_takes_time_away_and_reopens_what_was_closed() -> None:
    dates = Dates(None, NOW + HOUR, NOW + 2 * HOUR)
    assert dates.extended(NOW, None) == dates
    longer = dates.extended(NOW + 5 * HOUR, None)
    assert longer.window(NOW + 4 * HOUR) is Window.OPEN


def test_lateness_takes_its_share_of_the_points() -> None:
    assert awarded(5, 10, 20, late=False, late_penalty=0.25) == 10
    assert awarded(5, 10, 20, late=True, late_penalty=0.25) == 7.5
    assert awarded(1, 0, 20, late=False, late_penalty=0) == 0


def test_the_last_attempts_being_judged_is_not_the_same_as_none_left() -> None:
    pending = standing([attempt(1, None)], 1, "best")
    assert may_submit(Window.OPEN, pending) is Refused.PENDING
    used = standing([attempt(1, "failed", 0.0)], 1, "best")
    assert may_submit(Window.OPEN, used) is Refused.NO_ATTEMPTS
    free = standing([attempt(1, "error", 0.0)], 1, "best")
    assert may_submit(Window.LATE, free) is None
    assert may_submit(Window.CLOSED, free) is Refused.CLOSED


def test_whoever_sends_too_fast_is_told_when_to_come_back() -> None:
    pace = Pace(per_minute=2, waiting=3)
    recent = [NOW - timedelta(seconds=10), NOW - timedelta(seconds=40)]
    assert may_send(recent, 0, pace, NOW) == Wait(Refused.TOO_OFTEN, 21)
    assert may_send(recent[:1], 0, pace, NOW) is None
    assert may_send([], 3, pace, NOW) == Wait(Refused.TOO_MANY_WAITING, 5)


def test_what_was_handed_in_for_free_costs_no_attempt_and_may_count() -> None:
    free = Attempt(2, NOW + HOUR, "passed", 10.0, free=True)
    found = standing([attempt(1, "partial", 4.0), free], 1, "best")
    assert (found.used, found.left) == (1, 0)
    assert found.counting == free
    assert standing([free], 1, "best").left == 1

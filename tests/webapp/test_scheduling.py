"""What to do next, and when what was missed comes round again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from webapp.learn.activity import Visits, activity
from webapp.learn.attempts import Attempt, Dates, standing
from webapp.learn.scheduling import Effort, Why, Work, ahead, repetition, steps
from webapp.learn.skills import Evidence, Level, by_skill, weak

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def effort(days, share=0.5, *, run=False):
    return Effort(NOW - timedelta(days=days), 1, run, share, share == 1)


def work(*efforts, item=1, due=None, closes=None, draft=None, attempts=None, **changes):
    dates = Dates(None, NOW + timedelta(days=due) if due is not None else None, closes and NOW + timedelta(days=closes))
    sent = [
        Attempt(number, each.at, "passed" if each.passed else "partial", each.share * 10)
        for number, each in enumerate(efforts)
        if not each.run
    ]
    made = Work(
        item_id=item,
        order=item,
        points=10,
        skills=(),
        dates=dates,
        window=dates.window(NOW),
        late_penalty=0.0,
        runs=True,
        standing=standing(sent, attempts, "best"),
        efforts=efforts,
        draft_at=NOW - timedelta(days=draft) if draft is not None else None,
    )
    return replace(made, **changes)


def reasons(*works, weak=()):
    return [(step.work.item_id, step.why) for step in steps(works, weak, NOW, UTC)]


def test_what_builds_on_something_unsolved_comes_after_what_does_not():
    assert reasons(work(item=1, missing=(3,)), work(item=2, missing=(3,)), work(item=3)) == [
        (3, Why.NEXT), (1, Why.NEXT), (2, Why.NEXT),
    ]  # fmt: skip
    assert reasons(work(item=1, missing=(3,), due=1), work(item=3))[0] == (1, Why.DUE), "a date comes first"


def test_each_reason_has_its_place_and_an_item_appears_once():
    works = [
        work(item=1),
        work(item=2, skills=("masks",)),
        work(effort(9), effort(8), item=3),
        work(effort(0.2), item=4),
        work(effort(4), item=5, draft=1),
        work(item=6, due=-1),
        work(effort(9), item=7, due=2),
        work(effort(9, 1.0), item=8),
    ]
    assert reasons(*works, weak=("masks",)) == [
        (7, Why.DUE),
        (6, Why.LATE),
        (5, Why.DRAFT),
        (4, Why.CARRY_ON),
        (3, Why.AGAIN),
        (2, Why.WEAK),
        (1, Why.NEXT),
    ]


def test_what_is_due_first_comes_first_and_what_is_due_later_is_not_urged():
    works = [work(item=1, due=2), work(item=2, due=1), work(item=3, due=9), work(item=4, due=0)]
    assert reasons(*works) == [(4, Why.DUE), (2, Why.DUE), (1, Why.DUE), (3, Why.NEXT)]


def test_practice_comes_after_what_counts():
    practice = work(item=1, standing=standing([], None, "best", practice=True))
    assert reasons(practice, work(item=2)) == [(2, Why.NEXT), (1, Why.NEXT)]


def test_late_work_is_urged_while_it_counts_and_for_two_weeks():
    assert reasons(work(due=-13)) == [(1, Why.LATE)]
    assert reasons(work(due=-15)) == [(1, Why.NEXT)]
    assert reasons(work(due=-1, late_penalty=1.0)) == [(1, Why.NEXT)]
    assert reasons(work(due=-2, closes=-1)) == []


def test_what_waits_for_its_verdict_is_nothing_to_do():
    pending = standing([Attempt(1, NOW, None, None)], 3, "best")
    assert reasons(work(due=1, standing=pending)) == []


def test_what_was_missed_comes_back_after_a_day_and_later_and_later_once_it_is_remembered():
    missed = effort(20)
    assert repetition([missed]).due_at == missed.at + timedelta(days=1)
    due, waits, history = [], [], [missed]
    for _repetition in range(4):
        again = repetition(history)
        due.append(again.due_at)
        waits.append((again.due_at - history[-1].at).days)
        history.append(Effort(again.due_at, 1, False, 1.0, True))
    assert waits == sorted(waits)
    assert waits[-1] > 10
    assert repetition(history).missed == 1
    assert [repetition(history[: n + 1]).due_at for n in range(4)] == due, "the same history gives the same dates"


def test_what_was_right_at_the_first_try_does_not_come_back():
    assert repetition([effort(9, 1.0)]) is None
    assert reasons(work(effort(9, 1.0))) == []


def test_attempts_close_together_are_one_sitting():
    hour = 1 / 24
    tried = [effort(2 + hour * 2), effort(2 + hour), effort(2, 1.0)]
    assert repetition(tried).missed == 1
    assert repetition([effort(3), effort(2)]).missed == 2


def test_a_run_that_passes_is_a_repetition_and_one_that_fails_is_only_a_try():
    missed = effort(9)
    assert repetition([missed, effort(5, 1.0, run=True)]).due_at > NOW - timedelta(days=4)
    assert repetition([missed, effort(5, 0.2, run=True)]) == repetition([missed])
    assert repetition([effort(5, 0.2, run=True)]) is None


def test_a_closed_assignment_still_offers_what_was_missed_where_code_can_be_run():
    assert reasons(work(effort(9), closes=-1)) == [(1, Why.AGAIN)]
    assert reasons(work(effort(9), closes=-1, runs=False)) == []
    assert reasons(work(effort(9), attempts=1)) == [(1, Why.AGAIN)]


def test_what_is_unsolved_is_repeated_before_what_was_solved_since():
    solved = work(effort(20), effort(19, 1.0), item=1)
    assert reasons(solved, work(effort(3), item=2)) == [(2, Why.AGAIN), (1, Why.AGAIN)]


def test_a_repetition_is_due_from_the_morning_of_its_day_where_the_student_lives():
    missed = Effort(datetime(2026, 11, 24, 15, 30, tzinfo=UTC), 1, False, 0.5, False)  # half past eleven at night
    mine = work(missed, attempts=1)
    soon = datetime(2026, 11, 24, 20, tzinfo=UTC)  # four in the morning
    assert [step.why for step in steps([mine], (), soon, SHANGHAI)] == [Why.AGAIN]
    assert steps([mine], (), soon, UTC) == ()


def test_when_nothing_is_due_the_next_repetition_and_opening_are_known():
    solved = work(effort(0.3), effort(0, 1.0), item=1)
    later = work(effort(9), effort(8, 1.0), effort(0.1, 1.0), item=2)
    assert reasons(solved, later) == []
    opening = [NOW + timedelta(days=2), NOW - timedelta(days=2), NOW + timedelta(days=9)]
    found = ahead([later, solved], opening, NOW, UTC)
    assert found.repetition.work.item_id == 1
    assert found.opens_at == NOW + timedelta(days=2)
    assert ahead([], [], NOW, UTC).repetition is None


def evidence(skill, share=None, days=1.0, points=10):
    return Evidence((skill,), points, share, None if share is None else NOW - timedelta(days=days), 1, 2)


def test_one_item_tells_nothing_and_two_tell_a_little():
    (none,) = by_skill([evidence("a")], NOW)
    (one,) = by_skill([evidence("a", 1.0), evidence("a")], NOW)
    (two,) = by_skill([evidence("a", 1.0), evidence("a", 1.0)], NOW)
    assert (none.level, one.level, two.level) == (Level.UNTRIED, Level.ONE_ITEM, Level.ALL)
    assert (one.shown, one.missed, one.untried, one.tried, one.items) == (10, 0, 10, 1, 2)
    assert weak([none, one, two]) == ()


def test_newer_work_weighs_more():
    (better,) = by_skill([evidence("a", 0.2, days=240), evidence("a", 0.9, days=1)], NOW)
    (worse,) = by_skill([evidence("a", 0.9, days=240), evidence("a", 0.2, days=1)], NOW)
    assert better.share > 0.8
    assert worse.share < 0.3
    assert (better.shown, better.missed) == pytest.approx((worse.shown, worse.missed))
    assert (better.level, worse.level) == (Level.MOST, Level.LITTLE)


def test_old_evidence_is_said_to_have_faded():
    assert by_skill([evidence("a", 1.0, days=61)], NOW)[0].faded
    assert not by_skill([evidence("a", 1.0, days=59)], NOW)[0].faded


def test_the_weakest_skill_comes_first_and_its_smallest_new_item():
    known = by_skill(
        [evidence("a", 0.5), evidence("a", 0.5), evidence("b", 0.1), evidence("b", 0.3), evidence("c", 0.9)], NOW
    )
    assert weak(known) == ("b", "a")
    works = [
        work(item=1, skills=("a",), points=1),
        work(item=2, skills=("b",), points=9),
        work(item=3, skills=("a", "b"), points=8),
    ]
    assert [step.work.item_id for step in steps(works, weak(known), NOW, UTC)] == [3, 2, 1]
    assert steps(works, weak(known), NOW, UTC)[0].skill == "b"


def test_the_calendar_has_eight_weeks_that_end_today_where_the_student_lives():
    late = datetime(2026, 11, 25, 17, tzinfo=UTC)  # the 26th in Shanghai
    found = activity([late, late - timedelta(days=1), late - timedelta(days=100)], late, SHANGHAI)
    assert len(found.weeks) == 8
    assert [len(week) for week in found.weeks] == [7] * 7 + [4]
    assert found.weeks[-1][-1].date.isoformat() == "2026-11-26"
    assert [each.date.day for each in found.days] == [25, 26]


def test_a_reload_is_the_same_visit_and_keeps_its_news():
    first = Visits(NOW - timedelta(days=2), NOW - timedelta(days=3))
    second = first.at(NOW)
    assert second.since == NOW - timedelta(days=2)
    assert second.at(NOW + timedelta(minutes=5)).since == second.since
    assert second.at(NOW + timedelta(hours=2)).since == NOW
    assert Visits.from_text(second.to_text()) == second
    for text in ("", "x y", "2026-11-25"):
        assert Visits.from_text(text) is None

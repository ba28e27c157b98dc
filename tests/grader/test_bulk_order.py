"""Who grades what next, how fast it goes, what is the same source: the pure parts of a run."""

import threading
from collections import Counter
from dataclasses import replace
from queue import SimpleQueue

import pytest

from grader.bulk.contents import held
from grader.bulk.model import Submission
from grader.bulk.pace import RECENT, Pace, clock
from grader.bulk.progress import sentence
from grader.bulk.schedule import Schedule, Work
from grader.bulk.sources import Source, Terms, key_of, sources_of
from grader.grading import MAX_CODE_BYTES


def sources(items, each):
    """So many sources of each item, in turns as students' folders give them."""
    return [
        Source(f"{item.revision} {number}", item, Submission(f"{number}/{item.revision}", held(b"")), (0,))
        for number in range(each)
        for item in items
    ]


@pytest.fixture
def items(make_item):
    item = make_item()
    return [replace(item, revision=f"r{number}") for number in range(3)]


def taken(schedule, lane, count):
    return [schedule.next(lane).source.item.revision for _ in range(count)]


def test_a_lane_stays_with_its_item_and_then_helps_where_most_is_left(items):
    schedule = Schedule(sources(items, 4))
    assert taken(schedule, 0, 4) == ["r0"] * 4
    assert taken(schedule, 1, 1) == ["r1"]
    assert taken(schedule, 0, 4) == ["r2"] * 4
    assert taken(schedule, 0, 1) == ["r1"]  # no item is nobody's any more
    assert taken(schedule, 1, 2) == ["r1"] * 2


def test_what_needs_longer_comes_when_nothing_is_left_to_be_tried_first(items):
    schedule = Schedule(sources(items[:1], 3))
    loop = schedule.next(0)
    schedule.put_behind(Work(loop.source, whole=True))
    assert [schedule.next(1).whole for _ in range(3)] == [False, False, True]


def test_a_lane_waits_for_what_another_may_put_behind_and_ends_when_nothing_can_come(items):
    schedule, came = Schedule(sources(items[:1], 1)), SimpleQueue()
    work = schedule.next(0)
    waiting = threading.Thread(target=lambda: came.put(schedule.next(1)))
    waiting.start()
    schedule.put_behind(Work(work.source, whole=True))
    assert came.get(timeout=10).whole
    waiting.join()
    ending = threading.Thread(target=lambda: came.put(schedule.next(0)))
    ending.start()
    schedule.done()
    assert came.get(timeout=10) is None
    ending.join()


def test_a_stopped_schedule_gives_nothing_and_keeps_nobody_waiting(items):
    schedule, came = Schedule(sources(items[:1], 2)), SimpleQueue()
    schedule.next(0)
    schedule.next(0)
    waiting = threading.Thread(target=lambda: came.put(schedule.next(1)))
    waiting.start()
    schedule.stop()
    assert came.get(timeout=10) is None
    waiting.join()


def test_equal_sources_are_one_and_what_decides_a_verdict_tells_them_apart(make_item):
    item = make_item()
    words = replace(item, kind=type(item.kind).SHORT_ANSWER, tests=None)
    terms = Terms()
    given = [
        Submission("a", held(b"x = 1\n"), item=item),
        Submission("b", held(b"x = 1\r\n"), item=item),
        Submission("c", held(b""), "cannot be read", item=item),
        Submission("d", held(b"x = 1"), item=item),
        Submission("e", held(b"x = 1\n")),
    ]
    assert [(found.submission.path, found.places) for found in sources_of(given, terms)] == [("a", (0, 1)), ("d", (3,))]
    keys = [
        key_of(item, b"x\n", terms),
        key_of(item, b"x\n", Terms(seed=1)),
        key_of(replace(item, revision="r:2"), b"x\n", terms),
        key_of(words, b"x\n", terms),
        key_of(words, b"x\r\n", terms),  # where evidence stands in words is counted in letters
        key_of(replace(item, bank="other"), b"x\n", terms),
        key_of(item, b"\n" * MAX_CODE_BYTES, terms),
        key_of(item, b"\r\n" * MAX_CODE_BYTES, terms),  # refused for its length
    ]
    assert len({*keys[:3], *keys[4:]}) == 7
    assert key_of(item, b"x\n", Terms(variant=5)) == keys[0]  # it has none


def test_time_left_follows_what_was_lately_done_and_counts_what_comes_last():
    pace = Pace(1000)
    assert (pace.rate(0.0), pace.left(0.0)) == (None, None)
    pace.known("passed", 100)
    pace.start(10.0, lanes=2)
    for number in range(100):
        pace.graded("passed", 1, 10.0 + (number + 1) / 10)
    assert (pace.rate(20.0), pace.left(20.0)) == pytest.approx((10.0, 80.0))
    for _ in range(10):
        pace.put_behind(1, limit=10.0)
    assert pace.left(20.0) == pytest.approx(79.0 + 10 * 10.0 / 2)
    for number in range(RECENT + 1):
        pace.graded("failed", 1, 20.0 + number)  # ten times slower from here on
    assert pace.rate(20.0 + RECENT) == pytest.approx(1.0, rel=0.1)
    pace.long_graded(1, 12.0)
    pace.graded("timeout", 1, 230.0)
    assert pace.lengthy == 9
    assert pace.statuses == Counter(passed=200, failed=RECENT + 1, timeout=1)
    assert sentence(pace, 230.0).endswith("(200 passed, 201 failed, 1 timeout)")


def test_times_read_like_a_clock():
    assert [clock(seconds) for seconds in (0.4, 7, 750, 3723)] == ["0:00", "0:07", "12:30", "1:02:03"]

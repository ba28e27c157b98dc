"""A gradebook of 2,000 × 40: the server's time for what its page fetches, and how smoothly the page scrolls.

A frame is late when it comes more than two sixtieths of a second after the one before.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.measuring import quantile
from tests.bench_web.browser import Window
from tests.bench_web.gradebooks import Large
from tests.bench_web.server_times import ServerTimes, timed
from tests.bench_web.visiting import Visitor

GOAL_MS = 400.0
"""For opening it: the page, and what its script fetches then."""
LATE_FRAME_MS = 34.0
PATIENCE_SECONDS = 60.0
DETAILS = "".join(f"&with={detail}" for detail in ("percent", "status", "attempts", "late"))

READY = "document.getElementById('book-scroll')?.dataset.ready === ''"
WATCH = """() => {
  const seen = window.seen = { frames: [], long: [], done: false };
  let last;
  const frame = (now) => {
    if (last) seen.frames.push(now - last);
    last = now;
    if (!seen.done) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => seen.long.push(...list.getEntries().map((entry) => entry.duration)))
    .observe({ type: "longtask" });
}"""
PAINTED = """() => ({
  first: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
  ready: window.readyAt ?? 0,
})"""
FOLLOW = """() => {
  const follow = () => {
    if (document.getElementById("book-scroll")?.dataset.ready === "") window.readyAt = performance.now();
    else requestAnimationFrame(follow);
  };
  follow();
}"""


@dataclass(frozen=True, slots=True)
class Scrolling:
    """A way of scrolling through the grid."""

    what: str
    frames: int
    median_ms: float
    p95_ms: float
    longest_ms: float
    late: int
    long_tasks: int
    """Of more than 50 ms, in which the page answers nobody."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What somebody who opens it waits for, in the browser: medians, in milliseconds."""

    first_paint_ms: float
    grid_ms: float
    """Until all students are there."""


def fetched(visitor: Visitor, large: Large, each: int) -> list[ServerTimes]:
    """Everything the page fetches, `each` times by turns."""
    here = f"/teach/courses/{large.course}"
    whole = json.loads(visitor.ask(f"{here}/gradebook.json", **{"Accept-Encoding": "identity"}).body)
    since = f"?since={whole['at']}&shape={whole['shape']}"
    asked = {
        "page": here,
        "page, by total": f"{here}?sort=total&order=down",
        "page, who is late": f"{here}?state=late",
        "all cells": f"{here}/gradebook.json",
        "what changed": f"{here}/gradebook/changes{since}",
        "one student": f"{here}/students/{large.students[0]}",
        "file to read": f"{here}/gradebook.csv?layout=table{DETAILS}",
        "file for Canvas": f"{here}/gradebook.csv?layout=canvas",
        "file, long": f"{here}/gradebook.csv?layout=long",
    }
    return timed(visitor, asked, each, rarely=[what for what in asked if what.startswith("file")])


def opened(window: Window, large: Large, each: int) -> Opening:
    """Open the page `each` times."""
    window.context.add_init_script(f"({FOLLOW})()")
    times = []
    for _ in range(each):
        _open(window, large)
        times.append(window.page.evaluate(PAINTED))
    return Opening(
        round(quantile([each["first"] for each in times], 0.5), 1),
        round(quantile([each["ready"] for each in times], 0.5), 1),
    )


def scrolled(window: Window, large: Large) -> list[Scrolling]:
    """Down and sideways by wheel, and at random by the bar."""
    found = []
    session = window.context.new_cdp_session(window.page)
    for what, gesture in (
        ("down, 4,000 px a second", {"yDistance": -12_000, "speed": 4000}),
        ("sideways, 2,000 px a second", {"xDistance": -3_000, "speed": 2000}),
        ("down, 20,000 px a second", {"yDistance": -60_000, "speed": 20_000}),
    ):
        _open(window, large)
        window.pause(0.5)
        window.page.evaluate("document.getElementById('book-scroll').scrollIntoView()")
        box = window.page.locator("#book-scroll").bounding_box()
        window.page.evaluate(WATCH)
        session.send(
            "Input.synthesizeScrollGesture",
            {"x": box["x"] + box["width"] / 2, "y": box["y"] + 300, "gestureSourceType": "mouse", **gesture},
        )
        found.append(_frames(what, window.page.evaluate("() => { window.seen.done = true; return window.seen; }")))
    session.detach()
    return found


def _open(window: Window, large: Large) -> None:
    window.page.goto(f"{window.base}/teach/courses/{large.course}")
    end = time.monotonic() + PATIENCE_SECONDS
    while not window.page.evaluate(READY):
        if time.monotonic() > end:
            raise RuntimeError("the gradebook does not come")
        window.pause(0.02)


def _frames(what: str, seen: dict[str, Any]) -> Scrolling:
    frames: Sequence[float] = seen["frames"] or [0.0]
    return Scrolling(
        what,
        len(frames),
        round(quantile(frames, 0.5), 1),
        round(quantile(frames, 0.95), 1),
        round(max(frames), 1),
        sum(frame > LATE_FRAME_MS for frame in frames),
        len(seen["long"]),
    )

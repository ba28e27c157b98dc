"""From the click to the verdict, in a real browser, and where that time goes.

All clocks are this machine's one: the page's (its time origin and what it counts since), the server's and the worker's
in the database's rows.  So the parts add up to the whole:

    request   click → the submission's own time of arrival (the page's script, the way, who asks, what is asked)
    queue     → a worker has it (stored on the disk, nudged, taken)
    grading   → the verdict's time
    polling   → the browser asks the time after that
    answer    → the answer is there
    rendering → the verdict is in the page
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from tests.bench.measuring import quantile
from tests.bench_web.browser import Window
from tests.bench_web.known import Known
from tests.bench_web.serving import Running
from webapp.models import Database, Job, Verdict
from webapp.settings import Settings

GOAL_MS = 300.0
PARTS = ("request", "queue", "grading", "polling", "answer", "rendering")
PATIENCE_SECONDS = 60.0
BETWEEN_SECONDS = 0.4
"""For the draft that follows a submission, and for what the worker prepares for the next one."""

WATCH = """() => {
  const verdict = document.getElementById("verdict");
  const timing = window.timing = { clicked: 0, shown: 0, painted: 0, status: "", requests: [] };
  performance.clearResourceTimings();
  document.addEventListener("click", (event) => {
    if (!event.target.closest("button[data-send]")) return;
    timing.clicked = performance.timeOrigin + performance.now();
    const before = verdict.querySelector("section[data-status]");
    const watching = new MutationObserver(() => {
      const section = verdict.querySelector("section[data-status]");
      if (!section || section === before) return;
      watching.disconnect();
      timing.shown = performance.timeOrigin + performance.now();
      timing.status = section.dataset.status;
      timing.job = Number(section.dataset.job);
      requestAnimationFrame(() => setTimeout(() => { timing.painted = performance.timeOrigin + performance.now(); }));
    });
    watching.observe(verdict, { childList: true, subtree: true });
  }, { capture: true, once: true });
}"""
READ = """() => ({ ...window.timing, requests: performance.getEntriesByType("resource")
  .filter((entry) => /[/](submit|run|jobs[/][0-9]+)$/.test(entry.name))
  .map(({ startTime, responseEnd }) =>
    ({ begin: performance.timeOrigin + startTime, end: performance.timeOrigin + responseEnd })) })"""


@dataclass(frozen=True, slots=True)
class Click:
    """One click and its parts, in milliseconds."""

    what: str
    label: str
    status: str
    whole: float
    painted: float
    requests: int
    parts: dict[str, float]

    @property
    def ideal(self) -> float:
        """Had the browser been told at once."""
        return self.whole - self.parts["polling"]


@dataclass(frozen=True, slots=True)
class ClickTimes:
    """All clicks of a kind: milliseconds."""

    what: str
    median_ms: float
    p95_ms: float
    painted_ms: float
    """Median until the verdict is drawn."""
    parts: dict[str, float]
    """Medians."""
    requests: float
    """How often the browser asks, the sending included."""
    over_ideal: float
    """The median of the whole over the whole without the delay of polling."""
    count: int


def measure(window: Window, running: Running, items: dict[str, int], sent: Sequence[tuple[str, Known]]) -> list[Click]:
    """Click for each of `sent`: ("submit" or "run", what to write).  Another verdict than expected is an error."""
    with _rows(running) as database:
        clicks = []
        at = ""
        for action, known in sent:
            if at != known.item:
                window.open(f"/items/{items[known.item]}")
                at = known.item
            timing = _click(window, action, known)
            clicks.append(_taken_apart(database, action, known, timing))
    return clicks


@contextmanager
def _rows(running: Running) -> Iterator[Database]:
    database = Database(Settings(data=running.data).database)
    yield database
    database.close()


def _click(window: Window, action: str, known: Known) -> dict[str, Any]:
    window.write(known.content)
    window.pause(BETWEEN_SECONDS)
    window.page.evaluate(WATCH)
    window.page.click(f"button[data-send={action}]")
    for _ in range(int(PATIENCE_SECONDS / 0.05)):
        window.pause(0.05)
        if window.page.evaluate("window.timing.painted") > 0:
            break
    else:
        raise RuntimeError(f"no verdict for {known.label}: {window.page.inner_text('#verdict')}")
    timing = window.page.evaluate(READ)
    if action == "submit" and timing["status"] not in known.statuses:
        raise RuntimeError(f"{known.item}/{known.label} is {timing['status']}")
    return dict(timing)


def _taken_apart(database: Database, action: str, known: Known, timing: dict[str, Any]) -> Click:
    with database.reading() as session:
        created, served, judged = session.execute(
            select(Job.created_at, Job.heartbeat_at, Verdict.created_at)
            .join(Verdict, Verdict.job_id == Job.id)
            .where(Job.id == timing["job"])
        ).one()
    last = timing["requests"][-1]
    marks = [timing["clicked"], _ms(created), _ms(served), _ms(judged)]
    marks += [max(_ms(judged), last["begin"]), last["end"], timing["shown"]]
    right = "right" if known.right else "wrong"
    return Click(
        what=f"{known.kind} {action} {right}" if known.kind == "coding" else f"{known.kind} {action}",
        label=f"{known.item}/{known.label}",
        status=timing["status"],
        whole=timing["shown"] - timing["clicked"],
        painted=timing["painted"] - timing["clicked"],
        requests=len(timing["requests"]),
        parts={name: after - before for name, before, after in zip(PARTS, marks, marks[1:], strict=False)},
    )


def _ms(at: datetime) -> float:
    return at.timestamp() * 1e3


def summed_up(clicks: Sequence[Click]) -> list[ClickTimes]:
    """By kind, and all submissions of code together first."""
    kinds: dict[str, list[Click]] = {}
    for click in clicks:
        kinds.setdefault(click.what, []).append(click)
    code = [click for click in clicks if click.what.startswith("coding submit")]
    groups = {"coding submit": code, **kinds} if code else kinds
    return [_of(what, found) for what, found in groups.items()]


def _of(what: str, clicks: Sequence[Click]) -> ClickTimes:
    return ClickTimes(
        what,
        round(statistics.median(click.whole for click in clicks), 1),
        round(quantile([click.whole for click in clicks], 0.95), 1),
        round(statistics.median(click.painted for click in clicks), 1),
        {part: round(statistics.median(click.parts[part] for click in clicks), 1) for part in PARTS},
        round(statistics.mean(click.requests for click in clicks), 2),
        round(statistics.median(click.whole / click.ideal for click in clicks), 2),
        len(clicks),
    )

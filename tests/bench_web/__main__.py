"""``make bench-web``: what a student waits for, measured in a real browser on a real server in one run.

clicks  from the click on Submit or Run to the verdict in the page, taken apart: request, queue, grading, polling,
        answer, rendering; beside what it would be if the browser were told at once
pages   the server's time for every page, with 10,000 submissions of 300 students in the database
weight  what an item's page weighs on its way, at the first visit and at the next
gradebook  2,000 students × 40 items: the server's time for all that its page fetches, first paint, frames of scrolling
analysis  200,000 verdicts of 2,000 students: the server's time for the pages of item analysis

Writes build/bench-web.json.  The exit status is 0 whatever the numbers are: a machine may be busy, and says so.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.report import machine, write
from tests.bench_web import analyses, clicks, furnishing, gradebook_times, gradebooks, known, pages, report, weight
from tests.bench_web.analyses import Analysed
from tests.bench_web.browser import Window, chromium
from tests.bench_web.furnishing import PASSWORD, School
from tests.bench_web.gradebooks import Large
from tests.bench_web.serving import Running, serving, settle
from tests.bench_web.visiting import Visitor

BUILD = Path(__file__).parents[2] / "build"
PARTS = ("clicks", "pages", "weight", "gradebook", "analysis")
SETTINGS = {"WORKSHOP_SUBMISSIONS_PER_MINUTE": "10000", "WORKSHOP_WAITING_JOBS": "1000"}
WARM_EACH = 24
"""Right and wrong submissions of each item before the first click: two workers meet each of four seeds."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="make bench-web ARGS=", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", help=f"which parts, with commas: {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="a few of everything: does it run at all?")
    parser.add_argument("--build", type=Path, default=BUILD, help="the folder to write to (default: build)")
    options = parser.parse_args(arguments)
    only = tuple(options.only.split(",")) if options.only else PARTS
    if unknown := set(only) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    document: dict[str, Any] = {"quick": options.quick, "load_before": round(os.getloadavg()[0], 2)}
    parts = [part for part in only if part not in ("gradebook", "analysis")]
    if parts:
        with tempfile.TemporaryDirectory(prefix="bench-web-") as folder:
            data = Path(folder) / "data"
            school = _furnished(data, *((20, 200) if options.quick else (300, 10_000)))
            with _served(data, options.build, SETTINGS) as running:
                document |= _measured(running, school, parts, quick=options.quick)
    if "gradebook" in only:
        with tempfile.TemporaryDirectory(prefix="bench-web-") as folder:
            data = Path(folder) / "data"
            large = gradebooks.furnish(data, 60 if options.quick else 2000)
            with _served(data, options.build, {"WORKSHOP_DEMO": "0"}) as running:
                document["gradebook"] = _gradebook(running, large, quick=options.quick)
    if "analysis" in only:
        with tempfile.TemporaryDirectory(prefix="bench-web-") as folder:
            data = Path(folder) / "data"
            class_of = analyses.furnish(data, 40 if options.quick else 2000)
            with _served(data, options.build, {"WORKSHOP_DEMO": "0"}) as running:
                document["analysis"] = _analysis(running, class_of, quick=options.quick)
    document["machine"] = machine()
    print(
        f"load {document['load_before']} before, {document['machine']['load_1_minute']} after; two workers, 8 threads"
    )
    write(options.build, "bench-web.json", document)
    return 0


@contextmanager
def _served(data: Path, build: Path, settings: dict[str, str]) -> Iterator[Running]:
    with serving(data, settings=settings) as running:
        print(f"busy before: {settle():.0%} of the machine, load {os.getloadavg()[0]:.2f}", file=sys.stderr)
        yield running
        complaints = running.complaints()
    if complaints:
        shutil.copy(running.log, build / "bench-web.log")
        print(f"the server complained, see build/bench-web.log:\n{complaints[-2000:]}", file=sys.stderr)


def _gradebook(running: Running, large: Large, *, quick: bool) -> dict[str, Any]:
    visitor = Visitor(running.address)
    visitor.sign_in(large.instructor, PASSWORD)
    times = gradebook_times.fetched(visitor, large, 2 if quick else 20)
    with chromium() as browser:
        window = Window(browser, visitor)
        opening = gradebook_times.opened(window, large, 2 if quick else 5)
        scrolling = gradebook_times.scrolled(window, large)
        window.close()
    print("\n".join(report.gradebook_table(times, opening, scrolling)), end="\n\n")
    found = {"fetched": times, "scrolled": scrolling}
    return {name: [asdict(row) for row in rows] for name, rows in found.items()} | {"opened": asdict(opening)}


def _analysis(running: Running, large: Analysed, *, quick: bool) -> dict[str, Any]:
    visitor = Visitor(running.address)
    visitor.sign_in(large.instructor, PASSWORD)
    times = analyses.measured(visitor, large, 2 if quick else 10)
    print("\n".join(report.analysis_table(times, large.verdicts)), end="\n\n")
    return {"verdicts": large.verdicts, "fetched": [asdict(row) for row in times]}


def _furnished(data: Path, students: int, submissions: int) -> School:
    school = furnishing.furnish(data, students)
    furnishing.unlimited(data)
    sent = [*known.code(1 if submissions < 1000 else 4), *known.words(2)]
    documents = known.judged_alone((each.item, each.content, 0, False) for each in sent)
    pairs = [(each, documents[each.item, each.content, 0, False]) for each in sent]
    furnishing.fill(data, school, pairs, submissions)
    return school


def _measured(running: Running, school: School, only: Sequence[str], *, quick: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "pages" in only:
        times, missing = pages.measure(running, school, 2 if quick else 12)
        found |= {"pages": [asdict(each) for each in times], "pages_not_measured": missing}
        print("\n".join(report.page_table(times, missing)), end="\n\n")
    if "clicks" not in only and "weight" not in only:
        return found
    with chromium() as browser:
        visitor = Visitor(running.address)
        visitor.sign_in(school.students[0], PASSWORD)
        if "weight" in only:
            window = Window(browser, visitor)
            visits = []
            for name in ("scaled-dot-product-attention", "attention-concept"):
                visits += weight.measure(window, school.items[name], name)
                window.close()
                window = Window(browser, visitor)
            window.close()
            found["weight"] = [asdict(each) for each in visits]
            print("\n".join(report.weight_table(visits)), end="\n\n")
        if "clicks" in only:
            found |= _clicked(Window(browser, visitor), running, school, quick=quick)
    return found


def _clicked(window: Window, running: Running, school: School, *, quick: bool) -> dict[str, Any]:
    code = sorted(known.code(2 if quick else 6), key=lambda each: each.item)
    if quick:
        code = code[:4]
    warm = [each for each in code for _ in range(0 if quick else WARM_EACH // 8)]
    jobs = furnishing.put_in_the_queue(running.data, school, warm, datetime.now(UTC))
    furnishing.wait_for(running.data, jobs, 60)
    settle(10)
    sent = [("submit", each) for each in code] + [("run", each) for each in code[:: 1 if quick else 5]]
    sent += [("submit", each) for each in known.words(1 if quick else 3)]
    times = clicks.measure(window, running, school.items, sent)
    rows = clicks.summed_up(times)
    print("\n".join(report.click_table(rows)), end="\n\n")
    return {"clicks": [asdict(row) for row in rows], "every_click": [asdict(click) for click in times]}


if __name__ == "__main__":
    sys.exit(main())

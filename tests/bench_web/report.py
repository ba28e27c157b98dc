"""What `make bench-web` says: tables for a terminal, a document for `build/bench-web.json`."""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench_web import analyses, clicks, gradebook_times, pages, weight
from tests.bench_web.clicks import PARTS, ClickTimes
from tests.bench_web.gradebook_times import Opening, Scrolling
from tests.bench_web.pages import PageTimes
from tests.bench_web.server_times import ServerTimes
from tests.bench_web.weight import Visit


def _verdict(fine: bool) -> str:
    return "" if fine else "  MISSED"


def click_table(times: Sequence[ClickTimes]) -> list[str]:
    """Click to verdict, and where the time goes."""
    lines = [f"{'click to verdict, ms':32}{'median':>8}{'p95':>8}{'drawn':>8}" + "".join(f"{p:>11}" for p in PARTS)]
    lines[0] += f"{'asks':>7}{'of ideal':>10}{'n':>5}"
    for row in times:
        fine = row.what != "coding submit" or row.median_ms <= clicks.GOAL_MS
        lines.append(
            f"{row.what:32}{row.median_ms:8.0f}{row.p95_ms:8.0f}{row.painted_ms:8.0f}"
            + "".join(f"{row.parts[part]:11.0f}" for part in PARTS)
            + f"{row.requests:7.1f}{row.over_ideal:10.2f}{row.count:5}{_verdict(fine)}"
        )
    return [
        *lines,
        f"goal: median of 'coding submit' at most {clicks.GOAL_MS:.0f} ms; parts are medians, which need not add up",
    ]


def page_table(times: Sequence[PageTimes], missing: Sequence[str]) -> list[str]:
    """Server time per page."""
    lines = [f"{'server time, ms':32}{'p50':>8}{'p95':>8}{'KB':>8}{'n':>6}"]
    for row in times:
        fine = row.p95_ms <= pages.GOAL_MS
        lines.append(
            f"{row.endpoint:32}{row.p50_ms:8.1f}{row.p95_ms:8.1f}{row.kilobytes:8.1f}{row.count:6}{_verdict(fine)}"
        )
    return [*lines, *(f"not measured: {name}" for name in missing), f"goal: p95 at most {pages.GOAL_MS:.0f} ms"]


def weight_table(visits: Sequence[Visit]) -> list[str]:
    """Page weight."""
    lines = [f"{'page weight':48}{'KB':>8}{'requests':>10}"]
    for row in visits:
        goal = weight.NEXT_GOAL if row.what.endswith("next visit") else weight.FIRST_GOAL
        shown = ", ".join(f"{name} {size / 1024:.0f}" for name, size in row.largest[:4])
        lines.append(f"{row.what:48}{row.bytes / 1024:8.1f}{row.requests:10}{_verdict(row.bytes <= goal)}   {shown}")
    first, following = weight.FIRST_GOAL // 1024, weight.NEXT_GOAL // 1024
    return [*lines, f"goal: at most {first} KB at the first visit, {following} KB at the next"]


def gradebook_table(times: Sequence[ServerTimes], opening: Opening, scrolling: Sequence[Scrolling]) -> list[str]:
    """A large class's gradebook."""
    lines = [f"{'gradebook, server time, ms':32}{'p50':>8}{'p95':>8}{'KB':>8}{'n':>6}"]
    for row in times:
        fine = row.what not in ("page", "all cells") or row.p95_ms <= gradebook_times.GOAL_MS
        numbers = f"{row.p50_ms:8.1f}{row.p95_ms:8.1f}{row.kilobytes:8.1f}{row.count:6}"
        lines.append(f"{row.what:32}{numbers}{_verdict(fine)}")
    lines += [f"first paint after {opening.first_paint_ms:.0f} ms, all students after {opening.grid_ms:.0f} ms", ""]
    head = f"{'median':>8}{'p95':>8}{'longest':>9}{'late':>6}{'of':>6}{'long tasks':>12}"
    lines.append(f"{'scrolling, ms a frame':32}{head}")
    for each in scrolling:
        lines.append(
            f"{each.what:32}{each.median_ms:8.1f}{each.p95_ms:8.1f}{each.longest_ms:9.1f}{each.late:6}{each.frames:6}"
            f"{each.long_tasks:12}"
        )
    return [*lines, f"goal: p95 of 'page' and of 'all cells' at most {gradebook_times.GOAL_MS:.0f} ms"]


def analysis_table(times: Sequence[ServerTimes], verdicts: int) -> list[str]:
    """Item analysis of a large class."""
    title = f"analysis, {verdicts:,} verdicts, ms"
    lines = [f"{title:36}{'p50':>8}{'p95':>8}{'KB':>8}{'n':>6}"]
    for row in times:
        numbers = f"{row.p50_ms:8.1f}{row.p95_ms:8.1f}{row.kilobytes:8.1f}{row.count:6}"
        lines.append(f"{row.what:36}{numbers}{_verdict(row.p95_ms <= analyses.GOAL_MS)}")
    return [*lines, f"goal: p95 at most {analyses.GOAL_MS:.0f} ms"]

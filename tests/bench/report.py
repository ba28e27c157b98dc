"""What was measured, as values, as a table and as `build/bench.json`."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from tests.bench.measuring import Tally, Timed, median_ratio, quantile

OURS = ("grader-host", "grader-container")


@dataclass(frozen=True, slots=True)
class Row:
    """One contender.  `by_item` are medians; times are of single submissions with nothing else to do."""

    name: str
    median_ms: float
    p95_ms: float
    right_ms: float
    wrong_ms: float
    per_second: float
    judged: int
    wrong_passed: tuple[str, ...]
    right_failed: tuple[str, ...]
    by_item: dict[str, float]


@dataclass(frozen=True, slots=True)
class Report:
    """All of a run."""

    rows: tuple[Row, ...]
    ratios: dict[str, float]
    missing: dict[str, str]
    """Contenders that could not be had, and why."""
    jobs: int
    rounds: int
    mix: int
    machine: dict[str, Any]


def report_of(tallies: list[Tally], missing: dict[str, str], *, jobs: int, rounds: int, mix: int) -> Report:
    """The rows and, for each of our placements, the ratios to every other contender."""
    by_name = {tally.name: tally for tally in tallies}
    ratios = {}
    for ours in (by_name[name] for name in OURS if name in by_name):
        for other in tallies:
            if other.name in OURS:
                continue
            if other.name == "floor":
                key, value = f"{ours.name} cost over floor", median_ratio(other.per_second, ours.per_second)
            else:
                key, value = (
                    f"{ours.name} throughput over {other.name}",
                    median_ratio(ours.per_second, other.per_second),
                )
            ratios[key] = round(value, 3)
    return Report(tuple(_row(tally) for tally in tallies), ratios, missing, jobs, rounds, mix, machine())


def _row(tally: Tally) -> Row:
    return Row(
        tally.name,
        median_ms=_median_ms(tally.alone),
        p95_ms=round(quantile([timed.seconds for timed in tally.alone], 0.95) * 1e3, 2),
        right_ms=_median_ms([timed for timed in tally.alone if timed.submission.right]),
        wrong_ms=_median_ms([timed for timed in tally.alone if not timed.submission.right]),
        per_second=round(statistics.median(tally.per_second), 3),
        judged=tally.judged,
        wrong_passed=tuple(sorted(tally.wrong_passed)),
        right_failed=tuple(sorted(tally.right_failed)),
        by_item={
            item: _median_ms([timed for timed in tally.alone if timed.submission.item.id == item])
            for item in dict.fromkeys(timed.submission.item.id for timed in tally.alone)
        },
    )


def _median_ms(timed: list[Timed]) -> float:
    return round(statistics.median(one.seconds for one in timed) * 1e3, 2) if timed else 0.0


def machine() -> dict[str, Any]:
    """When and where; the load says whether the machine had other things to do."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": " ".join(["python -m tests.bench", *sys.argv[1:]]),
        "cores": os.cpu_count(),
        "load_1_minute": round(os.getloadavg()[0], 2),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }


def table(report: Report) -> str:
    """For a terminal."""
    lines = [
        f"{report.mix} submissions, right and wrong, in each of {report.rounds} rounds; {report.jobs} at once for the "
        f"throughput; load {report.machine['load_1_minute']} at the end",
        f"{'':26}{'median ms':>11}{'p95 ms':>10}{'right ms':>10}{'wrong ms':>10}{'a second':>10}{'judged':>8}",
    ]
    for row in report.rows:
        lines.append(
            f"{row.name:26}{row.median_ms:11.1f}{row.p95_ms:10.1f}{row.right_ms:10.1f}{row.wrong_ms:10.1f}"
            f"{row.per_second:10.2f}{row.judged:8}"
        )
    for name, reason in report.missing.items():
        lines.append(f"{name:26} not measured: {reason}")
    lines += [f"{name}: {value:.2f} times" for name, value in report.ratios.items()]
    for row in report.rows:
        if row.wrong_passed:
            lines.append(f"{row.name} passes {len(row.wrong_passed)} wrong ones: {', '.join(row.wrong_passed)}")
        if row.right_failed:
            lines.append(f"{row.name} fails {len(row.right_failed)} right ones: {', '.join(row.right_failed)}")
    return "\n".join(lines)


def write(folder: Path, name: str, document: Any) -> Path:
    """Write a document as JSON below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def as_document(report: Report) -> dict[str, Any]:
    """The form of `build/bench.json`."""
    document = asdict(report)
    document["cases"] = document.pop("rows")
    return document

"""``make simulate``: a deadline with 100,000 students, simulated, and a small one for real to hold it against.

First a class sends at this machine's own workers, ever faster until its deadline; the simulation is given what every
judging took and has to come to the same waits.  With these times it then says how many workers a large night takes.
Writes build/simulate.json.  The exit status is 1 when the simulation and the small run differ too much.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

from tests.bench.measuring import quantile
from tests.bench.report import machine, write
from tests.simulate import small_run
from tests.simulate.cluster import Cluster, Night, fewest_workers, simulate
from tests.simulate.scenario import Costs, Deadline, sent_by

ROOT = Path(__file__).parents[2]
HALF, TWICE = 0.5, 2.0
"""What the simulation may be of the real run, as a ratio of 95th percentiles."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="make simulate ARGS=", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=100_000)
    parser.add_argument("--courses", type=int, default=400)
    parser.add_argument("--sends", type=float, default=4.0, help="runs and submissions of one student (default: 4)")
    parser.add_argument("--hours", type=float, default=24.0, help="from the first to the deadline (default: 24)")
    parser.add_argument("--loops", type=float, default=0.01, help="the share of endless loops (default: 0.01)")
    parser.add_argument("--last", type=float, default=1.0, help="hours of it that are simulated (default: the last 1)")
    parser.add_argument("--within", type=float, default=5.0, help="seconds the 95th percentile may take (default: 5)")
    parser.add_argument("--database-ms", type=float, default=8.0, help="of one connection, a submission (default: 8)")
    parser.add_argument("--database-processors", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2, help="of the small run (default: 2)")
    parser.add_argument("--class", type=int, default=300, dest="size", help="of the small run (default: 300)")
    parser.add_argument("--seconds", type=float, default=90.0, help="the small run takes (default: 90)")
    parser.add_argument("--build", type=Path, default=ROOT / "build", help="the folder to write to (default: build)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="simulate-") as folder:
        small = small_run.run(options.workers, options.size, options.seconds, Path(folder))
    waits = [each.waited for each in small.judged]
    real = {"p50": round(quantile(waits, 0.5), 3), "p95": round(quantile(waits, 0.95), 3), "most": round(max(waits), 3)}
    again = simulate(small.sent(), small.costs(), Cluster(small.workers, database_processors=1))
    costs = _large(small.costs(), options.loops, options.database_ms / 1000)
    deadline = Deadline(options.students, options.courses, options.hours, options.sends)
    sent = sent_by(deadline, costs, seed=0, last_seconds=3600 * options.last)
    parts = {"database_processors": options.database_processors}
    least = fewest_workers(sent, costs, options.within, **parts)
    around = [
        simulate(sent, costs, Cluster(max(1, round(least.cluster.workers * part)), **parts)) for part in (0.8, 0.9, 1.5)
    ]
    ratio = again.p95 / real["p95"]
    write(
        options.build,
        "simulate.json",
        {
            "small_run": {"workers": small.workers, "judged": len(waits), **real},
            "small_run_simulated": asdict(again),
            "p95_simulated_over_real": round(ratio, 2),
            "seconds_of_a_worker": round(costs.mean, 4),
            "students": options.students, "courses": options.courses, "sent": len(sent),
            "per_second_at_the_end": round(deadline.peak, 1),
            "least": asdict(least), "around": [asdict(each) for each in around], "machine": machine(),
        },
    )  # fmt: skip
    print(f"small run: {len(waits)} submissions, {small.workers} workers: p50 {real['p50']} s, p95 {real['p95']} s")
    print(f"simulated: p50 {again.p50} s, p95 {again.p95} s ({ratio:.2f} times the real p95)")
    print(
        f"{options.students:,} students, {len(sent):,} submissions in the last {options.last:g} h, "
        f"{deadline.peak:.0f} a second at the end, {1000 * costs.mean:.0f} ms of a worker each"
    )
    for night in sorted([*around, least], key=lambda each: each.cluster.workers):
        print(_line(night, marked=night is least))
    if not HALF <= ratio <= TWICE:
        print("the simulation is not what happened", file=sys.stderr)
        return 1
    return 0


def _large(costs: Costs, loops: float, database_seconds: float) -> Costs:
    """What was measured, with another share of endless loops, and what the database has to do."""
    ends = [work for work in costs.works if not work.first_seconds]
    endless = [work for work in costs.works if work.first_seconds]
    rest = sum(work.share for work in ends)
    works = [replace(work, share=work.share / rest * (1 - loops * bool(endless))) for work in ends]
    works += [replace(work, share=loops / len(endless)) for work in endless]
    return Costs(tuple(works), database_seconds)


def _line(night: Night, *, marked: bool) -> str:
    return (
        f"{'→' if marked else ' '} {night.cluster.workers:5d} workers: p50 {night.p50:7.2f} s  p95 {night.p95:7.2f} s  "
        f"p99 {night.p99:7.2f} s  without loops p95 {night.p95_of_first_tries:7.2f} s  busy {100 * night.busy:3.0f} %"
    )


if __name__ == "__main__":
    raise SystemExit(main())

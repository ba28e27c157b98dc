"""``make load``: a class of 300 in the last minutes of an assignment, sent at the real server on SQLite.

Each signs in, reads, types (drafts), runs and submits with a person's pauses, and clicks once more just before the end.
What is sent is known: right and wrong programs, short answers, programs that cannot be read, endless loops.
Afterwards:

- no answer above 399, no request without an answer, nothing in the server's log;
- every request that was accepted has one verdict, equal to the one a grader gives that has nothing else to do;
- its student has seen that verdict, and the mark says the same.

Prints median and 95th percentile of each action, waits in the queue and verdicts a second; writes build/load.json.
The exit status is 1 when a check fails.

With ``--growth 10000`` it asks something else: do processes, or the statements of a submission, grow with what was sent
before, and what does a submission weigh in the database?  See `tests/load/growth.py`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.measuring import quantile
from tests.bench.report import machine, write
from tests.bench_web import furnishing, known
from tests.bench_web.known import Known
from tests.bench_web.serving import serving
from tests.load import checking, growth
from tests.load.plan import Answer, Outcome, Plan
from webapp.models import Database
from webapp.settings import Settings

ROOT = Path(__file__).parents[2]
PEAK_SECONDS = 10
LAST_SECONDS = 120
"""For what is still in the queue when the last student has left."""


@dataclass(frozen=True, slots=True)
class Times:
    """One action: seconds."""

    action: str
    count: int
    p50: float
    p95: float
    most: float


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="make load ARGS=", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=2.0, help="how long they work (default: 2; in earnest: 10)")
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2, help="grading processes (default: 2)")
    parser.add_argument("--haste", type=float, default=1.0, help="how much faster than people they think and type")
    parser.add_argument("--only", help="items, with commas; the others are left alone")
    parser.add_argument("--growth", type=int, metavar="N", help="instead: N submissions, what they weigh (growth.py)")
    parser.add_argument("--postgresql", action="store_true", help="with --growth: on a PostgreSQL of its own")
    parser.add_argument("--build", type=Path, default=ROOT / "build", help="the folder to write to (default: build)")
    options = parser.parse_args(arguments)
    if options.growth:
        return growth.run(
            options.growth, workers=options.workers, build=options.build, on_postgresql=options.postgresql
        )
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        data = Path(folder) / "data"
        school = furnishing.furnish(data, options.students)
        sent = _answers(tuple(options.only.split(",")) if options.only else tuple(school.items))
        seconds = options.minutes * 60
        plan = Plan(
            students=school.students,
            password=furnishing.PASSWORD,
            course=school.course,
            seconds=seconds,
            arriving_seconds=min(120.0, seconds / 2),
            haste=options.haste,
            answers=tuple(Answer(school.items[one.item], one.item, one.kind, one.label, one.content) for one in sent),
        )
        with serving(data, workers=options.workers) as running:
            outcome = _taught(plan, running.address, Path(folder))
            database = Database(Settings(data=data).database)
            furnishing.wait_for(data, list(checking.stored(database)), LAST_SECONDS)
            waited, judged, moments = checking.waits(database)
            rows = checking.stored(database)
            database.close()
        wrong = checking.complaints(plan, outcome, sent, rows, running)
        if wrong:
            options.build.mkdir(parents=True, exist_ok=True)
            shutil.copy(running.log, options.build / "load.log")
    times = [_times(action, found) for action, found in sorted(outcome.seconds.items())]
    times += [_times("queue: until a worker takes it", waited), _times("queue: from there to the verdict", judged)]
    peak = max((sum(at <= each < at + PEAK_SECONDS for each in moments) for at in moments), default=0) / PEAK_SECONDS
    rate = len(moments) / max(moments, default=1.0)
    document = {
        "students": options.students, "minutes": options.minutes, "workers": options.workers, "haste": options.haste,
        "accepted": len(outcome.accepted), "judged": len(moments), "per_second": round(rate, 2),
        "per_second_at_the_peak": round(peak, 2), "times": [asdict(each) for each in times], "wrong": wrong,
        "machine": machine(),
    }  # fmt: skip
    write(options.build, "load.json", document)
    print(_table(times))
    print(
        f"{options.students} students, {options.minutes:g} minutes: {len(outcome.accepted)} accepted, {len(moments)} "
        f"judged, {rate:.1f} verdicts a second, {peak:.1f} at the peak; load {os.getloadavg()[0]:.1f} at the end"
    )
    for each in wrong[:20]:
        print(f"WRONG {each}")
    print(f"{len(wrong)} checks failed" if wrong else "nothing lost, every verdict right, no failure")
    return 1 if wrong else 0


def _answers(items: tuple[str, ...]) -> list[Known]:
    """Right and wrong, words and code; a few that cannot be read, and very few that never end."""
    code = [each for each in known.code(2) if each.item in items]
    found = [*code, *(each for each in known.words(4) if each.item in items)]
    coding = sorted({each.item for each in code})
    for item in coding:
        found.append(known.broken(item)[0])
    if len(coding) > 1:
        found.append(known.broken(coding[0])[1])
    return found


def _taught(plan: Plan, address: str, folder: Path) -> Outcome:
    """Let the class work; what it saw."""
    plan.write(folder / "plan.json")
    environment = {
        **os.environ, "LOAD_PLAN": str(folder / "plan.json"), "LOAD_OUTCOME": str(folder / "outcome.json"),
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    count = str(len(plan.students))
    command = [
        sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("students.py")), "--headless",
        "--host", address, "-u", count, "-r", count, "--run-time", f"{int(plan.seconds) + 150}s",
        "--stop-timeout", "10", "--only-summary", "--loglevel", "ERROR",
    ]  # fmt: skip
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if not (folder / "outcome.json").exists():
        raise RuntimeError(f"locust ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}")
    return Outcome.read(folder / "outcome.json")


def _times(action: str, found: list[float]) -> Times:
    if not found:
        return Times(action, 0, 0.0, 0.0, 0.0)
    return Times(
        action, len(found), round(statistics.median(found), 4), round(quantile(found, 0.95), 4), round(max(found), 4)
    )


def _table(times: list[Times]) -> str:
    lines = [f"{'seconds':36}{'count':>8}{'p50':>9}{'p95':>9}{'most':>9}"]
    lines += [f"{row.action:36}{row.count:8}{row.p50:9.3f}{row.p95:9.3f}{row.most:9.3f}" for row in times]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

"""``make chaos``: submissions are sent while everything that judges them is killed, stopped and started again.

`--parts embedded` is one machine with `workshop serve`; `--parts cluster` is web, workers, PostgreSQL and RabbitMQ, all
real.  Afterwards every submission that was accepted has exactly one verdict, equal to that of a quiet grader, and the
longest delay is told.  Writes build/chaos-PARTS.json.  The exit status is 1 when one is lost, doubled or different.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from tests.bench.report import machine, write
from tests.bench_web import furnishing, known
from tests.bench_web.known import Known
from tests.chaos.cluster import DATABASE, Cluster, running_cluster, running_services
from tests.chaos.embedded import Embedded, running_embedded
from tests.chaos.harms import Chaos
from tests.chaos.outcome import left, outcome_of
from tests.chaos.students import Student
from webapp.models import Database

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "WORKSHOP_PROVE": "no",
    "WORKSHOP_SUBMISSIONS_PER_MINUTE": "100000",
    "WORKSHOP_WAITING_JOBS": "100000",
    "WORKSHOP_LEASE_SECONDS": "4",
    "WORKSHOP_TRIES": "50",
}
"""Nobody is slowed down; a lease is short; and who is killed with its submission in hand is not that one's fault."""
AFTERWARDS = 300.0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="make chaos ARGS=", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", choices=["embedded", "cluster"], default="embedded")
    parser.add_argument("--submissions", type=int, default=2000)
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=240.0, help="the sending is spread over (default: 240)")
    parser.add_argument("--every", type=float, default=3.0, help="seconds between two harms (default: 3)")
    parser.add_argument("--loops", type=int, default=3, help="how many of them never end (default: 3)")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--build", type=Path, default=ROOT / "build", help="the folder to write to (default: build)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder, _running(Path(folder), options) as (running, school):
        chaos = Chaos(running.harms(), options.every, options.seed)
        students = _students(running.address, school, options)
        began = time.monotonic()
        for each in students:
            each.start()
        chaos.start()
        for each in students:
            each.join()
        chaos.end()
        sent = time.monotonic() - began
        running.wait()
        database = Database(running.database)
        while (waiting := left(database)) and time.monotonic() - began - sent < AFTERWARDS:
            time.sleep(0.5)
        outcome = outcome_of(database, [one for each in students for one in each.accepted])
        database.close()
        log = running.log()
    wrong = [*(fault for each in students for fault in each.faults), *chaos.failures, *outcome.wrong]
    document = {
        "parts": options.parts, "submissions": options.submissions, "workers": options.workers,
        "seconds": round(sent, 1), "harms": dict(chaos.done), "left": waiting, **asdict(outcome), "wrong": wrong,
        "machine": machine(),
    }  # fmt: skip
    write(options.build, f"chaos-{options.parts}.json", document)
    if wrong:
        (options.build / f"chaos-{options.parts}.log").write_text(log, encoding="utf-8")
    happened = ", ".join(f"{count} × {harm}" for harm, count in chaos.done.items())
    print(f"{outcome.accepted} accepted in {sent:.0f} s; {happened}")
    print(
        f"{outcome.tried_again} were judged again; from the click to the verdict: median {outcome.median_seconds:g} s, "
        f"longest {outcome.longest_seconds:g} s"
    )
    for each in wrong[:20]:
        print(f"WRONG {each}")
    print(f"{len(wrong)} checks failed" if wrong else "nothing lost or doubled, every verdict that of a quiet run")
    return 1 if wrong or outcome.accepted != options.submissions else 0


@contextmanager
def _running(folder: Path, options: argparse.Namespace) -> Iterator[tuple[Embedded | Cluster, furnishing.School]]:
    data = folder / "data"
    if options.parts == "embedded":
        school = furnishing.furnish(data, options.students)
        furnishing.unlimited(data)
        with running_embedded(data, options.workers, SETTINGS) as running:
            yield running, school
        return
    with running_services() as (postgresql, rabbitmq):
        address = postgresql.url(DATABASE)
        school = furnishing.furnish(data, options.students, address)
        furnishing.unlimited(data, address)
        with running_cluster(data, options.workers, SETTINGS, postgresql, rabbitmq) as running:
            yield running, school


def _students(address: str, school: furnishing.School, options: argparse.Namespace) -> list[Student]:
    """Everybody with a share of the submissions, at a pace that takes about as long as was asked for."""
    draw = random.Random(options.seed)
    answers = _answers()
    # Endless loops are judged for ten seconds, in which much can happen.
    loops = {options.submissions * (2 * number + 1) // (2 * options.loops) for number in range(options.loops)}
    sends: list[list[tuple[int, Known]]] = [[] for _ in school.students]
    for number in range(options.submissions):
        answer = LOOP if number in loops else draw.choice(answers)
        sends[number % len(sends)].append((school.items[answer.item], answer))
    pause = options.seconds * len(sends) / max(1, options.submissions)
    until = time.monotonic() + options.seconds + AFTERWARDS
    return [
        Student(address, email, furnishing.PASSWORD, own, pause, until)
        for email, own in zip(school.students, sends, strict=True)
    ]


def _answers() -> list[Known]:
    """Right and wrong programs, one that cannot be read, words."""
    code = known.code(4)
    return [*code, *code, known.broken(code[0].item)[0], *known.words(2)]


LOOP = known.broken("scaled-dot-product-attention")[1]


if __name__ == "__main__":
    raise SystemExit(main())

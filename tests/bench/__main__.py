"""``make bench``: this grader beside other ways of grading, in one run, on the same submissions and the same cores.

compare (the default) measures, taking turns:
  grader-host               the product: jail on this machine, proxy, hidden tests, diagnosis; warm
  grader-container          the same with its candidates in the sandbox container
  container-per-submission  `docker run` and pytest for each submission, as most platforms do
  cold-pytest               pytest started anew for each submission, without any isolation
  otter                     Otter-Grader's `otter run` for each submission (--with-otter)
  floor                     a bare fork of a warm process and the suite in it, without any isolation of the tests
and writes build/bench.json and build/bench.svg.
burst sends 200 submissions at once, half of them endless loops, to real workers and writes build/burst.json.
same grades submissions 1,000 times while other processes keep every core busy: is the verdict always the same?
thousand grades 1,000 different submissions through `workshop grade`, and a sample in a container for each.
queue sends submissions through 1, 2 and 4 workers, on SQLite and on PostgreSQL with RabbitMQ, beside `workshop grade`.
growth grades 10,000 submissions: does one get dearer, or a process larger?
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

BUILD = Path(__file__).parents[2] / "build"
MODES = ("compare", "burst", "same", "thousand", "queue", "growth")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="make bench ARGS=", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("mode", nargs="?", choices=MODES, default="compare")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 2, help="submissions at once (default: the cores)"
    )
    parser.add_argument(
        "--count", type=int, help="compare: rounds (5); burst, thousand, queue: submissions; same, growth: how often"
    )
    parser.add_argument("--quick", action="store_true", help="a few submissions only: does it run at all?")
    parser.add_argument(
        "--with-otter", action="store_true", help="install Otter-Grader below build/ and compare with it"
    )
    parser.add_argument("--only", help="compare: names, with commas, of the contenders to compare")
    parser.add_argument("--without-rule", action="store_true", help="burst: take submissions in turn, as they came")
    parser.add_argument("--build", type=Path, default=BUILD, help="the folder to write to (default: build)")
    options = parser.parse_args(arguments)
    # Each mode brings its own imports, torch among them; --help needs none.
    if options.mode == "compare":
        from tests.bench import comparing

        return comparing.run(
            jobs=options.jobs,
            rounds=options.count or (1 if options.quick else 5),
            quick=options.quick,
            with_otter=options.with_otter,
            only=tuple(options.only.split(",")) if options.only else (),
            build=options.build,
        )
    if options.mode == "burst":
        from tests.bench import burst

        return burst.run(
            count=options.count or (12 if options.quick else 200),
            workers=options.jobs,
            build=options.build,
            rule=not options.without_rule,
        )
    if options.mode == "same":
        from tests.bench import same

        return same.run(times=options.count or (5 if options.quick else 1000), jobs=options.jobs)
    if options.mode == "thousand":
        from tests.bench import thousand

        return thousand.run(
            count=options.count or (20 if options.quick else 1000),
            jobs=options.jobs,
            build=options.build,
            containers=not options.quick,
        )
    if options.mode == "queue":
        from tests.bench import queue

        return queue.run(
            count=options.count or (20 if options.quick else 400),
            build=options.build,
            workers=(1,) if options.quick else queue.WORKERS,
        )
    from tests.bench import growth

    return growth.run(count=options.count or (100 if options.quick else 10_000), jobs=options.jobs, build=options.build)


if __name__ == "__main__":
    sys.exit(main())

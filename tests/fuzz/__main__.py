"""Fuzz what is said between processes: `make fuzz ARGS="--minutes 5"`.

Prints the seed of every round; `--seed N --rounds 1 --only TARGET` does the same round again.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from random import SystemRandom

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.targets import TARGETS


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=1.0, help="begin no round after so long (default 1)")
    parser.add_argument("--rounds", type=int, default=10**9, help="end after so many rounds")
    parser.add_argument("--seed", type=int, default=None, help="seed of the first round (default: drawn)")
    parser.add_argument("--only", choices=list(TARGETS), action="append", help="these targets only")
    parser.add_argument("--examples", type=int, default=300, help="examples of a target in a round (default 300)")
    given_ = parser.parse_args()
    first = given_.seed if given_.seed is not None else SystemRandom().randrange(2**31)
    names = given_.only or list(TARGETS)
    end = time.monotonic() + 60 * given_.minutes
    examples: Counter[str] = Counter()
    failures = rounds = 0
    while rounds < given_.rounds and (time.monotonic() < end or not rounds):
        number = first + rounds
        rounds += 1
        for name in names:
            if time.monotonic() > end + 30:
                break
            failures += not _survives(name, number, given_.examples, examples)
        print(f"round {rounds}, seed {number}: {sum(examples.values())} examples, {failures} failures", flush=True)
        if failures:
            break
    print(", ".join(f"{name} {count}" for name, count in examples.items()))
    return 1 if failures else 0


def _survives(name: str, number: int, most: int, examples: Counter[str]) -> bool:
    target, strategy = TARGETS[name]

    @seed(number)
    @settings(
        max_examples=most, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink), print_blob=False,
    )  # fmt: skip
    @given(strategy)
    def run(example: object) -> None:
        examples[name] += 1
        target(example)

    try:
        run()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        traceback.print_exc()
        print(f"\nfound: {name}; again with: make fuzz ARGS='--seed {number} --rounds 1 --only {name}'", flush=True)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
